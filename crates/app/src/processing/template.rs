//! The words with which a draft of a result begins: those of the procedure, with the dossier's data
//! in their places.

use crate::words::date;

use super::DossierPage;

/// Places that a text may have.
const PLACES: [&str; 5] = ["so_ho_so", "nguoi_nop", "chu_ho_so", "thu_tuc", "ngay_nhan"];

/// The first place in braces that no dossier fills; none where all are known.
pub(crate) fn unknown_place(text: &str) -> Option<&str> {
    let named = text
        .split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'));
    named
        .map(|(name, _)| name)
        .find(|name| !PLACES.contains(name))
}

/// The words with which the draft of this dossier's result begins; empty where the procedure has none.
pub fn draft_text(page: &DossierPage) -> String {
    let Some(record) = page.dossier.record() else {
        return String::new();
    };
    let code = record.code.as_ref().map(ToString::to_string);
    let received = record.received_at.unwrap_or(record.submitted_at);
    let values = [
        code.unwrap_or_default(),
        page.applicant.name.clone(),
        page.owner.name.clone(),
        page.procedure.name.clone(),
        date(received.date()),
    ];
    let mut text = page.procedure.result_text.clone();
    for (name, value) in PLACES.iter().zip(values) {
        text = text.replace(&format!("{{{name}}}"), &value);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::unknown_place;

    #[test]
    fn a_place_that_no_dossier_has_is_named() {
        assert_eq!(unknown_place("Hồ sơ {so_ho_so} của {nguoi_nop}"), None);
        assert_eq!(unknown_place("Chào {ten}"), Some("ten"));
    }
}

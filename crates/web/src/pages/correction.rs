//! Corrections of a result: the form that opens one, and how both dossiers and the public say it.

use app::no::Fault;
use app::processing::{DossierPage, Link, Order, Side};
use domain::dossier::CorrectionKind;

use crate::extract::Posted;
use crate::pages::dossier::form::{Part, choose, text};
use crate::pages::intake::field::Fields;
use crate::words::Words;

/// The dossier on the other side of a correction, as a line with an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct LinkLine {
    /// `Hồ sơ đính chính`, or `Đính chính kết quả của hồ sơ`.
    pub(crate) label: String,
    pub(crate) url: String,
    /// Its number.
    pub(crate) code: String,
    /// What is done to the result, and how far that is.
    pub(crate) state: String,
}

const KINDS: [CorrectionKind; 3] = [
    CorrectionKind::Amend,
    CorrectionKind::Replace,
    CorrectionKind::Withdraw,
];

/// The order that the form gives.
pub(crate) fn order(posted: &Posted) -> Result<Order, Vec<Fault>> {
    let typed = &posted.typed;
    let chosen = typed.get("correction");
    let kind = KINDS.into_iter().find(|kind| kind.as_str() == chosen);
    Ok(Order::OpenCorrection {
        kind: kind.ok_or_else(|| vec![Fault::new("correction", "fault.choice")])?,
        reason: typed.get("reason").to_owned(),
        apology: typed.get("apology").to_owned(),
    })
}

/// What the form asks.
pub(crate) fn parts(fields: &Fields<'_>) -> Vec<Part> {
    let offered = [
        ("amend", "correction.amend"),
        ("replace", "correction.replace"),
        ("withdraw", "correction.withdraw"),
    ];
    vec![
        Part::Note(fields.w.t("correction.note").to_owned()),
        choose(fields, ("correction", "correction.kind"), &offered),
        text(fields, ("reason", "correction.reason", "4")),
        text(fields, ("apology", "correction.apology", "4")),
    ]
}

/// The dossiers on the other side, the one whose result is corrected first.
pub(crate) fn lines(w: Words, page: &DossierPage) -> Vec<LinkLine> {
    page.links.iter().map(|link| line(w, link)).collect()
}

fn line(w: Words, link: &Link) -> LinkLine {
    let kind = w.of("correction", link.kind.as_str());
    let (label, state) = match link.side {
        Side::Original => ("correction.of", kind),
        Side::Open => ("correction.by", w.fill("correction.open", "kind", kind)),
        Side::Done { at } => {
            let (done, day) = (done(w, link.kind), w.date(at));
            ("correction.by", format!("{done} · {day}"))
        }
        Side::Dropped { at } => {
            let (ended, day) = (w.fill("correction.dropped", "kind", kind), w.date(at));
            ("correction.by", format!("{ended} · {day}"))
        }
    };
    LinkLine {
        label: w.t(label).to_owned(),
        url: format!("/ho-so/{}", link.dossier),
        code: link
            .code
            .as_ref()
            .map_or_else(|| link.dossier.to_string(), ToString::to_string),
        state,
    }
}

/// `Đã thu hồi`, as the result itself is marked; empty when it stands as issued.
pub(crate) fn mark(w: Words, page: &DossierPage) -> String {
    let mut done = page.links.iter().rev();
    let last = done.find(|link| matches!(link.side, Side::Done { .. }));
    last.map(|link| self::done(w, link.kind))
        .unwrap_or_default()
}

/// `Kết quả đã được sửa đổi`.
pub(crate) fn done(w: Words, kind: CorrectionKind) -> String {
    w.of("correction.done", kind.as_str())
}

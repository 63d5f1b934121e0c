//! How long results are valid, over a national record that does not say.

use domain::procedure::{Procedure, ResultKind};
use domain::text::fold;

/// A kind of result keeps how long it is valid: that of the curated kind of the same code or name, or
/// of the only one on both sides. The record has no such rule of its own.
pub(super) fn keep_validity(results: &mut [ResultKind], curated: &Procedure) -> bool {
    let (only, own) = (results.len() == 1, &curated.results);
    let mut kept = false;
    for result in results.iter_mut().filter(|one| one.validity.is_none()) {
        let same = |one: &&ResultKind| {
            let coded = result.code.is_some() && one.code == result.code;
            coded || fold(&one.name) == fold(&result.name)
        };
        let alone = || own.first().filter(|_| only && own.len() == 1);
        let from = own.iter().find(same).or_else(alone);
        result.validity = from.and_then(|from| from.validity.clone());
        kept |= result.validity.is_some();
    }
    kept
}

#[cfg(test)]
mod tests {
    use domain::procedure::ValidityRule;

    use super::super::keep;
    use super::*;
    use crate::catalogue::tests::{judged, sound};

    fn record() -> Procedure {
        let record = judged(&sound("2.000815"));
        record.outcome.procedure().unwrap().clone()
    }

    #[test]
    fn how_long_results_are_valid_is_kept_by_their_kind() {
        let rule = ValidityRule {
            months: Some(6),
            own_day: false,
            basis: "NĐ 123/2015/NĐ-CP Điều 23".to_owned(),
        };
        let mut own = record();
        own.results[0].validity = Some(rule.clone());
        let mut published = record();
        assert_eq!(keep(&mut published, &own), ["validity"]);
        assert_eq!(published.validity(), Some(&rule));
        let mut renamed = record();
        "Giấy khác".clone_into(&mut renamed.results[0].name);
        renamed.results[0].code = None;
        renamed.results.push(renamed.results[0].clone());
        assert_eq!(keep(&mut renamed, &own), [""; 0], "another kind of result");
    }
}

//! How long a result is valid: what its draft may say, and what is signed and issued (HL-01).

use domain::dossier::{Command, File, Outcome, Refusal};
use domain::procedure::{ResultKind, Term, Validity, ValidityRule};
use domain::rules::Rule;
use jiff::civil::{Date, date};

use super::commands::Given;
use super::rules::{allowed, refused};
use super::world::{Scene, draft, hash, text};

/// The office, where results are valid so long.
fn given(months: Option<u16>, own_day: bool) -> Given {
    let mut given = Given::default();
    given.world.procedure.results = vec![ResultKind {
        code: None,
        name: "Giấy xác nhận".to_owned(),
        validity: Some(ValidityRule {
            months,
            own_day,
            basis: "luật chuyên ngành".to_owned(),
        }),
    }];
    given
}

fn until(outcome: Outcome, day: Option<Date>) -> Command {
    Command::DraftResult {
        outcome,
        last_day: day,
        document: Some(File {
            hash: hash('d'),
            bytes: 20_480,
        }),
        uploaded: false,
        summary: Some(text("summary")),
        attachments: Vec::new(),
    }
}

fn granted(day: Date) -> Command {
    until(Outcome::Granted, Some(day))
}

/// The same dossier so much later.
fn on(scene: Scene<'_>, day: Date) -> Scene<'_> {
    Scene {
        now: day.at(8, 0, 0, 0),
        ..scene
    }
}

#[test]
fn hl_01_a_last_day_ahead_where_the_law_leaves_it_is_allowed() {
    let given = given(Some(12), true);
    for day in [date(2026, 11, 16), date(2027, 3, 1), date(2027, 11, 16)] {
        allowed(&given.at_step(2), &granted(day));
    }
    let drafted = given.at_step(2).does(&granted(date(2027, 3, 1)));
    let kept = drafted.step().draft.unwrap();
    assert_eq!(kept.validity, Some(Term::Until(date(2027, 3, 1))));
    let settled = drafted.does(&Command::Forward).by("leader").signs();
    let settled = on(settled.by("seal"), date(2026, 11, 18)).does(&Command::Issue);
    let issued = settled.dossier.issued().unwrap();
    assert_eq!(issued.validity, Some(Validity::Until(date(2027, 3, 1))));
}

#[test]
fn hl_01_months_count_from_the_day_of_issue_and_are_allowed() {
    let given = given(Some(6), false);
    let drafted = given.at_step(2).does(&draft(Outcome::Granted));
    let kept = drafted.step().draft.unwrap();
    assert_eq!(kept.validity, Some(Term::Months(6)));
    let signed = drafted.does(&Command::Forward).by("leader").signs();
    let settled = on(signed.by("seal"), date(2026, 11, 30)).does(&Command::Issue);
    let issued = settled.dossier.issued().unwrap();
    assert_eq!(issued.validity, Some(Validity::Until(date(2027, 5, 30))));
}

#[test]
fn hl_01_what_no_law_ends_says_so_or_nothing() {
    let drafted = |given: &Given, outcome| {
        let scene = given.at_step(2).does(&draft(outcome));
        scene.step().draft.unwrap().validity
    };
    let endless = given(None, false);
    assert_eq!(drafted(&endless, Outcome::Granted), Some(Term::Unlimited));
    assert_eq!(drafted(&endless, Outcome::Refused), None, "a refusal");
    assert_eq!(drafted(&Given::default(), Outcome::Granted), None);
}

#[test]
fn hl_01_a_last_day_that_is_past_too_late_or_not_to_be_named_is_refused() {
    let rule = Rule::ResultValidity;
    let own = given(Some(12), true);
    let no = refused(&own.at_step(2), &granted(date(2026, 11, 15)), rule);
    assert_eq!(no, Refusal::LastDayPast);
    let no = refused(&own.at_step(2), &granted(date(2027, 11, 17)), rule);
    let most = date(2027, 11, 16);
    assert_eq!(no, Refusal::LastDayBeyond { most });
    let day = date(2027, 1, 4);
    let fixed = given(Some(12), false);
    let no = refused(&fixed.at_step(2), &granted(day), rule);
    assert_eq!(no, Refusal::LastDayNotOwn);
    let silent = Given::default();
    let no = refused(&silent.at_step(2), &granted(day), rule);
    assert_eq!(no, Refusal::LastDayNotOwn, "the law says nothing");
    let refusal = until(Outcome::Refused, Some(day));
    let no = refused(&own.at_step(2), &refusal, rule);
    assert_eq!(no, Refusal::LastDayNotOwn, "a refusal has no term");
}

#[test]
fn hl_01_signing_and_issuing_what_is_over_already_is_refused() {
    let given = given(None, true);
    let last = date(2026, 11, 17);
    let drafted = given
        .at_step(2)
        .does(&granted(last))
        .does(&Command::Forward);
    let late = on(drafted.clone().by("leader"), date(2026, 11, 18));
    let no = refused(&late, &super::world::signing(), Rule::ResultValidity);
    assert_eq!(no, Refusal::LastDayPast);
    let signed = on(drafted.by("leader"), last).signs().by("seal");
    allowed(&signed, &Command::Issue);
    let no = refused(
        &on(signed, date(2026, 11, 18)),
        &Command::Issue,
        Rule::ResultValidity,
    );
    assert_eq!(no, Refusal::LastDayPast);
}

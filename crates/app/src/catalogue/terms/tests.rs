use domain::deadline::{Limit, PauseMode};
use domain::procedure::{Channel, RefundRule};
use jiff::civil::date;
use serde_json::json;

use super::*;
use crate::App;
use crate::catalogue::{curated, import, national, starter};
use crate::people::testing::office;

/// Terms of every kind for the registration of a household business.
fn entry() -> Value {
    json!({
        "procedure": "1.001612",
        "decision": "1200/QĐ-UBND",
        "decided": "2026-11-10",
        "valid_from": "2026-12-01",
        "terms": {
            "supplement": {
                "mode": "exclude",
                "within": "2wd",
                "answer": "15d",
                "basis": "NĐ 168/2025/NĐ-CP",
                "stages": [{ "step": 2, "mode": "restart", "answer": "30d" }]
            },
            "consultation": { "limit": "2wd", "silence_is_consent": true },
            "refunds": [{ "channel": "online", "line": 1, "rule": "always" }],
            "lanes": [{ "code": "gio", "name": "Luồng giờ", "limit": { "as": "own", "limit": "8h" } }],
            "validity": [{ "months": 60, "own_day": true }],
            "result_text": "Xác nhận hồ sơ {so_ho_so} của {nguoi_nop}."
        }
    })
}

fn with(change: fn(&mut Value)) -> Value {
    let mut changed = entry();
    change(&mut changed);
    changed
}

async fn published(app: &App, entries: Vec<Value>) -> Vec<Version> {
    let now = app.clock().now();
    let judged = judge(app.store(), entries, now.date()).await.unwrap();
    assert!(judged.refused.is_empty(), "{:?}", judged.refused);
    publish(app.store(), judged.sound, now, "operator")
        .await
        .unwrap()
}

async fn on(app: &App, code: &str, day: Date) -> Procedure {
    let code = ProcedureCode::parse(code).unwrap();
    let found = app.store().procedure_in_force(&code, day).await.unwrap();
    found.unwrap()
}

#[tokio::test]
async fn terms_hold_from_their_first_day_under_the_decision_that_set_them() {
    let app = office().await;
    let new = published(&app, vec![entry()]).await;
    assert_eq!(new.len(), 1);
    let before = on(&app, "1.001612", date(2026, 11, 30)).await;
    assert_eq!(before.supplement.mode, PauseMode::Restart);
    assert_eq!(before.own_terms, None);
    let after = on(&app, "1.001612", date(2026, 12, 1)).await;
    assert_eq!(after.version, before.version + 1);
    let supplement = &after.supplement;
    assert_eq!(supplement.basis, "NĐ 168/2025/NĐ-CP");
    let draft = supplement.at(Some(1));
    assert_eq!(draft.mode, PauseMode::Restart);
    assert_eq!(draft.answer, Some(Limit::Days(30)));
    assert_eq!(supplement.at(Some(2)).mode, PauseMode::Exclude);
    assert_eq!(supplement.stages[0].basis, "1200/QĐ-UBND ngày 10/11/2026");
    let validity = after.validity().unwrap();
    assert_eq!((validity.months, validity.own_day), (Some(60), true));
    assert_eq!(validity.basis, "1200/QĐ-UBND ngày 10/11/2026");
    assert_eq!(before.validity(), None);
    assert!(after.consultation.unwrap().silence_is_consent);
    assert_eq!(after.lanes[0].code, "gio");
    assert!(after.result_text.contains("{nguoi_nop}") && !after.without_paper);
    let refund = |channel| {
        let offers = after.offers.iter();
        let mut offers = offers.filter(|offer| offer.channel == channel);
        offers.next().unwrap().fees[0].refund
    };
    assert_eq!(refund(Channel::Online), RefundRule::Always);
    assert_eq!(refund(Channel::Direct), RefundRule::Never, "as it was");
    let own = after.own_terms.unwrap();
    assert_eq!(own.decision, "1200/QĐ-UBND");
    assert_eq!(
        (own.decided, own.first_day),
        (date(2026, 11, 10), date(2026, 12, 1))
    );
}

#[tokio::test]
async fn the_same_terms_twice_are_one_version_and_what_is_left_out_stays() {
    let app = office().await;
    assert_eq!(published(&app, vec![entry()]).await.len(), 1);
    assert_eq!(published(&app, vec![entry()]).await.len(), 0);
    let later = json!({
        "procedure": "1.001612", "decision": "1300/QĐ-UBND", "decided": "2026-11-20",
        "valid_from": "2026-12-15", "terms": { "lanes": [] },
    });
    assert_eq!(published(&app, vec![later]).await.len(), 1);
    let now = on(&app, "1.001612", date(2026, 12, 15)).await;
    assert!(now.lanes.is_empty());
    assert_eq!(now.supplement.mode, PauseMode::Exclude);
    assert_eq!(now.own_terms.unwrap().decision, "1300/QĐ-UBND");
}

#[tokio::test]
async fn terms_whose_day_is_past_hold_from_today() {
    let app = office().await;
    let today = app.clock().now().date();
    let old = with(|e| {
        e["decided"] = json!("2025-07-01");
        e["valid_from"] = json!("2025-08-01");
    });
    published(&app, vec![old]).await;
    let yesterday = on(&app, "1.001612", today.yesterday().unwrap()).await;
    assert_eq!(yesterday.supplement.mode, PauseMode::Restart);
    let now = on(&app, "1.001612", today).await;
    assert_eq!(now.supplement.mode, PauseMode::Exclude);
    assert_eq!(now.own_terms.unwrap().first_day, date(2025, 8, 1));
}

#[tokio::test]
async fn terms_that_do_not_fit_are_refused_one_by_one() {
    let app = office().await;
    let file = vec![
        entry(),
        entry(),
        with(|e| e["procedure"] = json!("1.999999")),
        with(|e| e["decision"] = json!(" ")),
        with(|e| e["decided"] = json!("2026-12-02")),
        with(|e| e["terms"] = json!({})),
        with(|e| e["terms"]["supplement"]["withn"] = json!("3wd")),
        with(|e| {
            e["procedure"] = json!("2.000720");
            e["terms"]["supplement"]["stages"][0]["step"] = json!(9);
        }),
        with(|e| {
            e["procedure"] = json!("1.001570");
            e["terms"]["supplement"]["stages"] = json!([{ "step": 2 }, { "step": 2 }]);
        }),
        with(|e| {
            e["procedure"] = json!("2.000575");
            e["terms"]["consultation"] = json!({ "silence_is_consent": true });
        }),
        with(|e| {
            e["procedure"] = json!("1.014034");
            e["terms"]["refunds"][0]["line"] = json!(7);
        }),
        with(|e| {
            e["procedure"] = json!("1.014035");
            e["terms"]["lanes"][0]["limit"]["limit"] = json!("90d");
        }),
        with(|e| {
            e["procedure"] = json!("1.001266");
            e["terms"]["lanes"] = json!([e["terms"]["lanes"][0], e["terms"]["lanes"][0]]);
        }),
    ];
    let today = app.clock().now().date();
    let judged = judge(app.store(), file, today).await.unwrap();
    assert_eq!(judged.sound.len(), 1);
    let said = judged
        .refused
        .iter()
        .map(|r| format!("{} {}: {}", r.place, r.procedure, r.why));
    let said: Vec<String> = said.collect();
    for (line, words) in said.iter().zip([
        "2 1.001612: the file names this procedure twice",
        "3 1.999999: no such procedure is in force on 2026-12-01",
        "4 1.001612: it names no decision",
        "5 1.001612: the decision is of 2026-12-02, after its first day",
        "6 1.001612: it sets no terms",
        "7 1.001612: it cannot be read: unknown field `withn`",
        "8 2.000720: the process has no step 9",
        "9 1.001570: step 2 has terms twice",
        "10 2.000575: silence is consent only after a limit",
        "11 1.014034: no charge is the one of refund 1",
        "12 1.014035: lane `gio` is not shorter than the legal limit",
        "13 1.001266: lane `gio` stands twice",
    ]) {
        assert!(line.starts_with(words), "{line}");
    }
    assert_eq!(said.len(), 12);
}

#[tokio::test]
async fn results_are_valid_for_some_time_and_of_a_kind_that_there_is() {
    let app = office().await;
    let file = vec![
        with(|e| e["terms"] = json!({ "validity": [{ "months": 6 }, { "result": 2 }] })),
        with(|e| {
            e["procedure"] = json!("2.000720");
            e["terms"] = json!({ "validity": [{ "months": 0 }] });
        }),
    ];
    let today = app.clock().now().date();
    let judged = judge(app.store(), file, today).await.unwrap();
    assert!(judged.sound.is_empty());
    let said = judged.refused.iter().map(|one| one.why.to_string());
    let said: Vec<String> = said.collect();
    assert_eq!(
        said,
        [
            "validity 2 is of a kind of result that the procedure has not",
            "validity 1 lasts no month"
        ]
    );
}

#[tokio::test]
async fn terms_do_not_go_before_a_version_that_is_published_already() {
    let app = office().await;
    published(&app, vec![entry()]).await;
    let earlier = with(|e| {
        e["decided"] = json!("2026-11-01");
        e["valid_from"] = json!("2026-11-25");
    });
    let today = app.clock().now().date();
    let judged = judge(app.store(), vec![earlier], today).await.unwrap();
    assert!(judged.sound.is_empty());
    assert!(matches!(judged.refused[0].why, NotSet::Overtaken(2)));
}

/// What came from the national catalogue alone is the province's as well from then on, so that the
/// next import keeps the terms.
#[tokio::test]
async fn terms_over_a_national_record_are_not_lost_to_the_next_import() {
    let app = office().await;
    let code = |p: &&Procedure| p.code.as_str() == "1.001612";
    let mut record = starter::procedures().iter().find(code).unwrap().clone();
    SOURCE.clone_into(&mut record.source);
    (record.lanes, record.valid_from) = (Vec::new(), app.clock().now().date());
    let now = app.clock().now();
    let done = super::super::publish::publish(app.store(), vec![record.clone()], now, "operator");
    assert_eq!(done.await.unwrap().procedures.changed.len(), 1);
    published(&app, vec![entry()]).await;
    let own = on(&app, "1.001612", date(2026, 12, 1)).await;
    assert_ne!(own.source, SOURCE);
    let today = app.clock().now().date();
    let to_come = app.store().procedures_to_come_not_from(SOURCE, today).await;
    let is_own = |one: &Procedure| one.version == own.version && one.code == own.code;
    assert!(to_come.unwrap().iter().any(is_own));
    let mut next = record;
    curated::keep(&mut next, &own);
    assert_eq!(
        (&next.supplement, &next.lanes),
        (&own.supplement, &own.lanes)
    );
    assert_eq!((next.own_terms, next.source), (own.own_terms, own.source));
}

/// The national record changes between the publication of terms and their first day: what it says
/// holds at once, the terms from their day on, and the same file changes nothing the second time.
#[tokio::test]
async fn an_import_does_not_hasten_terms_of_a_later_day() {
    let app = office().await;
    let today = app.clock().now().date();
    let code = |p: &&Procedure| p.code.as_str() == "1.001612";
    let mut said = starter::procedures().iter().find(code).unwrap().clone();
    SOURCE.clone_into(&mut said.source);
    "Tên mới".clone_into(&mut said.name);
    (said.lanes, said.own_terms) = (Vec::new(), None);
    let (before, _) = (
        on(&app, "1.001612", today).await,
        published(&app, vec![entry()]).await,
    );
    let imported = async |said: &Procedure| {
        let records = vec![national::Record {
            line: 1,
            code: said.code.to_string(),
            outcome: national::Outcome::Accepted(Box::new(said.clone())),
        }];
        let store = app.store();
        let in_force = store.procedures_not_from(SOURCE, today).await.unwrap();
        let to_come = store.procedures_to_come_not_from(SOURCE, today).await;
        let curated = import::Curated::of(in_force, to_come.unwrap());
        let existing = store.procedure_hashes().await.unwrap();
        let plan = import::plan(records, &existing, &curated, today);
        let new = plan.publish.into_iter().map(|new| new.procedure).collect();
        let now = app.clock().now();
        let done = super::super::publish::publish(store, new, now, "operator").await;
        (
            plan.report.changed,
            plan.unchanged,
            done.unwrap().procedures.changed,
        )
    };
    let (changed, unchanged, versions) = imported(&said).await;
    let versions: Vec<u32> = versions.iter().map(|one| one.version).collect();
    assert_eq!(
        (changed, unchanged, versions),
        (1, 0, vec![before.version + 2, before.version + 3])
    );
    for day in [today, date(2026, 11, 30)] {
        let until = on(&app, "1.001612", day).await;
        assert_eq!(
            (until.name.as_str(), until.version),
            ("Tên mới", before.version + 2)
        );
        assert_eq!(
            (until.lanes, until.own_terms),
            (before.lanes.clone(), None),
            "{day}"
        );
        assert_eq!(until.supplement, before.supplement, "{day}");
    }
    let after = on(&app, "1.001612", date(2026, 12, 1)).await;
    assert_eq!(
        (after.name.as_str(), after.lanes[0].code.as_str()),
        ("Tên mới", "gio")
    );
    assert_eq!(after.own_terms.unwrap().first_day, date(2026, 12, 1));
    let (changed, unchanged, versions) = imported(&said).await;
    assert_eq!((changed, unchanged, versions.len()), (0, 1, 0));
}

#[test]
fn the_shipped_terms_name_where_they_stand_and_are_all_used() {
    let all = starter::procedures();
    for code in SHIPPED_TERMS.keys() {
        let shipped = all.iter().find(|one| one.code == *code).unwrap();
        let lanes = shipped.lanes.iter().map(|lane| &lane.basis);
        let consulted = shipped.consultation.iter().map(|own| &own.basis);
        let fees = shipped.offers.iter().flat_map(|offer| &offer.fees);
        let fees = fees.filter(|fee| !fee.refund.is_usual());
        let valid = shipped.results.iter();
        let valid = valid.filter_map(|kind| kind.validity.as_ref());
        let bases: Vec<&String> = lanes
            .chain(consulted)
            .chain(valid.map(|rule| &rule.basis))
            .chain(fees.map(|fee| &fee.refund_basis))
            .collect();
        assert!(!bases.is_empty(), "{code}");
        assert!(bases.iter().all(|basis| !basis.is_empty()), "{code}");
    }
}

/// The prose of a charge and the rule that the program follows say the same.
#[test]
fn what_the_prose_says_of_refunds_is_the_rule() {
    let mut never = 0;
    for procedure in starter::procedures() {
        for fee in procedure.offers.iter().flat_map(|offer| &offer.fees) {
            let said = fee.note.contains("không hoàn");
            assert_eq!(said, fee.refund == RefundRule::Never, "{}", procedure.code);
            never += u32::from(said);
        }
    }
    assert_eq!(never, 21, "seven procedures by three channels");
}

#[tokio::test]
async fn a_procedure_may_end_without_a_paper_and_a_text_asks_for_what_dossiers_have() {
    let app = office().await;
    let without = with(|e| e["terms"] = json!({ "without_paper": true }));
    published(&app, vec![without]).await;
    assert!(on(&app, "1.001612", date(2026, 12, 1)).await.without_paper);
    let wrong = with(|e| e["terms"] = json!({ "result_text": "Chào {ten}" }));
    let today = app.clock().now().date();
    let judged = judge(app.store(), vec![wrong], today).await.unwrap();
    let why = judged.refused.first().unwrap().why.to_string();
    assert_eq!(why, "the text of results has no place `{ten}`");
}

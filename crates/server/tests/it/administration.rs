//! What an operator decides for a province: hours, and internal processes.

use app::catalogue::{processes, starter};
use app::clock::{Clock as _, SystemClock};
use app::intake::Ending;
use domain::dossier::Dossier;
use domain::ids::DossierId;
use domain::process::Process;
use jiff::ToSpan as _;
use serde_json::{Value, json};

use crate::program::Installation;
use crate::support::{Engine, file_copies, on_both_engines};

on_both_engines!(
    hours_are_set_for_days_to_come_alone,
    a_running_dossier_keeps_its_process,
);

async fn hours_are_set_for_days_to_come_alone(engine: Engine) {
    let at = Installation::new(engine);
    at.run(&["migrate"]).succeeds();
    let nothing = at.run(&["settings"]);
    assert!(nothing.succeeds().out().starts_with("Nothing was set"));
    let today = SystemClock.now().date();
    let (past, soon) = (today.to_string(), (today + 2.days()).to_string());
    let decision = ["--basis", "QĐ 12/2026/QĐ-UBND"];
    let set = |what: &[&str], from: &str| {
        let from = ["--from", from];
        at.run(&[&["set"], what, &from, &decision].concat())
    };
    let hours = ["hours", "07:30-11:30,13:00-17:00"];
    set(&hours, &past).fails_with("after today");
    set(&["hours", "11:30-07:00"], &soon).fails_with("close after it opens");
    let cutoff = |time: &'static str| ["parameter", "same_day.cutoff", time];
    set(&cutoff("18:00"), &soon).fails_with("is not within");
    set(&cutoff("noon"), &soon).fails_with("is no value of");
    set(&["parameter", "tea.time", "15:00"], &soon).fails_with("no parameter is called");
    set(&hours, &soon).succeeds();
    set(&cutoff("16:00"), &soon).succeeds();
    let listed = at.run(&["settings"]);
    let listed = listed.succeeds().out();
    let line = format!("{soon}  office.hours  \"07:30-11:30,13:00-17:00\"  QĐ 12/2026/QĐ-UBND\n");
    assert!(listed.contains(&line), "{listed}");
    let audited = at.run(&["audit", "office.hours"]);
    assert!(audited.succeeds().out().contains("setting.saved"));
    let book = at.run(&["rules"]);
    let book = book.succeeds().out();
    let line = format!("same_day.cutoff  16:00  from {soon}  by the day of reception");
    assert!(book.contains(&line), "{book}");
    assert!(book.contains("\nBS-01"), "{book}");
    assert!(
        book.contains("governs: draft_supplement, ask_supplement"),
        "{book}"
    );
    // Files are read too, by their keys.
    at.run(&["check"]).fails_with("motcua new-key");
    let key = at.file("motcua.key");
    at.run(&["new-key", key.to_str().unwrap()]).succeeds();
    at.run(&["check"]).succeeds();
}

/// The default process of 2.000815, its examination a quarter of an hour shorter.
fn approved() -> Value {
    let copies = starter::procedures().iter();
    let copies = copies.clone().find(|p| p.code.as_str() == "2.000815");
    let Process { mut steps, .. } = processes::default_process(copies.unwrap());
    steps[1].minutes -= 15;
    json!({
        "procedure": "2.000815",
        "decision": "QĐ 3120/QĐ-UBND",
        "valid_from": "2026-01-01",
        "steps": steps,
    })
}

async fn a_running_dossier_keeps_its_process(engine: Engine) {
    let at = Installation::begun(engine);
    let app = at.app().await;
    let before = file_copies(&app, Ending::Receive).await;
    let file = at.file("processes.json");
    let mut long = approved();
    long["procedure"] = json!("2.000884");
    long["steps"][1]["minutes"] = json!(90_000);
    std::fs::write(&file, json!([approved(), long]).to_string()).unwrap();
    let import = ["import", "processes", file.to_str().unwrap()];
    let dry = at.run(&[&import[..], &["--dry-run"]].concat());
    dry.fails_with("");
    assert!(
        dry.out()
            .contains("1 processes may be published, 1 were refused")
    );
    let version = async |id: &DossierId| {
        let loaded = app.store().load(id).await.unwrap();
        process_version(&loaded.dossier)
    };
    let second = file_copies(&app, Ending::Receive).await;
    assert_eq!((version(&before).await, version(&second).await), (1, 1));

    let ran = at.run(&import);
    ran.fails_with("");
    let said = ran.out();
    assert!(
        said.contains("Refused: entry 2 2.000884: the steps take"),
        "{said}"
    );
    assert!(said.contains("Published: 2.000815, version 2."), "{said}");
    let after = file_copies(&app, Ending::Receive).await;
    assert_eq!((version(&before).await, version(&after).await), (1, 2));
    let code = domain::ids::ProcedureCode::parse("2.000815").unwrap();
    let minutes = async |version| app.process(&code, version).await.unwrap().steps[1].minutes;
    assert_eq!(minutes(1).await, minutes(2).await + 15);

    std::fs::write(&file, json!([approved()]).to_string()).unwrap();
    let again = at.run(&import);
    assert!(
        again
            .succeeds()
            .out()
            .starts_with("0 processes were published, 1 were unchanged")
    );
    app.store().close().await;
    at.run(&["check"]).succeeds();
    std::fs::write(&file, "{}").unwrap();
    at.run(&import).fails_with("was not imported");
}

fn process_version(dossier: &Dossier) -> u32 {
    dossier.record().unwrap().filed.process_version
}

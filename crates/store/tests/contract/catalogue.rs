//! Publishing, versions in force, folded search, processes.

use std::time::{Duration, Instant};

use domain::ids::ProcedureCode;
use domain::office::Role;
use domain::procedure::{Component, Level, Procedure};
use domain::process::{Place, Process, Product, Step};
use jiff::civil::date;
use store::{ImportRun, NewProcedure, ProcedureSearch, Published, Store, Version};

use crate::samples::{at, audit, code, procedure, today};

fn record(procedure: Procedure, hash: &str) -> NewProcedure {
    NewProcedure {
        procedure,
        content_hash: hash.to_owned(),
    }
}

async fn publish(store: &Store, records: Vec<NewProcedure>) -> Published {
    store
        .publish_procedures(records, at(0), audit("catalogue.published"))
        .await
        .unwrap()
}

async fn found(store: &Store, words: &str, level: Option<Level>) -> Vec<String> {
    let search = ProcedureSearch {
        words,
        level,
        on: today(),
        limit: 10,
    };
    let lines = store.search_procedures(&search).await.unwrap();
    lines
        .into_iter()
        .map(|line| line.version.procedure.to_string())
        .collect()
}

pub(crate) async fn publishing_twice_changes_nothing(store: &Store) {
    let records = || {
        vec![
            record(procedure("1.000001", "A"), "a"),
            record(procedure("1.000002", "B"), "b"),
        ]
    };
    let first = publish(store, records()).await;
    assert_eq!(
        (first.added.len(), first.changed.len(), first.unchanged),
        (2, 0, 0)
    );
    let before = store.procedure_hashes().await.unwrap();
    let second = publish(store, records()).await;
    assert!(second.is_nothing());
    assert_eq!(second.unchanged, 2);
    assert_eq!(store.procedure_hashes().await.unwrap(), before);
    assert_eq!(store.catalogue_counts(today()).await.unwrap().versions, 2);
    assert_eq!(before.get(&code("1.000002")), Some(&(1, "b".to_owned())));
    let lines = store.audited("register").await.unwrap();
    assert_eq!(lines.len(), 1, "what changed nothing leaves no line");
}

pub(crate) async fn a_changed_record_is_a_new_version_and_ends_the_one_before(store: &Store) {
    publish(store, vec![record(procedure("1.000001", "Cũ"), "old")]).await;
    let mut newer = procedure("1.000001", "Mới");
    newer.valid_from = date(2026, 12, 1);
    let done = publish(store, vec![record(newer.clone(), "new")]).await;
    assert_eq!(
        done.changed,
        [Version {
            procedure: code("1.000001"),
            version: 2
        }]
    );

    let old = store
        .procedure(&code("1.000001"), 1)
        .await
        .unwrap()
        .unwrap();
    assert_eq!((old.version, old.valid_to), (1, Some(date(2026, 11, 30))));
    newer.version = 2;
    assert_eq!(
        store.procedure(&code("1.000001"), 2).await.unwrap(),
        Some(newer)
    );
    assert_eq!(store.procedure(&code("1.000001"), 3).await.unwrap(), None);

    for (day, name) in [
        (date(2025, 12, 31), None),
        (date(2026, 1, 1), Some("Cũ")),
        (date(2026, 11, 30), Some("Cũ")),
        (date(2026, 12, 1), Some("Mới")),
    ] {
        let in_force = store
            .procedure_in_force(&code("1.000001"), day)
            .await
            .unwrap();
        assert_eq!(in_force.as_ref().map(|p| p.name.as_str()), name, "{day}");
    }
}

pub(crate) async fn versions_of_another_source_are_found(store: &Store) {
    let of = |number: &str, source: &str| {
        let mut procedure = procedure(number, "A");
        source.clone_into(&mut procedure.source);
        record(procedure, source)
    };
    publish(store, vec![of("1.000001", "own"), of("1.000002", "own")]).await;
    publish(
        store,
        vec![of("1.000002", "national"), of("1.000003", "national")],
    )
    .await;
    let today = date(2026, 1, 1);
    let found = store.procedures_not_from("national", today).await.unwrap();
    assert_eq!(versions(&found), [("1.000001", 1)]);
}

fn versions(found: &[Procedure]) -> Vec<(&str, u32)> {
    found.iter().map(|p| (p.code.as_str(), p.version)).collect()
}

/// A version to come that a newer one overtakes never holds, and ends nothing on its own day: from
/// the newer one's first day on there is one version in force on every day.
pub(crate) async fn a_version_before_one_to_come_is_the_only_one_until_then(store: &Store) {
    let of = |name: &str, from| {
        let mut procedure = procedure("1.000001", name);
        procedure.valid_from = from;
        "own".clone_into(&mut procedure.source);
        record(procedure, name)
    };
    let (today, december) = (date(2026, 11, 25), date(2026, 12, 1));
    publish(
        store,
        vec![of("Một", date(2026, 1, 1)), of("Hai", december)],
    )
    .await;
    let to_come = store.procedures_to_come_not_from("national", today).await;
    assert_eq!(versions(&to_come.unwrap()), [("1.000001", 2)]);
    publish(store, vec![of("Ba", today), of("Bốn", december)]).await;
    let to_come = store.procedures_to_come_not_from("national", today).await;
    assert_eq!(versions(&to_come.unwrap()), [("1.000001", 4)]);
    let day_before = date(2026, 11, 24);
    for (day, version) in [(day_before, 1), (today, 3), (december, 4)] {
        let found = store.procedures_not_from("national", day).await.unwrap();
        assert_eq!(versions(&found), [("1.000001", version)], "{day}");
        let search = ProcedureSearch {
            words: "",
            level: None,
            on: day,
            limit: 9,
        };
        let lines = store.search_procedures(&search).await.unwrap();
        let lines: Vec<u32> = lines.iter().map(|line| line.version.version).collect();
        assert_eq!(lines, [version], "{day}");
    }
}

pub(crate) async fn a_version_replaced_on_its_first_day_is_never_in_force(store: &Store) {
    publish(store, vec![record(procedure("1.000001", "Sai"), "x")]).await;
    publish(store, vec![record(procedure("1.000001", "Đúng"), "y")]).await;
    let in_force = store
        .procedure_in_force(&code("1.000001"), date(2026, 1, 1))
        .await
        .unwrap();
    assert_eq!(in_force.map(|p| p.name), Some("Đúng".to_owned()));
    assert_eq!(found(store, "sai", None).await, Vec::<String>::new());
    assert_eq!(found(store, "", None).await, ["1.000001"]);
}

pub(crate) async fn a_code_given_twice_in_one_file_is_compared_with_itself(store: &Store) {
    let twice = vec![
        record(procedure("1.000001", "A"), "a"),
        record(procedure("1.000001", "A"), "a"),
        record(procedure("1.000001", "B"), "b"),
    ];
    let done = publish(store, twice).await;
    assert_eq!(
        (done.added.len(), done.changed.len(), done.unchanged),
        (1, 1, 1)
    );
    let in_force = store
        .procedure_in_force(&code("1.000001"), today())
        .await
        .unwrap()
        .unwrap();
    assert_eq!((in_force.version, in_force.name.as_str()), (2, "B"));
}

pub(crate) async fn search_folds_marks_and_wants_every_word(store: &Store) {
    let mut province = procedure("2.000815", "Chứng thực bản sao từ bản chính ở Thanh Hóa");
    province.levels = vec![Level::Province];
    let mut both = procedure("1.012753", "Đăng ký đất đai lần đầu");
    both.levels = vec![Level::Province, Level::Commune];
    let names = [
        province,
        both,
        procedure("1.001193", "Đăng ký khai sinh"),
        procedure(
            "1.000689",
            "Thủ tục đăng ký khai sinh kết hợp nhận cha, mẹ, con",
        ),
    ];
    let records = names
        .into_iter()
        .map(|p| record(p.clone(), p.code.as_str()))
        .collect();
    publish(store, records).await;

    for words in ["thanh hòa", "thanh hoà", "THANH HOÁ", "Thanh ho\u{300}a"] {
        assert_eq!(found(store, words, None).await, ["2.000815"], "{words}");
    }
    for words in ["đất đai", "dat dai", "ĐẤT", "dai dat"] {
        assert_eq!(found(store, words, None).await, ["1.012753"], "{words}");
    }
    // What begins with the words comes first, whatever the alphabet says.
    assert_eq!(
        found(store, "đăng ký khai sinh", None).await,
        ["1.001193", "1.000689"]
    );
    assert_eq!(found(store, "2.000815", None).await, ["2.000815"]);
    assert_eq!(found(store, "0815", None).await, ["2.000815"]);
    assert_eq!(found(store, "khai bay", None).await, Vec::<String>::new());
    assert_eq!(found(store, "100% _", None).await, Vec::<String>::new());
    assert_eq!(
        found(store, "%", None).await.len(),
        4,
        "a mark of punctuation asks for nothing"
    );
    assert_eq!(
        found(store, "hai sinh", None).await,
        Vec::<String>::new(),
        "words begin so"
    );
    let long = "thủ tục đăng ký khai sinh kết hợp nhận cha, mẹ, con";
    assert_eq!(found(store, long, None).await, ["1.000689"]);
    let province = found(store, "", Some(Level::Province)).await;
    assert_eq!(province, ["2.000815", "1.012753"]);
    assert_eq!(found(store, "dang ky", Some(Level::Commune)).await.len(), 3);
}

pub(crate) async fn a_list_line_says_what_the_procedure_says(store: &Store) {
    publish(
        store,
        vec![record(procedure("1.001193", "Đăng ký khai sinh"), "a")],
    )
    .await;
    let search = ProcedureSearch {
        words: "sinh",
        level: None,
        on: today(),
        limit: 1,
    };
    let lines = store.search_procedures(&search).await.unwrap();
    let line = lines.first().unwrap();
    assert_eq!(
        (line.name.as_str(), line.field.as_str()),
        ("Đăng ký khai sinh", "Hộ tịch")
    );
    assert_eq!((line.commune, line.province), (true, false));
    let channels: Vec<&str> = line
        .channels
        .iter()
        .map(|channel| channel.as_str())
        .collect();
    assert_eq!(channels, ["direct", "post"]);
}

pub(crate) async fn a_national_catalogue_is_published_within_the_budget_of_an_import(
    store: &Store,
) {
    let component = |number| Component {
        number,
        code: None,
        name: "Bản sao có chứng thực giấy tờ chứng minh quyền sử dụng đất".to_owned(),
        mandatory: true,
        originals: 0,
        copies: 1,
        held_by: None,
        replaced_by: None,
    };
    let records: Vec<NewProcedure> = (0..2_642)
        .map(|number| {
            let mut one = procedure(&format!("1.{number:06}"), &format!("Thủ tục số {number}"));
            one.cases[0].components = (1..=25).map(component).collect();
            record(one, &number.to_string())
        })
        .collect();
    let begun = Instant::now();
    let first = publish(store, records.clone()).await;
    let took = begun.elapsed();
    assert_eq!(first.added.len(), 2_642);
    assert!(took < Duration::from_secs(10), "publishing took {took:?}");
    assert!(publish(store, records.clone()).await.is_nothing());

    let changed = records.into_iter().map(|mut one| {
        one.content_hash.push('x');
        one.procedure.valid_from = date(2026, 6, 1);
        one
    });
    assert_eq!(publish(store, changed.collect()).await.changed.len(), 2_642);
    let counts = store.catalogue_counts(today()).await.unwrap();
    assert_eq!(
        (counts.procedures, counts.versions, counts.in_force),
        (2_642, 5_284, 2_642)
    );
}

fn process(code_text: &str, decision: &str) -> Process {
    let step = |name: &str, role, product| Step {
        name: name.to_owned(),
        name_en: name.to_owned(),
        role,
        place: Place::Centre,
        minutes: 60,
        product,
    };
    Process {
        procedure: code(code_text),
        version: 0,
        valid_from: date(2026, 1, 1),
        decision: decision.to_owned(),
        steps: vec![
            step("Tiếp nhận", Role::ReceptionClerk, Product::Reception),
            step("Thẩm định", Role::CaseOfficer, Product::Draft),
            step("Ký", Role::Leader, Product::Result),
            step("Trả kết quả", Role::ReceptionClerk, Product::Return),
        ],
    }
}

pub(crate) async fn processes_have_versions_of_their_own(store: &Store) {
    publish(
        store,
        vec![
            record(procedure("1.000001", "A"), "a"),
            record(procedure("1.000002", "B"), "b"),
        ],
    )
    .await;
    assert_eq!(
        store
            .procedures_without_process(today())
            .await
            .unwrap()
            .len(),
        2
    );
    let publish = async |processes| {
        store
            .publish_processes(processes, at(0), audit("process.published"))
            .await
            .unwrap()
    };
    let first = publish(vec![process("1.000001", "QĐ 1")]).await;
    assert_eq!(
        first,
        [Version {
            procedure: code("1.000001"),
            version: 1
        }]
    );
    assert!(publish(vec![process("1.000001", "QĐ 1")]).await.is_empty());
    let mut later = process("1.000001", "QĐ 2");
    later.valid_from = date(2026, 12, 1);
    assert_eq!(publish(vec![later.clone()]).await.len(), 1);

    later.version = 2;
    assert_eq!(
        store.process(&code("1.000001"), 2).await.unwrap(),
        Some(later)
    );
    assert_eq!(store.process(&code("1.000002"), 1).await.unwrap(), None);
    name_the_versions_in_force(store).await;
    let decision = async |day| {
        let process = store
            .process_in_force(&code("1.000001"), day)
            .await
            .unwrap();
        process.map(|p| p.decision)
    };
    assert_eq!(decision(date(2025, 12, 31)).await, None);
    assert_eq!(decision(today()).await, Some("QĐ 1".to_owned()));
    assert_eq!(decision(date(2026, 12, 1)).await, Some("QĐ 2".to_owned()));
    assert_eq!(
        store.procedures_without_process(today()).await.unwrap(),
        [code("1.000002")]
    );
    let counts = store.catalogue_counts(today()).await.unwrap();
    assert_eq!((counts.in_force, counts.with_process), (2, 1));
}

async fn name_the_versions_in_force(store: &Store) {
    let versions = async |code: &str, day| {
        let code = ProcedureCode::parse(code).unwrap();
        store.versions_in_force(&code, day).await.unwrap()
    };
    assert_eq!(versions("1.000001", today()).await, Some((1, 1)));
    assert_eq!(versions("1.000001", date(2026, 12, 1)).await, Some((1, 2)));
    assert_eq!(versions("1.000002", today()).await, None);
    assert_eq!(versions("1.000009", today()).await, None);
}

pub(crate) async fn imports_are_remembered_newest_first(store: &Store) {
    for (minute, id) in [(0, "one"), (2, "three"), (1, "two")] {
        let run = ImportRun {
            id: id.to_owned(),
            at: at(minute),
            file_hash: "f".repeat(64),
            report: serde_json::json!({ "accepted": minute }),
        };
        store.save_import(run).await.unwrap();
    }
    let runs = store.imports(2).await.unwrap();
    let ids: Vec<&str> = runs.iter().map(|run| run.id.as_str()).collect();
    assert_eq!(ids, ["three", "two"]);
    assert_eq!(runs[0].report, serde_json::json!({ "accepted": 2 }));
    assert_eq!(runs[0].at, at(2));
}

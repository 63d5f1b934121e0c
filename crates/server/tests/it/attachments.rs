//! Attachments of a result in files of their own: sealed with it, or nothing of it is made.

use app::jobs::work_off;
use app::ports::FileKeeping as _;
use app::processing::{Attached, AttachedRow, Order};
use app::verification::{Archive, Ask, PaperKind, Sameness, address, check_results, compare};
use domain::dossier::{Attachment, Event, Outcome};
use domain::ids::DossierId;
use domain::office::Role;
use gateways::verify::{Conclusion, Coverage, Overall, Profile, Trust};
use jiff::ToSpan as _;
use server::demonstration::PIN;
use simulators::control::Fault;

use crate::http::scans::pdf as plain_pdf;
use crate::proof::archive;
use crate::signing::{give, issue, judged, leader, pdfsig, staff, to_approve};
use crate::support::{Engine, Office, on_both_engines, pdf_lines};

on_both_engines!(
    attachments_are_sealed_with_their_result_and_every_check_knows_them,
    a_crash_between_attachments_leaves_nothing_half_made,
    proof_of_attachments_follows_when_an_authority_was_silent,
);

/// A dossier with two attachments that waits for its leader.
async fn with_two(office: &Office) -> DossierId {
    let id = to_approve(office).await;
    let reason = "Thiếu phụ lục".to_owned();
    let back = Order::SendBack { reason };
    give(office, &leader(office), &id, back).await.unwrap();
    let officer = staff(office, "chuyenvien-hacthanh", Role::CaseOfficer);
    let row = |number, title: &str| AttachedRow {
        number,
        title: title.to_owned(),
        content: plain_pdf(number),
        ..AttachedRow::default()
    };
    let draft = Order::DraftResult {
        last_day: None,
        outcome: Outcome::Granted,
        summary: "Đồng ý chứng thực bản sao từ bản chính.".to_owned(),
        document: Vec::new(),
        attached: Attached {
            same_document: false,
            rows: vec![row(1, "Bản vẽ vị trí"), row(2, "Danh sách hộ dân")],
        },
    };
    give(office, &officer, &id, draft).await.unwrap();
    give(office, &officer, &id, Order::Forward).await.unwrap();
    id
}

async fn signed(office: &Office) -> DossierId {
    let id = with_two(office).await;
    office.sign(&leader(office), &id, PIN).await.unwrap();
    issue(office, &id).await;
    id
}

async fn attachments(office: &Office, id: &DossierId) -> Vec<Attachment> {
    let loaded = office.app.store().load(id).await.unwrap();
    loaded.dossier.issued().unwrap().attachments.clone()
}

/// The sealed files.
async fn sealed(office: &Office, id: &DossierId) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    for one in attachments(office, id).await {
        let hash = one.official.expect("it is sealed").hash;
        files.push(office.app.files().get(&hash).await.unwrap());
    }
    files
}

async fn made(office: &Office, id: &DossierId) -> usize {
    let loaded = office.app.store().load(id).await.unwrap();
    let made = |one: &&store::Recorded| matches!(one.event, Event::ResultMade { .. });
    loaded.events.iter().filter(made).count()
}

fn trust(office: &Office) -> Trust {
    let root = std::fs::read_to_string(office.signers().join("root.pem"));
    Trust::parse(&root.unwrap()).unwrap()
}

async fn attachments_are_sealed_with_their_result_and_every_check_knows_them(engine: Engine) {
    let (office, _authorities) = Office::with_authorities(engine).await;
    let id = signed(&office).await;
    office.settle_outbox().await;
    let files = sealed(&office, &id).await;
    for (nth, file) in files.iter().enumerate() {
        assert!(
            file.starts_with(&plain_pdf(nth + 1)),
            "nothing is rewritten"
        );
        let verdict = judged(&office, file);
        let valid = Overall::Signed(Conclusion::Valid);
        assert_eq!(verdict.overall, valid, "{verdict:#?}");
        let [agency] = &verdict.signatures[..] else {
            panic!("{verdict:#?}")
        };
        assert_eq!(agency.profile, Profile::BaselineLt);
        assert_eq!(agency.coverage, Coverage::WholeRevision);
        let said = pdfsig(file);
        assert_eq!(said.matches("Signature is Valid.").count(), 1, "{said}");
        let lines = pdf_lines(file);
        assert!(lines.contains("Kèm theo Văn bản số 01/KQ-"), "{lines}");
    }
    let loaded = office.app.store().load(&id).await.unwrap();
    let official = loaded.dossier.issued().unwrap().official.clone().unwrap();
    let letter = office.app.files().get(&official.hash).await.unwrap();
    let letter = pdf_lines(&letter);
    assert!(letter.contains("Phụ lục 2. Danh sách hộ dân"), "{letter}");
    let at = office.app.clock().now();
    let all = archive(&office, trust(&office));
    let report = check_results(&all, at, Ask::Nobody).await.unwrap();
    assert!(report.is_clean(), "{report:#?}");
    let counts = [
        report.sound,
        report.stamped,
        report.proved,
        report.attachments,
    ];
    assert_eq!(counts, [1, 1, 1, 2]);
    let address = address(&office.app, &id, PaperKind::Result);
    let token = address.rsplit('/').next().unwrap();
    let found = compare(&office.app, token, files[1].clone()).await.unwrap();
    let found = found.unwrap();
    assert_eq!(
        (found.same, found.attachment),
        (Sameness::Attachment, Some(2))
    );
    let mut changed = files[1].clone();
    changed.extend_from_slice(b"\n% a word more");
    let found = compare(&office.app, token, changed).await.unwrap().unwrap();
    assert_eq!((found.same, found.attachment), (Sameness::Changed, Some(2)));
    office.check().await;
    one_that_is_missing_is_found(&office, &id, &all).await;
}

async fn one_that_is_missing_is_found(office: &Office, id: &DossierId, all: &Archive) {
    let at = office.app.clock().now();
    let missing = attachments(office, id).await.remove(0).official.unwrap();
    let object = office.file_store().object(&missing.hash);
    let place = office.file_folder().join(&object[..2]).join(&object[2..4]);
    std::fs::remove_file(place.join(object)).unwrap();
    let report = check_results(all, at, Ask::Nobody).await.unwrap();
    assert_eq!(
        report.bad.len(),
        1,
        "an attachment that is missing is found"
    );
}

async fn a_crash_between_attachments_leaves_nothing_half_made(engine: Engine) {
    let office = Office::open(engine).await;
    let id = signed(&office).await;
    store::faults::arm("between_attachment_and_append");
    while work_off(&office.app).await.unwrap() > 0 {}
    let loaded = office.app.store().load(&id).await.unwrap();
    assert!(loaded.dossier.issued().unwrap().official.is_none());
    assert_eq!(made(&office, &id).await, 0);
    office.check().await;
    let later = office.app.clock().now().checked_add(10.minutes()).unwrap();
    office.clock.set(later);
    office.settle_outbox().await;
    assert_eq!(made(&office, &id).await, 1);
    assert_eq!(sealed(&office, &id).await.len(), 2);
    office.check().await;
}

async fn proof_of_attachments_follows_when_an_authority_was_silent(engine: Engine) {
    const MANY: usize = 40;
    let (office, authorities) = Office::with_authorities(engine).await;
    for _ in 0..MANY {
        authorities.responder.desk.plan("dead");
    }
    let id = signed(&office).await;
    while work_off(&office.app).await.unwrap() > 0 {}
    let profiles = async || {
        let files = sealed(&office, &id).await;
        let verdicts = files.iter().map(|file| judged(&office, file));
        let of = |verdict: gateways::verify::Verdict| verdict.signatures[0].profile;
        verdicts.map(of).collect::<Vec<_>>()
    };
    assert_eq!(profiles().await, [Profile::BaselineT; 2]);
    while authorities.responder.desk.has("/ocsp", Fault::Dead) {}
    for _ in 0..3 {
        let later = office.app.clock().now().checked_add(2.hours()).unwrap();
        office.clock.set(later);
        office.settle_outbox().await;
    }
    assert_eq!(profiles().await, [Profile::BaselineLt; 2]);
    assert_eq!(made(&office, &id).await, 2);
    office.check().await;
}

//! Results that carry the proof of their signatures, the authorities being asked; and what becomes of
//! them when an authority is silent or has revoked a certificate.

use std::sync::Arc;
use std::time::{Duration, Instant};

use app::access::Actor;
use app::certificates::{CertificatesOf, NewCertificate, every_certificate, register};
use app::held::{seal_anew, unsealed_count};
use app::no::No;
use app::ports::FileKeeping as _;
use app::processing::{Attached, Collector, Order};
use app::verification::{Archive, Ask, Bad, PaperKind, Sameness, address, check_results, compare};
use domain::certificate::{Certificate, EndReason, Ended, Holder, KeyAt};
use domain::dossier::{Event, Outcome};
use domain::ids::{DossierId, FileHash};
use domain::office::Role;
use gateways::PdfValidator;
use gateways::sign::Reach;
use gateways::verify::{Conclusion, Overall, Profile, Trust, Verdict};
use jiff::ToSpan as _;
use ring::digest::{SHA256, digest};
use server::demonstration::PIN;
use simulators::authority::Purpose;
use simulators::control::Fault;
use store::AuditLine;

use crate::authorities::{Authorities, at_opening, issue as certify};
use crate::signing::{give, issue, judged, leader, pdfsig, staff, to_approve};
use crate::support::{Engine, Office, on_both_engines};

on_both_engines!(
    an_issued_result_carries_the_proof_of_its_signatures,
    a_silent_authority_holds_nothing_up_and_the_proof_follows,
    what_is_revoked_is_not_sealed_with,
    what_is_revoked_while_the_result_is_made_stops_its_seal,
    whose_certificate_was_revoked_before_she_signed_is_not_sealed,
    every_result_of_the_province_is_signed_and_verifies,
);

/// A result that the leader signed, and the clerk of the seal issued.
async fn issued(office: &Office) -> DossierId {
    let id = to_approve(office).await;
    office.sign(&leader(office), &id, PIN).await.unwrap();
    issue(office, &id).await;
    id
}

/// Name and content of the official document.
async fn official(office: &Office, id: &DossierId) -> (FileHash, Vec<u8>) {
    let loaded = office.app.store().load(id).await.unwrap();
    let made = loaded.dossier.issued().unwrap().official.clone().unwrap();
    let content = office.app.files().get(&made.hash).await.unwrap();
    (made.hash, content)
}

fn profiles(verdict: &Verdict) -> Vec<Profile> {
    verdict.signatures.iter().map(|one| one.profile).collect()
}

async fn made(office: &Office, id: &DossierId) -> usize {
    let loaded = office.app.store().load(id).await.unwrap();
    let events = loaded.events.iter();
    let made = events.filter(|one| matches!(one.event, Event::ResultMade { .. }));
    made.count()
}

async fn an_issued_result_carries_the_proof_of_its_signatures(engine: Engine) {
    let (office, _authorities) = Office::with_authorities(engine).await;
    let id = issued(&office).await;
    office.settle_outbox().await;
    let (_, document) = official(&office, &id).await;
    let verdict = judged(&office, &document);
    // Nothing is left to ask: the document says itself that nobody was revoked.
    let valid = Overall::Signed(Conclusion::Valid);
    assert_eq!(verdict.overall, valid, "{verdict:#?}");
    assert_eq!(profiles(&verdict), [Profile::BaselineLt; 2]);
    assert!(verdict.signatures.iter().all(|one| one.proven.is_some()));
    let said = pdfsig(&document);
    assert_eq!(said.matches("Signature is Valid.").count(), 2, "{said}");
    assert_eq!(made(&office, &id).await, 1);
    office.check().await;
}

/// More than anything asks here.
const MANY: usize = 40;

async fn a_silent_authority_holds_nothing_up_and_the_proof_follows(engine: Engine) {
    let (office, authorities) = Office::with_authorities(engine).await;
    for _ in 0..MANY {
        authorities.responder.desk.plan("dead");
    }
    let id = issued(&office).await;
    while app::jobs::work_off(&office.app).await.unwrap() > 0 {}
    let (first, stamped) = official(&office, &id).await;
    let verdict = judged(&office, &stamped);
    assert_eq!(profiles(&verdict), [Profile::BaselineT; 2], "{verdict:#?}");
    // It is returned meanwhile: nobody waits for an authority.
    let clerk = staff(&office, "tiepnhan-hacthanh", Role::ReceptionClerk);
    let collector = Collector::Applicant;
    let back = give(
        &office,
        &clerk,
        &id,
        Order::Return {
            collector,
            told: crate::walk::handed_out(),
        },
    );
    back.await.unwrap();
    while authorities.responder.desk.has("/ocsp", Fault::Dead) {}
    let later = office.app.clock().now().checked_add(10.minutes()).unwrap();
    office.clock.set(later);
    office.settle_outbox().await;
    let (second, proved) = official(&office, &id).await;
    assert!(first != second && proved.starts_with(&stamped));
    let verdict = judged(&office, &proved);
    assert_eq!(verdict.overall, Overall::Signed(Conclusion::Valid));
    assert_eq!(profiles(&verdict), [Profile::BaselineLt; 2]);
    assert_eq!(made(&office, &id).await, 2);
    // Who has the earlier file has the same result: proofs were added to it, nothing else.
    let app = &office.app;
    let place = address(app, &id, PaperKind::Result);
    let token = place.rsplit('/').next().unwrap();
    for (document, sameness) in [(stamped, Sameness::Issued), (proved, Sameness::Issued)] {
        let compared = compare(app, token, document).await.unwrap().unwrap();
        assert_eq!(compared.same, sameness);
    }
    office.check().await;
}

/// The certificate of the ward's leader, or of its seal.
async fn certificate(office: &Office, of: &Holder) -> Certificate {
    let ward = office.ward();
    let all = every_certificate(&office.app, CertificatesOf::Unit(&ward)).await;
    let all = all.unwrap().into_iter();
    let mut held = all.map(|line| line.registered.row.certificate);
    held.find(|one| one.holder == *of && one.ended.is_none())
        .unwrap()
}

pub(crate) async fn revoke(office: &Office, authorities: &Authorities, of: &Holder) {
    let serial = certificate(office, of).await.serial;
    authorities.authority.revoke(&serial, at_opening());
}

fn keeper(office: &Office) -> Actor {
    staff(office, "vanthu-hacthanh", Role::SealClerk)
}

/// The key of the words with which the seal is refused.
async fn refused(office: &Office, id: &DossierId) -> &'static str {
    let events = office.written().await;
    let no = give(office, &keeper(office), id, Order::Issue).await;
    let Err(No::Invalid(faults)) = no else {
        panic!("{no:?}")
    };
    assert_eq!(faults[0].field, "certificate");
    assert_eq!(office.written().await, events, "no number was taken");
    faults[0].key
}

/// A new certificate of the ward's seal, in place of the one that was revoked.
async fn new_seal(office: &Office, authorities: &Authorities) {
    let old = certificate(office, &Holder::Agency).await.id;
    let now = office.app.clock().now();
    let ended = Ended {
        from: now,
        why: EndReason::Revoked,
    };
    let line = AuditLine {
        actor: "test".to_owned(),
        action: "certificate.ended".to_owned(),
        subject: old.to_string(),
        purpose: String::new(),
        detail: String::new(),
    };
    let done = office.app.store().end_certificate(&old, ended, (now, line));
    assert!(done.await.unwrap());
    let identity = certify(
        &authorities.authority,
        "Phường Hạc Thành",
        Purpose::Signature,
    );
    let own = identity.chain.first().unwrap();
    let name = hex::encode(digest(&SHA256, own));
    identity.save(&office.signers(), &name).unwrap();
    let key = office.signers().join(format!("{name}.p8"));
    std::fs::write(key, identity.key_der()).unwrap();
    let new = NewCertificate {
        unit: office.ward(),
        holder: Holder::Agency,
        key: KeyAt::Soft,
        file: std::fs::read(office.signers().join(format!("{name}.pem"))).unwrap(),
    };
    register(&office.app, "system", new).await.unwrap();
}

async fn what_is_revoked_is_not_sealed_with(engine: Engine) {
    let (office, authorities) = Office::with_authorities(engine).await;
    let id = to_approve(&office).await;
    office.sign(&leader(&office), &id, PIN).await.unwrap();
    revoke(&office, &authorities, &Holder::Agency).await;
    assert_eq!(refused(&office, &id).await, "certificate.no.revoked");
    new_seal(&office, &authorities).await;
    issue(&office, &id).await;
    office.settle_outbox().await;
    let (_, document) = official(&office, &id).await;
    let verdict = judged(&office, &document);
    assert_eq!(verdict.overall, Overall::Signed(Conclusion::Valid));
    office.check().await;
}

async fn what_is_revoked_while_the_result_is_made_stops_its_seal(engine: Engine) {
    let (office, authorities) = Office::with_authorities(engine).await;
    let id = issued(&office).await;
    revoke(&office, &authorities, &Holder::Agency).await;
    let files = office.files();
    while app::jobs::work_off(&office.app).await.unwrap() > 0 {}
    let loaded = office.app.store().load(&id).await.unwrap();
    assert_eq!(loaded.dossier.issued().unwrap().official, None);
    let [stuck] = &office.app.store().stuck().await.unwrap()[..] else {
        panic!("nobody is told")
    };
    let said = stuck.error.clone().unwrap_or_default();
    assert!(said.contains("revoked since 2026-11-23"), "{said}");
    assert!(office.files() <= files + 1, "only slips were made");
    // It stands on the list of what has no seal, and the words say what to do.
    let later = office.app.clock().now().checked_add(2.hours()).unwrap();
    office.clock.set(later);
    let counted = unsealed_count(&office.app, &keeper(&office)).await;
    assert_eq!(counted.unwrap(), 1);
    let no = seal_anew(&office.app, &keeper(&office), &id).await;
    let Err(No::Invalid(faults)) = no else {
        panic!("{no:?}")
    };
    assert_eq!(faults[0].key, "certificate.no.revoked");
    new_seal(&office, &authorities).await;
    seal_anew(&office.app, &keeper(&office), &id).await.unwrap();
    while app::jobs::work_off(&office.app).await.unwrap() > 0 {}
    let (_, document) = official(&office, &id).await;
    let verdict = judged(&office, &document);
    assert_eq!(verdict.overall, Overall::Signed(Conclusion::Valid));
}

async fn whose_certificate_was_revoked_before_she_signed_is_not_sealed(engine: Engine) {
    let (office, authorities) = Office::with_authorities(engine).await;
    let id = to_approve(&office).await;
    office.sign(&leader(&office), &id, PIN).await.unwrap();
    let own = Holder::Person {
        staff: leader(&office).staff,
        role: Role::Leader,
    };
    let serial = certificate(&office, &own).await.serial;
    // A day later: what she signed before is good.
    let tomorrow = at_opening() + Duration::from_hours(24);
    authorities.authority.revoke(&serial, tomorrow);
    issue(&office, &id).await;
    let (office, authorities) = Office::with_authorities(engine).await;
    let id = to_approve(&office).await;
    office.sign(&leader(&office), &id, PIN).await.unwrap();
    revoke(&office, &authorities, &own).await;
    assert_eq!(refused(&office, &id).await, "fault.signer_revoked");
    // And she signs no more.
    let other = to_approve(&office).await;
    let no = office.sign(&leader(&office), &other, PIN).await;
    let Err(No::Invalid(faults)) = no else {
        panic!("{no:?}")
    };
    assert_eq!(faults[0].key, "certificate.no.revoked");
    office.check().await;
}

pub(crate) fn archive(office: &Office, trust: Trust) -> Archive {
    Archive {
        store: office.app.store().clone(),
        files: Arc::new(office.file_store()),
        validator: Arc::new(PdfValidator::new(trust, Reach::Public)),
    }
}

/// What `motcua verify --all` does. `MOTCUA_PROVINCE_RESULTS` makes more of them and prints how long
/// each took.
#[expect(clippy::print_stdout, reason = "figures for whoever asks for many")]
async fn every_result_of_the_province_is_signed_and_verifies(engine: Engine) {
    let (office, _authorities) = Office::with_authorities(engine).await;
    let many = std::env::var("MOTCUA_PROVINCE_RESULTS").ok();
    let many: u64 = many.map_or(6, |many| many.parse().unwrap());
    let mut last = None;
    for nth in 0..many {
        last = Some(result(&office, nth).await);
    }
    office.settle_outbox().await;
    let root = std::fs::read_to_string(office.signers().join("root.pem")).unwrap();
    let all = archive(&office, Trust::parse(&root).unwrap());
    let at = office.app.clock().now();
    let began = Instant::now();
    let report = check_results(&all, at, Ask::Nobody).await.unwrap();
    println!(
        "{} results, {} sound, {} stamped, {} proved, {} bad; validated in {:.1} ms each",
        report.issued,
        report.sound,
        report.stamped,
        report.proved,
        report.bad.len(),
        began.elapsed().as_secs_f64() * 1_000.0 / f64::from(u32::try_from(many).unwrap()),
    );
    assert!(report.is_clean(), "{report:#?}");
    let counts = [report.issued, report.sound, report.stamped, report.proved];
    assert_eq!(counts, [many; 4]);
    // One that waits for its seal, one that is missing, and trust in nobody are found.
    let unsealed = issued(&office).await;
    let report = check_results(&all, at, Ask::Nobody).await.unwrap();
    assert_eq!(report.bad, [(unsealed.clone(), Bad::Unsealed)]);
    office.settle_outbox().await;
    let last = last.unwrap();
    let (hash, _) = official(&office, &last).await;
    let object = office.file_store().object(&hash);
    let place = office.file_folder().join(&object[..2]).join(&object[2..4]);
    std::fs::remove_file(place.join(object)).unwrap();
    let report = check_results(&all, at, Ask::Nobody).await.unwrap();
    assert_eq!(report.bad, [(last, Bad::Missing)]);
    let nobody = archive(&office, Trust::default());
    let report = check_results(&nobody, at, Ask::Nobody).await.unwrap();
    assert_eq!(report.bad.len() as u64, many + 1);
    assert!(!report.is_clean() && report.sound == 0);
}

/// One result: granted or refused.
async fn result(office: &Office, nth: u64) -> DossierId {
    if nth % 3 != 2 {
        return issued(office).await;
    }
    let id = to_approve_refusal(office).await;
    office.sign(&leader(office), &id, PIN).await.unwrap();
    issue(office, &id).await;
    id
}

async fn to_approve_refusal(office: &Office) -> DossierId {
    let id = to_approve(office).await;
    let reason = "Bản chính đã bị tẩy xóa.".to_owned();
    let back = Order::SendBack { reason };
    give(office, &leader(office), &id, back).await.unwrap();
    let officer = staff(office, "chuyenvien-hacthanh", Role::CaseOfficer);
    let draft = Order::DraftResult {
        last_day: None,
        outcome: Outcome::Refused,
        summary: "Từ chối chứng thực: bản chính đã bị tẩy xóa.".to_owned(),
        document: Vec::new(),
        attached: Attached::default(),
    };
    give(office, &officer, &id, draft).await.unwrap();
    give(office, &officer, &id, Order::Forward).await.unwrap();
    id
}

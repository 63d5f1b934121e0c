//! Results signed by the person and sealed by the agency, from the draft to the file that everybody
//! can validate; and what is left when a PIN, a certificate or the power fails.

use app::access::Actor;
use app::clock::VIET_NAM;
use app::intake::Ending;
use app::no::{Denied, No};
use app::processing::{Act, Attached, Order, act};
use app::signing::{Approval, Pin, approve, readable, unlock};
use domain::certificate::NotSigning;
use domain::dossier::{Event, Outcome};
use domain::ids::{DossierId, StaffId};
use domain::office::Role;
use gateways::verify::{
    Chain, Conclusion, Coverage, Evidence, Kind, Overall, Permission, Trust, Verdict, validate,
};
use jiff::ToSpan as _;
use jiff::civil::date;
use server::demonstration::PIN;
use store::{AuditLine, NewPost};

use crate::support::{Engine, Folder, Office, file_copies, key, on_both_engines, pdf_lines};

on_both_engines!(
    the_official_document_is_a_pdf_that_validators_call_signed_and_sealed,
    one_changed_byte_is_found,
    a_wrong_pin_leaves_nothing,
    who_may_not_sign_is_told_why,
    what_is_approved_twice_at_once_is_signed_once,
    a_crash_between_signing_and_writing_signs_nothing,
    a_crash_between_sealing_and_writing_seals_once,
);

/// Somebody of the ward's own staff.
pub(crate) fn staff(office: &Office, login: &str, role: Role) -> Actor {
    Actor {
        staff: StaffId::parse(login).unwrap(),
        ..crate::support::actor(role, &office.ward())
    }
}

pub(crate) fn leader(office: &Office) -> Actor {
    staff(office, "lanhdao-hacthanh", Role::Leader)
}

pub(crate) async fn give(
    office: &Office,
    who: &Actor,
    id: &DossierId,
    order: Order,
) -> Result<(), No> {
    let version = office.app.store().load(id).await.unwrap().version;
    let input = Act {
        dossier: id.clone(),
        version,
        key: key(),
        order,
    };
    act(&office.app, who, input).await.map(|_| ())
}

/// A dossier of the ward that waits for its leader.
pub(crate) async fn to_approve(office: &Office) -> DossierId {
    let id = file_copies(&office.app, Ending::Receive).await;
    let clerk = staff(office, "tiepnhan-hacthanh", Role::ReceptionClerk);
    let officer = staff(office, "chuyenvien-hacthanh", Role::CaseOfficer);
    let draft = Order::DraftResult {
        last_day: None,
        outcome: Outcome::Granted,
        summary: "Đồng ý chứng thực bản sao từ bản chính.".to_owned(),
        document: Vec::new(),
        attached: Attached::default(),
    };
    give(office, &clerk, &id, Order::HandOver).await.unwrap();
    give(office, &officer, &id, draft).await.unwrap();
    give(office, &officer, &id, Order::Forward).await.unwrap();
    office.settle_outbox().await;
    id
}

pub(crate) async fn issue(office: &Office, id: &DossierId) {
    let seal = staff(office, "vanthu-hacthanh", Role::SealClerk);
    give(office, &seal, id, Order::Issue).await.unwrap();
}

/// The official document of a dossier that was signed, issued and sealed.
async fn official(office: &Office) -> Vec<u8> {
    let id = to_approve(office).await;
    office.sign(&leader(office), &id, PIN).await.unwrap();
    issue(office, &id).await;
    office.settle_outbox().await;
    let loaded = office.app.store().load(&id).await.unwrap();
    let issued = loaded.dossier.issued().unwrap();
    let made = issued.official.as_ref().unwrap();
    office.app.files().get(&made.hash).await.unwrap()
}

/// What our own validator says, the authority of the demonstration being trusted.
pub(crate) fn judged(office: &Office, document: &[u8]) -> Verdict {
    let root = office.signers().join("root.pem");
    let trust = Trust::parse(&std::fs::read_to_string(root).unwrap()).unwrap();
    let now = VIET_NAM.to_timestamp(office.app.clock().now()).unwrap();
    validate(document, &trust, now, &Evidence::default())
}

/// Value of a text field.
fn field(document: &[u8], name: &str) -> String {
    let read = gateways::pdf::open(document).unwrap();
    let objects = read.document().objects.values();
    let mut fields = objects.filter_map(|object| object.as_dict().ok());
    let named = |key: &[u8]| words(key) == name;
    let field = fields.find(|dict| {
        let called = dict.get(b"T").and_then(|called| called.as_str());
        called.is_ok_and(named)
    });
    words(field.unwrap().get(b"V").unwrap().as_str().unwrap())
}

/// A text of the format.
fn words(text: &[u8]) -> String {
    let Some(wide) = text.strip_prefix(&[0xfe, 0xff]) else {
        return String::from_utf8_lossy(text).into_owned();
    };
    let units = wide.chunks(2);
    let units = units.map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
    String::from_utf16(&units.collect::<Vec<_>>()).unwrap()
}

/// What poppler says of the signatures.
pub(crate) fn pdfsig(document: &[u8]) -> String {
    let folder = Folder::new();
    let path = folder.0.join("document.pdf");
    std::fs::write(&path, document).unwrap();
    let said = std::process::Command::new("pdfsig").arg(&path).output();
    let said = said.expect("the tests need poppler's pdfsig");
    String::from_utf8(said.stdout).unwrap()
}

async fn the_official_document_is_a_pdf_that_validators_call_signed_and_sealed(engine: Engine) {
    let office = Office::open(engine).await;
    let document = official(&office).await;
    let verdict = judged(&office, &document);
    // Nobody can say whether a test authority has revoked; everything else is proved.
    let sound = Conclusion::RevocationUnknown;
    assert_eq!(verdict.overall, Overall::Signed(sound), "{verdict:#?}");
    let [person, agency] = &verdict.signatures[..] else {
        panic!("{verdict:#?}")
    };
    for one in [person, agency] {
        assert!(one.intact && one.genuine && one.permitted, "{one:#?}");
        assert!(matches!(one.chain, Chain::Trusted { .. }), "{one:#?}");
    }
    assert_eq!(person.kind, Kind::Certification(Permission::Forms));
    assert_eq!(person.coverage, Coverage::WholeRevision);
    assert_eq!(
        (agency.kind, agency.coverage),
        (Kind::Approval, Coverage::WholeFile)
    );
    let names = [person, agency].map(|one| one.signer.as_ref().unwrap().common_name.clone());
    let member = office.app.store().staff(&[leader(&office).staff]).await;
    let name = member.unwrap().remove(0).name;
    assert_eq!(
        names,
        [Some(name.clone()), Some("Phường Hạc Thành".to_owned())]
    );
    assert_eq!(field(&document, "number"), "01");
    assert_eq!(field(&document, "day"), "ngày 23 tháng 11 năm 2026");
    let text = pdf_lines(&document);
    let number = format!("Số: 01/KQ-{}", office.ward());
    for said in [&number, "Hạc Thành, ngày 23 tháng 11 năm 2026", &name] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    let said = pdfsig(&document);
    assert_eq!(said.matches("Signature is Valid.").count(), 2, "{said}");
    assert_eq!(said.matches("Total document signed").count(), 1, "{said}");
    office.check().await;
}

async fn one_changed_byte_is_found(engine: Engine) {
    let office = Office::open(engine).await;
    let document = official(&office).await;
    let sealed = document.len();
    // In the page that was read, in what the agency filled in, and in the last bytes.
    for at in [200, sealed / 2, sealed - 400, sealed - 20] {
        let mut changed = document.clone();
        changed[at] ^= 0x04;
        let verdict = judged(&office, &changed).overall;
        let held = [Conclusion::Valid, Conclusion::RevocationUnknown].map(Overall::Signed);
        assert!(
            !held.contains(&verdict),
            "byte {at} of {sealed}: {verdict:?}"
        );
    }
}

async fn a_wrong_pin_leaves_nothing(engine: Engine) {
    let office = Office::open(engine).await;
    let id = to_approve(&office).await;
    let (events, files) = (office.written().await, office.files());
    for (pin, why) in [("135791", "fault.pin_wrong"), (" ", "fault.pin_missing")] {
        let no = office.sign(&leader(&office), &id, pin).await.unwrap_err();
        let No::Invalid(faults) = no else {
            panic!("{no:?}")
        };
        assert_eq!((faults[0].field, faults[0].key), ("pin", why));
    }
    assert_eq!((office.written().await, office.files()), (events, files));
    office.sign(&leader(&office), &id, PIN).await.unwrap();
    office.check().await;
}

/// Why the leader could not sign now.
async fn hindered(office: &Office, id: &DossierId) -> NotSigning {
    let read = readable(&office.app, &leader(office), id).await.unwrap();
    let why = read.signer.err().unwrap();
    let no = office.sign(&leader(office), id, PIN).await.unwrap_err();
    let No::Invalid(faults) = no else {
        panic!("{no:?}")
    };
    assert_eq!(faults, [app::certificates::not_signing(why)]);
    why
}

async fn who_may_not_sign_is_told_why(engine: Engine) {
    let office = Office::open(engine).await;
    let id = to_approve(&office).await;
    let events = office.written().await;
    let officer = staff(&office, "chuyenvien-hacthanh", Role::CaseOfficer);
    let no = office.sign(&officer, &id, PIN).await.unwrap_err();
    assert!(matches!(no, No::Denied(Denied::Seen)), "{no:?}");
    let (monday, sunday) = (date(2026, 11, 23), date(2026, 11, 22));
    let store = office.app.store();
    let mut held = store
        .posts_of(&leader(&office).staff, monday)
        .await
        .unwrap();
    let held = held.remove(0);
    let ended = NewPost {
        post: domain::office::Post {
            valid_to: Some(sunday),
            ..held.post.clone()
        },
        counter: None,
        title: held.title.clone(),
    };
    let line = || AuditLine {
        actor: "quantri".to_owned(),
        action: "post.ended".to_owned(),
        subject: held.post.staff.to_string(),
        purpose: String::new(),
        detail: String::new(),
    };
    let now = office.app.clock().now();
    store.give_post(ended, now, line()).await.unwrap();
    let why = hindered(&office, &id).await;
    assert_eq!(why, NotSigning::PostEnded { last: sunday });
    let again = NewPost {
        post: held.post.clone(),
        counter: None,
        title: held.title.clone(),
    };
    store.give_post(again, now, line()).await.unwrap();
    office.clock.set(now.checked_add(366.days()).unwrap());
    let why = hindered(&office, &id).await;
    assert!(matches!(why, NotSigning::Expired { .. }), "{why:?}");
    office.clock.set(now);
    assert_eq!(office.written().await, events);
    office.sign(&leader(&office), &id, PIN).await.unwrap();
    office.check().await;
}

async fn what_is_approved_twice_at_once_is_signed_once(engine: Engine) {
    let office = Office::open(engine).await;
    let id = to_approve(&office).await;
    let read = readable(&office.app, &leader(&office), &id).await.unwrap();
    let approval = Approval {
        dossier: id.clone(),
        version: read.version,
        key: key(),
        document: read.hash,
    };
    let pin = Pin::new(PIN);
    let open = async |signer| unlock(&office.app, signer, &pin).await;
    let leader = leader(&office);
    let (first, second) = tokio::join!(
        approve(&office.app, &leader, approval.clone(), open),
        approve(&office.app, &leader, approval.clone(), open),
    );
    assert_eq!(first.unwrap(), second.unwrap());
    assert_eq!(signatures(&office, &id).await, 1);
    office.check().await;
}

/// How often the dossier was signed.
async fn signatures(office: &Office, id: &DossierId) -> usize {
    let loaded = office.app.store().load(id).await.unwrap();
    let signed = |event: &Event| matches!(event, Event::ResultSigned(_));
    loaded
        .events
        .iter()
        .filter(|recorded| signed(&recorded.event))
        .count()
}

async fn a_crash_between_signing_and_writing_signs_nothing(engine: Engine) {
    let office = Office::open(engine).await;
    let id = to_approve(&office).await;
    let events = office.written().await;
    store::faults::arm("between_sign_and_append");
    let died = office.sign(&leader(&office), &id, PIN).await;
    assert!(matches!(died, Err(No::Broken(_))), "{died:?}");
    assert_eq!(office.written().await, events);
    assert_eq!(signatures(&office, &id).await, 0);
    office.check().await;
    office.sign(&leader(&office), &id, PIN).await.unwrap();
    assert_eq!(signatures(&office, &id).await, 1);
    office.check().await;
}

async fn a_crash_between_sealing_and_writing_seals_once(engine: Engine) {
    let office = Office::open(engine).await;
    let id = to_approve(&office).await;
    office.sign(&leader(&office), &id, PIN).await.unwrap();
    issue(&office, &id).await;
    store::faults::arm("between_seal_and_append");
    while app::jobs::work_off(&office.app).await.unwrap() > 0 {}
    let loaded = office.app.store().load(&id).await.unwrap();
    assert_eq!(loaded.dossier.issued().unwrap().official, None);
    let clerk = staff(&office, "tiepnhan-hacthanh", Role::ReceptionClerk);
    let collector = app::processing::Collector::Applicant;
    let told = app::processing::Handout::default();
    let early = give(&office, &clerk, &id, Order::Return { collector, told }).await;
    assert!(matches!(early, Err(No::Refused(_))), "{early:?}");
    let later = office.app.clock().now().checked_add(10.minutes()).unwrap();
    office.clock.set(later);
    office.settle_outbox().await;
    let loaded = office.app.store().load(&id).await.unwrap();
    let made = |event: &Event| matches!(event, Event::ResultMade { .. });
    let made = loaded.events.iter().filter(|one| made(&one.event));
    assert_eq!(made.count(), 1);
    let issued = loaded.dossier.issued().unwrap().official.clone();
    let document = office.app.files().get(&issued.unwrap().hash).await.unwrap();
    let verdict = judged(&office, &document);
    let sound = Overall::Signed(Conclusion::RevocationUnknown);
    assert_eq!(verdict.overall, sound, "{verdict:#?}");
    office.check().await;
}

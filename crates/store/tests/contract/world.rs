//! A small office: one procedure with one process, and short ways to file and move dossiers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use domain::deadline::PauseMode;
use domain::dossier::{
    Delivery, Dossier, Draft, Event, File, Filed, HandedOver, Handing, Issued, Mandate, Outcome,
    Payment, Receiver, Request, Returned,
};
use domain::ids::{
    DossierCode, DossierId, FileHash, PartyId, ProcedureCode, StaffId, TextId, UnitId,
};
use domain::money::Dong;
use domain::office::Role;
use domain::party::PartyKind;
use domain::procedure::{Channel, OnlineClass, Procedure, SupplementRule};
use domain::process::{Place, Process, Product, Step};
use jiff::ToSpan as _;
use jiff::civil::{DateTime, date};
use store::{
    AppendError, Appended, AuditLine, Batch, Loaded, Names, NewEvents, NewMessage, NewProcedure,
    NewText, OnceKey, PartyRow, Store,
};

pub(crate) const CENTRE: &str = "H56.14";
pub(crate) const DECIDES: &str = "H56.15";

pub(crate) fn noon() -> DateTime {
    date(2026, 11, 23).at(12, 0, 0, 0)
}

/// So many hours after [`noon`].
pub(crate) fn after(hours: i64) -> DateTime {
    noon().checked_add(hours.hours()).unwrap()
}

pub(crate) fn id(name: &str) -> DossierId {
    DossierId::parse(name).unwrap()
}

pub(crate) fn unit(name: &str) -> UnitId {
    UnitId::parse(name).unwrap()
}

pub(crate) fn staff(name: &str) -> StaffId {
    StaffId::parse(name).unwrap()
}

pub(crate) fn text(name: &str) -> TextId {
    TextId::parse(name).unwrap()
}

fn hash() -> FileHash {
    FileHash::parse(&"a".repeat(64)).unwrap()
}

pub(crate) fn procedure_code() -> ProcedureCode {
    ProcedureCode::parse("2.000815").unwrap()
}

fn step(name: &str, role: Role, place: Place, product: Product) -> Step {
    let (name, name_en) = (name.to_owned(), format!("{name} (en)"));
    Step {
        name,
        name_en,
        role,
        place,
        minutes: 120,
        product,
    }
}

pub(crate) fn process() -> Process {
    let (centre, competent) = (Place::Centre, Place::Competent);
    Process {
        procedure: procedure_code(),
        version: 1,
        valid_from: date(2026, 1, 1),
        decision: "QĐ 1".to_owned(),
        steps: vec![
            step(
                "Tiếp nhận",
                Role::ReceptionClerk,
                centre,
                Product::Reception,
            ),
            step("Thẩm định", Role::CaseOfficer, competent, Product::Draft),
            step("Phê duyệt", Role::Leader, competent, Product::Approval),
            step("Phát hành", Role::SealClerk, competent, Product::Result),
            step("Trả kết quả", Role::ReceptionClerk, centre, Product::Return),
        ],
    }
}

fn procedure() -> Procedure {
    Procedure {
        code: procedure_code(),
        version: 1,
        name: "Chứng thực bản sao".to_owned(),
        field: "Chứng thực".to_owned(),
        decision: "QĐ 1".to_owned(),
        valid_from: date(2026, 1, 1),
        valid_to: None,
        levels: Vec::new(),
        online: OnlineClass::Partial,
        audience: Vec::new(),
        offers: Vec::new(),
        cases: Vec::new(),
        results: Vec::new(),
        legal_basis: Vec::new(),
        agencies: Vec::new(),
        conditions: String::new(),
        supplement: SupplementRule::default(),
        consultation: None,
        lanes: Vec::new(),
        result_text: String::new(),
        without_paper: false,
        own_terms: None,
        source: String::new(),
    }
}

pub(crate) fn line(actor: &str, subject: &str) -> AuditLine {
    AuditLine {
        actor: actor.to_owned(),
        action: "dossier.moved".to_owned(),
        subject: subject.to_owned(),
        purpose: "duty".to_owned(),
        detail: "{}".to_owned(),
    }
}

/// Publishes the procedure and its process.
pub(crate) async fn publish(store: &Store) {
    let procedure = NewProcedure {
        procedure: procedure(),
        content_hash: "1".to_owned(),
    };
    store
        .publish_procedures(vec![procedure], noon(), line("root", "catalogue"))
        .await
        .unwrap();
    store
        .publish_processes(vec![process()], noon(), line("root", "catalogue"))
        .await
        .unwrap();
}

pub(crate) fn party(name: &str) -> PartyRow {
    // Names that fold alike are different persons.
    let bytes = hex::encode(name);
    PartyRow {
        id: PartyId::parse(&format!("p-{bytes}")).unwrap(),
        kind: PartyKind::Citizen,
        name: name.to_owned(),
        sealed: vec![1, 2, 3],
        number_hash: None,
        phone_hash: None,
        updated_at: noon(),
        erased: false,
        seen: None,
    }
}

pub(crate) fn submitted(owner: &str, at: DateTime) -> Event {
    let owner = party(owner).id;
    let filed = Filed {
        procedure: procedure_code(),
        procedure_version: 1,
        process_version: 1,
        case: 1,
        channel: Channel::Direct,
        applicant: owner.clone(),
        owner,
        mandate: Mandate::Own,
        receiving: unit(CENTRE),
        competent: unit(DECIDES),
        handed: Vec::new(),
        sets: 1,
        fee: Dong::default(),
        payment: Payment::Free,
        delivery: Delivery::Centre,
        certified: Vec::new(),
        help: None,
        agent: None,
        collected: None,
        lookups: Vec::new(),
        corrects: None,
    };
    Event::Submitted {
        at,
        filed,
        answer_by: None,
    }
}

pub(crate) fn code(order: u32) -> DossierCode {
    DossierCode::new(&unit(CENTRE), noon().date(), order)
}

pub(crate) fn received(order: u32, due: Option<DateTime>) -> Event {
    let step_due = after(1);
    Event::Received {
        at: noon(),
        code: code(order),
        limit: None,
        due,
        calendar: "2026".to_owned(),
        step_due,
    }
}

pub(crate) fn handed_over() -> Event {
    let (by, to) = (staff("clerk"), unit(DECIDES));
    Event::HandedOver(HandedOver {
        at: noon(),
        by,
        to,
        step: 1,
        step_due: after(2),
        behalf: None,
        late: None,
    })
}

pub(crate) fn assigned(to: &str) -> Event {
    Event::Assigned {
        at: noon(),
        step: 1,
        to: staff(to),
    }
}

pub(crate) fn asked() -> Event {
    let request = Request {
        at: noon(),
        number: None,
        components: vec![1],
        reason: text("t-1"),
        answer_by: after(100),
        mode: PauseMode::Restart,
        corrections: Vec::new(),
        stage: None,
        basis: None,
        drafted_by: None,
        approved: None,
        sent_by: None,
    };
    Event::SupplementRequested { request }
}

pub(crate) fn file() -> File {
    File {
        hash: hash(),
        bytes: 9,
    }
}

pub(crate) fn drafted() -> Event {
    let (document, summary, by) = (file(), text("t-2"), staff("officer"));
    let draft = Draft {
        outcome: Outcome::Granted,
        document,
        summary,
        by,
        behalf: None,
        uploaded: false,
        attachments: Vec::new(),
        validity: None,
    };
    Event::ResultDrafted { at: noon(), draft }
}

pub(crate) fn finished(step: usize) -> Event {
    let by = staff("officer");
    Event::StepFinished {
        at: noon(),
        step,
        by,
        approved: step == 2,
        step_due: after(3),
        behalf: None,
    }
}

pub(crate) fn settled() -> Event {
    let issued = Issued {
        outcome: Outcome::Granted,
        document: file(),
        official: None,
        number: "01/GCN".to_owned(),
        at: noon(),
        approved_by: staff("leader"),
        attachments: Vec::new(),
        validity: None,
        issue_by: None,
        sealed: None,
    };
    Event::Settled {
        issued,
        step_due: after(4),
        refund: None,
    }
}

pub(crate) fn made() -> Event {
    Event::ResultMade {
        at: noon(),
        file: file(),
        seal: None,
        completes: None,
        attachments: Vec::new(),
    }
}

pub(crate) fn returned() -> Event {
    Event::Returned(Returned {
        at: noon(),
        receiver: Receiver::Applicant,
        handing: Handing::default(),
    })
}

pub(crate) fn names(owner: &str) -> Names {
    Names {
        procedure_name: "Chứng thực bản sao".to_owned(),
        field: "Chứng thực".to_owned(),
        owner_name: owner.to_owned(),
    }
}

/// A batch on what was loaded, by `clerk`, with an audit line and nothing else.
pub(crate) fn batch(seen: Loaded, events: Vec<Event>) -> Batch {
    Batch {
        audit: vec![line("clerk", seen.id.as_str())],
        dossier: seen.id,
        expected: seen.version,
        head: seen.head,
        before: seen.dossier,
        events: NewEvents::Ready(events),
        actor: "clerk".to_owned(),
        behalf: None,
        now: noon(),
        messages: Vec::new(),
        once: None,
        texts: Vec::new(),
        parties: Vec::new(),
        drop_draft: None,
        names: None,
        process: Arc::new(process()),
    }
}

/// A batch that files a new dossier of `owner` and receives it with the next number of the day.
pub(crate) fn reception(name: &str, owner: &str, due: Option<DateTime>) -> Batch {
    let first = submitted(owner, noon());
    let make = move |number| Ok(vec![first.clone(), received(number, due)]);
    let sequence = format!("dossier:{CENTRE}:{}", noon().date());
    Batch {
        events: NewEvents::Numbered {
            sequence,
            make: Box::new(make),
        },
        names: Some(names(owner)),
        parties: vec![party(owner)],
        messages: vec![message("slip")],
        ..batch(Loaded::absent(id(name)), Vec::new())
    }
}

pub(crate) fn message(kind: &'static str) -> NewMessage {
    NewMessage {
        kind,
        body: "{}".to_owned(),
    }
}

pub(crate) fn once(key: &str) -> OnceKey {
    OnceKey::parse(key).unwrap()
}

/// Receives a dossier of `owner`.
pub(crate) async fn receive(store: &Store, name: &str, owner: &str) -> Appended {
    store
        .append(reception(name, owner, Some(after(30))))
        .await
        .unwrap()
}

/// Loads a dossier and appends events to it.
pub(crate) async fn go_on(
    store: &Store,
    name: &str,
    events: Vec<Event>,
) -> Result<Appended, AppendError> {
    let loaded = store.load(&id(name)).await.unwrap();
    store.append(batch(loaded, events)).await
}

/// Writes records and texts with the reception of a dossier of their own, as intakes do.
pub(crate) async fn bring_in(
    store: &Store,
    parties: Vec<PartyRow>,
    texts: Vec<NewText>,
) -> Result<Appended, AppendError> {
    static BROUGHT: AtomicU32 = AtomicU32::new(0);
    let name = format!("brought-{}", BROUGHT.fetch_add(1, Ordering::Relaxed));
    let batch = Batch {
        parties,
        texts,
        ..reception(&name, "An", None)
    };
    store.append(batch).await
}

/// Corrects a person's record with a command to a dossier.
pub(crate) async fn correct(store: &Store, name: &str, party: PartyRow) {
    let loaded = store.load(&id(name)).await.unwrap();
    let batch = Batch {
        parties: vec![party],
        ..batch(loaded, vec![handed_over()])
    };
    store.append(batch).await.unwrap();
}

/// Everything from hand-over to the issued result.
pub(crate) fn to_settled() -> Vec<Event> {
    let worked = [
        handed_over(),
        drafted(),
        finished(1),
        finished(2),
        settled(),
    ];
    worked.into_iter().collect()
}

/// The state of a dossier, by name.
pub(crate) fn state(dossier: &Dossier) -> &'static str {
    dossier.kind().as_str()
}

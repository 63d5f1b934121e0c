//! Every starter procedure from the counter to the result in the applicant's hands, by its own
//! process.

use app::clock::Clock as _;
use app::forms::Typed;
use app::intake::{AtCounter, Ending, receive};
use app::processing::{Act, Attached, Collector, Handout, Order, act, dossier_page};
use domain::dossier::{
    CommandKind, Dossier, Event, HandedAs, NationalStatus, Outcome, SeenBy, StateKind,
};
use domain::ids::{DossierId, FileHash, UnitId};
use domain::office::{Post, Role};
use domain::procedure::{Channel, Level, Procedure};
use domain::process::{Place, Product};
use domain::slip::Form;
use jiff::ToSpan as _;
use server::demonstration::PIN;
use store::{AuditLine, Batch, Names, NewEvents, NewPost, StaffMember};

use crate::support::{Engine, Office, actor, key, on_both_engines, pdf_lines, typed};

on_both_engines!(
    every_starter_procedure_reaches_returned,
    a_refused_result_is_a_result_with_its_slip,
    a_document_made_before_a_crash_is_not_made_again,
);

async fn every_starter_procedure_reaches_returned(engine: Engine) {
    let office = Office::open(engine).await;
    let procedures = app::catalogue::starter::procedures();
    assert_eq!(procedures.len(), 170);
    let mut filed = Vec::new();
    for (number, procedure) in procedures.iter().enumerate() {
        let id = file(&office, procedure, number).await;
        work(&office, &id).await;
        let dossier = office.app.store().load(&id).await.unwrap().dossier;
        assert_eq!(dossier.kind(), StateKind::Returned, "{}", procedure.code);
        assert_eq!(
            dossier.national_status().map(NationalStatus::code),
            Some(10)
        );
        filed.push(id);
    }
    office.settle_outbox().await;
    office.check().await;
    for (id, procedure) in filed.iter().zip(procedures) {
        let text = official_text(&office, id).await;
        assert!(
            text.contains("Đồng ý giải quyết"),
            "{}: {text}",
            procedure.code
        );
    }
}

/// The text of a dossier's one official document, which says number, date and signer.
async fn official_text(office: &Office, id: &DossierId) -> String {
    let loaded = office.app.store().load(id).await.unwrap();
    let made = loaded.events.iter().filter_map(|recorded| {
        let Event::ResultMade { file, .. } = &recorded.event else {
            return None;
        };
        Some(file)
    });
    let made: Vec<_> = made.collect();
    let issued = loaded.dossier.issued().unwrap();
    assert_eq!(made, [issued.official.as_ref().unwrap()], "{id}");
    assert_ne!(
        made[0], &issued.document,
        "the draft is kept beside it: {id}"
    );
    let pdf = office.app.files().get(&made[0].hash).await.unwrap();
    assert_eq!(pdf.len() as u64, made[0].bytes);
    let text = pdf_lines(&pdf);
    let day = issued.at.date();
    let date = format!(
        "ngày {:02} tháng {} năm {}",
        day.day(),
        day.month(),
        day.year()
    );
    let number = format!("Số: {}", issued.number);
    let code = loaded.dossier.record().unwrap().code.clone().unwrap();
    let code = format!("Mã hồ sơ: {code}");
    for said in [&number, &date, &code, SIGNER, "KT. CHỦ TỊCH"] {
        assert!(text.contains(said), "{id} lacks {said:?}: {text}");
    }
    text
}

fn receiving(office: &Office, procedure: &Procedure) -> UnitId {
    if procedure.levels.contains(&Level::Commune) {
        office.ward()
    } else {
        office.centre()
    }
}

/// Files with every mandatory component, through a channel that the procedure offers.
async fn file(office: &Office, procedure: &Procedure, number: usize) -> DossierId {
    let unit = receiving(office, procedure);
    let clerk = actor(Role::ReceptionClerk, &unit);
    let offers = |channel| procedure.offer(channel).is_some();
    let at_counter = [Channel::Direct, Channel::Post];
    let at_counter = at_counter.into_iter().find(|channel| offers(*channel));
    let (ending, channel) = match at_counter {
        Some(channel) => (Ending::Receive, channel),
        None => (Ending::Submit, Channel::Direct),
    };
    let typed = filled(procedure, channel, number);
    let input = AtCounter {
        scans: Vec::new(),
        ending,
        typed,
        draft: None,
        key: key(),
    };
    let filed = receive(&office.app, &clerk, input).await;
    let filed = filed.unwrap_or_else(|no| panic!("{}: {no:?}", procedure.code));
    if at_counter.is_some() {
        return filed.dossier;
    }
    let id = online(office, &filed.dossier).await;
    give(office, Role::ReceptionClerk, &unit, &id, Order::Accept).await;
    id
}

/// The same as an applicant files it online herself, with files for papers.
async fn online(office: &Office, like: &DossierId) -> DossierId {
    let store = office.app.store();
    let mut submitted = store.load(like).await.unwrap().events[0].event.clone();
    let Event::Submitted { at, filed, .. } = &mut submitted else {
        panic!("{submitted:?}")
    };
    filed.channel = Channel::Online;
    for there in &mut filed.handed {
        let file = FileHash::parse(&"a".repeat(64)).unwrap();
        there.handed = HandedAs::Attached { file };
    }
    let (now, version) = (*at, filed.process_version);
    let process = office.app.process(&filed.procedure, version).await;
    let row = store.views().dossier_row(like).await.unwrap().unwrap();
    let id = DossierId::parse(&format!("{like}-online")).unwrap();
    let batch = Batch {
        dossier: id.clone(),
        expected: 0,
        head: String::new(),
        before: Dossier::Absent,
        events: NewEvents::Ready(vec![submitted]),
        actor: "applicant".to_owned(),
        behalf: None,
        now,
        messages: Vec::new(),
        audit: Vec::new(),
        once: None,
        texts: Vec::new(),
        parties: Vec::new(),
        drop_draft: None,
        names: Some(Names {
            procedure_name: row.procedure_name,
            field: row.field,
            owner_name: row.owner_name,
        }),
        process: process.unwrap(),
    };
    store.append(batch).await.unwrap();
    id
}

fn filled(procedure: &Procedure, channel: Channel, number: usize) -> Typed {
    let mut form = typed(&[
        ("name", "Nguyễn Thị An"),
        ("birth", "31/12/1999"),
        ("address", "Thôn 1, Xã Ví Dụ, Tỉnh Thanh Hóa"),
        ("phone", "0912 345 678"),
    ]);
    form.set("number", format!("0381990{number:05}"));
    form.set("procedure", procedure.code.as_str());
    form.set("channel", channel.as_str());
    // Certified copies are counted; other procedures have no such field.
    form.set("pages1", "2");
    form.set("copies1", "1");
    for component in &procedure.cases[0].components {
        if component.mandatory && component.held_by.is_none() {
            form.set(&format!("c{}", component.number), "paper");
        }
    }
    form
}

/// Works through the steps of the dossier's own process as the roles that they name.
async fn work(office: &Office, id: &DossierId) {
    while step_on(office, id, None).await {}
}

/// Works until a step with that product begins.
async fn work_until(office: &Office, id: &DossierId, product: Product) {
    while step_on(office, id, Some(product)).await {}
}

/// Takes one step, unless the dossier is closed or the next product is `stop`.
async fn step_on(office: &Office, id: &DossierId, stop: Option<Product>) -> bool {
    let loaded = office.app.store().load(id).await.unwrap();
    let record = loaded.dossier.record().unwrap().clone();
    let (competent, receiving) = (record.filed.competent, record.filed.receiving);
    let process = office
        .app
        .process(&record.filed.procedure, record.filed.process_version);
    let process = process.await.unwrap();
    let Some(at) = loaded.dossier.at_step() else {
        return false;
    };
    let current = &process.steps[at.index];
    if stop == Some(current.product) {
        return false;
    }
    let unit = if current.place == Place::Centre {
        &receiving
    } else {
        &competent
    };
    // Whoever signs or seals has a name, a post and a certificate.
    match current.product {
        Product::Approval => {
            employ(office, (current.role, unit), Some(TITLE)).await;
            let signed = office.sign(&actor(current.role, unit), id, PIN).await;
            signed.unwrap_or_else(|no| panic!("{id}: {no:?}"));
            return true;
        }
        Product::Result => employ(office, (current.role, unit), None).await,
        // Nobody gets a result that the agency has not sealed.
        Product::Return => {
            office.settle_outbox().await;
            // Nor one that the centre does not have.
            if competent != receiving && record.course.result_back.is_none() {
                give(office, current.role, unit, id, Order::AcknowledgeResult).await;
            }
        }
        _ => {}
    }
    let order = match current.product {
        Product::Reception => Order::HandOver,
        Product::Draft if at.draft.is_none() => Order::DraftResult {
            last_day: None,
            outcome: Outcome::Granted,
            summary: "Đồng ý giải quyết theo đề nghị.".to_owned(),
            document: Vec::new(),
            attached: Attached::default(),
        },
        Product::Draft | Product::Work | Product::Approval => Order::Forward,
        Product::Result => Order::Issue,
        Product::Return => Order::Return {
            collector: Collector::Applicant,
            told: handed_out(),
        },
    };
    give(office, current.role, unit, id, order).await;
    true
}

/// Whoever comes shows a passport, whose number nobody has on file, and takes the papers along.
pub(crate) fn handed_out() -> Handout {
    Handout {
        seen: Some(SeenBy::Passport),
        digits: "B1234567".to_owned(),
        given_back: (1..=99).collect(),
        ..Handout::default()
    }
}

/// Gives a post, and whoever lacks one a certificate. Name and post of whoever approves are printed
/// under the result.
async fn employ(office: &Office, (role, unit): (Role, &UnitId), title: Option<&str>) {
    let member = StaffMember {
        id: actor(role, unit).staff,
        name: SIGNER.to_owned(),
    };
    let post = Post {
        staff: member.id.clone(),
        unit: unit.clone(),
        role,
        valid_from: office.clock.now().date(),
        valid_to: None,
    };
    let hired = AuditLine {
        actor: "root".to_owned(),
        action: "post.given".to_owned(),
        subject: member.id.to_string(),
        purpose: String::new(),
        detail: "{}".to_owned(),
    };
    let store = office.app.store();
    store.save_staff(member).await.unwrap();
    let new = NewPost {
        post,
        counter: None,
        title: title.map(ToOwned::to_owned),
    };
    let given = store.give_post(new, office.clock.now(), hired);
    given.await.unwrap();
    office.certify().await;
}

const SIGNER: &str = "Bùi Hữu Nghĩa";
const TITLE: &str = "Phó Chủ tịch UBND phường";

async fn give(office: &Office, role: Role, unit: &UnitId, id: &DossierId, order: Order) {
    let version = office.app.store().load(id).await.unwrap().version;
    let what = order.clone();
    let input = Act {
        dossier: id.clone(),
        version,
        key: key(),
        order,
    };
    let acted = act(&office.app, &actor(role, unit), input).await;
    acted.unwrap_or_else(|no| panic!("{what:?}: {no:?}"));
}

/// A negative settlement: status 9, Mẫu 03, and a story that the page can tell.
async fn a_refused_result_is_a_result_with_its_slip(engine: Engine) {
    let office = Office::open(engine).await;
    let procedures = app::catalogue::starter::procedures();
    let procedure = procedures
        .iter()
        .find(|p| p.code.as_str() == "2.000815")
        .unwrap();
    let id = file(&office, procedure, 1).await;
    let ward = office.ward();
    give(&office, Role::ReceptionClerk, &ward, &id, Order::HandOver).await;
    let summary = "Bản chính bị tẩy xóa, sửa chữa.".to_owned();
    let refuse = Order::DraftResult {
        last_day: None,
        outcome: Outcome::Refused,
        summary,
        document: Vec::new(),
        attached: Attached::default(),
    };
    give(&office, Role::CaseOfficer, &ward, &id, refuse).await;
    work(&office, &id).await;
    office.settle_outbox().await;
    let page = dossier_page(&office.app, &actor(Role::Leader, &ward), &id)
        .await
        .unwrap();
    let mut forms: Vec<Form> = page.slips.iter().map(|slip| slip.key.form).collect();
    forms.sort_unstable();
    assert_eq!(
        forms,
        [
            Form::Receipt,
            Form::Refusal,
            Form::Control,
            Form::Control,
            Form::Collection
        ]
    );
    assert_eq!(page.dossier.issued().unwrap().outcome, Outcome::Refused);
    assert!(page.story.iter().any(|told| told.text.contains("tẩy xóa")));
    assert!(!page.actions.contains(&CommandKind::Return));
    let text = official_text(&office, &id).await;
    let code = page.record().code.as_ref().unwrap();
    let refused = format!("Hồ sơ số {code} không đủ điều kiện giải quyết. Lý do:");
    assert!(text.contains(&refused) && text.contains("Bản chính bị tẩy xóa, sửa chữa."));
    office.check().await;
}

/// The worker dies after it recorded the document and before it says so; meanwhile the signer is
/// renamed, so that a second printing would differ.
async fn a_document_made_before_a_crash_is_not_made_again(engine: Engine) {
    let office = Office::open(engine).await;
    let procedures = app::catalogue::starter::procedures();
    let copies = procedures.iter().find(|p| p.code.as_str() == "2.000815");
    let id = file(&office, copies.unwrap(), 1).await;
    work_until(&office, &id, Product::Result).await;
    office.settle_outbox().await;
    employ(&office, (Role::SealClerk, &office.ward()), None).await;
    give(&office, Role::SealClerk, &office.ward(), &id, Order::Issue).await;
    store::faults::arm("between_claim_and_finish");
    app::jobs::work_off(&office.app).await.unwrap_err();
    let made = office.app.store().load(&id).await.unwrap().dossier;
    let made = made.issued().unwrap().clone();
    assert!(made.official.is_some(), "recorded before the crash");
    let renamed = StaffMember {
        id: made.approved_by.clone(),
        name: "Người Khác".to_owned(),
    };
    office.app.store().save_staff(renamed).await.unwrap();
    let later = office.app.clock().now().saturating_add(2.minutes());
    office.clock.set(later);
    office.settle_outbox().await;
    let loaded = office.app.store().load(&id).await.unwrap();
    assert_eq!(loaded.dossier.issued(), Some(&made));
    let papers = loaded.events.iter().map(|recorded| recorded.event.kind());
    let papers = papers.filter(|kind| *kind == "dossier.result_made.v1");
    assert_eq!(papers.count(), 1);
    office.check().await;
}

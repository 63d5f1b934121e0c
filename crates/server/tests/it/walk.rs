//! Every starter procedure from the counter to the result in the applicant's hands, by its own
//! process.

use app::forms::Typed;
use app::intake::{AtCounter, Ending, receive};
use app::processing::{Act, Collector, Order, act, dossier_page};
use domain::dossier::{CommandKind, NationalStatus, Outcome, StateKind};
use domain::ids::{DossierId, UnitId};
use domain::office::Role;
use domain::procedure::{Channel, Level, Procedure};
use domain::process::{Place, Product};
use domain::slip::Form;

use crate::support::{Engine, Office, actor, key, on_both_engines, typed};

on_both_engines!(
    every_starter_procedure_reaches_returned,
    a_refused_result_is_a_result_with_its_slip,
);

async fn every_starter_procedure_reaches_returned(engine: Engine) {
    let office = Office::open(engine).await;
    let procedures = app::catalogue::starter::procedures();
    assert_eq!(procedures.len(), 170);
    for (number, procedure) in procedures.iter().enumerate() {
        let id = file(&office, procedure, number).await;
        work(&office, &id).await;
        let dossier = office.app.store().load(&id).await.unwrap().dossier;
        assert_eq!(dossier.kind(), StateKind::Returned, "{}", procedure.code);
        assert_eq!(
            dossier.national_status().map(NationalStatus::code),
            Some(10)
        );
    }
    office.settle_outbox().await;
    office.check().await;
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
    let channel = [Channel::Direct, Channel::Post, Channel::Online];
    let channel = channel
        .into_iter()
        .find(|channel| offers(*channel))
        .unwrap();
    let ending = if channel == Channel::Online {
        Ending::Submit
    } else {
        Ending::Receive
    };
    let typed = filled(procedure, channel, number);
    let input = AtCounter {
        ending,
        typed,
        draft: None,
        key: key(),
    };
    let filed = receive(&office.app, &clerk, input).await;
    let filed = filed.unwrap_or_else(|no| panic!("{}: {no:?}", procedure.code));
    if channel == Channel::Online {
        give(
            office,
            Role::ReceptionClerk,
            &unit,
            &filed.dossier,
            Order::Accept,
        )
        .await;
    }
    filed.dossier
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
    for component in &procedure.cases[0].components {
        if component.mandatory && component.held_by.is_none() {
            form.set(&format!("c{}", component.number), "paper");
        }
    }
    form
}

/// Works through the steps of the dossier's own process as the roles that they name.
async fn work(office: &Office, id: &DossierId) {
    loop {
        let loaded = office.app.store().load(id).await.unwrap();
        let record = loaded.dossier.record().unwrap().clone();
        let (competent, receiving) = (record.filed.competent, record.filed.receiving);
        let process = office
            .app
            .process(&record.filed.procedure, record.filed.process_version);
        let process = process.await.unwrap();
        let Some(at) = loaded.dossier.at_step() else {
            return;
        };
        let step = &process.steps[at.index];
        let unit = if step.place == Place::Centre {
            &receiving
        } else {
            &competent
        };
        let order = match step.product {
            Product::Reception => Order::HandOver,
            Product::Draft if at.draft.is_none() => Order::DraftResult {
                outcome: Outcome::Granted,
                summary: "Đồng ý giải quyết theo đề nghị.".to_owned(),
            },
            Product::Draft | Product::Work | Product::Approval => Order::Forward,
            Product::Result => Order::Issue,
            Product::Return => Order::Return {
                collector: Collector::Applicant,
            },
        };
        give(office, step.role, unit, id, order).await;
    }
}

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
        outcome: Outcome::Refused,
        summary,
    };
    give(&office, Role::CaseOfficer, &ward, &id, refuse).await;
    work(&office, &id).await;
    office.settle_outbox().await;
    let page = dossier_page(&office.app, &actor(Role::Leader, &ward), &id)
        .await
        .unwrap();
    let mut forms: Vec<Form> = page.slips.iter().map(|slip| slip.key.form).collect();
    forms.sort_unstable();
    assert_eq!(forms, [Form::Receipt, Form::Refusal, Form::Control]);
    assert_eq!(page.dossier.issued().unwrap().outcome, Outcome::Refused);
    assert!(page.story.iter().any(|told| told.text.contains("tẩy xóa")));
    assert!(!page.actions.contains(&CommandKind::Return));
    office.check().await;
}

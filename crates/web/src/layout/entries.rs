//! Entries of the bar, by the roles that have a use for them.

use app::access::{Actor, Desk, RECEIVING};
use domain::office::Role;

use super::{Entry, Place};

/// How much waits, by entry.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    pub(super) mine: i64,
    pub(super) unit: i64,
    pub(super) approvals: i64,
    pub(super) signing: i64,
    pub(super) returns: i64,
    pub(super) tasks: i64,
}

/// The entries that a person's roles have a use for, those of the daily work first.
pub(super) fn entries(actor: &Actor, place: Place, counts: Counts) -> Vec<Entry> {
    let desk = actor.desk().map(|(_, desk)| desk);
    let receives = desk == Some(Desk::Counter);
    let works = !actor.seeing().is_empty();
    let all = [
        (
            desk.is_some(),
            Place::Intake,
            "/tiep-nhan",
            "web.nav.intake",
            None,
        ),
        (
            desk == Some(Desk::Post),
            Place::Submissions,
            "/da-nop",
            "web.nav.submissions",
            None,
        ),
        (
            works,
            Place::Mine,
            "/viec-cua-toi",
            "web.nav.mine",
            Some(counts.mine),
        ),
        (
            works,
            Place::Unit,
            "/viec-don-vi",
            "web.nav.unit",
            Some(counts.unit),
        ),
        (
            actor.is(Role::Leader),
            Place::Approvals,
            "/ky-duyet",
            "web.nav.approvals",
            Some(counts.approvals),
        ),
        (
            receives,
            Place::Returns,
            "/tra-ket-qua",
            "web.nav.returns",
            Some(counts.returns),
        ),
    ];
    let shown = all.into_iter().filter(|(shown, ..)| *shown);
    let first = shown.map(|(_, at, href, key, count)| Entry {
        href,
        key,
        count,
        here: at == place,
    });
    first.chain(beside(actor, place, counts)).collect()
}

/// The entries after those of the daily work.
fn beside(actor: &Actor, place: Place, counts: Counts) -> impl Iterator<Item = Entry> {
    tasks(actor, (place, counts.tasks))
        .into_iter()
        .chain(alerts(actor, place))
        .chain(post_records(actor, place))
        .chain(register(actor, place))
        .chain(administration(actor, place))
        .chain(signing(actor, (place, counts.signing)))
        .chain(certificates(actor, place))
        .chain(notices(actor, place))
        .chain(statistics(actor, place))
        .chain(repins(actor, place))
}

/// The entry of those who hand or take over what the post filed.
fn post_records(actor: &Actor, place: Place) -> Option<Entry> {
    app::intake::sees_post_records(actor).then_some(Entry {
        href: "/giao-nhan",
        key: "web.nav.post_records",
        count: None,
        here: place == Place::PostRecords,
    })
}

/// The entry of those who are told what is late.
fn alerts(actor: &Actor, place: Place) -> Option<Entry> {
    app::alerts::sees(actor).then_some(Entry {
        href: app::alerts::ADDRESS,
        key: "web.nav.alerts",
        count: None,
        here: place == Place::Alerts,
    })
}

/// The entry of those who ask other agencies, are asked, or answer for a centre.
fn tasks(actor: &Actor, (place, count): (Place, i64)) -> Option<Entry> {
    (!app::tasks::sides(actor).is_empty()).then_some(Entry {
        href: "/viec-phoi-hop",
        key: "web.nav.tasks",
        count: Some(count),
        here: place == Place::Tasks,
    })
}

/// The entry of those who keep notices, or see to it that people are told.
fn notices(actor: &Actor, place: Place) -> Option<Entry> {
    app::notices::sees_notices(actor).then_some(Entry {
        href: "/thong-bao",
        key: "web.notices.title",
        count: None,
        here: place == Place::Notices,
    })
}

/// The entry of those who answer for the work.
fn statistics(actor: &Actor, place: Place) -> Option<Entry> {
    app::statistics::sees_statistics(actor).then_some(Entry {
        href: "/thong-ke/ho-so",
        key: "web.nav.statistics",
        count: None,
        here: place == Place::Statistics,
    })
}

/// The entry of those who move running dossiers to another version.
fn repins(actor: &Actor, place: Place) -> Option<Entry> {
    app::repin::moves(actor).then_some(Entry {
        href: "/chuyen-quy-trinh",
        key: "repin.nav",
        count: None,
        here: place == Place::Repins,
    })
}

/// The entry of those who read the register of a centre.
fn register(actor: &Actor, place: Place) -> Option<Entry> {
    let reads = RECEIVING.iter().any(|role| actor.is(*role));
    reads.then_some(Entry {
        href: "/so-theo-doi",
        key: "register.nav",
        count: None,
        here: place == Place::Register,
    })
}

/// The entry of administrators.
fn administration(actor: &Actor, place: Place) -> Option<Entry> {
    actor.is(Role::Administrator).then_some(Entry {
        href: "/quan-tri/can-bo",
        key: "web.nav.staff",
        count: None,
        here: place == Place::Staff,
    })
}

/// The entry of those who sign results.
fn signing(actor: &Actor, (place, count): (Place, i64)) -> Option<Entry> {
    app::signing::batch::signs(actor).then_some(Entry {
        href: "/ky-so",
        key: "web.nav.signing",
        count: Some(count),
        here: place == Place::Signing,
    })
}

/// The entry of those who keep certificates, sign or seal.
fn certificates(actor: &Actor, place: Place) -> Option<Entry> {
    app::certificates::sees(actor).then_some(Entry {
        href: app::certificates::ADDRESS,
        key: "web.nav.certificates",
        count: None,
        here: place == Place::Certificates,
    })
}

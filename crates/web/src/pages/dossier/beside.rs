//! Acts beside the steps of the process: drafts of requests, lookups, stops, obligations, apologies
//! and green lanes; what their forms ask and what they order.

use app::forms::Typed;
use app::intake::{asked, wrongs};
use app::no::Fault;
use app::processing::{DossierPage, Order};
use app::words;
use domain::dossier::{CommandKind, LookupOutcome, StopGround};
use domain::money::Dong;
use domain::procedure::{Component, Lane, Project};
use jiff::civil::Date;

use crate::extract::Posted;
use crate::pages::correction;
use crate::pages::intake::field::{Choice, Fields};
use crate::words::Words;

use super::copies::order as copied;
use super::course::{basis, refund_now};
use super::form::{Part, Ticks, choose, numbered, text};
use super::scans;
use super::supplement::request;
use super::view::Fact;

/// The order that a form gives, or what could not be understood.
pub(super) fn order(command: CommandKind, posted: &Posted) -> Result<Order, Vec<Fault>> {
    let typed = &posted.typed;
    let words = |name: &str| typed.get(name).to_owned();
    let document = || posted.file("document").to_vec();
    Ok(match command {
        CommandKind::DraftSupplement => Order::DraftSupplement {
            components: asked(typed),
            corrections: wrongs(typed),
            reason: words("reason"),
            basis: words("basis"),
        },
        CommandKind::RecordLookup => Order::RecordLookup {
            component: number(typed.get("component"))?,
            found: found(typed.get("found"))?,
            note: words("note"),
        },
        CommandKind::Stop => Order::Stop {
            ground: ground(typed.get("ground"))?,
            document: document(),
            reason: words("reason"),
        },
        CommandKind::NoticeObligation => Order::NoticeObligation {
            notice: words("notice"),
            amount: amount(typed.get("amount")),
            pay_by: pay_by(typed.get("pay_by"))?,
            document: document(),
        },
        CommandKind::MeetObligation => Order::MeetObligation {
            proof: words("proof"),
            document: document(),
        },
        CommandKind::Scan => Order::Scan {
            scans: posted.scans(),
        },
        CommandKind::ScanReceipt => Order::ScanReceipt { scan: document() },
        CommandKind::OpenCorrection => return correction::order(posted),
        CommandKind::CopyResult | CommandKind::DigitiseResult => return copied(command, posted),
        other => return by_leader(other, typed),
    })
}

/// What leaders order in words alone.
fn by_leader(command: CommandKind, typed: &Typed) -> Result<Order, Vec<Fault>> {
    let words = |name: &str| typed.get(name).to_owned();
    Ok(match command {
        CommandKind::Apologise => Order::Apologise {
            reason: words("reason"),
            until: day(typed.get("until"))?,
        },
        CommandKind::AdmitToLane => Order::AdmitToLane {
            lane: words("lane"),
            ground: words("ground"),
            project: words("project"),
        },
        _ => return Err(vec![Fault::new("command", "fault.command")]),
    })
}

fn number(typed: &str) -> Result<u16, Vec<Fault>> {
    let unknown = |_| vec![Fault::new("component", "fault.choice")];
    typed.parse().map_err(unknown)
}

fn found(typed: &str) -> Result<LookupOutcome, Vec<Fault>> {
    let all = [
        LookupOutcome::Failed,
        LookupOutcome::Wrong,
        LookupOutcome::Confirmed,
    ];
    let named = all.into_iter().find(|found| found.as_str() == typed);
    named.ok_or_else(|| vec![Fault::new("found", "fault.choice")])
}

fn ground(typed: &str) -> Result<StopGround, Vec<Fault>> {
    match typed {
        "request" => Ok(StopGround::Request),
        "decision" => Ok(StopGround::Decision),
        _ => Err(vec![Fault::new("ground", "fault.choice")]),
    }
}

/// A day as people write it, or as programs do.
fn day(typed: &str) -> Result<Date, Vec<Fault>> {
    read_day(typed).ok_or_else(|| vec![Fault::new("until", "fault.post_day")])
}

fn read_day(typed: &str) -> Option<Date> {
    let typed = typed.trim();
    let written = typed.parse().ok();
    written.or_else(|| Date::strptime("%d/%m/%Y", typed).ok())
}

/// The last day on which a result is valid; none where none is given.
pub(super) fn last_day(typed: &str) -> Result<Option<Date>, Vec<Fault>> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let day = read_day(typed).ok_or_else(|| vec![Fault::new("last_day", "fault.last_day")])?;
    Ok(Some(day))
}

/// The last day to pay; none where none is set.
fn pay_by(typed: &str) -> Result<Option<Date>, Vec<Fault>> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let day = read_day(typed).ok_or_else(|| vec![Fault::new("pay_by", "fault.pay_by")])?;
    Ok(Some(day))
}

/// An amount as people write it: `150.000`, `150 000 đ`.
fn amount(written: &str) -> Option<Dong> {
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    digits.parse().ok().map(Dong)
}

/// What the form of a command asks.
pub(super) fn parts(fields: &Fields<'_>, page: &DossierPage, command: CommandKind) -> Vec<Part> {
    match command {
        CommandKind::DraftSupplement => request(fields, page),
        CommandKind::RecordLookup => lookup(fields, page),
        CommandKind::Scan => vec![
            Part::Note(fields.w.t("act.scan_note").to_owned()),
            Part::Scans(scans::of_dossier(fields, page)),
        ],
        CommandKind::Stop => stop(fields, page),
        CommandKind::NoticeObligation => vec![
            Part::Note(fields.w.t("act.notice_note").to_owned()),
            text(fields, ("notice", "act.notice", "4")),
            text(fields, ("amount", "act.amount", "1")),
            text(fields, ("pay_by", "act.pay_by", "1")),
            Part::Pdf(fields.text("document", "act.notice_document")),
        ],
        CommandKind::MeetObligation => vec![
            Part::Compare(obligation(fields.w, page)),
            text(fields, ("proof", "act.proof", "2")),
            Part::Pdf(fields.text("document", "act.proof_document")),
        ],
        CommandKind::Apologise => apology(fields, page),
        CommandKind::AdmitToLane => lane(fields, page),
        _ => Vec::new(),
    }
}

/// What is owed, to be compared with the receipt.
fn obligation(w: Words, page: &DossierPage) -> Vec<Fact> {
    let owed = page.record().course.obligation.as_ref();
    let owed = owed.map(|owed| {
        [
            Fact::of(w, "course.obligation", page.said(&owed.notice)),
            Fact::of(
                w,
                "course.amount",
                owed.amount
                    .map(|amount| w.money(amount))
                    .unwrap_or_default(),
            ),
            Fact::of(
                w,
                "course.pay_by",
                owed.pay_by.map(|day| w.date(day)).unwrap_or_default(),
            ),
        ]
    });
    owed.into_iter().flatten().flatten().collect()
}

/// Components that a database holds.
fn held(page: &DossierPage) -> impl Iterator<Item = &Component> {
    let components = page.components().into_iter();
    let components = components.map(|(component, _)| component);
    components.filter(|component| component.held_by.is_some())
}

fn lookup(fields: &Fields<'_>, page: &DossierPage) -> Vec<Part> {
    let w = fields.w;
    let typed = fields.typed.get("component");
    let one = held(page).count() == 1;
    let choice = |component: &Component| {
        let database = component.held_by.map_or("", |database| database.as_str());
        let database = w.of("database", database);
        let choice = numbered(component, one || typed == component.number.to_string());
        Choice {
            label: format!("{} · {database}", choice.label),
            ..choice
        }
    };
    let offered = [
        ("failed", "act.lookup_failed"),
        ("wrong", "act.lookup_wrong"),
    ];
    vec![
        Part::Note(w.t("act.lookup_note").to_owned()),
        Part::Choose(Ticks {
            legend: w.t("act.lookup_component").to_owned(),
            name: "component",
            own_names: false,
            choices: held(page).map(choice).collect(),
        }),
        choose(fields, ("found", "act.lookup_found"), &offered),
        text(fields, ("note", "act.lookup_words", "3")),
    ]
}

fn stop(fields: &Fields<'_>, page: &DossierPage) -> Vec<Part> {
    let offered = [
        ("decision", "act.stop_decision"),
        ("request", "act.stop_request"),
    ];
    let mut parts = vec![
        choose(fields, ("ground", "act.stop_ground"), &offered),
        Part::Pdf(fields.text("document", "act.stop_document")),
        text(fields, ("reason", "act.stop_reason", "4")),
    ];
    parts.extend(refund_now(fields.w, page).map(Part::Note));
    parts
}

fn apology(fields: &Fields<'_>, page: &DossierPage) -> Vec<Part> {
    let w = fields.w;
    let due = page.record().due;
    let promised = Fact::of(
        w,
        "course.promised",
        due.map(|due| w.promise(&due)).unwrap_or_default(),
    );
    vec![
        Part::Compare(promised.into_iter().collect()),
        Part::Note(w.t("act.apology_note").to_owned()),
        text(fields, ("until", "act.apology_until", "1")),
        text(fields, ("reason", "act.apology_reason", "4")),
    ]
}

fn lane(fields: &Fields<'_>, page: &DossierPage) -> Vec<Part> {
    let w = fields.w;
    let record = page.record();
    let typed = fields.typed.get("lane");
    let one = page.procedure.lanes.len() == 1;
    let legal = record.limit.map(|limit| words::limit(w.0, limit));
    let lanes = page.procedure.lanes.iter().map(|lane| {
        let limit = record.limit.map(|legal| lane.limit.beside(legal));
        let limit = limit
            .map(|limit| words::limit(w.0, limit))
            .unwrap_or_default();
        Choice {
            value: lane.code.clone(),
            label: format!(
                "{}: {limit}. {} {}",
                lane.name,
                conditions(w, lane),
                lane.basis
            ),
            on: one || typed == lane.code,
        }
    });
    let legal = Fact::of(w, "course.legal_limit", legal.unwrap_or_default());
    let mut parts = vec![
        Part::Compare(legal.into_iter().collect()),
        Part::Note(w.t("act.lane_note").to_owned()),
        Part::Choose(Ticks {
            legend: w.t("act.lane").to_owned(),
            name: "lane",
            own_names: false,
            choices: lanes.collect(),
        }),
    ];
    parts.extend(projects(fields, page));
    parts.push(text(fields, ("ground", "act.lane_ground", "3")));
    parts
}

/// For whom a lane is, and who decides.
fn conditions(w: Words, lane: &Lane) -> String {
    let owners = lane.eligible.owners.iter();
    let mut who: Vec<String> = owners.map(|kind| w.of("party", kind.as_str())).collect();
    if who.is_empty() {
        who.push(w.t("act.lane_anybody").to_owned());
    }
    let (who, role) = (who.join(", "), w.of("role", lane.decided_by.as_str()));
    w.fills("act.lane_for", &[("who", &who), ("role", &role)])
}

/// The projects of all lanes that have a list of them.
fn projects(fields: &Fields<'_>, page: &DossierPage) -> Option<Part> {
    let (w, typed) = (fields.w, fields.typed.get("project"));
    let lanes = page.procedure.lanes.iter();
    let mut listed: Vec<&Project> = lanes.flat_map(|lane| &lane.eligible.projects).collect();
    listed.dedup_by(|other, kept| other.code == kept.code);
    let choice = |value: &str, label: String| Choice {
        value: value.to_owned(),
        label,
        on: typed == value,
    };
    let none = choice("", w.t("act.lane_no_project").to_owned());
    let named = listed.iter().map(|one| choice(&one.code, one.name.clone()));
    let choices: Vec<Choice> = std::iter::once(none).chain(named).collect();
    (!listed.is_empty()).then(|| {
        Part::Choose(Ticks {
            legend: w.t("act.lane_project").to_owned(),
            name: "project",
            own_names: false,
            choices,
        })
    })
}

/// A second request names its legal basis.
pub(super) fn basis_part(fields: &Fields<'_>, page: &DossierPage) -> Option<Part> {
    let again = page.record().asked.is_some();
    again.then(|| text(fields, ("basis", basis(), "2")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_and_an_amount_are_read_as_people_write_them() {
        let day_of = |text: &str| day(text).ok().map(|day| day.to_string());
        assert_eq!(day_of(" 27/11/2026 ").as_deref(), Some("2026-11-27"));
        assert_eq!(day_of("2026-11-27").as_deref(), Some("2026-11-27"));
        assert_eq!(day_of("mai"), None);
        assert_eq!(amount("150.000 đ"), Some(Dong(150_000)));
        assert_eq!(amount("không"), None);
    }

    #[test]
    fn only_what_is_written_is_wrong() {
        let mut typed = Typed::default();
        for (name, value) in [("w1", "Thiếu chữ ký"), ("w2", " "), ("why", "x")] {
            typed.set(name, value);
        }
        assert_eq!(wrongs(&typed), [(1, "Thiếu chữ ký".to_owned())]);
    }
}

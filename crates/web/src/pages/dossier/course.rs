//! What holds for a dossier beside its promised date: a request that waits, the applicant's own
//! clock, what is owed, a new date with an apology, a green lane, money to be given back.

use app::processing::DossierPage;
use app::words;
use domain::deadline::PauseMode;
use domain::dossier::{Correction, Dossier, Event, Refund};
use domain::ids::{StaffId, TextId};
use domain::money::Dong;
use jiff::civil::DateTime;

use crate::words::Words;

use super::view::Fact;

/// Facts under one heading.
#[derive(Debug, Clone)]
pub(crate) struct Sheet {
    /// What names it in the page.
    pub(crate) id: &'static str,
    /// The heading.
    pub(crate) title: String,
    /// The facts.
    pub(crate) facts: Vec<Fact>,
}

impl Sheet {
    fn of(w: Words, id: &'static str, facts: Vec<Fact>) -> Option<Self> {
        (!facts.is_empty()).then(|| Self {
            id,
            title: w.of("course.title", id),
            facts,
        })
    }
}

/// Everything of it, what waits for somebody first.
pub(super) fn sheets(w: Words, page: &DossierPage) -> Vec<Sheet> {
    let sheets = [
        Sheet::of(w, drafted(page), waiting(w, page)),
        Sheet::of(w, "request", sent(w, page)),
        Sheet::of(w, "obligation", owed(w, page)),
        Sheet::of(w, "dates", dates(w, page)),
        Sheet::of(w, "issuing", issuing(w, page)),
        Sheet::of(w, "refund", refund(w, page)),
    ];
    sheets.into_iter().flatten().collect()
}

/// Until when what was signed is issued, why then, and whether it was.
fn issuing(w: Words, page: &DossierPage) -> Vec<Fact> {
    let Some(found) = &page.issuing else {
        return Vec::new();
    };
    let signed = format!("{}, {}", named(page, &found.by), w.moment(&found.signed));
    let days: Vec<String> = found.off.iter().map(|day| w.short_date(*day)).collect();
    let last = w.short_date(found.until);
    let why = if days.is_empty() {
        w.fill("course.issue_why", "day", &last)
    } else {
        let values = [("off", days.join(", ")), ("day", last)];
        let values = values
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        w.fills("course.issue_why_off", &values)
    };
    let until = w.promise(&found.until);
    let until = match (found.late, found.issued) {
        (true, None) => w.fill("course.issue_over", "until", until),
        _ => until,
    };
    let at = |at: Option<DateTime>| at.map(|at| w.moment(&at)).unwrap_or_default();
    let late = found.issued.filter(|_| found.late);
    let late = late.map_or("", |_| w.t("course.issued_late"));
    let facts = [
        Fact::of(w, "course.signed", signed),
        Fact::of(w, "course.issue_by", until),
        Fact::of(w, "course.issue_reason", why),
        Fact::of(w, "course.issued", at(found.issued)),
        Fact::of(w, "course.sealed", at(found.sealed)),
        Fact::of(w, "course.issue_judged", late),
    ];
    facts.into_iter().flatten().collect()
}

/// Whether the draft of a request waits for the leader or for the centre.
fn drafted(page: &DossierPage) -> &'static str {
    let asking = page.record().course.asking.as_ref();
    if asking.is_some_and(|draft| draft.approved.is_some()) {
        "approved"
    } else {
        "draft"
    }
}

/// Key of the label over the legal basis of a second request.
pub(super) fn basis() -> &'static str {
    "course.basis"
}

/// A request as it was drafted and waits for another to send it.
pub(super) fn waiting(w: Words, page: &DossierPage) -> Vec<Fact> {
    let Some(draft) = &page.record().course.asking else {
        return Vec::new();
    };
    let by = named(page, &draft.by);
    let by = format!("{by}, {}", w.moment(&draft.at));
    let mut facts: Vec<Fact> = Fact::of(w, "course.drafted_by", by).into_iter().collect();
    if let Some(approval) = &draft.approved {
        let by = format!("{}, {}", named(page, &approval.by), w.moment(&approval.at));
        facts.extend(Fact::of(w, "course.request_approved_by", by));
    }
    facts.extend(components(w, page, (&draft.components, &draft.corrections)));
    facts.extend(words_of(w, page, (&draft.reason, draft.basis.as_ref())));
    facts
}

/// The request that the applicant has to answer, with a clock of its own.
fn sent(w: Words, page: &DossierPage) -> Vec<Fact> {
    let (Dossier::Incomplete(_, request) | Dossier::Paused(_, _, request)) = &page.dossier else {
        return Vec::new();
    };
    let until = w.promise(&request.answer_by);
    let over = page.now > request.answer_by;
    let clock = if over {
        "course.answer_over"
    } else {
        "course.answer_open"
    };
    let mode = match request.mode {
        PauseMode::Restart => "course.restart",
        PauseMode::Exclude => "course.exclude",
    };
    let begun = page.record().received_at.is_some();
    let mut facts: Vec<Fact> = [
        Fact::of(w, "course.answer_by", w.fill(clock, "until", until)),
        Fact::of(w, "course.clock", if begun { w.t(mode) } else { "" }),
    ]
    .into_iter()
    .flatten()
    .collect();
    facts.extend(components(
        w,
        page,
        (&request.components, &request.corrections),
    ));
    facts.extend(words_of(w, page, (&request.reason, request.basis.as_ref())));
    let people = [
        ("course.drafted_by", request.drafted_by.as_ref()),
        ("course.sent_by", request.sent_by.as_ref()),
    ];
    let people = people
        .into_iter()
        .filter_map(|(key, who)| who.and_then(|who| Fact::of(w, key, named(page, who))));
    facts.extend(people);
    facts
}

/// Each component that is asked for, and what is wrong where it is there.
fn components(
    w: Words,
    page: &DossierPage,
    (asked, corrections): (&[u16], &[Correction]),
) -> Vec<Fact> {
    let listed = page.components();
    let fact = |number: &u16| {
        let name = listed.iter().find(|(c, _)| c.number == *number);
        let wrong = corrections.iter().find(|wrong| wrong.component == *number);
        let value = match wrong {
            Some(wrong) => w.fill("course.correct", "what", page.said(&wrong.what)),
            None => w.t("course.bring").to_owned(),
        };
        Fact {
            label: name.map_or_else(String::new, |(c, _)| format!("{number}. {}", c.name)),
            value,
        }
    };
    asked.iter().map(fact).collect()
}

fn words_of(
    w: Words,
    page: &DossierPage,
    (reason, basis_of): (&TextId, Option<&TextId>),
) -> Vec<Fact> {
    let said = |text: &TextId| page.said(text).to_owned();
    let facts = [
        Fact::of(w, "course.reason", said(reason)),
        Fact::of(w, basis(), basis_of.map(said).unwrap_or_default()),
    ];
    facts.into_iter().flatten().collect()
}

/// What the applicant owes, while the clock stands still for it.
fn owed(w: Words, page: &DossierPage) -> Vec<Fact> {
    let (Dossier::Obliged(record, _), Some(owed)) =
        (&page.dossier, &page.record().course.obligation)
    else {
        return Vec::new();
    };
    let since = record.pauses.last().map(|pause| w.promise(&pause.from));
    let amount = owed.amount.map(|amount| w.money(amount));
    let facts = [
        Fact::of(w, "course.amount", amount.unwrap_or_default()),
        Fact::of(
            w,
            "course.pay_by",
            owed.pay_by.map(|day| w.date(day)).unwrap_or_default(),
        ),
        Fact::of(w, "course.obligation", page.said(&owed.notice)),
        Fact::of(w, "course.stands_since", since.unwrap_or_default()),
        Fact::of(w, "course.clock", w.t("course.exclude")),
    ];
    facts.into_iter().flatten().collect()
}

/// The promised date beside others that were given since: of a green lane, of an apology.
fn dates(w: Words, page: &DossierPage) -> Vec<Fact> {
    let record = page.record();
    let course = &record.course;
    let (Some(due), true) = (
        record.due,
        course.lane.is_some() || !course.apologies.is_empty(),
    ) else {
        return Vec::new();
    };
    let mut facts = hastened(w, page);
    let limit = record.limit.map(|limit| words::limit(w.0, limit));
    let legal = format!("{} ({})", w.promise(&due), limit.unwrap_or_default());
    let legal_key = if course.lane.is_some() {
        "course.legal"
    } else {
        "course.promised"
    };
    facts.extend(Fact::of(w, legal_key, legal));
    if let Some(apology) = course.apologies.last() {
        facts.extend(Fact::of(w, "course.apologised", w.promise(&apology.until)));
        facts.extend(Fact::of(
            w,
            "course.apology_reason",
            page.said(&apology.reason),
        ));
        facts.extend(Fact::of(
            w,
            "course.signed_by",
            named(page, &apology.signed_by),
        ));
    }
    let counted = if course.lane.is_some() {
        "course.counted_lane"
    } else {
        "course.counted"
    };
    facts.extend(Fact::of(w, "course.statistics", w.t(counted)));
    facts.extend(Fact::of(w, "course.kept", kept(w, page)));
    facts
}

/// The green lane that it was admitted to, for which project, and the date published by it.
fn hastened(w: Words, page: &DossierPage) -> Vec<Fact> {
    let Some(lane) = &page.record().course.lane else {
        return Vec::new();
    };
    let lanes = &page.procedure.lanes;
    let known = lanes.iter().find(|one| one.code == lane.lane);
    let name = known.map_or(lane.lane.as_str(), |one| one.name.as_str());
    let listed = known.map_or(&[][..], |one| &one.eligible.projects);
    let mut projects = listed.iter();
    let project = projects.find(|one| lane.project.as_ref() == Some(&one.code));
    let limit = words::limit(w.0, lane.limit);
    let published = format!("{} ({limit})", w.promise(&lane.due));
    let facts = [
        Fact::of(w, "course.lane", name),
        Fact::of(w, "course.project", project.map_or("", |one| &one.name)),
        Fact::of(w, "course.published", published),
    ];
    facts.into_iter().flatten().collect()
}

/// Which of the two dates the result kept, in a green lane; empty while there is none.
fn kept(w: Words, page: &DossierPage) -> &'static str {
    let record = page.record();
    let issued = page
        .dossier
        .issued()
        .filter(|_| record.course.lane.is_some());
    issued.map_or("", |issued| {
        w.t(
            match (record.on_time(issued.at), record.lawful(issued.at)) {
                (Some(false), Some(false)) => "course.kept_none",
                (Some(false), _) => "course.kept_law",
                _ => "course.kept_both",
            },
        )
    })
}

/// What becomes of what was paid, once the dossier ended without the result that was asked for.
fn refund(w: Words, page: &DossierPage) -> Vec<Fact> {
    let refund = page.story.iter().find_map(|told| match &told.event {
        Event::Declined { refund, .. }
        | Event::Withdrawn { refund, .. }
        | Event::Stopped { refund, .. }
        | Event::Settled { refund, .. } => *refund,
        _ => None,
    });
    let Some(Refund { back, kept }) = refund else {
        return Vec::new();
    };
    let part = |key, sum: Dong| Fact::of(w, key, w.money(sum)).filter(|_| sum > Dong(0));
    let facts = [
        Fact::of(w, "course.fee", w.money(page.record().filed.fee)),
        part("course.refund_back", back),
        part("course.refund_kept", kept),
    ];
    facts.into_iter().flatten().collect()
}

/// What would become of what was paid if the dossier ended now.
pub(super) fn refund_now(w: Words, page: &DossierPage) -> Option<String> {
    let refund = page.dossier.refund(&page.procedure)?;
    let fee = w.money(page.record().filed.fee);
    let refund = words::refund(w.0, refund);
    Some(w.fills("act.refund_note", &[("fee", &fee), ("refund", &refund)]))
}

/// A member of staff by name, as far as the page knows her.
fn named(page: &DossierPage, id: &StaffId) -> String {
    let known = page.names.get(id.as_str()).cloned();
    known.unwrap_or_else(|| id.to_string())
}

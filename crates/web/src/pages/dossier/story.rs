//! What happened, in words.

use app::notices::DeliveryLine;
use app::processing::{DossierPage, Told};
use domain::dossier::{Event, Filed, HandedOver, Issued, Outcome, Receiver, Repinned};
use domain::ids::StaffId;
use jiff::civil::DateTime;

use crate::pages::notices::reason_words;
use crate::words::Words;

use super::scans;
use super::view::Reader;

/// A line of the story.
#[derive(Debug, Clone)]
pub(super) struct StoryLine {
    /// For machines.
    pub(super) at: String,
    /// `20/11 15:31`.
    pub(super) when: String,
    /// What happened.
    pub(super) what: String,
    /// Who did it.
    pub(super) who: String,
    /// What was written.
    pub(super) text: String,
    /// Where the paper is that was made; empty where none was.
    pub(super) url: String,
}

/// The story, newest first.
pub(super) fn story(reader: &Reader<'_>, page: &DossierPage) -> Vec<StoryLine> {
    let w = reader.w;
    let line = |told: &Told| {
        let line = StoryLine {
            at: told.at.to_string(),
            when: w.moment(&told.at),
            what: what(reader, page, &told.event),
            who: who(w, told),
            text: written(reader, page, told),
            url: paper(page, told),
        };
        (told.at, line)
    };
    let events = page.story.iter().map(line);
    let told = page.notices.iter().rev().map(|notice| told(w, notice));
    let mut lines: Vec<_> = told.chain(events).collect();
    // What was told stands above what it tells of.
    lines.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    lines.into_iter().map(|(_, line)| line).collect()
}

/// Who did it; both names when somebody absent was stood in for.
fn who(w: Words, told: &Told) -> String {
    if told.who.is_empty() {
        return w.t("dossier.system").to_owned();
    }
    if told.behalf.is_empty() {
        return told.who.clone();
    }
    let values = [("who", told.who.as_str()), ("whom", told.behalf.as_str())];
    w.fills("web.story.behalf", &values)
}

/// A notice to the applicant: what, by what, how far; never to which address.
fn told(w: Words, notice: &DeliveryLine) -> (DateTime, StoryLine) {
    let at = notice.ended_at.unwrap_or(notice.created_at);
    let values = [
        ("kind", w.of("notice.kind", notice.kind.as_str())),
        ("channel", w.of("notice.channel", notice.channel.as_str())),
        ("state", w.of("notice.state", notice.state.as_str())),
    ];
    let values = values
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let line = StoryLine {
        at: at.to_string(),
        when: w.moment(&at),
        what: w.fills("told.notice", &values),
        who: w.t("dossier.system").to_owned(),
        text: reason_words(w, &notice.reason),
        url: String::new(),
    };
    (at, line)
}

/// The words that belong to it: an apology stands under what it is for.
fn written(reader: &Reader<'_>, page: &DossierPage, told: &Told) -> String {
    match &told.event {
        Event::CorrectionOpened { apology, .. } => {
            let said = page.said(apology);
            let apology = reader.w.fill("told.correction_apology", "apology", said);
            format!("{}\n{apology}", told.text)
        }
        _ => told.text.clone(),
    }
}

/// The newest paper of the form that the event says was made, or the scan that it put on file.
fn paper(page: &DossierPage, told: &Told) -> String {
    match &told.event {
        Event::ComponentScanned(made) => {
            let address = scans::address(&page.id, made.scan.component);
            format!("{address}?lan={}", told.version)
        }
        Event::SlipIssued { form, .. } => {
            format!("/ho-so/{}/phieu/{}", page.id, form.number())
        }
        _ => String::new(),
    }
}

fn what(reader: &Reader<'_>, page: &DossierPage, event: &Event) -> String {
    let w: Words = reader.w;
    match event {
        Event::Submitted { filed, .. } => submitted(w, page, filed),
        Event::Received { .. } => w.t("told.received").to_owned(),
        Event::SupplementRequested { request } => {
            w.fill("told.supplement_requested", "n", request.components.len())
        }
        Event::SupplementDrafted(draft) => {
            w.fill("told.supplement_drafted", "n", draft.components.len())
        }
        Event::SupplementApproved(_) => w.t("told.supplement_approved").to_owned(),
        Event::SupplementDiscarded { .. } => w.t("told.supplement_discarded").to_owned(),
        Event::Supplied { handed, .. } => w.fill("told.supplied", "n", handed.len()),
        Event::Declined { late: true, .. } => w.t("told.declined_late").to_owned(),
        Event::Declined { .. } => w.t("told.declined").to_owned(),
        Event::HandedOver(HandedOver {
            to,
            late: Some(until),
            ..
        }) => {
            let said = w.fill("told.handed_over_late", "unit", (reader.unit)(to));
            said.replace("{until}", &w.moment(until))
        }
        Event::HandedOver(HandedOver { to, .. }) => {
            w.fill("told.handed_over", "unit", (reader.unit)(to))
        }
        Event::Assigned { to, .. } => w.fill("told.assigned", "who", named(page, to)),
        Event::StepFinished { approved: true, .. } => w.t("told.approved").to_owned(),
        Event::StepFinished { step, .. } => w.fill(
            "told.step_finished",
            "step",
            super::steps::step_name(w, page, *step),
        ),
        Event::SentBack { .. } => w.t("told.sent_back").to_owned(),
        Event::ResultDrafted { draft, .. } => match draft.outcome {
            Outcome::Granted => w.t("told.result_drafted").to_owned(),
            Outcome::Refused => w.t("told.result_drafted_refused").to_owned(),
        },
        Event::ResultSigned(_) => w.t("told.result_signed").to_owned(),
        Event::ObligationNoticed(_) => w.t("told.obligation_noticed").to_owned(),
        Event::ObligationMet { .. } => w.t("told.obligation_met").to_owned(),
        Event::Settled { issued, .. } => settled(w, issued),
        Event::Returned(back) => w.t(returned(&back.receiver)).to_owned(),
        Event::Withdrawn { .. } => w.t("told.withdrawn").to_owned(),
        Event::Stopped { order: Some(_), .. } => w.t("told.stopped_ordered").to_owned(),
        Event::Stopped { .. } => w.t("told.stopped").to_owned(),
        Event::SlipIssued { form, .. } => {
            let form = w.of("slip.short", form.number());
            w.fill("told.slip_issued", "form", form)
        }
        Event::ResultMade {
            completes: Some(_), ..
        } => w.t("told.result_proved").to_owned(),
        Event::ResultMade { at, .. } => made(w, page, *at),
        _ => beside(w, page, event),
    }
}

/// A result that got its number, and whether that was late.
fn settled(w: Words, issued: &Issued) -> String {
    let said = w.fill("told.settled", "number", &issued.number);
    after(w, issued, issued.at).map_or_else(|| said.clone(), |late| format!("{said}; {late}"))
}

/// The document of a result, and whether the agency sealed it late.
fn made(w: Words, page: &DossierPage, at: DateTime) -> String {
    let said = w.t("told.result_made").to_owned();
    let late = page
        .dossier
        .issued()
        .and_then(|issued| after(w, issued, at));
    late.map_or_else(|| said.clone(), |late| format!("{said}; {late}"))
}

/// How it is said that something came after the last day for issuing.
fn after(w: Words, issued: &Issued, at: DateTime) -> Option<String> {
    let by = issued.issue_by.filter(|by| by.date() < at.date())?;
    Some(w.fill("told.issued_late", "until", w.short_date(by)))
}

/// What happened beside the steps of the process.
fn beside(w: Words, page: &DossierPage, event: &Event) -> String {
    match event {
        Event::LookupRecorded { lookup, .. } => {
            let database = w.of("database", lookup.database.as_str());
            let found = w.of("lookup", lookup.found.as_str());
            let said = w.fill("told.lookup_recorded", "database", database);
            said.replace("{found}", &found)
        }
        Event::ComponentScanned(made) => {
            let said = w.fill("told.component_scanned", "n", made.scan.component);
            said.replace("{pages}", &made.scan.pages.to_string())
        }
        Event::ResultDigitised(copy) => {
            let who = named(page, &copy.decided_by);
            w.fill("told.result_digitised", "who", who)
        }
        Event::CopiedToPaper(copy) => {
            let said = w.fill("told.copied_to_paper", "number", &copy.number);
            said.replace("{n}", &copy.copies.to_string())
        }
        Event::HandOverAcknowledged(_) => w.t("told.hand_over_acknowledged").to_owned(),
        Event::ResultAcknowledged(_) => w.t("told.result_acknowledged").to_owned(),
        Event::ReceiptScanned(_) => w.t("told.receipt_scanned").to_owned(),
        Event::SupplementHandedByPost(signed) => {
            w.fill("told.supplement_handed_by_post", "record", &signed.record)
        }
        Event::HandedByPost(signed) => w.fill("told.handed_by_post", "record", &signed.record),
        Event::Released { .. } => w.t("told.released").to_owned(),
        Event::Apologised(apology) => w.fill("told.apologised", "until", w.moment(&apology.until)),
        Event::LaneAdmitted(admitted) => {
            let said = w.fill("told.lane_admitted", "lane", &admitted.lane);
            said.replace("{until}", &w.moment(&admitted.due))
        }
        Event::Repinned(repinned) => repinned_words(w, repinned),
        Event::CorrectionOpened { .. } => w.t("told.correction_opened").to_owned(),
        Event::Corrected { .. } => w.t("told.corrected").to_owned(),
        Event::CorrectionDropped { .. } => w.t("told.correction_dropped").to_owned(),
        _ => tasked(w, event),
    }
}

/// What became of tasks of other agencies.
fn tasked(w: Words, event: &Event) -> String {
    let of = |key: &str, task: &u16| w.fill(key, "task", task);
    match event {
        Event::TasksSent(sent) => w.fill("told.tasks_sent", "n", sent.tasks.len()),
        Event::TaskOpened { task, .. } => of("told.task_opened", task),
        Event::TaskAccepted { task, .. } => of("told.task_accepted", task),
        Event::TaskAnswered { task, .. } => of("told.task_answered", task),
        Event::AnswerAcknowledged { task, .. } => of("told.answer_acknowledged", task),
        Event::TaskRecalled { task, .. } => of("told.task_recalled", task),
        Event::TaskLapsed(lapsed) => of("told.task_lapsed", &lapsed.task),
        _ => String::new(),
    }
}

fn returned(receiver: &Receiver) -> &'static str {
    match receiver {
        Receiver::Applicant => "told.returned",
        Receiver::Authorised { .. } => "told.returned_authorised",
        Receiver::Post => "told.returned_post",
        Receiver::Electronic => "told.returned_electronic",
    }
}

/// A member of staff by name, as far as the page knows her.
fn submitted(w: Words, page: &DossierPage, filed: &Filed) -> String {
    let channel = w.of("channel", filed.channel.as_str()).to_lowercase();
    let filed_by = w.fill("told.submitted", "channel", channel);
    match &filed.help {
        Some(help) => {
            let who = w.fill("told.helped", "who", named(page, &help.by));
            format!("{filed_by}, {who}")
        }
        None => filed_by,
    }
}

fn named(page: &DossierPage, id: &StaffId) -> String {
    let known = page.names.get(id.as_str()).cloned();
    known.unwrap_or_else(|| id.to_string())
}

/// A move to another version or back, with the date that is promised since.
fn repinned_words(w: Words, repinned: &Repinned) -> String {
    let key = match repinned.undoes {
        Some(_) => "told.repinned_back",
        None => "told.repinned",
    };
    let new = &repinned.new;
    let (procedure, process) = (
        new.procedure_version.to_string(),
        new.process_version.to_string(),
    );
    let said = w.fills(key, &[("procedure", &procedure), ("process", &process)]);
    match new.promise.due.filter(|_| repinned.promises_anew()) {
        Some(due) => format!(
            "{said}. {}",
            w.fill("told.promised_anew", "due", w.promise(&due))
        ),
        None => said,
    }
}

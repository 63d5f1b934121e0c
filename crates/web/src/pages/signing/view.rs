//! What waits for a signature and a batch, as their templates draw them.

use app::forms::Typed;
use app::signing::batch::{
    BatchLine, BatchPage, MOST, Progress, SigningItemRow, Stage, ToSignList, ToSignRow,
};
use askama::Template;
use domain::certificate::KeyAt;

use super::Sent;
use super::attached::Attached;
use super::states::{rule, shown, why};
use crate::error::{FaultLine, fault_lines};
use crate::layout::Frame;
use crate::pages::input::Input;
use crate::present::{Mark, Marker, holder, local_time};
use crate::state::LocalToken;
use crate::words::Words;

/// A dossier that waits for a signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    id: String,
    code: String,
    mark: Mark,
    due: String,
    procedure: String,
    owner: String,
    chosen: bool,
}

/// A batch on the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BatchRow {
    id: String,
    title: String,
    about: String,
    /// Whether somebody has to go on with it.
    open: bool,
}

#[derive(Template)]
#[template(path = "signing/list.html")]
pub(super) struct ListView {
    frame: Frame,
    w: Words,
    lead: String,
    faults: Vec<FaultLine>,
    wrong: String,
    key: String,
    rows: Vec<Row>,
    batches: Vec<BatchRow>,
}

impl ListView {
    pub(super) fn new(
        frame: Frame,
        marker: &Marker,
        (found, key): (&ToSignList, String),
        (typed, faults): (Option<&Typed>, Vec<FaultLine>),
    ) -> Self {
        let w = frame.w;
        let (n, most) = (found.rows.len().to_string(), MOST.to_string());
        let row = |row: &ToSignRow| waiting(w, marker, row, typed);
        Self {
            lead: w.fills("signing.lead", &[("n", &n), ("most", &most)]),
            wrong: fault_at(&faults, "dossier"),
            rows: found.rows.iter().map(row).collect(),
            batches: found.batches.iter().map(|one| line(w, one)).collect(),
            faults,
            key,
            frame,
            w,
        }
    }
}

fn waiting(w: Words, marker: &Marker, row: &ToSignRow, typed: Option<&Typed>) -> Row {
    let due = row.due_at.map(local_time);
    Row {
        id: row.dossier.clone(),
        code: row.code.clone().unwrap_or_default(),
        mark: marker.running(due),
        due: due.map_or_else(|| "–".to_owned(), |due| w.moment(&due)),
        procedure: row.procedure_name.clone(),
        owner: row.owner_name.clone(),
        chosen: typed.is_none_or(|typed| typed.all("ho-so").any(|id| id == row.dossier)),
    }
}

fn line(w: Words, one: &BatchLine) -> BatchRow {
    let at = w.moment(&local_time(one.row.created_at));
    let (i, n) = (one.row.signed.to_string(), one.row.listed.to_string());
    BatchRow {
        id: one.row.id.clone(),
        title: w.fill("signing.batch", "at", at),
        about: w.fills("signing.of", &[("i", &i), ("n", &n)]),
        open: one.stage != Stage::Done,
    }
}

/// How far a batch is, in words.
pub(super) fn progress(w: Words, far: Progress) -> String {
    let key = format!("signing.stage.{}", far.stage.as_str());
    let number = |n: i64| n.to_string();
    let values = [
        ("i", number(far.signed)),
        ("n", number(far.listed)),
        ("made", number(far.made)),
        ("open", number(far.open)),
    ];
    let values = values.each_ref().map(|(name, n)| (*name, n.as_str()));
    w.fills(&key, &values)
}

/// How much is done, of how much.
pub(super) fn measure(far: Progress) -> (i64, i64) {
    let done = match far.stage {
        Stage::Preparing => far.made,
        _ => far.listed - far.open,
    };
    (done, far.listed.max(1))
}

/// A document of a batch.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a page says of each part whether it is there"
)]
pub(super) struct Item {
    place: i64,
    dossier: String,
    code: String,
    mark: Mark,
    due: String,
    procedure: String,
    owner: String,
    /// The beginning of its hash; empty until it is made.
    hash: String,
    whole_hash: String,
    /// What is signed with it, in files of their own.
    attachments: Vec<Attached>,
    /// Whether it may still be signed.
    open: bool,
    read: bool,
    chosen: bool,
    /// Whether it was to be given back and the reason was not understood.
    returning: bool,
    state: String,
    /// Class of the state's mark, and its icon.
    look: (&'static str, &'static str),
    /// Why it was not signed; empty for no reason.
    why: String,
    rule: String,
}

#[derive(Template)]
#[template(path = "signing/batch.html")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "what the page shows and what it leaves out"
)]
pub(super) struct BatchView {
    frame: Frame,
    w: Words,
    id: String,
    key: String,
    stage: &'static str,
    progress: String,
    value: i64,
    most: i64,
    /// Whether the page asks how far it is.
    moving: bool,
    open: bool,
    /// How the use of the key is approved: empty where it is opened here with its PIN, otherwise
    /// `phone`, `pin` or `code`.
    asks: &'static str,
    code: Input,
    /// What is to be done on the phone; empty where nothing is.
    on_phone: String,
    stopped: String,
    faults: Vec<FaultLine>,
    faults_title: String,
    wrong: String,
    pin: Input,
    blocked: String,
    certificate: String,
    /// Whether each document is signed with a token at the desk, one after the other.
    pub(super) at_desk: bool,
    /// Where the program on the person's machine listens.
    service: LocalToken,
    items: Vec<Item>,
    /// Whether a return was not understood, and what was typed.
    returning: bool,
    reason: String,
    reason_wrong: String,
}

impl BatchView {
    pub(super) fn new(
        frame: Frame,
        marker: &Marker,
        (found, key, service): (&BatchPage, String, LocalToken),
        sent: Sent<'_>,
    ) -> Self {
        let w = frame.w;
        let far = found.progress();
        let (value, most) = measure(far);
        let signing = sent.typed.filter(|_| sent.place.is_none());
        let items = found.items.iter();
        let items = items.map(|one| Item {
            returning: sent.place == Some(one.place),
            attachments: Attached::all(w, found, one),
            ..item(w, marker, one, signing)
        });
        let (blocked, certificate) = signer(w, found);
        let (asks, blocked) = asked(w, found, blocked);
        let nothing = Typed::default();
        let pin = Input::password("pin", "signing.pin", "off");
        let returned = sent.typed.filter(|_| sent.place.is_some());
        Self {
            id: found.row.id.clone(),
            stage: found.stage.as_str(),
            progress: progress(w, far),
            value,
            most,
            moving: matches!(
                found.stage,
                Stage::Preparing | Stage::Running | Stage::Asked
            ),
            open: far.open > 0 && !matches!(found.stage, Stage::Running | Stage::Asked),
            asks,
            code: Input::password("code", "signing.code", "one-time-code")
                .filled(&nothing, &sent.faults),
            on_phone: on_phone(w, found),
            stopped: stopped(w, found),
            faults_title: w.t(not_done(&sent)).to_owned(),
            wrong: fault_at(&sent.faults, "dossier"),
            pin: pin.filled(&nothing, &sent.faults),
            blocked,
            certificate,
            at_desk: at_desk(found),
            service,
            items: items.collect(),
            returning: sent.place.is_some(),
            reason: returned.map_or("", |typed| typed.get("reason")).to_owned(),
            reason_wrong: fault_at(&sent.faults, "reason"),
            faults: sent.faults,
            key,
            frame,
            w,
        }
    }

    /// The first document that can still be read.
    pub(super) fn first(&self) -> Option<&Item> {
        self.items.iter().find(|item| item.open)
    }
}

/// What did not happen, where there are faults.
fn not_done(sent: &Sent<'_>) -> &'static str {
    match sent.place {
        Some(_) => "signing.not_returned",
        None => "signing.not_signed",
    }
}

/// How the use of the key is approved, and what stands in the way.
fn asked(w: Words, found: &BatchPage, blocked: String) -> (&'static str, String) {
    match &found.remote {
        None => ("", blocked),
        Some(Ok(asks)) => (asks.as_str(), blocked),
        Some(Err(why)) => ("", w.t(why).to_owned()),
    }
}

/// Why a batch stopped; empty where it did not or nobody knows.
fn stopped(w: Words, found: &BatchPage) -> String {
    match found.stage {
        Stage::Stopped if !found.row.told.is_empty() => w.t(&found.row.told).to_owned(),
        _ => String::new(),
    }
}

fn signer(w: Words, found: &BatchPage) -> (String, String) {
    match &found.signer {
        None => (String::new(), String::new()),
        Some(Ok(_)) if at_desk(found) => (String::new(), String::new()),
        Some(Ok(signer)) => {
            let until = w.date(signer.certificate.valid_to.date());
            let subject = holder(&signer.certificate.subject);
            let values = [("subject", subject.as_str()), ("until", until.as_str())];
            (String::new(), w.fills("signing.certificate", &values))
        }
        Some(Err(why)) => {
            let lines = fault_lines(w, &[app::certificates::not_signing(*why)]);
            let blocked = lines.into_iter().next().map(|line| line.message);
            (blocked.unwrap_or_default(), String::new())
        }
    }
}

fn at_desk(found: &BatchPage) -> bool {
    let signer = found
        .signer
        .as_ref()
        .and_then(|signer| signer.as_ref().ok());
    signer.is_some_and(|signer| signer.certificate.key == KeyAt::LocalToken)
}

/// What the person does on her phone for the request under way.
fn on_phone(w: Words, found: &BatchPage) -> String {
    let Some(request) = found
        .request
        .as_ref()
        .filter(|_| found.stage == Stage::Asked)
    else {
        return String::new();
    };
    let documents = request.documents.to_string();
    let values = [("n", documents.as_str()), ("title", request.title.as_str())];
    match request.waiting {
        Some(_) => w.fills("signing.on_phone", &values),
        None => w.fills("signing.sending", &values),
    }
}

fn item(w: Words, marker: &Marker, row: &SigningItemRow, typed: Option<&Typed>) -> Item {
    let state = row.state();
    let due = row.due_at.map(local_time);
    let whole_hash = row.document.clone().unwrap_or_default();
    let read = row.seen_at.is_some();
    let place = row.place.to_string();
    let ticked = typed.is_none_or(|typed| typed.all("ky").any(|ticked| ticked == place));
    let (words, look) = shown(state, row);
    Item {
        place: row.place,
        dossier: row.dossier.clone(),
        code: row.code.clone().unwrap_or_default(),
        mark: marker.running(due),
        due: due.map_or_else(|| "–".to_owned(), |due| w.moment(&due)),
        procedure: row.procedure_name.clone(),
        owner: row.owner_name.clone(),
        hash: whole_hash.chars().take(12).collect(),
        whole_hash,
        attachments: Vec::new(),
        open: state.is_open(),
        read,
        chosen: read && ticked,
        returning: false,
        state: w.t(words).to_owned(),
        look,
        why: why(w, &row.reason),
        rule: rule(&row.reason).to_owned(),
    }
}

fn fault_at(faults: &[FaultLine], field: &str) -> String {
    let found = faults.iter().find(|fault| fault.field == field);
    found.map(|fault| fault.message.clone()).unwrap_or_default()
}

//! The counter form as its page shows it.

use app::access::Desk;
use app::clock::epoch_millis;
use app::forms::Typed;
use app::intake::{IntakeDraft, Preview};
use app::no::Fault;
use domain::money::Dong;
use domain::party::mask;
use jiff::civil::DateTime;

use crate::error::{FaultLine, RefusalPanel, fault_lines};
use crate::pages::dossier::promise::{NARROW, Promise};
use crate::words::Words;

use super::agency::{Agency, agency};
use super::certified::{Certifying, certifying};
use super::chosen::{Chosen, chosen};
use super::ending::{Asking, ending};
use super::field::{APPLICANT, Choice, Field, Fields, OWNER, at, choices};
use super::reuse::Consent;

/// Everything between the bar and the end of the page.
#[derive(Debug, Clone, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a template asks each part of the page whether it is there"
)]
pub(crate) struct IntakeView {
    /// The draft.
    pub(crate) draft: String,
    /// Its version.
    pub(crate) version: u32,
    /// The centre that receives.
    pub(crate) centre: String,
    /// Other centres where the person receives.
    pub(crate) centres: Vec<Choice>,
    /// When the server saved it, epoch milliseconds.
    pub(crate) draft_at: i64,
    /// `Đã lưu 10:42`.
    pub(crate) saved: String,
    /// The form's one-time key.
    pub(crate) key: String,
    /// `Thứ Hai 23/11/2026`.
    pub(crate) today: String,
    /// Other intakes of the unit that wait.
    pub(crate) held: Vec<Held>,
    /// How many they are, in words.
    pub(crate) held_title: String,
    /// Components whose scans must be chosen again, in words; empty for none.
    pub(crate) rechoose: String,
    /// The applicant's word on documents of her store, where it is asked for.
    pub(crate) consent: Option<Consent>,
    /// What is wrong with the scans that came.
    pub(crate) scan_error: String,
    /// What is wrong.
    pub(crate) faults: Vec<FaultLine>,
    /// How much is wrong, in words.
    pub(crate) faults_title: String,
    /// What the law refused.
    pub(crate) refusal: Option<RefusalPanel>,
    /// The part that asks for a supplement or a reason, when it is open.
    pub(crate) ending: Option<Asking>,
    /// Where the cursor stands.
    pub(crate) focus: &'static str,
    /// Who applies, when a card said so.
    pub(crate) person: Option<Person>,
    /// Where the applicant's data comes from: a time of scanning.
    pub(crate) source: String,
    /// The same in words.
    pub(crate) source_words: String,
    /// What the reader typed, when it was no card.
    pub(crate) card: String,
    /// Why it was no card.
    pub(crate) card_error: String,
    /// Fields about the applicant.
    pub(crate) applicant: Vec<Field>,
    /// Fields about the owner.
    pub(crate) owner: Vec<Field>,
    /// What was typed as procedure.
    pub(crate) procedure: String,
    /// What is wrong with it.
    pub(crate) procedure_error: String,
    /// Procedures that fit the words typed.
    pub(crate) offers: Vec<Offer>,
    /// The procedure, once it is known.
    pub(crate) chosen: Option<Chosen>,
    /// The agency that decides it.
    pub(crate) agency: Option<Agency>,
    /// Papers to certify.
    pub(crate) certifying: Option<Certifying>,
    /// Whether an agent of the post fills it in.
    pub(crate) post: bool,
    /// Whether a volunteer does.
    pub(crate) help: bool,
    /// Who helped with filling in, in words.
    pub(crate) helped: String,
    /// Whether the intake before this one was just given to the clerks.
    pub(crate) handed: bool,
    /// The date that would be promised.
    pub(crate) promise: Option<Promise>,
    /// Ways in.
    pub(crate) channels: Vec<Choice>,
    /// Sets of papers.
    pub(crate) sets: String,
    /// Whether nothing is charged that the program can count.
    pub(crate) free: bool,
    /// When the fee is paid.
    pub(crate) payments: Vec<Choice>,
    /// What an agent of the post took, and what is wrong with that.
    pub(crate) taken: (String, String),
    /// How the result goes out.
    pub(crate) deliveries: Vec<Choice>,
    /// The reason.
    pub(crate) reason: String,
    /// What is wrong with it.
    pub(crate) reason_error: String,
    /// What the main act will do now.
    pub(crate) advice: String,
}

/// An intake that waits.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    /// Its draft.
    pub(crate) id: String,
    /// The applicant.
    pub(crate) name: String,
    /// When it was saved.
    pub(crate) detail: String,
}

/// An applicant known from a card.
#[derive(Debug, Clone)]
pub(crate) struct Person {
    pub(crate) name: String,
    pub(crate) birth: String,
    pub(crate) sex: String,
    /// Masked.
    pub(crate) number: String,
    pub(crate) address: String,
    /// Names and values that the form still sends.
    pub(crate) hidden: Vec<Choice>,
}

/// A procedure to pick.
#[derive(Debug, Clone)]
pub(crate) struct Offer {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) hint: String,
}

/// What the view is made of.
pub(crate) struct Making<'a> {
    pub(crate) w: Words,
    pub(crate) now: DateTime,
    pub(crate) draft: &'a IntakeDraft,
    pub(crate) typed: &'a Typed,
    pub(crate) faults: &'a [Fault],
    pub(crate) preview: Option<&'a Preview>,
    /// Name of the agency that decides.
    pub(crate) decides: String,
    /// As what the person fills in.
    pub(crate) desk: Desk,
}

impl IntakeView {
    /// Key of the page's title.
    pub(crate) fn title(&self) -> &'static str {
        match (self.post, self.help) {
            (true, _) => "intake.title_post",
            (false, true) => "intake.title_help",
            (false, false) => "intake.title",
        }
    }

    /// The page of a draft. Held intakes, offers, refusal and focus are added by who knows them.
    pub(crate) fn of(making: &Making<'_>) -> Self {
        let (w, typed, preview) = (making.w, making.typed, making.preview);
        let faults = fault_lines(w, making.faults);
        let fields = Fields {
            w,
            typed,
            mistakes: &faults,
        };
        let scanned = making.draft.scanned();
        let person = person(&fields, scanned);
        let chosen = making
            .preview
            .map(|preview| chosen(w, preview, &making.decides));
        let stage = Stage {
            chosen: chosen.is_some(),
            agency: preview.is_none_or(|found| found.competent.is_some()),
            missing: &making.preview.map(Preview::missing).unwrap_or_default(),
            desk: making.desk,
        };
        Self {
            post: making.desk == Desk::Post,
            help: making.desk == Desk::Help,
            agency: preview.map(|found| agency(typed, found, &making.decides, &faults)),
            certifying: preview.and_then(|found| certifying(w, typed, found, &faults)),
            draft: making.draft.id.to_string(),
            version: making.draft.version,
            draft_at: epoch_millis(making.draft.saved),
            saved: w.fill("form.saved", "time", w.time(&making.draft.saved)),
            today: w.long_date(making.now),
            faults_title: w.fill("form.faults", "n", faults.len()),
            ending: ending(w, typed, making.preview),
            focus: focus(typed, &stage),
            applicant: applicant(&fields, person.is_some()),
            source: scanned.to_owned(),
            source_words: w.fill("intake.scanned", "time", scanned),
            card: typed.get("card").to_owned(),
            card_error: at(&faults, "card"),
            owner: owner(&fields),
            procedure: procedure(typed, making.preview),
            procedure_error: at(&faults, "procedure"),
            promise: making
                .preview
                .and_then(|preview| preview.promise.as_ref())
                .map(|deadline| Promise::of(w.0, deadline, making.now.date(), NARROW)),
            channels: choices(w, typed.get("channel"), &CHANNELS),
            sets: sets(typed),
            free: making.preview.is_some_and(|preview| preview.fee == Dong(0)),
            payments: choices(w, typed.get("payment"), &PAYMENTS),
            taken: taken(typed, &faults),
            deliveries: choices(w, typed.get("delivery"), &DELIVERIES),
            reason: typed.get("reason").to_owned(),
            reason_error: at(&faults, "reason"),
            advice: advice(w, &stage),
            scan_error: at(&faults, "scan"),
            faults,
            person,
            chosen,
            ..Self::default()
        }
    }
}

/// What an agent of the post took, and what is wrong with that.
fn taken(typed: &Typed, faults: &[FaultLine]) -> (String, String) {
    let field = "collected";
    (typed.get(field).to_owned(), at(faults, field))
}

const CHANNELS: [(&str, &str); 2] = [("direct", "channel.direct"), ("post", "channel.post")];
const PAYMENTS: [(&str, &str); 3] = [
    ("before", "payment.before"),
    ("after", "payment.after"),
    ("free", "payment.free"),
];
const DELIVERIES: [(&str, &str); 3] = [
    ("centre", "delivery.centre"),
    ("post", "delivery.post"),
    ("electronic", "delivery.electronic"),
];
const MANDATES: [(&str, &str); 4] = [
    ("own", "mandate.own"),
    ("relative", "mandate.relative"),
    ("authorised", "mandate.authorised"),
    ("missing", "mandate.missing"),
];

/// Who a card names, unless something about it must be mended.
fn person(fields: &Fields<'_>, scanned: &str) -> Option<Person> {
    let (w, typed) = (fields.w, fields.typed);
    let names = APPLICANT.identity();
    let wrong = names
        .iter()
        .any(|name| !at(fields.mistakes, name).is_empty());
    if wrong || scanned.is_empty() || typed.get("name").is_empty() {
        return None;
    }
    let hidden = names.iter().map(|name| Choice {
        value: (*name).to_owned(),
        label: typed.get(name).to_owned(),
        on: true,
    });
    Some(Person {
        name: typed.get("name").to_owned(),
        birth: typed.get("birth").to_owned(),
        sex: match typed.get("sex") {
            "male" => w.t("party.male").to_owned(),
            "female" => w.t("party.female").to_owned(),
            _ => String::new(),
        },
        number: mask(typed.get("number")),
        address: typed.get("address").to_owned(),
        hidden: hidden.collect(),
    })
}

fn applicant(fields: &Fields<'_>, known: bool) -> Vec<Field> {
    let mut drawn = if known {
        Vec::new()
    } else {
        fields.party("kind", APPLICANT)
    };
    drawn.extend(fields.reach(APPLICANT));
    drawn.push(Field {
        options: choices(fields.w, fields.typed.get("mandate"), &MANDATES),
        ..fields.text("mandate", "intake.mandate")
    });
    for field in &mut drawn {
        field.show_choice();
    }
    drawn
}

fn owner(fields: &Fields<'_>) -> Vec<Field> {
    let mut drawn = fields.party("owner_kind", OWNER);
    drawn.extend(fields.reach(OWNER));
    drawn
}

fn procedure(typed: &Typed, preview: Option<&Preview>) -> String {
    preview.map_or_else(
        || typed.get("procedure").to_owned(),
        |preview| format!("{} · {}", preview.procedure.code, preview.procedure.name),
    )
}

fn sets(typed: &Typed) -> String {
    match typed.get("sets") {
        "" => "1".to_owned(),
        sets => sets.to_owned(),
    }
}

/// How far the form is filled in, and by whom.
struct Stage<'a> {
    chosen: bool,
    agency: bool,
    missing: &'a [u16],
    desk: Desk,
}

/// Where the next thing is typed: the card, the procedure, the agency, the papers, the end.
fn focus(typed: &Typed, stage: &Stage<'_>) -> &'static str {
    if !typed.get("ending").is_empty() {
        "reason"
    } else if typed.get("name").is_empty() && typed.get("procedure").is_empty() {
        "card"
    } else if !stage.chosen {
        "procedure"
    } else if !stage.agency {
        "competent"
    } else if stage.missing.is_empty() {
        "receive"
    } else {
        "papers"
    }
}

/// `1, 3`.
pub(super) fn numbers(missing: &[u16]) -> String {
    missing
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(", ")
}

fn advice(w: Words, stage: &Stage<'_>) -> String {
    let missing = !stage.missing.is_empty();
    match stage.desk {
        Desk::Help => w.t("intake.advice_help").to_owned(),
        Desk::Post if missing => w.fill(
            "intake.advice_post_missing",
            "missing",
            numbers(stage.missing),
        ),
        Desk::Post => w.t("intake.advice_post").to_owned(),
        Desk::Counter if !stage.chosen => w.t("intake.advice_start").to_owned(),
        Desk::Counter if !stage.agency => w.t("intake.advice_agency").to_owned(),
        Desk::Counter if missing => {
            w.fill("intake.advice_missing", "missing", numbers(stage.missing))
        }
        Desk::Counter => w.t("intake.advice_complete").to_owned(),
    }
}

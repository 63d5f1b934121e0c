//! The document in which a result is given: as a draft while the dossier is worked on, and as the
//! official document once it is settled. Vietnamese alone, in the layout of Nghị định 30/2020/NĐ-CP.

use domain::dossier::{AtStep, Dossier, Draft, Event, File, Issued, Outcome, Record};
use domain::ids::{DossierId, StaffId, UnitId};
use domain::office::{Role, UnitKind};
use domain::procedure::{Procedure, Term};
use domain::slip::{Form, Heading, ResultLetter, Signer, Slip as Sheet};
use jiff::civil::{Date, DateTime};
use store::Loaded;

use crate::facts::World;
use crate::no::{Denied, No};
use crate::people::party;
use crate::processing::texts;
use crate::state::App;
use crate::verification::{PaperKind, address};
use crate::words::{self, Language};

use super::compose::{heading, lower_first, place_of, staff_name};

const VI: Language = Language::Vi;

/// What a draft of a result says.
pub(crate) struct DraftSaid<'a> {
    pub(crate) outcome: Outcome,
    pub(crate) text: &'a str,
    /// How long it will be valid; none where nothing says so.
    pub(crate) validity: Option<Term>,
    /// Titles of what goes with it in files of their own, in order.
    pub(crate) attached: &'a [String],
}

/// What a letter says beside what is known of its dossier.
struct Said<'a> {
    dossier: &'a DossierId,
    draft: DraftSaid<'a>,
    at: DateTime,
    /// The day whose agency speaks: that of the filing, or whoever took its work over by then.
    day: Date,
    /// Number and symbol, once given.
    number: Option<&'a str>,
    signer: Signer,
    /// Whether it is about to be signed.
    to_sign: bool,
}

/// Makes the document of a draft from its text and stores it.
///
/// # Errors
/// [`No::Broken`].
pub(crate) async fn letter(
    app: &App,
    world: &World,
    loaded: &Loaded,
    draft: DraftSaid<'_>,
) -> Result<File, No> {
    let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
    let said = Said {
        dossier: &loaded.id,
        draft,
        at: world.now,
        day: world.now.date(),
        number: None,
        signer: Signer {
            authority: None,
            post: words::t(VI, "letter.signer").to_owned(),
            name: String::new(),
        },
        to_sign: false,
    };
    keep(app, compose(app, record, &world.procedure, said).await?).await
}

/// The document that whoever acts in `world` signs: the text of the draft with her as the signer, and
/// empty fields for number, day and signatures. The same draft and signer give the same bytes.
///
/// # Errors
/// [`No::Denied`] where there is no draft, [`No::Broken`].
pub(crate) async fn to_sign(app: &App, world: &World, loaded: &Loaded) -> Result<Vec<u8>, No> {
    let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
    let step = loaded.dossier.at_step();
    let draft = step.and_then(|at| at.draft.as_ref()).ok_or(Denied::Seen)?;
    if draft.uploaded {
        let made = app.files().get(&draft.document.hash).await?;
        let ready = app.signatures().ready(made).await;
        return ready.map_err(|error| No::Broken(Box::new(error)));
    }
    let titles = draft.attachments.iter().map(|one| one.title.clone());
    let ids: Vec<_> = titles.chain([draft.summary.clone()]).collect();
    let mut opened = texts(app, &ids).await?;
    let text = opened.remove(draft.summary.as_str()).unwrap_or_default();
    let attached = draft.attachments.iter();
    let attached = attached.map(|one| opened.get(one.title.as_str()).cloned().unwrap_or_default());
    let attached: Vec<String> = attached.collect();
    let drafted = loaded
        .events
        .iter()
        .rev()
        .find_map(|recorded| match &recorded.event {
            Event::ResultDrafted { at, .. } => Some(*at),
            _ => None,
        });
    let today = (&world.by, world.now.date());
    let (whom, unit) = (world.for_whom.as_ref(), &record.filed.competent);
    let said = Said {
        dossier: &loaded.id,
        draft: DraftSaid {
            outcome: draft.outcome,
            text: &text,
            validity: draft.validity,
            attached: &attached,
        },
        at: drafted.unwrap_or(world.now),
        day: world.now.date(),
        number: None,
        signer: signer_for(app, today, whom, unit).await?,
        to_sign: true,
    };
    let letter = compose(app, record, &world.procedure, said).await?;
    Ok(app.slips().render(Sheet::ResultLetter(letter)).await?)
}

/// Makes the document of a result that is given without paper, and stores it: the text of the draft
/// that was approved, with number, date, place and signer.
pub(super) async fn official(app: &App, loaded: &Loaded) -> Result<File, No> {
    let settled = Settlement::of(loaded)?;
    let Settlement { record, issued, .. } = &settled;
    let filed = &record.filed;
    let procedure = app
        .procedure(&filed.procedure, filed.procedure_version)
        .await?;
    let summary = &settled.draft.summary;
    let mut opened = texts(app, std::slice::from_ref(summary)).await?;
    let text = opened.remove(summary.as_str()).unwrap_or_default();
    let approval = (&issued.approved_by, settled.approved_on);
    let whom = settled.approved_for.as_ref();
    let signer = signer_for(app, approval, whom, &filed.competent).await?;
    let said = Said {
        dossier: &loaded.id,
        draft: DraftSaid {
            outcome: issued.outcome,
            text: &text,
            validity: settled.draft.validity,
            attached: &[],
        },
        at: issued.at,
        day: issued.at.date(),
        number: Some(&issued.number),
        signer,
        to_sign: false,
    };
    keep(app, compose(app, record, &procedure, said).await?).await
}

/// A settlement, as it was: what happened afterwards is not on paper.
struct Settlement {
    record: Record,
    draft: Draft,
    issued: Issued,
    approved_on: Date,
    /// For whom, when somebody absent was stood in for.
    approved_for: Option<StaffId>,
}

impl Settlement {
    fn of(loaded: &Loaded) -> Result<Self, No> {
        let events = loaded.events.iter().map(|recorded| &recorded.event);
        let events: Vec<&Event> = events.collect();
        let is_settled = |event: &&Event| matches!(event, Event::Settled { .. });
        let last = events.iter().rposition(is_settled);
        let until = events.into_iter().take(last.map_or(0, |last| last + 1));
        let mut approvals = until.clone().filter_map(|event| match event {
            Event::StepFinished {
                at,
                approved: true,
                behalf,
                ..
            } => Some((at.date(), behalf.clone())),
            _ => None,
        });
        let (approved_on, approved_for) = approvals.next_back().unzip();
        match until.fold(Dossier::Absent, Dossier::evolve) {
            Dossier::Settled(
                record,
                AtStep {
                    draft: Some(draft), ..
                },
                issued,
            ) => Ok(Self {
                approved_on: approved_on.unwrap_or_else(|| issued.at.date()),
                approved_for: approved_for.flatten(),
                record,
                draft,
                issued,
            }),
            _ => Err(super::hopeless("the dossier is not settled")),
        }
    }
}

/// Who signs, by authority of the absent person where one was stood in for: `TUQ. Chủ tịch` (NĐ
/// 30/2020/NĐ-CP Điều 13 khoản 3).
pub(super) async fn signer_for(
    app: &App,
    (by, day): (&StaffId, Date),
    whom: Option<&StaffId>,
    unit: &UnitId,
) -> Result<Signer, No> {
    let own = signer(app, (by, day), unit).await?;
    let Some(whom) = whom else {
        return Ok(own);
    };
    let absent = signer(app, (whom, day), unit).await?;
    Ok(Signer {
        // A deputy signs for the head by right (KT.), whoever gave her the work.
        authority: own
            .authority
            .or_else(|| Some(format!("TUQ. {}", absent.post))),
        post: own.post,
        name: own.name,
    })
}

/// Who signs: whoever approved, in the post that gave the right to on that day, by its title.
pub(super) async fn signer(
    app: &App,
    (by, day): (&StaffId, Date),
    unit: &UnitId,
) -> Result<Signer, No> {
    let mut posts = app.store().posts_of(by, day).await?;
    // Whoever took the agency's work over signs for it.
    let heir = app.heir_on(unit, day);
    posts.retain(|held| held.post.unit == *unit || held.post.unit == heir);
    posts.sort_by_key(|held| held.post.role != Role::Leader);
    let name = staff_name(app, by.as_str()).await?;
    if let Some(title) = posts.first().and_then(|held| held.title.as_deref()) {
        return Ok(Signer::titled(title, name));
    }
    let post = match posts.first() {
        Some(held) => words::t(VI, &format!("role.{}", held.post.role.as_str())).to_owned(),
        None => words::t(VI, "letter.signer").to_owned(),
    };
    Ok(Signer {
        authority: None,
        post,
        name,
    })
}

async fn compose(
    app: &App,
    record: &Record,
    procedure: &Procedure,
    said: Said<'_>,
) -> Result<ResultLetter, No> {
    let filed = &record.filed;
    let owner = party(app, &filed.owner).await?;
    let agency = format!("KQ-{}", app.heir_on(&filed.competent, said.day));
    let (number, symbol) = match said.number.map(|number| number.split_once('/')) {
        Some(Some((number, symbol))) => (Some(number.to_owned()), symbol.to_owned()),
        Some(None) | None => (said.number.map(ToOwned::to_owned), agency),
    };
    Ok(ResultLetter {
        heading: Heading {
            at: said.at,
            verification: Some(address(app, said.dossier, PaperKind::Result)),
            ..issuer(app, record, &filed.competent, said.day)
        },
        number,
        symbol,
        to_sign: said.to_sign,
        kind: result_kind(procedure, said.draft.outcome),
        subject: procedure.name.clone(),
        addressee: owner.name,
        body: body(record, &said.draft),
        signer: said.signer,
        recipients: vec![words::t(VI, "letter.recipients").to_owned()],
    })
}

/// What the result of the procedure is called.
pub(crate) fn result_kind(procedure: &Procedure, outcome: Outcome) -> String {
    match (outcome, procedure.results.first()) {
        (Outcome::Granted, Some(result)) => result.name.clone(),
        (Outcome::Granted, None) => words::t(VI, "letter.result").to_owned(),
        (Outcome::Refused, _) => words::t(VI, "letter.refusal").to_owned(),
    }
}

/// The text, a paragraph each; a refusal says first that it is one, and what ends says last when.
fn body(record: &Record, draft: &DraftSaid<'_>) -> Vec<String> {
    let paragraphs = draft.text.lines().map(ToOwned::to_owned);
    let code = record.code.as_ref().map(ToString::to_string);
    let opening = match draft.outcome {
        Outcome::Granted => None,
        Outcome::Refused => Some(words::fill(
            VI,
            "letter.refused",
            &[("code", &code.unwrap_or_default())],
        )),
    };
    let closing = draft.validity.map(|term| words::term(VI, term));
    opening
        .into_iter()
        .chain(paragraphs)
        .chain(closing)
        .chain(attached(draft.attached))
        .collect()
}

/// The text of a document names what goes with it in files of their own.
fn attached(titles: &[String]) -> impl Iterator<Item = String> {
    let head = (!titles.is_empty()).then(|| words::t(VI, "letter.attached").to_owned());
    let lines = titles.iter().zip(1_usize..).map(|(title, number)| {
        let number = number.to_string();
        let values = [("n", number.as_str()), ("title", title.as_str())];
        words::fill(VI, "letter.attachment", &values)
    });
    head.into_iter().chain(lines)
}

/// The head of a document that an agency issues itself: the people's committee for a commune, the
/// department under that of its province. On `day` it is whoever took its work over by then.
pub(super) fn issuer(app: &App, record: &Record, unit: &UnitId, day: Date) -> Heading {
    let committee =
        |name: &str| words::fill(VI, "letter.committee", &[("unit", &lower_first(name))]);
    let unit = &app.heir_on(unit, day);
    let there = heading(app, record, unit, record.submitted_at);
    let Some(found) = app.known_unit(unit) else {
        return there;
    };
    let place = place_of(app, &found);
    let (superior, agency) = match found.kind {
        UnitKind::Commune | UnitKind::Province => (None, committee(&found.name)),
        UnitKind::Department | UnitKind::ProvincialCentre => {
            let above = found.parent.as_ref().and_then(|parent| app.unit(parent));
            (above.map(|above| committee(&above.name)), found.name)
        }
    };
    Heading {
        superior,
        agency,
        place,
        ..there
    }
}

/// The agency at the head of a form, or of the result, that was issued on `day`.
pub(crate) fn issuing_agency(
    app: &App,
    record: &Record,
    (form, at): (Option<Form>, DateTime),
) -> String {
    let filed = &record.filed;
    let heading = match form {
        Some(
            Form::Receipt | Form::Supplement | Form::Refusal | Form::Control | Form::Collection,
        ) => heading(app, record, &filed.receiving, at),
        None
        | Some(Form::Apology | Form::Stop | Form::Mended | Form::Payment | Form::PaperCopy) => {
            issuer(app, record, &filed.competent, at.date())
        }
    };
    heading.agency
}

async fn keep(app: &App, letter: ResultLetter) -> Result<File, No> {
    let pdf = app.slips().render(Sheet::ResultLetter(letter)).await?;
    let (hash, bytes) = app.files().put(pdf).await?;
    Ok(File { hash, bytes })
}

//! Lists that go with dossiers or results from hand to hand (NĐ 61/2018/NĐ-CP Điều 18, 19; QĐ
//! 45/2016/QĐ-TTg Điều 7, 9).

use domain::dossier::{Delivery, Dossier, Payment, Record};
use domain::ids::{DossierId, UnitId};
use domain::slip::{Handover, HandoverItem, HandoverKind, Slip};
use jiff::civil::DateTime;
use store::{Loaded, PostLine, StoreError};

use crate::access::{Actor, RECEIVING, Resource, may_see};
use crate::jobs::{centre_name, list_heading, post_slip_number, result_kind};
use crate::no::{Denied, Fault, No};
use crate::state::App;
use crate::words::{self, Language};

use super::{counted, person, printed};

const VI: Language = Language::Vi;

/// The list of that kind with those dossiers, in the order given. All of them go the same way:
/// between the same centre and the same agency, or the post.
///
/// # Errors
/// [`No::Invalid`] when nothing, too much or what goes another way was chosen; [`No::Denied`];
/// [`No::Broken`].
pub async fn handover_list(
    app: &App,
    actor: &Actor,
    dossiers: &[DossierId],
    kind: HandoverKind,
) -> Result<Vec<u8>, No> {
    counted(dossiers.len())?;
    let (mut rows, mut ways, mut unfit) = (Vec::new(), Vec::new(), Vec::new());
    for (number, dossier) in (1_u32..).zip(dossiers) {
        let loaded = seen(app, actor, dossier).await?;
        let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
        if !fits(&loaded.dossier, record, kind) {
            unfit.push(code(record, dossier));
        }
        let filed = &record.filed;
        ways.push((app.heir(&filed.receiving), app.heir(&filed.competent)));
        rows.push(row(app, &loaded, record, (number, kind)).await?);
    }
    if !unfit.is_empty() {
        return Err(fault("fault.list_unfit", &unfit.join(", ")));
    }
    let (centre, agency) = ways.first().cloned().ok_or(Denied::Unseen)?;
    let post = matches!(kind, HandoverKind::FromPost | HandoverKind::ToPost);
    let same = |way: &(UnitId, UnitId)| way.0 == centre && (post || way.1 == agency);
    if !ways.iter().all(same) {
        return Err(fault("fault.list_mixed", ""));
    }
    print(app, actor, (kind, rows), (&centre, &agency)).await
}

fn fault(key: &'static str, codes: &str) -> No {
    No::Invalid(vec![Fault::new("ho-so", key).with("codes", &codes)])
}

async fn seen(app: &App, actor: &Actor, dossier: &DossierId) -> Result<Loaded, No> {
    let loaded = app.store().load(dossier).await?;
    let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
    let filed = &record.filed;
    let process = app.process(&filed.procedure, filed.process_version).await?;
    let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
    may_see(actor, &resource.passed_on(app))?;
    Ok(loaded)
}

/// Whether the dossier can be on such a list now.
fn fits(dossier: &Dossier, record: &Record, kind: HandoverKind) -> bool {
    let settled = matches!(dossier, Dossier::Settled(..) | Dossier::Returned(..));
    match kind {
        HandoverKind::Dossiers => record.code.is_some() && !settled,
        HandoverKind::Results => settled,
        HandoverKind::FromPost => record.filed.agent.is_some(),
        HandoverKind::ToPost => settled && record.filed.delivery == Delivery::Post,
    }
}

fn code(record: &Record, dossier: &DossierId) -> String {
    let code = record.code.as_ref();
    code.map_or_else(|| dossier.to_string(), ToString::to_string)
}

async fn row(
    app: &App,
    loaded: &Loaded,
    record: &Record,
    (number, kind): (u32, HandoverKind),
) -> Result<HandoverItem, No> {
    let filed = &record.filed;
    let procedure = app
        .procedure(&filed.procedure, filed.procedure_version)
        .await?;
    let owner = person(app, &filed.owner).await?;
    let papers = filed.handed.iter();
    let papers = papers.filter(|one| one.handed.is_kept_paper());
    let papers = papers.count().to_string();
    let what = match (kind, loaded.dossier.issued()) {
        (HandoverKind::Results | HandoverKind::ToPost, Some(issued)) => words::fill(
            VI,
            "list.result",
            &[
                ("kind", &result_kind(&procedure, issued.outcome)),
                ("number", &issued.number),
            ],
        ),
        _ => words::fill(VI, "list.papers", &[("n", &papers)]),
    };
    Ok(HandoverItem {
        number,
        code: record
            .code
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default(),
        slip: if filed.agent.is_some() {
            post_slip_number(&loaded.id)
        } else {
            String::new()
        },
        procedure: procedure.name.clone(),
        what,
        owner: owner.name,
        address: owner.address,
        fee: filed.payment == Payment::After,
        collected: record.collected(),
        post: filed.delivery == Delivery::Post,
    })
}

/// Lays the list out. The name of whoever prints stands on the actor's own side; the other side
/// writes hers when she signs.
async fn print(
    app: &App,
    actor: &Actor,
    (what, rows): (HandoverKind, Vec<HandoverItem>),
    (centre, agency): (&UnitId, &UnitId),
) -> Result<Vec<u8>, No> {
    let centre_words = centre_name(app, centre);
    let agency_words = app.unit_name(agency);
    let post = words::t(VI, "list.post").to_owned();
    let (from, to) = match what {
        HandoverKind::Dossiers => (centre_words, agency_words),
        HandoverKind::Results => (agency_words, centre_words),
        HandoverKind::FromPost => (post, centre_words),
        HandoverKind::ToPost => (centre_words, post),
    };
    let from_centre = matches!(what, HandoverKind::Dossiers | HandoverKind::ToPost);
    let ours = actor.holds_any(&RECEIVING, centre) == from_centre;
    let name = actor.name.clone();
    let (giver, receiver) = if ours {
        (name, String::new())
    } else {
        (String::new(), name)
    };
    let now = app.clock().now();
    let issuing = if what == HandoverKind::Results {
        agency
    } else {
        centre
    };
    let detail = format!(r#"{{"list":"{}","rows":{}}}"#, what.as_str(), rows.len());
    let list = Handover {
        heading: list_heading(app, issuing, now, "viec-don-vi"),
        what,
        from,
        to,
        number: None,
        signed: None,
        giver,
        receiver,
        rows,
        struck: Vec::new(),
    };
    let pdf = app.slips().render(Slip::Handover(list)).await?;
    let logged = printed(actor, "list.printed", issuing.as_str(), detail);
    app.store().audit(now, vec![logged]).await?;
    Ok(pdf)
}

/// A joint record of the post, as it is printed.
pub(crate) struct JointRecord {
    /// Its number.
    pub(crate) number: String,
    /// The centre that takes over.
    pub(crate) unit: UnitId,
    /// The agent who hands over.
    pub(crate) giver: String,
    /// Who signed for the centre; empty while it waits.
    pub(crate) receiver: String,
    /// When it was made.
    pub(crate) made: DateTime,
    /// When both signed: the legal time of submission.
    pub(crate) signed: Option<DateTime>,
    /// What it lists.
    pub(crate) lines: Vec<PostLine>,
}

/// The joint record with what it lists, whether it is signed yet or not.
pub(crate) async fn post_list(app: &App, record: JointRecord) -> Result<Handover, No> {
    let mut rows = Vec::with_capacity(record.lines.len());
    let (struck, lines): (Vec<&PostLine>, Vec<&PostLine>) =
        record.lines.iter().partition(|line| line.is_struck());
    let slip = |line: &PostLine| Ok(post_slip_number(&line.dossier()?));
    let struck: Result<Vec<String>, StoreError> = struck.into_iter().map(slip).collect();
    for (number, line) in (1_u32..).zip(lines) {
        let loaded = app.store().load(&line.dossier()?).await?;
        let of = loaded.dossier.record().ok_or(Denied::Unseen)?;
        let row = row(app, &loaded, of, (number, HandoverKind::FromPost)).await?;
        let supplied = line.handed()?.len();
        let what = match line.part {
            0 => row.what,
            _ => words::fill(VI, "list.supplement", &[("n", &supplied.to_string())]),
        };
        rows.push(HandoverItem {
            what,
            collected: line.collected(),
            ..row
        });
    }
    let at = record.signed.unwrap_or(record.made);
    Ok(Handover {
        heading: list_heading(app, &record.unit, at, "giao-nhan"),
        what: HandoverKind::FromPost,
        from: words::t(VI, "list.post").to_owned(),
        to: centre_name(app, &app.heir_on(&record.unit, at.date())),
        number: Some(record.number),
        signed: record.signed,
        giver: record.giver,
        receiver: record.receiver,
        rows,
        struck: struck?,
    })
}

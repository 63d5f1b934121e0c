//! Hand-over by the post: the agent lists what she filed, the clerk counts and signs.

#[cfg(test)]
mod samples;

use std::collections::BTreeSet;

use app::OnceKey;
use app::forms::Typed;
use app::intake::{
    HandingOver, PostLine, RecordPage, RecordView, ToHand, make_post_record, post_record_paper,
    post_records, post_slip, sign_post_record, take_back_post_record,
};
use app::no::{Fault, No};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use domain::ids::{DossierId, UnitId};
use domain::money::Dong;
use serde::Deserialize;

use super::common::{page, unprocessable};
use crate::error::{Answer, FaultLine, Trouble, fault_lines};
use crate::extract::Posted;
use crate::layout::{Frame, Place};
use crate::pages::document;
use crate::pages::dossier::once_key;
use crate::present::local_time;
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// The routes of this page.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/giao-nhan", get(show).post(act))
        .route("/giao-nhan/{record}/bien-ban", get(record_paper))
        .route("/giao-nhan/phieu-gui/{dossier}", get(slip))
}

/// What can be done: the value of `action`, and the key of what is said afterwards.
const ACTIONS: [(&str, &str); 3] = [
    ("lap", "post.done.made"),
    ("ky", "post.done.signed"),
    ("thu-hoi", "post.done.taken_back"),
];

/// What was done just before, and of which centre the page is.
#[derive(Debug, Default, Deserialize)]
struct Asking {
    #[serde(default)]
    da: String,
    #[serde(default)]
    dv: String,
}

/// A dossier on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    id: String,
    code: String,
    procedure: String,
    at: String,
    /// When and by whom it was filed, in words.
    about: String,
    state: String,
    /// What is charged at filing; empty for nothing.
    fee: String,
    /// What was collected: typed while it is to be handed over, in words afterwards.
    collected: String,
    chosen: bool,
    /// Of a supplement, what was asked for.
    asked: Vec<Asked>,
    /// Whether the signed record does not hand it over.
    struck: bool,
}

/// A component that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    number: u16,
    name: String,
    chosen: bool,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Record {
    id: String,
    title: String,
    by: String,
    /// When it was signed, in words; empty while it waits.
    signed: String,
    lines: Vec<Line>,
}

#[derive(Template)]
#[template(path = "post/page.html")]
struct PostPage {
    frame: Frame,
    w: Words,
    /// Key of what was done just before; empty for nothing.
    done: &'static str,
    faults: Vec<FaultLine>,
    /// The one-time key of the form.
    key: String,
    /// The centre, when the page is of one among several.
    unit: String,
    /// Other centres: address and name.
    others: Vec<(String, String)>,
    agent: bool,
    unhanded: Vec<Line>,
    awaiting: Vec<Line>,
    records: Vec<Record>,
}

/// The page; what was typed before stays in its fields.
async fn load(
    web: &Web,
    staff: &Staff,
    unit: &str,
    (faults, typed): (Vec<FaultLine>, Option<&Typed>),
) -> Answer<PostPage> {
    let unit = UnitId::parse(unit).ok();
    let found = post_records(&web.app, &staff.actor, unit.as_ref()).await?;
    let frame = Frame::desk(web, staff, Place::PostRecords).await?;
    let shown = PostPage::new(frame, &found, (faults, typed));
    let other = |unit: &UnitId| (format!("/giao-nhan?dv={unit}"), web.app.unit_name(unit));
    Ok(PostPage {
        key: web.app.ids().token(),
        others: found.others.iter().map(other).collect(),
        ..shown
    })
}

/// `GET /giao-nhan`.
async fn show(State(web): State<Web>, staff: Staff, Query(asking): Query<Asking>) -> Answer {
    let shown = load(&web, &staff, &asking.dv, (Vec::new(), None)).await?;
    let known = ACTIONS.iter().find(|(action, _)| *action == asking.da);
    let done = known.map_or("", |(_, key)| key);
    page(&PostPage { done, ..shown })
}

/// `POST /giao-nhan`.
async fn act(State(web): State<Web>, posted: Posted) -> Answer {
    let (app, actor, typed) = (&web.app, &posted.staff.actor, &posted.typed);
    let (action, id, unit) = (typed.get("action"), typed.get("id"), typed.get("dv"));
    let done = match action {
        "lap" => make(&web, &posted.staff, typed, &once_key(typed)?).await,
        "ky" => sign_post_record(app, actor, id).await.map(drop),
        "thu-hoi" => take_back_post_record(app, actor, id).await,
        _ => return Err(Trouble::Missing),
    };
    match done {
        Ok(()) => {
            let unit = UnitId::parse(unit).map(|unit| format!("&dv={unit}"));
            let to = format!("/giao-nhan?da={action}{}", unit.unwrap_or_default());
            Ok(Redirect::to(&to).into_response())
        }
        Err(No::Invalid(faults)) => {
            let faults = fault_lines(posted.staff.words(), &faults);
            let shown = load(&web, &posted.staff, unit, (faults, Some(typed))).await?;
            unprocessable(&shown)
        }
        Err(no) => Err(no.into()),
    }
}

/// Makes a record of what was ticked.
async fn make(web: &Web, staff: &Staff, typed: &Typed, key: &OnceKey) -> Result<(), No> {
    let mut handing = Vec::new();
    for id in ticked(typed, "hs-") {
        handing.push(HandingOver {
            collected: sum(typed.get(&format!("thu-{id}")))?,
            dossier: id,
            supplied: Vec::new(),
        });
    }
    for id in ticked(typed, "bs-") {
        let field = format!("bs-{id}");
        let came = typed.all(&field);
        handing.push(HandingOver {
            dossier: id,
            collected: None,
            supplied: came.filter_map(|n| n.parse().ok()).collect(),
        });
    }
    let unit = UnitId::parse(typed.get("dv")).ok();
    make_post_record(&web.app, &staff.actor, unit.as_ref(), (key, handing))
        .await
        .map(drop)
}

/// The dossiers ticked in fields that begin so, each once. What a colleague listed meanwhile stays
/// among them, so that the agent learns of it.
fn ticked(typed: &Typed, prefix: &str) -> BTreeSet<DossierId> {
    let named = typed.iter().filter(|(_, value)| !value.is_empty());
    let ids = named.filter_map(|(name, _)| DossierId::parse(name.strip_prefix(prefix)?).ok());
    ids.collect()
}

/// A sum as it is typed, `15000` or `15.000`; nothing where nothing is.
fn sum(typed: &str) -> Result<Option<Dong>, No> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let fault = || No::Invalid(vec![Fault::new("ho-so", "fault.post_sum")]);
    Dong::typed(typed).map(Some).ok_or_else(fault)
}

/// `GET /giao-nhan/{record}/bien-ban`: the joint record, to be printed.
async fn record_paper(State(web): State<Web>, staff: Staff, Path(record): Path<String>) -> Answer {
    let pdf = post_record_paper(&web.app, &staff.actor, &record).await?;
    Ok(document("bien-ban-giao-nhan.pdf", pdf))
}

/// `GET /giao-nhan/phieu-gui/{dossier}`: the post's slip of a dossier, to be printed.
async fn slip(State(web): State<Web>, staff: Staff, Path(dossier): Path<String>) -> Answer {
    let dossier = DossierId::parse(&dossier).map_err(|_| Trouble::Missing)?;
    let pdf = post_slip(&web.app, &staff.actor, &dossier).await?;
    Ok(document("phieu-gui.pdf", pdf))
}

/// A dossier as every list shows it.
fn line(w: Words, line: &PostLine) -> Line {
    let at = w.moment(&local_time(line.submitted_at));
    let filed = [("at", at.as_str()), ("who", line.filer_name.as_str())];
    Line {
        id: line.id.clone(),
        code: line.code.clone().unwrap_or_default(),
        procedure: line.procedure_name.clone(),
        about: w.fills(
            if line.part > 0 {
                "post.supplement_of"
            } else {
                "post.filed_by"
            },
            &filed,
        ),
        at,
        state: w.of("state", &line.state),
        fee: String::new(),
        collected: line
            .collected()
            .map_or_else(String::new, |sum| w.money(sum)),
        chosen: false,
        asked: Vec::new(),
        struck: line.is_struck(),
    }
}

/// What is to be handed over, with what was typed about it.
fn to_hand(w: Words, one: &ToHand, typed: Option<&Typed>) -> Line {
    let id = &one.line.id;
    let said = |field: &str| typed.map_or("", |typed| typed.get(&format!("{field}-{id}")));
    let field = format!("bs-{id}");
    let ticked = |number: u16| {
        let mut came = typed.into_iter().flat_map(|typed| typed.all(&field));
        came.any(|n| n.parse() == Ok(number))
    };
    let asked = one.asked.iter().map(|(number, name)| Asked {
        number: *number,
        name: name.clone(),
        chosen: ticked(*number),
    });
    let charged = one.fee > Dong(0);
    Line {
        fee: if charged {
            w.money(one.fee)
        } else {
            String::new()
        },
        collected: match typed {
            Some(_) => said("thu").to_owned(),
            None if charged => one.taken.unwrap_or(one.fee).0.to_string(),
            None => String::new(),
        },
        chosen: typed.is_none() || !said("hs").is_empty(),
        asked: asked.collect(),
        ..line(w, &one.line)
    }
}

fn record(w: Words, one: &RecordView) -> Record {
    let made = [
        ("agent", one.agent.as_str()),
        ("at", &w.moment(&one.made_at)),
        ("n", &one.lines.len().to_string()),
    ];
    let signed = |at: &jiff::civil::DateTime| {
        let values = [("at", w.moment(at)), ("who", one.signer.clone())];
        let values = values
            .each_ref()
            .map(|(name, value)| (*name, value.as_str()));
        w.fills("post.signed", &values)
    };
    Record {
        id: one.id.clone(),
        title: w.fill("post.number", "number", &one.number),
        by: w.fills("post.by", &made),
        signed: one.signed_at.as_ref().map_or_else(String::new, signed),
        lines: one.lines.iter().map(|one| line(w, one)).collect(),
    }
}

impl PostPage {
    fn new(
        frame: Frame,
        found: &RecordPage,
        (faults, typed): (Vec<FaultLine>, Option<&Typed>),
    ) -> Self {
        let w = frame.w;
        let hand = |one: &ToHand| to_hand(w, one, typed);
        Self {
            done: "",
            faults,
            key: String::new(),
            unit: found.unit.to_string(),
            others: Vec::new(),
            agent: found.agent,
            unhanded: found.unhanded.iter().map(hand).collect(),
            awaiting: found.awaiting.iter().map(hand).collect(),
            records: found.records.iter().map(|one| record(w, one)).collect(),
            frame,
            w,
        }
    }
}

//! Signing in batches: what waits, a batch with what is read beside its list, and its progress.

mod attached;
mod desk;
pub(crate) mod local;
#[cfg(test)]
mod samples;
mod states;
mod view;

use app::forms::Typed;
use app::no::{Fault, No};
use app::signing::Pin;
use app::signing::batch::{self, Chosen};
use app::signing::remote;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::{get, post};
use axum::{Json, Router};
use domain::ids::DossierId;
use serde::Serialize;

use self::view::{BatchView, ListView};
use super::common::{page, unprocessable};
use super::dossier::once_key;
use super::slips::document;
use crate::error::{Answer, FaultLine, Trouble, fault_lines};
use crate::extract::Posted;
use crate::layout::{Frame, Place};
use crate::present::Marker;
use crate::session::Staff;
use crate::state::Web;

/// The address of these pages.
const ADDRESS: &str = "/ky-so";

/// The routes of these pages.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/ky-so", get(list).post(make))
        .route("/ky-so/{batch}", get(show).post(sign))
        .route("/ky-so/{batch}/bo", post(dissolve))
        .route("/ky-so/{batch}/tien-do", get(progress))
        .route("/ky-so/{batch}/ma", post(send_code))
        .route("/ky-so/{batch}/{place}/van-ban", get(read))
        .route("/ky-so/{batch}/{place}/tra-lai", post(give_back))
        .merge(desk::routes())
        .merge(local::routes())
}

async fn list_page(
    web: &Web,
    staff: &Staff,
    (typed, faults): (Option<&Typed>, Vec<FaultLine>),
) -> Answer<ListView> {
    let found = batch::to_sign(&web.app, &staff.actor).await?;
    let frame = Frame::desk(web, staff, Place::Signing).await?;
    let marker = Marker::new(&web.app, frame.w, found.now);
    let key = web.app.ids().token();
    Ok(ListView::new(
        frame,
        &marker,
        (&found, key),
        (typed, faults),
    ))
}

/// `GET /ky-so`: what waits for a signature, and the batches made of it.
async fn list(State(web): State<Web>, staff: Staff) -> Answer {
    page(&list_page(&web, &staff, (None, Vec::new())).await?)
}

/// `POST /ky-so`: makes a batch of what was ticked.
async fn make(State(web): State<Web>, posted: Posted) -> Answer {
    let typed = &posted.typed;
    let key = once_key(typed)?;
    let chosen: Result<Vec<_>, _> = typed.all("ho-so").map(DossierId::parse).collect();
    let chosen = (&key, chosen.map_err(|_| Trouble::Unreadable)?);
    match batch::make_batch(&web.app, &posted.staff.actor, chosen).await {
        Ok(made) => Ok(Redirect::to(&format!("{ADDRESS}/{made}")).into_response()),
        Err(No::Invalid(faults)) => {
            let faults = fault_lines(posted.staff.words(), &faults);
            let typed = (Some(typed), faults);
            unprocessable(&list_page(&web, &posted.staff, typed).await?)
        }
        Err(no) => Err(no.into()),
    }
}

/// What was sent from a batch's page.
struct Sent<'a> {
    typed: Option<&'a Typed>,
    faults: Vec<FaultLine>,
    /// The place whose return was not understood; none when it was the signing.
    place: Option<i64>,
}

async fn batch_page(web: &Web, staff: &Staff, id: &str, sent: Sent<'_>) -> Answer<BatchView> {
    let found = batch::batch(&web.app, &staff.actor, id).await?;
    let frame = Frame::desk(web, staff, Place::Signing).await?;
    let marker = Marker::new(&web.app, frame.w, found.now);
    let key = web.app.ids().token();
    let service = web.config.local_token;
    Ok(BatchView::new(frame, &marker, (&found, key, service), sent))
}

/// `GET /ky-so/{batch}`: the batch.
async fn show(State(web): State<Web>, staff: Staff, Path(id): Path<String>) -> Answer {
    let sent = Sent {
        typed: None,
        faults: Vec::new(),
        place: None,
    };
    let view = batch_page(&web, &staff, &id, sent).await?;
    let at_desk = view.at_desk;
    Ok(desk::reaching(&web, at_desk, page(&view)?))
}

/// `POST /ky-so/{batch}`: signs what is ticked.
async fn sign(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Answer {
    let typed = &posted.typed;
    let ticked = typed.all("ky").filter_map(|place| place.parse().ok());
    let chosen = Chosen::These(ticked.collect());
    let given = remote::Typed {
        pin: Pin::new(typed.get("pin")),
        code: Pin::new(typed.get("code")),
    };
    let signed = remote::sign(&web.app, &posted.staff.actor, (&id, &chosen), given).await;
    // The second of two sends: the page says how far the first is.
    let signed = signed.or_else(|no| {
        if batch::is_running(&no) {
            Ok(())
        } else {
            Err(no)
        }
    });
    answered(&web, &posted, (&id, None), signed).await
}

/// `POST /ky-so/{batch}/bo`: takes out what is not signed.
async fn dissolve(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Answer {
    match batch::dissolve(&web.app, &posted.staff.actor, &id).await {
        Ok(()) => Ok(Redirect::to(ADDRESS).into_response()),
        no => answered(&web, &posted, (&id, None), no).await,
    }
}

/// `POST /ky-so/{batch}/ma`: has the code sent that the service of the key asks for.
async fn send_code(State(web): State<Web>, Path(id): Path<String>, posted: Posted) -> Answer {
    let sent = remote::send_code(&web.app, &posted.staff.actor, &id).await;
    answered(&web, &posted, (&id, None), sent).await
}

/// `POST /ky-so/{batch}/{place}/tra-lai`: gives a document back to its drafter.
async fn give_back(
    State(web): State<Web>,
    Path((id, place)): Path<(String, i64)>,
    posted: Posted,
) -> Answer {
    let typed = &posted.typed;
    let why = (typed.get("reason"), once_key(typed)?);
    let returned = batch::give_back(&web.app, &posted.staff.actor, (&id, place), why).await;
    answered(&web, &posted, (&id, Some(place)), returned).await
}

async fn answered(
    web: &Web,
    posted: &Posted,
    (id, place): (&str, Option<i64>),
    done: Result<(), No>,
) -> Answer {
    let faults = match done {
        Ok(()) => return Ok(Redirect::to(&format!("{ADDRESS}/{id}")).into_response()),
        Err(No::Invalid(faults)) => faults,
        // The batch stays; the page says at the document what the law says.
        Err(No::Stale(_)) => vec![Fault::new("dossier", "signing.why.moved")],
        Err(no) => return Err(no.into()),
    };
    let sent = Sent {
        typed: Some(&posted.typed),
        faults: fault_lines(posted.staff.words(), &faults),
        place,
    };
    unprocessable(&batch_page(web, &posted.staff, id, sent).await?)
}

/// `GET /ky-so/{batch}/{place}/van-ban`: a document, read before it is signed.
async fn read(
    State(web): State<Web>,
    staff: Staff,
    Path((id, place)): Path<(String, i64)>,
) -> Answer {
    let content = batch::batch_document(&web.app, &staff.actor, (&id, place)).await?;
    Ok(document("van-ban-ky.pdf", content))
}

/// How far a batch is, as the page's script asks.
#[derive(Debug, Serialize)]
struct Far {
    /// Name of its stage; the page is loaded anew when it is another.
    stage: &'static str,
    /// In words.
    words: String,
    /// Documents that are done with, of all.
    value: i64,
    most: i64,
}

/// `GET /ky-so/{batch}/tien-do`.
async fn progress(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
) -> Answer<Json<Far>> {
    let found = batch::progress(&web.app, &staff.actor, &id).await?;
    let (value, most) = view::measure(found);
    Ok(Json(Far {
        stage: found.stage.as_str(),
        words: view::progress(staff.words(), found),
        value,
        most,
    }))
}

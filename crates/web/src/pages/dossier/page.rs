//! The page of a dossier, and of one that was filed a moment ago.

use app::processing::{
    DossierPage, Made, OnFile, document_on_file, dossier_page, result_document, wait_for_result,
};
use app::tasks::answer_document;
use askama::Template;
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::Method;
use domain::dossier::{CommandKind, Dossier};
use domain::ids::DossierId;
use serde::Deserialize;

use crate::error::{Answer, Trouble};
use crate::layout::{Frame, Place};
use crate::pages::slips::{Ready, waiting};
use crate::pages::{document, foreign, page};
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

use super::dossier_id;
use super::promise::{NARROW, Promise};
use super::view::DossierView;

#[derive(Template)]
#[template(path = "dossier/page.html")]
pub(crate) struct DossierShown {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) v: DossierView,
}

/// A dossier filed a moment ago: its number, its slip, and the next person.
#[derive(Debug, Clone)]
pub(crate) struct FiledView {
    pub(crate) id: String,
    pub(crate) version: u32,
    pub(crate) title: String,
    pub(crate) procedure: String,
    pub(crate) moment: String,
    pub(crate) code: String,
    pub(crate) number_title: String,
    pub(crate) owner: String,
    pub(crate) promise: Option<Promise>,
    /// Address of the slip.
    pub(crate) slip: String,
    pub(crate) slip_title: String,
    pub(crate) print: String,
    /// One-time key of handing over; empty when it may not be done.
    pub(crate) hand_over: String,
}

#[derive(Template)]
#[template(path = "dossier/filed.html")]
pub(crate) struct FiledShown {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) v: FiledView,
}

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    /// Filed a moment ago.
    #[serde(default)]
    moi: String,
    /// What was done a moment ago.
    #[serde(default)]
    da: String,
}

/// `GET /ho-so/{id}`.
pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Answer {
    let found = dossier_page(&web.app, &staff.actor, &dossier_id(&id)?).await?;
    let w = staff.words();
    if !asked.moi.is_empty() {
        let frame = Frame::desk(&web, &staff, Place::Intake).await?;
        return page(&FiledShown {
            frame,
            w,
            v: filed(w, &found, web.app.ids().token()),
        });
    }
    let mut v = DossierView::of(&web, w, &staff.actor, &found);
    if let Some(command) = CommandKind::parse(&asked.da) {
        v.done = w.of("done", command.as_str());
    }
    let frame = Frame::desk(&web, &staff, Place::Elsewhere).await?;
    page(&DossierShown { frame, w, v })
}

/// `GET /ho-so/{id}/ket-qua`: the document of the result, or the page to wait on. Every reading is
/// logged; asking for the head alone reads nothing.
pub(super) async fn result(
    State(web): State<Web>,
    staff: Staff,
    method: Method,
    Path(id): Path<String>,
) -> Answer {
    let id = dossier_id(&id)?;
    let made = if method == Method::HEAD {
        match wait_for_result(&web.app, &staff.actor, &id).await? {
            Made::Yes(_) => Made::Yes(Vec::new()),
            Made::Soon => Made::Soon,
            Made::No => Made::No,
        }
    } else {
        result_document(&web.app, &staff.actor, &id).await?
    };
    match made {
        Made::Yes(content) => Ok(document("ket-qua.pdf", content)),
        Made::Soon => waiting(&web, &staff, (&id, result_path(&id)), "web.result").await,
        Made::No => Err(Trouble::Missing),
    }
}

/// `GET /ho-so/{id}/ket-qua/trang-thai`: whether the document of the result is made.
pub(super) async fn result_state(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
) -> Answer<Json<Ready>> {
    let id = dossier_id(&id)?;
    let made = wait_for_result(&web.app, &staff.actor, &id).await?;
    if made == Made::No {
        return Err(Trouble::Missing);
    }
    Ok(Json(Ready {
        ready: made != Made::Soon,
        url: result_path(&id),
    }))
}

/// Where the document of a result is read.
pub(super) fn result_path(id: &DossierId) -> String {
    format!("/ho-so/{id}/ket-qua")
}

/// `GET /ho-so/{id}/don-rut`: the request by which the applicant withdrew.
pub(super) async fn withdrawal(
    State(web): State<Web>,
    staff: Staff,
    Path(id): Path<String>,
) -> Answer {
    read(&web, &staff, &id, OnFile::Withdrawal).await
}

/// `GET /ho-so/{id}/giay-to/{document}`: a document that an act put on file.
pub(super) async fn on_file(
    State(web): State<Web>,
    staff: Staff,
    Path((id, what)): Path<(String, String)>,
) -> Answer {
    let what = OnFile::parse(&what).ok_or(Trouble::Missing)?;
    read(&web, &staff, &id, what).await
}

/// `GET /ho-so/{id}/y-kien/{task}`: the document with which another agency answered.
pub(super) async fn answer(
    State(web): State<Web>,
    staff: Staff,
    Path((id, task)): Path<(String, u16)>,
) -> Answer {
    let content = answer_document(&web.app, &staff.actor, &dossier_id(&id)?, task).await?;
    Ok(foreign("y-kien", content.ok_or(Trouble::Missing)?))
}

async fn read(web: &Web, staff: &Staff, id: &str, what: OnFile) -> Answer {
    let content = document_on_file(&web.app, &staff.actor, &dossier_id(id)?, what).await?;
    let name = match what {
        OnFile::Withdrawal => "don-rut",
        OnFile::Stop => "dung-giai-quyet",
        OnFile::Obligation => "nghia-vu-tai-chinh",
        OnFile::Proof => "chung-tu",
        OnFile::Receipt => "bien-nhan-da-ky",
    };
    Ok(foreign(name, content.ok_or(Trouble::Missing)?))
}

/// What came of the filing: the key of its title, and the form of the slip that says it.
fn outcome(dossier: &Dossier) -> (&'static str, &'static str) {
    match dossier {
        Dossier::Incomplete(..) | Dossier::Paused(..) => ("filed.asked", "02"),
        Dossier::Declined(..) => ("filed.declined", "03"),
        _ => ("filed.received", "01"),
    }
}

pub(super) fn filed(w: Words, page: &DossierPage, once: String) -> FiledView {
    let (title, form) = outcome(&page.dossier);
    let record = page.record();
    let code = record
        .code
        .as_ref()
        .map(ToString::to_string)
        .unwrap_or_default();
    let number = if code.is_empty() {
        "filed.no_number"
    } else {
        "filed.number"
    };
    let hands_over = page.actions.contains(&CommandKind::HandOver);
    let print = if form == "01" {
        "filed.print_01"
    } else {
        "filed.print"
    };
    FiledView {
        id: page.id.to_string(),
        version: page.version,
        title: w.t(title).to_owned(),
        procedure: page.procedure.name.clone(),
        moment: w.moment(&record.received_at.unwrap_or(record.submitted_at)),
        code,
        number_title: w.t(number).to_owned(),
        owner: page.owner.name.clone(),
        promise: page
            .deadline
            .as_ref()
            .map(|d| Promise::of(w.0, d, page.now.date(), NARROW)),
        slip: format!("/ho-so/{}/phieu/{form}", page.id),
        slip_title: w.of("slip", form),
        print: w.t(print).to_owned(),
        hand_over: if hands_over { once } else { String::new() },
    }
}

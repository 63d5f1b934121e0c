//! The own account: its password, and its one-time codes.

use app::No;
use app::forms::Typed;
use app::people::{self, OwnAccount, PasswordChange, SHORTEST_PASSWORD, TotpOffer, TotpProof};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use serde::Deserialize;

use super::certificates::warned;
use super::common::{page, unprocessable};
use super::input::{Input, as_typed};
use crate::error::{Answer, FaultLine, fault_lines};
use crate::extract::Posted;
use crate::html::Html;
use crate::layout::{Frame, Place};
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// The routes of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new()
        .route("/tai-khoan", get(show).post(change))
        .route("/tai-khoan/ma-xac-thuc", get(offer).post(enrol))
}

/// What was done just before.
#[derive(Debug, Default, Deserialize)]
struct Done {
    #[serde(default)]
    da: String,
}

#[derive(Template)]
#[template(path = "pages/account.html")]
pub(crate) struct AccountPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) account: OwnAccount,
    /// Key of what was done; empty for nothing.
    pub(crate) done: &'static str,
    pub(crate) inputs: Vec<Input>,
    pub(crate) faults: Vec<FaultLine>,
    /// What is to be said of certificates.
    pub(crate) certificates: Vec<String>,
}

impl AccountPage {
    pub(crate) fn new(frame: Frame, account: OwnAccount, faults: Vec<FaultLine>) -> Self {
        let w = frame.w;
        let mut new = Input::password("new_password", "account.new_password", "new-password");
        new.hint = w.fill("account.new_hint", "least", SHORTEST_PASSWORD);
        let inputs = [
            Input::password("old_password", "account.old_password", "current-password"),
            new,
            Input::password("again_password", "account.again_password", "new-password"),
        ];
        let inputs = inputs.map(|input| input.filled(&Typed::default(), &faults));
        Self {
            inputs: inputs.into(),
            done: "",
            frame,
            w,
            account,
            faults,
            certificates: Vec::new(),
        }
    }

    async fn load(web: &Web, staff: &Staff, faults: Vec<FaultLine>) -> Answer<Self> {
        let account = people::own_account(&web.app, &staff.actor).await?;
        let frame = Frame::desk(web, staff, Place::Elsewhere).await?;
        Ok(Self {
            certificates: warned(web, staff).await?,
            ..Self::new(frame, account, faults)
        })
    }
}

/// `GET /tai-khoan`.
async fn show(State(web): State<Web>, staff: Staff, Query(done): Query<Done>) -> Answer {
    let shown = AccountPage::load(&web, &staff, Vec::new()).await?;
    let done = match done.da.as_str() {
        "mat-khau" => "account.done.password",
        "ma-xac-thuc" => "account.done.totp",
        _ => "",
    };
    page(&AccountPage { done, ..shown })
}

/// `POST /tai-khoan`: a new password.
async fn change(State(web): State<Web>, posted: Posted) -> Answer {
    let (staff, typed) = (&posted.staff, &posted.typed);
    let asked = PasswordChange {
        old: as_typed(typed, "old_password"),
        new: as_typed(typed, "new_password"),
        again: as_typed(typed, "again_password"),
    };
    match people::change_password(&web.app, &staff.actor, &staff.token, asked).await {
        Ok(()) => Ok(Redirect::to("/tai-khoan?da=mat-khau").into_response()),
        Err(No::Invalid(faults)) => {
            let faults = fault_lines(staff.words(), &faults);
            unprocessable(&AccountPage::load(&web, staff, faults).await?)
        }
        Err(no) => Err(no.into()),
    }
}

#[derive(Template)]
#[template(path = "pages/totp.html")]
pub(crate) struct TotpPage {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) offer: TotpOffer,
    pub(crate) replaces: bool,
    pub(crate) inputs: Vec<Input>,
    pub(crate) faults: Vec<FaultLine>,
}

impl TotpPage {
    pub(crate) fn new(frame: Frame, offer: TotpOffer, faults: Vec<FaultLine>) -> Self {
        let w = frame.w;
        let mut code = Input::text("code", "account.totp.code");
        code.autocomplete = "one-time-code";
        code.class = "input-digits";
        let password = Input::password("totp_password", "account.password", "current-password");
        let inputs = [code, password].map(|input| input.filled(&Typed::default(), &faults));
        Self {
            inputs: inputs.into(),
            replaces: false,
            frame,
            w,
            offer,
            faults,
        }
    }

    /// The address as a picture for the camera of a device.
    pub(crate) fn picture(&self) -> Html {
        Html::qr(&self.offer.address, self.w.t("account.totp.picture"))
    }
}

/// `GET /tai-khoan/ma-xac-thuc`: a new secret, which does not count before a code of it was shown.
async fn offer(State(web): State<Web>, staff: Staff) -> Answer {
    let offer = people::offer_totp(&web.app, &staff.actor).await?;
    page(&offered(&web, &staff, offer, Vec::new()).await?)
}

async fn offered(
    web: &Web,
    staff: &Staff,
    offer: TotpOffer,
    faults: Vec<FaultLine>,
) -> Answer<TotpPage> {
    let account = people::own_account(&web.app, &staff.actor).await?;
    let frame = Frame::desk(web, staff, Place::Elsewhere).await?;
    Ok(TotpPage {
        replaces: account.has_totp,
        ..TotpPage::new(frame, offer, faults)
    })
}

/// `POST /tai-khoan/ma-xac-thuc`.
async fn enrol(State(web): State<Web>, posted: Posted) -> Answer {
    let (staff, typed) = (&posted.staff, &posted.typed);
    let proof = TotpProof {
        sealed: typed.get("offer").to_owned(),
        code: typed.get("code").to_owned(),
        password: as_typed(typed, "totp_password"),
    };
    let faults = match people::enrol_totp(&web.app, &staff.actor, &staff.token, proof).await {
        Ok(()) => return Ok(Redirect::to("/tai-khoan?da=ma-xac-thuc").into_response()),
        Err(No::Invalid(faults)) => fault_lines(staff.words(), &faults),
        Err(no) => return Err(no.into()),
    };
    let same = people::offered_totp(&web.app, &staff.actor, typed.get("offer")).await?;
    let offer = match same {
        Some(offer) => offer,
        None => people::offer_totp(&web.app, &staff.actor).await?,
    };
    unprocessable(&offered(&web, staff, offer, faults).await?)
}

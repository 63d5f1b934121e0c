//! Keys of seals that have stopped: told where people look, and tried once more by their order.

#[cfg(test)]
pub(crate) mod samples;

use app::signing::{PinState, StoppedSeal, order_try, stopped_seals};
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::post;
use jiff::civil::DateTime;

use crate::error::Answer;
use crate::extract::Posted;
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

/// The route of this file.
pub(super) fn routes() -> Router<Web> {
    Router::new().route("/con-dau/thu-ma-pin", post(order))
}

/// A key that seals nothing now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StopView {
    /// How it is named when it is ordered to be tried.
    pub(crate) place: String,
    /// Why, and what to do.
    pub(crate) why: String,
    pub(crate) since: String,
    /// The same as it is sent back, so that a second press has nothing tried again.
    pub(crate) at: String,
    /// How many results wait, in words; empty for none.
    pub(crate) waiting: String,
    /// The first of them: number and address, which is empty for who does not work with them.
    pub(crate) named: Vec<(String, String)>,
    /// How many more there are, in words; empty for none.
    pub(crate) more: String,
    /// Whether it helps to have the PIN tried once more.
    pub(crate) may_try: bool,
}

impl StopView {
    pub(crate) fn of(w: Words, stop: &StoppedSeal, agency: &str) -> Self {
        let key = format!("seal.stop.{}", stop.state.as_str());
        let values = [("name", stop.name.as_str()), ("agency", agency)];
        let more = stop.waiting.saturating_sub(stop.named.len());
        let said = |key: &str, n: usize| match n {
            0 => String::new(),
            n => w.fill(key, "n", n),
        };
        let named = stop.named.iter().map(|(number, dossier)| {
            let href = dossier.as_ref().map(|dossier| format!("/ho-so/{dossier}"));
            (number.clone(), href.unwrap_or_default())
        });
        Self {
            place: stop.place.clone(),
            why: w.fills(&key, &values),
            since: w.fill("seal.stop.since", "at", w.moment(&stop.since)),
            at: stop.since.to_string(),
            waiting: said("seal.stop.waiting", stop.waiting),
            named: named.collect(),
            more: said("seal.stop.more", more),
            may_try: matches!(
                stop.state,
                PinState::Wrong | PinState::Locked | PinState::Counted
            ),
        }
    }
}

/// The keys that the person is told of.
pub(crate) async fn stopped(web: &Web, staff: &Staff) -> Answer<Vec<StopView>> {
    let found = stopped_seals(&web.app, &staff.actor).await?;
    let view = |stop: &StoppedSeal| {
        let agency = web.app.unit_name(&stop.unit);
        StopView::of(staff.words(), stop, &agency)
    };
    Ok(found.iter().map(view).collect())
}

/// `POST /con-dau/thu-ma-pin`: has the PIN of a key tried once more.
async fn order(State(web): State<Web>, posted: Posted) -> Answer {
    let actor = &posted.staff.actor;
    let typed = &posted.typed;
    // A stop at no moment is none: nothing is tried.
    let at = typed.get("luc").parse().unwrap_or(DateTime::MIN);
    order_try(&web.app, actor, (typed.get("khoa"), at)).await?;
    let back = if app::held::sees_unsealed(actor) {
        "/ket-qua-chua-ky-so?da=3"
    } else {
        "/quan-tri/can-bo?thu=1"
    };
    Ok(Redirect::to(back).into_response())
}

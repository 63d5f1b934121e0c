//! Asking for signatures: documents are judged, laid out and kept, and the request is noted before any
//! service hears of it.

use jiff::{SignedDuration, ToSpan as _};
use store::{NewRequestItem, NewSigningRequest, RequestEnd, RequestState, SigningItemRow};

use super::work::{answered, request_of, service};
use super::{Asks, Given, MOST_OF_ALL, MOST_OWN, Terms, Typed, keys, reason, terms};
use crate::access::Actor;
use crate::certificates::Signer;
use crate::no::{Fault, No};
use crate::signing::approve::no as sign_fault;
use crate::signing::batch::{
    Chosen, Held, approval_of, audit, choose, end_item, note_moved, own, signer_for,
};
use crate::signing::judge;
use crate::signing::paper::valid;
use crate::state::App;
use crate::words::{self, Language};

/// How long a service that does not answer is asked for a request it was never told of, in minutes.
const UNTOLD: i64 = 10;
/// For how long one process has a request with what was typed, beside the service's own patience.
const SPARE: SignedDuration = SignedDuration::from_mins(2);

/// Asks for signatures on the chosen documents of a batch, in the background.
pub(super) async fn ask(
    app: &App,
    actor: &Actor,
    (batch, chosen): (&str, &Chosen),
    typed: Typed,
) -> Result<(), No> {
    let page = own(app, actor, batch).await?;
    let (items, left) = choose(&page, chosen)?;
    let Some(signer) = signer_for(app, actor, &items).await? else {
        note_moved(app, actor, &page).await?;
        let moved = Fault::new("dossier", "fault.signing_moved");
        return Err(No::Invalid(vec![moved]));
    };
    let signer = valid(signer)?;
    let terms = terms(app, &signer).await?;
    bounded(terms, items.len())?;
    let given = given(terms.asks, typed)?;
    let certificate = signer.certificate.id.clone();
    let held = Held::take(app, actor, (batch, items.len()), (&certificate, left)).await?;
    let asking = Asking {
        held,
        signer,
        terms,
        given,
    };
    let batch = batch.to_owned();
    tokio::spawn(async move {
        if let Err(no) = asking.go(items).await {
            tracing::error!(
                error = &no as &dyn std::error::Error,
                "Cannot ask for the signatures of batch {batch}"
            );
        }
    });
    Ok(())
}

/// So many requests at once; and one code is for one approval.
fn bounded(terms: Terms, documents: usize) -> Result<(), No> {
    let requests = match terms.asks {
        Asks::PinAndCode => 1,
        Asks::Phone | Asks::Pin => MOST_OWN as usize,
    };
    let most = terms.most.saturating_mul(requests);
    if documents <= most {
        return Ok(());
    }
    let many = Fault::new("dossier", "fault.remote_most").with("most", &most);
    Err(No::Invalid(vec![many]))
}

/// What is asked for was typed.
fn given(asks: Asks, typed: Typed) -> Result<Given, No> {
    let missing = |field, key| Err(No::Invalid(vec![Fault::new(field, key)]));
    match asks {
        Asks::Phone => Ok(Given::OnPhone),
        Asks::Pin | Asks::PinAndCode if typed.pin.is_empty() => missing("pin", "fault.pin_missing"),
        Asks::PinAndCode if typed.code.is_empty() => missing("code", "fault.code_missing"),
        Asks::Pin => Ok(Given::Typed {
            pin: typed.pin,
            code: None,
        }),
        Asks::PinAndCode => Ok(Given::Typed {
            pin: typed.pin,
            code: Some(typed.code),
        }),
    }
}

/// A batch that is being laid out and asked for.
struct Asking {
    held: Held,
    signer: Signer,
    terms: Terms,
    given: Given,
}

impl Asking {
    async fn go(self, items: Vec<SigningItemRow>) -> Result<(), No> {
        let mut told = "";
        for some in items.chunks(self.terms.most.max(1)) {
            if self.held.is_lost() {
                break;
            }
            let laid_out = self.lay_out(some).await?;
            if laid_out.is_empty() {
                continue;
            }
            if let Some(why) = self.ask(laid_out).await? {
                told = why;
                break;
            }
        }
        self.held.end(told).await
    }

    /// The documents of one request; what cannot be signed says why in the batch.
    async fn lay_out(&self, some: &[SigningItemRow]) -> Result<Vec<NewRequestItem>, No> {
        let mut laid_out = Vec::new();
        for item in some {
            match Box::pin(self.one(item)).await {
                Ok(one) => laid_out.push(one),
                Err(no) => {
                    let place = (self.held.turn.batch.as_str(), item.place);
                    end_item(&self.held.app, place, Some(&no)).await?;
                }
            }
        }
        Ok(laid_out)
    }

    async fn one(&self, item: &SigningItemRow) -> Result<NewRequestItem, No> {
        let (app, actor) = (&self.held.app, &self.held.actor);
        let approval = approval_of(&self.held.turn.batch, item)?;
        let judged = judge(app, actor, &approval).await?;
        if judged.signer.certificate.id != self.signer.certificate.id {
            let other = Fault::new("document", "signing.why.other_certificate");
            return Err(No::Invalid(vec![other]));
        }
        let laid_out = keys(app)?.lay_out(&self.signer, judged.what).await;
        let laid_out = laid_out.map_err(|error| sign_fault(&error))?;
        let (unfinished, _) = app.files().put(laid_out.unfinished).await?;
        Ok(NewRequestItem {
            place: item.place,
            name: item.code.clone().unwrap_or_else(|| item.place.to_string()),
            asked: laid_out.asked,
            unfinished,
        })
    }

    /// Notes a request; with what was typed the service is asked at once. Says why nothing more is to
    /// be asked for.
    async fn ask(&self, items: Vec<NewRequestItem>) -> Result<Option<&'static str>, No> {
        let (app, now) = (&self.held.app, self.held.app.clock().now());
        let typed = matches!(self.given, Given::Typed { .. });
        let lease = self.terms.patience.saturating_add(SPARE);
        let new = NewSigningRequest {
            id: app.ids().token().chars().take(32).collect(),
            batch: self.held.turn.batch.clone(),
            staff: self.held.actor.staff.clone(),
            certificate: self.signer.certificate.id.clone(),
            service: service(&self.signer).to_owned(),
            title: title(items.len()),
            state: if typed {
                RequestState::Typed
            } else {
                RequestState::Asked
            },
            items,
            next: if typed {
                now.saturating_add(lease)
            } else {
                now
            },
            until: now.saturating_add(UNTOLD.minutes()),
            most: (MOST_OWN, MOST_OF_ALL),
        };
        let (id, title) = (new.id.clone(), new.title.clone());
        let detail = format!("n={}", new.items.len());
        let line = audit(&self.held.actor, "signing.asked", &new.batch, &detail);
        if !app.store().add_signing_request(new, (now, line)).await? {
            return Ok(Some("remote.busy"));
        }
        store::faults::reach("between_request_and_service").await?;
        if !typed {
            return Ok(None);
        }
        self.typed((&id, &title)).await
    }

    async fn typed(&self, (id, title): (&str, &str)) -> Result<Option<&'static str>, No> {
        let app = &self.held.app;
        let ask = request_of(app, (id, title), self.terms.whole).await?;
        let begun = keys(app)?.begin(&self.signer, ask, self.given.clone());
        match begun.await {
            Ok(reply) => answered(app, (id, 0, self.terms), reply).await,
            Err(error) => {
                let why = reason(&error);
                let end = RequestEnd {
                    id: id.to_owned(),
                    state: RequestState::Failed,
                    reason: why.to_owned(),
                };
                let line = audit(&self.held.actor, "signing.not_given", id, why);
                let when = (app.clock().now(), line);
                app.store().end_signing_request(end, when).await?;
                Ok(Some(why))
            }
        }
    }
}

/// What the person reads above the documents: how many, and nobody's name.
fn title(documents: usize) -> String {
    words::fill(
        Language::Vi,
        "remote.title",
        &[("n", &documents.to_string())],
    )
}

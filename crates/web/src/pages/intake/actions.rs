//! What the buttons of the counter form do. Whatever they do, everything typed is saved first.

use app::No;
use app::access::Desk;
use app::forms::Typed;
use app::intake::{
    AtCounter, Ending, IntakeDraft, Saving, Scanned, hand_draft_over, load_draft, preview, receive,
    save_draft, scan,
};
use app::no::{Fault, Refused};
use app::people::known;
use app::processing::NewScan;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect};

use crate::error::{Answer, RefusalPanel};
use crate::extract::Posted;
use crate::pages::dossier::once_key;
use crate::pages::unprocessable;
use crate::session::Staff;
use crate::state::Web;

use super::certified::uncounted;
use super::drafts::{draft_id, kept};
use super::page::{Wrong, redrawn};
use super::procedures::offers;
use super::view::numbers;

/// `POST /tiep-nhan`.
pub(super) async fn post(State(web): State<Web>, posted: Posted) -> Answer {
    let id = draft_id(posted.typed.get("nhap"))?;
    let sent = Sent {
        web: &web,
        staff: &posted.staff,
        form: &posted.typed,
        scans: posted.scans(),
    };
    let ending = match posted.typed.get("action") {
        "tiep-nhan" => Some(Ending::Receive),
        "bo-sung" => Some(Ending::AskSupplement),
        "tu-choi" => Some(Ending::Decline),
        "nop" => Some(Ending::Submit),
        _ => None,
    };
    if let Some(ending) = ending {
        return sent.end(ending).await;
    }
    let draft = load_draft(&web.app, &posted.staff.actor, &id).await?;
    sent.step(&draft).await
}

/// A form on its way.
struct Sent<'a> {
    web: &'a Web,
    staff: &'a Staff,
    form: &'a Typed,
    /// Scans of components. They are kept with what is filed alone.
    scans: Vec<NewScan>,
}

impl Sent<'_> {
    /// A step of filling in: saved, and shown again with the cursor where it is needed next.
    async fn step(&self, draft: &IntakeDraft) -> Answer {
        let mut typed = kept(self.form.clone());
        let mut focus = "";
        match self.form.get("action") {
            "du" => focus = self.all_here(draft, &mut typed).await?,
            "mo-bo-sung" => focus = open(&mut typed, "bo-sung"),
            "mo-tu-choi" => focus = open(&mut typed, "tu-choi"),
            "thoi" => typed.drop_fields(is_ending),
            "sua" => {}
            _ => self.pick(draft, &mut typed).await?,
        }
        let card = match self.card(draft, &mut typed).await? {
            Ok(card) => card,
            Err(fault) => {
                typed.set("card", self.form.get("card"));
                let wrong = Wrong {
                    faults: vec![fault],
                    ..Wrong::default()
                };
                return self.stays(draft, &typed, wrong).await;
            }
        };
        let saving = Saving {
            typed,
            seen: None,
            card,
        };
        let draft = save_draft(&self.web.app, &self.staff.actor, &draft.id, saving).await?;
        match self.form.get("action") {
            "tam-giu" => return Ok(Redirect::to(&self.next(&draft, "")).into_response()),
            "chuyen" => return self.hand_over(&draft).await,
            _ => {}
        }
        let place = if focus.is_empty() {
            String::new()
        } else {
            format!("&o={focus}")
        };
        let again = numbers(&self.again());
        let again = if again.is_empty() {
            String::new()
        } else {
            format!("&quet={}", again.replace(", ", "-"))
        };
        let address = format!("/tiep-nhan?nhap={}{place}{again}", draft.id);
        Ok(Redirect::to(&address).into_response())
    }

    /// A volunteer is done: the clerks of the centre go on.
    async fn hand_over(&self, draft: &IntakeDraft) -> Answer {
        hand_draft_over(&self.web.app, &self.staff.actor, &draft.id).await?;
        Ok(Redirect::to(&self.next(draft, "da-chuyen=1")).into_response())
    }

    /// An empty intake, at the same centre.
    fn next(&self, draft: &IntakeDraft, note: &str) -> String {
        let elsewhere = self.staff.actor.desks().first() != Some(&draft.unit);
        let centre = if elsewhere {
            format!("dv={}", draft.unit)
        } else {
            String::new()
        };
        let asked: Vec<&str> = [note, &centre]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        if asked.is_empty() {
            "/tiep-nhan".to_owned()
        } else {
            format!("/tiep-nhan?{}", asked.join("&"))
        }
    }

    /// Words that fit one procedure alone choose it.
    async fn pick(&self, draft: &IntakeDraft, typed: &mut Typed) -> Answer<()> {
        let picked = self.form.get("procedure_pick");
        if !picked.is_empty() {
            typed.set("procedure", picked);
        }
        let before = typed.get("procedure");
        let unknown = preview(&self.web.app, &self.staff.actor, (&draft.unit, typed))
            .await?
            .is_none();
        if !before.is_empty() && unknown {
            let found = offers(self.web, self.staff, before).await?;
            if let [only] = found.as_slice() {
                typed.set("procedure", only.value.clone());
            }
        }
        self.pick_agency(draft, typed).await
    }

    /// An agency picked from those that fit the words; one that was chosen for another procedure
    /// and does not decide this one is no choice any more.
    async fn pick_agency(&self, draft: &IntakeDraft, typed: &mut Typed) -> Answer<()> {
        let picked = self.form.get("competent_pick");
        if !picked.is_empty() {
            typed.set("competent", picked);
        }
        let found = preview(&self.web.app, &self.staff.actor, (&draft.unit, typed)).await?;
        if found.is_some_and(|found| found.competent.is_some() && !found.fit) {
            typed.drop_fields(|name| name == "competent");
        }
        Ok(())
    }

    /// A scanned card fills the applicant in, with what is known of her.
    async fn card(&self, draft: &IntakeDraft, typed: &mut Typed) -> Answer<Result<Scanned, Fault>> {
        let text = self.form.get("card");
        if text.is_empty() {
            let by_hand = self.form.get("action") == "sua";
            let card = if by_hand {
                Scanned::Forgotten
            } else {
                Scanned::Kept
            };
            return Ok(Ok(card));
        }
        typed.set("card", text);
        if let Err(fault) = scan(typed) {
            return Ok(Err(fault));
        }
        typed.drop_fields(|name| name == "card");
        let number = typed.get("number").to_owned();
        let scanned = Scanned::Card(text.to_owned());
        if self.staff.actor.desk_at(&draft.unit) != Some(Desk::Counter) {
            // What a citizen gave before is for clerks to know.
            return Ok(Ok(scanned));
        }
        if let Some(known) = known(&self.web.app, &self.staff.actor, &number).await? {
            typed.set("phone", known.phone);
            typed.set("email", known.email);
        }
        Ok(Ok(scanned))
    }

    /// Every mandatory component that no database holds is there, on paper. What is charged by pages
    /// is counted next.
    async fn all_here(&self, draft: &IntakeDraft, typed: &mut Typed) -> Answer<&'static str> {
        let mut focus = "receive";
        let found = preview(&self.web.app, &self.staff.actor, (&draft.unit, typed)).await?;
        if let Some(found) = found {
            if uncounted(typed, &found) {
                focus = "pages1";
            }
            for number in found.missing() {
                typed.set(&format!("c{number}"), "paper");
            }
        }
        typed.drop_fields(is_ending);
        Ok(focus)
    }

    /// Ends the intake, or shows it again with what is in the way.
    async fn end(&self, ending: Ending) -> Answer {
        let input = AtCounter {
            scans: self.scans.clone(),
            ending,
            typed: kept(self.form.clone()),
            draft: Some(draft_id(self.form.get("nhap"))?),
            key: once_key(self.form)?,
        };
        let refused = match receive(&self.web.app, &self.staff.actor, input).await {
            Ok(_) if self.staff.actor.counter().is_none() => {
                return Ok(Redirect::to("/da-nop?moi=1").into_response());
            }
            Ok(filed) => {
                let address = format!("/ho-so/{}?moi=1", filed.dossier);
                return Ok(Redirect::to(&address).into_response());
            }
            Err(No::Refused(refusal)) => Wrong {
                refusal: Some(self.panel(&refusal)),
                ..Wrong::default()
            },
            Err(No::Invalid(faults)) => Wrong {
                faults,
                ..Wrong::default()
            },
            Err(no) => return Err(no.into()),
        };
        let mut typed = kept(self.form.clone());
        let id = draft_id(self.form.get("nhap"))?;
        let before = load_draft(&self.web.app, &self.staff.actor, &id).await?;
        let refusal = ending == Ending::Receive && refused.refusal.is_some();
        if refusal && self.lacks(&before, &typed).await? {
            open(&mut typed, "bo-sung");
        }
        let draft = save_draft(&self.web.app, &self.staff.actor, &id, typed.clone()).await?;
        self.stays(&draft, &typed, refused).await
    }

    async fn lacks(&self, draft: &IntakeDraft, typed: &Typed) -> Answer<bool> {
        let found = preview(&self.web.app, &self.staff.actor, (&draft.unit, typed)).await?;
        Ok(found.is_some_and(|found| !found.missing().is_empty()))
    }

    fn panel(&self, refused: &Refused) -> RefusalPanel {
        RefusalPanel::of(
            self.staff.words(),
            refused,
            self.web.app.clock().now().date(),
        )
    }

    /// Components whose scans must be chosen again.
    fn again(&self) -> Vec<u16> {
        self.scans.iter().map(|scan| scan.component).collect()
    }

    async fn stays(&self, draft: &IntakeDraft, typed: &Typed, wrong: Wrong) -> Answer {
        let wrong = Wrong {
            again: self.again(),
            ..wrong
        };
        unprocessable(&redrawn(self.web, self.staff, (draft, typed), wrong).await?)
    }
}

/// Fields of the part that ends the intake in another way.
fn is_ending(name: &str) -> bool {
    let wrong = name.strip_prefix('w').map(str::parse::<u16>);
    matches!(name, "ending" | "ask") || matches!(wrong, Some(Ok(_)))
}

/// Opens the part that ends the intake in another way.
fn open(typed: &mut Typed, ending: &str) -> &'static str {
    typed.set("ending", ending);
    "reason"
}

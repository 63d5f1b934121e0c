//! Giving a command to a dossier: its form, and what comes of sending it.

use app::No;
use app::forms::Typed;
use app::intake::{AgencyLine, asked, handed_of, scan, wrongs};
use app::no::{Fault, Refused};
use app::processing::{
    Act, ActDraft, DossierPage, Order, Typing, act, act_draft, dossier_page, draft_text,
    remove_act_draft,
};
use app::tasks::find_agencies;
use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use domain::dossier::CommandKind;
use domain::ids::{DossierId, StaffId};
use serde::Deserialize;

use crate::error::{Answer, ConflictPage, RefusalPanel, Said, Trouble};
use crate::extract::Posted;
use crate::layout::{Frame, Place};
use crate::pages::{page, unprocessable};
use crate::session::Staff;
use crate::state::Web;
use crate::words::Words;

use super::acts::is_direct;
use super::beside;
use super::desk::reaching;
use super::draft::{begun, is_typed};
use super::form::{ActForm, Making, Part, form};
use super::given_back::{given_back, lost};
use super::orders::drafted;
use super::page::DossierShown;
use super::view::DossierView;
use super::{dossier_id, once_key};
use super::{remote, returning, sign, task_form, validity};

#[derive(Template)]
#[template(path = "dossier/act.html")]
pub(crate) struct ActShown {
    pub(crate) frame: Frame,
    pub(crate) w: Words,
    pub(crate) v: ActForm,
}

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    outcome: String,
    /// The number of a task.
    #[serde(default)]
    viec: String,
}

/// `GET /ho-so/{id}/{command}`: the form of a command, where it is offered.
pub(super) async fn get(
    State(web): State<Web>,
    staff: Staff,
    Path((id, command)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Answer {
    let command = CommandKind::parse(&command).ok_or(Trouble::Missing)?;
    let found = dossier_page(&web.app, &staff.actor, &dossier_id(&id)?).await?;
    if is_direct(command) || !found.actions.contains(&command) {
        return Ok(Redirect::to(&format!("/ho-so/{id}")).into_response());
    }
    let staying = Staying::new(&web, &staff, (&found, command)).await?;
    let mut typed = staying.typed();
    if !asked.outcome.is_empty() {
        typed.set("outcome", asked.outcome);
    }
    if !asked.viec.is_empty() && asked.viec != typed.get("task") {
        // What was typed about another task stays with that one.
        typed = Typed::default();
        typed.set("task", asked.viec);
    }
    let shown = staying.form(&typed, &[]).await?;
    Ok(reaching(&shown.v, page(&shown)?))
}

/// `POST /ho-so/{id}/{command}`.
pub(super) async fn post(
    State(web): State<Web>,
    Path((id, command)): Path<(String, String)>,
    posted: Posted,
) -> Answer {
    let command = CommandKind::parse(&command).ok_or(Trouble::Missing)?;
    let dossier = dossier_id(&id)?;
    if command == CommandKind::Return && posted.typed.get("action") == "quet-the" {
        return collector_card(
            &web,
            &posted,
            &dossier_page(&web.app, &posted.staff.actor, &dossier).await?,
        )
        .await;
    }
    let no = match send(&web, &posted, &dossier, command).await? {
        Ok(elsewhere) => {
            forget(&web, &posted.staff, (dossier, command)).await;
            let next = elsewhere.unwrap_or_else(|| next(&id, command, &posted));
            return Ok(Redirect::to(&next).into_response());
        }
        Err(no) => no,
    };
    // Where nothing was typed, the common page for what came too late says all there is to say.
    let stays = match no {
        No::Refused(_) | No::Invalid(_) => true,
        No::Stale(_) => !is_direct(command),
        No::Denied(_) | No::Broken(_) => false,
    };
    if !stays {
        return Err(no.into());
    }
    let found = dossier_page(&web.app, &posted.staff.actor, &dossier).await?;
    let mut staying = Staying::new(&web, &posted.staff, (&found, command)).await?;
    staying.files = !posted.uploads.is_empty();
    match no {
        No::Refused(refusal) => {
            staying
                .again(&posted.typed, (Some(refusal), Vec::new()))
                .await
        }
        No::Invalid(faults) => staying.again(&posted.typed, (None, faults)).await,
        no => staying.stale(&posted.typed, no).await,
    }
}

/// The act is done, so its draft goes; one that stayed would only be offered once more.
async fn forget(web: &Web, staff: &Staff, (dossier, command): (DossierId, CommandKind)) {
    if !is_typed(command) {
        return;
    }
    let typing = Typing { dossier, command };
    if let Err(error) = remove_act_draft(&web.app, &staff.actor, &typing).await {
        tracing::error!(%error, "A draft of an act that is done stays");
    }
}

/// Gives the order that the form makes, if it makes one; says where to go on when not at the dossier.
async fn send(
    web: &Web,
    posted: &Posted,
    dossier: &DossierId,
    command: CommandKind,
) -> Answer<Result<Option<String>, No>> {
    let version = posted.typed.get("version").parse();
    let version = version.map_err(|_| Trouble::Unreadable)?;
    let key = once_key(&posted.typed)?;
    if command == CommandKind::SignResult {
        if let Some(asked) = remote::asked(web, posted, (dossier, version, &key)).await? {
            return Ok(asked.map(Some));
        }
        let signed = sign::send(web, posted, (dossier, version, key)).await?;
        return Ok(signed.map(|_| None));
    }
    let order = match order(command, posted) {
        Ok(order) => order,
        Err(faults) => return Ok(Err(No::Invalid(faults))),
    };
    let input = Act {
        dossier: dossier.clone(),
        version,
        key,
        order,
    };
    let done = act(&web.app, &posted.staff.actor, input).await;
    Ok(done.map(|_| None))
}

/// Where the page goes when it is done: to the slip where one is handed out, or to the dossier.
fn next(id: &str, command: CommandKind, posted: &Posted) -> String {
    if command == CommandKind::DigitiseResult {
        // It was taken from that list, and the next one is there.
        return "/ket-qua-chua-ky-so?da=1".to_owned();
    }
    let counter = posted.staff.actor.counter().is_some();
    let slip = matches!(
        command,
        CommandKind::Accept | CommandKind::Decline | CommandKind::AskSupplement
    );
    if counter && slip {
        format!("/ho-so/{id}?moi=1")
    } else {
        format!("/ho-so/{id}?da={}", command.as_str())
    }
}

/// The order that a form gives, or what could not be understood.
pub(crate) fn order(command: CommandKind, posted: &Posted) -> Result<Order, Vec<Fault>> {
    let typed = &posted.typed;
    let words = |name: &str| typed.get(name).to_owned();
    Ok(match command {
        CommandKind::Accept => Order::Accept,
        CommandKind::HandOver => Order::HandOver,
        CommandKind::AcknowledgeResult => Order::AcknowledgeResult,
        CommandKind::Forward => Order::Forward,
        CommandKind::Issue => Order::Issue,
        CommandKind::CloseUnanswered => Order::CloseUnanswered,
        CommandKind::DiscardSupplement => Order::DiscardSupplement {
            reason: words("reason"),
        },
        CommandKind::ApproveSupplement => Order::ApproveSupplement,
        CommandKind::AskSupplement => Order::AskSupplement {
            components: asked(typed),
            corrections: wrongs(typed),
            reason: words("reason"),
        },
        CommandKind::Supply => Order::Supply {
            handed: handed_of(typed),
            scans: posted.scans(),
        },
        CommandKind::Decline => Order::Decline {
            reason: words("reason"),
        },
        CommandKind::SendBack => Order::SendBack {
            reason: words("reason"),
        },
        CommandKind::Assign => {
            let to = StaffId::parse(typed.get("to"));
            Order::Assign {
                to: to.map_err(|_| vec![Fault::new("to", "fault.colleague")])?,
            }
        }
        CommandKind::DraftResult => drafted(posted)?,
        CommandKind::Return => returning::order(typed)?,
        CommandKind::Withdraw => Order::Withdraw {
            request: posted.file("request").to_vec(),
        },
        CommandKind::SendTasks
        | CommandKind::AcceptTask
        | CommandKind::AnswerTask
        | CommandKind::AcknowledgeAnswer
        | CommandKind::RecallTask => return task_form::order(command, posted),
        _ => return beside::order(command, posted),
    })
}

/// A scanned card fills the collector in.
async fn collector_card(web: &Web, posted: &Posted, found: &DossierPage) -> Answer {
    let mut typed = posted.typed.clone();
    let staying = Staying::new(web, &posted.staff, (found, CommandKind::Return)).await?;
    let mut card = Typed::default();
    card.set("card", typed.get("card"));
    if let Err(fault) = scan(&mut card) {
        return staying.again(&typed, (None, vec![fault])).await;
    }
    for (name, field) in COLLECTED {
        typed.set(field, card.get(name));
    }
    // The card goes with the form: what it says may be recorded, whatever was typed before.
    typed.set("collector_source", posted.typed.get("card"));
    typed.set("card", "");
    typed.set("receiver", "authorised");
    page(&staying.form(&typed, &[]).await?)
}

const COLLECTED: [(&str, &str); 5] = [
    ("name", "collector_name"),
    ("birth", "collector_birth"),
    ("sex", "collector_sex"),
    ("number", "collector_number"),
    ("address", "collector_address"),
];

/// A command that stays on its page.
struct Staying<'a> {
    web: &'a Web,
    staff: &'a Staff,
    found: &'a DossierPage,
    command: CommandKind,
    /// What the person typed before and did not send.
    draft: Option<ActDraft>,
    /// Whether files came, which must be chosen again.
    files: bool,
}

impl<'a> Staying<'a> {
    async fn new(
        web: &'a Web,
        staff: &'a Staff,
        (found, command): (&'a DossierPage, CommandKind),
    ) -> Answer<Self> {
        let typing = Typing {
            dossier: found.id.clone(),
            command,
        };
        let draft = if is_typed(command) {
            act_draft(&web.app, &staff.actor, &typing).await?
        } else {
            None
        };
        Ok(Self {
            web,
            staff,
            found,
            command,
            draft,
            files: false,
        })
    }

    /// What was typed before; a result begins with the words of its procedure.
    fn typed(&self) -> Typed {
        if let Some(draft) = &self.draft {
            return draft.typed.clone();
        }
        let mut typed = Typed::default();
        if self.command == CommandKind::DraftResult {
            typed.set("summary", draft_text(self.found));
            typed.set("last_day", validity::prefilled(self.found));
            begun(&mut typed, self.found);
        }
        typed
    }

    /// Agencies that can be asked, where the form asks some.
    fn agencies(&self) -> Answer<Vec<String>> {
        if self.command != CommandKind::SendTasks {
            return Ok(Vec::new());
        }
        let found = find_agencies(&self.web.app, &self.staff.actor, "")?;
        let label = |line: AgencyLine| format!("{} · {}", line.id, line.name);
        Ok(found.into_iter().map(label).collect())
    }

    async fn form(&self, typed: &Typed, faults: &[Fault]) -> Answer<ActShown> {
        let w = self.staff.words();
        let making = Making {
            w,
            page: self.found,
            command: self.command,
            typed,
            faults,
            saved: self.draft.as_ref().map(|draft| draft.saved),
            key: self.web.app.ids().token(),
            agencies: self.agencies()?,
            readable: sign::read(self.web, self.staff, (&self.found.id, self.command)).await?,
            local_token: self.web.config.local_token,
        };
        let frame = Frame::desk(self.web, self.staff, Place::Elsewhere).await?;
        Ok(ActShown {
            frame,
            w,
            v: ActForm {
                rechoose: self.files,
                ..form(making)
            },
        })
    }

    /// The page once more, with everything typed and what is in the way.
    async fn again(
        &self,
        typed: &Typed,
        (refusal, faults): (Option<Refused>, Vec<Fault>),
    ) -> Answer {
        let w = self.staff.words();
        let today = self.web.app.clock().now().date();
        let panel = refusal.map(|refusal| RefusalPanel::of(w, &refusal, today));
        if is_direct(self.command) {
            let mut v = DossierView::of(self.web, w, &self.staff.actor, self.found);
            v.refusal = panel;
            let frame = Frame::desk(self.web, self.staff, Place::Elsewhere).await?;
            return unprocessable(&DossierShown { frame, w, v });
        }
        let mut shown = self.form(typed, &faults).await?;
        shown.v.refusal = panel;
        Ok(reaching(&shown.v, unprocessable(&shown)?))
    }

    /// Somebody was faster: the form once more where the command is still possible, or the page
    /// that says so, with all that was typed.
    async fn stale(&self, typed: &Typed, no: No) -> Answer {
        let w = self.staff.words();
        let said = Said::of(&no.into(), w, self.web.app.clock().now().date());
        let mut shown = self.form(typed, &[]).await?;
        let shown = if self.found.actions.contains(&self.command) {
            shown.v.changed = said.text;
            shown.v.lost = lost(w, typed, &shown.v.parts);
            reaching(&shown.v, page(&shown)?)
        } else {
            page(&ConflictPage {
                frame: shown.frame,
                w,
                said,
                back: format!("/ho-so/{}", self.found.id),
                typed: given_back(w, typed, &shown.v.parts),
            })?
        };
        Ok((StatusCode::CONFLICT, shown).into_response())
    }
}

//! Looks into a person's store of documents at an intake: with her consent, under her number and her name,
//! each logged once for its intake, and no more of them in an hour than an office needs.

use domain::dossier::CommandKind;
use domain::ids::{PartyId, StaffId};
use domain::parameters::{Dates, Key};
use domain::party::PartyKind;
use domain::reuse::{NotReused, judge_look};
use domain::text::fold;
use jiff::ToSpan as _;
use store::{AuditLine, Noted, OnceKey, StoreLook};

use crate::access::Actor;
use crate::forms::Typed;
use crate::no::{Fault, No};
use crate::people::number_hash;
use crate::processing::once;
use crate::state::App;
use crate::words::date;

use super::form::KINDS;
use super::number::PartyNumber;

/// The field by which the applicant agrees that documents of her store are used.
pub const CONSENT: &str = "reuse_consent";

/// Whether the applicant agreed.
pub fn consented(typed: &Typed) -> bool {
    typed.get(CONSENT) == "on"
}

/// Who looks into a store, and for which intake.
#[derive(Debug, Clone, Copy)]
pub(super) struct Looking<'a> {
    /// Who.
    pub(super) staff: &'a StaffId,
    /// The draft of the intake, or the one-time key of its form where there is none.
    pub(super) intake: &'a str,
}

/// The name of an intake without a draft: of this person, and of the one-time key of its form, in whatever way
/// it ends.
pub(super) fn intake_of(actor: &Actor, key: &OnceKey) -> String {
    once(actor, CommandKind::Submit, "", key).into()
}

/// The record of the owner whom the form names by her number and her name: a number alone opens nobody's
/// store, for whoever tries numbers does not know the names.
pub(super) async fn owner(app: &App, typed: &Typed) -> Result<Option<PartyId>, No> {
    let own = matches!(typed.get("mandate"), "" | "own");
    let (kind, number, name) = if own {
        ("kind", "number", "name")
    } else {
        ("owner_kind", "owner_number", "owner_name")
    };
    let kind = KINDS.iter().find(|(value, _)| *value == typed.get(kind));
    let kind = kind.map_or(PartyKind::Citizen, |(_, kind)| *kind);
    let Ok(Some(number)) = PartyNumber::parse(kind, typed.get(number), "number") else {
        return Ok(None);
    };
    let hash = number_hash(app.keys(), &String::from(number));
    let rows = app.store().parties_by_number(hash).await?;
    let name = fold(typed.get(name));
    let mut rows = rows.into_iter();
    let row = rows.find(|row| row.kind == kind && !row.erased && fold(&row.name) == name);
    Ok(row.map(|row| row.id))
}

/// A look into the store of `owner`: judged, and logged whether or not anything is found there. The same
/// intake looks as often as it is shown.
///
/// # Errors
/// [`No::Invalid`] at the consent without it, or beyond what one person may look at in an hour;
/// [`No::Broken`].
pub(super) async fn look(
    app: &App,
    looking: Looking<'_>,
    (typed, owner): (&Typed, &PartyId),
) -> Result<(), No> {
    let now = app.clock().now();
    let look = StoreLook {
        intake: looking.intake.to_owned(),
        owner: owner.clone(),
        staff: looking.staff.clone(),
        at: now,
    };
    let store = app.store();
    let noted = consented(typed) && store.look_noted(&look).await?;
    if noted {
        return Ok(());
    }
    let since = now.saturating_sub(1.hour());
    let looks = store.looks(looking.staff, since).await?;
    let settings = app.settings();
    let dates = Dates::all(now.date());
    let most = settings.parameters().number(Key::StoreLooks, dates);
    judge_look(consented(typed), looks, most).map_err(|no| invalid(no, None))?;
    let line = AuditLine {
        actor: looking.staff.to_string(),
        action: "held.offered".to_owned(),
        subject: owner.to_string(),
        purpose: format!("intake {}", looking.intake),
        detail: r#"{"consent":true}"#.to_owned(),
    };
    match store.note_look(look, (since, most), line).await? {
        Noted::New | Noted::Before => Ok(()),
        // Others of hers were noted since they were counted.
        Noted::TooMany => Err(invalid(NotReused::TooManyLooks { most }, None)),
    }
}

/// What a rule about the store says, at the consent.
pub(super) fn invalid(no: NotReused, component: Option<u16>) -> No {
    No::Invalid(vec![fault(no, component)])
}

/// The same as a fault, of a component where it is about one.
pub(super) fn fault(no: NotReused, component: Option<u16>) -> Fault {
    let said = match no {
        NotReused::NoConsent => Fault::new(CONSENT, "fault.reuse_consent"),
        NotReused::Gone => Fault::new(CONSENT, "fault.reuse_gone"),
        NotReused::Expired { last } => {
            Fault::new(CONSENT, "fault.reuse_expired").with("day", &date(last))
        }
        NotReused::HeldAlready => Fault::new(CONSENT, "fault.reuse_held"),
        NotReused::TooManyLooks { most } => {
            Fault::new(CONSENT, "fault.store_looks").with("most", &most)
        }
    };
    let said = said.with("rule", &no.rule());
    match component {
        Some(number) => said.with("n", &number),
        None => said,
    }
}

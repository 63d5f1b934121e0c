//! What is filed, out of what was typed: who helped, by which way, for which agency.

use domain::dossier::{Filed, Help, Refusal};
use domain::ids::{StaffId, UnitId};
use domain::money::Dong;
use domain::procedure::{Channel, Procedure};
use jiff::civil::DateTime;

use crate::access::{Actor, Desk};
use crate::forms::Typed;
use crate::no::{Denied, Fault, No};
use crate::processing::{read_scans, scanned_with};
use crate::state::App;

use super::agency::Agencies;
use super::draft::load_draft;
use super::filing::{Evidence, Persons, Versions, filed, persons, unknown_procedure, versions};
use super::form::{Counter, Read};
use super::looking::{Looking, intake_of};
use super::lookups::lookups;
use super::post_record::chargeable;
use super::receive::AtCounter;
use super::reuse::reused;

/// Where an intake is ended, and what its draft says that no form can say.
pub(super) struct Sitting {
    /// The centre that receives.
    pub(super) unit: UnitId,
    /// Who files.
    staff: StaffId,
    desk: Desk,
    /// The agent of the post who files, and has the papers.
    agent: Option<StaffId>,
    helper: Option<StaffId>,
    card: String,
    /// The name under which looks into a store are noted.
    intake: String,
}

impl Sitting {
    /// An intake is received where its draft was opened; without a draft, where the form says, or
    /// at the actor's first counter.
    pub(super) async fn of(app: &App, actor: &Actor, input: &AtCounter) -> Result<Self, No> {
        let (unit, helper, card) = if let Some(id) = &input.draft {
            let draft = load_draft(app, actor, id).await?;
            let (helper, card) = (draft.helper(), draft.card().to_owned());
            (draft.unit, helper, card)
        } else {
            (named(actor, &input.typed)?, None, String::new())
        };
        let desk = actor.desk_at(&unit).ok_or(Denied::Seen)?;
        // At a centre that ended nobody receives any more, whoever has its open work.
        app.unit(&unit).ok_or(Denied::Seen)?;
        Ok(Self {
            unit,
            staff: actor.staff.clone(),
            desk,
            agent: (desk == Desk::Post).then(|| actor.staff.clone()),
            helper: helper.filter(|helper| *helper != actor.staff),
            card,
            // Without a draft each filing is an intake of its own.
            intake: match &input.draft {
                Some(draft) => draft.to_string(),
                None => intake_of(actor, &input.key),
            },
        })
    }

    /// Who helped with the draft that is filed, when that was somebody else.
    fn help(&self) -> Option<Help> {
        let at = self.unit.clone();
        self.helper.clone().map(|by| Help { at, by })
    }

    /// What an agent of the post files came by post, and only what is served by post (QĐ
    /// 45/2016/QĐ-TTg Điều 18).
    fn by_post(&self, counter: &mut Counter, procedure: &Procedure) -> Result<(), Refusal> {
        if self.desk != Desk::Post {
            return Ok(());
        }
        let channel = Channel::Post;
        counter.channel = channel;
        match procedure.offer(channel) {
            Some(_) => Ok(()),
            None => Err(Refusal::ChannelNotOffered { channel }),
        }
    }
}

/// The centre of an intake without a draft: where the form says, or the actor's first counter.
pub(super) fn named(actor: &Actor, typed: &Typed) -> Result<UnitId, Denied> {
    let named = UnitId::parse(typed.get("receiving")).ok();
    let first = || actor.desk().map(|(unit, _)| unit.clone());
    named.or_else(first).ok_or(Denied::Seen)
}

/// What the form says, under the versions in force and with the persons' records.
pub(super) async fn understood(
    app: &App,
    input: &AtCounter,
    sitting: &Sitting,
    now: DateTime,
) -> Result<(Filed, Versions, Persons), No> {
    let mut counter = Read::new(&input.typed).counter().map_err(No::Invalid)?;
    let versions = versions(app, &counter.procedure, now)
        .await?
        .ok_or_else(unknown_procedure)?;
    sitting.by_post(&mut counter, &versions.procedure)?;
    let agencies = Agencies {
        app,
        procedure: &versions.procedure,
        receiving: &sitting.unit,
        today: now.date(),
    };
    let competent = agencies.named(input.typed.get("competent"));
    let competent = competent.map_err(|fault| No::Invalid(vec![fault]))?;
    let evidence = Evidence {
        card: &sitting.card,
        post: sitting.desk == Desk::Post,
    };
    let persons = Persons {
        help: sitting.help(),
        ..persons(app, &counter, &evidence, now).await?
    };
    let mut filed = Filed {
        agent: sitting.agent.clone(),
        lookups: lookups(&input.typed, versions.procedure.case(counter.case)),
        ..filed(
            &counter,
            &versions,
            &persons,
            (sitting.unit.clone(), competent),
        )
    };
    if sitting.agent.is_some() {
        filed.collected = taken(&input.typed, &filed)?;
    }
    let case = versions.procedure.case(counter.case);
    let looking = Looking {
        staff: &sitting.staff,
        intake: &sitting.intake,
    };
    let reused = reused(app, (looking, &input.typed), (&filed.owner, case)).await?;
    filed.handed.extend(reused);
    let scans = read_scans(app, &input.scans).await?;
    scanned_with(&mut filed.handed, &scans)?;
    Ok((filed, versions, persons))
}

/// The money that an agent of the post took with what she files, never more than is charged
/// beforehand: her slip is the receipt.
fn taken(typed: &Typed, filed: &Filed) -> Result<Option<Dong>, No> {
    let fault = |key| Fault::new(TAKEN, key);
    if typed.get(TAKEN).trim().is_empty() {
        return Ok(None);
    }
    let Some(sum) = Dong::typed(typed.get(TAKEN)) else {
        return Err(No::Invalid(vec![fault("fault.post_sum")]));
    };
    let most = chargeable(filed.payment, filed.fee);
    if sum > most {
        let fault = fault("fault.post_fee").with("most", &most.0);
        return Err(No::Invalid(vec![fault]));
    }
    Ok(Some(sum).filter(|sum| sum.0 > 0))
}

/// The field in which an agent says what she took.
const TAKEN: &str = "collected";

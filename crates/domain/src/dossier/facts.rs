//! The world in which a command is judged.

use jiff::civil::DateTime;

use crate::deadline::{Clock, Limit};
use crate::ids::{DossierCode, StaffId, UnitId};
use crate::office::Unit;
use crate::parameters::{Dates, Key, Parameters};
use crate::procedure::Procedure;
use crate::process::Process;

use super::filed::Filed;
use super::state::Record;

/// The world in which a command is judged, gathered by the caller.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// Now, fixed once for the whole use case.
    pub now: DateTime,
    /// Who acts.
    pub by: &'a StaffId,
    /// The absent colleague for whom she acts, when the register of absences lets her.
    pub for_whom: Option<&'a StaffId>,
    /// The procedure's version: the one in force when filing, the dossier's own afterwards; the one
    /// to come when the dossier is moved to another.
    pub procedure: &'a Procedure,
    /// The version of the internal process, chosen likewise.
    pub process: &'a Process,
    /// Calendar and hours.
    pub clock: &'a Clock<'a>,
    /// The parameters of the rules, with what the province laid over them.
    pub parameters: &'a Parameters,
    /// The centre that receives, as the register of units knows it; none when it does not.
    pub receiving: Option<&'a Unit>,
    /// The agency that decides, likewise.
    pub competent: Option<&'a Unit>,
    /// The order given by the register: of the dossier in its day, of the result in its year.
    pub number: u32,
    /// Whether a joint record of the post that waits for the centre's signature lists the dossier.
    pub listed: bool,
}

impl Facts<'_> {
    /// The number of a dossier received now by its centre.
    pub(crate) fn dossier_code(&self, filed: &Filed) -> DossierCode {
        let unit = self.receiving.map_or(&filed.receiving, |unit| &unit.id);
        DossierCode::new(unit, self.now.date(), self.number)
    }

    /// Who decides today on the dossier.
    pub(crate) fn agency<'a>(&'a self, record: &'a Record) -> &'a UnitId {
        record.agency(self.competent)
    }

    /// For whom the actor acts, when that is somebody else.
    pub(crate) fn behalf(&self) -> Option<StaffId> {
        self.for_whom.filter(|whom| *whom != self.by).cloned()
    }

    /// Whether the actor, or the one she acts for, is `one` or the one that `one` acted for.
    pub(crate) fn is_one_of(&self, one: &StaffId, behalf: Option<&StaffId>) -> bool {
        let acts = |who: &StaffId| who == self.by || Some(who) == self.for_whom;
        acts(one) || behalf.is_some_and(acts)
    }

    /// A limit among the parameters, as it holds for this dossier.
    pub(crate) fn parameter_limit(&self, key: Key, record: &Record) -> Limit {
        self.parameters.limit(key, record.dates(self.now))
    }

    /// A number among the parameters, as it holds for this dossier.
    pub(crate) fn parameter_number(&self, key: Key, record: &Record) -> u32 {
        self.parameters.number(key, record.dates(self.now))
    }
}

impl Record {
    /// The centre whose numbers and papers the dossier gets: the one that received, or whoever took
    /// its work over, which is the `receiving` unit of the day.
    pub fn centre<'a>(&'a self, receiving: Option<&'a Unit>) -> &'a UnitId {
        receiving.map_or(&self.filed.receiving, |unit| &unit.id)
    }

    /// The agency whose numbers and papers the dossier gets, likewise of the `competent` unit of the
    /// day.
    pub fn agency<'a>(&'a self, competent: Option<&'a Unit>) -> &'a UnitId {
        competent.map_or(&self.filed.competent, |unit| &unit.id)
    }

    /// The days that choose among the versions of a parameter, for an act at `now`.
    pub fn dates(&self, now: DateTime) -> Dates {
        Dates {
            filed: self.legal_at().date(),
            received: self.received_at.unwrap_or(now).date(),
            act: now.date(),
        }
    }
}

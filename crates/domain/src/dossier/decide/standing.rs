//! Where a dossier stands, named once for every command that asks the same: each function names
//! every state, so that a new one does not compile until it is judged here.

use crate::dossier::commands::CommandKind;
use crate::dossier::refusal::Refusal;
use crate::dossier::state::{AtStep, Dossier, Record};

impl Dossier {
    /// Being worked on, the clock running.
    pub(super) fn processing(&self, command: CommandKind) -> Result<(&Record, &AtStep), Refusal> {
        match self {
            Self::Processing(record, at) => Ok((record, at)),
            Self::Absent
            | Self::Submitted(_)
            | Self::Incomplete(..)
            | Self::Declined(_)
            | Self::Received(..)
            | Self::Paused(..)
            | Self::Obliged(..)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..)
            | Self::Returned(..) => Err(self.no_move(command)),
        }
    }

    /// Received and not settled, whether the clock runs or stands.
    pub(super) fn begun(&self, command: CommandKind) -> Result<(&Record, &AtStep), Refusal> {
        match self {
            Self::Received(record, at)
            | Self::Processing(record, at)
            | Self::Paused(record, at, _)
            | Self::Obliged(record, at) => Ok((record, at)),
            Self::Absent
            | Self::Submitted(_)
            | Self::Incomplete(..)
            | Self::Declined(_)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..)
            | Self::Returned(..) => Err(self.no_move(command)),
        }
    }

    /// Filed and not settled.
    pub(super) fn unsettled(&self, command: CommandKind) -> Result<&Record, Refusal> {
        match self {
            Self::Submitted(record)
            | Self::Incomplete(record, _)
            | Self::Received(record, _)
            | Self::Processing(record, _)
            | Self::Paused(record, ..)
            | Self::Obliged(record, _) => Ok(record),
            Self::Absent
            | Self::Declined(_)
            | Self::Withdrawn(_)
            | Self::Stopped(_)
            | Self::Settled(..)
            | Self::Returned(..) => Err(self.no_move(command)),
        }
    }
}

//! The procedures that a counter can receive, found by words or code.

use domain::ids::ProcedureCode;
use domain::procedure::Channel;
use store::ProcedureSearch;

use crate::access::{Actor, Desk};
use crate::no::{Denied, No};
use crate::state::App;

/// The most lines that a picker offers.
const MOST: usize = 12;

/// A procedure as a picker offers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcedureLine {
    /// Its code.
    pub code: ProcedureCode,
    /// Its title.
    pub name: String,
    /// Its field.
    pub field: String,
}

/// Finds procedures in force that the actor's counter can receive: offered in person or by post,
/// and with an internal process to run on. Those that the unit itself decides come first.
///
/// # Errors
/// [`No::Denied`] without a counter, [`No::Broken`].
pub async fn find_procedures(
    app: &App,
    actor: &Actor,
    words: &str,
) -> Result<Vec<ProcedureLine>, No> {
    let (unit, desk) = actor.desk().ok_or(No::Denied(Denied::Seen))?;
    let unit = app.unit(unit).ok_or(No::Denied(Denied::Seen))?;
    let today = app.clock().now().date();
    let limit = u32::try_from(MOST * 3).unwrap_or(u32::MAX);
    let search = ProcedureSearch {
        words,
        level: None,
        on: today,
        limit,
    };
    let mut lines = app.store().search_procedures(&search).await?;
    let offered = |channel: &Channel| match desk {
        // The province publishes what is not served by post (QĐ 45/2016/QĐ-TTg Điều 18).
        Desk::Post => *channel == Channel::Post,
        Desk::Counter | Desk::Help => *channel != Channel::Online,
    };
    lines.retain(|line| line.channels.iter().any(offered));
    lines.sort_by_key(|line| {
        let decided_here = match unit.kind {
            domain::office::UnitKind::Commune => line.commune,
            domain::office::UnitKind::Province
            | domain::office::UnitKind::Department
            | domain::office::UnitKind::ProvincialCentre => line.province,
        };
        !decided_here
    });
    let mut found = Vec::new();
    for line in lines {
        let code = line.version.procedure;
        if app.store().process_in_force(&code, today).await?.is_some() {
            found.push(ProcedureLine {
                code,
                name: line.name,
                field: line.field,
            });
        }
        if found.len() == MOST {
            break;
        }
    }
    Ok(found)
}

//! Lookups in databases: what they hold is not asked for, and what they fail to give is recorded
//! before the paper may be asked for (NĐ 224/2026 Điều 18.4).

use crate::dossier::commands::CommandKind;
use crate::dossier::course::Lookup;
use crate::dossier::events::Event;
use crate::dossier::facts::Facts;
use crate::dossier::filed::{Filed, HandedAs};
use crate::dossier::refusal::Refusal;
use crate::dossier::state::Dossier;
use crate::procedure::Case;

use super::Judged;

impl Dossier {
    pub(super) fn record_lookup(&self, lookup: &Lookup, facts: &Facts<'_>) -> Judged {
        let record = self.unsettled(CommandKind::RecordLookup)?;
        let case = facts.procedure.case(record.filed.case);
        judge_lookup(lookup, case.ok_or(Refusal::NoSuchCase)?)?;
        Ok(vec![Event::LookupRecorded {
            at: facts.now,
            by: facts.by.clone(),
            lookup: lookup.clone(),
        }])
    }
}

/// A lookup is of a component of the case, in the database that holds it; what did not give it says
/// what came of it.
pub(super) fn judge_lookup(lookup: &Lookup, case: &Case) -> Result<(), Refusal> {
    let component = lookup.component;
    let Some(published) = case.components.iter().find(|c| c.number == component) else {
        return Err(Refusal::NotPublished { component });
    };
    if published.held_by != Some(lookup.database) {
        return Err(Refusal::NotHeldThere { component });
    }
    if lookup.found.opens_the_paper() && lookup.note.is_none() {
        return Err(Refusal::LookupUnsaid { component });
    }
    Ok(())
}

/// No paper is taken for what a database holds, unless its lookup failed: whoever takes it in, by
/// whichever channel it is said to come.
pub(super) fn judge_papers(filed: &Filed, case: &Case) -> Result<(), Refusal> {
    for component in &case.components {
        let number = component.number;
        let is_paper = |handed: &HandedAs| match handed {
            HandedAs::Seen | HandedAs::Paper | HandedAs::Scanned { .. } => true,
            // What applicants attach themselves nobody asked for.
            HandedAs::Attached { .. } | HandedAs::Reused { .. } | HandedAs::Read { .. } => false,
        };
        let brought = filed.handed.iter().find(|h| h.component == number);
        if let (Some(database), Some(there)) = (component.held_by, brought)
            && is_paper(&there.handed)
            && !filed.paper_opened(component)
        {
            return Err(Refusal::HeldByDatabase {
                component: number,
                database,
            });
        }
    }
    Ok(())
}

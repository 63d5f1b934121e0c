//! What an agent can hand over, and the lines of a record that she makes of it.

use domain::dossier::{Dossier, Handed, HandedAs, Payment, Record};
use domain::ids::{DossierId, StaffId, UnitId};
use domain::money::Dong;
use store::{NewPostLine, PostLine};

use crate::access::Actor;
use crate::no::{Denied, Fault, No};
use crate::state::App;

use super::MOST;
use super::colleagues::hands_for;

/// What an agent can hand over of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToHand {
    /// The dossier.
    pub line: PostLine,
    /// What is charged at filing, which the agent may have collected; 0 when it is paid later or not
    /// at all.
    pub fee: Dong,
    /// What she took when she filed, for which her slip is the receipt.
    pub taken: Option<Dong>,
    /// Of a supplement, the components that were asked for: number and name.
    pub asked: Vec<(u16, String)>,
}

/// What an agent hands over of a dossier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandingOver {
    /// Which.
    pub dossier: DossierId,
    /// The money that she collected, when she did.
    pub collected: Option<Dong>,
    /// Of a supplement, the components that came.
    pub supplied: Vec<u16>,
}

/// What somebody filed at `unit` and has on no record yet.
pub(super) async fn unhanded(app: &App, unit: &UnitId, whom: &StaffId) -> Result<Vec<ToHand>, No> {
    let mut found = Vec::new();
    for line in app.store().unhanded(unit, whom, MOST).await? {
        let loaded = app.store().load(&line.dossier()?).await?;
        let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
        found.push(ToHand {
            fee: charged(record),
            taken: record.filed.collected,
            asked: Vec::new(),
            line,
        });
    }
    Ok(found)
}

/// What somebody filed at `unit` that waits for a supplement.
pub(super) async fn awaiting(app: &App, unit: &UnitId, whom: &StaffId) -> Result<Vec<ToHand>, No> {
    let mut found = Vec::new();
    for line in app.store().awaiting_by_post(unit, whom, MOST).await? {
        let loaded = app.store().load(&line.dossier()?).await?;
        if let Dossier::Incomplete(record, request) | Dossier::Paused(record, _, request) =
            &loaded.dossier
        {
            let part = i64::try_from(record.course.asked_at.len()).unwrap_or(i64::MAX);
            found.push(ToHand {
                fee: Dong(0),
                taken: None,
                asked: names(app, record, &request.components).await?,
                line: PostLine { part, ..line },
            });
        }
    }
    Ok(found)
}

fn charged(record: &Record) -> Dong {
    chargeable(record.filed.payment, record.filed.fee)
}

/// What may be taken beforehand of a charge.
pub(in crate::intake) fn chargeable(payment: Payment, fee: Dong) -> Dong {
    match payment {
        Payment::Before => fee,
        Payment::After | Payment::Free => Dong(0),
    }
}

/// The components of those numbers with their names.
async fn names(app: &App, record: &Record, numbers: &[u16]) -> Result<Vec<(u16, String)>, No> {
    let filed = &record.filed;
    let procedure = app
        .procedure(&filed.procedure, filed.procedure_version)
        .await?;
    let case = procedure.case(filed.case);
    let components = case.map_or(&[][..], |case| case.components.as_slice());
    let asked = components.iter().filter(|c| numbers.contains(&c.number));
    Ok(asked.map(|c| (c.number, c.name.clone())).collect())
}

/// The lines of a record, each of something that the agent hands over.
pub(super) async fn listed(
    app: &App,
    actor: &Actor,
    unit: &UnitId,
    handing: Vec<HandingOver>,
) -> Result<Vec<NewPostLine>, No> {
    let mut there = Vec::new();
    let places = app.with_forerunners(unit);
    for hands in hands_for(app, actor, unit).await? {
        for place in &places {
            there.extend(unhanded(app, place, &hands.whom).await?);
            there.extend(awaiting(app, place, &hands.whom).await?);
        }
    }
    let line = |one: HandingOver| {
        let mut known = there.iter();
        let known = known.find(|known| known.line.id == one.dossier.as_str());
        judged(known, one)
    };
    let lines: Result<Vec<NewPostLine>, Fault> = handing.into_iter().map(line).collect();
    lines.map_err(|fault| No::Invalid(vec![fault]))
}

/// A line that can stand on a record: of somebody's own filing, with no more money than is charged and
/// no less than was taken at filing, a supplement whole.
fn judged(known: Option<&ToHand>, one: HandingOver) -> Result<NewPostLine, Fault> {
    let known = known.ok_or_else(|| Fault::new("ho-so", "fault.post_not_own"))?;
    let collected = one.collected.or(known.taken);
    if collected.is_some_and(|sum| sum.0 < 0 || sum > known.fee) {
        return Err(Fault::new("ho-so", "fault.post_fee").with("most", &known.fee.0));
    }
    if let Some(taken) = known.taken.filter(|taken| collected < Some(*taken)) {
        return Err(Fault::new("ho-so", "fault.post_less").with("least", &taken.0));
    }
    let whole = known
        .asked
        .iter()
        .all(|(number, _)| one.supplied.contains(number));
    if !whole || one.supplied.len() != known.asked.len() {
        return Err(Fault::new("ho-so", "fault.post_supplement"));
    }
    let paper = |component: u16| Handed {
        component,
        handed: HandedAs::Paper,
    };
    Ok(NewPostLine {
        dossier: one.dossier,
        part: u32::try_from(known.line.part).unwrap_or(u32::MAX),
        collected: collected.filter(|sum| sum.0 > 0),
        handed: one.supplied.into_iter().map(paper).collect(),
    })
}

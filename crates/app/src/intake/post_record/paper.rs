//! The papers of the post: the joint record that both sides sign, and the slip of each dossier.

use domain::ids::{DossierId, UnitId};
use domain::slip::Slip;
use store::PostRecordRow;

use crate::access::{Actor, Desk, Resource, may_see};
use crate::clock::local_time;
use crate::jobs;
use crate::no::{Denied, No};
use crate::papers::{JointRecord, post_list};
use crate::state::App;

use super::colleagues::hands_for;
use super::{audited, found};

/// The joint record as PDF, for both sides; every print is logged.
///
/// # Errors
/// [`No::Denied`], unseen; [`No::Broken`].
pub async fn post_record_paper(app: &App, actor: &Actor, id: &str) -> Result<Vec<u8>, No> {
    let (row, _) = found(app, actor, id).await?;
    let unit = UnitId::parse(&row.unit).map_err(|fault| No::Broken(Box::new(fault)))?;
    let record = JointRecord {
        lines: app.store().post_lines(&row.id).await?,
        signed: row.signed_at.map(local_time),
        made: local_time(row.made_at),
        receiver: row.signer_name.clone().unwrap_or_default(),
        number: row.number.clone(),
        giver: row.agent_name.clone(),
        unit,
    };
    let list = post_list(app, record).await?;
    let pdf = app.slips().render(Slip::Handover(list)).await?;
    log(app, actor, "post_record.printed", &row).await?;
    Ok(pdf)
}

async fn log(app: &App, actor: &Actor, action: &str, row: &PostRecordRow) -> Result<(), No> {
    let line = audited(actor, action, &row.id);
    Ok(app.store().audit(app.clock().now(), vec![line]).await?)
}

/// The post's slip of a dossier as PDF: for the agent who hands it over, and whoever sees the dossier;
/// every print is logged.
///
/// # Errors
/// [`No::Denied`], unseen, also of what no agent filed; [`No::Broken`].
pub async fn post_slip(app: &App, actor: &Actor, dossier: &DossierId) -> Result<Vec<u8>, No> {
    let loaded = app.store().load(dossier).await?;
    let record = loaded.dossier.record().ok_or(Denied::Unseen)?;
    let papers = &record.filed;
    let agent = papers.agent.as_ref().ok_or(Denied::Unseen)?;
    let unit = app.heir(&papers.receiving);
    let hers = if actor.desk_at(&unit) == Some(Desk::Post) {
        let handed_over = !record.is_with_agent();
        let hands = hands_for(app, actor, &unit).await?;
        let mut hands = hands.iter();
        hands.any(|hands| hands.have(agent.as_str(), handed_over))
    } else {
        false
    };
    if !hers {
        let process = app
            .process(&papers.procedure, papers.process_version)
            .await?;
        let resource = Resource::of(&loaded.dossier, &process).ok_or(Denied::Unseen)?;
        may_see(actor, &resource.passed_on(app))?;
    }
    let slip = jobs::post_slip(app, &loaded).await?;
    let pdf = app.slips().render(Slip::PostSlip(slip)).await?;
    let line = audited(actor, "post_slip.printed", dossier.as_str());
    app.store().audit(app.clock().now(), vec![line]).await?;
    Ok(pdf)
}

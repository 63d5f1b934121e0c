//! Copies of a result: on paper from the electronic original, electronic from the original on paper.

use domain::dossier::{Command, Digitising, File};
use domain::ids::StaffId;
use domain::office::Role;
use store::Loaded;

use crate::facts::World;
use crate::no::{Denied, Fault, No};
use crate::signing::{SignError, judge_seal};
use crate::state::App;

use super::course::course;
use super::order::Order;
use super::prepare::{NewFile, PDF, Prepared, capped, kept, said};

/// Copies on paper that are made at once.
const MOST: u16 = 100;

/// The copies that are ordered as commands, and what else happens beside the steps.
pub(super) async fn copied(
    app: &App,
    (world, loaded): (&World, &Loaded),
    order: Order,
) -> Result<Prepared, No> {
    match order {
        Order::CopyResult { copies, asked } => {
            if !(1..=MOST).contains(&copies) {
                let fault = Fault::new("copies", "fault.copy_count").with("most", &MOST);
                return Err(No::Invalid(vec![fault]));
            }
            let asked = capped(app, &loaded.id, ("asked", &asked))?;
            Ok(said(asked, |asked| Command::CopyResult { copies, asked }))
        }
        Order::DigitiseResult {
            document,
            compared,
            decided_by,
        } => {
            let scan = scan(app, document).await?;
            let digitising = Digitising {
                scan: scan.as_ref().map(|scan| File {
                    hash: scan.hash.clone(),
                    bytes: scan.content.len() as u64,
                }),
                compared,
                decided_by: decider(app, (world, loaded), decided_by).await?,
            };
            let command = Command::DigitiseResult(digitising);
            if world
                .judged(&loaded.dossier, std::slice::from_ref(&command))
                .is_ok()
            {
                // Whoever compares puts the agency's signature on the copy (NĐ 30/2020/NĐ-CP Điều 32).
                let keeper = world.for_whom.as_ref().unwrap_or(&world.by);
                let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
                judge_seal(app, (keeper, &filed.competent), None).await?;
            }
            Ok(Prepared::of(command).with_file(scan))
        }
        other => course(app, world, loaded, other),
    }
}

/// The scan of a paper: what bears a signature already is no paper.
async fn scan(app: &App, document: Vec<u8>) -> Result<Option<NewFile>, No> {
    let Some(file) = kept(app, ("document", document), &PDF)? else {
        return Ok(None);
    };
    match app.signatures().attachable(file.content.clone()).await {
        Ok(()) => Ok(Some(file)),
        Err(SignError::Document(_)) => {
            let fault = Fault::new("document", "fault.copy_unready");
            Err(No::Invalid(vec![fault]))
        }
        Err(error) => Err(No::Broken(Box::new(error))),
    }
}

/// Who decided: a leader of the agency, or of who took its work over, today.
async fn decider(
    app: &App,
    (world, loaded): (&World, &Loaded),
    named: Option<StaffId>,
) -> Result<Option<StaffId>, No> {
    let Some(named) = named else {
        return Ok(None);
    };
    let filed = &loaded.dossier.record().ok_or(Denied::Unseen)?.filed;
    let (agency, today) = (app.heir(&filed.competent), world.now.date());
    let leaders = app
        .store()
        .staff_of(&agency, Some(Role::Leader), today)
        .await?;
    if leaders.iter().any(|found| found.post.staff == named) {
        return Ok(Some(named));
    }
    let fault = Fault::new("decided_by", "fault.copy_decider");
    Err(No::Invalid(vec![fault]))
}

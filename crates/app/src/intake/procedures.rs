//! The procedures that a counter can receive, found by words or code.

use domain::ids::ProcedureCode;
use domain::office::{Unit, UnitKind};
use domain::procedure::Channel;
use jiff::civil::Date;
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

/// The most procedures of a catalogue that are looked through.
const CATALOGUE: u32 = 20_000;

/// The procedures received in the province that are not served by post, by code: the list that the
/// province publishes (QĐ 45/2016/QĐ-TTg Điều 18). Open to everybody.
///
/// # Errors
/// [`No::Broken`].
pub async fn not_by_post(app: &App, words: &str) -> Result<Vec<ProcedureLine>, No> {
    let today = app.clock().now().date();
    let search = ProcedureSearch {
        words,
        level: None,
        on: today,
        limit: CATALOGUE,
    };
    let without = app.store().procedures_without_process(today).await?;
    let mut lines = app.store().search_procedures(&search).await?;
    lines.retain(|line| {
        !line.channels.contains(&Channel::Post)
            && without.binary_search(&line.version.procedure).is_err()
    });
    lines.sort_by(|a, b| a.version.procedure.cmp(&b.version.procedure));
    let lines = lines.into_iter().map(|line| ProcedureLine {
        code: line.version.procedure,
        name: line.name,
        field: line.field,
    });
    Ok(lines.collect())
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
            UnitKind::Commune => line.commune,
            UnitKind::Province | UnitKind::Department | UnitKind::ProvincialCentre => line.province,
        };
        !decided_here
    });
    lines.retain(|line| receivable(app, &unit, line, today));
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

/// Whether the centre receives the procedure: as the usual one of a level that decides it, or because
/// the province lists it (NĐ 118/2025/NĐ-CP Điều 17). Where the source names no level, the law judges
/// by the agency.
fn receivable(app: &App, unit: &Unit, line: &store::ProcedureLine, today: Date) -> bool {
    let settings = app.settings();
    let boundaries = settings.parameters().boundaries();
    let elsewhere = |kind| {
        let row = boundaries.row(&line.version.procedure, kind, today);
        row.is_some_and(|row| row.elsewhere)
    };
    let usual = match unit.kind {
        UnitKind::Commune => line.commune,
        UnitKind::Province | UnitKind::Department | UnitKind::ProvincialCentre => line.province,
    };
    usual
        || (!line.commune && !line.province)
        || (line.commune && elsewhere(UnitKind::Commune))
        || (line.province && elsewhere(UnitKind::Department))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo;
    use crate::people::testing::{clerk, empty, office};

    #[tokio::test]
    async fn what_is_not_served_by_post_is_a_list_for_everybody() {
        let app = office().await;
        let today = app.clock().now().date();
        let listed = not_by_post(&app, "").await.unwrap();
        assert!(!listed.is_empty());
        assert!(listed.is_sorted_by(|a, b| a.code < b.code));
        for line in &listed {
            let (version, _) = app
                .store()
                .versions_in_force(&line.code, today)
                .await
                .unwrap()
                .unwrap();
            let procedure = app.procedure(&line.code, version).await.unwrap();
            assert!(procedure.offer(Channel::Post).is_none(), "{}", line.code);
        }
        // An agent is offered none of them.
        let posted = listed.iter().find(|line| line.code.as_str() == "1.013313");
        assert_eq!(posted, None);
        let some = not_by_post(&app, &listed[0].name).await.unwrap();
        assert!(some.iter().any(|line| line.code == listed[0].code));
    }

    #[tokio::test]
    async fn a_centre_is_offered_what_the_province_lists_for_it() {
        let (app, _) = empty().await;
        demo::seed(&app).await.unwrap();
        let ward = clerk(&app, "Phường Hạc Thành");
        let of_province = "1.012790";
        let offered = find_procedures(&app, &ward, of_province).await.unwrap();
        assert_eq!(offered, [], "a department decides it");
        let setting = store::Setting {
            key: format!("rule.boundary.{of_province}"),
            value: "yes".into(),
            basis: "QĐ 12/QĐ-UBND".to_owned(),
            valid_from: app.clock().now().date(),
            updated_at: app.clock().now(),
        };
        let line = store::AuditLine {
            actor: "op".to_owned(),
            action: "setting.saved".to_owned(),
            subject: setting.key.clone(),
            purpose: setting.basis.clone(),
            detail: String::new(),
        };
        app.store().save_setting(setting, line).await.unwrap();
        app.reload().await.unwrap();
        let offered = find_procedures(&app, &ward, of_province).await.unwrap();
        assert_eq!(offered.len(), 1);
    }
}

//! Who sees which alerts: each post of the line those that have reached it, from the holder up.

use std::fmt;
use std::str::FromStr;

use domain::dossier::{Escalation, Warning, Watch};
use domain::ids::{DossierId, StaffId, UnitId};
use domain::office::Role;
use jiff::civil::DateTime;

use crate::StoreError;
use crate::backend::{on, row};
use crate::rows;
use crate::time::from_millis;
use crate::views::{BadKey, Views};

/// Which post of the line is told, and of which work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlertScope {
    /// The holder: of work at a unit that these people hold, or that these roles do and nobody holds.
    Mine {
        /// The unit.
        unit: UnitId,
        /// The roles that the person holds there.
        roles: Vec<Role>,
        /// The person, and everybody stood in for.
        staff: Vec<StaffId>,
    },
    /// Who heads the work of these roles at a unit; of every role when none is named.
    Headed {
        /// The unit.
        unit: UnitId,
        /// The roles.
        roles: Vec<Role>,
    },
    /// The head of the centre that received.
    Received(UnitId),
}

/// Place in a list of alerts, for the next page.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AlertKey {
    due_at: i64,
    dossier: String,
    watch: String,
}

impl fmt::Display for AlertKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.due_at, self.watch, self.dossier)
    }
}

impl FromStr for AlertKey {
    type Err = BadKey;
    fn from_str(text: &str) -> Result<Self, BadKey> {
        let (due, rest) = text.split_once('.').ok_or(BadKey)?;
        let (watch, dossier) = rest.split_once('.').ok_or(BadKey)?;
        Watch::parse(watch).ok_or(BadKey)?;
        Ok(Self {
            due_at: due.parse().map_err(|_| BadKey)?,
            dossier: dossier.to_owned(),
            watch: watch.to_owned(),
        })
    }
}

/// Which part of a list of alerts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertFilter {
    /// Whose.
    pub scope: AlertScope,
    /// Only what comes after this row.
    pub after: Option<AlertKey>,
    /// How many rows at most.
    pub limit: u32,
}

row! {
    /// An open alert with the work that it is about. Times are epoch milliseconds; `i64::MAX` where
    /// there is no limit.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct AlertRow {
        /// Which dossier.
        pub dossier: String,
        watch: String,
        warning: String,
        at: i64,
        levels: i64,
        /// Where the work is.
        pub unit: String,
        /// Who does it.
        pub role: String,
        /// Who holds it.
        pub holder: Option<String>,
        /// The dossier's number.
        pub code: Option<String>,
        /// Title of the procedure.
        pub procedure_name: String,
        /// Name of the step.
        pub step_name: String,
        /// Its English name.
        pub step_name_en: String,
        due_at: i64,
        step_due_at: i64,
        legal_due_at: i64,
        answer_by: i64,
        issue_by: i64,
        key_due: i64,
    }
}

impl AlertRow {
    /// Whose time.
    pub fn watch(&self) -> Watch {
        Watch::parse(&self.watch).unwrap_or(Watch::Dossier)
    }

    /// How urgent it is.
    pub fn warning(&self) -> Warning {
        Warning::parse(&self.warning).unwrap_or(Warning::First)
    }

    /// The highest post that it concerns.
    pub fn level(&self) -> Escalation {
        let index = usize::try_from(self.levels.saturating_sub(1)).unwrap_or(0);
        let level = Escalation::LINE.get(index).copied();
        level.unwrap_or(Escalation::Province)
    }

    /// When the threshold was reached, as far as working hours let it be found.
    pub fn at(&self) -> DateTime {
        from_millis(self.at)
    }

    /// When the time ends that it is about.
    pub fn due(&self) -> Option<DateTime> {
        let due = match self.watch() {
            Watch::Step => self.step_due_at,
            Watch::Dossier => self.due_at,
            Watch::Legal => self.legal_due_at,
            Watch::Answer => self.answer_by,
            Watch::Issue => self.issue_by,
        };
        (due != i64::MAX).then(|| from_millis(due))
    }

    /// Where the next page of a list begins after this row.
    pub fn key(&self) -> AlertKey {
        AlertKey {
            due_at: self.key_due,
            dossier: self.dossier.clone(),
            watch: self.watch.clone(),
        }
    }
}

row! {
    /// How much of a unit's work is so late that the controller of the province is told.
    #[derive(Debug, Clone, PartialEq, Eq, Default)]
    pub struct AlertCounts {
        /// Where the work is.
        pub unit: String,
        /// Dossiers past the date published to the applicant.
        pub dossiers: i64,
        /// Steps past their own time.
        pub steps: i64,
        /// Documents that are signed and were not issued by the last day for that.
        pub unissued: i64,
    }
}

impl AlertCounts {
    /// All of them.
    pub fn clocks(&self) -> i64 {
        let clocks = self.dossiers.saturating_add(self.steps);
        clocks.saturating_add(self.unissued)
    }
}

macro_rules! page {
    ($level:literal, $scope:literal) => {
        concat!(
            "SELECT a.dossier, a.watch, a.warning, a.at, a.unit, w.role, w.holder, w.code, \
             w.procedure_name, w.step_name, w.step_name_en, w.due_at, w.step_due_at, \
             COALESCE(d.legal_due_at, w.due_at) AS legal_due_at, \
             COALESCE(i.answer_by, 9223372036854775807) AS answer_by, \
             COALESCE(w.issue_by, 9223372036854775807) AS issue_by, \
             w.due_at AS key_due, (SELECT COUNT(*) FROM alert o WHERE o.dossier = a.dossier \
                 AND o.watch = a.watch AND o.began_at = a.began_at AND o.cleared_at IS NULL) AS levels \
             FROM alert a JOIN work_item w ON w.dossier = a.dossier \
             JOIN dossier d ON d.id = a.dossier \
             LEFT JOIN answer_item i ON i.dossier = a.dossier \
             WHERE a.cleared_at IS NULL AND a.level = '",
            $level,
            "' AND (w.clock = 0 OR (w.clock = 1 AND a.watch = 'answer')) AND ",
            $scope,
            " AND (w.due_at, a.dossier, a.watch) > ($2, $3, $4) \
             ORDER BY w.due_at, a.dossier, a.watch LIMIT $5"
        )
    };
}
// `$6` lists roles and `$7` staff between commas; identifiers have no wildcards. An applicant who
// stays silent concerns the counter, too, which closes the dossier.
const MINE: &str = page!(
    "holder",
    "((a.unit = $1 AND w.unit = $1 AND ((w.holder IS NULL AND $6 LIKE '%,' || w.role || ',%') \
     OR $7 LIKE '%,' || w.holder || ',%')) \
     OR (a.watch = 'answer' AND a.receiving = $1 AND $6 LIKE '%,reception_clerk,%'))"
);
const HEADED: &str = page!(
    "leader",
    "a.unit = $1 AND ($6 = '' OR $6 LIKE '%,' || w.role || ',%') AND $7 = ''"
);
const RECEIVED: &str = page!("centre", "a.receiving = $1 AND $6 = '' AND $7 = ''");
const COUNTS: &str = "SELECT a.unit, \
     CAST(SUM(CASE WHEN a.watch = 'dossier' THEN 1 ELSE 0 END) AS BIGINT) AS dossiers, \
     CAST(SUM(CASE WHEN a.watch = 'step' THEN 1 ELSE 0 END) AS BIGINT) AS steps, \
     CAST(SUM(CASE WHEN a.watch = 'issue' THEN 1 ELSE 0 END) AS BIGINT) AS unissued \
     FROM alert a JOIN work_item w ON w.dossier = a.dossier AND w.clock = 0 \
     WHERE a.cleared_at IS NULL AND a.level = 'province' GROUP BY a.unit ORDER BY a.unit";
/// Dossiers whose marks one statement reads: those of a page of a list.
const MARKED: usize = 50;
const MARKS: &str = "SELECT a.dossier, a.warning FROM alert a \
     JOIN work_item w ON w.dossier = a.dossier \
     AND (w.clock = 0 OR (w.clock = 1 AND a.watch = 'answer')) \
     WHERE a.cleared_at IS NULL AND a.level = 'holder' AND a.dossier IN \
     ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
     $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31, $32, \
     $33, $34, $35, $36, $37, $38, $39, $40, $41, $42, $43, $44, $45, $46, $47, \
     $48, $49, $50)";

fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let names: Vec<&str> = names.collect();
    format!(",{},", names.join(","))
}

impl AlertScope {
    /// The unit, the roles between commas, and the staff.
    fn bound(&self) -> (&str, String, String) {
        let roled = |roles: &[Role]| listed(roles.iter().map(|role| role.as_str()));
        match self {
            Self::Mine { unit, roles, staff } => (
                unit.as_str(),
                roled(roles),
                listed(staff.iter().map(StaffId::as_str)),
            ),
            Self::Headed { unit, roles } if !roles.is_empty() => {
                (unit.as_str(), roled(roles), String::new())
            }
            Self::Headed { unit, .. } | Self::Received(unit) => {
                (unit.as_str(), String::new(), String::new())
            }
        }
    }
}

impl Views<'_> {
    /// A page of open alerts: what is due first comes first.
    pub async fn alerts(&self, filter: &AlertFilter) -> Result<Vec<AlertRow>, StoreError> {
        let sql = match &filter.scope {
            AlertScope::Mine { .. } => MINE,
            AlertScope::Headed { .. } => HEADED,
            AlertScope::Received(_) => RECEIVED,
        };
        let (unit, roles, staff) = filter.scope.bound();
        let first = AlertKey {
            due_at: i64::MIN,
            dossier: String::new(),
            watch: String::new(),
        };
        let after = filter.after.as_ref().unwrap_or(&first);
        Ok(on!(self.pools, pool => {
            sqlx::query_as(sql)
                .bind(unit)
                .bind(after.due_at)
                .bind(&after.dossier)
                .bind(&after.watch)
                .bind(i64::from(filter.limit))
                .bind(roles)
                .bind(staff)
                .fetch_all(pool)
                .await
        })?)
    }

    /// What the controller of the province is told, counted for each unit that has any of it.
    pub async fn alert_counts(&self) -> Result<Vec<AlertCounts>, StoreError> {
        Ok(on!(self.pools, pool => sqlx::query_as(COUNTS).fetch_all(pool).await)?)
    }

    /// The highest warning of each of these dossiers that has one.
    pub async fn alert_marks(
        &self,
        dossiers: &[&str],
    ) -> Result<Vec<(DossierId, Warning)>, StoreError> {
        let mut marks: Vec<(DossierId, Warning)> = Vec::new();
        for keys in dossiers.chunks(MARKED) {
            let found: Vec<(String, String)> = on!(self.pools, pool => {
                let mut query = sqlx::query_as(MARKS);
                for slot in 0..MARKED {
                    query = query.bind(keys.get(slot).copied());
                }
                query.fetch_all(pool).await
            })?;
            for (dossier, warning) in found {
                let bad = || StoreError::inconsistent("alert.warning", &dossier, "unknown");
                let warning = Warning::parse(&warning).ok_or_else(bad)?;
                marks.push((rows::typed("alert.dossier", &dossier)?, warning));
            }
        }
        marks.sort();
        // The last of a dossier is its highest.
        marks.reverse();
        marks.dedup_by(|later, kept| later.0 == kept.0);
        Ok(marks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_list_of_alerts_is_read_as_it_is_written() {
        let key = AlertKey {
            due_at: 1_763_000_000_000,
            dossier: "d-1.x".to_owned(),
            watch: "step".to_owned(),
        };
        assert_eq!(key.to_string().parse(), Ok(key));
        for bad in ["", "1", "1.step", "x.step.d", "1.other.d"] {
            assert_eq!(bad.parse::<AlertKey>(), Err(BadKey), "{bad}");
        }
    }
}

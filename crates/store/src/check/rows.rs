//! Compares the rows derived from each dossier with those stored.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::ids::ProcedureCode;
use domain::process::Process;

use super::course::{Courses, course_differences};
use super::registers::Registers;
use super::replay::{Cutter, EVENTS, EVENTS_OF, PAGE, Replayed, replay};
use super::slips::Files;
use super::tasks::{Tasks, task_differences};
use super::{Difference, Report};
use crate::backend::on;
use crate::load::EventRow;
use crate::store::{Store, StoreError};
use crate::views::course::Course;
use crate::views::tasks::TaskRow;
use crate::views::{DossierRow, Names, WorkRow, dossier, work};

/// How often a seeming difference is read again before it is reported.
const READINGS: u32 = 3;

const NAME_OF_PARTY: &str = "SELECT name FROM party WHERE id = $1";
const NAMES_OF_PARTIES: &str = "SELECT DISTINCT p.id, p.name FROM party p \
     JOIN dossier d ON d.owner = p.id WHERE d.id > $1 AND d.id <= $2";
/// Identifiers are letters, digits and hyphens.
pub(super) const ABOVE_EVERY_ID: &str = "~";

/// A version of a procedure or process.
type Version = (ProcedureCode, u32);

/// What the rows show and the events do not hold, read once each.
#[derive(Default)]
pub(super) struct Catalogue {
    processes: BTreeMap<Version, Arc<Process>>,
    procedures: BTreeMap<Version, (String, String)>,
}

/// Rows as they should be: none of an absent dossier, no work of a closed one.
pub(super) struct Rows {
    pub(super) dossier: Option<DossierRow>,
    pub(super) work: Option<WorkRow>,
    pub(super) tasks: Vec<TaskRow>,
    pub(super) course: Course,
}

/// Rows as they are, by dossier.
#[derive(Default)]
pub(super) struct Stored {
    pub(super) dossiers: BTreeMap<String, DossierRow>,
    work: BTreeMap<String, WorkRow>,
    pub(super) owners: BTreeMap<String, String>,
    slips: BTreeMap<String, Files>,
    tasks: Tasks,
    courses: Courses,
}

impl Store {
    /// Every dossier's events, and the rows derived from them. Gives the numbers of the results.
    pub(super) async fn check_dossiers(
        &self,
        report: &mut Report,
    ) -> Result<Registers, StoreError> {
        let (mut cutter, mut catalogue) = (Cutter::default(), Catalogue::default());
        let mut results = self.registers().await?;
        let (mut at, mut done) = ((String::new(), 0_i64), String::new());
        loop {
            let rows: Vec<EventRow> = on!(&self.reads, pool => {
                sqlx::query_as(EVENTS).bind(&at.0).bind(at.1).bind(PAGE).fetch_all(pool).await
            })?;
            let Some(last) = rows.last() else { break };
            at = (last.stream.clone(), last.version);
            report.events = report
                .events
                .saturating_add(u64::try_from(rows.len()).unwrap_or(0));
            let complete = cutter.feed(rows)?;
            results.note(&complete);
            if let Some(end) = complete.last().map(|one| one.loaded.id.as_str().to_owned()) {
                self.check_range(report, &mut catalogue, complete, (&done, &end))
                    .await?;
                done = end;
            }
        }
        let last = cutter.end()?.into_iter().collect::<Vec<_>>();
        results.note(&last);
        // Everything stored above the last dossier of the log has no events at all.
        self.check_range(report, &mut catalogue, last, (&done, ABOVE_EVERY_ID))
            .await?;
        Ok(results)
    }

    async fn check_range(
        &self,
        report: &mut Report,
        catalogue: &mut Catalogue,
        replayed: Vec<Replayed>,
        range: (&str, &str),
    ) -> Result<(), StoreError> {
        let mut stored = self.stored(range).await?;
        for one in replayed {
            report.dossiers = report.dossiers.saturating_add(1);
            let mut found = self.compare(catalogue, &one, &mut stored).await?;
            if !found.is_empty() {
                found = self
                    .compare_again(catalogue, one.loaded.id.as_str())
                    .await?;
            }
            report.differences.extend(found);
        }
        for id in stored.ids() {
            // A dossier filed since its page of the log was read is there by now.
            report
                .differences
                .extend(self.compare_again(catalogue, id).await?);
        }
        Ok(())
    }

    pub(super) async fn stored(&self, (after, to): (&str, &str)) -> Result<Stored, StoreError> {
        let dossiers: Vec<DossierRow> = on!(&self.reads, pool => {
            sqlx::query_as(dossier::RANGE).bind(after).bind(to).fetch_all(pool).await
        })?;
        let work: Vec<WorkRow> = on!(&self.reads, pool => {
            sqlx::query_as(work::RANGE).bind(after).bind(to).fetch_all(pool).await
        })?;
        let owners: Vec<(String, String)> = on!(&self.reads, pool => {
            sqlx::query_as(NAMES_OF_PARTIES).bind(after).bind(to).fetch_all(pool).await
        })?;
        Ok(Stored {
            dossiers: dossiers
                .into_iter()
                .map(|row| (row.id.clone(), row))
                .collect(),
            work: work
                .into_iter()
                .map(|row| (row.dossier.clone(), row))
                .collect(),
            owners: owners.into_iter().collect(),
            slips: self.slips_between((after, to)).await?,
            tasks: self.tasks_between((after, to)).await?,
            courses: self.courses_between((after, to)).await?,
        })
    }

    /// Reads one dossier and its rows again until they agree; on a busy system an append may have
    /// come between the two readings.
    async fn compare_again(
        &self,
        catalogue: &mut Catalogue,
        id: &str,
    ) -> Result<Vec<Difference>, StoreError> {
        let mut found = Vec::new();
        for _ in 0..READINGS {
            let rows: Vec<EventRow> = on!(&self.reads, pool => {
                sqlx::query_as(EVENTS_OF).bind(id).fetch_all(pool).await
            })?;
            let mut stored = self.stored_one(id).await?;
            found = match replay(rows)? {
                Some(one) => self.compare(catalogue, &one, &mut stored).await?,
                None => stored.orphans(),
            };
            if found.is_empty() {
                break;
            }
        }
        Ok(found)
    }

    async fn stored_one(&self, id: &str) -> Result<Stored, StoreError> {
        let dossier: Option<DossierRow> = on!(&self.reads, pool => {
            sqlx::query_as(dossier::BY_ID).bind(id).fetch_optional(pool).await
        })?;
        let work: Option<WorkRow> = on!(&self.reads, pool => {
            sqlx::query_as(work::BY_DOSSIER).bind(id).fetch_optional(pool).await
        })?;
        Ok(Stored {
            dossiers: dossier
                .into_iter()
                .map(|row| (row.id.clone(), row))
                .collect(),
            work: work
                .into_iter()
                .map(|row| (row.dossier.clone(), row))
                .collect(),
            owners: BTreeMap::new(),
            slips: self.slips_of(id).await?,
            tasks: self.tasks_of(id).await?,
            courses: self.course_of(id).await?,
        })
    }

    async fn compare(
        &self,
        catalogue: &mut Catalogue,
        one: &Replayed,
        stored: &mut Stored,
    ) -> Result<Vec<Difference>, StoreError> {
        let mut found = one.faults.clone();
        let id = one.loaded.id.as_str();
        let dossier = stored.dossiers.remove(id);
        let work = stored.work.remove(id);
        let slips = stored.slips.remove(id).unwrap_or_default();
        let tasks = stored.tasks.remove(id).unwrap_or_default();
        let course = stored.courses.remove(id).unwrap_or_default();
        found.extend(self.slip_differences(one, slips).await?);
        match self
            .rows(catalogue, one, (dossier.as_ref(), &stored.owners))
            .await
        {
            Ok(rows) => {
                let (dossiers, works) = ((rows.dossier, dossier), (rows.work, work));
                found.extend(differences(
                    "dossier",
                    id,
                    dossiers,
                    DossierRow::differences,
                ));
                found.extend(differences("work_item", id, works, WorkRow::differences));
                found.extend(task_differences(&rows.tasks, &tasks));
                found.extend(course_differences(id, &rows.course, &course));
            }
            Err(StoreError::Inconsistent { table, row, why }) => {
                found.push(unusable(table, &row, why));
            }
            Err(broken) => return Err(broken),
        }
        Ok(found)
    }

    /// The rows that follow from a dossier, whose row now is `there`.
    pub(super) async fn rows(
        &self,
        catalogue: &mut Catalogue,
        one: &Replayed,
        (there, owners): (Option<&DossierRow>, &BTreeMap<String, String>),
    ) -> Result<Rows, StoreError> {
        let Some(record) = one.loaded.dossier.record() else {
            return Ok(Rows {
                dossier: None,
                work: None,
                tasks: Vec::new(),
                course: Course::default(),
            });
        };
        let filed = &record.filed;
        let process = self
            .process_of(catalogue, (filed.procedure.clone(), filed.process_version))
            .await?;
        let (procedure_name, field) = self
            .procedure_of(
                catalogue,
                (filed.procedure.clone(), filed.procedure_version),
            )
            .await?;
        let owner_name = match owners.get(filed.owner.as_str()) {
            Some(name) => name.clone(),
            None => self.owner_name(filed.owner.as_str()).await?,
        };
        // A closed dossier keeps the name it closed with, until the owner is erased.
        let closed = there.filter(|_| one.loaded.closed_at.is_some() && !owner_name.is_empty());
        let owner_name = closed.map_or(owner_name, |row| row.owner_name.clone());
        let names = Names {
            procedure_name,
            field,
            owner_name,
        };
        let dossier = DossierRow::of(&one.loaded, &process, &names)?;
        let work = dossier
            .as_ref()
            .and_then(|row| WorkRow::of(&one.loaded, &process, row));
        Ok(Rows {
            dossier,
            work,
            tasks: TaskRow::all_of(&one.loaded.id, &one.loaded.dossier),
            course: Course::of(&one.loaded),
        })
    }

    async fn owner_name(&self, owner: &str) -> Result<String, StoreError> {
        let name: Option<(String,)> = on!(&self.reads, pool => {
            sqlx::query_as(NAME_OF_PARTY).bind(owner).fetch_optional(pool).await
        })?;
        let missing = || StoreError::inconsistent("party", owner, "the owner's record is missing");
        name.map(|(name,)| name).ok_or_else(missing)
    }

    async fn process_of(
        &self,
        catalogue: &mut Catalogue,
        version: Version,
    ) -> Result<Arc<Process>, StoreError> {
        if let Some(found) = catalogue.processes.get(&version) {
            return Ok(Arc::clone(found));
        }
        let Some(read) = self.process(&version.0, version.1).await? else {
            let row = format!("{}/{}", version.0, version.1);
            return Err(StoreError::inconsistent("process", &row, "it is missing"));
        };
        let read = Arc::new(read);
        catalogue.processes.insert(version, Arc::clone(&read));
        Ok(read)
    }

    async fn procedure_of(
        &self,
        catalogue: &mut Catalogue,
        version: Version,
    ) -> Result<(String, String), StoreError> {
        if let Some(found) = catalogue.procedures.get(&version) {
            return Ok(found.clone());
        }
        let Some(read) = self.procedure(&version.0, version.1).await? else {
            let row = format!("{}/{}", version.0, version.1);
            return Err(StoreError::inconsistent("procedure", &row, "it is missing"));
        };
        let names = (read.name, read.field);
        catalogue.procedures.insert(version, names.clone());
        Ok(names)
    }
}

impl Stored {
    /// The dossiers that have rows.
    fn ids(&self) -> BTreeSet<&String> {
        let ids = self.dossiers.keys().chain(self.work.keys());
        let ids = ids.chain(self.slips.keys());
        let ids = ids.chain(self.tasks.keys());
        ids.chain(self.courses.keys()).collect()
    }

    /// Rows whose dossier has no events.
    fn orphans(&self) -> Vec<Difference> {
        let dossiers = self.dossiers.keys().map(|id| ("dossier", id));
        let work = self.work.keys().map(|id| ("work_item", id));
        let orphan = |(table, id): (&'static str, &String)| {
            Difference::new(table, id, "row", ("none: it has no events", "a row"))
        };
        let slips = self.slips.keys().map(|id| ("slip", id));
        let tasks = self.tasks.keys().map(|id| ("task_item", id));
        let courses = self.courses.keys().map(|id| {
            (
                "request_item, lookup_item, answer_item, result_document or result_number",
                id,
            )
        });
        let all = dossiers
            .chain(work)
            .chain(slips)
            .chain(tasks)
            .chain(courses);
        all.map(orphan).collect()
    }
}

fn differences<T>(
    table: &'static str,
    id: &str,
    pair: (Option<T>, Option<T>),
    columns: impl Fn(&T, &T) -> Vec<(&'static str, String, String)>,
) -> Vec<Difference> {
    match pair {
        (None, None) => Vec::new(),
        (Some(_), None) => vec![Difference::new(table, id, "row", ("a row", "none"))],
        (None, Some(_)) => vec![Difference::new(table, id, "row", ("none", "a row"))],
        (Some(expected), Some(stored)) => columns(&expected, &stored)
            .into_iter()
            .map(|(column, a, b)| Difference::new(table, id, column, (a, b)))
            .collect(),
    }
}

/// A row that the comparison needs and cannot read.
fn unusable(table: &'static str, row: &str, why: String) -> Difference {
    Difference::new(table, row, "row", ("one that can be used", why))
}

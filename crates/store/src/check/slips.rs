//! Compares the slips on record with the events that say they were made, and insists on one official
//! document of every result.

use std::collections::BTreeMap;

use domain::dossier::Event;
use domain::ids::FileHash;

use super::Difference;
use super::replay::Replayed;
use crate::backend::on;
use crate::load::Loaded;
use crate::store::{Store, StoreError};

const RANGE: &str = "SELECT dossier, form, file FROM slip WHERE dossier > $1 AND dossier <= $2";
const OF_DOSSIER: &str = "SELECT dossier, form, file FROM slip WHERE dossier = $1";
/// What failed so often will not come by itself: a person must look.
const WAITING: &str =
    "SELECT COUNT(*) FROM outbox WHERE dossier = $1 AND buried = 0 AND attempts < 10";

/// Files of slips by their forms.
pub(super) type Files = BTreeMap<String, Vec<String>>;
type Row = (String, String, String);

impl Store {
    /// The slips on record of a range of dossiers.
    pub(super) async fn slips_between(
        &self,
        (after, to): (&str, &str),
    ) -> Result<BTreeMap<String, Files>, StoreError> {
        let rows: Vec<Row> = on!(&self.reads, pool => {
            sqlx::query_as(RANGE).bind(after).bind(to).fetch_all(pool).await
        })?;
        Ok(by_dossier(rows))
    }

    /// The slips on record of one dossier.
    pub(super) async fn slips_of(&self, id: &str) -> Result<BTreeMap<String, Files>, StoreError> {
        let rows: Vec<Row> = on!(&self.reads, pool => {
            sqlx::query_as(OF_DOSSIER).bind(id).fetch_all(pool).await
        })?;
        Ok(by_dossier(rows))
    }

    /// What differs between a dossier's events and its slips on record. A slip whose event is
    /// written comes on record when its message is handled again: until then it is not missing.
    pub(super) async fn slip_differences(
        &self,
        one: &Replayed,
        stored: Files,
    ) -> Result<Vec<Difference>, StoreError> {
        let id = one.loaded.id.as_str();
        let mut found = differences(&one.loaded, stored);
        found.extend(results(&one.loaded));
        if found.iter().any(is_missing) {
            let waiting: (i64,) = on!(&self.reads, pool => {
                sqlx::query_as(WAITING).bind(id).fetch_one(pool).await
            })?;
            found.retain(|one| waiting.0 == 0 || !is_missing(one));
        }
        Ok(found)
    }
}

fn by_dossier(rows: Vec<Row>) -> BTreeMap<String, Files> {
    let mut slips: BTreeMap<String, Files> = BTreeMap::new();
    for (dossier, form, file) in rows {
        let files = slips.entry(dossier).or_default();
        files.entry(form).or_default().push(file);
    }
    slips
}

const NONE: &str = "none";

fn is_missing(one: &Difference) -> bool {
    one.found == NONE
}

fn differences(loaded: &Loaded, stored: Files) -> Vec<Difference> {
    let mut forms: BTreeMap<String, (Vec<String>, Vec<String>)> = BTreeMap::new();
    for recorded in &loaded.events {
        if let Event::SlipIssued { form, file, .. } = &recorded.event {
            let pair = forms.entry(form.number().to_owned()).or_default();
            pair.0.push(file.as_str().to_owned());
        }
    }
    for (form, files) in stored {
        forms.entry(form).or_default().1.extend(files);
    }
    let mut found = Vec::new();
    for (form, (mut issued, mut on_record)) in forms {
        issued.retain(|file| !take(&mut on_record, file));
        let row = format!("{}/{form}", loaded.id);
        let both = issued.len().min(on_record.len());
        let (missing, unknown) = (issued.split_off(both), on_record.split_off(both));
        let mut differ = |column, pair: (String, String)| {
            found.push(Difference::new("slip", &row, column, pair));
        };
        for pair in issued.into_iter().zip(on_record) {
            differ("file", pair);
        }
        for file in missing {
            differ("row", (file, NONE.to_owned()));
        }
        for file in unknown {
            differ("row", ("none: no event says it was made".to_owned(), file));
        }
    }
    found
}

/// A settled dossier has one official document: none is missing, none was made twice.
fn results(loaded: &Loaded) -> Vec<Difference> {
    let (mut settled, mut files) = (0_usize, Vec::new());
    let (mut attached, mut sealed) = (0, 0);
    for recorded in &loaded.events {
        match &recorded.event {
            Event::Settled { issued, .. } => {
                settled = settled.saturating_add(1);
                attached = issued.attachments.len();
            }
            Event::ResultMade {
                file,
                completes,
                attachments,
                ..
            } => {
                made(&mut files, file.hash.as_str(), completes.as_ref());
                sealed = attachments.len();
            }
            _ => {}
        }
    }
    let row = loaded.id.to_string();
    let differ = |pair: (String, String)| Difference::new("event", &row, "result", pair);
    let mut found = Vec::new();
    if settled > files.len() {
        found.push(differ(("an official document".to_owned(), NONE.to_owned())));
    }
    if !files.is_empty() && sealed != attached {
        let attachments = |n: usize| format!("{n} sealed attachments");
        found.push(differ((attachments(attached), attachments(sealed))));
    }
    for file in files.into_iter().skip(settled) {
        let expected = "none: it has its official document".to_owned();
        found.push(differ((expected, file.to_owned())));
    }
    found
}

/// A document that completes the one before it stands in its place.
fn made<'a>(files: &mut Vec<&'a str>, file: &'a str, completes: Option<&FileHash>) {
    let last = files.last_mut();
    match last.filter(|last| completes.is_some_and(|earlier| earlier.as_str() == **last)) {
        Some(last) => *last = file,
        None => files.push(file),
    }
}

/// Takes one of `files` out; false when it is not among them.
fn take(files: &mut Vec<String>, file: &str) -> bool {
    let at = files.iter().position(|one| one == file);
    at.map(|at| files.swap_remove(at)).is_some()
}

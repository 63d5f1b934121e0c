//! Finding dossiers by what a person at the counter says: a number, the end of a number, a name, her
//! own number or telephone.

use domain::ids::{DossierCode, UnitId};
use domain::text::fold;

use super::Views;
use super::dossier::{DossierRow, columns};
use crate::backend::on;
use crate::parties::KeyedHash;
use crate::store::StoreError;

/// Where to search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// The whole province.
    All,
    /// What these units received or decide.
    Units(Vec<UnitId>),
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// The dossier with exactly this number.
    pub exact: Option<DossierRow>,
    /// Dossiers whose number ends so, the newest first.
    pub by_order: Vec<DossierRow>,
    /// Dossiers whose owner's name begins so, in the order of names.
    pub by_owner: Vec<DossierRow>,
    /// Dossiers whose owner or applicant carries the number or telephone, the newest first.
    pub by_party: Vec<DossierRow>,
}

/// By what of hers a person is found again; hashed by the caller, who has the key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartyKey {
    /// Identity number, tax code or passport.
    Number(KeyedHash),
    /// Telephone.
    Phone(KeyedHash),
}

macro_rules! by_order {
    ($scope:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM dossier WHERE code_order = $1",
            $scope,
            " ORDER BY received_at DESC, id LIMIT $2"
        )
    };
}
macro_rules! by_owner {
    ($scope:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM dossier WHERE owner_folded >= $1 AND owner_folded < $2",
            $scope,
            " ORDER BY owner_folded, id LIMIT $3"
        )
    };
}

/// Whoever stands at the counter may have applied for somebody else.
macro_rules! by_party {
    ($role:literal, $column:literal, $scope:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            " FROM dossier WHERE ",
            $role,
            " IN (SELECT id FROM party WHERE ",
            $column,
            " = $1)",
            $scope,
            " ORDER BY submitted_at DESC, id LIMIT $2"
        )
    };
}

/// The statements that find a person's dossiers by a key, as owner and as applicant.
macro_rules! by_key {
    ($column:literal) => {
        [
            [
                by_party!("owner", $column, ""),
                by_party!("owner", $column, " AND receiving || '' = $3"),
                by_party!("owner", $column, " AND competent || '' = $3"),
            ],
            [
                by_party!("applicant", $column, ""),
                by_party!("applicant", $column, " AND receiving || '' = $3"),
                by_party!("applicant", $column, " AND competent || '' = $3"),
            ],
        ]
    };
}

const ORDER_ANYWHERE: &str = by_order!("");
const ORDER_RECEIVED: &str = by_order!(" AND receiving = $3");
const ORDER_DECIDED: &str = by_order!(" AND competent = $3");
const OWNER_ANYWHERE: &str = by_owner!("");
const OWNER_RECEIVED: &str = by_owner!(" AND receiving = $4");
const OWNER_DECIDED: &str = by_owner!(" AND competent = $4");

// `|| ''` keeps the engines from reading all dossiers of the unit: a person has few.
const BY_NUMBER: [[&str; 3]; 2] = by_key!("number_hash");
const BY_PHONE: [[&str; 3]; 2] = by_key!("phone_hash");

/// Above every letter, digit and blank of a folded name.
const ABOVE: char = '~';

impl Views<'_> {
    /// Searches by number, by the end of a number and by the beginning of the owner's name; at most
    /// `limit` of each.
    pub async fn search(&self, text: &str, scope: &Scope, limit: u32) -> Result<Found, StoreError> {
        let text = text.trim();
        let mut found = Found::default();
        if let Ok(code) = DossierCode::parse(&text.to_uppercase()) {
            let row = self.dossier_by_code(&code).await?;
            found.exact = row.filter(|row| scope.holds(row));
        }
        if (1..=7).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit()) {
            let parts = scope.parts(ORDER_ANYWHERE, [ORDER_RECEIVED, ORDER_DECIDED]);
            let rows = self.newest(&format!("{text:0>4}"), parts, limit).await?;
            found.by_order = newest_first(rows, limit, |row| row.received_at);
        }
        let folded = fold(text);
        if folded.bytes().any(|b| b.is_ascii_lowercase()) {
            found.by_owner = self.by_owner(&folded, scope, limit).await?;
        }
        Ok(found)
    }

    /// Dossiers whose owner or applicant carries one of `keys`, the newest first; at most `limit`.
    pub async fn dossiers_of(
        &self,
        keys: &[PartyKey],
        scope: &Scope,
        limit: u32,
    ) -> Result<Vec<DossierRow>, StoreError> {
        let mut rows: Vec<DossierRow> = Vec::new();
        for key in keys {
            let (hash, statements) = match key {
                PartyKey::Number(hash) => (hash, BY_NUMBER),
                PartyKey::Phone(hash) => (hash, BY_PHONE),
            };
            for [anywhere, received, decided] in statements {
                let parts = scope.parts(anywhere, [received, decided]);
                rows.extend(self.newest(&hex::encode(hash.0), parts, limit).await?);
            }
        }
        Ok(newest_first(rows, limit, |row| Some(row.submitted_at)))
    }

    /// The newest dossiers that each of `parts` finds by `key`.
    async fn newest(
        &self,
        key: &str,
        parts: Vec<(&'static str, Option<&str>)>,
        limit: u32,
    ) -> Result<Vec<DossierRow>, StoreError> {
        let mut rows: Vec<DossierRow> = Vec::new();
        let limit_bound = i64::from(limit);
        for (sql, unit) in parts {
            let some: Vec<DossierRow> = on!(self.pools, pool => {
                let query = sqlx::query_as(sql).bind(key).bind(limit_bound);
                match unit {
                    Some(unit) => query.bind(unit).fetch_all(pool).await,
                    None => query.fetch_all(pool).await,
                }
            })?;
            rows.extend(some);
        }
        Ok(rows)
    }

    async fn by_owner(
        &self,
        folded: &str,
        scope: &Scope,
        limit: u32,
    ) -> Result<Vec<DossierRow>, StoreError> {
        let mut rows: Vec<DossierRow> = Vec::new();
        let (end, limit_bound) = (format!("{folded}{ABOVE}"), i64::from(limit));
        for (sql, unit) in scope.parts(OWNER_ANYWHERE, [OWNER_RECEIVED, OWNER_DECIDED]) {
            let some: Vec<DossierRow> = on!(self.pools, pool => {
                let query = sqlx::query_as(sql).bind(folded).bind(&end).bind(limit_bound);
                match unit {
                    Some(unit) => query.bind(unit).fetch_all(pool).await,
                    None => query.fetch_all(pool).await,
                }
            })?;
            rows.extend(some);
        }
        rows.sort_by(|a, b| (&a.owner_folded, &a.id).cmp(&(&b.owner_folded, &b.id)));
        Ok(first(rows, limit))
    }
}

fn newest_first(
    mut rows: Vec<DossierRow>,
    limit: u32,
    when: impl Fn(&DossierRow) -> Option<i64>,
) -> Vec<DossierRow> {
    rows.sort_by(|a, b| (when(b), &a.id).cmp(&(when(a), &b.id)));
    first(rows, limit)
}

/// A unit may both receive and decide a dossier, and two units of a scope may each have a hand in
/// it: it is shown once.
fn first(mut rows: Vec<DossierRow>, limit: u32) -> Vec<DossierRow> {
    rows.dedup_by(|a, b| a.id == b.id);
    rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    rows
}

impl Scope {
    fn holds(&self, row: &DossierRow) -> bool {
        match self {
            Self::All => true,
            Self::Units(units) => units
                .iter()
                .any(|unit| unit.as_str() == row.receiving || unit.as_str() == row.competent),
        }
    }

    /// The statements to run, each with its unit: an index serves each of them, which a list of
    /// units in one statement would not have.
    fn parts(
        &self,
        anywhere: &'static str,
        of_unit: [&'static str; 2],
    ) -> Vec<(&'static str, Option<&str>)> {
        match self {
            Self::All => vec![(anywhere, None)],
            Self::Units(units) => units
                .iter()
                .flat_map(|unit| of_unit.map(|sql| (sql, Some(unit.as_str()))))
                .collect(),
        }
    }
}

/// How SQLite reads a statement.
#[cfg(test)]
pub(crate) async fn plan(store: &crate::Store, sql: &'static str) -> Vec<String> {
    let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    let crate::backend::Engine::Sqlite(pool) = &store.reads else {
        panic!("opened in memory");
    };
    let plan: Vec<(i64, i64, i64, String)> = sqlx::query_as(explain).fetch_all(pool).await.unwrap();
    plan.into_iter().map(|(.., step)| step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Database, Store};

    /// A person has few dossiers: hers are read by her records, never all of a unit.
    #[tokio::test]
    async fn a_person_is_found_by_the_index_of_her_keys() {
        let store = Store::open(&Database::SqliteMemory).await.unwrap();
        store.migrate().await.unwrap();
        let searches = [(BY_NUMBER, "party_by_number"), (BY_PHONE, "party_by_phone")];
        let roles = ["dossier_by_owner", "dossier_by_applicant"];
        for (statements, key) in searches {
            for (statements, role) in statements.into_iter().zip(roles) {
                for sql in statements {
                    let plan = plan(&store, sql).await.join("; ");
                    for index in [key, role] {
                        assert!(plan.contains(&format!("INDEX {index} (")), "{plan}");
                    }
                }
            }
        }
    }

    /// With a million dossiers a sort would read every one of an order, or of a name.
    #[tokio::test]
    async fn every_search_reads_an_index_in_its_order() {
        let store = Store::open(&Database::SqliteMemory).await.unwrap();
        store.migrate().await.unwrap();
        let searches = [
            (ORDER_ANYWHERE, "dossier_by_order"),
            (ORDER_RECEIVED, "dossier_by_order_received"),
            (ORDER_DECIDED, "dossier_by_order_decided"),
            (OWNER_ANYWHERE, "dossier_by_owner_name"),
            (OWNER_RECEIVED, "dossier_by_receiving"),
            (OWNER_DECIDED, "dossier_by_competent"),
        ];
        for (sql, index) in searches {
            let plan = plan(&store, sql).await;
            assert_eq!(plan.len(), 1, "{plan:?}");
            assert!(plan[0].contains(&format!("INDEX {index} (")), "{plan:?}");
        }
    }
}

//! The store of documents of a person or organisation: page by page, or those of one kind that are valid.
//! No dossier is read for it, and no question costs more the more documents of other kinds there are.

use domain::ids::{PartyId, ProcedureCode};
use jiff::civil::Date;

use super::Views;
use super::lists::Key;
use super::results::{ResultRow, results};
use crate::backend::on;
use crate::rows;
use crate::store::StoreError;

/// What was erased is nobody's.
const PAGE: &str = results!(
    "JOIN party p ON p.id = r.owner AND p.erased = 0 \
     WHERE r.owner = $1 AND r.state <> 'unsealed' AND (r.issued_at, r.dossier) < ($2, $3) \
     ORDER BY r.issued_at DESC, r.dossier DESC LIMIT $4"
);
macro_rules! first_of_a_kind {
    ($after:literal) => {
        concat!(
            "SELECT n.dossier FROM result_document n WHERE n.owner = $1 ",
            $after,
            " ORDER BY n.procedure_code, n.procedure_version, n.issued_at, n.dossier LIMIT 1"
        )
    };
}
/// From kind to kind by the index: of each the first document is read, however many there are.
/// SQLite compares two columns of numbers in a way in which it does not go by an index; the sign makes one
/// of them a value.
const KINDS: &str = concat!(
    "WITH RECURSIVE kind (code, version) AS (\
         SELECT r.procedure_code, r.procedure_version FROM result_document r \
         JOIN party p ON p.id = r.owner AND p.erased = 0 WHERE r.dossier = (",
    first_of_a_kind!(""),
    ") UNION ALL SELECT r.procedure_code, r.procedure_version FROM kind k \
         JOIN result_document r ON r.dossier = (",
    first_of_a_kind!("AND (n.procedure_code, n.procedure_version) > (k.code, +k.version)"),
    ")) SELECT code, version FROM kind WHERE EXISTS (SELECT 1 FROM result_document s \
         WHERE s.owner = $1 AND s.procedure_code = kind.code AND s.procedure_version = kind.version \
         AND s.state <> 'unsealed') ORDER BY code, version"
);
const VALID: &str = results!(
    "WHERE r.owner = $1 AND r.procedure_code = $2 AND r.procedure_version = $3 \
     AND r.state = 'valid' AND (r.valid_until IS NULL OR r.valid_until >= $4) \
     AND ($5 = '' OR r.number = $5) ORDER BY r.issued_at DESC, r.dossier DESC LIMIT $6"
);
const EXPIRED: &str = results!(
    "WHERE r.owner = $1 AND r.procedure_code = $2 AND r.procedure_version = $3 \
     AND r.state = 'valid' AND r.valid_until < $4 \
     ORDER BY r.issued_at DESC, r.dossier DESC LIMIT 1"
);
const OF_FILE: &str = results!("WHERE r.official_file = $1 AND r.owner = $2 ORDER BY r.dossier");

/// A version of a procedure of which somebody has results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindOf {
    /// The procedure.
    pub procedure: ProcedureCode,
    /// Its version.
    pub version: u32,
}

/// Documents of one kind that are asked for.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// Whose.
    pub owner: &'a PartyId,
    /// Results of what.
    pub kind: &'a KindOf,
    /// The day on which they must be valid.
    pub today: Date,
    /// Number and symbol of one that is looked for; empty for all.
    pub number: &'a str,
}

impl Views<'_> {
    /// Documents of a person or organisation, newest first, with what became of them; none of one whose
    /// record was erased.
    pub async fn documents_of(
        &self,
        owner: &PartyId,
        after: Option<&Key>,
        most: u32,
    ) -> Result<Vec<ResultRow>, StoreError> {
        let (issued, dossier) = after.map_or((i64::MAX, ""), |key| (key.due_at, &key.dossier));
        Ok(on!(self.pools, pool => sqlx::query_as(PAGE)
            .bind(owner.as_str())
            .bind(issued)
            .bind(dossier)
            .bind(i64::from(most))
            .fetch_all(pool)
            .await)?)
    }

    /// Of which procedures somebody has documents.
    pub async fn kinds_of(&self, owner: &PartyId) -> Result<Vec<KindOf>, StoreError> {
        let found: Vec<(String, i64)> = on!(self.pools, pool => sqlx::query_as(KINDS)
            .bind(owner.as_str())
            .fetch_all(pool)
            .await)?;
        let kind = |(code, version): (String, i64)| {
            Ok(KindOf {
                procedure: rows::typed("result_document.procedure_code", &code)?,
                version: rows::number("result_document.procedure_version", &code, version)?,
            })
        };
        found.into_iter().map(kind).collect()
    }

    /// Documents of one kind that stand and are valid, or of which nothing says how long they are, newest
    /// first.
    pub async fn valid_documents(
        &self,
        asked: Asked<'_>,
        most: u32,
    ) -> Result<Vec<ResultRow>, StoreError> {
        Ok(on!(self.pools, pool => sqlx::query_as(VALID)
            .bind(asked.owner.as_str())
            .bind(asked.kind.procedure.as_str())
            .bind(i64::from(asked.kind.version))
            .bind(asked.today.to_string())
            .bind(asked.number)
            .bind(i64::from(most))
            .fetch_all(pool)
            .await)?)
    }

    /// The newest document of one kind that stands and is valid no more.
    pub async fn expired_document(
        &self,
        asked: Asked<'_>,
    ) -> Result<Option<ResultRow>, StoreError> {
        Ok(on!(self.pools, pool => sqlx::query_as(EXPIRED)
            .bind(asked.owner.as_str())
            .bind(asked.kind.procedure.as_str())
            .bind(i64::from(asked.kind.version))
            .bind(asked.today.to_string())
            .fetch_optional(pool)
            .await)?)
    }

    /// The document of somebody's store that has this content.
    pub async fn document_of_file(
        &self,
        owner: &PartyId,
        file: &domain::ids::FileHash,
    ) -> Result<Option<ResultRow>, StoreError> {
        let found: Vec<ResultRow> = on!(self.pools, pool => sqlx::query_as(OF_FILE)
            .bind(file.as_str())
            .bind(owner.as_str())
            .fetch_all(pool)
            .await)?;
        Ok(found.into_iter().next())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::search::plan;
    use crate::{Database, Store};

    /// An agency's bank, or a company, has thousands of results of a few kinds.
    #[tokio::test]
    async fn kinds_are_found_by_the_index_and_not_by_reading_all() {
        let store = Store::open(&Database::SqliteMemory).await.unwrap();
        store.migrate().await.unwrap();
        let plan = plan(&store, KINDS).await;
        let next = "n USING COVERING INDEX result_document_by_kind (owner=?)";
        let step = "n USING COVERING INDEX result_document_by_kind \
                    (owner=? AND (procedure_code,procedure_version)>(?,?))";
        for by in [next, step] {
            assert!(plan.iter().any(|one| one.contains(by)), "{by}: {plan:#?}");
        }
        let whole = |one: &String| one.contains("SCAN r") || one.contains("SCAN n");
        assert!(!plan.iter().any(whole), "{plan:#?}");
    }
}

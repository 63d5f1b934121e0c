//! The register as lists show it: of some units, of a person and of the seals that she keeps; nothing
//! that is sealed is read, and what was ended long ago is read a page at a time.

use std::fmt;
use std::str::FromStr;

use domain::ids::{StaffId, UnitId};
use domain::office::Role;
use jiff::civil::{Date, DateTime};

use super::{PostRow, Registered, Row, post, registered};
use crate::backend::on;
use crate::office::StaffPost;
use crate::time::to_millis;
use crate::views::BadKey;
use crate::{Store, StoreError};

/// Units that a statement names one by one, each found by the index; more are looked for in all.
const NAMED: usize = 8;

/// Whose certificates are listed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CertificateScope {
    /// All of these units.
    pub units: Vec<UnitId>,
    /// Those of this person, wherever.
    pub staff: Option<StaffId>,
    /// The seals alone of these units.
    pub seals: Vec<UnitId>,
}

/// Place in a list of ended certificates, for the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndedKey {
    ended_from: i64,
    id: String,
}

impl EndedKey {
    /// The place of a certificate; none of one that was not ended.
    pub fn of(one: &Registered) -> Option<Self> {
        let certificate = &one.row.certificate;
        Some(Self {
            ended_from: to_millis(certificate.ended?.from),
            id: certificate.id.to_string(),
        })
    }
}

impl fmt::Display for EndedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.ended_from, self.id)
    }
}

impl FromStr for EndedKey {
    type Err = BadKey;
    fn from_str(text: &str) -> Result<Self, BadKey> {
        let (ended_from, id) = text.split_once('.').ok_or(BadKey)?;
        Ok(Self {
            ended_from: ended_from.parse().map_err(|_| BadKey)?,
            id: id.to_owned(),
        })
    }
}

impl CertificateScope {
    fn is_narrow(&self) -> bool {
        self.units.len() <= NAMED && self.seals.len() <= NAMED
    }

    /// What the statements bind: the person, units and seals between commas, and one by one.
    fn bound(&self) -> Vec<Option<String>> {
        let listed = |units: &[UnitId]| {
            let names: Vec<&str> = units.iter().map(UnitId::as_str).collect();
            Some(format!(",{},", names.join(",")))
        };
        let mut bound = vec![self.staff.as_ref().map(ToString::to_string)];
        if !self.is_narrow() {
            bound.extend([listed(&self.units), listed(&self.seals)]);
            return bound;
        }
        let slot = |units: &[UnitId], at: usize| units.get(at).map(ToString::to_string);
        bound.extend((0..NAMED).map(|at| slot(&self.units, at)));
        bound.extend((0..NAMED).map(|at| slot(&self.seals, at)));
        bound
    }
}

impl Store {
    /// Certificates that were not ended before `since`, what ends first before the rest, with their
    /// holders' posts as they stand on `today`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn certificates_in_use(
        &self,
        scope: &CertificateScope,
        (today, since): (Date, DateTime),
    ) -> Result<Vec<Registered>, StoreError> {
        let sql = if scope.is_narrow() {
            IN_USE
        } else {
            IN_USE_OF_MANY
        };
        let found: Vec<Row> = on!(&self.reads, pool => {
            let mut query = sqlx::query_as(sql).bind(to_millis(since)).bind(today.to_string());
            for value in scope.bound() {
                query = query.bind(value);
            }
            query.fetch_all(pool).await
        })?;
        found.into_iter().map(registered).collect()
    }

    /// A page of the certificates that were ended until `now`, the last ended first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn ended_certificates(
        &self,
        scope: &CertificateScope,
        now: DateTime,
        (after, most): (Option<&EndedKey>, u32),
    ) -> Result<Vec<Registered>, StoreError> {
        let sql = if scope.is_narrow() {
            ENDED
        } else {
            ENDED_OF_MANY
        };
        let (before, id) = after.map_or((to_millis(now), ""), |key| (key.ended_from, &key.id));
        let found: Vec<Row> = on!(&self.reads, pool => {
            let query = sqlx::query_as(sql).bind(before).bind(now.date().to_string());
            let mut query = query.bind(id).bind(i64::from(most));
            for value in scope.bound() {
                query = query.bind(value);
            }
            query.fetch_all(pool).await
        })?;
        found.into_iter().map(registered).collect()
    }

    /// How many certificates were ended until `now`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn ended_certificate_count(
        &self,
        scope: &CertificateScope,
        now: DateTime,
    ) -> Result<u64, StoreError> {
        let sql = if scope.is_narrow() {
            COUNT
        } else {
            COUNT_OF_MANY
        };
        let (count,): (i64,) = on!(&self.reads, pool => {
            let mut query = sqlx::query_as(sql).bind(to_millis(now));
            for value in scope.bound() {
                query = query.bind(value);
            }
            query.fetch_one(pool).await
        })?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// Posts of leaders, of directors of centres and of clerks of the seal that are held on `day`, by
    /// unit and name: those in which something is signed or sealed. Of these units; of all when none
    /// are named.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn posts_that_sign(
        &self,
        day: Date,
        of: Option<&[UnitId]>,
    ) -> Result<Vec<StaffPost>, StoreError> {
        let few = of.filter(|units| units.len() <= NAMED);
        let found: Vec<PostRow> = on!(&self.reads, pool => {
            let query = sqlx::query_as(if few.is_some() { SIGNING_AT } else { SIGNING });
            let mut query = query
                .bind(day.to_string())
                .bind(Role::Leader.as_str())
                .bind(Role::CentreDirector.as_str())
                .bind(Role::SealClerk.as_str());
            for at in 0..few.map_or(0, |_| NAMED) {
                let unit = few.and_then(|units| units.get(at));
                query = query.bind(unit.map(ToString::to_string));
            }
            query.fetch_all(pool).await
        })?;
        let all: Result<Vec<StaffPost>, StoreError> = found.into_iter().map(post).collect();
        let mut all = all?;
        all.retain(|held| of.is_none_or(|units| units.contains(&held.post.unit)));
        Ok(all)
    }
}

macro_rules! listed {
    ($where:expr, $order:literal) => {
        concat!(
            "SELECT c.id, c.unit, c.staff, c.role, c.name, c.subject, c.issuer, c.serial, \
             c.fingerprint, c.algorithm, c.valid_from, c.valid_to, c.key_at, \
             CASE WHEN c.id IS NULL THEN c.sealed END AS sealed, \
             c.registered_by, c.registered_at, c.ended_from, c.ended_why, s.name AS holder_name, \
             (SELECT MAX(COALESCE(p.valid_to, '9999-12-31')) FROM post p \
                 WHERE p.staff = c.staff AND p.unit = c.unit AND p.role = c.role \
                     AND p.valid_from <= $2) AS post_last \
             FROM certificate c LEFT JOIN staff s ON s.id = c.staff WHERE ",
            $where,
            $order
        )
    };
}
macro_rules! in_use {
    () => {
        " AND (c.ended_from IS NULL OR c.ended_from > $1)"
    };
}
macro_rules! ended {
    () => {
        " AND c.ended_from IS NOT NULL AND (c.ended_from < $1 OR (c.ended_from = $1 AND c.id > $3))"
    };
}
const IN_USE: &str = listed!(
    concat!(
        "(c.unit IN ($4, $5, $6, $7, $8, $9, $10, $11) OR c.staff = $3 OR (c.staff IS NULL \
         AND c.unit IN ($12, $13, $14, $15, $16, $17, $18, $19)))",
        in_use!()
    ),
    " ORDER BY c.valid_to, c.id"
);
const IN_USE_OF_MANY: &str = listed!(
    concat!(
        "($4 LIKE '%,' || c.unit || ',%' OR c.staff = $3 OR (c.staff IS NULL \
         AND $5 LIKE '%,' || c.unit || ',%'))",
        in_use!()
    ),
    " ORDER BY c.valid_to, c.id"
);
const ENDED: &str = listed!(
    concat!(
        "(c.unit IN ($6, $7, $8, $9, $10, $11, $12, $13) OR c.staff = $5 OR (c.staff IS NULL \
         AND c.unit IN ($14, $15, $16, $17, $18, $19, $20, $21)))",
        ended!()
    ),
    " ORDER BY c.ended_from DESC, c.id LIMIT $4"
);
const ENDED_OF_MANY: &str = listed!(
    concat!(
        "($6 LIKE '%,' || c.unit || ',%' OR c.staff = $5 OR (c.staff IS NULL \
         AND $7 LIKE '%,' || c.unit || ',%'))",
        ended!()
    ),
    " ORDER BY c.ended_from DESC, c.id LIMIT $4"
);
const COUNT: &str = "SELECT COUNT(*) FROM certificate c \
     WHERE (c.unit IN ($3, $4, $5, $6, $7, $8, $9, $10) OR c.staff = $2 OR (c.staff IS NULL \
         AND c.unit IN ($11, $12, $13, $14, $15, $16, $17, $18))) AND c.ended_from <= $1";
const COUNT_OF_MANY: &str = "SELECT COUNT(*) FROM certificate c \
     WHERE ($3 LIKE '%,' || c.unit || ',%' OR c.staff = $2 OR (c.staff IS NULL \
         AND $4 LIKE '%,' || c.unit || ',%')) AND c.ended_from <= $1";

macro_rules! signing {
    ($rest:literal) => {
        concat!(
            "SELECT p.staff, s.name, p.unit, p.role, p.valid_from, p.valid_to, p.title \
             FROM post p JOIN staff s ON s.id = p.staff \
             WHERE p.valid_from <= $1 AND (p.valid_to IS NULL OR p.valid_to >= $1) \
                 AND p.role IN ($2, $3, $4)",
            $rest,
            " ORDER BY p.unit, s.name_folded, p.staff, p.role"
        )
    };
}
const SIGNING: &str = signing!("");
const SIGNING_AT: &str = signing!(" AND p.unit IN ($5, $6, $7, $8, $9, $10, $11, $12)");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Database;
    use crate::views::search::plan;

    /// A leader sees her own certificates and the seal of one agency among thousands.
    #[tokio::test]
    async fn lists_of_few_units_read_their_own_rows_and_nothing_sealed() {
        let store = Store::open(&Database::SqliteMemory).await.unwrap();
        store.migrate().await.unwrap();
        for sql in [IN_USE, ENDED, COUNT] {
            let plan = plan(&store, sql).await;
            for index in ["certificate_by_unit", "certificate_by_staff"] {
                assert!(plan.iter().any(|step| step.contains(index)), "{plan:#?}");
            }
            let whole = |step: &String| step.contains("SCAN c") || step.contains("SCAN p");
            assert!(!plan.iter().any(whole), "{plan:#?}");
        }
        let plan = plan(&store, SIGNING_AT).await;
        let by = "USING INDEX post_by_unit (unit=? AND role=?)";
        assert!(plan.iter().any(|step| step.contains(by)), "{plan:#?}");
    }

    #[test]
    fn a_place_among_ended_certificates_is_read_as_it_is_written() {
        let key = EndedKey {
            ended_from: 1_763_000_000_000,
            id: "c-1".to_owned(),
        };
        assert_eq!(key.to_string().parse(), Ok(key));
        for bad in ["", "1", "x.c-1"] {
            assert_eq!(bad.parse::<EndedKey>(), Err(BadKey), "{bad}");
        }
    }
}

//! Digests: what staff are told by mail at the hours that the province chose. An hour's digests are
//! made once, together; each is sent until it is taken over, refused for good or given up.

use domain::ids::{StaffId, UnitId};
use domain::office::Role;
use jiff::civil::{Date, DateTime};

use crate::accounts::StandsIn;
use crate::audit::{self, AuditLine};
use crate::backend::{on, row};
use crate::deliveries::{Attempt, DeliveryState};
use crate::dialect::Two;
use crate::rows::{self, Cell, write_row};
use crate::time::to_millis;
use crate::{Store, StoreError};

/// A member of staff with an address, and what she does on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressed {
    /// Who.
    pub staff: StaffId,
    /// Posts, without those from which she is away.
    pub posts: Vec<(UnitId, Role)>,
    /// Delegations to her that run.
    pub standing: Vec<StandsIn>,
}

/// A digest to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewDigest {
    /// For whom.
    pub staff: StaffId,
    /// What mail servers know it by.
    pub code: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
}

row! {
    /// A digest on record. Times are epoch milliseconds.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct Digest {
        /// Its number.
        pub id: i64,
        /// For whom.
        pub staff: String,
        /// What mail servers know it by.
        pub code: String,
        /// Subject.
        pub subject: String,
        /// Text.
        pub body: String,
        state: String,
        /// How often it was tried.
        pub attempts: i64,
        /// What went wrong last.
        pub reason: String,
    }
}

impl Digest {
    /// How far it is.
    pub fn state(&self) -> Option<DeliveryState> {
        DeliveryState::parse(&self.state)
    }
}

impl Store {
    /// Writes the address of a member of staff, or takes it away.
    pub async fn save_staff_email(
        &self,
        staff: &StaffId,
        email: Option<String>,
        (at, audit): (DateTime, AuditLine),
    ) -> Result<(), StoreError> {
        let staff = staff.to_string();
        self.write(move |tx| {
            Box::pin(async move {
                let cells = vec![Cell::Text(staff), Cell::MaybeText(email)];
                write_row(tx, SAVE_EMAIL, cells).await?;
                audit::insert(tx, at, &[audit]).await
            })
        })
        .await
    }

    /// The address of a member of staff.
    pub async fn staff_email(&self, staff: &str) -> Result<Option<String>, StoreError> {
        let found: Option<(Option<String>,)> = on!(&self.reads, pool => {
            sqlx::query_as(EMAIL).bind(staff).fetch_optional(pool).await
        })?;
        Ok(found.and_then(|(email,)| email))
    }

    /// Everybody with an address who is there on `day` in a post, her own or one stood in for.
    pub async fn addressed(&self, day: Date) -> Result<Vec<Addressed>, StoreError> {
        let found: Vec<(String, String, String)> = on!(&self.reads, pool => {
            sqlx::query_as(ADDRESSED).bind(day.to_string()).fetch_all(pool).await
        })?;
        let mut all: Vec<Addressed> = Vec::new();
        for (staff, unit, role) in found {
            let staff: StaffId = rows::typed("post.staff", &staff)?;
            let unit = rows::typed("post.unit", &unit)?;
            let post = (unit, rows::typed("post.role", &role)?);
            match all.last_mut().filter(|last| last.staff == staff) {
                Some(last) => last.posts.push(post),
                None => all.push(Addressed {
                    staff,
                    posts: vec![post],
                    standing: Vec::new(),
                }),
            }
        }
        for held in self.standing_in(day).await? {
            let mut there = all.iter_mut();
            // Who stands in has a post of her own, and is not away from it.
            if let Some(one) = there.find(|one| Some(&one.staff) == held.delegation.to.as_ref()) {
                one.standing.push(held);
            }
        }
        Ok(all)
    }

    /// Whether the digests of an hour were made.
    pub async fn has_digests(&self, hour: DateTime) -> Result<bool, StoreError> {
        let found: Option<(i64,)> = on!(&self.reads, pool => {
            sqlx::query_as(HOUR).bind(to_millis(hour)).fetch_optional(pool).await
        })?;
        Ok(found.is_some())
    }

    /// Records the digests of an hour, once: false when they were made before, and then nothing is
    /// written.
    pub async fn add_digests(
        &self,
        hour: DateTime,
        digests: Vec<NewDigest>,
        now: DateTime,
    ) -> Result<bool, StoreError> {
        let (hour, now) = (to_millis(hour), to_millis(now));
        self.write(move |tx| {
            Box::pin(async move {
                let cells = vec![Cell::Number(hour), Cell::Number(now)];
                if write_row(tx, ADD_HOUR, cells).await? == 0 {
                    return Ok(false);
                }
                for digest in digests {
                    let cells = vec![
                        Cell::Number(hour),
                        Cell::Text(digest.staff.to_string()),
                        Cell::Text(digest.code),
                        Cell::Text(digest.subject),
                        Cell::Text(digest.body),
                        Cell::Number(now),
                    ];
                    write_row(tx, ADD, cells).await?;
                }
                Ok(true)
            })
        })
        .await
    }

    /// Takes at most `max` digests whose time has come, for `lease` milliseconds.
    pub async fn claim_digests(
        &self,
        now: DateTime,
        lease: i64,
        max: u32,
    ) -> Result<Vec<Digest>, StoreError> {
        let now = to_millis(now);
        let waiting: Option<(i64,)> = on!(&self.reads, pool => {
            sqlx::query_as(WAITING).bind(now).fetch_optional(pool).await
        })?;
        if waiting.is_none() {
            return Ok(Vec::new());
        }
        let (sql, until) = (CLAIM.on(&self.reads), now.saturating_add(lease));
        let mut taken: Vec<Digest> = self
            .write(move |tx| {
                Box::pin(async move {
                    let taken = on!(tx, c => sqlx::query_as(sql)
                        .bind(now)
                        .bind(until)
                        .bind(i64::from(max))
                        .fetch_all(&mut **c)
                        .await);
                    taken.map_err(StoreError::from)
                })
            })
            .await?;
        taken.sort_by_key(|digest| digest.id);
        Ok(taken)
    }

    /// Records what came of the attempt for which the digest was claimed; one that came too late
    /// changes nothing.
    pub async fn record_digest(
        &self,
        claimed: &Digest,
        attempt: Attempt,
        at: DateTime,
    ) -> Result<(), StoreError> {
        let ended = attempt.next_try.is_none().then(|| to_millis(at));
        let cells = vec![
            Cell::Number(claimed.id),
            Cell::Number(claimed.attempts),
            Cell::Text(attempt.state.as_str().to_owned()),
            Cell::MaybeNumber(attempt.next_try.map(to_millis)),
            Cell::Text(attempt.reason),
            Cell::Text(attempt.provider),
            Cell::MaybeNumber(ended),
        ];
        self.write(move |tx| Box::pin(async move { write_row(tx, RECORD, cells).await.map(drop) }))
            .await
    }

    /// The digests of an hour, by number.
    pub async fn digests_of(&self, hour: DateTime) -> Result<Vec<Digest>, StoreError> {
        Ok(on!(&self.reads, pool => sqlx::query_as(OF_HOUR)
            .bind(to_millis(hour))
            .fetch_all(pool)
            .await)?)
    }
}

const SAVE_EMAIL: &str = "UPDATE staff SET email = $2 WHERE id = $1";
const EMAIL: &str = "SELECT email FROM staff WHERE id = $1";
const ADDRESSED: &str = "
    SELECT p.staff, p.unit, p.role FROM post p JOIN staff s ON s.id = p.staff
    WHERE s.email IS NOT NULL
        AND p.valid_from <= $1 AND (p.valid_to IS NULL OR p.valid_to >= $1)
        AND NOT EXISTS (SELECT 1 FROM delegation d
            WHERE d.absent = p.staff AND d.unit = p.unit AND d.role = p.role
                AND d.ended_at IS NULL AND d.first_day <= $1 AND d.last_day >= $1)
    ORDER BY p.staff, p.unit, p.role";
const HOUR: &str = "SELECT made_at FROM digest_hour WHERE hour = $1";
const ADD_HOUR: &str =
    "INSERT INTO digest_hour (hour, made_at) VALUES ($1, $2) ON CONFLICT (hour) DO NOTHING";
const ADD: &str = "INSERT INTO digest \
     (hour, staff, code, subject, body, state, attempts, next_try, reason, provider) \
     VALUES ($1, $2, $3, $4, $5, 'waiting', 0, $6, '', '')";
const WAITING: &str = "SELECT id FROM digest WHERE next_try <= $1 ORDER BY next_try LIMIT 1";
const CLAIM: Two = Two {
    sqlite: "UPDATE digest SET state = 'sending', next_try = $2, attempts = attempts + 1 \
         WHERE id IN (SELECT id FROM digest WHERE next_try <= $1 ORDER BY next_try, id LIMIT $3) \
         RETURNING id, staff, code, subject, body, state, attempts, reason",
    postgres: "UPDATE digest SET state = 'sending', next_try = $2, attempts = attempts + 1 \
         WHERE id IN (SELECT id FROM digest WHERE next_try <= $1 ORDER BY next_try, id LIMIT $3 \
             FOR UPDATE SKIP LOCKED) \
         RETURNING id, staff, code, subject, body, state, attempts, reason",
};
const RECORD: &str = "UPDATE digest SET state = $3, next_try = $4, reason = $5, provider = $6, \
     ended_at = $7 WHERE id = $1 AND attempts = $2 AND state = 'sending'";
const OF_HOUR: &str = "SELECT id, staff, code, subject, body, state, attempts, reason FROM digest \
     WHERE hour = $1 ORDER BY id";

//! Staff and their posts: a role at a unit, for a time, perhaps at a counter.

use domain::ids::{CounterId, StaffId, UnitId};
use domain::office::{Post, Role};
use domain::text::fold;
use jiff::civil::{Date, DateTime};

use crate::audit::{self, AuditLine};
use crate::backend::on;
use crate::rows::{self, KEYS};
use crate::{Store, StoreError};

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMember {
    /// Which.
    pub id: StaffId,
    /// Full name.
    pub name: String,
}

/// A post to give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPost {
    /// Who, where, as what, and for how long.
    pub post: Post,
    /// The counter at which it is usually held.
    pub counter: Option<CounterId>,
    /// The title under which its holder signs (chức vụ), `Phó Chủ tịch UBND phường`.
    pub title: Option<String>,
}

/// A post with the name of who holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffPost {
    /// Who, where, as what, and for how long.
    pub post: Post,
    /// Name of the holder.
    pub name: String,
    /// The counter at which it is usually held.
    pub counter: Option<CounterId>,
    /// The title under which its holder signs (chức vụ), `Phó Chủ tịch UBND phường`.
    pub title: Option<String>,
}

impl Store {
    /// Writes a member of staff, new or with another name.
    pub async fn save_staff(&self, member: StaffMember) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                on!(tx, c => sqlx::query(SAVE_STAFF)
                    .bind(member.id.as_str())
                    .bind(member.name.as_str())
                    .bind(fold(&member.name))
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                Ok(())
            })
        })
        .await
    }

    /// Staff by id, in the order of their ids; unknown ids are left out.
    pub async fn staff(&self, ids: &[StaffId]) -> Result<Vec<StaffMember>, StoreError> {
        let mut ids: Vec<&str> = ids.iter().map(StaffId::as_str).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut staff = Vec::with_capacity(ids.len());
        for keys in ids.chunks(KEYS) {
            let mut found: Vec<(String, String)> = on!(&self.reads, pool => {
                let mut query = sqlx::query_as(STAFF);
                for slot in 0..KEYS {
                    query = query.bind(keys.get(slot).copied());
                }
                query.fetch_all(pool).await
            })?;
            found.sort();
            for (id, name) in found {
                staff.push(StaffMember {
                    id: rows::typed("staff.id", &id)?,
                    name,
                });
            }
        }
        Ok(staff)
    }

    /// Gives a post, or changes the end, the counter or the title of the one that began on the same day.
    pub async fn give_post(
        &self,
        new: NewPost,
        at: DateTime,
        audit: AuditLine,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let NewPost {
                    post,
                    counter,
                    title,
                } = new;
                on!(&mut *tx, c => sqlx::query(GIVE)
                    .bind(post.staff.as_str())
                    .bind(post.unit.as_str())
                    .bind(post.role.as_str())
                    .bind(post.valid_from.to_string())
                    .bind(post.valid_to.map(|day| day.to_string()))
                    .bind(counter.map(String::from))
                    .bind(title)
                    .execute(&mut **c)
                    .await
                    .map(drop))?;
                audit::insert(tx, at, &[audit]).await
            })
        })
        .await
    }

    /// The posts that a member of staff holds on `day`.
    pub async fn posts_of(&self, staff: &StaffId, day: Date) -> Result<Vec<StaffPost>, StoreError> {
        let found: Vec<Row> = on!(&self.reads, pool => sqlx::query_as(OF_STAFF)
            .bind(day.to_string())
            .bind(staff.as_str())
            .fetch_all(pool)
            .await)?;
        found.into_iter().map(post).collect()
    }

    /// Who holds the role at the unit on `day`, by name; every role when none is named.
    pub async fn staff_of(
        &self,
        unit: &UnitId,
        role: Option<Role>,
        day: Date,
    ) -> Result<Vec<StaffPost>, StoreError> {
        let found: Vec<Row> = on!(&self.reads, pool => sqlx::query_as(OF_UNIT)
            .bind(day.to_string())
            .bind(unit.as_str())
            .bind(role.map_or("", Role::as_str))
            .fetch_all(pool)
            .await)?;
        found.into_iter().map(post).collect()
    }

    /// Everybody's posts at the unit that did not end before `since`, those still to begin too, by
    /// name.
    pub async fn posts_at(&self, unit: &UnitId, since: Date) -> Result<Vec<StaffPost>, StoreError> {
        let found: Vec<Row> = on!(&self.reads, pool => sqlx::query_as(AT_UNIT)
            .bind(unit.as_str())
            .bind(since.to_string())
            .fetch_all(pool)
            .await)?;
        found.into_iter().map(post).collect()
    }

    /// Every post that a member of staff holds, held or will hold, the latest first.
    pub async fn all_posts_of(&self, staff: &StaffId) -> Result<Vec<StaffPost>, StoreError> {
        let found: Vec<Row> = on!(&self.reads, pool => sqlx::query_as(ALL_OF_STAFF)
            .bind(staff.as_str())
            .fetch_all(pool)
            .await)?;
        found.into_iter().map(post).collect()
    }
}

type Row = (
    String,
    String,
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
);

const SAVE_STAFF: &str = "
    INSERT INTO staff (id, name, name_folded) VALUES ($1, $2, $3)
    ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_folded = excluded.name_folded";
const STAFF: &str = "
    SELECT id, name FROM staff
    WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
const GIVE: &str = "
    INSERT INTO post (staff, unit, role, valid_from, valid_to, counter, title)
    VALUES ($1, $2, $3, $4, $5, $6, $7)
    ON CONFLICT (staff, unit, role, valid_from)
    DO UPDATE SET valid_to = excluded.valid_to, counter = excluded.counter,
        title = excluded.title";
const OF_STAFF: &str = "
    SELECT p.staff, s.name, p.unit, p.role, p.valid_from, p.valid_to, p.counter, p.title
    FROM post p JOIN staff s ON s.id = p.staff
    WHERE p.valid_from <= $1 AND (p.valid_to IS NULL OR p.valid_to >= $1) AND p.staff = $2
    ORDER BY p.unit, p.role";
const OF_UNIT: &str = "
    SELECT p.staff, s.name, p.unit, p.role, p.valid_from, p.valid_to, p.counter, p.title
    FROM post p JOIN staff s ON s.id = p.staff
    WHERE p.valid_from <= $1 AND (p.valid_to IS NULL OR p.valid_to >= $1) AND p.unit = $2
        AND ($3 = '' OR p.role = $3)
    ORDER BY s.name_folded, p.staff, p.role";

const AT_UNIT: &str = "
    SELECT p.staff, s.name, p.unit, p.role, p.valid_from, p.valid_to, p.counter, p.title
    FROM post p JOIN staff s ON s.id = p.staff
    WHERE p.unit = $1 AND (p.valid_to IS NULL OR p.valid_to >= $2)
    ORDER BY s.name_folded, p.staff, p.role, p.valid_from";
const ALL_OF_STAFF: &str = "
    SELECT p.staff, s.name, p.unit, p.role, p.valid_from, p.valid_to, p.counter, p.title
    FROM post p JOIN staff s ON s.id = p.staff
    WHERE p.staff = $1
    ORDER BY p.valid_from DESC, p.unit, p.role";

fn post(row: Row) -> Result<StaffPost, StoreError> {
    let (staff, name, unit, role, valid_from, valid_to, counter, title) = row;
    let post = Post {
        staff: rows::typed("post.staff", &staff)?,
        unit: rows::typed("post.unit", &unit)?,
        role: rows::typed("post.role", &role)?,
        valid_from: rows::typed("post.valid_from", &valid_from)?,
        valid_to: rows::maybe("post.valid_to", valid_to.as_deref())?,
    };
    Ok(StaffPost {
        post,
        name,
        counter: rows::maybe("post.counter", counter.as_deref())?,
        title,
    })
}

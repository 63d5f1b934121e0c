//! The records of persons and organisations: mutable, apart from events, erasable.
//!
//! Everything but the name is sealed by the caller; numbers are found again through keyed hashes.
//! This module must not know any key, nor log who reads: that is the caller's duty.

use std::sync::Arc;

use domain::ids::PartyId;
use domain::party::PartyKind;
use domain::text::fold;
use jiff::civil::DateTime;

use crate::append::AppendError;
use crate::audit::{self, AuditLine};
use crate::backend::{Tx, on};
use crate::dialect::Two;
use crate::rows::{self, Cell, KEYS};
use crate::time::{from_millis, to_millis};
use crate::views::dossier::{forget_owner, rename_owner};
use crate::{Store, StoreError};

/// HMAC of a number or telephone under a key from outside the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyedHash(pub [u8; 32]);

/// The stored record of a party.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyRow {
    /// Which.
    pub id: PartyId,
    /// What it is.
    pub kind: PartyKind,
    /// Full name; empty once erased.
    pub name: String,
    /// Everything else, encrypted by the caller; empty once erased.
    pub sealed: Vec<u8>,
    /// Of its identity or tax number.
    pub number_hash: Option<KeyedHash>,
    /// Of its telephone number.
    pub phone_hash: Option<KeyedHash>,
    /// When it was last written.
    pub updated_at: DateTime,
    /// Whether its data were erased; the record then only says that it existed.
    pub erased: bool,
    /// When the record that this one corrects was written: it is written over no other. None for a
    /// new record, and for one that is written over whatever is there. None as read.
    pub seen: Option<DateTime>,
}

/// Writes a record within a transaction that is open. A name that differs from the stored one is
/// carried into the open dossiers; a closed one keeps the name it closed with. A party that was
/// erased stays erased, and a correction of what somebody else has corrected meanwhile is refused.
async fn save(tx: &mut Tx, party: &PartyRow) -> Result<(), AppendError> {
    let mut stored = name_of(tx, &party.id).await?;
    if stored.is_none() {
        if rows::write_row(tx, INSERT, cells(party)).await? > 0 {
            return Ok(());
        }
        // Somebody else has just written it.
        stored = name_of(tx, &party.id).await?;
    }
    let mut cells = cells(party);
    cells.push(Cell::MaybeNumber(party.seen.map(to_millis)));
    let written = rows::write_row(tx, UPDATE, cells).await?;
    if written == 0 && party.seen.is_some() {
        return Err(AppendError::PartyChanged);
    }
    match stored {
        Some((name, 0)) if name != party.name => {
            Ok(rename_owner(tx, &party.id, &party.name).await?)
        }
        _ => Ok(()),
    }
}

/// The stored name and whether it was erased; on PostgreSQL nobody else changes it until this
/// transaction ends.
async fn name_of(tx: &mut Tx, id: &PartyId) -> Result<Option<(String, i64)>, StoreError> {
    let sql = NAME.on(tx);
    Ok(on!(tx, c => sqlx::query_as(sql)
        .bind(id.as_str())
        .fetch_optional(&mut **c)
        .await)?)
}

/// Writes records one by one, in the order of their ids: two writes with the same persons wait for
/// each other once, and never crosswise.
pub(crate) async fn save_each(tx: &mut Tx, parties: &[PartyRow]) -> Result<(), AppendError> {
    for party in by_id(parties) {
        save(tx, party).await?;
    }
    Ok(())
}

/// Writes records many at a time within a transaction that is open. When any of them is there
/// already, all are written one by one, as [`save_each`] does.
pub(crate) async fn save_all(tx: &mut Tx, parties: &[PartyRow]) -> Result<(), AppendError> {
    let cells = by_id(parties).into_iter().map(cells).collect();
    let written = rows::insert_rows(tx, HEAD, OR_NOTHING, cells).await?;
    if usize::try_from(written).is_ok_and(|written| written == parties.len()) {
        return Ok(());
    }
    save_each(tx, parties).await
}

fn by_id(parties: &[PartyRow]) -> Vec<&PartyRow> {
    let mut parties: Vec<&PartyRow> = parties.iter().collect();
    parties.sort_by(|a, b| a.id.cmp(&b.id));
    parties
}

fn cells(party: &PartyRow) -> Vec<Cell> {
    vec![
        Cell::Text(party.id.to_string()),
        Cell::Text(rows::name_of(&party.kind)),
        Cell::Text(party.name.clone()),
        Cell::Text(fold(&party.name)),
        Cell::Bytes(party.sealed.clone()),
        Cell::MaybeText(party.number_hash.map(hexed)),
        Cell::MaybeText(party.phone_hash.map(hexed)),
        Cell::Number(to_millis(party.updated_at)),
        Cell::Number(i64::from(party.erased)),
    ]
}

impl Store {
    /// One record.
    pub async fn party(&self, id: &PartyId) -> Result<Option<PartyRow>, StoreError> {
        Ok(self.parties(std::slice::from_ref(id)).await?.pop())
    }

    /// Records by id, in the order of their ids; unknown ids are left out.
    pub async fn parties(&self, ids: &[PartyId]) -> Result<Vec<PartyRow>, StoreError> {
        let mut ids: Vec<&str> = ids.iter().map(PartyId::as_str).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut parties = Vec::with_capacity(ids.len());
        for keys in ids.chunks(KEYS) {
            let mut found: Vec<Row> = on!(&self.reads, pool => {
                let mut query = sqlx::query_as(BY_IDS);
                for slot in 0..KEYS {
                    query = query.bind(keys.get(slot).copied());
                }
                query.fetch_all(pool).await
            })?;
            found.sort_by(|a, b| a.0.cmp(&b.0));
            for row in found {
                parties.push(party(row)?);
            }
        }
        Ok(parties)
    }

    /// Records that carry the number, the newest first.
    pub async fn parties_by_number(&self, number: KeyedHash) -> Result<Vec<PartyRow>, StoreError> {
        let found: Vec<Row> = on!(&self.reads, pool => sqlx::query_as(BY_NUMBER)
            .bind(hexed(number))
            .fetch_all(pool)
            .await)?;
        found.into_iter().map(party).collect()
    }

    /// Ids of the records that carry the telephone number, the newest first.
    pub async fn party_ids_by_phone(&self, phone: KeyedHash) -> Result<Vec<PartyId>, StoreError> {
        let found: Vec<(String,)> = on!(&self.reads, pool => sqlx::query_as(BY_PHONE)
            .bind(hexed(phone))
            .fetch_all(pool)
            .await)?;
        found
            .iter()
            .map(|(id,)| rows::typed("party.id", id))
            .collect()
    }

    /// Erases what is known of a party and keeps that it existed. False when it was not there or
    /// erased already; then nothing is written.
    pub async fn erase_party(
        &self,
        id: PartyId,
        at: DateTime,
        audit: AuditLine,
    ) -> Result<bool, StoreError> {
        let erasing = Arc::new((id, audit));
        self.write_again_when_undone(move |tx| {
            let erasing = Arc::clone(&erasing);
            Box::pin(async move { erase(tx, &erasing.0, at, &erasing.1).await })
        })
        .await
    }
}

async fn erase(
    tx: &mut Tx,
    id: &PartyId,
    at: DateTime,
    audit: &AuditLine,
) -> Result<bool, StoreError> {
    let erased = on!(&mut *tx, c => sqlx::query(ERASE)
        .bind(id.as_str())
        .bind(Vec::<u8>::new())
        .bind(to_millis(at))
        .execute(&mut **c)
        .await
        .map(|done| done.rows_affected()))?;
    if erased == 0 {
        return Ok(false);
    }
    forget_owner(tx, id).await?;
    audit::insert(tx, at, std::slice::from_ref(audit)).await?;
    Ok(true)
}

type Row = (
    String,
    String,
    String,
    Vec<u8>,
    Option<String>,
    Option<String>,
    i64,
    i64,
);

const HEAD: &str = "INSERT INTO party (id, kind, name, name_folded, sealed, number_hash, \
     phone_hash, updated_at, erased) ";
const OR_NOTHING: &str = " ON CONFLICT (id) DO NOTHING";
const INSERT: &str = "INSERT INTO party (id, kind, name, name_folded, sealed, number_hash, \
     phone_hash, updated_at, erased) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
     ON CONFLICT (id) DO NOTHING";
const UPDATE: &str = "
    UPDATE party SET kind = $2, name = $3, name_folded = $4, sealed = $5, number_hash = $6,
        phone_hash = $7, updated_at = $8, erased = $9
    WHERE id = $1 AND erased = 0 AND updated_at = COALESCE($10, updated_at)";
const NAME: Two = Two {
    sqlite: "SELECT name, erased FROM party WHERE id = $1",
    postgres: "SELECT name, erased FROM party WHERE id = $1 FOR UPDATE",
};
const BY_IDS: &str = "
    SELECT id, kind, name, sealed, number_hash, phone_hash, updated_at, erased FROM party
    WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
const BY_NUMBER: &str = "
    SELECT id, kind, name, sealed, number_hash, phone_hash, updated_at, erased FROM party
    WHERE number_hash = $1 ORDER BY updated_at DESC, id";
const BY_PHONE: &str = "SELECT id FROM party WHERE phone_hash = $1 ORDER BY updated_at DESC, id";
const ERASE: &str = "
    UPDATE party SET name = '', name_folded = '', sealed = $2, number_hash = NULL,
        phone_hash = NULL, updated_at = $3, erased = 1
    WHERE id = $1 AND erased = 0";

fn party(row: Row) -> Result<PartyRow, StoreError> {
    let (id, kind, name, sealed, number_hash, phone_hash, updated_at, erased) = row;
    Ok(PartyRow {
        kind: rows::typed("party.kind", &kind)?,
        name,
        sealed,
        number_hash: number_hash.map(|text| unhexed(&id, &text)).transpose()?,
        phone_hash: phone_hash.map(|text| unhexed(&id, &text)).transpose()?,
        updated_at: from_millis(updated_at),
        erased: erased != 0,
        seen: None,
        id: rows::typed("party.id", &id)?,
    })
}

fn hexed(hash: KeyedHash) -> String {
    hex::encode(hash.0)
}

fn unhexed(id: &str, text: &str) -> Result<KeyedHash, StoreError> {
    let mut bytes = [0; 32];
    match hex::decode_to_slice(text, &mut bytes) {
        Ok(()) => Ok(KeyedHash(bytes)),
        Err(cause) => Err(StoreError::inconsistent("party", id, cause)),
    }
}

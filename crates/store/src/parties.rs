//! The records of persons and organisations: mutable, apart from events, erasable.
//!
//! Everything but the name is sealed by the caller; numbers are found again through keyed hashes.
//! This module must not know any key, nor log who reads: that is the caller's duty.

use domain::ids::PartyId;
use domain::party::PartyKind;
use domain::text::fold;
use jiff::civil::DateTime;

use crate::audit::{self, AuditLine};
use crate::backend::{Tx, on};
use crate::rows::{self, Cell, KEYS};
use crate::time::{from_millis, to_millis};
use crate::views::dossier::rename_owner;
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
}

/// Writes a record within a transaction that is open, and its name wherever it is shown. One that
/// was erased stays erased.
pub(crate) async fn save(tx: &mut Tx, party: &PartyRow) -> Result<(), StoreError> {
    let written = on!(&mut *tx, c => sqlx::query(SAVE)
        .bind(party.id.as_str())
        .bind(rows::name_of(&party.kind))
        .bind(party.name.as_str())
        .bind(fold(&party.name))
        .bind(party.sealed.as_slice())
        .bind(party.number_hash.map(hexed))
        .bind(party.phone_hash.map(hexed))
        .bind(to_millis(party.updated_at))
        .bind(i64::from(party.erased))
        .execute(&mut **c)
        .await
        .map(|done| done.rows_affected()))?;
    if written > 0 {
        rename_owner(tx, &party.id, &party.name).await?;
    }
    Ok(())
}

/// Writes records many at a time within a transaction that is open. When any of them is there
/// already, all are written one by one, as [`save`] does.
pub(crate) async fn save_all(tx: &mut Tx, parties: &[PartyRow]) -> Result<(), StoreError> {
    let cells: Vec<Vec<Cell>> = parties.iter().map(cells).collect();
    let written = rows::insert_rows(tx, HEAD, OR_NOTHING, cells).await?;
    if usize::try_from(written).is_ok_and(|written| written == parties.len()) {
        return Ok(());
    }
    for party in parties {
        save(tx, party).await?;
    }
    Ok(())
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
    /// Writes a record, new or again. One that was erased stays erased.
    pub async fn save_party(&self, party: PartyRow) -> Result<(), StoreError> {
        self.write(move |tx| Box::pin(async move { save(tx, &party).await }))
            .await
    }

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
        self.write(move |tx| {
            Box::pin(async move {
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
                rename_owner(tx, &id, "").await?;
                audit::insert(tx, at, &[audit]).await?;
                Ok(true)
            })
        })
        .await
    }
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
const SAVE: &str = "
    INSERT INTO party (id, kind, name, name_folded, sealed, number_hash, phone_hash, updated_at,
        erased)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, name = excluded.name,
        name_folded = excluded.name_folded, sealed = excluded.sealed,
        number_hash = excluded.number_hash, phone_hash = excluded.phone_hash,
        updated_at = excluded.updated_at, erased = excluded.erased
    WHERE party.erased = 0";
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

//! Slips that were made: each frozen once, stored by content hash, every print counted.

use domain::ids::{DossierId, FileHash, StaffId};
use domain::slip::Form;
use jiff::civil::DateTime;

use crate::backend::{Tx, on};
use crate::rows;
use crate::time::{from_millis, to_millis};
use crate::{Store, StoreError};

/// A slip that was made for an outbox message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSlip {
    /// The message that asked for it; the same message makes one slip, however often it is handled.
    pub message: i64,
    /// Of which dossier.
    pub dossier: DossierId,
    /// Which form.
    pub form: Form,
    /// The file.
    pub file: FileHash,
    /// When.
    pub issued_at: DateTime,
}

/// Which slip.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipKey {
    /// Of which dossier.
    pub dossier: DossierId,
    /// Which form.
    pub form: Form,
    /// Order among the dossier's slips of that form, from 1.
    pub ordinal: u32,
}

/// A slip on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Slip {
    /// Which.
    pub key: SlipKey,
    /// The file.
    pub file: FileHash,
    /// When it was made.
    pub issued_at: DateTime,
    /// How often it was printed.
    pub copies: u32,
}

impl Store {
    /// Records a slip. When the message has one already, that one is returned and nothing changes.
    pub async fn record_slip(&self, slip: NewSlip) -> Result<Slip, StoreError> {
        self.again_when_raced(|| {
            let slip = slip.clone();
            self.write(move |tx| Box::pin(async move { record(tx, &slip).await }))
        })
        .await
    }

    /// The slips of a dossier, by time.
    pub async fn slips(&self, dossier: &DossierId) -> Result<Vec<Slip>, StoreError> {
        let found: Vec<Row> = on!(&self.reads, pool => sqlx::query_as(OF_DOSSIER)
            .bind(dossier.as_str())
            .fetch_all(pool)
            .await)?;
        found.into_iter().map(slip).collect()
    }

    /// Counts a print; returns which copy it is.
    pub async fn log_print(
        &self,
        key: &SlipKey,
        staff: &StaffId,
        at: DateTime,
    ) -> Result<u32, StoreError> {
        self.again_when_raced(|| {
            let (key, staff) = (key.clone(), staff.clone());
            self.write(move |tx| Box::pin(async move { print(tx, &key, &staff, at).await }))
        })
        .await
    }

    /// Runs a write again when another one took the number that it had counted out: every round
    /// somebody wins, so as many rounds as there are racing writers are enough.
    async fn again_when_raced<T, W>(&self, mut write: impl FnMut() -> W) -> Result<T, StoreError>
    where
        W: Future<Output = Result<T, StoreError>>,
    {
        for _ in 0..RACERS {
            match write().await {
                Err(error) if error.is_clash() => {}
                done => return done,
            }
        }
        write().await
    }
}

/// Writers that may count out the same number at once: the connections of a few nodes.
const RACERS: usize = 50;

type Row = (String, String, i64, String, i64, i64);

const RECORD: &str = "
    INSERT INTO slip (dossier, form, ordinal, message, file, issued_at)
    SELECT $1, $2, COALESCE(MAX(ordinal), 0) + 1, $3, $4, $5 FROM slip
    WHERE dossier = $1 AND form = $2
    ON CONFLICT (message) DO NOTHING";
const OF_MESSAGE: &str = "
    SELECT s.dossier, s.form, s.ordinal, s.file, s.issued_at,
        (SELECT COUNT(*) FROM slip_print p
            WHERE p.dossier = s.dossier AND p.form = s.form AND p.ordinal = s.ordinal)
    FROM slip s WHERE s.message = $1";
const OF_DOSSIER: &str = "
    SELECT s.dossier, s.form, s.ordinal, s.file, s.issued_at,
        (SELECT COUNT(*) FROM slip_print p
            WHERE p.dossier = s.dossier AND p.form = s.form AND p.ordinal = s.ordinal)
    FROM slip s WHERE s.dossier = $1 ORDER BY s.issued_at, s.form, s.ordinal";
const PRINT: &str = "
    INSERT INTO slip_print (dossier, form, ordinal, copy, staff, at)
    SELECT $1, $2, $3, COALESCE(MAX(copy), 0) + 1, $4, $5 FROM slip_print
    WHERE dossier = $1 AND form = $2 AND ordinal = $3
    RETURNING copy";

async fn record(tx: &mut Tx, new: &NewSlip) -> Result<Slip, StoreError> {
    on!(&mut *tx, c => sqlx::query(RECORD)
        .bind(new.dossier.as_str())
        .bind(new.form.number())
        .bind(new.message)
        .bind(new.file.as_str())
        .bind(to_millis(new.issued_at))
        .execute(&mut **c)
        .await
        .map(drop))?;
    let row: Row = on!(tx, c => sqlx::query_as(OF_MESSAGE)
        .bind(new.message)
        .fetch_one(&mut **c)
        .await)?;
    slip(row)
}

async fn print(
    tx: &mut Tx,
    key: &SlipKey,
    staff: &StaffId,
    at: DateTime,
) -> Result<u32, StoreError> {
    let (copy,): (i64,) = on!(tx, c => sqlx::query_as(PRINT)
        .bind(key.dossier.as_str())
        .bind(key.form.number())
        .bind(i64::from(key.ordinal))
        .bind(staff.as_str())
        .bind(to_millis(at))
        .fetch_one(&mut **c)
        .await)?;
    rows::number("slip_print.copy", key.dossier.as_str(), copy)
}

fn slip((dossier, form, ordinal, file, issued_at, copies): Row) -> Result<Slip, StoreError> {
    let key = SlipKey {
        form: Form::parse(&form)
            .ok_or_else(|| StoreError::inconsistent("slip", &dossier, "unknown form"))?,
        ordinal: rows::number("slip.ordinal", &dossier, ordinal)?,
        dossier: rows::typed("slip.dossier", &dossier)?,
    };
    let copies = rows::number("slip_print", key.dossier.as_str(), copies)?;
    Ok(Slip {
        key,
        file: rows::typed("slip.file", &file)?,
        issued_at: from_millis(issued_at),
        copies,
    })
}

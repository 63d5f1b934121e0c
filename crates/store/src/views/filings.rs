//! What an agent of the post filed: by status, without anybody's data.

use domain::dossier::StateKind;
use domain::ids::{StaffId, UnitId};
use jiff::civil::DateTime;

use super::Views;
use crate::backend::{on, row};
use crate::store::StoreError;
use crate::time::from_millis;

row! {
    /// A dossier as the one who filed it from afar may see it. Times are epoch milliseconds.
    #[derive(Debug, Clone, PartialEq, Eq)]
    pub struct FilingRow {
        /// Which dossier.
        pub id: String,
        /// Its number, once received.
        pub code: Option<String>,
        /// Name of the state.
        pub state: String,
        /// Title of the procedure.
        pub procedure_name: String,
        submitted_at: i64,
        due_at: Option<i64>,
    }
}

impl FilingRow {
    /// When it was filed.
    pub fn submitted(&self) -> DateTime {
        from_millis(self.submitted_at)
    }

    /// The promised time, once received.
    pub fn due(&self) -> Option<DateTime> {
        self.due_at.map(from_millis)
    }

    /// The state, typed.
    pub fn state(&self) -> Option<StateKind> {
        StateKind::parse(&self.state)
    }
}

/// Only what came by post is asked, which an index holds apart.
const OF_FILER: &str = "SELECT dossier.id, dossier.code, dossier.state, dossier.procedure_name, \
     dossier.submitted_at, dossier.due_at FROM dossier \
     JOIN event ON event.stream = dossier.id AND event.version = 1 \
     WHERE dossier.channel = 'post' AND dossier.receiving = $1 AND event.actor = $2 \
     ORDER BY dossier.submitted_at DESC, dossier.id DESC LIMIT $3";

impl Views<'_> {
    /// The newest dossiers that `staff` filed by post at a centre, newest first.
    pub async fn filed_by(
        &self,
        staff: &StaffId,
        receiving: &UnitId,
        limit: u32,
    ) -> Result<Vec<FilingRow>, StoreError> {
        Ok(on!(self.pools, pool => {
            sqlx::query_as(OF_FILER)
                .bind(receiving.as_str())
                .bind(staff.as_str())
                .bind(i64::from(limit))
                .fetch_all(pool)
                .await
        })?)
    }
}

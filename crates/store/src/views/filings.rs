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
        in_hand: i64,
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

    /// Whether the agent has its papers still: no signed record handed them over.
    pub fn is_in_hand(&self) -> bool {
        self.in_hand != 0
    }

    /// The state, typed.
    pub fn state(&self) -> Option<StateKind> {
        StateKind::parse(&self.state)
    }
}

/// What agents of the post filed is in an index of its own, apart by who did.
const OF_FILER: &str = "SELECT id, code, state, procedure_name, submitted_at, due_at, \
     CASE WHEN state = 'submitted' AND NOT EXISTS (SELECT 1 FROM post_record_line l \
     JOIN post_record r ON r.id = l.record \
     WHERE l.dossier = dossier.id AND r.signed_at IS NOT NULL) \
     THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS in_hand FROM dossier \
     WHERE receiving = $1 AND agent = $2 \
     ORDER BY submitted_at DESC, id DESC LIMIT $3";

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Database, Store};

    /// The post brings a centre more in a year than one agent does in her life.
    #[tokio::test]
    async fn an_agent_s_own_filings_are_read_from_their_index_in_order() {
        let store = Store::open(&Database::SqliteMemory).await.unwrap();
        store.migrate().await.unwrap();
        let plan = crate::views::search::plan(&store, OF_FILER).await;
        let step = plan.first().unwrap();
        assert!(plan.iter().all(|step| !step.contains("SCAN")), "{plan:?}");
        let read = "INDEX dossier_by_agent (receiving=? AND agent=?)";
        assert!(step.contains(read), "{step}");
    }
}

//! The statements about joint records of the post.

pub(super) const ADD: &str =
    "INSERT INTO post_record (id, number, unit, agent, made_at) VALUES ($1, $2, $3, $4, $5)";
pub(super) const ADD_LINE: &str = "INSERT INTO post_record_line (dossier, part, record, collected, handed) \
     VALUES ($1, $2, $3, $4, $5)";
pub(super) const HOLD: &str =
    "UPDATE post_record SET made_at = made_at WHERE id = $1 AND signed_at IS NULL";
pub(super) const DROP_LINES: &str = "DELETE FROM post_record_line WHERE record = $1";
pub(super) const DROP: &str = "DELETE FROM post_record WHERE id = $1";
pub(super) const STRIKE: &str = "UPDATE post_record_line SET struck = 1 \
     WHERE record = $1 AND dossier = $2 AND part = $3";
pub(super) const SIGN: &str = "UPDATE post_record SET signed_by = $2, signed_at = $3 \
     WHERE id = $1 AND signed_at IS NULL";
macro_rules! records {
    ($tail:literal) => {
        concat!(
            "SELECT r.id, r.number, r.unit, r.agent, s.name AS agent_name, r.made_at, r.signed_at, \
             c.name AS signer_name FROM post_record r JOIN staff s ON s.id = r.agent \
             LEFT JOIN staff c ON c.id = r.signed_by ",
            $tail
        )
    };
}
pub(super) const ONE: &str = records!("WHERE r.id = $1");
pub(super) const UNSIGNED: &str = records!(
    "WHERE r.unit = $1 AND r.signed_at IS NULL AND ($2 = '' OR r.agent = $2) \
     ORDER BY r.made_at DESC, r.id LIMIT $3"
);
pub(super) const SIGNED: &str = records!(
    "WHERE r.unit = $1 AND r.signed_at IS NOT NULL AND ($2 = '' OR r.agent = $2) \
     ORDER BY r.made_at DESC, r.id LIMIT $3"
);
macro_rules! lines {
    ($what:literal, $from:literal) => {
        concat!(
            "SELECT d.id, d.code, d.procedure_name, d.state, d.submitted_at, \
             COALESCE(f.name, '') AS filer_name, ",
            $what,
            $from
        )
    };
}
pub(super) const LINES: &str = lines!(
    "l.part, l.collected, l.handed, l.struck",
    " FROM post_record_line l JOIN dossier d ON d.id = l.dossier \
     LEFT JOIN staff f ON f.id = d.agent \
     WHERE l.record = $1 ORDER BY d.submitted_at, d.id"
);
/// What agents of the post have in their hands is in an index of its own, apart by who filed it: a
/// statement that is to read it names the three states in these words.
pub(super) const UNHANDED: &str = lines!(
    "CAST(0 AS BIGINT) AS part, CAST(NULL AS BIGINT) AS collected, CAST('[]' AS TEXT) AS handed, \
     CAST(0 AS BIGINT) AS struck",
    " FROM dossier d LEFT JOIN staff f ON f.id = d.agent \
     WHERE d.receiving = $1 AND d.agent = $2 \
     AND d.state IN ('submitted', 'incomplete', 'paused') AND d.state = 'submitted' \
     AND NOT EXISTS (SELECT 1 FROM post_record_line l WHERE l.dossier = d.id) \
     ORDER BY d.submitted_at, d.id LIMIT $3"
);
pub(super) const AWAITING: &str = lines!(
    "CAST(0 AS BIGINT) AS part, CAST(NULL AS BIGINT) AS collected, CAST('[]' AS TEXT) AS handed, \
     CAST(0 AS BIGINT) AS struck",
    " FROM dossier d LEFT JOIN staff f ON f.id = d.agent \
     WHERE d.receiving = $1 AND d.agent = $2 \
     AND d.state IN ('submitted', 'incomplete', 'paused') AND d.state <> 'submitted' \
     AND NOT EXISTS (SELECT 1 FROM post_record_line l JOIN post_record r ON r.id = l.record \
     WHERE l.dossier = d.id AND r.signed_at IS NULL) \
     ORDER BY d.submitted_at, d.id LIMIT $3"
);
pub(super) const FILERS: &str = "SELECT DISTINCT d.agent FROM dossier d \
     WHERE d.agent IS NOT NULL AND d.receiving = $1 \
     AND d.state IN ('submitted', 'incomplete', 'paused') ORDER BY d.agent";
pub(super) const LISTED: &str = "SELECT CAST(1 AS BIGINT) FROM post_record_line l JOIN post_record r ON r.id = l.record \
     WHERE l.dossier = $1 AND r.signed_at IS NULL LIMIT 1";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::search::plan;
    use crate::{Database, Store};

    /// An agent has a handful in her hands, and a centre some records to sign, beside all of the years.
    #[tokio::test]
    async fn what_is_in_agents_hands_and_to_be_signed_is_read_from_indexes_of_its_own() {
        let store = Store::open(&Database::SqliteMemory).await.unwrap();
        store.migrate().await.unwrap();
        for (sql, index) in [
            (UNHANDED, "dossier_with_agents (receiving=? AND agent=?)"),
            (AWAITING, "dossier_with_agents (receiving=? AND agent=?)"),
            (FILERS, "dossier_with_agents (receiving=?"),
            (UNSIGNED, "post_record_unsigned (unit=?)"),
            (SIGNED, "post_record_by_unit (unit=?)"),
        ] {
            let steps = plan(&store, sql).await.join("; ");
            assert!(steps.contains(index), "{index}: {steps}");
        }
    }
}

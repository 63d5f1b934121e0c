//! What the database is told and asked about requests for signatures.

use crate::dialect::Two;

macro_rules! live {
    () => {
        "state IN ('typed', 'asked', 'waiting', 'signed')"
    };
}

macro_rules! columns {
    ($of:literal) => {
        concat!(
            $of,
            "id, ",
            $of,
            "batch, ",
            $of,
            "staff, ",
            $of,
            "certificate, ",
            $of,
            "service, ",
            $of,
            "title, ",
            $of,
            "state, ",
            $of,
            "waiting, ",
            $of,
            "tries, ",
            $of,
            "until, \
             (SELECT COUNT(*) FROM signing_request_item i WHERE i.request = ",
            $of,
            "id) AS documents"
        )
    };
}

pub(super) const ADD: &str = concat!(
    "INSERT INTO signing_request (id, batch, turn, staff, certificate, service, title, state, \
         created_at, next_at, until) \
     SELECT $1, $2, (SELECT COUNT(*) FROM signing_request WHERE batch = $2), $3, $4, $5, $6, $7, \
         $8, $9, $10 \
     WHERE (SELECT COUNT(*) FROM signing_request WHERE staff = $3 AND ",
    live!(),
    ") < $11 AND (SELECT COUNT(*) FROM signing_request WHERE ",
    live!(),
    ") < $12 ON CONFLICT DO NOTHING"
);
pub(super) const ADD_ITEMS: &str =
    "INSERT INTO signing_request_item (request, place, name, asked, unfinished_file) ";
pub(super) const DUE: &str = concat!(
    "SELECT id FROM signing_request WHERE next_at <= $1 AND ",
    live!(),
    " LIMIT 1"
);

macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "UPDATE signing_request SET next_at = $2 WHERE id IN \
             (SELECT r.id FROM signing_request r WHERE r.next_at <= $1 AND r.",
            live!(),
            " AND NOT EXISTS (SELECT 1 FROM signing_request e WHERE e.batch = r.batch \
                 AND e.turn < r.turn AND e.",
            live!(),
            ") ORDER BY r.next_at, r.id LIMIT $3",
            $lock,
            ") RETURNING ",
            columns!("signing_request.")
        )
    };
}

pub(super) const CLAIM: Two = Two {
    sqlite: claim!(""),
    postgres: claim!(" FOR UPDATE SKIP LOCKED"),
};
pub(super) const OF_BATCH: &str = concat!(
    "SELECT ",
    columns!("r."),
    " FROM signing_request r WHERE r.batch = $1 AND r.",
    live!(),
    " ORDER BY r.turn LIMIT 1"
);
pub(super) const ITEMS: &str = "
    SELECT place, name, asked, unfinished_file, piece_file FROM signing_request_item
    WHERE request = $1 ORDER BY place";
pub(super) const PUT_OFF: &str = concat!(
    "UPDATE signing_request SET next_at = $4, tries = $3, waiting = COALESCE($2, waiting), \
         state = CASE WHEN CAST($2 AS TEXT) IS NOT NULL THEN 'waiting' ELSE state END \
     WHERE id = $1 AND ",
    live!()
);
pub(super) const SIGNED: &str = concat!(
    "UPDATE signing_request SET state = 'signed', next_at = $2 WHERE id = $1 AND ",
    live!()
);
pub(super) const KEEP_PIECE: &str = "
    UPDATE signing_request_item SET piece_file = $3 WHERE request = $1 AND place = $2";
pub(super) const END_REQUEST: &str = concat!(
    "UPDATE signing_request SET state = $2, reason = $3 WHERE id = $1 AND ",
    live!()
);
pub(super) const END_LATER: &str = "
    UPDATE signing_request SET state = 'failed', reason = $2
    WHERE state = 'asked' AND id <> $1
        AND batch = (SELECT batch FROM signing_request WHERE id = $1)";
pub(super) const FAIL_ITEMS: &str = "
    UPDATE signing_item SET state = 'failed', reason = $2, done_at = $3
    WHERE state IN ('waiting', 'failed')
        AND batch = (SELECT batch FROM signing_request WHERE id = $1)
        AND place IN (SELECT place FROM signing_request_item WHERE request = $1)";
pub(super) const TELL: &str = "
    UPDATE signing_batch SET told = $2
    WHERE id = (SELECT batch FROM signing_request WHERE id = $1)";
/// Of this request, and of those that ended with it.
pub(super) const FORGET: &str = "
    UPDATE signing_request_item SET unfinished_file = NULL, piece_file = NULL
    WHERE request IN (SELECT id FROM signing_request
        WHERE batch = (SELECT batch FROM signing_request WHERE id = $1)
            AND state IN ('done', 'rejected', 'expired', 'failed'))
        AND (unfinished_file IS NOT NULL OR piece_file IS NOT NULL)";

-- Keys that seal for agencies, by where they are: what came of the PIN that is configured for each, so
-- that none is tried twice that was wrong once. `pin` is a keyed hash of it. `state` is `trying` until
-- `until` at the latest, `untried`, `good`, `wrong`, `locked`, `last_try`, `counted` (the token counts a
-- wrong PIN that was not ours), `missing` or `ordered` (a person has one more try made). `wrong` counts the PINs
-- that were wrong since the last good one. Times are epoch milliseconds.
CREATE TABLE seal_key (
    place TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    unit TEXT COLLATE "C" NOT NULL,
    pin TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    wrong BIGINT NOT NULL DEFAULT 0,
    at BIGINT NOT NULL,
    until BIGINT
);

-- Results that wait for such a key.
CREATE TABLE seal_wait (
    dossier TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    place TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    since BIGINT NOT NULL
);
CREATE INDEX seal_wait_by_place ON seal_wait (place, since, dossier);

-- Whether something refers to a file is asked by file.
CREATE INDEX slip_by_file ON slip (file);
CREATE INDEX register_volume_by_file ON register_volume (file);

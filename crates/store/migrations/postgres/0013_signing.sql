-- Documents that somebody signs with one unlocking of the key. Times are epoch milliseconds. `holder`
-- is the run that signs now; it has the turn until `held_until`, which it puts off while it lives.
-- `told` says why the last run stopped early; empty when it did not.
CREATE TABLE signing_batch (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    staff TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
    created_at BIGINT NOT NULL,
    certificate TEXT COLLATE "C" REFERENCES certificate (id),
    holder TEXT COLLATE "C",
    held_until BIGINT,
    told TEXT COLLATE "C" NOT NULL DEFAULT ''
);
CREATE INDEX signing_batch_by_staff ON signing_batch (staff, created_at, id);

-- A document of a batch: `document` is the SHA-256 of what is read, and `version` that of the dossier
-- it is made of. `reason` says why it was not signed, by keys of messages: it names nobody.
CREATE TABLE signing_item (
    batch TEXT COLLATE "C" NOT NULL REFERENCES signing_batch (id),
    place BIGINT NOT NULL,
    dossier TEXT COLLATE "C" NOT NULL,
    version BIGINT,
    document TEXT COLLATE "C",
    seen_at BIGINT,
    state TEXT COLLATE "C" NOT NULL,
    reason TEXT COLLATE "C" NOT NULL DEFAULT '',
    done_at BIGINT,
    PRIMARY KEY (batch, place)
);
CREATE UNIQUE INDEX signing_item_once ON signing_item (batch, dossier);
CREATE INDEX signing_item_open ON signing_item (dossier) WHERE state IN ('waiting', 'failed');

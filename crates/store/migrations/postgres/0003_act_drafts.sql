-- What somebody has typed for an act on a dossier. Times are epoch milliseconds.

CREATE TABLE act_draft (
    dossier TEXT COLLATE "C" NOT NULL,
    command TEXT COLLATE "C" NOT NULL,
    staff TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (dossier, command, staff)
);
CREATE INDEX act_draft_by_time ON act_draft (updated_at);

-- At which counter somebody sits was never asked.
ALTER TABLE session DROP COLUMN counter;
ALTER TABLE draft DROP COLUMN counter;

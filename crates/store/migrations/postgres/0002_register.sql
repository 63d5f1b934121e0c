-- The register: what is published, who works where, and the records that events only point to.
-- Dates are ISO text, times epoch milliseconds, booleans 0 or 1.
-- Folded names sort by bytes here as they do on SQLite.

CREATE TABLE procedure (
    code TEXT NOT NULL,
    version BIGINT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    name TEXT NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    search TEXT NOT NULL,
    field TEXT NOT NULL,
    commune BIGINT NOT NULL,
    province BIGINT NOT NULL,
    channels TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    source TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (code, version)
);

CREATE TABLE process (
    procedure TEXT NOT NULL,
    version BIGINT NOT NULL,
    valid_from TEXT NOT NULL,
    body TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (procedure, version)
);

CREATE TABLE import_run (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    file_hash TEXT NOT NULL,
    report TEXT NOT NULL
);
CREATE INDEX import_run_by_time ON import_run (at, id);

CREATE TABLE unit (
    id TEXT NOT NULL PRIMARY KEY,
    parent TEXT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    area_code TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    successor TEXT
);
CREATE INDEX unit_by_parent ON unit (parent, name_folded);

CREATE TABLE reception_point (
    id TEXT NOT NULL PRIMARY KEY,
    unit TEXT NOT NULL REFERENCES unit (id),
    name TEXT NOT NULL
);
CREATE INDEX reception_point_by_unit ON reception_point (unit);

CREATE TABLE counter (
    id TEXT NOT NULL PRIMARY KEY,
    point TEXT NOT NULL REFERENCES reception_point (id),
    name TEXT NOT NULL
);
CREATE INDEX counter_by_point ON counter (point);

CREATE TABLE staff (
    id TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL
);

CREATE TABLE post (
    staff TEXT NOT NULL REFERENCES staff (id),
    unit TEXT NOT NULL REFERENCES unit (id),
    role TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    counter TEXT REFERENCES counter (id),
    PRIMARY KEY (staff, unit, role, valid_from)
);
CREATE INDEX post_by_unit ON post (unit, role);

CREATE TABLE account (
    login TEXT NOT NULL PRIMARY KEY,
    staff TEXT NOT NULL UNIQUE REFERENCES staff (id),
    password_hash TEXT NOT NULL,
    totp_sealed BYTEA,
    failures BIGINT NOT NULL DEFAULT 0,
    locked_until BIGINT,
    last_totp_step BIGINT
);

CREATE TABLE session (
    token_hash TEXT NOT NULL PRIMARY KEY,
    staff TEXT NOT NULL REFERENCES staff (id),
    csrf TEXT NOT NULL,
    language TEXT NOT NULL,
    counter TEXT,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_by_staff ON session (staff);
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE draft (
    id TEXT NOT NULL PRIMARY KEY,
    staff TEXT NOT NULL,
    unit TEXT NOT NULL,
    counter TEXT,
    -- What a list shows of it.
    label BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX draft_by_staff ON draft (staff, updated_at);
CREATE INDEX draft_by_unit ON draft (unit, updated_at);

CREATE TABLE party (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    number_hash TEXT,
    phone_hash TEXT,
    updated_at BIGINT NOT NULL,
    erased BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX party_by_number ON party (number_hash) WHERE number_hash IS NOT NULL;
CREATE INDEX party_by_phone ON party (phone_hash) WHERE phone_hash IS NOT NULL;

CREATE TABLE dossier_text (
    id TEXT NOT NULL PRIMARY KEY,
    dossier TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX dossier_text_by_dossier ON dossier_text (dossier);

CREATE TABLE slip (
    dossier TEXT COLLATE "C" NOT NULL,
    form TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    message BIGINT NOT NULL UNIQUE,
    file TEXT NOT NULL,
    issued_at BIGINT NOT NULL,
    PRIMARY KEY (dossier, form, ordinal)
);

CREATE TABLE slip_print (
    dossier TEXT COLLATE "C" NOT NULL,
    form TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    copy BIGINT NOT NULL,
    staff TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (dossier, form, ordinal, copy),
    FOREIGN KEY (dossier, form, ordinal) REFERENCES slip (dossier, form, ordinal)
);

CREATE TABLE setting (
    key TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    value TEXT NOT NULL,
    basis TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (key, valid_from)
);

CREATE TABLE calendar (
    version TEXT NOT NULL PRIMARY KEY,
    body TEXT NOT NULL,
    published_at BIGINT NOT NULL
);

-- Words of notices, as the province edits them; the newest version is in force.
CREATE TABLE notice_template (
    kind TEXT NOT NULL,
    channel TEXT NOT NULL,
    language TEXT NOT NULL,
    version BIGINT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    staff TEXT NOT NULL,
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (kind, channel, language, version)
);

CREATE TABLE notice_switch (
    kind TEXT NOT NULL PRIMARY KEY,
    is_off BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- One row for each notice and channel. The address is not here: it is in the party's record.
CREATE TABLE delivery (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message BIGINT NOT NULL,
    channel TEXT NOT NULL,
    code TEXT NOT NULL UNIQUE,
    dossier TEXT NOT NULL,
    dossier_code TEXT NOT NULL,
    unit TEXT NOT NULL,
    party TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_try BIGINT,
    reason TEXT NOT NULL,
    provider TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    UNIQUE (message, channel)
);
CREATE INDEX delivery_by_time ON delivery (next_try, id) WHERE next_try IS NOT NULL;
CREATE INDEX delivery_by_dossier ON delivery (dossier, id);
CREATE INDEX delivery_by_unit ON delivery (unit, id);

-- The register: what is published, who works where, and the records that events only point to.
-- Dates are ISO text, times epoch milliseconds, booleans 0 or 1.

CREATE TABLE procedure (
    code TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    valid_from TEXT COLLATE "C" NOT NULL,
    valid_to TEXT COLLATE "C",
    name TEXT COLLATE "C" NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    search TEXT COLLATE "C" NOT NULL,
    field TEXT COLLATE "C" NOT NULL,
    commune BIGINT NOT NULL,
    province BIGINT NOT NULL,
    channels TEXT COLLATE "C" NOT NULL,
    content_hash TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    published_at BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (code, version)
);

CREATE TABLE process (
    procedure TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    valid_from TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    published_at BIGINT NOT NULL,
    PRIMARY KEY (procedure, version)
);

CREATE TABLE import_run (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    file_hash TEXT COLLATE "C" NOT NULL,
    report TEXT COLLATE "C" NOT NULL
);
CREATE INDEX import_run_by_time ON import_run (at, id);

CREATE TABLE unit (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    parent TEXT COLLATE "C",
    kind TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    area_code TEXT COLLATE "C" NOT NULL,
    valid_from TEXT COLLATE "C" NOT NULL,
    valid_to TEXT COLLATE "C",
    successor TEXT COLLATE "C"
);
CREATE INDEX unit_by_parent ON unit (parent, name_folded);

CREATE TABLE reception_point (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    unit TEXT COLLATE "C" NOT NULL REFERENCES unit (id),
    name TEXT COLLATE "C" NOT NULL
);
CREATE INDEX reception_point_by_unit ON reception_point (unit);

CREATE TABLE counter (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    point TEXT COLLATE "C" NOT NULL REFERENCES reception_point (id),
    name TEXT COLLATE "C" NOT NULL
);
CREATE INDEX counter_by_point ON counter (point);

CREATE TABLE staff (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name TEXT COLLATE "C" NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL
);

CREATE TABLE post (
    staff TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
    unit TEXT COLLATE "C" NOT NULL REFERENCES unit (id),
    role TEXT COLLATE "C" NOT NULL,
    valid_from TEXT COLLATE "C" NOT NULL,
    valid_to TEXT COLLATE "C",
    counter TEXT COLLATE "C" REFERENCES counter (id),
    PRIMARY KEY (staff, unit, role, valid_from)
);
CREATE INDEX post_by_unit ON post (unit, role);

CREATE TABLE account (
    login TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    staff TEXT COLLATE "C" NOT NULL UNIQUE REFERENCES staff (id),
    password_hash TEXT COLLATE "C" NOT NULL,
    totp_sealed BYTEA,
    failures BIGINT NOT NULL DEFAULT 0,
    locked_until BIGINT,
    last_totp_step BIGINT
);

CREATE TABLE session (
    token_hash TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    staff TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
    csrf TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    counter TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_by_staff ON session (staff);
CREATE INDEX session_by_expiry ON session (expires_at);

CREATE TABLE draft (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    staff TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    counter TEXT COLLATE "C",
    -- What a list shows of it.
    label BYTEA NOT NULL,
    sealed BYTEA NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX draft_by_staff ON draft (staff, updated_at);
CREATE INDEX draft_by_unit ON draft (unit, updated_at);

CREATE TABLE party (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    kind TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    name_folded TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    number_hash TEXT COLLATE "C",
    phone_hash TEXT COLLATE "C",
    updated_at BIGINT NOT NULL,
    erased BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX party_by_number ON party (number_hash) WHERE number_hash IS NOT NULL;
CREATE INDEX party_by_phone ON party (phone_hash) WHERE phone_hash IS NOT NULL;

CREATE TABLE dossier_text (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    dossier TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX dossier_text_by_dossier ON dossier_text (dossier);

CREATE TABLE slip (
    dossier TEXT COLLATE "C" NOT NULL,
    form TEXT COLLATE "C" NOT NULL,
    ordinal BIGINT NOT NULL,
    message BIGINT NOT NULL UNIQUE,
    file TEXT COLLATE "C" NOT NULL,
    issued_at BIGINT NOT NULL,
    PRIMARY KEY (dossier, form, ordinal)
);

CREATE TABLE slip_print (
    dossier TEXT COLLATE "C" NOT NULL,
    form TEXT COLLATE "C" NOT NULL,
    ordinal BIGINT NOT NULL,
    copy BIGINT NOT NULL,
    staff TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (dossier, form, ordinal, copy),
    FOREIGN KEY (dossier, form, ordinal) REFERENCES slip (dossier, form, ordinal)
);

CREATE TABLE setting (
    key TEXT COLLATE "C" NOT NULL,
    valid_from TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    basis TEXT COLLATE "C" NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (key, valid_from)
);

CREATE TABLE calendar (
    version TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    body TEXT COLLATE "C" NOT NULL,
    published_at BIGINT NOT NULL
);

-- Words of notices, as the province edits them; the newest version is in force.
CREATE TABLE notice_template (
    kind TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    language TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    staff TEXT COLLATE "C" NOT NULL,
    saved_at BIGINT NOT NULL,
    PRIMARY KEY (kind, channel, language, version)
);

CREATE TABLE notice_switch (
    kind TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    is_off BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- One row for each notice and channel. The address is not here: it is in the party's record.
CREATE TABLE delivery (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    message BIGINT NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C" NOT NULL UNIQUE,
    dossier TEXT COLLATE "C" NOT NULL,
    dossier_code TEXT COLLATE "C" NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    party TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    next_try BIGINT,
    reason TEXT COLLATE "C" NOT NULL,
    provider TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    UNIQUE (message, channel)
);
CREATE INDEX delivery_by_time ON delivery (next_try, id) WHERE next_try IS NOT NULL;
CREATE INDEX delivery_by_dossier ON delivery (dossier, id);
CREATE INDEX delivery_by_unit ON delivery (unit, id);

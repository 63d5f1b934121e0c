-- The log of events and everything that is derived from it or committed with it.
-- Times are epoch milliseconds, booleans 0 or 1, JSON is text. Here and in every migration text sorts by
-- bytes, as on SQLite, whatever the database's own collation is: ranges of keys agree on both engines,
-- and an index serves every comparison.

CREATE TABLE event (
    -- The transaction that wrote the row: readers by position stop below the oldest one running.
    xact BIGINT NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
    position BIGINT GENERATED ALWAYS AS IDENTITY,
    stream TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    once_key TEXT COLLATE "C",
    once_last BIGINT,
    PRIMARY KEY (stream, version)
);
CREATE UNIQUE INDEX event_by_position ON event (xact, position);
CREATE UNIQUE INDEX event_by_once_key ON event (once_key) WHERE once_key IS NOT NULL;

CREATE TABLE number_sequence (
    name TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
) WITH (fillfactor = 50);

CREATE TABLE dossier (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    code TEXT COLLATE "C",
    code_order TEXT COLLATE "C",
    state TEXT COLLATE "C" NOT NULL,
    status BIGINT NOT NULL,
    procedure_code TEXT COLLATE "C" NOT NULL,
    procedure_version BIGINT NOT NULL,
    process_version BIGINT NOT NULL,
    procedure_name TEXT COLLATE "C" NOT NULL,
    field TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    receiving TEXT COLLATE "C" NOT NULL,
    competent TEXT COLLATE "C" NOT NULL,
    agent TEXT COLLATE "C",
    applicant TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    owner_name TEXT COLLATE "C" NOT NULL,
    owner_folded TEXT COLLATE "C" NOT NULL,
    step BIGINT,
    step_name TEXT COLLATE "C" NOT NULL,
    step_name_en TEXT COLLATE "C" NOT NULL,
    submitted_at BIGINT NOT NULL,
    received_at BIGINT,
    due_at BIGINT,
    legal_due_at BIGINT,
    settled_at BIGINT,
    closed_at BIGINT
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX dossier_by_code ON dossier (code) WHERE code IS NOT NULL;
-- Every day of every centre has a dossier with the order 0001: each search for one reads the newest
-- few from an index.
CREATE INDEX dossier_by_order ON dossier (code_order, received_at DESC, id)
    WHERE code_order IS NOT NULL;
CREATE INDEX dossier_by_order_received ON dossier (code_order, receiving, received_at DESC, id)
    WHERE code_order IS NOT NULL;
CREATE INDEX dossier_by_order_decided ON dossier (code_order, competent, received_at DESC, id)
    WHERE code_order IS NOT NULL;
CREATE INDEX dossier_by_owner ON dossier (owner, submitted_at DESC, id);
CREATE INDEX dossier_by_applicant ON dossier (applicant, submitted_at DESC, id);
CREATE INDEX dossier_by_owner_name ON dossier (owner_folded, id);
CREATE INDEX dossier_by_receiving ON dossier (receiving, owner_folded, id);
CREATE INDEX dossier_by_competent ON dossier (competent, owner_folded, id);

-- One row for each dossier that somebody has to work on.
CREATE TABLE work_item (
    dossier TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    unit TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    holder TEXT COLLATE "C",
    clock BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    step BIGINT,
    step_name TEXT COLLATE "C" NOT NULL,
    step_name_en TEXT COLLATE "C" NOT NULL,
    due_at BIGINT NOT NULL,
    step_due_at BIGINT NOT NULL,
    code TEXT COLLATE "C",
    procedure_name TEXT COLLATE "C" NOT NULL,
    owner_name TEXT COLLATE "C" NOT NULL,
    channel TEXT COLLATE "C" NOT NULL,
    came_at BIGINT NOT NULL,
    note TEXT COLLATE "C" NOT NULL
) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
CREATE INDEX work_item_by_unit ON work_item (unit, due_at, dossier, clock, role);
CREATE INDEX work_item_by_holder ON work_item (holder, due_at, dossier, clock)
    WHERE holder IS NOT NULL;

CREATE TABLE outbox (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dossier TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    available_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    error TEXT COLLATE "C",
    buried BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX outbox_by_time ON outbox (available_at, id) WHERE buried = 0;

CREATE TABLE audit (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    purpose TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL
);
CREATE INDEX audit_by_subject ON audit (subject, position);

-- Sealed stretches of the audit log; each block holds the hash of the one before.
CREATE TABLE audit_block (
    number BIGINT NOT NULL PRIMARY KEY,
    first_position BIGINT NOT NULL,
    last_position BIGINT NOT NULL,
    lines BIGINT NOT NULL,
    previous TEXT COLLATE "C" NOT NULL,
    hash TEXT COLLATE "C" NOT NULL,
    sealed_at BIGINT NOT NULL
);

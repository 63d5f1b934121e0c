-- The log of events and everything that is derived from it or committed with it.
-- Times are epoch milliseconds, booleans 0 or 1, JSON is text.

CREATE TABLE event (
    -- Always 0 here: with one writer, positions are in the order of commits.
    xact BIGINT NOT NULL DEFAULT 0,
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    stream TEXT NOT NULL,
    version BIGINT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,
    hash TEXT NOT NULL,
    once_key TEXT,
    once_last BIGINT,
    UNIQUE (stream, version)
);
CREATE UNIQUE INDEX event_by_once_key ON event (once_key) WHERE once_key IS NOT NULL;

CREATE TABLE number_sequence (
    name TEXT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);

CREATE TABLE dossier (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    code TEXT,
    code_order TEXT,
    state TEXT NOT NULL,
    status BIGINT NOT NULL,
    procedure_code TEXT NOT NULL,
    procedure_version BIGINT NOT NULL,
    process_version BIGINT NOT NULL,
    procedure_name TEXT NOT NULL,
    field TEXT NOT NULL,
    channel TEXT NOT NULL,
    receiving TEXT NOT NULL,
    competent TEXT NOT NULL,
    agent TEXT,
    applicant TEXT NOT NULL,
    owner TEXT NOT NULL,
    owner_name TEXT NOT NULL,
    owner_folded TEXT NOT NULL,
    step BIGINT,
    step_name TEXT NOT NULL,
    step_name_en TEXT NOT NULL,
    submitted_at BIGINT NOT NULL,
    received_at BIGINT,
    due_at BIGINT,
    legal_due_at BIGINT,
    settled_at BIGINT,
    closed_at BIGINT
);
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
    dossier TEXT NOT NULL PRIMARY KEY,
    unit TEXT NOT NULL,
    role TEXT NOT NULL,
    holder TEXT,
    clock BIGINT NOT NULL,
    state TEXT NOT NULL,
    step BIGINT,
    step_name TEXT NOT NULL,
    step_name_en TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    step_due_at BIGINT NOT NULL,
    code TEXT,
    procedure_name TEXT NOT NULL,
    owner_name TEXT NOT NULL,
    channel TEXT NOT NULL,
    came_at BIGINT NOT NULL,
    note TEXT NOT NULL
);
CREATE INDEX work_item_by_unit ON work_item (unit, due_at, dossier, clock, role);
CREATE INDEX work_item_by_holder ON work_item (holder, due_at, dossier, clock)
    WHERE holder IS NOT NULL;

CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dossier TEXT NOT NULL,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    available_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    error TEXT,
    buried BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX outbox_by_time ON outbox (available_at, id) WHERE buried = 0;

CREATE TABLE audit (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    purpose TEXT NOT NULL,
    detail TEXT NOT NULL
);
CREATE INDEX audit_by_subject ON audit (subject, position);

-- Sealed stretches of the audit log; each block holds the hash of the one before.
CREATE TABLE audit_block (
    number BIGINT NOT NULL PRIMARY KEY,
    first_position BIGINT NOT NULL,
    last_position BIGINT NOT NULL,
    lines BIGINT NOT NULL,
    previous TEXT NOT NULL,
    hash TEXT NOT NULL,
    sealed_at BIGINT NOT NULL
);

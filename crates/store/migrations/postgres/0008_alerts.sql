-- Warnings and escalations of open work, and the mails in which staff read of them. Times are epoch
-- milliseconds.

-- When a dossier's work is looked at next: below zero after each move, which is at once; otherwise
-- when its next threshold is reached.
ALTER TABLE work_item ADD COLUMN look_at BIGINT NOT NULL DEFAULT 0;
CREATE INDEX work_item_by_look ON work_item (look_at, dossier);

-- By which calendar, hours and parameters the next looks were counted.
CREATE TABLE look_basis (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    basis TEXT COLLATE "C" NOT NULL
);

-- A threshold that was reached. Each is reached once for a clock since it began; an alert is open
-- until its step ends or a higher warning takes its place.
CREATE TABLE alert (
    dossier TEXT COLLATE "C" NOT NULL,
    watch TEXT COLLATE "C" NOT NULL,
    began_at BIGINT NOT NULL,
    level TEXT COLLATE "C" NOT NULL,
    warning TEXT COLLATE "C" NOT NULL,
    step BIGINT,
    unit TEXT COLLATE "C" NOT NULL,
    receiving TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    cleared_at BIGINT,
    PRIMARY KEY (dossier, watch, began_at, level, warning)
);
CREATE INDEX alert_by_dossier ON alert (dossier, level) WHERE cleared_at IS NULL;
CREATE INDEX alert_by_unit ON alert (unit, level) WHERE cleared_at IS NULL;
CREATE INDEX alert_by_receiving ON alert (receiving, level) WHERE cleared_at IS NULL;

-- An address at work, where somebody has one.
ALTER TABLE staff ADD COLUMN email TEXT COLLATE "C";

-- Hours at which digests were made.
CREATE TABLE digest_hour (
    hour BIGINT NOT NULL PRIMARY KEY,
    made_at BIGINT NOT NULL
);

-- What somebody is told at such an hour, from waiting to sent, refused or given up.
CREATE TABLE digest (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    hour BIGINT NOT NULL,
    staff TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
    code TEXT COLLATE "C" NOT NULL UNIQUE,
    subject TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL,
    next_try BIGINT,
    reason TEXT COLLATE "C" NOT NULL,
    provider TEXT COLLATE "C" NOT NULL,
    ended_at BIGINT,
    UNIQUE (hour, staff)
);
CREATE INDEX digest_by_time ON digest (next_try, id) WHERE next_try IS NOT NULL;

-- The register of certificates: whose, in which post, from when to when, where the key lies. Times
-- are epoch milliseconds. A row without a holder is the agency's own: its seal. A row is ended, never
-- removed: what was signed stays explained. The certificate itself names identity numbers and is
-- sealed, with what a signing service knows its holder by.
CREATE TABLE certificate (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    unit TEXT COLLATE "C" NOT NULL REFERENCES unit (id),
    staff TEXT COLLATE "C" REFERENCES staff (id),
    role TEXT COLLATE "C",
    name TEXT COLLATE "C" NOT NULL,
    subject TEXT COLLATE "C" NOT NULL,
    issuer TEXT COLLATE "C" NOT NULL,
    serial TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    algorithm TEXT COLLATE "C" NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT NOT NULL,
    key_at TEXT COLLATE "C" NOT NULL,
    sealed BYTEA NOT NULL,
    registered_by TEXT COLLATE "C" NOT NULL,
    registered_at BIGINT NOT NULL,
    ended_from BIGINT,
    ended_why TEXT COLLATE "C"
);
CREATE INDEX certificate_by_unit ON certificate (unit, valid_to, id);
CREATE INDEX certificate_by_staff ON certificate (staff, valid_to, id);
-- One is registered once for a post until it is ended.
CREATE UNIQUE INDEX certificate_in_use
    ON certificate (fingerprint, unit, COALESCE(staff, ''), COALESCE(role, ''))
    WHERE ended_from IS NULL;

-- What follows from a dossier beside its steps. Times are epoch milliseconds.

-- Drafts of requests to supplement: the leader of the agency approves them (approved 0), and the
-- centre sends them then (approved 1).
CREATE TABLE request_item (
    dossier TEXT COLLATE "C" PRIMARY KEY,
    receiving TEXT COLLATE "C" NOT NULL,
    competent TEXT COLLATE "C" NOT NULL,
    drafted_by TEXT COLLATE "C" NOT NULL,
    drafted_at BIGINT NOT NULL,
    approved BIGINT NOT NULL
);
CREATE INDEX request_item_by_receiving ON request_item (receiving, approved, dossier);
CREATE INDEX request_item_by_competent ON request_item (competent, approved, dossier);

-- Lookups in databases that failed or gave wrong data, by the event that says so and their order in
-- it; month is year and month, as 202611.
CREATE TABLE lookup_item (
    dossier TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    number BIGINT NOT NULL,
    month BIGINT NOT NULL,
    unit TEXT COLLATE "C" NOT NULL,
    competent TEXT COLLATE "C" NOT NULL,
    clerk TEXT COLLATE "C" NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    found TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (dossier, version, number)
);
CREATE INDEX lookup_item_by_month ON lookup_item (month, unit, source, found);

-- Requests that were sent and wait for the applicant's answer, until when.
CREATE TABLE answer_item (
    dossier TEXT COLLATE "C" PRIMARY KEY,
    receiving TEXT COLLATE "C" NOT NULL,
    competent TEXT COLLATE "C" NOT NULL,
    answer_by BIGINT NOT NULL
);
CREATE INDEX answer_item_by_receiving ON answer_item (receiving, answer_by, dossier);
CREATE INDEX answer_item_by_competent ON answer_item (competent, answer_by, dossier);

-- A batch of moves to other versions is ordered once and taken back once, and one thing comes of each
-- of its dossiers; its audit lines say so.
CREATE UNIQUE INDEX audit_once ON audit (subject, action)
    WHERE action IN ('repin.ordered', 'repin.undone', 'repin.told');

-- Figures by unit: late by the time published first, unlawful by the legal one promised first;
-- corrections of what was issued in error are counted beside. Each unit's dossiers of a time are read
-- from an index that has all that is counted, never from the table: the province looks at all units.
ALTER TABLE dossier ADD COLUMN first_due_at BIGINT;
ALTER TABLE dossier ADD COLUMN first_legal_at BIGINT;
ALTER TABLE dossier ADD COLUMN corrects BIGINT NOT NULL DEFAULT 0;
CREATE INDEX dossier_by_reception ON dossier (receiving, received_at, competent, corrects)
    WHERE received_at IS NOT NULL;
CREATE INDEX dossier_by_settlement ON dossier (competent, settled_at, receiving, corrects,
        first_due_at, first_legal_at)
    WHERE settled_at IS NOT NULL;
CREATE INDEX dossier_by_end ON dossier (competent, closed_at, receiving, corrects, received_at,
        settled_at)
    WHERE received_at IS NOT NULL AND settled_at IS NULL AND closed_at IS NOT NULL;

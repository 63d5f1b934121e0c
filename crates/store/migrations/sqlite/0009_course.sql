-- What follows from a dossier beside its steps. Times are epoch milliseconds.

-- Drafts of requests to supplement that wait for somebody else to review and send them.
CREATE TABLE request_item (
    dossier TEXT PRIMARY KEY,
    receiving TEXT NOT NULL,
    competent TEXT NOT NULL,
    drafted_by TEXT NOT NULL,
    drafted_at BIGINT NOT NULL
);
CREATE INDEX request_item_by_receiving ON request_item (receiving, drafted_at, dossier);
CREATE INDEX request_item_by_competent ON request_item (competent, drafted_at, dossier);

-- Lookups in databases that failed or gave wrong data, by the event that says so and their order in
-- it; month is year and month, as 202611.
CREATE TABLE lookup_item (
    dossier TEXT NOT NULL,
    version BIGINT NOT NULL,
    number BIGINT NOT NULL,
    month BIGINT NOT NULL,
    unit TEXT NOT NULL,
    source TEXT NOT NULL,
    found TEXT NOT NULL,
    PRIMARY KEY (dossier, version, number)
);
CREATE INDEX lookup_item_by_month ON lookup_item (month, unit, source, found);

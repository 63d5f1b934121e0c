-- What the store of a person or organisation answers without reading a dossier: the sealed document of
-- each result, and the last day on which it is valid (`9999-12-31` where it has no end, null where nothing
-- says so). Documents are found by what they came of. The rows are filled from the log.
ALTER TABLE result_document ADD COLUMN official_file TEXT COLLATE "C";
ALTER TABLE result_document ADD COLUMN valid_until TEXT COLLATE "C";
CREATE INDEX result_document_by_kind
    ON result_document (owner, procedure_code, procedure_version, issued_at, dossier);
CREATE INDEX result_document_by_file ON result_document (official_file);
INSERT INTO to_fill (name) VALUES ('result_document') ON CONFLICT DO NOTHING;

-- Who looked into whose store, once for each intake: what is logged once, and counted by the hour. Times
-- are epoch milliseconds.
CREATE TABLE store_look (
    intake TEXT COLLATE "C" NOT NULL,
    owner TEXT COLLATE "C" NOT NULL,
    staff TEXT COLLATE "C" NOT NULL,
    looked_at BIGINT NOT NULL,
    PRIMARY KEY (intake, owner, staff)
);
CREATE INDEX store_look_by_staff ON store_look (staff, looked_at);

-- Whether a person signed what was issued, and whether its original on paper was scanned and compared:
-- what nobody signed leaves the list of results without a seal another way. Lists and figures are read
-- by agency and by centre, whatever else waits in the province.
ALTER TABLE result_document ADD COLUMN signed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE result_document ADD COLUMN digitised BIGINT NOT NULL DEFAULT 0;
DROP INDEX result_document_unsealed;
CREATE INDEX result_document_unsealed ON result_document (competent, issued_at, dossier)
    WHERE state = 'unsealed';
CREATE INDEX result_document_returned ON result_document (receiving, issued_at, dossier)
    WHERE state = 'unsealed';

-- Derived tables that a migration made or changed and that are to be filled from the log: by the end of
-- the migration, or by the next one when that was cut off.
CREATE TABLE to_fill (name TEXT NOT NULL PRIMARY KEY);
INSERT INTO to_fill (name) VALUES ('result_document');

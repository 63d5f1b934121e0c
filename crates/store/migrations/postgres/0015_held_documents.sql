-- Results that were issued: the store of documents of a person or organisation, and what is not sealed
-- yet. `state` is `unsealed`, `valid`, `withdrawn` or `replaced`; a refusal is there until it is sealed.
-- `superseded_by` is the dossier that took it back. Times are epoch milliseconds.
CREATE TABLE result_document (
    dossier TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    owner TEXT COLLATE "C" NOT NULL,
    receiving TEXT COLLATE "C" NOT NULL,
    competent TEXT COLLATE "C" NOT NULL,
    procedure_code TEXT COLLATE "C" NOT NULL,
    procedure_version BIGINT NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    issued_at BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    superseded_by TEXT COLLATE "C"
);
CREATE INDEX result_document_by_owner ON result_document (owner, issued_at, dossier);
CREATE INDEX result_document_unsealed ON result_document (issued_at, dossier) WHERE state = 'unsealed';

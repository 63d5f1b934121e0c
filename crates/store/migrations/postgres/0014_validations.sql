-- What was found of the signatures of a file. Times are epoch milliseconds. Signers have names, so it
-- is sealed.
CREATE TABLE validation (
    file TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    sealed BYTEA NOT NULL,
    at BIGINT NOT NULL
);

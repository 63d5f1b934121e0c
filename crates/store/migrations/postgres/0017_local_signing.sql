-- Documents given out to be signed with a token at the signer's own desk. The words in the addresses
-- are kept as SHA-256 alone: `download` gives the document, `upload` takes the signed one back, as long
-- as `session` is open and not after `until`. `once` is the one-time key of the approval; `reason` says
-- why a document was not taken, by the key of a message. Times are epoch milliseconds.
CREATE TABLE local_signing (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    download TEXT COLLATE "C" NOT NULL,
    upload TEXT COLLATE "C" NOT NULL,
    session TEXT COLLATE "C" NOT NULL,
    staff TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
    dossier TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    document TEXT COLLATE "C" NOT NULL,
    certificate TEXT COLLATE "C" NOT NULL REFERENCES certificate (id),
    once TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    until BIGINT NOT NULL,
    downloads BIGINT NOT NULL DEFAULT 0,
    state TEXT COLLATE "C" NOT NULL DEFAULT 'open',
    reason TEXT COLLATE "C" NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX local_signing_by_download ON local_signing (download);
CREATE UNIQUE INDEX local_signing_by_upload ON local_signing (upload);
CREATE INDEX local_signing_over ON local_signing (until);

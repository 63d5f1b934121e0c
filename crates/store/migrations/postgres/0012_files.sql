-- Files that were removed under a retention rule: what remains of each. `deleted_at` is empty while the
-- removal is under way. Times are epoch milliseconds.
CREATE TABLE file_deletion (
    file TEXT COLLATE "C" NOT NULL,
    object TEXT COLLATE "C" NOT NULL,
    bytes BIGINT NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    rule TEXT COLLATE "C" NOT NULL,
    decided_by TEXT COLLATE "C" NOT NULL,
    decided_at BIGINT NOT NULL,
    deleted_at BIGINT,
    PRIMARY KEY (file, decided_at)
);
CREATE INDEX file_deletion_under_way ON file_deletion (file) WHERE deleted_at IS NULL;

-- Who rewrites or removes stored files now: one at a time.
CREATE TABLE file_turn (
    id BIGINT NOT NULL PRIMARY KEY,
    holder TEXT COLLATE "C" NOT NULL,
    until BIGINT NOT NULL
);

-- One row for each task of another agency whose turn it is or whose answer nobody of the sender has
-- acknowledged. Times are epoch milliseconds, booleans 0 or 1. `ends` says that the program acts once
-- the time is over: silence is consent, or another agency waits behind an opinion.

CREATE TABLE task_item (
    dossier TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    agency TEXT COLLATE "C" NOT NULL,
    sender TEXT COLLATE "C" NOT NULL,
    receiving TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    consents BIGINT NOT NULL,
    ends BIGINT NOT NULL,
    holder TEXT COLLATE "C",
    opened_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    ended_at BIGINT,
    PRIMARY KEY (dossier, number)
);
-- What an agency has to do, what a sender waits for, what a centre has late, what time ends.
CREATE INDEX task_item_by_agency ON task_item (agency, due_at, dossier, number)
    WHERE ended_at IS NULL;
CREATE INDEX task_item_by_sender ON task_item (sender, due_at, dossier, number);
CREATE INDEX task_item_by_receiving ON task_item (receiving, due_at, dossier, number)
    WHERE ended_at IS NULL;
CREATE INDEX task_item_by_time ON task_item (due_at, dossier, number)
    WHERE ended_at IS NULL AND ends = 1;

-- Documents of a batch that a remote service was asked to sign, with one approval of the person. `id` is
-- what we call the request, the same when it is sent again; `waiting` is what the service calls it while
-- it waits for her. Requests of one batch come one after the other, in the order of `turn`; whoever looks
-- after one has it until `next_at`. `tries` counts the answers that she has not decided; after `until`
-- a service that does not answer is asked no more. `reason` says why nothing came of it, by the key of a
-- message. Times are epoch milliseconds.
CREATE TABLE signing_request (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    batch TEXT COLLATE "C" NOT NULL REFERENCES signing_batch (id),
    turn BIGINT NOT NULL,
    staff TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
    certificate TEXT COLLATE "C" NOT NULL REFERENCES certificate (id),
    service TEXT COLLATE "C" NOT NULL,
    title TEXT COLLATE "C" NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    waiting TEXT COLLATE "C",
    reason TEXT COLLATE "C" NOT NULL DEFAULT '',
    tries BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    until BIGINT NOT NULL
);
CREATE UNIQUE INDEX signing_request_turn ON signing_request (batch, turn);
CREATE INDEX signing_request_due ON signing_request (next_at)
    WHERE state IN ('typed', 'asked', 'waiting', 'signed');

-- A document of a request, by its place in the batch: `name` is what the person reads on her phone,
-- `asked` what the service signs, hexadecimal digits, empty where it takes the whole document. The files
-- are the document without its signature and what the service gave; neither stays after the request.
CREATE TABLE signing_request_item (
    request TEXT COLLATE "C" NOT NULL REFERENCES signing_request (id),
    place BIGINT NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    asked TEXT COLLATE "C" NOT NULL,
    unfinished_file TEXT COLLATE "C",
    piece_file TEXT COLLATE "C",
    PRIMARY KEY (request, place)
);
CREATE INDEX signing_request_item_unfinished ON signing_request_item (unfinished_file);
CREATE INDEX signing_request_item_piece ON signing_request_item (piece_file);

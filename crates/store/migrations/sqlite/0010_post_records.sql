-- Joint records of the post and a centre (biên bản giao nhận): an agent lists what was filed, a clerk
-- counts and signs. Times are epoch milliseconds.
CREATE TABLE post_record (
    id TEXT NOT NULL PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    unit TEXT NOT NULL,
    agent TEXT NOT NULL REFERENCES staff (id),
    made_at BIGINT NOT NULL,
    signed_at BIGINT,
    signed_by TEXT REFERENCES staff (id)
);
CREATE INDEX post_record_by_unit ON post_record (unit, made_at);

-- What was filed is part 0 and handed over once; what came as a supplement is of the request of that
-- order. `handed` is JSON; `collected` is the money handed over with it.
CREATE TABLE post_record_line (
    dossier TEXT NOT NULL,
    part BIGINT NOT NULL,
    record TEXT NOT NULL REFERENCES post_record (id),
    collected BIGINT,
    handed TEXT NOT NULL,
    PRIMARY KEY (dossier, part)
);
CREATE INDEX post_record_line_by_record ON post_record_line (record);

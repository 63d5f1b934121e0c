-- Joint records of the post and a centre (biên bản giao nhận): an agent lists what was filed, a clerk
-- counts and signs. Times are epoch milliseconds.
CREATE TABLE post_record (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    number TEXT COLLATE "C" NOT NULL UNIQUE,
    unit TEXT COLLATE "C" NOT NULL,
    agent TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
    made_at BIGINT NOT NULL,
    signed_at BIGINT,
    signed_by TEXT COLLATE "C" REFERENCES staff (id)
);
CREATE INDEX post_record_by_unit ON post_record (unit, made_at);
CREATE INDEX post_record_unsigned ON post_record (unit, made_at) WHERE signed_at IS NULL;

-- What was filed is part 0 and handed over once; what came as a supplement is of the request of that
-- order. `handed` is JSON; `collected` is the money handed over with it. What waited no more when the
-- record was signed is struck: 1, and not handed over by it.
CREATE TABLE post_record_line (
    dossier TEXT COLLATE "C" NOT NULL,
    part BIGINT NOT NULL,
    record TEXT COLLATE "C" NOT NULL REFERENCES post_record (id),
    collected BIGINT,
    handed TEXT COLLATE "C" NOT NULL,
    struck BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (dossier, part)
);
CREATE INDEX post_record_line_by_record ON post_record_line (record);

-- What agents of the post have in their hands: a handful beside all that they ever filed.
CREATE INDEX dossier_with_agents ON dossier (receiving, agent, submitted_at, id)
    WHERE agent IS NOT NULL AND state IN ('submitted', 'incomplete', 'paused');

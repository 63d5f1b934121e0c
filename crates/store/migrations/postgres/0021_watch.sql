-- Issuing in time, numbers that results were given, and how long finished batches are kept. Times are
-- epoch milliseconds.

-- Until when what is signed is to be issued; none while nothing is signed.
ALTER TABLE work_item ADD COLUMN issue_by BIGINT;

-- The number of each result in the register that its agency keeps for a year: `result:H56.14:2026` gives
-- each number once. `late` is 1 where the result was issued after the day on which the law wants it.
-- Results that came with numbers of other systems have no row.
CREATE TABLE result_number (
    dossier TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    register TEXT COLLATE "C" NOT NULL,
    number BIGINT NOT NULL,
    competent TEXT COLLATE "C" NOT NULL,
    issued_at BIGINT NOT NULL,
    late BIGINT NOT NULL
);
CREATE UNIQUE INDEX result_number_once ON result_number (register, number);
CREATE INDEX result_number_late ON result_number (competent, issued_at) WHERE late = 1;

-- Numbers that a register passed over because they had been given elsewhere.
CREATE TABLE number_raised (
    name TEXT COLLATE "C" NOT NULL,
    first BIGINT NOT NULL,
    last BIGINT NOT NULL,
    PRIMARY KEY (name, first)
);

INSERT INTO result_number (dossier, register, number, competent, issued_at, late)
    SELECT d.id, 'result:' || substr(given.number, strpos(given.number, '/KQ-') + 4)
            || ':' || substr(given.at, 1, 4),
        CAST(split_part(given.number, '/', 1) AS BIGINT), d.competent,
        d.settled_at, 0
    FROM (SELECT stream, body::jsonb #>> '{issued,number}' AS number,
            body::jsonb #>> '{issued,at}' AS at
        FROM event WHERE kind = 'dossier.settled.v1') given
    JOIN dossier d ON d.id = given.stream
    WHERE given.number ~ '^[0-9]{1,18}/KQ-' AND d.settled_at IS NOT NULL
    ON CONFLICT DO NOTHING;
-- What was given before this table and has no result came with an import.
INSERT INTO number_raised (name, first, last)
    SELECT name, 1, last FROM number_sequence WHERE name LIKE 'result:%' AND last > 0;

-- Batches are removed some time after nothing is left in them to be signed.
CREATE INDEX signing_batch_by_age ON signing_batch (created_at, id);

-- The register of each centre and year (sổ theo dõi): a number for every dossier received, drawn
-- with its reception and never given again. Times are epoch milliseconds.

CREATE TABLE register_entry (
    unit TEXT COLLATE "C" NOT NULL,
    year BIGINT NOT NULL,
    number BIGINT NOT NULL,
    dossier TEXT COLLATE "C" NOT NULL UNIQUE,
    PRIMARY KEY (unit, year, number)
);

-- Books whose close was ordered, and the moment as of which their volumes are drawn; a book is open
-- from its first entry on, and closed when its last volume is kept.
CREATE TABLE register_close (
    unit TEXT COLLATE "C" NOT NULL,
    year BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    closed_at BIGINT NOT NULL,
    closed_by TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
    finished_at BIGINT,
    PRIMARY KEY (unit, year)
);

-- The volumes of a closed book as they were printed at its close: what happens afterwards, a name
-- corrected or erased, changes none of them.
CREATE TABLE register_volume (
    unit TEXT COLLATE "C" NOT NULL,
    year BIGINT NOT NULL,
    volume BIGINT NOT NULL,
    file TEXT COLLATE "C" NOT NULL,
    bytes BIGINT NOT NULL,
    PRIMARY KEY (unit, year, volume)
);

-- Volumes that could not be drawn yet: of which entry, and why. The others are drawn meanwhile.
CREATE TABLE register_stuck (
    unit TEXT COLLATE "C" NOT NULL,
    year BIGINT NOT NULL,
    volume BIGINT NOT NULL,
    number BIGINT NOT NULL,
    dossier TEXT COLLATE "C" NOT NULL,
    why TEXT COLLATE "C" NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (unit, year, volume)
);

-- What was received before there was a register, in the order of reception.
INSERT INTO register_entry (unit, year, number, dossier)
SELECT receiving, year, ROW_NUMBER() OVER (PARTITION BY receiving, year ORDER BY received_at, code), id
FROM (SELECT id, receiving, received_at, code,
        CAST(EXTRACT(YEAR FROM to_timestamp(received_at / 1000.0) AT TIME ZONE INTERVAL '7 hours') AS BIGINT) AS year
    FROM dossier WHERE received_at IS NOT NULL) AS received;

-- The title under which somebody signs (chức vụ).
ALTER TABLE post ADD COLUMN title TEXT COLLATE "C";

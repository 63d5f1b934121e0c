-- Who is away, and who stands in for whom; a row without a delegate is an absence in which nobody
-- does. Dates are ISO text, times epoch milliseconds, booleans 0 or 1. A row is
-- ended, never removed: what was done under it stays explained.

CREATE TABLE delegation (
    id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    absent TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
    delegate TEXT COLLATE "C" REFERENCES staff (id),
    unit TEXT COLLATE "C" NOT NULL REFERENCES unit (id),
    role TEXT COLLATE "C" NOT NULL,
    first_day TEXT COLLATE "C" NOT NULL,
    last_day TEXT COLLATE "C" NOT NULL,
    signing BIGINT NOT NULL,
    given_by TEXT COLLATE "C" NOT NULL REFERENCES staff (id),
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX delegation_by_delegate ON delegation (delegate, last_day);
CREATE INDEX delegation_by_absent ON delegation (absent, last_day);
CREATE INDEX delegation_by_unit ON delegation (unit, last_day);

-- For whom an act was done, beside who did it.
ALTER TABLE event ADD COLUMN behalf TEXT COLLATE "C";

-- Who is away, and who stands in for whom; a row without a delegate is an absence in which nobody
-- does. Dates are ISO text, times epoch milliseconds, booleans 0 or 1. A row is
-- ended, never removed: what was done under it stays explained.

CREATE TABLE delegation (
    id TEXT NOT NULL PRIMARY KEY,
    absent TEXT NOT NULL REFERENCES staff (id),
    delegate TEXT REFERENCES staff (id),
    unit TEXT NOT NULL REFERENCES unit (id),
    role TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    signing BIGINT NOT NULL,
    given_by TEXT NOT NULL REFERENCES staff (id),
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX delegation_by_delegate ON delegation (delegate, last_day);
CREATE INDEX delegation_by_absent ON delegation (absent, last_day);
CREATE INDEX delegation_by_unit ON delegation (unit, last_day);

-- For whom an act was done, beside who did it.
ALTER TABLE event ADD COLUMN behalf TEXT;

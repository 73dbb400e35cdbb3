-- A date's intervals in a few bytes beside its sums: a month is read by the day, not by the half-hour.
-- Empty until the dates of an older house are counted again.
ALTER TABLE meter_days ADD COLUMN intervals BLOB;
INSERT INTO jobs (kind, subject_id, detail, state, attempts, run_at, leased_until, last_error, created_at, failures)
SELECT 'count_meter_days', 0, '', 'waiting', 0, 0, 0, '', 0, 0 WHERE EXISTS (SELECT 1 FROM readings);

-- Energy of a lease by local date of its site, instead of a row for each half-hour.
CREATE TABLE lease_days (
  lease_id BIGINT NOT NULL,
  day DATE NOT NULL,
  wh BIGINT NOT NULL,
  estimated_wh BIGINT NOT NULL,
  intervals BLOB NOT NULL,
  PRIMARY KEY (lease_id, day)
) WITHOUT ROWID;
DROP TABLE usage;
-- What was computed before has no dates yet: it is computed again when it is next looked at.
UPDATE lease_months SET stale = TRUE;

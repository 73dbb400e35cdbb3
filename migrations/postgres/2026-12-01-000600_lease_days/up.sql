-- Energy of a lease by local date of its site, written with its half-hours.
CREATE TABLE lease_days (
  lease_id BIGINT NOT NULL,
  day DATE NOT NULL,
  wh BIGINT NOT NULL,
  estimated_wh BIGINT NOT NULL,
  PRIMARY KEY (lease_id, day)
);
-- What was computed before has no dates yet: it is computed again when it is next looked at.
UPDATE lease_months SET stale = TRUE;

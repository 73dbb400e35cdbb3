CREATE TABLE usage (
  lease_id BIGINT NOT NULL,
  start_at BIGINT NOT NULL,
  end_at BIGINT NOT NULL,
  wh BIGINT NOT NULL,
  estimated_wh BIGINT NOT NULL,
  PRIMARY KEY (lease_id, start_at)
);
UPDATE lease_months SET stale = TRUE;
DROP TABLE lease_days;
ALTER TABLE meter_days DROP COLUMN intervals;

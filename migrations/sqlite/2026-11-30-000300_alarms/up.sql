-- When a value is an incident, by site and kind; what is not here is as built in.
CREATE TABLE alarm_rules (
  site_id BIGINT NOT NULL REFERENCES sites (id),
  kind TEXT NOT NULL,
  enabled BOOLEAN NOT NULL,
  -- In the kind's own unit: minutes, percent or kilowatt-hours.
  raise BIGINT NOT NULL,
  clear BIGINT NOT NULL,
  hold_seconds BIGINT NOT NULL,
  calm_seconds BIGINT NOT NULL,
  -- Addresses, separated by commas.
  recipients TEXT NOT NULL,
  PRIMARY KEY (site_id, kind)
) WITHOUT ROWID;

-- What is remembered of each value between two looks.
CREATE TABLE alarm_watches (
  site_id BIGINT NOT NULL REFERENCES sites (id),
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  watch TEXT NOT NULL,
  PRIMARY KEY (site_id, kind, subject)
) WITHOUT ROWID;

CREATE TABLE incidents (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  site_id BIGINT NOT NULL REFERENCES sites (id),
  kind TEXT NOT NULL,
  -- meter-7, lease-12, node-3
  subject TEXT NOT NULL,
  label TEXT NOT NULL,
  raised_at BIGINT NOT NULL,
  cleared_at BIGINT,
  value BIGINT NOT NULL,
  raise BIGINT NOT NULL,
  acknowledged_at BIGINT,
  acknowledged_by BIGINT,
  note TEXT NOT NULL
);
-- One incident, however long it lasts.
CREATE UNIQUE INDEX incidents_open ON incidents (site_id, kind, subject) WHERE cleared_at IS NULL;
CREATE INDEX incidents_by_time ON incidents (raised_at, id);
CREATE INDEX incidents_open_first ON incidents
  ((CASE WHEN cleared_at IS NULL THEN raised_at + 100000000000 ELSE raised_at END), id);

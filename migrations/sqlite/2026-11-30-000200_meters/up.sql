-- Where a meter stands besides racks and leases, what it measures, and how it speaks.
ALTER TABLE meters ADD COLUMN node_id BIGINT REFERENCES power_nodes (id);
ALTER TABLE meters ADD COLUMN zone_id BIGINT REFERENCES cooling_zones (id);
-- supply, cooling, lighting, other or heat
ALTER TABLE meters ADD COLUMN purpose TEXT NOT NULL DEFAULT 'supply';
-- interval, or register: then it says what its display shows
ALTER TABLE meters ADD COLUMN reads TEXT NOT NULL DEFAULT 'interval';
-- The code of the measuring point in 80020 messages.
ALTER TABLE meters ADD COLUMN exchange_code TEXT;
CREATE UNIQUE INDEX meters_by_exchange_code ON meters (exchange_code);
CREATE INDEX meters_by_node ON meters (node_id);

-- The instruments that stood at a meter's place, one after the other.
CREATE TABLE meter_devices (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  meter_id BIGINT NOT NULL REFERENCES meters (id),
  site_id BIGINT NOT NULL REFERENCES sites (id),
  serial TEXT NOT NULL,
  from_at BIGINT NOT NULL,
  to_at BIGINT,
  -- Whole digits of the display, watt-hours of one unit of it, and the ratio of its transformers.
  digits BIGINT NOT NULL,
  unit_wh BIGINT NOT NULL,
  ratio BIGINT NOT NULL,
  -- In percent; empty where it is not known.
  accuracy TEXT NOT NULL,
  -- The most that can flow, behind the ratio.
  rated_watts BIGINT,
  -- What the display showed when it came and when it went, in watt-hours before the ratio.
  initial_wh BIGINT,
  final_wh BIGINT,
  verified_until DATE,
  note TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT
);
CREATE INDEX meter_devices_by_meter ON meter_devices (meter_id, from_at);

-- What displays showed, in watt-hours before the ratio: counted, held for a person, confirmed by one, or discarded.
CREATE TABLE register_readings (
  meter_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  wh BIGINT NOT NULL,
  state TEXT NOT NULL,
  import_id BIGINT NOT NULL,
  PRIMARY KEY (meter_id, at)
) WITHOUT ROWID;

CREATE TABLE register_corrections (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  meter_id BIGINT NOT NULL REFERENCES meters (id),
  site_id BIGINT NOT NULL REFERENCES sites (id),
  reading_at BIGINT NOT NULL,
  old_wh BIGINT NOT NULL,
  new_wh BIGINT NOT NULL,
  old_import_id BIGINT NOT NULL,
  new_import_id BIGINT NOT NULL,
  reason TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_user BIGINT
);
CREATE INDEX register_corrections_by_meter ON register_corrections (meter_id, reading_at);

-- What came in and may not count yet; start and end are the same for what a display showed.
CREATE TABLE quarantine (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  site_id BIGINT,
  meter_id BIGINT,
  code TEXT NOT NULL,
  start_at BIGINT NOT NULL,
  end_at BIGINT NOT NULL,
  wh BIGINT NOT NULL,
  -- The zone in which its local times were understood; empty where they were given with theirs.
  zone TEXT NOT NULL,
  why TEXT NOT NULL,
  state TEXT NOT NULL,
  import_id BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  decided_at BIGINT,
  decided_by BIGINT,
  reason TEXT NOT NULL
);
CREATE UNIQUE INDEX quarantine_by_code ON quarantine (code, start_at, end_at);
CREATE INDEX quarantine_by_state ON quarantine (state, id);

-- How a value came to be: 0 measured, 1 from a register, 2 by a straight line, 3 from like days, 4 by hand.
ALTER TABLE readings ADD COLUMN method INTEGER NOT NULL DEFAULT 0;
UPDATE readings SET method = 4 WHERE estimated;

-- Energy of a meter by local date of its site, kept up with every reading that is written.
CREATE TABLE meter_days (
  meter_id BIGINT NOT NULL,
  day DATE NOT NULL,
  wh BIGINT NOT NULL,
  estimated_wh BIGINT NOT NULL,
  seconds BIGINT NOT NULL,
  PRIMARY KEY (meter_id, day)
) WITHOUT ROWID;
INSERT INTO jobs (kind, subject_id, detail, state, attempts, run_at, leased_until, last_error, created_at, failures)
SELECT 'count_meter_days', 0, '', 'waiting', 0, 0, 0, '', 0, 0 WHERE EXISTS (SELECT 1 FROM readings);

-- What a node loses by its nature, in percent of what flows in: for the energy balance.
CREATE TABLE technical_losses (
  node_id BIGINT NOT NULL PRIMARY KEY REFERENCES power_nodes (id),
  site_id BIGINT NOT NULL REFERENCES sites (id),
  percent TEXT NOT NULL
);

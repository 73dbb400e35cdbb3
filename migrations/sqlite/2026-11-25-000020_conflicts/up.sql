-- What stands where it may not since capacity was changed; open until `resolved_at`.
CREATE TABLE conflicts (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  site_id BIGINT NOT NULL REFERENCES sites (id),
  reservation_id BIGINT NOT NULL REFERENCES reservations (id),
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  kind TEXT NOT NULL,
  resource_id BIGINT NOT NULL,
  resource_name TEXT NOT NULL,
  leg TEXT,
  from_date DATE NOT NULL,
  to_date DATE,
  excess BIGINT NOT NULL,
  own BIGINT NOT NULL,
  cause_noun TEXT NOT NULL,
  cause_id BIGINT NOT NULL,
  cause_words TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  opened_by BIGINT,
  resolved_at BIGINT,
  resolved_by BIGINT,
  resolution TEXT
);
CREATE INDEX conflicts_open ON conflicts (site_id) WHERE resolved_at IS NULL;
CREATE INDEX conflicts_by_reservation ON conflicts (reservation_id);
CREATE INDEX conflicts_by_time ON conflicts (from_date, id);

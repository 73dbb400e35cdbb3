-- The air that a site is designed for, month by month, and how a zone gives off its heat: a zone
-- without a design has its deratings set by hand.

CREATE TABLE site_climates (
  site_id BIGINT NOT NULL PRIMARY KEY REFERENCES sites (id),
  altitude BIGINT NOT NULL,
  source TEXT NOT NULL
);

CREATE TABLE design_months (
  site_id BIGINT NOT NULL REFERENCES sites (id),
  month INTEGER NOT NULL,
  dry_bulb TEXT NOT NULL,
  humidity TEXT,
  wet_bulb TEXT,
  PRIMARY KEY (site_id, month)
);

CREATE TABLE zone_designs (
  zone_id BIGINT NOT NULL PRIMARY KEY REFERENCES cooling_zones (id),
  site_id BIGINT NOT NULL REFERENCES sites (id),
  rejection TEXT NOT NULL,
  approach TEXT NOT NULL,
  curve TEXT NOT NULL,
  airflow BIGINT NOT NULL,
  exhaust TEXT NOT NULL
);
CREATE INDEX zone_designs_by_site ON zone_designs (site_id);

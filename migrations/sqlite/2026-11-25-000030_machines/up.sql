-- The register of machines: whose, which, where. Serial numbers are compared without their case.
CREATE TABLE machines (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  site_id BIGINT NOT NULL REFERENCES sites (id),
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  reservation_id BIGINT REFERENCES reservations (id),
  model_id BIGINT REFERENCES machine_models (id),
  model_name TEXT NOT NULL,
  model_folded TEXT NOT NULL,
  serial TEXT NOT NULL,
  serial_folded TEXT NOT NULL UNIQUE,
  watts BIGINT NOT NULL,
  cooling TEXT NOT NULL,
  supply TEXT NOT NULL,
  state TEXT NOT NULL,
  rack_id BIGINT REFERENCES racks (id),
  slot BIGINT,
  leg TEXT,
  note TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  changed_at BIGINT NOT NULL,
  changed_by BIGINT,
  UNIQUE (rack_id, slot)
);
CREATE INDEX machines_by_site ON machines (site_id, serial_folded, id);
CREATE INDEX machines_by_tenant ON machines (tenant_id, serial_folded, id);
CREATE INDEX machines_by_reservation ON machines (reservation_id);

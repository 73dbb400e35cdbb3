-- What was reserved together: one reservation a part, held, expired and cancelled together.
CREATE TABLE bundles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  site_id BIGINT NOT NULL REFERENCES sites (id),
  created_at BIGINT NOT NULL,
  created_by BIGINT
);

ALTER TABLE reservations ADD COLUMN bundle_id BIGINT;
ALTER TABLE reservations ADD COLUMN slots_each TEXT NOT NULL DEFAULT 'one';
ALTER TABLE reservations ADD COLUMN two_feeds BOOLEAN NOT NULL DEFAULT FALSE;
-- JSON: the ids of the racks among which the places must be.
ALTER TABLE reservations ADD COLUMN rack_range TEXT;
-- The rule of admission that was promised.
ALTER TABLE reservations ADD COLUMN redundancy TEXT NOT NULL DEFAULT 'N';
CREATE INDEX reservations_by_bundle ON reservations (bundle_id);

-- JSON: the parts of a request of several kinds, or of more than machines; empty for the usual one.
ALTER TABLE requests ADD COLUMN parts TEXT NOT NULL DEFAULT '';

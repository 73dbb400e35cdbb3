ALTER TABLE requests DROP COLUMN parts;
DROP INDEX reservations_by_bundle;
ALTER TABLE reservations DROP COLUMN redundancy;
ALTER TABLE reservations DROP COLUMN rack_range;
ALTER TABLE reservations DROP COLUMN two_feeds;
ALTER TABLE reservations DROP COLUMN slots_each;
ALTER TABLE reservations DROP COLUMN bundle_id;
DROP TABLE bundles;

DROP TABLE hall_offers;
ALTER TABLE halls DROP COLUMN offered;

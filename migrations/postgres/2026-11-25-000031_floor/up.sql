-- Where racks stand in their hall, in cells from its upper left corner, and which way they face.
ALTER TABLE halls ADD COLUMN width BIGINT;
ALTER TABLE halls ADD COLUMN depth BIGINT;
ALTER TABLE racks ADD COLUMN x BIGINT;
ALTER TABLE racks ADD COLUMN y BIGINT;
ALTER TABLE racks ADD COLUMN turn BIGINT;
CREATE INDEX racks_by_hall ON racks (hall_id, row_id);

ALTER TABLE allocations DROP COLUMN to_date;
ALTER TABLE allocations DROP COLUMN from_date;

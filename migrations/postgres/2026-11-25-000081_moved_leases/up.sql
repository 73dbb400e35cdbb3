ALTER TABLE allocations ADD COLUMN from_date DATE;
ALTER TABLE allocations ADD COLUMN to_date DATE;

ALTER TABLE allocations ADD COLUMN from_date TEXT;
ALTER TABLE allocations ADD COLUMN to_date TEXT;

ALTER TABLE tenants DROP COLUMN redundancy;
ALTER TABLE sites DROP COLUMN redundancy;

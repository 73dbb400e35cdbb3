-- Rules of admission: the stricter of a site's and a tenant's holds when capacity is booked.
ALTER TABLE sites ADD COLUMN redundancy TEXT NOT NULL DEFAULT 'N';
ALTER TABLE tenants ADD COLUMN redundancy TEXT NOT NULL DEFAULT 'N';

-- Which halls tenants may be given: all of them ('all'), those named in hall_offers ('chosen') or nobody ('nobody').
ALTER TABLE halls ADD COLUMN offered TEXT NOT NULL DEFAULT 'all';
CREATE TABLE hall_offers (
  hall_id BIGINT NOT NULL REFERENCES halls (id),
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  site_id BIGINT NOT NULL REFERENCES sites (id),
  PRIMARY KEY (hall_id, tenant_id)
);
CREATE INDEX hall_offers_by_site ON hall_offers (site_id);

-- Where a site's incidents are told to programs.
CREATE TABLE webhooks (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  site_id BIGINT NOT NULL REFERENCES sites (id),
  url TEXT NOT NULL,
  -- Signs what is sent: kept as it is, for it must be used.
  secret TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT
);
CREATE INDEX webhooks_by_site ON webhooks (site_id);

-- One message to one address, written with what it tells.
CREATE TABLE webhook_deliveries (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  site_id BIGINT NOT NULL REFERENCES sites (id),
  webhook_id BIGINT NOT NULL REFERENCES webhooks (id),
  -- The same however often it is sent.
  delivery_key TEXT NOT NULL,
  event TEXT NOT NULL,
  incident_id BIGINT,
  body TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_at BIGINT NOT NULL,
  give_up_at BIGINT NOT NULL,
  last_error TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  sent_at BIGINT
);
CREATE INDEX webhook_deliveries_by_state ON webhook_deliveries (state, next_at);
CREATE INDEX webhook_deliveries_by_webhook ON webhook_deliveries (webhook_id, id);

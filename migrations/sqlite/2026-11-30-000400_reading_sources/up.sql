-- Where readings come from by themselves.
CREATE TABLE reading_sources (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  site_id BIGINT NOT NULL REFERENCES sites (id),
  -- mqtt
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  enabled BOOLEAN NOT NULL,
  protocol TEXT NOT NULL,
  -- host:port
  address TEXT NOT NULL,
  tls BOOLEAN NOT NULL,
  username TEXT NOT NULL,
  password TEXT NOT NULL,
  client_prefix TEXT NOT NULL,
  -- Empty: what the pattern of the mapping says.
  topic_filter TEXT NOT NULL,
  -- Empty: one process listens.
  share_group TEXT NOT NULL,
  -- How a message becomes rows, as JSON.
  mapping TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT
);
CREATE INDEX reading_sources_of_site ON reading_sources (site_id);

-- One listener at a source: which process holds it, and what came through it.
CREATE TABLE reading_source_slots (
  source_id BIGINT NOT NULL REFERENCES reading_sources (id),
  slot BIGINT NOT NULL,
  -- Empty: nobody listens here.
  holder TEXT NOT NULL,
  held_until BIGINT NOT NULL,
  -- What the broker keeps messages of for this slot.
  subscribed TEXT NOT NULL,
  connected_at BIGINT,
  last_message_at BIGINT,
  last_error TEXT NOT NULL,
  error_at BIGINT,
  messages BIGINT NOT NULL,
  rows_new BIGINT NOT NULL,
  rows_same BIGINT NOT NULL,
  rows_corrected BIGINT NOT NULL,
  rows_waiting BIGINT NOT NULL,
  refused BIGINT NOT NULL,
  -- Of the day: under it its readings came in.
  import_id BIGINT,
  PRIMARY KEY (source_id, slot)
) WITHOUT ROWID;

-- The last things that could not be taken.
CREATE TABLE reading_source_refusals (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  source_id BIGINT NOT NULL REFERENCES reading_sources (id),
  at BIGINT NOT NULL,
  topic TEXT NOT NULL,
  payload TEXT NOT NULL,
  -- A message as JSON.
  reason TEXT NOT NULL
);
CREATE INDEX reading_source_refusals_of_source ON reading_source_refusals (source_id, id);

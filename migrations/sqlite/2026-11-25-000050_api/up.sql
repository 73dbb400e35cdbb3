-- A program's key to the API: it acts as its user, or in a role of its own. Only the hash is kept.
CREATE TABLE api_tokens (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  token_hash TEXT NOT NULL UNIQUE,
  prefix TEXT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  user_id BIGINT REFERENCES users (id),
  role TEXT,
  tenant_id BIGINT REFERENCES tenants (id),
  scopes TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  expires_at BIGINT,
  last_used_at BIGINT,
  revoked_at BIGINT,
  revoked_by BIGINT
);
CREATE INDEX api_tokens_by_user ON api_tokens (user_id, id);
CREATE INDEX api_tokens_by_kind ON api_tokens (kind, id);

-- What a POST with an Idempotency-Key was answered with, until it expires.
CREATE TABLE api_answers (
  owner TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  digest TEXT NOT NULL,
  status BIGINT NOT NULL,
  location TEXT,
  body TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (owner, idempotency_key)
);
CREATE INDEX api_answers_by_expiry ON api_answers (expires_at);

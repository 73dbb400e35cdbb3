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

-- One-time keys of filled-in forms and of programs that POST, with what was answered.
CREATE TABLE once_keys (
  owner TEXT NOT NULL,
  once_key TEXT NOT NULL,
  digest TEXT NOT NULL,
  status BIGINT NOT NULL,
  location TEXT,
  body TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (owner, once_key)
);
CREATE INDEX once_keys_by_expiry ON once_keys (expires_at);
INSERT INTO once_keys (owner, once_key, digest, status, location, body, expires_at)
SELECT 'form ' || user_id, form_key, '', 303, location, '', at + 604800 FROM form_keys;
DROP TABLE form_keys;

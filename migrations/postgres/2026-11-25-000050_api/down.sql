CREATE TABLE form_keys (
  form_key TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  location TEXT NOT NULL,
  PRIMARY KEY (form_key, user_id)
);
CREATE INDEX form_keys_by_time ON form_keys (at);
INSERT INTO form_keys (form_key, user_id, at, location)
SELECT once_key, CAST(SUBSTR(owner, 6) AS BIGINT), expires_at - 604800, location
FROM once_keys WHERE owner LIKE 'form %';
DROP TABLE once_keys;
DROP TABLE api_tokens;

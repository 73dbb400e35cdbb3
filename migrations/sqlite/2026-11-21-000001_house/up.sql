-- Instants are BIGINT seconds since 1970 UTC; watts, watt-hours and minor units are BIGINT;
-- decimals and JSON are TEXT. The two databases hold the same columns in the same order.

-- identity ------------------------------------------------------------------

CREATE TABLE operators (
  id BIGINT NOT NULL PRIMARY KEY,
  legal_name TEXT NOT NULL,
  short_name TEXT NOT NULL,
  country TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  inn TEXT NOT NULL,
  kpp TEXT NOT NULL,
  ogrn TEXT NOT NULL,
  address TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT NOT NULL,
  bank_name TEXT NOT NULL,
  bank_bic TEXT NOT NULL,
  bank_account TEXT NOT NULL,
  bank_corr_account TEXT NOT NULL,
  director TEXT NOT NULL,
  accountant TEXT NOT NULL,
  vat_payer BOOLEAN NOT NULL,
  locale TEXT NOT NULL
);

CREATE TABLE tenants (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  inn TEXT NOT NULL,
  kpp TEXT NOT NULL,
  ogrn TEXT NOT NULL,
  address TEXT NOT NULL,
  email TEXT NOT NULL,
  phone TEXT NOT NULL,
  contact TEXT NOT NULL,
  bank_details TEXT NOT NULL,
  registry_number TEXT NOT NULL,
  registry_date DATE,
  locale TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT
);
CREATE INDEX tenants_by_name ON tenants (name_folded, id);

CREATE TABLE users (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  email TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  tenant_id BIGINT REFERENCES tenants (id),
  password_hash TEXT,
  locale TEXT NOT NULL,
  theme TEXT NOT NULL,
  active BOOLEAN NOT NULL,
  session_epoch BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  signed_in_at BIGINT
);
CREATE INDEX users_by_tenant ON users (tenant_id, id);

CREATE TABLE sessions (
  token_hash TEXT NOT NULL PRIMARY KEY,
  state TEXT NOT NULL,
  user_id BIGINT,
  expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX sessions_by_user ON sessions (user_id);

CREATE TABLE sign_in_attempts (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  email TEXT NOT NULL,
  address TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX sign_in_attempts_by_email ON sign_in_attempts (email, at);
CREATE INDEX sign_in_attempts_by_address ON sign_in_attempts (address, at);

CREATE TABLE user_tokens (
  token_hash TEXT NOT NULL PRIMARY KEY,
  user_id BIGINT NOT NULL REFERENCES users (id),
  kind TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE INDEX user_tokens_by_user ON user_tokens (user_id);

-- One row a submitted form: the second submit of the same form gets the first one's answer.
CREATE TABLE form_keys (
  form_key TEXT NOT NULL,
  user_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  location TEXT NOT NULL,
  PRIMARY KEY (form_key, user_id)
);
CREATE INDEX form_keys_by_time ON form_keys (at);

CREATE TABLE trail (
  chain BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  at BIGINT NOT NULL,
  user_id BIGINT,
  action TEXT NOT NULL,
  noun TEXT NOT NULL,
  noun_id BIGINT NOT NULL,
  before_state TEXT NOT NULL,
  after_state TEXT NOT NULL,
  previous_hash TEXT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (chain, seq)
);
CREATE INDEX trail_by_noun ON trail (noun, noun_id, seq);

CREATE TABLE mails (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  kind TEXT NOT NULL,
  to_address TEXT NOT NULL,
  locale TEXT NOT NULL,
  subject TEXT NOT NULL,
  body TEXT NOT NULL,
  invoice_id BIGINT,
  tenant_id BIGINT,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  next_at BIGINT NOT NULL,
  last_error TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  sent_at BIGINT
);
CREATE INDEX mails_by_state ON mails (state, next_at);

CREATE TABLE jobs (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  kind TEXT NOT NULL,
  subject_id BIGINT NOT NULL,
  detail TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  run_at BIGINT NOT NULL,
  leased_until BIGINT NOT NULL,
  last_error TEXT NOT NULL,
  created_at BIGINT NOT NULL
);
CREATE INDEX jobs_by_state ON jobs (state, run_at);
CREATE UNIQUE INDEX jobs_waiting_once ON jobs (kind, subject_id, detail) WHERE state = 'waiting';

-- site ----------------------------------------------------------------------

CREATE TABLE sites (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  code TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  region_code TEXT NOT NULL,
  address TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  hold_hours BIGINT NOT NULL,
  plan_id BIGINT,
  created_at BIGINT NOT NULL
);

CREATE TABLE halls (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  site_id BIGINT NOT NULL REFERENCES sites (id),
  name TEXT NOT NULL,
  UNIQUE (site_id, name)
);

CREATE TABLE rack_rows (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  site_id BIGINT NOT NULL REFERENCES sites (id),
  hall_id BIGINT NOT NULL REFERENCES halls (id),
  name TEXT NOT NULL,
  UNIQUE (hall_id, name)
);

CREATE TABLE power_nodes (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  site_id BIGINT NOT NULL REFERENCES sites (id),
  parent_id BIGINT REFERENCES power_nodes (id),
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  rating_watts BIGINT,
  volts TEXT,
  amps TEXT,
  leg TEXT,
  usable TEXT NOT NULL,
  UNIQUE (site_id, name)
);

CREATE TABLE cooling_zones (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  site_id BIGINT NOT NULL REFERENCES sites (id),
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  spare_units BIGINT NOT NULL,
  UNIQUE (site_id, name)
);

CREATE TABLE cooling_units (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  site_id BIGINT NOT NULL REFERENCES sites (id),
  zone_id BIGINT NOT NULL REFERENCES cooling_zones (id),
  name TEXT NOT NULL,
  watts BIGINT NOT NULL,
  UNIQUE (zone_id, name)
);

CREATE TABLE zone_deratings (
  site_id BIGINT NOT NULL REFERENCES sites (id),
  zone_id BIGINT NOT NULL REFERENCES cooling_zones (id),
  month INTEGER NOT NULL,
  factor TEXT NOT NULL,
  PRIMARY KEY (zone_id, month)
);

CREATE TABLE racks (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  site_id BIGINT NOT NULL REFERENCES sites (id),
  hall_id BIGINT NOT NULL REFERENCES halls (id),
  row_id BIGINT NOT NULL REFERENCES rack_rows (id),
  name TEXT NOT NULL,
  name_folded TEXT NOT NULL,
  kind TEXT NOT NULL,
  slots BIGINT NOT NULL,
  limit_watts BIGINT NOT NULL,
  phase TEXT NOT NULL,
  feed_a BIGINT NOT NULL REFERENCES power_nodes (id),
  feed_b BIGINT REFERENCES power_nodes (id),
  zone_id BIGINT NOT NULL REFERENCES cooling_zones (id),
  UNIQUE (site_id, name)
);
CREATE INDEX racks_by_name ON racks (site_id, name_folded, id);

CREATE TABLE outages (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  site_id BIGINT NOT NULL REFERENCES sites (id),
  node_id BIGINT NOT NULL REFERENCES power_nodes (id),
  from_date DATE NOT NULL,
  to_date DATE NOT NULL,
  reason TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  cancelled_at BIGINT,
  cancelled_by BIGINT
);
CREATE INDEX outages_by_site ON outages (site_id, to_date);

CREATE TABLE restrictions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  region_code TEXT NOT NULL,
  region_name TEXT NOT NULL,
  workload TEXT NOT NULL,
  valid_from DATE NOT NULL,
  valid_to DATE,
  season_from TEXT,
  season_to TEXT,
  status TEXT NOT NULL,
  note TEXT NOT NULL
);
CREATE INDEX restrictions_by_region ON restrictions (region_code);

CREATE TABLE machine_models (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  maker TEXT NOT NULL,
  model TEXT NOT NULL,
  folded TEXT NOT NULL,
  hashrate_th TEXT NOT NULL,
  watts BIGINT NOT NULL,
  cooling TEXT NOT NULL,
  supply TEXT,
  note TEXT NOT NULL,
  UNIQUE (maker, model)
);

-- leasing -------------------------------------------------------------------

CREATE TABLE requests (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  site_id BIGINT NOT NULL REFERENCES sites (id),
  hall_id BIGINT REFERENCES halls (id),
  model_id BIGINT REFERENCES machine_models (id),
  model_name TEXT NOT NULL,
  workload TEXT NOT NULL,
  cooling TEXT NOT NULL,
  supply TEXT NOT NULL,
  units BIGINT NOT NULL,
  watts_each BIGINT NOT NULL,
  from_date DATE NOT NULL,
  to_date DATE,
  reasons TEXT NOT NULL,
  available_units BIGINT NOT NULL,
  binding TEXT NOT NULL,
  state TEXT NOT NULL,
  answer TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  closed_at BIGINT,
  closed_by BIGINT
);
CREATE INDEX requests_by_state ON requests (state, created_at);
CREATE INDEX requests_by_tenant ON requests (tenant_id, created_at);

CREATE TABLE reservations (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  site_id BIGINT NOT NULL REFERENCES sites (id),
  hall_id BIGINT REFERENCES halls (id),
  model_id BIGINT REFERENCES machine_models (id),
  model_name TEXT NOT NULL,
  workload TEXT NOT NULL,
  cooling TEXT NOT NULL,
  supply TEXT NOT NULL,
  units BIGINT NOT NULL,
  watts_each BIGINT NOT NULL,
  from_date DATE NOT NULL,
  to_date DATE,
  state TEXT NOT NULL,
  hold_until BIGINT NOT NULL,
  assigned_at BIGINT,
  assigned_by BIGINT,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  cancelled_at BIGINT,
  cancelled_by BIGINT
);
CREATE INDEX reservations_by_site ON reservations (site_id, state, to_date);
CREATE INDEX reservations_by_tenant ON reservations (tenant_id, id);

CREATE TABLE allocations (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  reservation_id BIGINT NOT NULL REFERENCES reservations (id),
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  site_id BIGINT NOT NULL REFERENCES sites (id),
  rack_id BIGINT NOT NULL REFERENCES racks (id),
  leg TEXT,
  units BIGINT NOT NULL
);
CREATE INDEX allocations_by_reservation ON allocations (reservation_id);
CREATE INDEX allocations_by_rack ON allocations (rack_id);

CREATE TABLE leases (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  number TEXT NOT NULL UNIQUE,
  reservation_id BIGINT NOT NULL UNIQUE REFERENCES reservations (id),
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  site_id BIGINT NOT NULL REFERENCES sites (id),
  plan_id BIGINT NOT NULL,
  start_date DATE NOT NULL,
  end_date DATE,
  payment_days BIGINT NOT NULL,
  notice_days BIGINT NOT NULL,
  billing_email TEXT NOT NULL,
  signed_at BIGINT NOT NULL,
  signed_by BIGINT,
  notice_at BIGINT,
  notice_by BIGINT
);
CREATE INDEX leases_by_site ON leases (site_id, end_date);
CREATE INDEX leases_by_tenant ON leases (tenant_id, id);

CREATE TABLE lease_terms (
  lease_id BIGINT NOT NULL REFERENCES leases (id),
  from_date DATE NOT NULL,
  contracted_watts BIGINT NOT NULL,
  PRIMARY KEY (lease_id, from_date)
);

CREATE TABLE lease_events (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  lease_id BIGINT NOT NULL REFERENCES leases (id),
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  site_id BIGINT NOT NULL REFERENCES sites (id),
  from_at BIGINT NOT NULL,
  to_at BIGINT NOT NULL,
  watts BIGINT NOT NULL,
  cause TEXT NOT NULL,
  note TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  removed_at BIGINT,
  removed_by BIGINT
);
CREATE INDEX lease_events_by_lease ON lease_events (lease_id, from_at);

-- metering ------------------------------------------------------------------

CREATE TABLE meters (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  site_id BIGINT NOT NULL REFERENCES sites (id),
  code TEXT NOT NULL UNIQUE,
  rack_id BIGINT REFERENCES racks (id),
  lease_id BIGINT REFERENCES leases (id),
  from_date DATE NOT NULL,
  to_date DATE,
  note TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT
);
CREATE INDEX meters_by_rack ON meters (rack_id);
CREATE INDEX meters_by_lease ON meters (lease_id);
CREATE INDEX meters_by_site ON meters (site_id, code);

CREATE TABLE readings (
  meter_id BIGINT NOT NULL,
  start_at BIGINT NOT NULL,
  end_at BIGINT NOT NULL,
  wh BIGINT NOT NULL,
  estimated BOOLEAN NOT NULL,
  import_id BIGINT NOT NULL,
  PRIMARY KEY (meter_id, start_at)
) WITHOUT ROWID;

CREATE TABLE reading_corrections (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  meter_id BIGINT NOT NULL REFERENCES meters (id),
  site_id BIGINT NOT NULL REFERENCES sites (id),
  start_at BIGINT NOT NULL,
  end_at BIGINT NOT NULL,
  old_wh BIGINT NOT NULL,
  new_wh BIGINT NOT NULL,
  old_estimated BOOLEAN NOT NULL,
  new_estimated BOOLEAN NOT NULL,
  old_import_id BIGINT NOT NULL,
  new_import_id BIGINT NOT NULL,
  reason TEXT NOT NULL,
  after_issue BOOLEAN NOT NULL,
  at BIGINT NOT NULL,
  by_user BIGINT
);
CREATE INDEX reading_corrections_by_meter ON reading_corrections (meter_id, start_at);
CREATE INDEX reading_corrections_after_issue ON reading_corrections (after_issue, id);

CREATE TABLE imports (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  kind TEXT NOT NULL,
  site_id BIGINT,
  file_name TEXT NOT NULL,
  file_hash TEXT NOT NULL,
  file_bytes BIGINT NOT NULL,
  keep TEXT NOT NULL,
  state TEXT NOT NULL,
  phase TEXT NOT NULL,
  bytes_done BIGINT NOT NULL,
  rows_done BIGINT NOT NULL,
  rows_new BIGINT NOT NULL,
  rows_same BIGINT NOT NULL,
  rows_corrected BIGINT NOT NULL,
  rows_bad BIGINT NOT NULL,
  error TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  finished_at BIGINT
);
CREATE INDEX imports_by_time ON imports (created_at);

CREATE TABLE import_chunks (
  import_id BIGINT NOT NULL REFERENCES imports (id),
  seq BIGINT NOT NULL,
  content BLOB NOT NULL,
  PRIMARY KEY (import_id, seq)
);

CREATE TABLE import_errors (
  import_id BIGINT NOT NULL REFERENCES imports (id),
  seq BIGINT NOT NULL,
  line BIGINT NOT NULL,
  column_name TEXT NOT NULL,
  value TEXT NOT NULL,
  reason TEXT NOT NULL,
  PRIMARY KEY (import_id, seq)
);

-- What settle and rate last made of a lease's month: rebuilt from readings, never the truth.
CREATE TABLE lease_months (
  lease_id BIGINT NOT NULL REFERENCES leases (id),
  month TEXT NOT NULL,
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  site_id BIGINT NOT NULL REFERENCES sites (id),
  stale BOOLEAN NOT NULL,
  computed_at BIGINT NOT NULL,
  wh BIGINT NOT NULL,
  estimated_wh BIGINT NOT NULL,
  last_reading_at BIGINT,
  last_watts BIGINT NOT NULL,
  currency TEXT NOT NULL,
  net BIGINT NOT NULL,
  vat BIGINT NOT NULL,
  total BIGINT NOT NULL,
  forecast_total BIGINT NOT NULL,
  blockers TEXT NOT NULL,
  plan TEXT NOT NULL,
  PRIMARY KEY (lease_id, month)
);
CREATE INDEX lease_months_by_month ON lease_months (month, lease_id);
CREATE INDEX lease_months_by_tenant ON lease_months (tenant_id, month);

CREATE TABLE usage (
  lease_id BIGINT NOT NULL,
  start_at BIGINT NOT NULL,
  end_at BIGINT NOT NULL,
  wh BIGINT NOT NULL,
  estimated_wh BIGINT NOT NULL,
  PRIMARY KEY (lease_id, start_at)
) WITHOUT ROWID;

-- billing -------------------------------------------------------------------

CREATE TABLE plans (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  name TEXT NOT NULL UNIQUE,
  currency TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT
);

CREATE TABLE plan_versions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  plan_id BIGINT NOT NULL REFERENCES plans (id),
  effective_from DATE NOT NULL,
  terms TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  published_at BIGINT,
  published_by BIGINT
);
CREATE INDEX plan_versions_by_plan ON plan_versions (plan_id, effective_from);

CREATE TABLE vat_rates (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  country TEXT NOT NULL,
  category TEXT NOT NULL,
  rate TEXT NOT NULL,
  effective_from DATE NOT NULL,
  UNIQUE (country, category, effective_from)
);

CREATE TABLE charges (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  lease_id BIGINT NOT NULL REFERENCES leases (id),
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  site_id BIGINT NOT NULL REFERENCES sites (id),
  date DATE NOT NULL,
  description TEXT NOT NULL,
  quantity TEXT NOT NULL,
  unit_price TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  removed_at BIGINT,
  removed_by BIGINT
);
CREATE INDEX charges_by_lease ON charges (lease_id, date);

CREATE TABLE billing_runs (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  month TEXT NOT NULL UNIQUE,
  state TEXT NOT NULL,
  total BIGINT NOT NULL,
  done BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT,
  issued_at BIGINT,
  issued_by BIGINT
);

CREATE TABLE document_counters (
  series TEXT NOT NULL,
  year INTEGER NOT NULL,
  last BIGINT NOT NULL,
  PRIMARY KEY (series, year)
);

CREATE TABLE invoices (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  number TEXT NOT NULL UNIQUE,
  year INTEGER NOT NULL,
  seq BIGINT NOT NULL,
  run_id BIGINT NOT NULL REFERENCES billing_runs (id),
  lease_id BIGINT NOT NULL REFERENCES leases (id),
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  site_id BIGINT NOT NULL REFERENCES sites (id),
  tenant_folded TEXT NOT NULL,
  month TEXT NOT NULL,
  currency TEXT NOT NULL,
  issue_date DATE NOT NULL,
  due_date DATE NOT NULL,
  net BIGINT NOT NULL,
  vat_rate TEXT NOT NULL,
  vat BIGINT NOT NULL,
  total BIGINT NOT NULL,
  wh BIGINT NOT NULL,
  estimated_wh BIGINT NOT NULL,
  document TEXT NOT NULL,
  inputs TEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  issued_by BIGINT,
  UNIQUE (year, seq),
  UNIQUE (lease_id, month, currency)
);
CREATE INDEX invoices_by_tenant ON invoices (tenant_id, id);
CREATE INDEX invoices_by_month ON invoices (month, id);
CREATE INDEX invoices_by_due ON invoices (due_date, id);

CREATE TABLE invoice_lines (
  invoice_id BIGINT NOT NULL REFERENCES invoices (id),
  line INTEGER NOT NULL,
  kind TEXT NOT NULL,
  net BIGINT NOT NULL,
  PRIMARY KEY (invoice_id, line)
);

CREATE TABLE payments (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  date DATE NOT NULL,
  amount BIGINT NOT NULL,
  currency TEXT NOT NULL,
  reference TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT
);
CREATE INDEX payments_by_tenant ON payments (tenant_id, id);

CREATE TABLE payment_parts (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  payment_id BIGINT NOT NULL REFERENCES payments (id),
  invoice_id BIGINT NOT NULL REFERENCES invoices (id),
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  amount BIGINT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX payment_parts_by_invoice ON payment_parts (invoice_id);
CREATE INDEX payment_parts_by_payment ON payment_parts (payment_id);

CREATE TABLE ledger_transactions (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  date DATE NOT NULL,
  kind TEXT NOT NULL,
  document_id BIGINT NOT NULL,
  currency TEXT NOT NULL,
  posted_at BIGINT NOT NULL,
  posted_by BIGINT,
  UNIQUE (kind, document_id)
);

CREATE TABLE ledger_entries (
  transaction_id BIGINT NOT NULL REFERENCES ledger_transactions (id),
  line INTEGER NOT NULL,
  account TEXT NOT NULL,
  tenant_id BIGINT,
  amount BIGINT NOT NULL,
  PRIMARY KEY (transaction_id, line)
);
CREATE INDEX ledger_entries_by_account ON ledger_entries (account, tenant_id);

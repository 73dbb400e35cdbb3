-- A payment that was taken back: by the bank, or because it was entered wrongly. At most one for each.
CREATE TABLE payment_reversals (
  payment_id BIGINT PRIMARY KEY NOT NULL REFERENCES payments (id),
  tenant_id BIGINT NOT NULL REFERENCES tenants (id),
  date DATE NOT NULL,
  reason TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  created_by BIGINT
);

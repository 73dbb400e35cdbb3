//! Questions for `check`: each finds rows that must not be there.

use crate::db::Conn;
use crate::db::schema::trail;
use crate::db::trail::TrailRow;
use crate::error::Result;
use diesel::prelude::*;
use diesel::sql_types::BigInt;

/// A rule that SQL alone can judge: the query gives the ids of rows that break it.
pub struct Rule {
    pub promise: &'static str,
    pub what: &'static str,
    sql: &'static str,
}

const OWN: &str = "own data only";
const BALANCED: &str = "balanced";

macro_rules! rule {
    ($promise:expr, $what:literal, $sql:literal) => {
        Rule {
            promise: $promise,
            what: $what,
            sql: $sql,
        }
    };
}

/// Every row of a site carries that site, every row of a tenant that tenant, along every chain.
pub const RULES: &[Rule] = &[
    rule!(
        OWN,
        "allocations of another tenant or site than their reservation",
        "SELECT a.id FROM allocations a JOIN reservations r ON r.id = a.reservation_id \
         WHERE a.tenant_id <> r.tenant_id OR a.site_id <> r.site_id"
    ),
    rule!(
        OWN,
        "allocations on a rack of another site",
        "SELECT a.id FROM allocations a JOIN racks k ON k.id = a.rack_id WHERE a.site_id <> k.site_id"
    ),
    rule!(
        OWN,
        "leases of another tenant or site than their reservation",
        "SELECT l.id FROM leases l JOIN reservations r ON r.id = l.reservation_id \
         WHERE l.tenant_id <> r.tenant_id OR l.site_id <> r.site_id"
    ),
    rule!(
        OWN,
        "conflicts of another tenant or site than their reservation",
        "SELECT c.id FROM conflicts c JOIN reservations r ON r.id = c.reservation_id \
         WHERE c.tenant_id <> r.tenant_id OR c.site_id <> r.site_id"
    ),
    rule!(
        OWN,
        "events of another tenant or site than their lease",
        "SELECT e.id FROM lease_events e JOIN leases l ON l.id = e.lease_id \
         WHERE e.tenant_id <> l.tenant_id OR e.site_id <> l.site_id"
    ),
    rule!(
        OWN,
        "charges of another tenant or site than their lease",
        "SELECT c.id FROM charges c JOIN leases l ON l.id = c.lease_id \
         WHERE c.tenant_id <> l.tenant_id OR c.site_id <> l.site_id"
    ),
    rule!(
        OWN,
        "computed months of another tenant or site than their lease",
        "SELECT m.lease_id AS id FROM lease_months m JOIN leases l ON l.id = m.lease_id \
         WHERE m.tenant_id <> l.tenant_id OR m.site_id <> l.site_id"
    ),
    rule!(
        OWN,
        "invoices of another tenant or site than their lease",
        "SELECT i.id FROM invoices i JOIN leases l ON l.id = i.lease_id \
         WHERE i.tenant_id <> l.tenant_id OR i.site_id <> l.site_id"
    ),
    rule!(
        OWN,
        "payment parts of another tenant than their payment or invoice",
        "SELECT p.id FROM payment_parts p JOIN payments y ON y.id = p.payment_id \
         JOIN invoices i ON i.id = p.invoice_id \
         WHERE p.tenant_id <> y.tenant_id OR p.tenant_id <> i.tenant_id OR y.currency <> i.currency"
    ),
    rule!(
        OWN,
        "reversals of another tenant than their payment",
        "SELECT r.payment_id AS id FROM payment_reversals r \
         JOIN payments p ON p.id = r.payment_id WHERE r.tenant_id <> p.tenant_id"
    ),
    rule!(
        OWN,
        "meters on a rack or lease of another site",
        "SELECT m.id FROM meters m LEFT JOIN racks k ON k.id = m.rack_id \
         LEFT JOIN leases l ON l.id = m.lease_id \
         WHERE k.site_id <> m.site_id OR l.site_id <> m.site_id"
    ),
    rule!(
        OWN,
        "corrections of another site than their meter",
        "SELECT c.id FROM reading_corrections c JOIN meters m ON m.id = c.meter_id \
         WHERE c.site_id <> m.site_id"
    ),
    rule!(
        OWN,
        "mails of another tenant than their invoice",
        "SELECT m.id FROM mails m JOIN invoices i ON i.id = m.invoice_id \
         WHERE m.tenant_id <> i.tenant_id"
    ),
    rule!(
        OWN,
        "users whose role and tenant do not agree",
        "SELECT u.id FROM users u WHERE (u.role IN ('owner', 'member')) <> (u.tenant_id IS NOT NULL)"
    ),
    rule!(
        OWN,
        "sessions of users who may not sign in",
        "SELECT u.id FROM users u JOIN sessions s ON s.user_id = u.id WHERE NOT u.active"
    ),
    rule!(
        "counted once",
        "readings of meters that do not exist",
        "SELECT DISTINCT r.meter_id AS id FROM readings r LEFT JOIN meters m ON m.id = r.meter_id \
         WHERE m.id IS NULL"
    ),
    rule!(
        BALANCED,
        "ledger transactions that do not sum to zero",
        "SELECT e.transaction_id AS id FROM ledger_entries e GROUP BY e.transaction_id \
         HAVING SUM(e.amount) <> 0"
    ),
    rule!(
        BALANCED,
        "ledger entries of tenants without a tenant, or of the house with one",
        "SELECT e.transaction_id AS id FROM ledger_entries e \
         WHERE (e.account IN ('receivable', 'advance')) <> (e.tenant_id IS NOT NULL)"
    ),
    rule!(
        BALANCED,
        "invoices without a ledger transaction",
        "SELECT i.id FROM invoices i LEFT JOIN ledger_transactions t \
         ON t.kind = 'invoice' AND t.document_id = i.id WHERE t.id IS NULL"
    ),
    rule!(
        BALANCED,
        "payments without a ledger transaction",
        "SELECT p.id FROM payments p LEFT JOIN ledger_transactions t \
         ON t.kind = 'payment' AND t.document_id = p.id WHERE t.id IS NULL"
    ),
    rule!(
        BALANCED,
        "ledger transactions without their document",
        "SELECT t.id FROM ledger_transactions t \
         LEFT JOIN invoices i ON t.kind = 'invoice' AND i.id = t.document_id \
         LEFT JOIN payments p ON t.kind = 'payment' AND p.id = t.document_id \
         LEFT JOIN payment_parts a ON t.kind = 'application' AND a.id = t.document_id \
         LEFT JOIN payment_reversals r ON t.kind = 'reversal' AND r.payment_id = t.document_id \
         WHERE i.id IS NULL AND p.id IS NULL AND a.id IS NULL AND r.payment_id IS NULL"
    ),
    rule!(
        BALANCED,
        "reversed payments whose bank entries do not sum to zero",
        "SELECT r.payment_id AS id FROM payment_reversals r WHERE \
         COALESCE((SELECT SUM(e.amount) FROM ledger_entries e JOIN ledger_transactions t \
         ON t.id = e.transaction_id WHERE e.account = 'bank' AND t.document_id = r.payment_id \
         AND t.kind IN ('payment', 'reversal')), 0) <> 0 OR NOT EXISTS (SELECT 1 FROM \
         ledger_transactions t WHERE t.kind = 'reversal' AND t.document_id = r.payment_id)"
    ),
    rule!(
        BALANCED,
        "payment parts that were put after their payment was reversed",
        "SELECT p.id FROM payment_parts p JOIN payment_reversals r \
         ON r.payment_id = p.payment_id WHERE p.at > r.created_at"
    ),
    rule!(
        BALANCED,
        "invoices whose receivable in the ledger is not their total",
        "SELECT i.id FROM invoices i JOIN ledger_transactions t \
         ON t.kind = 'invoice' AND t.document_id = i.id \
         LEFT JOIN ledger_entries e ON e.transaction_id = t.id AND e.account = 'receivable' \
         WHERE COALESCE(e.amount, 0) <> i.total OR (e.tenant_id IS NOT NULL AND e.tenant_id <> i.tenant_id)"
    ),
    rule!(
        BALANCED,
        "payments put to invoices beyond their amount",
        "SELECT y.id FROM payments y JOIN payment_parts p ON p.payment_id = y.id \
         GROUP BY y.id, y.amount HAVING SUM(p.amount) > y.amount"
    ),
    rule!(
        BALANCED,
        "invoices paid beyond their total",
        "SELECT i.id FROM invoices i JOIN payment_parts p ON p.invoice_id = i.id \
         LEFT JOIN payment_reversals r ON r.payment_id = p.payment_id \
         WHERE r.payment_id IS NULL GROUP BY i.id, i.total HAVING SUM(p.amount) > i.total"
    ),
    rule!(
        BALANCED,
        "payment parts that are not above zero",
        "SELECT p.id FROM payment_parts p WHERE p.amount <= 0"
    ),
    rule!(
        "issued is final",
        "invoices whose lines do not add up to their net, or net and VAT to their total",
        "SELECT i.id FROM invoices i WHERE i.net + i.vat <> i.total OR i.net <> \
         COALESCE((SELECT SUM(l.net) FROM invoice_lines l WHERE l.invoice_id = i.id), 0)"
    ),
];

#[derive(QueryableByName)]
struct Id {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

impl Rule {
    /// The first ids that break the rule.
    pub fn broken(&self, conn: &mut Conn, most: usize) -> Result<Vec<i64>> {
        let sql = format!(
            "SELECT DISTINCT q.id FROM ({}) AS q ORDER BY q.id LIMIT {most}",
            self.sql
        );
        let rows: Vec<Id> = diesel::sql_query(sql).load(conn)?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }
}

pub fn chains(conn: &mut Conn) -> Result<Vec<i64>> {
    Ok(trail::table
        .select(trail::chain)
        .distinct()
        .order(trail::chain)
        .load(conn)?)
}

/// Rows of a chain behind `seq`, in order.
pub fn chain_after(conn: &mut Conn, chain: i64, seq: i64, limit: i64) -> Result<Vec<TrailRow>> {
    Ok(trail::table
        .filter(trail::chain.eq(chain))
        .filter(trail::seq.gt(seq))
        .order(trail::seq)
        .limit(limit)
        .load(conn)?)
}

//! What tenants owe and have paid ahead is the same by documents and by the ledger.

use super::Violation;
use crate::db::Conn;
use crate::db::billing::invoices::Filter;
use crate::db::billing::ledger::{self, Account};
use crate::db::billing::{invoices, payments};
use crate::domain::ids::{PaymentId, TenantId};
use crate::domain::money::Minor;
use crate::error::Result;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

type Balances = BTreeMap<(TenantId, String), Minor>;

pub fn check(conn: &mut Conn, found: &mut Vec<Violation>) -> Result<()> {
    let (mut owed, mut ahead): (Balances, Balances) = Default::default();
    let mut filter = Filter::new(NaiveDate::MIN);
    filter.limit = i64::MAX;
    for head in invoices::list(conn, &filter)? {
        let sum = owed.entry((head.tenant_id, head.currency)).or_default();
        *sum = *sum + head.total - head.paid;
    }
    let mut applied: BTreeMap<i64, Minor> = BTreeMap::new();
    for part in payments::all_parts(conn)? {
        let sum = applied.entry(part.payment_id.0).or_default();
        *sum = *sum + part.amount;
    }
    let reversed: BTreeSet<PaymentId> = payments::reversed(conn)?.into_iter().collect();
    let stands = |it: &payments::Payment| !reversed.contains(&it.id);
    for payment in payments::all(conn)?.into_iter().filter(stands) {
        let used = applied.get(&payment.id.0).copied().unwrap_or_default();
        let sum = ahead
            .entry((payment.tenant_id, payment.currency))
            .or_default();
        *sum = *sum - (payment.amount - used);
    }
    compare(conn, Account::Receivable, owed, found)?;
    compare(conn, Account::Advance, ahead, found)
}

fn compare(
    conn: &mut Conn,
    account: Account,
    mut documents: Balances,
    found: &mut Vec<Violation>,
) -> Result<()> {
    let mut posted: Balances = BTreeMap::new();
    for (tenant, currency, amount) in ledger::balances_by_tenant(conn, account)? {
        if let Some(tenant) = tenant {
            posted.insert((tenant, currency), amount);
        }
    }
    posted.retain(|_, amount| *amount != Minor::ZERO);
    documents.retain(|_, amount| *amount != Minor::ZERO);
    if posted != documents {
        let of = |balances: &Balances, other: &Balances| {
            let only = balances
                .iter()
                .filter(|(key, it)| other.get(*key) != Some(it));
            let named = only.map(|((tenant, currency), it)| {
                format!("tenant {tenant}: {} {currency}", it.major())
            });
            named.collect::<Vec<_>>().join("; ")
        };
        let what = format!(
            "{account} by the ledger ({}) is not what the documents say ({})",
            of(&posted, &documents),
            of(&documents, &posted)
        );
        found.push(Violation::new("balanced", what));
    }
    Ok(())
}

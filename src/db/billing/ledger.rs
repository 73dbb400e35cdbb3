//! The journal: double entries whose amounts are signed, debit above zero and credit below.

use crate::codes;
use crate::db::Conn;
use crate::db::schema::{ledger_entries, ledger_transactions, tenants};
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::domain::money::{Currency, Minor};
use crate::error::Result;
use chrono::NaiveDate;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use serde::Serialize;

diesel::allow_columns_to_appear_in_same_group_by_clause!(
    ledger_transactions::currency,
    ledger_entries::account,
    ledger_entries::tenant_id,
);

codes!(
    /// Where money stands. Receivable and advance are kept by tenant.
    Account {
        Receivable = "receivable",
        Advance = "advance",
        Revenue = "revenue",
        Vat = "vat",
        Bank = "bank",
    }
);

codes!(
    /// The document behind a transaction: an application moves an advance to an invoice.
    /// A reversal has the number of the payment that it takes back.
    Kind {
        Invoice = "invoice",
        Payment = "payment",
        Application = "application",
        Reversal = "reversal",
    }
);

#[derive(Clone, Debug, Queryable, Insertable, Serialize)]
#[diesel(table_name = ledger_transactions)]
pub struct Transaction {
    #[diesel(skip_insertion)]
    pub id: LedgerTransactionId,
    pub date: NaiveDate,
    pub kind: String,
    pub document_id: i64,
    pub currency: String,
    pub posted_at: Instant,
    pub posted_by: Option<UserId>,
}

#[derive(Clone, Debug, Queryable, Insertable, Serialize)]
#[diesel(table_name = ledger_entries)]
pub struct Entry {
    pub transaction_id: LedgerTransactionId,
    pub line: i32,
    pub account: String,
    pub tenant_id: Option<TenantId>,
    pub amount: Minor,
}

/// Appends a transaction with its lines; lines of 0.00 are left out unless all are.
pub fn post(
    conn: &mut Conn,
    head: &Transaction,
    lines: &[(Account, Option<TenantId>, Minor)],
) -> Result<LedgerTransactionId> {
    let id = diesel::insert_into(ledger_transactions::table)
        .values(head)
        .returning(ledger_transactions::id)
        .get_result(conn)?;
    let kept = lines.iter().filter(|(_, _, amount)| *amount != Minor::ZERO);
    for (line, (account, tenant_id, amount)) in (1..).zip(kept) {
        let entry = Entry {
            transaction_id: id,
            line,
            account: account.code().to_owned(),
            tenant_id: *tenant_id,
            amount: *amount,
        };
        diesel::insert_into(ledger_entries::table)
            .values(&entry)
            .execute(conn)?;
    }
    Ok(id)
}

#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub account: Option<Account>,
    pub tenant: Option<TenantId>,
    pub from: Option<NaiveDate>,
    pub to: Option<NaiveDate>,
    /// The transaction that the page before ended with.
    pub before: Option<LedgerTransactionId>,
    pub limit: i64,
}

/// An entry with its transaction and the tenant's name.
pub type ListedEntry = (Transaction, Entry, Option<String>);

/// Transactions that have an entry as asked for, latest first, with all their entries.
pub fn list(conn: &mut Conn, filter: &Filter) -> Result<Vec<ListedEntry>> {
    let mut heads = ledger_transactions::table
        .select(ledger_transactions::id)
        .into_boxed();
    let accounts = match filter.account {
        Some(account) => vec![account.code()],
        None => Account::ALL.iter().map(|it| it.code()).collect(),
    };
    let touching = ledger_entries::table
        .filter(ledger_entries::account.eq_any(accounts))
        .select(ledger_entries::transaction_id);
    heads = match filter.tenant {
        None => heads.filter(ledger_transactions::id.eq_any(touching)),
        Some(tenant) => heads.filter(
            ledger_transactions::id.eq_any(touching.filter(ledger_entries::tenant_id.eq(tenant))),
        ),
    };
    if let Some(from) = filter.from {
        heads = heads.filter(ledger_transactions::date.ge(from));
    }
    if let Some(to) = filter.to {
        heads = heads.filter(ledger_transactions::date.lt(to));
    }
    if let Some(before) = filter.before {
        heads = heads.filter(ledger_transactions::id.lt(before));
    }
    let ids: Vec<LedgerTransactionId> = heads
        .order(ledger_transactions::id.desc())
        .limit(filter.limit)
        .load(conn)?;
    Ok(ledger_entries::table
        .inner_join(
            ledger_transactions::table
                .on(ledger_transactions::id.eq(ledger_entries::transaction_id)),
        )
        .left_join(tenants::table.on(tenants::id.nullable().eq(ledger_entries::tenant_id)))
        .filter(ledger_transactions::id.eq_any(ids))
        .order((ledger_transactions::id.desc(), ledger_entries::line))
        .select((
            ledger_transactions::all_columns,
            ledger_entries::all_columns,
            tenants::name.nullable(),
        ))
        .load(conn)?)
}

const AMOUNTS: &str = "COALESCE(CAST(SUM(ledger_entries.amount) AS BIGINT), 0)";

/// What stands on each account, by currency.
pub fn balances(conn: &mut Conn) -> Result<Vec<(String, String, Minor)>> {
    Ok(ledger_entries::table
        .inner_join(
            ledger_transactions::table
                .on(ledger_transactions::id.eq(ledger_entries::transaction_id)),
        )
        .group_by((ledger_transactions::currency, ledger_entries::account))
        .order((ledger_transactions::currency, ledger_entries::account))
        .select((
            ledger_transactions::currency,
            ledger_entries::account,
            sql::<BigInt>(AMOUNTS),
        ))
        .load(conn)?)
}

/// What stands on a tenant's side of an account.
pub fn balance_of(
    conn: &mut Conn,
    account: Account,
    tenant: TenantId,
    currency: Currency,
) -> Result<Minor> {
    Ok(ledger_entries::table
        .inner_join(
            ledger_transactions::table
                .on(ledger_transactions::id.eq(ledger_entries::transaction_id)),
        )
        .filter(ledger_entries::account.eq(account.code()))
        .filter(ledger_entries::tenant_id.eq(tenant))
        .filter(ledger_transactions::currency.eq(currency.code()))
        .select(sql::<BigInt>(AMOUNTS))
        .first(conn)?)
}

/// Each tenant's side of an account, by tenant and currency; zero balances too.
pub fn balances_by_tenant(
    conn: &mut Conn,
    account: Account,
) -> Result<Vec<(Option<TenantId>, String, Minor)>> {
    Ok(ledger_entries::table
        .inner_join(
            ledger_transactions::table
                .on(ledger_transactions::id.eq(ledger_entries::transaction_id)),
        )
        .filter(ledger_entries::account.eq(account.code()))
        .group_by((ledger_entries::tenant_id, ledger_transactions::currency))
        .order((ledger_entries::tenant_id, ledger_transactions::currency))
        .select((
            ledger_entries::tenant_id,
            ledger_transactions::currency,
            sql::<BigInt>(AMOUNTS),
        ))
        .load(conn)?)
}

/// Everything, for verification.
pub fn all(conn: &mut Conn) -> Result<(Vec<Transaction>, Vec<Entry>)> {
    let heads = ledger_transactions::table
        .order(ledger_transactions::id)
        .load(conn)?;
    let entries = ledger_entries::table
        .order((ledger_entries::transaction_id, ledger_entries::line))
        .load(conn)?;
    Ok((heads, entries))
}

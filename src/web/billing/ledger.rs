//! The journal: entries of a month, and what stands on each account and tenant.

use super::words;
use crate::db::Conn;
use crate::db::billing::ledger::{self, Account, Filter, ListedEntry};
use crate::db::identity::tenants;
use crate::domain::calendar::Month;
use crate::domain::ids::*;
use crate::domain::money::Minor;
use crate::error::Result;
use crate::export::table::{Column, Kind, Table};
use crate::web::door::Visit;
use crate::web::files;
use crate::web::list::{Cursor, ListParams, ListSpec, PAGE_SIZE};
use crate::web::page::{Page, html};
use crate::web::parts::Choice;
use crate::web::visit::Answer;
use actix_web::web;
use askama::Template;
use std::collections::{BTreeMap, HashMap};

const SPEC: ListSpec = ListSpec {
    sorts: &["id"],
    descending: true,
    filters: &["month", "account", "tenant"],
};
const EXPORT_ROWS: i64 = 1_000_000;

#[derive(Template)]
#[template(path = "billing/ledger.html")]
struct ListPage {
    page: Page,
    list: ListParams,
    rows: Vec<Row>,
    next: Option<String>,
    months: Vec<Choice>,
    accounts: Vec<Choice>,
    tenants: Vec<Choice>,
    balances: Vec<Balances>,
    of_tenants: Vec<OfTenant>,
}

struct Row {
    id: LedgerTransactionId,
    first: bool,
    date: String,
    kind: String,
    href: Option<String>,
    account: String,
    tenant: String,
    debit: String,
    credit: String,
}

/// The accounts of one currency; their sum is zero.
struct Balances {
    currency: String,
    lines: Vec<(String, String)>,
    sum: String,
}

struct OfTenant {
    tenant: String,
    href: String,
    receivable: String,
    advance: String,
}

fn filter(list: &ListParams) -> Filter {
    let month = Month::parse(list.filter("month"));
    Filter {
        account: Account::parse(list.filter("account")),
        tenant: list.filter("tenant").parse().ok(),
        from: month.map(Month::first),
        to: month.map(Month::end),
        before: list.after.as_ref().map(|at| LedgerTransactionId(at.id)),
        limit: PAGE_SIZE + 1,
    }
}

type Sides = Vec<(Option<TenantId>, String, Minor)>;

struct Loaded {
    entries: Vec<ListedEntry>,
    months: Vec<Month>,
    tenants: Vec<(TenantId, String)>,
    balances: Vec<(String, String, Minor)>,
    receivable: Sides,
    advance: Sides,
}

fn load(conn: &mut Conn, filter: &Filter) -> Result<Loaded> {
    let runs = crate::db::billing::runs::all(conn)?;
    let mut months: Vec<Month> = runs.iter().filter_map(|it| it.month().ok()).collect();
    // Invoices of a month are posted in the next one.
    months.extend(months.clone().into_iter().map(Month::next));
    months.sort_unstable_by(|a, b| b.cmp(a));
    months.dedup();
    let all = tenants::all(conn)?.into_iter();
    Ok(Loaded {
        entries: ledger::list(conn, filter)?,
        months,
        tenants: all.map(|it| (it.id, it.name)).collect(),
        balances: ledger::balances(conn)?,
        receivable: ledger::balances_by_tenant(conn, Account::Receivable)?,
        advance: ledger::balances_by_tenant(conn, Account::Advance)?,
    })
}

pub async fn list(visit: Visit) -> Answer {
    let list = visit.list(SPEC);
    let asked = filter(&list);
    let loaded = visit.read(move |conn| load(conn, &asked)).await?;
    let page = visit.page("nav-ledger");
    let (rows, next) = rows(&page, &list, &loaded.entries);
    let month = |it: &Month| Choice::new(it.to_string(), page.month(*it));
    let account = |it: &Account| Choice::new(it.code(), page.code("bill-account", it));
    let tenant = |(id, name): &(TenantId, String)| Choice::new(id.to_string(), name);
    html(&ListPage {
        months: loaded.months.iter().map(month).collect(),
        accounts: Account::ALL.iter().map(account).collect(),
        tenants: loaded.tenants.iter().map(tenant).collect(),
        balances: balances(&page, &loaded.balances),
        of_tenants: of_tenants(&page, &loaded),
        rows,
        next,
        page,
        list,
    })
}

/// Whole transactions: the page ends between two of them.
fn rows(page: &Page, list: &ListParams, entries: &[ListedEntry]) -> (Vec<Row>, Option<String>) {
    let (mut rows, mut shown) = (vec![], 0);
    let mut last = None;
    for (head, entry, tenant) in entries {
        let first = last != Some(head.id);
        if first {
            if shown == PAGE_SIZE {
                let next = last.map(|id| list.next_link(&Cursor::new(id, id.0)));
                return (rows, next);
            }
            (last, shown) = (Some(head.id), shown + 1);
        }
        let currency = words::currency(&head.currency);
        let side = |amount: Minor| page.money(amount, currency);
        let debit = entry.amount > Minor::ZERO;
        rows.push(Row {
            id: head.id,
            first,
            date: page.date(head.date),
            kind: page.code("bill-entry", &head.kind),
            href: match head.kind.as_str() {
                "invoice" => Some(format!("/invoices/{}", head.document_id)),
                "payment" | "reversal" => Some(format!("/payments/{}", head.document_id)),
                _ => None,
            },
            account: page.code("bill-account", &entry.account),
            tenant: tenant.clone().unwrap_or_default(),
            debit: if debit {
                side(entry.amount)
            } else {
                String::new()
            },
            credit: if debit {
                String::new()
            } else {
                side(-entry.amount)
            },
        });
    }
    (rows, None)
}

fn balances(page: &Page, found: &[(String, String, Minor)]) -> Vec<Balances> {
    let mut by: BTreeMap<&str, Vec<(&str, Minor)>> = BTreeMap::new();
    for (currency, account, amount) in found {
        by.entry(currency).or_default().push((account, *amount));
    }
    by.into_iter()
        .map(|(code, lines)| {
            let currency = words::currency(code);
            Balances {
                currency: code.to_owned(),
                sum: page.money(lines.iter().map(|it| it.1).sum::<Minor>(), currency),
                lines: lines
                    .iter()
                    .map(|(account, amount)| {
                        let name = page.code("bill-account", account);
                        (name, page.money(*amount, currency))
                    })
                    .collect(),
            }
        })
        .collect()
}

fn of_tenants(page: &Page, loaded: &Loaded) -> Vec<OfTenant> {
    let names: HashMap<TenantId, &str> = loaded
        .tenants
        .iter()
        .map(|(id, name)| (*id, name.as_str()))
        .collect();
    let mut both: BTreeMap<(TenantId, &str), (Minor, Minor)> = BTreeMap::new();
    for (tenant, currency, amount) in &loaded.receivable {
        if let Some(id) = tenant {
            both.entry((*id, currency)).or_default().0 = *amount;
        }
    }
    for (tenant, currency, amount) in &loaded.advance {
        if let Some(id) = tenant {
            both.entry((*id, currency)).or_default().1 = -*amount;
        }
    }
    both.into_iter()
        .map(|((id, code), (receivable, advance))| {
            let currency = words::currency(code);
            OfTenant {
                tenant: names.get(&id).copied().unwrap_or_default().to_owned(),
                href: format!("/invoices?tenant={id}"),
                receivable: page.money(receivable, currency),
                advance: page.money(advance, currency),
            }
        })
        .collect()
}

/// Debit above zero, credit below: a column for each currency, whose sum is zero.
pub async fn export(visit: Visit, format: web::Path<String>) -> Answer {
    let list = visit.list(SPEC);
    let mut filter = filter(&list);
    (filter.before, filter.limit) = (None, EXPORT_ROWS);
    let entries = visit.read(move |conn| ledger::list(conn, &filter)).await?;
    let page = visit.page("nav-ledger");
    let mut currencies: Vec<&str> = entries.iter().map(|it| it.0.currency.as_str()).collect();
    currencies.sort_unstable();
    currencies.dedup();
    let mut columns = vec![
        Column::new("№", Kind::Integer),
        Column::new(page.t("bill-ledger-date"), Kind::Date),
        Column::new(page.t("bill-ledger-document"), Kind::Text),
        Column::new(page.t("bill-ledger-account"), Kind::Text),
        Column::new(page.t("invoices-tenant"), Kind::Text),
    ];
    for code in &currencies {
        let header = format!("{}, {code}", page.t("bill-sum"));
        columns.push(Column::summed(header, Kind::Money(words::currency(code))));
    }
    let mut table = Table::new(&page.title, columns);
    for (head, entry, tenant) in &entries {
        let mut cells = vec![
            head.id.0.into(),
            head.date.into(),
            format!(
                "{} {}",
                page.code("bill-entry", &head.kind),
                head.document_id
            )
            .into(),
            page.code("bill-account", &entry.account).into(),
            tenant.clone().into(),
        ];
        let amount = |code: &&str| (**code == head.currency).then_some(entry.amount).into();
        cells.extend(currencies.iter().map(amount));
        table.push(cells);
    }
    let month = Month::parse(list.filter("month"));
    let name = month.map_or_else(|| "ledger".to_owned(), |it| format!("ledger-{it}"));
    files::table(&visit, &table, &name, &format)
}

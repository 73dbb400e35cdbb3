//! The home of finance: this month's run, what is overdue by age, what cannot be billed yet and why.

use super::lacks::{self, LacksCard};
use crate::domain::ids::*;
use crate::services::billing::blockers::{Blocker, Target};
use crate::services::billing::home::{self, FinanceHome, Overdue};
use crate::services::billing::open_month::open_month;
use crate::services::billing::runs::Entry;
use crate::web::door::Visit;
use crate::web::page::{Page, html};
use crate::web::parts::Tab;
use crate::web::visit::Answer;
use askama::Template;

/// The heads of the four ages.
pub const AGES: [&str; 4] = ["home-age-30", "home-age-60", "home-age-90", "home-age-more"];
/// Reasons of one lease that fit in its line.
const MOST_REASONS: usize = 3;

#[derive(Template)]
#[template(path = "home/finance.html")]
struct FinancePage {
    page: Page,
    tabs: Vec<Tab>,
    run: Run,
    lacks: LacksCard,
    ages: Vec<Ages>,
    late: Vec<Late>,
    blocked: Vec<Blocked>,
    corrections: usize,
    corrections_link: Option<&'static str>,
}

struct Run {
    title: String,
    state: String,
    facts: Vec<(String, String)>,
    href: Option<String>,
}

/// What is overdue in one currency, in the four ages and in all.
struct Ages {
    currency: &'static str,
    count: i64,
    by_age: Vec<String>,
    total: String,
}

struct Late {
    href: String,
    number: String,
    tenant: String,
    due: String,
    days: i64,
    sum: String,
}

struct Blocked {
    href: String,
    lease: String,
    tenant: String,
    reasons: Vec<(String, Option<String>)>,
    more: usize,
}

pub async fn show(visit: Visit, tabs: Vec<Tab>) -> Answer {
    let (actor, now) = (visit.who.actor, visit.now);
    let (home, open) = visit
        .run(move |app| {
            let home = home::finance(&app.db, &actor, now)?;
            Ok((home, open_month(&app.db, now)?))
        })
        .await?;
    let page = visit.page("home-finance-title");
    let today = page.zone.date(now);
    html(&FinancePage {
        run: run(&page, &visit, &home),
        lacks: lacks::card(&page, &visit, &open),
        ages: home
            .overdue
            .iter()
            .map(|(currency, overdue)| ages(&page, currency.sign(), overdue))
            .collect(),
        late: home
            .overdue_invoices
            .iter()
            .map(|it| Late {
                href: format!("/invoices/{}", it.id),
                number: it.number.clone(),
                tenant: it.tenant.clone(),
                due: page.date(it.due_date),
                days: (today - it.due_date).num_days(),
                sum: page.money(it.due(), it.currency()),
            })
            .collect(),
        blocked: home
            .blocked
            .iter()
            .map(|entry| blocked(&page, &visit, entry))
            .collect(),
        corrections: home.late_corrections,
        corrections_link: visit.who.may_open("/corrections").then_some("/corrections"),
        page,
        tabs,
    })
}

fn run(page: &Page, visit: &Visit, home: &FinanceHome) -> Run {
    let state = match &home.run {
        Some(run) => page.code("home-run-state", &run.state),
        None => page.t("home-run-none"),
    };
    let mut facts = vec![
        (page.t("home-run-leases"), page.count(home.leases)),
        (page.t("home-run-blocked"), page.count(home.blocked.len())),
        (page.t("home-run-waiting"), page.count(home.waiting)),
    ];
    for (currency, sums) in &home.sums {
        if sums.ready > 0 {
            let value = page.money(sums.ready_total, *currency);
            facts.push((page.t1("home-run-ready", "count", sums.ready), value));
        }
        if sums.issued > 0 {
            let value = page.money(sums.issued_total, *currency);
            facts.push((page.t1("home-run-issued", "count", sums.issued), value));
        }
    }
    let href = match &home.run {
        Some(run) if visit.who.may_open("/runs/{id}") => Some(format!("/runs/{}", run.id)),
        _ => visit.who.may_open("/runs").then(|| "/runs".to_owned()),
    };
    Run {
        title: page.t1("home-run-title", "month", page.month(home.month)),
        state,
        facts,
        href,
    }
}

fn ages(page: &Page, currency: &'static str, overdue: &Overdue) -> Ages {
    Ages {
        currency,
        count: overdue.count,
        by_age: overdue.by_age.iter().map(|sum| page.amount(sum)).collect(),
        total: page.amount(overdue.total()),
    }
}

fn blocked(page: &Page, visit: &Visit, entry: &Entry) -> Blocked {
    let reasons = entry
        .blockers
        .iter()
        .take(MOST_REASONS)
        .map(|blocker| (page.say(&blocker.message), mend(visit, blocker)))
        .collect();
    Blocked {
        href: format!("/leases/{}", entry.lease.id),
        lease: entry.lease.number.clone(),
        tenant: entry.tenant.clone(),
        reasons,
        more: entry.blockers.len().saturating_sub(MOST_REASONS),
    }
}

/// The page on which a reason is mended, where the reader may open it.
fn mend(visit: &Visit, blocker: &Blocker) -> Option<String> {
    let (pattern, path) = match blocker.target {
        Target::Lease(LeaseId(id)) => ("/leases/{id}", format!("/leases/{id}")),
        Target::Tenant(TenantId(id)) => ("/tenants/{id}", format!("/tenants/{id}")),
        Target::Meter(MeterId(id)) => ("/meters/{id}", format!("/meters/{id}")),
        Target::Rack(RackId(id)) => ("/racks/{id}", format!("/racks/{id}")),
        Target::Plan(PlanId(id)) => ("/plans/{id}", format!("/plans/{id}")),
        Target::Vat => ("/vat", "/vat".to_owned()),
        Target::Operator => ("/operator", "/operator".to_owned()),
    };
    visit.who.may_open(pattern).then_some(path)
}

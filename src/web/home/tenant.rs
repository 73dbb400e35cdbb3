//! A tenant's home: drawing now, the month so far, what is due, what needs a decision.

use super::curve::{self, Curve};
use crate::db::leasing::lists::{self, Named, Narrow, Slice};
use crate::db::leasing::requests::Request;
use crate::db::leasing::reservations::Reservation;
use crate::db::metering::alarms::{self, Incident};
use crate::db::site::sites;
use crate::domain::calendar::{Instant, Zone};
use crate::domain::identity::access::Permission;
use crate::domain::ids::TenantId;
use crate::domain::leasing::state::ReservationStatus;
use crate::domain::metering::alarm::Kind;
use crate::domain::money::{Currency, Minor};
use crate::domain::units::Watts;
use crate::error::{Error, Result};
use crate::services::billing::home::{self, LeaseNow, TenantHome, TenantMoney};
use crate::services::metering::curve::Subject;
use crate::web::door::Visit;
use crate::web::leasing::words;
use crate::web::page::{Page, Tone, html};
use crate::web::parts::{Notice, Tab};
use crate::web::visit::Answer;
use askama::Template;

/// How long an answered request is news.
const NEWS_HOURS: i64 = 24 * 14;
const MOST_NOTICES: i64 = 20;

#[derive(Template)]
#[template(path = "home/tenant.html")]
struct TenantPage {
    page: Page,
    tenant: TenantId,
    stats: Vec<Stat>,
    chart: Option<String>,
    chart_tariff: bool,
    notices: Vec<Notice>,
    leases: Vec<Line>,
    aside: String,
    /// The head of the column of amounts.
    money_head: String,
    may_reserve: bool,
}

/// A number with what it means.
struct Stat {
    label: String,
    value: String,
    unit: String,
    note: String,
    percent: i64,
    tone: &'static str,
    href: &'static str,
}

struct Line {
    href: String,
    number: String,
    site: String,
    now: String,
    contracted: Watts,
    percent: i64,
    label: String,
    tone: &'static str,
    kwh: String,
    money: String,
}

struct Seen {
    home: TenantHome,
    curve: Option<Curve>,
    held: Vec<Named<Reservation>>,
    answered: Vec<Named<Request>>,
    /// Own leases that draw more than they may.
    over: Vec<Incident>,
    zone: Option<Zone>,
}

pub async fn show(visit: Visit) -> Answer {
    let tenant = visit.who.actor.tenant.ok_or(Error::NotFound)?;
    let (actor, now) = (visit.who.actor, visit.now);
    let seen = visit
        .run(move |app| {
            let home = home::tenant(&app.db, &actor, now, tenant)?;
            app.db.read(|conn| see(conn, now, tenant, home))
        })
        .await?;
    let title = visit.who.tenant_name.clone().unwrap_or_default();
    let mut page = visit.page("nav-home").named(title);
    page.zone = seen.zone.unwrap_or(page.zone);
    html(&TenantPage {
        tenant,
        stats: stats(&page, &seen.home),
        money_head: money_head(&page, seen.home.money.values()),
        chart: seen
            .curve
            .as_ref()
            .filter(|curve| !curve.is_empty())
            .map(|curve| curve.json(&page)),
        chart_tariff: seen.curve.as_ref().is_some_and(Curve::has_tariff),
        notices: notices(&page, &seen, now),
        leases: seen.home.leases.iter().map(|it| line(&page, it)).collect(),
        aside: page.t1("home-leases", "count", seen.home.leases.len()),
        may_reserve: visit.who.may(Permission::Reserve),
        page,
    })
}

fn see(
    conn: &mut crate::db::Conn,
    now: Instant,
    tenant: TenantId,
    home: TenantHome,
) -> Result<Seen> {
    let own = Narrow {
        tenant: Some(tenant),
        ..Narrow::default()
    };
    let slice = Slice {
        sort: "id",
        descending: true,
        limit: MOST_NOTICES,
        ..Slice::default()
    };
    let mut held = vec![];
    for status in [ReservationStatus::Held, ReservationStatus::Assigned] {
        let narrow = Narrow {
            status: Some(status),
            ..own.clone()
        };
        held.extend(lists::reservations(conn, &narrow, &slice, now)?);
    }
    let closed = Narrow {
        state: "closed".to_owned(),
        ..own
    };
    let answered = lists::requests(conn, &closed, &slice)?
        .into_iter()
        .filter(|(row, ..)| !row.answer.is_empty())
        .filter(|(row, ..)| row.closed_at > Some(now.plus_hours(-NEWS_HOURS)))
        .collect();
    let subjects = home.leases.iter().map(|it| Subject::Lease(it.lease.id));
    let subjects: Vec<String> = subjects.map(Subject::code).collect();
    let over = alarms::open_among(conn, Kind::OverAllocation, &subjects)?;
    let mut curve = None;
    let mut zone = None;
    if let Some(first) = home.leases.first() {
        let site = sites::get(conn, first.lease.site_id)?;
        let rows: Vec<_> = home.leases.iter().map(|it| it.lease.clone()).collect();
        curve = Some(curve::week(conn, now, site.zone(), &rows, home.contracted)?);
        zone = Some(site.zone());
    }
    Ok(Seen {
        home,
        curve,
        held,
        answered,
        over,
        zone,
    })
}

/// Whether the amounts of the month have VAT in them, said once for all of them.
fn money_head<'a>(page: &Page, all: impl Iterator<Item = &'a TenantMoney> + Clone) -> String {
    let vat: Minor = all.clone().map(|it| it.so_far_vat).sum();
    let total: Minor = all.map(|it| it.so_far).sum();
    page.t1("home-col-money", "vat", page.gross(vat, total))
}

/// What is drawn now, or that nothing measures it.
fn drawing(page: &Page, home: &TenantHome) -> Stat {
    if !home.leases.is_empty() && !home.leases.iter().any(|it| it.metered) {
        return Stat {
            label: page.t("home-now"),
            value: page.t("none"),
            unit: String::new(),
            note: page.t("home-no-meter"),
            percent: -1,
            tone: "",
            href: "",
        };
    }
    let percent = home.drawing.0.saturating_mul(100) / home.contracted.0.max(1);
    Stat {
        label: page.t("home-now"),
        value: page.kw_num(home.drawing, 0),
        unit: page.t("unit-kw"),
        note: page.t2(
            "home-now-note",
            "percent",
            page.pct(rust_decimal::Decimal::from(percent), 0),
            "kw",
            page.kw(home.contracted),
        ),
        percent,
        tone: if percent > 100 { "danger" } else { "" },
        href: "",
    }
}

fn stats(page: &Page, home: &TenantHome) -> Vec<Stat> {
    let share = if home.wh.0 > 0 {
        home.estimated_wh.0.saturating_mul(1_000) / home.wh.0
    } else {
        0
    };
    let mut stats = vec![
        drawing(page, home),
        Stat {
            label: page.t("home-energy"),
            value: page.kwh_num(home.wh, 0),
            unit: page.t("unit-kwh"),
            note: page.t1(
                "home-estimated-share",
                "percent",
                page.pct(rust_decimal::Decimal::new(share, 1), 1),
            ),
            percent: -1,
            tone: "",
            href: "/usage",
        },
    ];
    for (currency, money) in &home.money {
        stats.extend(money_stats(page, home, *currency, money));
    }
    stats
}

fn money_stats(
    page: &Page,
    home: &TenantHome,
    currency: Currency,
    money: &TenantMoney,
) -> [Stat; 2] {
    let gross = page.gross(money.so_far_vat, money.so_far);
    let share = money.so_far.0.saturating_mul(100) / money.forecast.0.max(1);
    let due = match (money.overdue > Minor::ZERO, money.next_due) {
        (true, _) => page.t1("home-overdue", "money", page.money(money.overdue, currency)),
        (false, Some(day)) => page.t1("home-due-by", "date", page.date(day)),
        (false, None) => page.t("home-due-none"),
    };
    let due_gross = (money.due > Minor::ZERO).then(|| page.gross(money.due_vat, money.due));
    let advance = (money.advance > Minor::ZERO)
        .then(|| page.t1("home-advance", "money", page.money(money.advance, currency)));
    [
        Stat {
            label: page.t1("home-charged", "month", page.month(home.month)),
            value: page.amount(money.so_far),
            unit: currency.sign().to_owned(),
            note: page.t2(
                "home-forecast",
                "vat",
                gross,
                "money",
                page.money(money.forecast, currency),
            ),
            percent: share,
            tone: "",
            href: "",
        },
        Stat {
            label: page.t("home-due"),
            value: page.amount(money.due),
            unit: currency.sign().to_owned(),
            note: [due_gross, Some(due), advance]
                .into_iter()
                .flatten()
                .collect::<Vec<_>>()
                .join(" · "),
            percent: -1,
            tone: "",
            href: "/invoices",
        },
    ]
}

fn line(page: &Page, it: &LeaseNow) -> Line {
    let percent = it.month.last_watts.0.saturating_mul(100) / it.contracted.0.max(1);
    let currency = Currency::parse(&it.month.currency);
    Line {
        href: format!("/leases/{}", it.lease.id),
        number: it.lease.number.clone(),
        site: it.site.clone(),
        now: match it.metered {
            true => page.kw_num(it.month.last_watts, 1),
            false => page.t("none"),
        },
        contracted: it.contracted,
        percent,
        label: page.pct(rust_decimal::Decimal::from(percent), 0),
        tone: if percent >= 98 { "warn" } else { "" },
        kwh: page.kwh_num(it.month.wh, 0),
        money: currency.map_or(String::new(), |c| page.money(it.month.total, c)),
    }
}

/// What this tenant has to decide or to know, each with its next step.
fn notices(page: &Page, seen: &Seen, now: Instant) -> Vec<Notice> {
    let mut notices = vec![];
    let today = page.zone.date(now);
    notices.extend(seen.over.iter().map(|it| Notice {
        tone: Tone::Danger,
        title: crate::services::metering::alarms::line(page.locale, it),
        note: page.t1("home-over-since", "at", page.dt(it.raised_at)),
        href: format!("/load?of={}", it.subject),
    }));
    for invoice in &seen.home.unpaid {
        let late = invoice.due_date < today;
        notices.push(Notice {
            tone: if late { Tone::Danger } else { Tone::Warn },
            title: page.t2(
                if late {
                    "home-invoice-late"
                } else {
                    "home-invoice-due"
                },
                "number",
                &invoice.number,
                "date",
                page.date_near(invoice.due_date, today),
            ),
            note: page.money(invoice.due(), invoice.currency()),
            href: format!("/invoices/{}", invoice.id),
        });
    }
    for (row, ..) in &seen.held {
        let assigned = row.assigned_at.is_some();
        notices.push(Notice {
            tone: if assigned { Tone::Info } else { Tone::Warn },
            title: page.t2("home-held", "count", row.units, "model", &row.model_name),
            note: format!(
                "{} · {}",
                page.t(if assigned {
                    "home-held-assigned"
                } else {
                    "home-held-waits"
                }),
                words::left(page, row.hold_until.0 - now.0)
            ),
            href: format!("/reservations/{}", row.id),
        });
    }
    for (row, ..) in &seen.answered {
        notices.push(Notice {
            tone: Tone::Ok,
            title: page.t1("home-answered", "id", row.id.to_string()),
            note: row.answer.clone(),
            href: format!("/requests/{}", row.id),
        });
    }
    notices
}

#[derive(Template)]
#[template(path = "home/tenants.html")]
struct OverviewPage {
    page: Page,
    tabs: Vec<Tab>,
    rows: Vec<OverviewLine>,
    money_head: String,
}

struct OverviewLine {
    href: String,
    tenant: String,
    leases: usize,
    now: String,
    contracted: String,
    money: String,
    due: String,
    late: bool,
}

/// All tenants side by side, for whoever runs the house.
pub async fn overview(visit: Visit, tabs: Vec<Tab>) -> Answer {
    let (actor, now) = (visit.who.actor, visit.now);
    let rows = visit
        .run(move |app| {
            let names = app.db.read(lists::tenant_names)?;
            names
                .into_iter()
                .map(|(id, name)| Ok((id, name, home::tenant(&app.db, &actor, now, id)?)))
                .collect::<Result<Vec<_>>>()
        })
        .await?;
    let page = visit.page("nav-home");
    let all = rows.iter().flat_map(|(_, _, home)| home.money.values());
    html(&OverviewPage {
        money_head: money_head(&page, all),
        rows: rows.iter().map(|row| overview_line(&page, row)).collect(),
        page,
        tabs,
    })
}

fn overview_line(page: &Page, (id, name, home): &(TenantId, String, TenantHome)) -> OverviewLine {
    let sums = |of: fn(&TenantMoney) -> Minor| {
        let parts: Vec<String> = home
            .money
            .iter()
            .map(|(currency, money)| page.money(of(money), *currency))
            .collect();
        parts.join(", ")
    };
    OverviewLine {
        href: format!("/tenants/{id}"),
        tenant: name.clone(),
        leases: home.leases.len(),
        now: page.kw_num(home.drawing, 0),
        contracted: page.kw_num(home.contracted, 0),
        money: sums(|money| money.so_far),
        due: sums(|money| money.due),
        late: home.money.values().any(|money| money.overdue > Minor::ZERO),
    }
}

//! The site's home: what waits for an answer, a rack or a signature, and what is near a limit.

use super::first_steps::{FirstStep, There};
use super::lacks;
use crate::db::Conn;
use crate::db::leasing::conflicts::{self as conflict_rows, Listed};
use crate::db::leasing::lists::{self, Named, Narrow, Slice};
use crate::db::leasing::requests::{OPEN, Request};
use crate::db::leasing::reservations::Reservation;
use crate::db::metering::alarms::{self as incidents, Incident};
use crate::db::metering::silence::{Silent, silent};
use crate::db::site::power::{Outage, outages_of_site};
use crate::db::site::sites;
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Role;
use crate::domain::leasing::state::ReservationStatus;
use crate::error::Result;
use crate::services::billing::open_month::{OpenMonth, open_month};
use crate::services::leasing::near::{Kind, Near, near};
use crate::web::door::Visit;
use crate::web::leasing::{conflicts as conflict_pages, words};
use crate::web::page::{Page, Tone, html};
use crate::web::parts::{Notice, Tab};
use crate::web::visit::Answer;
use askama::Template;

/// A half-hour meter that missed this much time has stopped. Those that an alarm tells of stand there.
const SILENT_HOURS: i64 = 6;
const MOST: i64 = 12;
/// The fullest; how many there are stands in the title.
const MOST_NEAR: usize = 6;
const MOST_ALARMS: i64 = 5;

#[derive(Template)]
#[template(path = "home/staff.html")]
struct StaffPage {
    page: Page,
    tabs: Vec<Tab>,
    /// What an administrator of a new house has still to do.
    steps: Vec<FirstStep>,
    done: usize,
    columns: Vec<Vec<Card>>,
}

/// One question of the day with what answers it; `all` leads to the whole list.
struct Card {
    title: String,
    none: String,
    notices: Vec<Notice>,
    /// Those that are one press away.
    more: Vec<Notice>,
    all: Option<String>,
}

struct Seen {
    requests: Vec<Named<Request>>,
    held: Vec<Named<Reservation>>,
    near: Vec<(sites::Site, Near)>,
    silent: Vec<Silent>,
    outages: Vec<(sites::Site, Outage, String)>,
    /// The worst, and how many there are.
    conflicts: (Vec<Listed>, i64),
    /// The newest that nobody acknowledged, with their sites, and how many go on.
    alarms: (Vec<(Incident, String)>, i64),
}

pub async fn show(visit: Visit, tabs: Vec<Tab>) -> Answer {
    let now = visit.now;
    let runs_house = visit.who.actor.role == Role::Administrator;
    let (seen, there, open) = visit
        .run(move |app| {
            let open = open_month(&app.db, now)?;
            app.db.read(|conn| {
                let there = runs_house.then(|| There::load(conn)).transpose()?;
                Ok((see(conn, now)?, there, open))
            })
        })
        .await?;
    let page = visit.page("home-staff-title");
    let steps = there.as_ref().map_or(vec![], |there| there.steps(&page));
    let mut columns = vec![
        vec![
            requests(&page, &visit, &seen),
            alarms(&page, &visit, &seen),
            meters(&page, &visit, &seen, now),
            missing(&page, &visit, &open),
            outages(&page, &visit, &seen, now),
        ],
        vec![
            conflicts(&page, &visit, &seen),
            held(&page, &seen, now),
            limits(&page, &visit, &seen),
        ],
    ];
    // Before there is a site nothing can wait, be silent or be near a limit.
    if there.is_some_and(|there| !there.has_site()) {
        columns.clear();
    }
    html(&StaffPage {
        done: steps.iter().filter(|step| step.done).count(),
        steps,
        page,
        tabs,
        columns,
    })
}

fn see(conn: &mut Conn, now: Instant) -> Result<Seen> {
    let slice = Slice {
        sort: "id",
        limit: MOST,
        ..Slice::default()
    };
    let open = Narrow {
        state: OPEN.to_owned(),
        ..Narrow::default()
    };
    let mut held = vec![];
    for status in [ReservationStatus::Held, ReservationStatus::Assigned] {
        let narrow = Narrow {
            status: Some(status),
            ..Narrow::default()
        };
        held.extend(lists::reservations(conn, &narrow, &slice, now)?);
    }
    held.sort_by_key(|(row, ..)| row.hold_until);
    let mut seen = Seen {
        requests: lists::requests(conn, &open, &slice)?,
        held,
        near: vec![],
        silent: vec![],
        outages: vec![],
        conflicts: open_conflicts(conn)?,
        alarms: open_alarms(conn)?,
    };
    for site in sites::all(conn)? {
        let today = site.zone().date(now);
        if seen.silent.is_empty() {
            seen.silent = silent(conn, now.plus_hours(-SILENT_HOURS), today, MOST)?;
        }
        for found in near(conn, site.id, now)? {
            seen.near.push((site.clone(), found));
        }
        let nodes = crate::db::site::power::of_site(conn, site.id)?;
        for outage in outages_of_site(conn, site.id)? {
            if outage.to_date > today {
                let node = nodes.iter().find(|node| node.id == outage.node_id);
                let name = node.map_or(String::new(), |node| node.name.clone());
                seen.outages.push((site.clone(), outage, name));
            }
        }
    }
    Ok(seen)
}

/// The worst first.
fn open_conflicts(conn: &mut Conn) -> Result<(Vec<Listed>, i64)> {
    let open = conflict_rows::Narrow {
        open: Some(true),
        ..conflict_rows::Narrow::default()
    };
    let slice = Slice {
        sort: "excess",
        descending: true,
        limit: MOST_NEAR as i64,
        ..Slice::default()
    };
    let worst = conflict_rows::list(conn, &open, &slice)?;
    let count = match worst.len() < MOST_NEAR {
        true => worst.len() as i64,
        false => conflict_rows::count(conn, &open, "")?.0,
    };
    Ok((worst, count))
}

fn open_alarms(conn: &mut Conn) -> Result<(Vec<(Incident, String)>, i64)> {
    let open = incidents::Filter {
        open: Some(true),
        descending: true,
        limit: MOST_ALARMS,
        ..incidents::Filter::default()
    };
    let unseen = incidents::Filter {
        unseen: true,
        ..open.clone()
    };
    let newest = incidents::list(conn, &unseen)?;
    Ok((newest, incidents::count(conn, &open)?))
}

fn alarms(page: &Page, visit: &Visit, seen: &Seen) -> Card {
    let (newest, count) = &seen.alarms;
    let notices = newest.iter().map(|(it, site)| Notice {
        tone: Tone::Danger,
        title: crate::services::metering::alarms::line(page.locale, it),
        note: page.t2("home-alarm-note", "site", site, "at", page.dt(it.raised_at)),
        href: open(visit, "/alarms/{id}", format!("/alarms/{}", it.id)),
    });
    Card {
        title: page.t1("home-alarms", "count", *count),
        none: page.t(match count {
            0 => "home-alarms-none",
            _ => "home-alarms-known",
        }),
        notices: notices.collect(),
        more: vec![],
        all: Some(open(visit, "/alarms", "/alarms?state=open".to_owned())),
    }
}

fn conflicts(page: &Page, visit: &Visit, seen: &Seen) -> Card {
    let (worst, count) = &seen.conflicts;
    let notices = worst.iter().map(|found| {
        let line = conflict_pages::line(page, &visit.who, found);
        Notice {
            tone: Tone::Danger,
            title: format!("{} · {}", line.tenant, line.what),
            note: format!("{} · {}", line.days, line.cause),
            href: line.href,
        }
    });
    Card {
        title: page.t1("home-conflicts", "count", *count),
        none: page.t("home-conflicts-none"),
        notices: notices.collect(),
        more: vec![],
        all: Some(open(visit, "/conflicts", "/conflicts".to_owned())),
    }
}

/// A link where the reader may follow it, else this page.
fn open(visit: &Visit, pattern: &str, path: String) -> String {
    if visit.who.may_open(pattern) {
        path
    } else {
        "/".to_owned()
    }
}

fn requests(page: &Page, visit: &Visit, seen: &Seen) -> Card {
    let notices = seen.requests.iter().map(|(row, tenant, _)| Notice {
        tone: Tone::Warn,
        title: page.t3(
            "home-request",
            ("tenant", tenant),
            ("count", row.units),
            ("model", &row.model_name),
        ),
        note: page.t2(
            "home-request-note",
            "from",
            page.date(row.from_date),
            "fit",
            row.available_units,
        ),
        href: format!("/requests/{}", row.id),
    });
    Card {
        title: page.t("home-requests"),
        none: page.t("home-requests-none"),
        notices: notices.collect(),
        more: vec![],
        all: Some(open(visit, "/requests", "/requests?state=open".to_owned())),
    }
}

fn held(page: &Page, seen: &Seen, now: Instant) -> Card {
    let notices = seen.held.iter().map(|(row, tenant, _)| {
        let assigned = row.assigned_at.is_some();
        let step = if assigned {
            "home-to-sign"
        } else {
            "home-to-assign"
        };
        let left = row.hold_until.0 - now.0;
        Notice {
            tone: if left < 24 * 3_600 {
                Tone::Danger
            } else {
                Tone::Warn
            },
            title: page.t3(
                "home-request",
                ("tenant", tenant),
                ("count", row.units),
                ("model", &row.model_name),
            ),
            note: format!("{} · {}", page.t(step), words::left(page, left)),
            href: format!("/reservations/{}", row.id),
        }
    });
    Card {
        title: page.t("home-holds"),
        none: page.t("home-holds-none"),
        notices: notices.collect(),
        more: vec![],
        all: Some("/reservations".to_owned()),
    }
}

fn limits(page: &Page, visit: &Visit, seen: &Seen) -> Card {
    let all = seen.near.iter().map(|(site, near)| {
        let (key, tab) = match near.kind {
            Kind::Node => ("home-near-node", "power"),
            Kind::Zone => ("home-near-zone", "cooling"),
        };
        Notice {
            tone: if near.percent > 100 {
                Tone::Danger
            } else {
                Tone::Warn
            },
            title: page.t2(
                key,
                "name",
                &near.name,
                "percent",
                page.pct(rust_decimal::Decimal::from(near.percent), 0),
            ),
            note: site.name.clone(),
            href: open(
                visit,
                &format!("/sites/{{id}}/{tab}"),
                format!("/sites/{}/{tab}", site.id),
            ),
        }
    });
    let mut notices: Vec<Notice> = all.collect();
    let more = notices.split_off(notices.len().min(MOST_NEAR));
    Card {
        title: page.t1("home-near", "count", seen.near.len()),
        none: page.t("home-near-none"),
        notices,
        more,
        all: None,
    }
}

fn meters(page: &Page, visit: &Visit, seen: &Seen, now: Instant) -> Card {
    let notices = seen.silent.iter().map(|meter| Notice {
        tone: Tone::Danger,
        title: page.t1("home-silent", "meter", &meter.code),
        note: match meter.last_at {
            Some(at) => page.t2(
                "home-silent-since",
                "at",
                page.dt(at),
                "hours",
                (now.0 - at.0) / 3_600,
            ),
            None => page.t("home-silent-never"),
        },
        href: open(visit, "/meters/{id}", format!("/meters/{}", meter.id)),
    });
    Card {
        title: page.t("home-meters"),
        none: match seen.alarms.1 {
            0 => page.t1("home-meters-none", "count", SILENT_HOURS),
            _ => page.t("home-meters-others"),
        },
        notices: notices.collect(),
        more: vec![],
        all: Some(open(visit, "/meters", "/meters".to_owned())),
    }
}

fn missing(page: &Page, visit: &Visit, open: &OpenMonth) -> Card {
    let found = lacks::card(page, visit, open);
    Card {
        title: found.title,
        none: found.lead,
        notices: found.notices,
        more: found.more,
        all: Some(self::open(visit, "/usage", "/usage".to_owned())),
    }
}

fn outages(page: &Page, visit: &Visit, seen: &Seen, now: Instant) -> Card {
    let notices = seen.outages.iter().map(|(site, outage, node)| Notice {
        tone: Tone::Info,
        title: page.t3(
            "home-outage",
            ("node", node),
            (
                "from",
                page.date_near(outage.from_date, site.zone().date(now)),
            ),
            ("to", page.date_near(outage.to_date, site.zone().date(now))),
        ),
        note: format!("{} · {}", site.name, outage.reason),
        href: open(
            visit,
            "/sites/{id}/outages",
            format!("/sites/{}/outages", site.id),
        ),
    });
    Card {
        title: page.t("home-outages"),
        none: page.t("home-outages-none"),
        notices: notices.collect(),
        more: vec![],
        all: None,
    }
}

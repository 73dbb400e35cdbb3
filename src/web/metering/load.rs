//! Load curves over any time, and what is drawn now.

use super::words::parameter;
use crate::db::Conn;
use crate::domain::calendar::{Instant, Span, Zone};
use crate::domain::identity::access::Permission;
use crate::domain::units::Watts;
use crate::error::{Error, Result};
use crate::services::metering::curve::{self, About, Curve, Step, Subject};
use crate::services::metering::marks::{self, Marks};
use crate::web::door::{Visit, Who};
use crate::web::list::with_query;
use crate::web::page::{Page, html};
use crate::web::parts::Tab;
use crate::web::visit::Answer;
use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Bytes;
use askama::Template;
use chrono::{Datelike, Days, Months, NaiveDate};
use futures_util::stream;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::time::Duration;

/// A curve of more would be a report.
const MOST_DAYS: i64 = 3_660;
/// Spans that are offered, in days.
const SPANS: [i64; 5] = [1, 7, 31, 365, 1_826];
/// How often what is drawn now is told, and how often before a browser asks again.
const BEAT: Duration = Duration::from_secs(10);
const BEATS: usize = 30;

/// What is drawn beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum With {
    Subject(Subject),
    /// As long a time before.
    Before,
}

impl With {
    const BEFORE: &str = "before";

    fn parse(text: &str) -> Option<Self> {
        match text {
            Self::BEFORE => Some(Self::Before),
            _ => Subject::parse(text).map(Self::Subject),
        }
    }

    fn code(self) -> String {
        match self {
            Self::Subject(subject) => subject.code(),
            Self::Before => Self::BEFORE.to_owned(),
        }
    }
}

/// What the address asks for.
#[derive(Clone, Debug)]
struct Asked {
    subject: Subject,
    with: Option<With>,
    from: NaiveDate,
    to: NaiveDate,
}

fn subject(visit: &Visit, name: &str) -> Option<Subject> {
    parameter(visit, name).and_then(Subject::parse)
}

fn with(visit: &Visit) -> Option<With> {
    parameter(visit, "with").and_then(With::parse)
}

/// Staff see everything, a tenant its own leases.
fn visible(conn: &mut Conn, who: &Who, subject: Subject) -> Result<About> {
    let about = curve::about(conn, subject)?;
    let own = about.tenant.is_some_and(|it| who.actor.sees(it));
    if own || who.may(Permission::ViewSite) {
        Ok(about)
    } else {
        Err(Error::NotFound)
    }
}

fn asked(visit: &Visit, subject: Subject, zone: Zone) -> Asked {
    let today = zone.date(visit.now);
    let date = |name| parameter(visit, name).and_then(|it| it.parse::<NaiveDate>().ok());
    let to = date("to").unwrap_or(today + Days::new(1));
    let from = date("from").filter(|from| *from < to);
    let from = from.unwrap_or(to - Days::new(7));
    let from = from.max(to - Days::new(MOST_DAYS.unsigned_abs()));
    Asked {
        subject,
        with: with(visit),
        from,
        to,
    }
}

impl Asked {
    fn days(&self) -> i64 {
        self.to.signed_duration_since(self.from).num_days()
    }

    fn href(&self, from: NaiveDate, to: NaiveDate) -> String {
        let mut pairs = vec![
            ("of", self.subject.code()),
            ("from", from.to_string()),
            ("to", to.to_string()),
        ];
        pairs.extend(self.with.map(|it| ("with", it.code())));
        with_query("/load", &pairs)
    }

    /// As long a time before it; of whole months, as many months.
    fn before(&self) -> (NaiveDate, NaiveDate) {
        let months = |at: NaiveDate| at.year() * 12 + at.month0().cast_signed();
        let from = if self.from.day() == 1 && self.to.day() == 1 {
            self.from - Months::new((months(self.to) - months(self.from)).unsigned_abs())
        } else {
            self.from - Days::new(self.days().unsigned_abs())
        };
        (from, self.from)
    }

    /// Whose curves are read, and of which dates.
    fn read(&self) -> Vec<(Subject, (NaiveDate, NaiveDate))> {
        let days = (self.from, self.to);
        let beside = self.with.map(|with| match with {
            With::Subject(with) => (with, days),
            With::Before => (self.subject, self.before()),
        });
        let mut all = vec![(self.subject, days)];
        all.extend(beside);
        all
    }

    fn earlier(&self) -> String {
        let (from, to) = self.before();
        self.href(from, to)
    }

    fn later(&self) -> String {
        let days = Days::new(self.days().unsigned_abs());
        self.href(self.to, self.to + days)
    }

    /// With what came before drawn beside it.
    fn compared(&self) -> String {
        let with = Some(With::Before);
        Self {
            with,
            ..self.clone()
        }
        .href(self.from, self.to)
    }

    /// Bars of months are as long as their months: those of before do not stand beside them.
    fn can_compare(&self) -> bool {
        Step::of_days(self.days()) != Step::Month
    }

    fn offers_before(&self) -> bool {
        self.can_compare() && self.with != Some(With::Before)
    }
}

#[derive(Template)]
#[template(path = "metering/load.html")]
struct Load {
    page: Page,
    asked: Asked,
    tabs: Vec<Tab>,
    chart: String,
    empty: bool,
    marks: Marks,
    now: Option<(Watts, Instant)>,
    other: Option<String>,
    energy: crate::domain::units::WattHours,
    peak: Watts,
    live: String,
}

impl Load {
    fn of(&self) -> String {
        self.asked.subject.code()
    }

    fn typed(&self) -> String {
        match self.asked.with {
            Some(With::Subject(subject)) => subject.code(),
            _ => String::new(),
        }
    }

    /// The last date that is shown.
    fn last(&self) -> NaiveDate {
        self.asked.to.pred_opt().unwrap_or(self.asked.to)
    }
}

struct Loaded {
    about: About,
    asked: Asked,
    curve: Curve,
    other: Option<Other>,
    marks: Marks,
    latest: Option<curve::Point>,
}

/// A second curve, its points at the times of the first one.
struct Other {
    name: Named,
    curve: Curve,
}

enum Named {
    As(String),
    /// Begins on this date.
    Before(NaiveDate),
}

impl Other {
    fn name(&self, page: &Page) -> String {
        match &self.name {
            Named::As(name) => name.clone(),
            Named::Before(from) => page.t1("load-before", "from", page.date(*from)),
        }
    }
}

fn other(conn: &mut Conn, who: &Who, asked: &Asked, zone: Zone) -> Result<Option<Other>> {
    Ok(match asked.with {
        None => None,
        Some(With::Subject(with)) => {
            let about = visible(conn, who, with)?;
            Some(Other {
                curve: curve::curve(conn, with, zone, (asked.from, asked.to))?,
                name: Named::As(about.name),
            })
        }
        Some(With::Before) if !asked.can_compare() => None,
        Some(With::Before) => {
            let (from, to) = asked.before();
            let mut curve = curve::curve(conn, asked.subject, zone, (from, to))?;
            let later = zone.start_of(asked.from).0 - zone.start_of(from).0;
            for point in &mut curve.points {
                point.start = point.start.plus_seconds(later);
                point.end = point.end.plus_seconds(later);
            }
            Some(Other {
                curve,
                name: Named::Before(from),
            })
        }
    })
}

pub async fn show(visit: Visit) -> Answer {
    let Some(subject) = subject(&visit, "of") else {
        return Err(crate::web::problem::Problem::NotFound);
    };
    let (who, with) = (visit.who.clone(), with(&visit));
    let seen = move |conn: &mut Conn| {
        if let Some(With::Subject(with)) = with {
            visible(conn, &who, with)?;
        }
        visible(conn, &who, subject)
    };
    let about = visit.read(seen).await?;
    let asked = asked(&visit, subject, about.zone);
    let (now, who) = (visit.now, visit.who.clone());
    let loaded = visit
        .run(move |app| {
            for (subject, days) in asked.read() {
                curve::settle(&app.db, subject, days, now)?;
            }
            app.db.read(|conn| {
                let (zone, days) = (about.zone, (asked.from, asked.to));
                Ok(Loaded {
                    curve: curve::curve(conn, subject, zone, days)?,
                    latest: curve::latest(conn, subject, zone, now)?,
                    marks: marks::marks(conn, subject, &about, days)?,
                    other: other(conn, &who, &asked, zone)?,
                    about,
                    asked,
                })
            })
        })
        .await?;
    let mut page = visit.page("nav-usage");
    page.zone = loaded.about.zone;
    let title = page.t1("load-title", "name", &loaded.about.name);
    let page = page.named(title);
    html(&template(page, loaded))
}

fn template(page: Page, loaded: Loaded) -> Load {
    let asked = loaded.asked.clone();
    let to = asked.to;
    let tab = |days: &i64| Tab {
        href: asked.href(to - Days::new(days.unsigned_abs()), to),
        label: page.code("load-span", days),
        active: asked.days() == *days,
    };
    let points = &loaded.curve.points;
    Load {
        tabs: SPANS.iter().map(tab).collect(),
        chart: chart(&page, &loaded),
        empty: points.is_empty(),
        now: loaded.latest.map(|it| (it.power(), it.end)),
        other: loaded.other.as_ref().map(|it| it.name(&page)),
        marks: loaded.marks,
        energy: points.iter().map(|it| it.wh).sum(),
        peak: points
            .iter()
            .map(curve::Point::power)
            .max()
            .unwrap_or(Watts::ZERO),
        live: with_query("/load/live", &[("of", asked.subject.code())]),
        page,
        asked,
    }
}

/// Mean power in kW of each point; energy in kWh where a point is a month.
fn chart(page: &Page, loaded: &Loaded) -> String {
    let (about, curve) = (&loaded.about, &loaded.curve);
    let bars = curve.step == Step::Month;
    let value = |point: &curve::Point| {
        let value = if bars {
            point.wh.kilo()
        } else {
            point.power().kilo()
        };
        super::chart::number(value)
    };
    let points = curve.points.iter();
    let (t, y) = if bars {
        points.map(|it| (it.start.0, value(it))).unzip()
    } else {
        super::chart::broken(points.map(|it| (it.start, it.end, value(it))))
    };
    let limit = about.limit.filter(|it| it.0 > 0 && !bars).map(|it| {
        let label = page.t1("load-limit", "kw", page.kw(it));
        json!({"value": super::chart::number(it.kilo()), "label": label})
    });
    let beside = loaded.other.as_ref().map(|other| {
        let points = other.curve.points.iter();
        let known: HashMap<i64, Value> = points.map(|it| (it.start.0, value(it))).collect();
        let y = t
            .iter()
            .map(|at| known.get(at).cloned().unwrap_or(Value::Null));
        json!({"label": other.name(page), "y": y.collect::<Vec<_>>()})
    });
    json!({
        "kind": if bars { "bars" } else { "power" },
        "unit": page.t(if bars { "unit-kwh" } else { "unit-kw" }),
        "zone": curve.zone.name(),
        "t": t,
        "y": y,
        "contract": limit,
        "spans": spans(page, loaded),
        "with": beside,
    })
    .to_string()
}

/// What lies behind the curve: of bars of months, only what was estimated.
fn spans(page: &Page, loaded: &Loaded) -> Vec<Value> {
    let (curve, marks) = (&loaded.curve, &loaded.marks);
    let days = (loaded.asked.from, loaded.asked.to);
    let mut found = super::chart::tariff(&marks.plan, curve.zone, days);
    let estimated = page.t("usage-estimated");
    for point in curve.points.iter().filter(|it| it.estimated_wh.0 > 0) {
        let at = Span {
            from: point.start,
            to: point.end,
        };
        found.push(super::chart::span(at, "estimated", Some(estimated.clone())));
    }
    if curve.step == Step::Month {
        return found;
    }
    for (cause, at) in &marks.events {
        found.push(super::chart::event(page, *cause, *at));
    }
    let corrected = page.t("load-corrected");
    for at in &marks.corrected {
        found.push(super::chart::span(*at, "tenant", Some(corrected.clone())));
    }
    found
}

/// What is drawn now, as server-sent events: one at once, then one each ten seconds. After five
/// minutes the stream ends and the browser asks again.
pub async fn live(visit: Visit) -> Answer {
    let Some(subject) = subject(&visit, "of") else {
        return Err(crate::web::problem::Problem::NotFound);
    };
    let who = visit.who.clone();
    let about = visit.read(move |conn| visible(conn, &who, subject)).await?;
    let zone = about.zone;
    let events = stream::unfold(0, move |beat| {
        let visit = visit.clone();
        async move {
            if beat >= BEATS {
                return None;
            }
            if beat > 0 {
                tokio::time::sleep(BEAT).await;
            }
            let now = visit.app.now();
            let latest = visit
                .read(move |conn| curve::latest(conn, subject, zone, now))
                .await;
            let text = latest.ok()?.map_or("{}".to_owned(), |point| {
                let page = visit.page("nav-usage");
                json!({"kw": page.kw_num(point.power(), 1), "at": page.dt(point.end)}).to_string()
            });
            let event = Bytes::from(format!("data: {text}\n\n"));
            Some((Ok::<_, actix_web::Error>(event), beat + 1))
        }
    });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .streaming(Box::pin(events)))
}

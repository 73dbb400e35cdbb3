//! A gap is filled with a value and a reason.

use super::words::{Fields, instant, parameter, spread, with_instant};
use crate::db::metering::meters::{self, Meter};
use crate::db::site::sites;
use crate::domain::calendar::{Instant, Span, Zone};
use crate::domain::ids::*;
use crate::domain::units::WattHours;
use crate::services::metering::estimates::{self, Filling};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html_with, see_other};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use rust_decimal::Decimal;

/// A gigawatt-hour in one gap of one meter is a slip of the pen.
const MOST_KWH: i64 = 1_000_000;
const REASON_MAX: usize = 500;

#[derive(Template)]
#[template(path = "metering/gap.html")]
struct Gap {
    page: Page,
    form: Form,
    meter: Meter,
    back: String,
}

async fn asked(visit: &Visit, id: MeterId, form: Form, status: StatusCode) -> Answer {
    let (meter, zone) = of(visit, id).await?;
    let page = visit.page("nav-meters");
    let title = page.t1("gap-title", "code", &meter.code);
    let mut page = page.named(title);
    page.zone = zone;
    let back = back(&form, id);
    html_with(
        status,
        &Gap {
            page,
            form,
            meter,
            back,
        },
    )
}

/// The page of a lease where the gap was seen, else the meter's own.
fn back(form: &Form, id: MeterId) -> String {
    match form.value("lease").parse::<i64>() {
        Ok(lease) => format!("/leases/{lease}/usage"),
        Err(_) => format!("/meters/{id}"),
    }
}

async fn of(visit: &Visit, id: MeterId) -> Result<(Meter, Zone), crate::web::problem::Problem> {
    visit
        .read(move |conn| {
            let meter = meters::get(conn, id)?;
            let zone = sites::get(conn, meter.site_id)?.zone();
            Ok((meter, zone))
        })
        .await
}

/// `?from=…&to=…` in seconds, `&wh=…` a first guess, `&lease=…` where to go back to.
pub async fn blank(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = MeterId(*id);
    let (_, zone) = of(&visit, id).await?;
    let number = |name| parameter(&visit, name).and_then(|text| text.parse::<i64>().ok());
    let mut form = Form::blank().with("lease", parameter(&visit, "lease").unwrap_or_default());
    if let (Some(from), Some(to)) = (number("from"), number("to")) {
        form = with_instant(form, "from", zone, Instant(from));
        form = with_instant(form, "to", zone, Instant(to));
    }
    if let Some(wh) = number("wh") {
        form = form.with("value", visit.reader.typed(WattHours(wh).kilo()));
    }
    asked(&visit, id, form, StatusCode::OK).await
}

pub async fn fill(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = MeterId(*id);
    let mut form = Form::from_values(fields.into_inner());
    let (_, zone) = of(&visit, id).await?;
    let (from, to) = (
        instant(&mut form, "from", zone),
        instant(&mut form, "to", zone),
    );
    let value = form.decimal("value", Decimal::ZERO..=Decimal::from(MOST_KWH), 3);
    let reason = form.text("reason", REASON_MAX);
    let (Some(from), Some(to), Some(value), Some(reason)) = (from, to, value, reason) else {
        return asked(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let filling = Filling {
        meter: id,
        span: Span { from, to },
        wh: WattHours::from_kilo(value).unwrap_or_default(),
        reason,
    };
    let (actor, now) = (visit.who.actor, visit.now);
    match visit
        .run(move |app| estimates::fill(&app.db, &actor, now, &filling))
        .await
    {
        Ok(()) => Ok(see_other(&format!("{}?done=gap-filled", back(&form, id)))),
        Err(error) => {
            form.absorb(error)?;
            spread(&mut form, &["from", "to"]);
            asked(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// What the rule proposes is taken as it stands.
pub async fn accept(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = MeterId(*id);
    let form = Form::from_values(fields.into_inner());
    let moment = |name: &str| form.value(name).parse::<i64>().ok().map(Instant);
    let (Some(from), Some(to)) = (moment("from"), moment("to")) else {
        return blank(visit, web::Path::from(id.0)).await;
    };
    let (actor, now) = (visit.who.actor, visit.now);
    let work =
        visit.run(move |app| estimates::fill_by_rule(&app.db, &actor, now, id, Span { from, to }));
    match work.await {
        Ok(()) => Ok(see_other(&format!("{}?done=gap-filled", back(&form, id)))),
        Err(error) => {
            let (_, zone) = of(&visit, id).await?;
            let mut form = with_instant(form, "from", zone, from);
            form = with_instant(form, "to", zone, to);
            form.absorb(error)?;
            spread(&mut form, &["from", "to"]);
            asked(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

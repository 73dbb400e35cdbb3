//! One reading gets another value, with a reason.

use super::words::Fields;
use crate::db::metering::meters;
use crate::db::metering::readings;
use crate::db::site::sites;
use crate::domain::calendar::Instant;
use crate::domain::ids::*;
use crate::domain::units::WattHours;
use crate::services::metering::edits as service;
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html_with, see_other};
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use rust_decimal::Decimal;

const REASON_MAX: usize = 500;
const MOST_KWH: i64 = 1_000_000;

#[derive(Template)]
#[template(path = "metering/edit.html")]
struct EditForm {
    page: Page,
    form: Form,
    id: MeterId,
    from: Instant,
    to: Instant,
    wh: WattHours,
    back: String,
}

type Place = (MeterId, Instant);

async fn asked(visit: &Visit, (id, at): Place, form: Option<Form>, status: StatusCode) -> Answer {
    let (meter, zone, reading) = visit
        .read(move |conn| {
            let meter = meters::get(conn, id)?;
            let zone = sites::get(conn, meter.site_id)?.zone();
            Ok((meter, zone, readings::get(conn, id, at)?))
        })
        .await?;
    let page = visit.page("nav-meters");
    let title = page.t1("edit-title", "code", &meter.code);
    let mut page = page.named(title);
    page.zone = zone;
    let typed = visit.reader.typed(reading.wh.kilo());
    let template = EditForm {
        form: form.unwrap_or_else(|| Form::blank().with("value", typed)),
        back: format!("/meters/{id}?day={}", zone.date(at)),
        page,
        id,
        from: reading.start_at,
        to: reading.end_at,
        wh: reading.wh,
    };
    html_with(status, &template)
}

pub async fn blank(visit: Visit, path: web::Path<(i64, i64)>) -> Answer {
    let place = (MeterId(path.0), Instant(path.1));
    asked(&visit, place, None, StatusCode::OK).await
}

pub async fn save(visit: Visit, path: web::Path<(i64, i64)>, fields: Fields) -> Answer {
    let place = (MeterId(path.0), Instant(path.1));
    let mut form = Form::from_values(fields.into_inner());
    let value = form.decimal("value", Decimal::ZERO..=Decimal::from(MOST_KWH), 3);
    let reason = form.text("reason", REASON_MAX);
    let (Some(value), Some(reason)) = (value, reason) else {
        return asked(&visit, place, Some(form), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let wh = WattHours::from_kilo(value).unwrap_or_default();
    let (actor, now) = (visit.who.actor, visit.now);
    match visit
        .run(move |app| service::edit(&app.db, &actor, now, place, wh, &reason))
        .await
    {
        Ok(()) => Ok(see_other(&format!(
            "/meters/{}?done=reading-edited",
            place.0
        ))),
        Err(error) => {
            form.absorb(error)?;
            asked(&visit, place, Some(form), StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

//! The instrument at a meter's place: fitted, exchanged, described.

use super::words::{Fields, instant, spread, with_instant};
use crate::db::metering::devices as rows;
use crate::db::metering::meters::{self, Meter};
use crate::db::site::sites;
use crate::domain::calendar::{Instant, Zone};
use crate::domain::ids::*;
use crate::domain::metering::meter::Reads;
use crate::domain::units::{WattHours, Watts};
use crate::services::metering::devices::{self as service, MOST_DIGITS, MOST_RATIO, NewDevice};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html_with, see_other};
use crate::web::parts::Choice;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use askama::Template;
use chrono::NaiveDate;
use rust_decimal::Decimal;

const TEXT_MAX: usize = 200;
const MOST_KW: i64 = 1_000_000;

/// What a form says of an instrument, but for when it was fitted.
pub struct DeviceFields {
    serial: String,
    digits: i64,
    unit_wh: WattHours,
    ratio: i64,
    accuracy: Option<Decimal>,
    rated: Option<Watts>,
    initial: Option<WattHours>,
    verified_until: Option<NaiveDate>,
}

impl DeviceFields {
    pub fn fitted(self, from: Instant) -> NewDevice {
        NewDevice {
            serial: self.serial,
            from,
            digits: self.digits,
            unit_wh: self.unit_wh,
            ratio: self.ratio,
            accuracy: self.accuracy,
            rated: self.rated,
            initial: self.initial,
            verified_until: self.verified_until,
            note: String::new(),
        }
    }
}

/// What a unit of the display is, by its watt-hours.
pub fn units(page: &Page) -> Vec<Choice> {
    [(1, "unit-wh"), (1_000, "unit-kwh"), (1_000_000, "unit-mwh")]
        .into_iter()
        .map(|(wh, key)| Choice::new(wh.to_string(), page.t(key)))
        .collect()
}

/// None where a field is wrong; `Some(None)` where nothing is said and nothing needs to be.
pub fn parse(form: &mut Form, required: bool) -> Option<Option<DeviceFields>> {
    let said = ["serial", "digits", "accuracy", "rated", "verified_until"];
    if !required && said.iter().all(|it| form.value(it).trim().is_empty()) {
        return Some(None);
    }
    let serial = form.optional("serial", |form| form.text("serial", TEXT_MAX));
    let digits = if required {
        form.integer("digits", 1..=MOST_DIGITS).map(Some)
    } else {
        form.optional("digits", |form| form.integer("digits", 0..=MOST_DIGITS))
    };
    let unit: Option<i64> = form.choice("unit", |text| text.parse().ok());
    let ratio = form.integer("ratio", 1..=MOST_RATIO);
    let range = Decimal::ZERO..=Decimal::TEN;
    let accuracy = form.optional("accuracy", |form| form.decimal("accuracy", range, 2));
    let range = Decimal::ZERO..=Decimal::from(MOST_KW);
    let rated = form.optional("rated", |form| form.decimal("rated", range, 3));
    let range = Decimal::ZERO..=Decimal::from(1_000_000_000_000_i64);
    let initial = form.optional("initial", |form| form.decimal("initial", range, 6));
    let until = form.optional("verified_until", |form| form.date("verified_until"));
    let unit = unit?;
    Some(Some(DeviceFields {
        serial: serial?.unwrap_or_default(),
        digits: digits?.unwrap_or(0),
        unit_wh: WattHours(unit),
        ratio: ratio?,
        accuracy: accuracy?,
        rated: rated?.and_then(Watts::from_kilo),
        initial: initial?.and_then(|it| shown(it, unit)),
        verified_until: until?,
    }))
}

/// What a display shows, in whole watt-hours.
fn shown(value: Decimal, unit: i64) -> Option<WattHours> {
    let wh = (value * Decimal::from(unit)).round();
    i64::try_from(wh).ok().map(WattHours)
}

#[derive(Template)]
#[template(path = "metering/device.html")]
struct DeviceForm {
    page: Page,
    form: Form,
    meter: Meter,
    back: String,
    units: Vec<Choice>,
    action: String,
    /// The serial number of the one that is taken away.
    old: Option<String>,
    /// Whether when it was fitted is asked.
    fits: bool,
    register: bool,
}

async fn of(
    visit: &Visit,
    id: MeterId,
) -> Result<(Meter, Zone, Vec<rows::Device>), crate::web::problem::Problem> {
    visit
        .read(move |conn| {
            let meter = meters::get(conn, id)?;
            let zone = sites::get(conn, meter.site_id)?.zone();
            Ok((meter, zone, rows::of_meters(conn, &[id])?))
        })
        .await
}

async fn asked(visit: &Visit, id: MeterId, form: Form, status: StatusCode) -> Answer {
    let (meter, zone, devices) = of(visit, id).await?;
    let page = visit.page("nav-meters");
    let title = page.t1("device-exchange-title", "code", &meter.code);
    let mut page = page.named(title);
    page.zone = zone;
    let standing = devices.last().filter(|it| it.to_at.is_none());
    let template = DeviceForm {
        back: format!("/meters/{}", meter.id),
        units: units(&page),
        action: format!("/meters/{id}/devices"),
        old: standing.map(|it| it.serial.clone()),
        fits: true,
        register: meter.reads == Reads::Register,
        page,
        form,
        meter,
    };
    html_with(status, &template)
}

/// A new instrument is taken for one like the present.
pub async fn blank(visit: Visit, id: web::Path<i64>) -> Answer {
    let id = MeterId(*id);
    let (_, zone, devices) = of(&visit, id).await?;
    let mut form = with_instant(Form::blank(), "from", zone, visit.now)
        .with("unit", 1_000)
        .with("ratio", 1);
    if let Some(old) = devices.last() {
        form = filled(&visit, form, old)
            .with("serial", "")
            .with("initial", "");
    }
    asked(&visit, id, form, StatusCode::OK).await
}

fn filled(visit: &Visit, form: Form, device: &rows::Device) -> Form {
    let reader = &visit.reader;
    let unit = Decimal::from(device.unit_wh.0.max(1));
    let initial = device
        .initial_wh
        .map(|it| reader.typed((Decimal::from(it.0) / unit).normalize()));
    let accuracy: Option<Decimal> = device.accuracy.parse().ok();
    form.with("serial", &device.serial)
        .with("digits", device.digits)
        .with("unit", device.unit_wh.0)
        .with("ratio", device.ratio)
        .with(
            "accuracy",
            accuracy.map_or(String::new(), |it| reader.typed(it)),
        )
        .with(
            "rated",
            device
                .rated_watts
                .map_or(String::new(), |it| reader.typed(it.kilo())),
        )
        .with("initial", initial.unwrap_or_default())
        .with(
            "verified_until",
            device
                .verified_until
                .map_or(String::new(), |it| it.to_string()),
        )
}

pub async fn exchange(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = MeterId(*id);
    let mut form = Form::from_values(fields.into_inner());
    let (meter, zone, devices) = of(&visit, id).await?;
    let from = instant(&mut form, "from", zone);
    let range = Decimal::ZERO..=Decimal::from(1_000_000_000_000_i64);
    let last = form.optional("final", |form| form.decimal("final", range, 6));
    let device = parse(&mut form, meter.reads == Reads::Register);
    let (Some(from), Some(last), Some(device)) = (from, last, device) else {
        return asked(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let unit = devices.last().map_or(1_000, |it| it.unit_wh.0);
    let last = last.and_then(|it| shown(it, unit));
    let Some(new) = device.map(|it| it.fitted(from)) else {
        form.fail(
            "serial",
            crate::domain::message::Message::new("form-required"),
        );
        return asked(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (actor, now) = (visit.who.actor, visit.now);
    match visit
        .run(move |app| service::exchange(&app.db, &actor, now, id, last, &new))
        .await
    {
        Ok(()) => Ok(see_other(&format!("/meters/{id}?done=device-fitted"))),
        Err(error) => {
            form.absorb(error)?;
            spread(&mut form, &["from"]);
            asked(&visit, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

async fn described(visit: &Visit, id: DeviceId, form: Option<Form>, status: StatusCode) -> Answer {
    let (device, meter, zone) = visit
        .read(move |conn| {
            let device = rows::get(conn, id)?;
            let meter = meters::get(conn, device.meter_id)?;
            let zone = sites::get(conn, meter.site_id)?.zone();
            Ok((device, meter, zone))
        })
        .await?;
    let page = visit.page("nav-meters");
    let title = page.t1("device-edit-title", "code", &meter.code);
    let mut page = page.named(title);
    page.zone = zone;
    let template = DeviceForm {
        back: format!("/meters/{}", meter.id),
        units: units(&page),
        action: format!("/devices/{id}"),
        old: None,
        fits: false,
        register: meter.reads == Reads::Register,
        form: form.unwrap_or_else(|| filled(visit, Form::blank(), &device)),
        page,
        meter,
    };
    html_with(status, &template)
}

pub async fn edit(visit: Visit, id: web::Path<i64>) -> Answer {
    described(&visit, DeviceId(*id), None, StatusCode::OK).await
}

pub async fn update(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = DeviceId(*id);
    let mut form = Form::from_values(fields.into_inner());
    let (meter, register) = visit
        .read(move |conn| {
            let device = rows::get(conn, id)?;
            let meter = meters::get(conn, device.meter_id)?;
            Ok((meter.id, meter.reads == Reads::Register))
        })
        .await?;
    let device = parse(&mut form, register);
    let Some(device) = device else {
        return described(&visit, id, Some(form), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let Some(new) = device.map(|it| it.fitted(Instant(0))) else {
        form.fail(
            "serial",
            crate::domain::message::Message::new("form-required"),
        );
        return described(&visit, id, Some(form), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (actor, now) = (visit.who.actor, visit.now);
    match visit
        .run(move |app| service::describe(&app.db, &actor, now, id, &new))
        .await
    {
        Ok(()) => Ok(see_other(&format!("/meters/{meter}?done=device-changed"))),
        Err(error) => {
            form.absorb(error)?;
            described(&visit, id, Some(form), StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

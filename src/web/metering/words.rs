//! What the pages of this wing share: which lease, which month, where a blocker is mended.

use crate::db::Conn;
use crate::db::leasing::leases::{self, Lease};
use crate::domain::calendar::{Instant, Month, Zone};
use crate::domain::ids::LeaseId;
use crate::error::{Error, Result};
use crate::services::billing::blockers::{Blocker, Target};
use crate::web::door::{Visit, Who};
use crate::web::form::Form;
use crate::web::page::Page;
use actix_web::web;
use chrono::NaiveTime;
use std::collections::HashMap;

/// What a browser posts.
pub type Fields = web::Form<HashMap<String, String>>;

/// The lease, if this reader may know of it.
pub fn visible(conn: &mut Conn, who: &Who, id: LeaseId) -> Result<Lease> {
    let lease = leases::get(conn, id)?;
    if who.actor.sees(lease.tenant_id) {
        Ok(lease)
    } else {
        Err(Error::NotFound)
    }
}

/// One parameter of the address.
pub fn parameter<'a>(visit: &'a Visit, name: &str) -> Option<&'a str> {
    let pairs = visit
        .query
        .split('&')
        .filter_map(|pair| pair.split_once('='));
    pairs
        .into_iter()
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// The month of the address, else the running one.
pub fn month_of(visit: &Visit, zone: Zone) -> Month {
    let asked = parameter(visit, "month").and_then(Month::parse);
    asked.unwrap_or(Month::of(zone.date(visit.now)))
}

/// The zone of the house's first site.
pub fn house_zone(visit: &Visit) -> Zone {
    visit
        .who
        .site
        .as_ref()
        .map_or(Zone(chrono_tz::UTC), |(_, zone)| *zone)
}

/// Why a month cannot be billed, with the page on which that is mended.
pub struct Reason {
    pub text: String,
    pub href: Option<String>,
}

pub fn reasons(page: &Page, who: &Who, blockers: &[Blocker]) -> Vec<Reason> {
    blockers
        .iter()
        .map(|blocker| {
            let (pattern, href) = address(blocker.target);
            Reason {
                text: page.say(&blocker.message),
                href: who.may_open(pattern).then_some(href),
            }
        })
        .collect()
}

/// The route and the address of a blocker's place.
pub fn address(target: Target) -> (&'static str, String) {
    match target {
        Target::Lease(id) => ("/leases/{id}/usage", format!("/leases/{id}/usage")),
        Target::Tenant(id) => ("/tenants/{id}", format!("/tenants/{id}")),
        Target::Meter(id) => ("/meters/{id}", format!("/meters/{id}")),
        Target::Rack(id) => ("/racks/{id}", format!("/racks/{id}")),
        Target::Plan(id) => ("/plans/{id}", format!("/plans/{id}")),
        Target::Vat => ("/vat", "/vat".to_owned()),
        Target::Operator => ("/operator", "/operator".to_owned()),
    }
}

/// `07:30`, of the named field.
fn time(form: &mut Form, name: &str) -> Option<NaiveTime> {
    let text = form.text(name, 8)?;
    let time = NaiveTime::parse_from_str(&text, "%H:%M").ok();
    if time.is_none() {
        form.fail(name, crate::domain::message::Message::new("form-time"));
    }
    time
}

/// A local date and time of two fields, `<name>_date` and `<name>_time`, as an instant.
pub fn instant(form: &mut Form, name: &str, zone: Zone) -> Option<Instant> {
    let (day, at) = (format!("{name}_date"), format!("{name}_time"));
    let (date, time) = (form.date(&day), time(form, &at));
    let found = zone.instants(date?.and_time(time?)).first().copied();
    if found.is_none() {
        form.fail(
            &at,
            crate::domain::message::Message::new("form-time-skipped"),
        );
    }
    found
}

/// The two fields of a local time, filled in.
pub fn with_instant(form: Form, name: &str, zone: Zone, at: Instant) -> Form {
    let local = zone.local(at);
    form.with(&format!("{name}_date"), local.date())
        .with(&format!("{name}_time"), local.format("%H:%M"))
}

/// Puts what a use case said of `from` and `to` beside the fields that hold them.
pub fn spread(form: &mut Form, names: &[&str]) {
    for name in names {
        if let Some(message) = form.error(name).cloned() {
            form.fail(&format!("{name}_date"), message);
        }
    }
}

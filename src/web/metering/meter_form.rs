//! A meter is put into service: where it stands, what it measures, how it speaks.

use super::devices::{self, DeviceFields};
use super::meters::{purposes, site_choices};
use super::words::Fields;
use crate::db::Conn;
use crate::db::leasing::leases::{self, by_number as lease_by_number};
use crate::db::leasing::lists::{self, Narrow, Slice};
use crate::db::metering::meters as rows;
use crate::db::site::sites::{self, Site};
use crate::db::site::{cooling, power, racks};
use crate::domain::calendar::Zone;
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::domain::metering::meter::{Place, Purpose, Reads};
use crate::error::Result;
use crate::services::metering::meters::{self as service, NewMeter};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::page::{Page, html_with, see_other};
use crate::web::parts::Choice;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web::{self, Query};
use askama::Template;
use std::collections::HashMap;

const CODE_MAX: usize = 60;
const NAME_MAX: usize = 120;
const NOTE_MAX: usize = 500;
/// Leases that the form offers, the latest first; any other number may be typed.
const MOST_LEASES: i64 = 500;
/// Nodes and zones that it offers.
const MOST_NAMES: usize = 1_000;

#[derive(Template)]
#[template(path = "metering/meter_form.html")]
struct MeterForm {
    page: Page,
    form: Form,
    sites: Vec<Choice>,
    purposes: Vec<Choice>,
    reads: Vec<Choice>,
    units: Vec<Choice>,
    known: Known,
}

/// Names that may be typed.
struct Known {
    /// Numbers of leases that have not ended, with whose they are.
    leases: Vec<Choice>,
    nodes: Vec<Choice>,
    zones: Vec<Choice>,
}

fn known(conn: &mut Conn, sites: &[Site], today: chrono::NaiveDate) -> Result<Known> {
    let slice = Slice {
        sort: "id",
        descending: true,
        limit: MOST_LEASES,
        ..Slice::default()
    };
    let running = lists::leases(conn, &Narrow::default(), &slice, today)?
        .into_iter()
        .filter(|((lease, _), ..)| lease.end_date.is_none_or(|end| end > today));
    let leases = running
        .map(|((lease, _), tenant, site)| Choice::new(lease.number, format!("{tenant} · {site}")));
    let mut known = Known {
        leases: leases.collect(),
        nodes: vec![],
        zones: vec![],
    };
    for site in sites {
        let named = |name: String| Choice::new(name, &site.name);
        let nodes = power::of_site(conn, site.id)?;
        known
            .nodes
            .extend(nodes.into_iter().map(|it| named(it.name)));
        let zones = cooling::of_site(conn, site.id)?;
        known
            .zones
            .extend(zones.into_iter().map(|it| named(it.name)));
    }
    known.nodes.truncate(MOST_NAMES);
    known.zones.truncate(MOST_NAMES);
    Ok(known)
}

async fn asked(visit: &Visit, form: Form, status: StatusCode) -> Answer {
    let today = super::words::house_zone(visit).date(visit.now);
    let (sites, known) = visit
        .read(move |conn| {
            let sites = sites::all(conn)?;
            let known = known(conn, &sites, today)?;
            Ok((sites, known))
        })
        .await?;
    let page = visit.page("meter-new");
    let reads = |it: &Reads| Choice::new(it.code(), page.code("meter-reads", it.code()));
    let template = MeterForm {
        purposes: purposes(&page),
        reads: Reads::ALL.iter().map(reads).collect(),
        units: devices::units(&page),
        sites: site_choices(&sites),
        known,
        form,
        page,
    };
    html_with(status, &template)
}

/// What is known of the meter: `?rack=…&lease=…&site=…&code=…`; else the house's first site.
pub async fn blank(visit: Visit, known: Query<HashMap<String, String>>) -> Answer {
    let id = |name: &str| known.get(name).and_then(|id| id.parse().ok());
    let (rack, lease) = (id("rack").map(RackId), id("lease").map(LeaseId));
    let (rack, lease, sites) = visit
        .read(move |conn| {
            let rack = rack.map(|id| racks::get(conn, id)).transpose()?;
            let lease = lease.map(|id| leases::get(conn, id)).transpose()?;
            Ok((rack, lease, sites::all(conn)?))
        })
        .await?;
    let today = super::words::house_zone(&visit).date(visit.now);
    let of_lease = lease.as_ref().map(|lease| lease.site_id);
    let site = rack.as_ref().map(|rack| rack.site_id).or(of_lease);
    let site = site
        .or(id("site").map(SiteId))
        .or(sites.iter().map(|site| site.id).min());
    let day = lease.as_ref().map_or(today, |it| it.start_date);
    let from = known.get("from").and_then(|it| it.parse().ok());
    let mut form = Form::blank()
        .with("code", known.get("code").map_or("", String::as_str))
        .with("node", known.get("node").map_or("", String::as_str))
        .with("purpose", Purpose::Supply.code())
        .with("reads", Reads::Interval.code())
        .with("unit", 1_000)
        .with("ratio", 1)
        // What a lease draws is billed from its first day on.
        .with("from", from.unwrap_or(day));
    if let Some(site) = site {
        form = form.with("site", site);
    }
    if let Some(rack) = rack {
        form = form.with("rack", rack.name);
    }
    if let Some(lease) = lease {
        form = form.with("lease", lease.number);
    }
    asked(&visit, form, StatusCode::OK).await
}

/// What was typed of where the meter stands.
struct Names {
    rack: Option<String>,
    lease: Option<String>,
    node: Option<String>,
    zone: Option<String>,
}

pub async fn create(visit: Visit, fields: Fields) -> Answer {
    let mut form = with_usual(Form::from_values(fields.into_inner()));
    let Some((new, names)) = parse(&mut form) else {
        return asked(&visit, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (mut new, device) = new;
    let site = new.site;
    let (place, faults, zone) = visit
        .read(move |conn| {
            let (place, faults) = placed(conn, site, &names)?;
            Ok((place, faults, sites::get(conn, site)?.zone()))
        })
        .await?;
    for (field, key) in faults {
        form.fail(field, Message::new(key));
    }
    new.place = place;
    new.device = device.map(|it| it.fitted(zone.start_of(new.from)));
    if !form.ok() {
        return asked(&visit, form, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let (actor, now) = (visit.who.actor, visit.now);
    match visit
        .run(move |app| service::create(&app.db, &actor, now, &new))
        .await
    {
        Ok(id) => Ok(see_other(&format!("/meters/{id}?done=meter-added"))),
        Err(error) => {
            form.absorb(error)?;
            asked(&visit, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// What a program need not say: a meter of intervals, for supply.
fn with_usual(mut form: Form) -> Form {
    for (name, value) in [
        ("purpose", Purpose::Supply.code()),
        ("reads", Reads::Interval.code()),
        ("unit", "1000"),
        ("ratio", "1"),
    ] {
        if form.value(name).is_empty() {
            form = form.with(name, value);
        }
    }
    form
}

fn parse(form: &mut Form) -> Option<((NewMeter, Option<DeviceFields>), Names)> {
    let name = |form: &mut Form, field| form.optional(field, |form| form.text(field, NAME_MAX));
    let code = form.text("code", CODE_MAX);
    let exchange_code = form.optional("exchange_code", |it| it.text("exchange_code", CODE_MAX));
    let site = form.choice("site", |text| text.parse().ok().map(SiteId));
    let purpose = form.choice("purpose", Purpose::parse);
    let reads = form.choice("reads", Reads::parse);
    let (rack, lease) = (name(form, "rack"), name(form, "lease"));
    let (node, zone) = (name(form, "node"), name(form, "zone"));
    let from = form.date("from");
    let note = form.optional("note", |form| form.text("note", NOTE_MAX));
    let device = devices::parse(form, reads == Some(Reads::Register));
    let names = Names {
        rack: rack?,
        lease: lease?,
        node: node?,
        zone: zone?,
    };
    let new = NewMeter {
        site: site?,
        code: code?,
        exchange_code: exchange_code?,
        place: Place::default(),
        purpose: purpose?,
        reads: reads?,
        device: None,
        from: from?,
        note: note?.unwrap_or_default(),
    };
    Some(((new, device?), names))
}

/// What the names mean at the site, and which of them mean nothing.
fn placed(
    conn: &mut Conn,
    site: SiteId,
    names: &Names,
) -> Result<(Place, Vec<(&'static str, &'static str)>)> {
    let mut place = Place::default();
    let mut faults = vec![];
    if let Some(name) = &names.rack {
        place.rack = racks::by_name(conn, site, name)?.map(|it| it.id);
        faults.extend(
            place
                .rack
                .is_none()
                .then_some(("rack", "meter-rack-unknown")),
        );
    }
    if let Some(number) = &names.lease {
        place.lease = lease_by_number(conn, number)?.map(|it| it.id);
        faults.extend(
            place
                .lease
                .is_none()
                .then_some(("lease", "meter-lease-unknown")),
        );
    }
    if let Some(name) = &names.node {
        let mut nodes = power::of_site(conn, site)?.into_iter();
        place.node = nodes.find(|it| it.name == *name).map(|it| it.id);
        faults.extend(
            place
                .node
                .is_none()
                .then_some(("node", "meter-node-unknown")),
        );
    }
    if let Some(name) = &names.zone {
        let mut zones = cooling::of_site(conn, site)?.into_iter();
        place.zone = zones.find(|it| it.name == *name).map(|it| it.id);
        faults.extend(
            place
                .zone
                .is_none()
                .then_some(("zone", "meter-zone-unknown")),
        );
    }
    Ok((place, faults))
}

#[derive(Template)]
#[template(path = "metering/meter_edit.html")]
struct Edit {
    page: Page,
    form: Form,
    id: MeterId,
    back: String,
}

async fn edited(visit: &Visit, id: MeterId, form: Option<Form>, status: StatusCode) -> Answer {
    let (meter, zone): (rows::Meter, Zone) = visit
        .read(move |conn| {
            let meter = rows::get(conn, id)?;
            let zone = sites::get(conn, meter.site_id)?.zone();
            Ok((meter, zone))
        })
        .await?;
    let page = visit.page("nav-meters");
    let title = page.t1("meter-edit-title", "code", &meter.code);
    let mut page = page.named(title);
    page.zone = zone;
    let form = form.unwrap_or_else(|| {
        Form::blank()
            .with("exchange_code", meter.exchange_code.unwrap_or_default())
            .with("note", meter.note)
    });
    let back = format!("/meters/{id}");
    html_with(
        status,
        &Edit {
            page,
            form,
            id,
            back,
        },
    )
}

pub async fn edit(visit: Visit, id: web::Path<i64>) -> Answer {
    edited(&visit, MeterId(*id), None, StatusCode::OK).await
}

pub async fn update(visit: Visit, id: web::Path<i64>, fields: Fields) -> Answer {
    let id = MeterId(*id);
    let mut form = Form::from_values(fields.into_inner());
    let code = form.optional("exchange_code", |it| it.text("exchange_code", CODE_MAX));
    let note = form.optional("note", |form| form.text("note", NOTE_MAX));
    let (Some(code), Some(note)) = (code, note) else {
        return edited(&visit, id, Some(form), StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (actor, now) = (visit.who.actor, visit.now);
    let note = note.unwrap_or_default();
    match visit
        .run(move |app| service::rename(&app.db, &actor, now, id, code.as_deref(), &note))
        .await
    {
        Ok(()) => Ok(see_other(&format!("/meters/{id}?done=meter-changed"))),
        Err(error) => {
            form.absorb(error)?;
            edited(&visit, id, Some(form), StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

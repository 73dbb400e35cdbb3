//! What a meter is to whoever takes readings in.

use crate::db::Conn;
use crate::db::identity::operators;
use crate::db::metering::devices::{self, Device};
use crate::db::metering::meters::{self, Meter};
use crate::db::site::sites;
use crate::domain::calendar::{Instant, Span, Zone};
use crate::domain::ids::*;
use crate::error::Result;
use std::collections::{BTreeSet, HashMap};

/// A meter with the zone of its site and the instruments that stood at its place, in order.
#[derive(Clone, Debug)]
pub struct Served {
    pub meter: Meter,
    pub zone: Zone,
    pub devices: Vec<Device>,
}

impl Served {
    /// When the meter serves; an end that is not known yet is for ever.
    pub fn service(&self) -> Span {
        let to = self.meter.to_date.map(|day| self.zone.start_of(day));
        Span {
            from: self.zone.start_of(self.meter.from_date),
            to: to.unwrap_or(Instant(i64::MAX)),
        }
    }

    /// Whether the meter serves for all of the interval.
    pub fn holds(&self, span: Span) -> bool {
        let service = self.service();
        service.from <= span.from && span.to <= service.to
    }

    /// The instrument that stood there at an instant.
    pub fn device(&self, at: Instant) -> Option<&Device> {
        let standing = |it: &&Device| it.from_at <= at && it.to_at.is_none_or(|to| at < to);
        self.devices.iter().find(standing)
    }
}

/// Every meter, by id.
pub fn all(conn: &mut Conn) -> Result<HashMap<MeterId, Served>> {
    let found = meters::all(conn)?;
    with_devices(conn, found)
}

pub fn one(conn: &mut Conn, id: MeterId) -> Result<Served> {
    let meter = meters::get(conn, id)?;
    let zone = sites::get(conn, meter.site_id)?.zone();
    Ok(Served {
        devices: devices::of_meters(conn, &[id])?,
        meter,
        zone,
    })
}

pub fn with_devices(conn: &mut Conn, meters: Vec<Meter>) -> Result<HashMap<MeterId, Served>> {
    let sites = sites::all(conn)?.into_iter();
    let zones: HashMap<SiteId, Zone> = sites.map(|site| (site.id, site.zone())).collect();
    let ids: Vec<MeterId> = meters.iter().map(|it| it.id).collect();
    let mut by_meter: HashMap<MeterId, Vec<Device>> = HashMap::new();
    for device in devices::of_meters(conn, &ids)? {
        by_meter.entry(device.meter_id).or_default().push(device);
    }
    let known = meters.into_iter().filter_map(|meter| {
        let zone = *zones.get(&meter.site_id)?;
        let devices = by_meter.remove(&meter.id).unwrap_or_default();
        let id = meter.id;
        Some((
            id,
            Served {
                meter,
                zone,
                devices,
            },
        ))
    });
    Ok(known.collect())
}

/// By the names under which readings come: the meter's number and the code of its measuring point.
pub fn by_name(served: &HashMap<MeterId, Served>) -> HashMap<&str, &Served> {
    let mut names: HashMap<&str, &Served> = HashMap::new();
    for of in served.values() {
        if let Some(code) = &of.meter.exchange_code {
            names.insert(code, of);
        }
    }
    // A meter's own number says more than another's code.
    names.extend(served.values().map(|it| (it.meter.code.as_str(), it)));
    names
}

/// In which rows of unknown meters are understood: that of all sites, or the operator's.
pub fn house_zone(conn: &mut Conn) -> Result<Zone> {
    let zones: BTreeSet<String> = sites::all(conn)?
        .into_iter()
        .map(|site| site.zone().name().to_owned())
        .collect();
    if let (1, Some(zone)) = (zones.len(), zones.first().and_then(|it| Zone::parse(it))) {
        return Ok(zone);
    }
    let operator = operators::get(conn)?.and_then(|it| Zone::parse(&it.time_zone));
    Ok(operator.unwrap_or(Zone(chrono_tz::UTC)))
}

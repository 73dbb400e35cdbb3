//! Which leases' months a reading touches, and whether they are billed already.

use crate::db::Conn;
use crate::db::billing::invoices;
use crate::db::leasing::leases;
use crate::db::metering::meters::Meter;
use crate::db::metering::usage;
use crate::db::site::sites;
use crate::domain::calendar::{Instant, Month, Window, Zone};
use crate::domain::ids::*;
use crate::error::Result;
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The leases behind some meters.
#[derive(Debug, Default)]
pub struct Touched {
    meters: HashMap<MeterId, (Zone, Vec<(LeaseId, Window)>)>,
    billed: HashSet<(LeaseId, String)>,
}

/// Everything that readings of these meters may touch.
pub fn load(conn: &mut Conn, meters: &[Meter]) -> Result<Touched> {
    let racks: BTreeSet<RackId> = meters.iter().filter_map(|it| it.rack_id).collect();
    let racks: Vec<RackId> = racks.into_iter().collect();
    let mut on_rack: BTreeMap<RackId, BTreeMap<LeaseId, Window>> = BTreeMap::new();
    for standing in usage::standing_on(conn, &racks)? {
        let window = window(standing.start_date, standing.end_date);
        let leases = on_rack.entry(standing.rack_id).or_default();
        leases.insert(standing.lease_id, window);
    }
    let mut zones: HashMap<SiteId, Zone> = HashMap::new();
    let mut touched = Touched::default();
    let mut leases: BTreeSet<LeaseId> = BTreeSet::new();
    for meter in meters {
        let zone = match zones.get(&meter.site_id) {
            Some(zone) => *zone,
            None => {
                let zone = sites::get(conn, meter.site_id)?.zone();
                zones.insert(meter.site_id, zone);
                zone
            }
        };
        let on = meter.rack_id.and_then(|rack| on_rack.get(&rack));
        let mut found: BTreeMap<LeaseId, Window> = on.cloned().unwrap_or_default();
        if let Some(id) = meter.lease_id {
            let lease = leases::get(conn, id)?;
            found.insert(id, window(lease.start_date, lease.end_date));
        }
        leases.extend(found.keys());
        touched
            .meters
            .insert(meter.id, (zone, found.into_iter().collect()));
    }
    let leases: Vec<LeaseId> = leases.into_iter().collect();
    touched.billed = invoices::billed_months(conn, &leases)?
        .into_iter()
        .collect();
    Ok(touched)
}

fn window(from: NaiveDate, to: Option<NaiveDate>) -> Window {
    Window { from, to }
}

impl Touched {
    pub fn leases_of(&self, meter: MeterId) -> Vec<LeaseId> {
        let of = self.meters.get(&meter);
        of.map_or(vec![], |(_, leases)| leases.iter().map(|it| it.0).collect())
    }

    /// The leases that an interval which starts then belongs to, with the month it counts in.
    pub fn months(&self, meter: MeterId, start: Instant) -> Vec<(LeaseId, Month)> {
        let Some((zone, leases)) = self.meters.get(&meter) else {
            return vec![];
        };
        let day = zone.date(start);
        let active = leases.iter().filter(|(_, window)| window.contains(day));
        active.map(|(lease, _)| (*lease, Month::of(day))).collect()
    }

    /// Whether the interval stands on an invoice that was issued.
    pub fn is_billed(&self, meter: MeterId, start: Instant) -> bool {
        let months = self.months(meter, start);
        let mut keys = months
            .into_iter()
            .map(|(lease, month)| (lease, month.to_string()));
        keys.any(|key| self.billed.contains(&key))
    }
}

//! What if it fails: a site's nodes and units by name, and what losing them would take.

use crate::db::Conn;
use crate::db::leasing::reservations::{self, Holder};
use crate::db::site::cooling::{self, CoolingUnit};
use crate::domain::calendar::{Instant, Window};
use crate::domain::ids::{ReservationId, SiteId};
use crate::domain::leasing::failure::{Lost, Single, Toll, failure, singles};
use crate::error::Result;
use crate::services::leasing::house::{Book, House};
use chrono::NaiveDate;
use std::collections::{BTreeSet, HashMap};

/// A site with what lives on it, read once for all questions.
pub struct Failures {
    pub house: House,
    pub book: Book,
    /// Each zone's units, in the order of the plan.
    pub units: Vec<Vec<CoolingUnit>>,
    holders: HashMap<ReservationId, Holder>,
}

impl Failures {
    pub fn load(conn: &mut Conn, site: SiteId, now: Instant) -> Result<Self> {
        let house = House::load(conn, site, now)?;
        let book = house.book(conn, now)?;
        let all = cooling::units_of_site(conn, site)?;
        let of = |zone: &cooling::CoolingZone| {
            let own = all.iter().filter(|unit| unit.zone_id == zone.id);
            own.cloned().collect()
        };
        let units = house.zones.iter().map(of).collect();
        let holders = reservations::holders(conn, site, house.today)?;
        Ok(Self {
            units,
            holders: holders.into_iter().map(|h| (h.reservation, h)).collect(),
            house,
            book,
        })
    }

    /// `node-12` or `unit-7`: a row of this site.
    pub fn parse(&self, code: &str) -> Option<Lost> {
        let (kind, id) = code.split_once('-')?;
        let id: i64 = id.parse().ok()?;
        match kind {
            "node" => {
                let at = self.house.nodes.iter().position(|node| node.id.0 == id)?;
                Some(Lost::Node(at))
            }
            "unit" => {
                let mut zones = self.units.iter().enumerate();
                zones.find_map(|(zone, units)| {
                    let unit = units.iter().position(|unit| unit.id == id)?;
                    Some(Lost::Unit(zone, unit))
                })
            }
            _ => None,
        }
    }

    pub fn code(&self, lost: Lost) -> String {
        match lost {
            Lost::Node(at) => format!("node-{}", self.house.nodes[at].id),
            Lost::Unit(zone, unit) => format!("unit-{}", self.units[zone][unit].id),
        }
    }

    /// A node's name, or a unit's after its zone's.
    pub fn name(&self, lost: Lost) -> String {
        match lost {
            Lost::Node(at) => self.house.nodes[at].name.clone(),
            Lost::Unit(zone, unit) => {
                let (zone, unit) = (&self.house.zones[zone], &self.units[zone][unit]);
                format!("{} · {}", zone.name, unit.name)
            }
        }
    }

    pub fn holder(&self, booking: usize) -> Option<&Holder> {
        self.holders.get(&self.book.reservations[booking].id)
    }

    pub fn toll(&self, lost: &[Lost], window: Window) -> Toll {
        failure(&self.house.plan, &self.book.bookings, lost, window)
    }

    pub fn table(&self, day: NaiveDate) -> Vec<Single> {
        singles(&self.house.plan, &self.book.bookings, day)
    }

    /// How many tenants lose power, or stand in a zone that is over.
    pub fn tenants(&self, toll: &Toll) -> usize {
        let hit = toll.hits.iter().filter(|hit| hit.dark + hit.hot > 0);
        let all: BTreeSet<_> = hit
            .map(|hit| self.book.reservations[hit.booking].tenant_id)
            .collect();
        all.len()
    }
}

//! Everything a site has, as rows and as the cells of its tables.

use super::register::Register;
use crate::db::Conn;
use crate::db::leasing::lists::tenant_names;
use crate::db::site::cooling::{self, CoolingUnit, CoolingZone, Derating};
use crate::db::site::halls::{self, Hall, Row};
use crate::db::site::power::{self, PowerNode};
use crate::db::site::racks::{self, Rack};
use crate::domain::calendar::Instant;
use crate::domain::fold::fold;
use crate::domain::ids::*;
use crate::domain::site::sheet::{Existing, Noun, Stock, Value, collapsed, names_text};
use crate::domain::units::Watts;
use crate::error::Result;
use crate::services::leasing::house::decimal;
use rust_decimal::Decimal;
use std::collections::HashMap;

/// The rows of one site.
pub struct Site {
    pub id: SiteId,
    pub halls: Vec<Hall>,
    pub rows: Vec<Row>,
    pub nodes: Vec<PowerNode>,
    pub zones: Vec<CoolingZone>,
    pub units: Vec<CoolingUnit>,
    pub deratings: Vec<Derating>,
    pub racks: Vec<Rack>,
    pub offers: Vec<(HallId, TenantId)>,
    /// By name.
    pub tenants: Vec<(TenantId, String)>,
    /// Only where machines are asked for.
    pub register: Option<Register>,
}

impl Site {
    pub fn load(conn: &mut Conn, id: SiteId) -> Result<Self> {
        Ok(Self {
            id,
            halls: halls::of_site(conn, id)?,
            rows: halls::rows_of_site(conn, id)?,
            nodes: power::of_site(conn, id)?,
            zones: cooling::of_site(conn, id)?,
            units: cooling::units_of_site(conn, id)?,
            deratings: cooling::deratings_of_site(conn, id)?,
            racks: racks::of_site(conn, id)?,
            offers: halls::offers_of_site(conn, id)?,
            tenants: tenant_names(conn)?,
            register: None,
        })
    }

    /// The same with the register of machines, as far as these serial numbers need it.
    pub fn with_machines(
        conn: &mut Conn,
        id: SiteId,
        now: Instant,
        serials: &[String],
    ) -> Result<Self> {
        let register = Some(Register::load(conn, id, now, serials)?);
        Ok(Self {
            register,
            ..Self::load(conn, id)?
        })
    }

    pub fn stock(&self) -> Result<Stock> {
        let halls: HashMap<HallId, &str> = self.halls.iter().map(|h| (h.id, &*h.name)).collect();
        let rows: HashMap<RowId, &str> = self.rows.iter().map(|r| (r.id, &*r.name)).collect();
        let nodes: HashMap<NodeId, &str> = self.nodes.iter().map(|n| (n.id, &*n.name)).collect();
        let zones: HashMap<ZoneId, &str> = self.zones.iter().map(|z| (z.id, &*z.name)).collect();
        let mut stock = Stock::default();
        stock.tenants = self.known_tenants();
        let hall = |h: &Hall| existing(h.id.0, self.hall(h));
        stock.put(Noun::Halls, self.halls.iter().map(hall).collect());
        let row = |r: &Row| {
            let cells = vec![name(&halls, r.hall_id), Value::text(&r.name)];
            existing(r.id.0, cells)
        };
        stock.put(Noun::Rows, self.rows.iter().map(row).collect());
        let node = |n: &PowerNode| Ok(existing(n.id.0, node(n, &nodes)?));
        stock.put(
            Noun::Power,
            self.nodes.iter().map(node).collect::<Result<_>>()?,
        );
        let zone = |z: &CoolingZone| Ok(existing(z.id.0, self.zone(z)?));
        stock.put(
            Noun::Zones,
            self.zones.iter().map(zone).collect::<Result<_>>()?,
        );
        let rack = |r: &Rack| {
            let cells = vec![
                name(&halls, r.hall_id),
                name(&rows, r.row_id),
                Value::text(&r.name),
                Value::Word(r.kind.code()),
                Value::Whole(r.slots),
                Value::Watts(r.limit_watts),
                Value::Word(r.phase.code()),
                name(&nodes, r.feed_a),
                r.feed_b.map_or(Value::Empty, |id| name(&nodes, id)),
                name(&zones, r.zone_id),
            ];
            existing(r.id.0, cells)
        };
        stock.put(Noun::Racks, self.racks.iter().map(rack).collect());
        if let Some(register) = &self.register {
            stock.put(Noun::Machines, register.rows(&self.racks));
            stock.register = register.judged(&self.racks);
        }
        Ok(stock)
    }

    /// Whom a hall is offered to that is offered to chosen tenants.
    pub fn offered_names(&self, hall: HallId) -> String {
        let named = self.offers.iter().filter(|(at, _)| *at == hall);
        let names = named.filter_map(|(_, tenant)| {
            let known = self.tenants.iter().find(|(id, _)| id == tenant);
            known.map(|(_, name)| collapsed(name))
        });
        names_text(names.collect())
    }

    fn hall(&self, hall: &Hall) -> Vec<Value> {
        vec![
            Value::text(&hall.name),
            Value::Word(hall.offered.code()),
            Value::text(&self.offered_names(hall.id)),
        ]
    }

    fn known_tenants(&self) -> HashMap<String, Option<String>> {
        let mut known: HashMap<String, Option<String>> = HashMap::new();
        for (_, name) in &self.tenants {
            let name = collapsed(name);
            known
                .entry(fold(&name))
                .and_modify(|several| *several = None)
                .or_insert(Some(name));
        }
        known
    }

    fn zone(&self, zone: &CoolingZone) -> Result<Vec<Value>> {
        let own = self.units.iter().filter(|unit| unit.zone_id == zone.id);
        let mut units: Vec<(String, Watts)> = own.map(|u| (u.name.clone(), u.watts)).collect();
        units.sort();
        let mut cells = vec![
            Value::text(&zone.name),
            Value::Word(zone.kind.code()),
            if units.is_empty() {
                Value::Empty
            } else {
                Value::Units(units)
            },
            Value::Whole(zone.spare_units),
        ];
        let mut months = [Decimal::ONE; 12];
        for row in self.deratings.iter().filter(|d| d.zone_id == zone.id) {
            let month = usize::try_from(row.month - 1).ok();
            if let Some(slot) = month.and_then(|at| months.get_mut(at)) {
                *slot = decimal(&row.factor)?;
            }
        }
        cells.extend(months.map(percent));
        Ok(cells)
    }
}

pub(super) fn existing(id: i64, cells: Vec<Value>) -> Existing {
    Existing { id, cells }
}

fn name<K: std::hash::Hash + Eq>(names: &HashMap<K, &str>, id: K) -> Value {
    Value::text(names.get(&id).copied().unwrap_or_default())
}

fn percent(share: Decimal) -> Value {
    Value::Decimal((share * Decimal::ONE_HUNDRED).normalize())
}

fn node(node: &PowerNode, names: &HashMap<NodeId, &str>) -> Result<Vec<Value>> {
    let number = |text: &Option<String>| -> Result<Value> {
        Ok(match text {
            None => Value::Empty,
            Some(text) => Value::Decimal(decimal(text)?.normalize()),
        })
    };
    Ok(vec![
        Value::text(&node.name),
        Value::Word(node.kind.code()),
        node.parent_id.map_or(Value::Empty, |id| name(names, id)),
        node.rating_watts.map_or(Value::Empty, Value::Watts),
        number(&node.volts)?,
        number(&node.amps)?,
        node.leg.map_or(Value::Empty, |leg| Value::Word(leg.code())),
        percent(decimal(&node.usable)?),
    ])
}

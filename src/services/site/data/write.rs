//! A plan becomes rows: new ones in batches, one query per noun to learn their ids.

use super::cells::Cells;
use super::stock::Site;
use crate::db::Tx;
use crate::db::site::cooling::{self, CoolingUnit, CoolingZone, Derating};
use crate::db::site::halls::{self, Hall, Row};
use crate::db::site::power::{self, PowerNode};
use crate::db::site::racks::{self, Rack};
use crate::domain::calendar::Instant;
use crate::domain::fold::fold;
use crate::domain::identity::access::Actor;
use crate::domain::ids::*;
use crate::domain::site::sheet::{Noun, NounPlan, Plan, What, collapsed, names_of};
use crate::domain::site::{CoolingKind, Leg, NodeKind, OfferedTo, RackKind, RackPhase};
use crate::error::{Error, Result, found};
use rust_decimal::Decimal;
use std::collections::{HashMap, HashSet};

pub fn write(tx: &mut Tx, site: &Site, plan: &Plan, by: (&Actor, Instant)) -> Result<()> {
    for part in &plan.nouns {
        match part.noun {
            Noun::Halls => write_halls(tx, site, part)?,
            Noun::Rows => write_rows(tx, site, part)?,
            Noun::Power => write_power(tx, site, part)?,
            Noun::Zones => write_zones(tx, site, part)?,
            Noun::Racks => write_racks(tx, site, part)?,
            Noun::Machines => super::register::write(tx, site, sorted(part), by)?,
        }
    }
    Ok(())
}

/// What is new, and what changes with its id.
fn sorted(part: &NounPlan) -> (Vec<Cells<'_>>, Vec<(i64, Cells<'_>)>) {
    let (mut new, mut changed) = (vec![], vec![]);
    for step in &part.steps {
        let cells = Cells {
            noun: part.noun,
            cells: &step.cells,
        };
        match step.what {
            What::New => new.push(cells),
            What::Changed { id, .. } => changed.push((id, cells)),
            What::Same | What::Skipped => {}
        }
    }
    (new, changed)
}

fn write_halls(tx: &mut Tx, site: &Site, part: &NounPlan) -> Result<()> {
    let hall = |c: &Cells| {
        Ok(Hall {
            id: HallId(0),
            site_id: site.id,
            name: c.name("hall").to_owned(),
            width: None,
            depth: None,
            offered: c.must("offered", OfferedTo::parse)?,
        })
    };
    let (new, changed) = sorted(part);
    let made: Vec<Hall> = new.iter().map(hall).collect::<Result<_>>()?;
    halls::insert_all(tx.conn, &made)?;
    for (id, cells) in &changed {
        let before = site.halls.iter().find(|hall| hall.id.0 == *id);
        let mut hall = found(before)?.clone();
        hall.offered = cells.must("offered", OfferedTo::parse)?;
        halls::update(tx.conn, &hall)?;
    }
    let tenants: HashMap<String, TenantId> = site
        .tenants
        .iter()
        .map(|(id, name)| (fold(&collapsed(name)), *id))
        .collect();
    let all = halls::of_site(tx.conn, site.id)?;
    for cells in new.iter().chain(changed.iter().map(|(_, cells)| cells)) {
        write_offers(tx, site, &all, &tenants, cells)?;
    }
    Ok(())
}

/// Where the names are as they were, nobody is looked up: two tenants may be called alike.
fn write_offers(
    tx: &mut Tx,
    site: &Site,
    all: &[Hall],
    tenants: &HashMap<String, TenantId>,
    cells: &Cells,
) -> Result<()> {
    let hall = found(all.iter().find(|hall| hall.name == cells.name("hall")))?;
    let named = cells.name("tenants");
    if named == site.offered_names(hall.id) {
        return Ok(());
    }
    let ids = names_of(named).into_iter();
    let ids = ids.map(|name| found(tenants.get(&fold(&name)).copied()));
    halls::replace_offers(tx.conn, hall, &ids.collect::<Result<Vec<_>>>()?)
}

fn hall_ids(tx: &mut Tx, site: SiteId) -> Result<HashMap<String, HallId>> {
    let all = halls::of_site(tx.conn, site)?;
    Ok(all.into_iter().map(|h| (h.name, h.id)).collect())
}

fn write_rows(tx: &mut Tx, site: &Site, part: &NounPlan) -> Result<()> {
    let halls = hall_ids(tx, site.id)?;
    let row = |c: &Cells| {
        Ok(Row {
            id: RowId(0),
            site_id: site.id,
            hall_id: c.id(&halls, "hall")?,
            name: c.name("row").to_owned(),
        })
    };
    let (new, _) = sorted(part);
    let rows = new.iter().map(row).collect::<Result<Vec<_>>>()?;
    halls::insert_rows(tx.conn, &rows)
}

fn node_ids(tx: &mut Tx, site: SiteId) -> Result<HashMap<String, NodeId>> {
    let all = power::of_site(tx.conn, site)?;
    Ok(all.into_iter().map(|n| (n.name, n.id)).collect())
}

/// New nodes level by level, each under a parent that is there; then what changes.
fn write_power(tx: &mut Tx, site: &Site, part: &NounPlan) -> Result<()> {
    let (mut waiting, changed) = sorted(part);
    let mut ids = node_ids(tx, site.id)?;
    while !waiting.is_empty() {
        let names: HashSet<&str> = waiting.iter().map(|c| c.name("node")).collect();
        let (level, deeper): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|c| !names.contains(c.name("parent")));
        if level.is_empty() {
            return Err(Error::Internal(anyhow::anyhow!("power nodes in a circle")));
        }
        let rows = level.iter().map(|c| node(site.id, NodeId(0), c, &ids));
        power::insert_all(tx.conn, &rows.collect::<Result<Vec<_>>>()?)?;
        ids = node_ids(tx, site.id)?;
        waiting = deeper;
    }
    for (id, cells) in &changed {
        power::update(tx.conn, &node(site.id, NodeId(*id), cells, &ids)?)?;
    }
    Ok(())
}

fn node(site: SiteId, id: NodeId, c: &Cells, ids: &HashMap<String, NodeId>) -> Result<PowerNode> {
    let parent_id = match c.name("parent") {
        "" => None,
        _ => Some(c.id(ids, "parent")?),
    };
    let text = |code: &str| c.decimal(code).map(|number| number.normalize().to_string());
    Ok(PowerNode {
        id,
        site_id: site,
        parent_id,
        kind: c.must("kind", NodeKind::parse)?,
        name: c.name("node").to_owned(),
        rating_watts: c.watts("rating_kw"),
        volts: text("volts"),
        amps: text("amps"),
        leg: c.code("leg", Leg::parse),
        usable: c.share("usable")?.to_string(),
    })
}

fn write_zones(tx: &mut Tx, site: &Site, part: &NounPlan) -> Result<()> {
    let (new, changed) = sorted(part);
    for c in &new {
        let zone = CoolingZone {
            id: ZoneId(0),
            site_id: site.id,
            name: c.name("zone").to_owned(),
            kind: c.must("kind", CoolingKind::parse)?,
            spare_units: c.whole("spare_units")?,
        };
        let id = cooling::insert(tx.conn, &zone)?;
        write_parts(tx, site.id, id, c)?;
    }
    for (id, c) in &changed {
        let before = site.zones.iter().find(|zone| zone.id.0 == *id);
        let mut zone = found(before)?.clone();
        zone.kind = c.must("kind", CoolingKind::parse)?;
        zone.spare_units = c.whole("spare_units")?;
        cooling::update(tx.conn, &zone)?;
        write_parts(tx, site.id, zone.id, c)?;
    }
    Ok(())
}

fn write_parts(tx: &mut Tx, site_id: SiteId, zone_id: ZoneId, c: &Cells) -> Result<()> {
    let units: Vec<_> = c
        .units()
        .iter()
        .map(|(name, watts)| CoolingUnit {
            id: 0,
            site_id,
            zone_id,
            name: name.clone(),
            watts: *watts,
        })
        .collect();
    let mut deratings = vec![];
    for month in 1..=12 {
        let factor = c.share(&format!("derate_{month}"))?;
        if factor != Decimal::ONE {
            deratings.push(Derating {
                site_id,
                zone_id,
                month,
                factor: factor.to_string(),
            });
        }
    }
    cooling::replace_parts(tx.conn, zone_id, &units, &deratings)
}

/// What racks are put together from.
struct Names {
    halls: HashMap<String, HallId>,
    rows: HashMap<(HallId, String), RowId>,
    nodes: HashMap<String, NodeId>,
    zones: HashMap<String, ZoneId>,
}

fn write_racks(tx: &mut Tx, site: &Site, part: &NounPlan) -> Result<()> {
    let rows = halls::rows_of_site(tx.conn, site.id)?;
    let zones = cooling::of_site(tx.conn, site.id)?;
    let names = Names {
        halls: hall_ids(tx, site.id)?,
        rows: rows
            .into_iter()
            .map(|r| ((r.hall_id, r.name), r.id))
            .collect(),
        nodes: node_ids(tx, site.id)?,
        zones: zones.into_iter().map(|z| (z.name, z.id)).collect(),
    };
    let (new, changed) = sorted(part);
    let made = new.iter().map(|c| new_rack(site.id, c, &names));
    racks::insert_all(tx.conn, &made.collect::<Result<Vec<_>>>()?)?;
    let before: HashMap<i64, &Rack> = site.racks.iter().map(|rack| (rack.id.0, rack)).collect();
    for (id, c) in &changed {
        let before = found(before.get(id).copied())?;
        racks::update(tx.conn, &rack(before.clone(), c, &names)?)?;
    }
    Ok(())
}

fn new_rack(site: SiteId, c: &Cells, names: &Names) -> Result<Rack> {
    let name = c.name("rack").to_owned();
    let blank = Rack {
        id: RackId(0),
        site_id: site,
        hall_id: HallId(0),
        row_id: RowId(0),
        name_folded: fold(&name),
        name,
        kind: RackKind::Frame,
        slots: 0,
        limit_watts: crate::domain::units::Watts::ZERO,
        phase: RackPhase::Three,
        feed_a: NodeId(0),
        feed_b: None,
        zone_id: ZoneId(0),
        x: None,
        y: None,
        turn: None,
    };
    rack(blank, c, names)
}

/// Everything that the table has a column for; the rest stays as it was.
fn rack(before: Rack, c: &Cells, names: &Names) -> Result<Rack> {
    let hall_id = c.id(&names.halls, "hall")?;
    let row = names.rows.get(&(hall_id, c.name("row").to_owned()));
    let feed_b = match c.name("feed_b") {
        "" => None,
        _ => Some(c.id(&names.nodes, "feed_b")?),
    };
    // Cells belong to a hall: a rack that changes it has none yet.
    let stays = before.hall_id == hall_id;
    Ok(Rack {
        x: before.x.filter(|_| stays),
        y: before.y.filter(|_| stays),
        turn: before.turn.filter(|_| stays),
        hall_id,
        row_id: found(row.copied())?,
        kind: c.must("kind", RackKind::parse)?,
        slots: c.whole("slots")?,
        limit_watts: c.watts("limit_kw").unwrap_or_default(),
        phase: c.must("phase", RackPhase::parse)?,
        feed_a: c.id(&names.nodes, "feed_a")?,
        feed_b,
        zone_id: c.id(&names.zones, "zone")?,
        ..before
    })
}

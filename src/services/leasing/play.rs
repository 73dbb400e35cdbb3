//! Plays a capacity case against the real booking service: a planner's what-if.

use super::answer::{Answer, AnswerAll, AnswerJson, Refused};
use super::assign::{Assigned, Wanted, assign};
use super::reserve::{IfRefused, Wish, cancel};
use super::together::{Asks, Part, reserve_all};
use crate::db::identity::tenants;
use crate::db::leasing::reservations;
use crate::db::site::{cooling, halls, power, racks, sites};
use crate::db::{Chain, Conn, Db};
use crate::domain::calendar::{Instant, Window, Zone};
use crate::domain::identity::access::Actor;
use crate::domain::ids::*;
use crate::domain::leasing::case::{self, Assign, Case, Op, Rating, Reserve, Rules};
use crate::domain::site::{NodeKind, OfferedTo, RackKind, Redundancy};
use crate::error::{Error, Result};
use chrono::{Days, NaiveDate};
use rust_decimal::Decimal;
use std::collections::HashMap;

/// The end of what never ends, where a row needs a date.
const FOREVER: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a date");
/// Longer than any play: holds never run out.
const HOLD_HOURS: i64 = 24 * 365;

/// Answers in the order of the operations. The case's site becomes a new one of this database.
pub fn play(db: &Db, case: &Case) -> Result<Vec<AnswerJson>> {
    let zone = Zone::parse(&case.time_zone)
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("{:?} is no time zone", case.time_zone)))?;
    let now = start(case, zone);
    let mut game = Game {
        db,
        now,
        site: SiteId(0),
        rules: case.rules.clone(),
        tenants: HashMap::new(),
        live: HashMap::new(),
    };
    game.site = db.write(Chain::Operator, |tx| build(tx.conn, case, now))?;
    case.ops.iter().map(|op| game.step(op)).collect()
}

/// Before anything happens.
fn start(case: &Case, zone: Zone) -> Instant {
    let first = case.ops.iter().filter_map(|op| match op {
        Op::Reserve(r) => Some(r.from),
        _ => None,
    });
    zone.start_of(first.min().unwrap_or_default() - Days::new(1))
}

struct Game<'a> {
    db: &'a Db,
    now: Instant,
    site: SiteId,
    rules: Rules,
    tenants: HashMap<String, TenantId>,
    live: HashMap<String, Vec<ReservationId>>,
}

impl Game<'_> {
    fn step(&mut self, op: &Op) -> Result<AnswerJson> {
        match op {
            Op::Reserve(request) => self.reserve(request),
            Op::Cancel { id, .. } => {
                if let Some(held) = self.live.get(id) {
                    cancel(self.db, &Actor::HOUSE, self.now, held[0])?;
                }
                Ok(AnswerJson::cancelled(id.clone()))
            }
            Op::Assign(choice) => self.assign(choice),
        }
    }

    fn reserve(&mut self, request: &Reserve) -> Result<AnswerJson> {
        let window = Window::new(request.from, request.to)
            .ok_or_else(|| Error::field("to", "leasing-error-window"))?;
        let tenant = self.tenant(request.tenant())?;
        let parts = request
            .parts
            .iter()
            .map(|part| self.part(tenant, window, part))
            .collect::<Result<Vec<_>>>()?;
        let answer = reserve_all(self.db, &Actor::HOUSE, self.now, &parts, IfRefused::Forget)?;
        if let AnswerAll::Accepted(ids) = &answer {
            self.live.insert(request.id.clone(), ids.clone());
        }
        Ok(AnswerJson::of_all(request.id.clone(), &answer))
    }

    fn part(&self, tenant: TenantId, window: Window, part: &case::Part) -> Result<Part> {
        let wish = Wish {
            tenant,
            site: self.site,
            hall: None,
            model: None,
            model_name: String::new(),
            workload: part.workload,
            cooling: part.cooling,
            supply: part.supply,
            units: part.units,
            watts_each: crate::domain::units::Watts(part.watts_each),
            window,
        };
        let racks = part.racks.as_ref().map(|names| self.racks(names));
        let asks = Asks {
            whole_racks: part.whole_racks,
            two_feeds: part.two_feeds,
            racks: racks.transpose()?,
        };
        Ok(Part { wish, asks })
    }

    fn racks(&self, names: &[String]) -> Result<Vec<RackId>> {
        let all = racks::of_site(&mut *self.db.get()?, self.site)?;
        let find = |name: &String| {
            let found = all.iter().find(|rack| rack.name == *name);
            found
                .map(|rack| rack.id)
                .ok_or_else(|| Error::field("racks", "leasing-error-rack"))
        };
        names.iter().map(find).collect()
    }

    fn tenant(&mut self, name: &str) -> Result<TenantId> {
        if let Some(id) = self.tenants.get(name) {
            return Ok(*id);
        }
        let redundancy = self.rules.tenants.get(name).copied();
        let row = tenant(name, self.now, redundancy.unwrap_or(Redundancy::N));
        let id = self
            .db
            .write(Chain::Operator, |tx| tenants::insert(tx.conn, &row))?;
        self.tenants.insert(name.to_owned(), id);
        Ok(id)
    }

    /// The part named, or all of the booking's parts.
    fn assign(&mut self, choice: &Assign) -> Result<AnswerJson> {
        let held = self.live.get(&choice.id).cloned().unwrap_or_default();
        let parts: Vec<ReservationId> = match choice.part {
            None => held,
            Some(part) => held
                .get(part.wrapping_sub(1))
                .copied()
                .into_iter()
                .collect(),
        };
        if parts.is_empty() {
            let message = anyhow::anyhow!("no booking {} to assign", choice.id);
            return Err(Error::Internal(message));
        }
        for id in parts {
            let wanted = self.wanted(choice, id)?;
            let done = assign(self.db, &Actor::HOUSE, self.now, id, &wanted)?;
            if let Assigned::Refused(refused) = done {
                return Ok(refused_json(&choice.id, refused));
            }
        }
        Ok(AnswerJson {
            answer: "assigned".to_owned(),
            ..AnswerJson::cancelled(choice.id.clone())
        })
    }

    /// The racks named, or the ones that the booking has.
    fn wanted(&self, choice: &Assign, id: ReservationId) -> Result<Vec<Wanted>> {
        if !choice.pieces.is_empty() {
            let wanted = |p: &case::AssignedPiece| Wanted {
                rack: p.rack.clone(),
                leg: p.leg,
                units: p.units,
            };
            return Ok(choice.pieces.iter().map(wanted).collect());
        }
        let mut conn = self.db.get()?;
        let names: HashMap<RackId, String> = racks::of_site(&mut conn, self.site)?
            .into_iter()
            .map(|r| (r.id, r.name))
            .collect();
        let rows = reservations::allocations_of(&mut conn, id)?;
        let wanted = |a: reservations::Allocation| Wanted {
            rack: names[&a.rack_id].clone(),
            leg: a.leg,
            units: a.units as u32,
        };
        Ok(rows.into_iter().map(wanted).collect())
    }
}

fn refused_json(id: &str, refused: Refused) -> AnswerJson {
    AnswerJson::of(id.to_owned(), &Answer::Refused(refused))
}

/// A tenant of whom the case says no more than the name.
fn tenant(name: &str, now: Instant, redundancy: Redundancy) -> tenants::Tenant {
    let blank = String::new;
    tenants::Tenant {
        id: TenantId(0),
        kind: crate::domain::identity::TenantKind::Company,
        name: name.to_owned(),
        name_folded: crate::domain::fold::fold(name),
        inn: blank(),
        kpp: blank(),
        ogrn: blank(),
        address: blank(),
        email: blank(),
        phone: blank(),
        contact: blank(),
        bank_details: blank(),
        registry_number: blank(),
        registry_date: None,
        locale: "en".to_owned(),
        created_at: now,
        created_by: None,
        redundancy,
    }
}

/// Writes the case's site as rows.
fn build(conn: &mut Conn, case: &Case, now: Instant) -> Result<SiteId> {
    let count = sites::all(conn)?.len() + 1;
    let code = format!("CASE{count}");
    let site = sites::Site {
        id: SiteId(0),
        code: code.clone(),
        name: case.name.clone(),
        region_code: code.clone(),
        address: String::new(),
        time_zone: case.time_zone.clone(),
        hold_hours: HOLD_HOURS,
        plan_id: None,
        created_at: now,
        redundancy: case.rules.site.unwrap_or(Redundancy::N),
    };
    let site_id = sites::insert(conn, &site)?;
    let nodes = nodes(conn, case, site_id)?;
    let zones = zones(conn, case, site_id)?;
    build_racks(conn, case, site_id, &nodes, &zones)?;
    for restriction in &case.site.restrictions {
        let row = sites::Restriction {
            id: RestrictionId(0),
            region_code: code.clone(),
            region_name: code.clone(),
            workload: restriction.workload,
            valid_from: restriction.window.from,
            valid_to: restriction.window.to,
            season_from: None,
            season_to: None,
            status: sites::IN_FORCE.to_owned(),
            note: String::new(),
        };
        sites::insert_restriction(conn, &row)?;
    }
    for outage in &case.site.outages {
        let row = power::Outage {
            id: OutageId(0),
            site_id,
            node_id: nodes[outage.node],
            from_date: outage.window.from,
            to_date: outage.window.to.unwrap_or(FOREVER),
            reason: String::new(),
            created_at: now,
            created_by: None,
            cancelled_at: None,
            cancelled_by: None,
        };
        power::insert_outage(conn, &row)?;
    }
    Ok(site_id)
}

/// Rows first, parents after: a case may name a parent below.
fn nodes(conn: &mut Conn, case: &Case, site_id: SiteId) -> Result<Vec<NodeId>> {
    let mut rows = vec![];
    for ((name, rating), node) in case.nodes.iter().zip(&case.ratings).zip(&case.site.nodes) {
        let mut row = power::PowerNode {
            id: NodeId(0),
            site_id,
            parent_id: None,
            kind: if node.grid {
                NodeKind::Grid
            } else {
                NodeKind::Feed
            },
            name: name.clone(),
            rating_watts: None,
            volts: None,
            amps: None,
            leg: None,
            usable: rating.usable().to_string(),
        };
        match rating {
            Rating::Power { watts, .. } => row.rating_watts = Some(whole(*watts)?),
            Rating::Supply {
                volts, amps, leg, ..
            } => {
                row.volts = Some(volts.to_string());
                row.amps = Some(amps.to_string());
                row.leg = *leg;
            }
        }
        row.id = power::insert(conn, &row)?;
        rows.push(row);
    }
    let ids: Vec<NodeId> = rows.iter().map(|row| row.id).collect();
    for (mut row, node) in rows.into_iter().zip(&case.site.nodes) {
        if let Some(parent) = node.parent {
            row.parent_id = Some(ids[parent]);
            power::update(conn, &row)?;
        }
    }
    Ok(ids)
}

/// Fractions of a watt are lost, as everywhere on a nameplate.
fn whole(watts: Decimal) -> Result<crate::domain::units::Watts> {
    crate::domain::units::Watts::from_decimal(watts.floor())
        .ok_or_else(|| Error::Internal(anyhow::anyhow!("{watts} W is beyond 64 bits")))
}

fn zones(conn: &mut Conn, case: &Case, site_id: SiteId) -> Result<Vec<ZoneId>> {
    let mut ids = vec![];
    for (name, zone) in case.zones.iter().zip(&case.site.zones) {
        let row = cooling::CoolingZone {
            id: ZoneId(0),
            site_id,
            name: name.clone(),
            kind: zone.kind,
            spare_units: zone.spare_units.into(),
        };
        let zone_id = cooling::insert(conn, &row)?;
        let units: Vec<_> = zone
            .units
            .iter()
            .enumerate()
            .map(|(at, watts)| cooling::CoolingUnit {
                id: 0,
                site_id,
                zone_id,
                name: (at + 1).to_string(),
                watts: *watts,
            })
            .collect();
        let deratings: Vec<_> = (1..)
            .zip(&zone.derate)
            .filter(|(_, factor)| **factor != Decimal::ONE)
            .map(|(month, factor)| cooling::Derating {
                site_id,
                zone_id,
                month,
                factor: factor.to_string(),
            })
            .collect();
        cooling::replace_parts(conn, zone_id, &units, &deratings)?;
        ids.push(zone_id);
    }
    Ok(ids)
}

fn build_racks(
    conn: &mut Conn,
    case: &Case,
    site_id: SiteId,
    nodes: &[NodeId],
    zones: &[ZoneId],
) -> Result<()> {
    let hall = halls::Hall {
        id: HallId(0),
        site_id,
        name: "1".to_owned(),
        width: None,
        depth: None,
        offered: OfferedTo::All,
    };
    let hall_id = halls::insert(conn, &hall)?;
    let row = halls::Row {
        id: RowId(0),
        site_id,
        hall_id,
        name: "1".to_owned(),
    };
    let row_id = halls::insert_row(conn, &row)?;
    for (name, rack) in case.racks.iter().zip(&case.site.racks) {
        let row = racks::Rack {
            id: RackId(0),
            site_id,
            hall_id,
            row_id,
            name: name.clone(),
            name_folded: name.to_lowercase(),
            kind: RackKind::Frame,
            slots: rack.slots.into(),
            limit_watts: rack.limit,
            phase: rack.phase,
            feed_a: nodes[rack.feeds.0],
            feed_b: rack.feeds.1.map(|at| nodes[at]),
            zone_id: zones[rack.zone],
            x: None,
            y: None,
            turn: None,
        };
        racks::insert(conn, &row)?;
    }
    Ok(())
}

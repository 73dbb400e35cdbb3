//! Reserving several parts at once: all of them in one transaction, or none.

use super::answer::{AnswerAll, RefusedAll};
use super::conflicts;
use super::house::House;
use super::ready::{Booked, Ready};
use super::reserve::{IfRefused, Wish, sane, swap_witnesses};
use crate::db::leasing::requests::{self, Request};
use crate::db::leasing::reservations::{self, Bundle, Reservation};
use crate::db::trail::Change;
use crate::db::{Chain, Db, Tx};
use crate::domain::calendar::{Instant, Window};
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::leasing::place::{Demand, Limits, Placements};
use crate::domain::leasing::state::ReservationState;
use crate::domain::site::{CoolingKind, Redundancy, SlotsEach, Supply, Workload};
use crate::domain::units::Watts;
use crate::error::{Error, Result, require};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The most parts of one request.
pub const MOST_PARTS: usize = 8;

/// What a part asks of its racks besides room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asks {
    /// Racks for one's own use: `units` counts racks, `watts_each` is what each may draw.
    pub whole_racks: bool,
    pub two_feeds: bool,
    /// Only these racks.
    pub racks: Option<Vec<RackId>>,
}

/// One kind of machines, or of racks. All parts of a request share tenant, site, hall and window.
#[derive(Clone, Debug)]
pub struct Part {
    pub wish: Wish,
    pub asks: Asks,
}

impl Part {
    pub fn of(wish: Wish) -> Self {
        let asks = Asks::default();
        Self { wish, asks }
    }
}

/// A part as it is kept with a refused request.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    pub model: Option<ModelId>,
    pub model_name: String,
    pub workload: Workload,
    pub cooling: CoolingKind,
    pub supply: Supply,
    pub units: u32,
    pub watts_each: Watts,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub whole_racks: bool,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub two_feeds: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub racks: Option<Vec<RackId>>,
    /// What would have fitted beside the parts before it.
    pub fits: u32,
}

/// The parts of a request, from its row.
pub fn parts_of(row: &Request) -> Vec<(Part, u32)> {
    let wish = Wish {
        tenant: row.tenant_id,
        site: row.site_id,
        hall: row.hall_id,
        model: row.model_id,
        model_name: row.model_name.clone(),
        workload: row.workload,
        cooling: row.cooling,
        supply: row.supply,
        units: u32::try_from(row.units).unwrap_or(1),
        watts_each: row.watts_each,
        window: Window {
            from: row.from_date,
            to: row.to_date,
        },
    };
    let kept: Vec<Kept> = serde_json::from_str(&row.parts).unwrap_or_default();
    if kept.is_empty() {
        let fits = u32::try_from(row.available_units).unwrap_or(0);
        return vec![(Part::of(wish), fits)];
    }
    let part = |kept: Kept| {
        let wish = Wish {
            model: kept.model,
            model_name: kept.model_name,
            workload: kept.workload,
            cooling: kept.cooling,
            supply: kept.supply,
            units: kept.units,
            watts_each: kept.watts_each,
            ..wish.clone()
        };
        let asks = Asks {
            whole_racks: kept.whole_racks,
            two_feeds: kept.two_feeds,
            racks: kept.racks,
        };
        (Part { wish, asks }, kept.fits)
    };
    kept.into_iter().map(part).collect()
}

/// Places all parts at once, or says why not. Atomic: nobody sees half of it, nothing is oversold.
pub fn reserve_all(
    db: &Db,
    who: &Actor,
    now: Instant,
    parts: &[Part],
    if_refused: IfRefused,
) -> Result<AnswerAll> {
    if !who.may(Permission::EnterContract) {
        require(who, Permission::Reserve)?;
    }
    let Some(first) = parts.first().filter(|_| parts.len() <= MOST_PARTS) else {
        return Err(Error::rule("leasing-error-parts"));
    };
    if !who.sees(first.wish.tenant) {
        return Err(Error::Forbidden);
    }
    let site = first.wish.site;
    let decided = db.write_then(
        Chain::Site(site),
        |tx| {
            let here = (site, first.wish.tenant);
            let (ready, rule) = Ready::within(db, tx, here, now)?;
            decide(tx, (&ready, rule), who, now, parts, if_refused)
        },
        |(_, booked)| {
            if let Some(booked) = booked {
                Ready::follow(db, site, booked);
            }
        },
    );
    decided.map(|(answer, _)| answer)
}

fn decide(
    tx: &mut Tx,
    (kept, rule): (&Arc<Ready>, Redundancy),
    who: &Actor,
    now: Instant,
    parts: &[Part],
    if_refused: IfRefused,
) -> Result<(AnswerAll, Option<Booked>)> {
    let (wish, before) = (&parts[0].wish, tx.head()?);
    for part in parts {
        together(wish, &part.wish)?;
        sane(&kept.house, who, &part.wish)?;
    }
    let ready = kept.clone().reaching(tx.conn, now, wish.window.from)?;
    let (ready, house) = (&*ready, &ready.house);
    let draft = |part| draft(house, who.user, now, part, rule);
    let mut rows: Vec<Reservation> = parts.iter().map(draft).collect();
    let mut demands: Vec<Demand> = rows.iter().map(|row| wanted(house, who, row)).collect();
    let (answer, accepted) = match ready.standing.place_all(&demands, &Limits::default()) {
        Ok(placed) => {
            accept(tx, ready, who, now, &mut rows, &placed)?;
            let ids = rows.iter().map(|row| row.id).collect();
            for (at, row) in rows.iter().enumerate() {
                demands[at] = house.offered(house.demand(row), row, &placed.parts[at]);
            }
            (AnswerAll::Accepted(ids), Some((rows, demands, placed)))
        }
        Err(refusal) => {
            let mut refused = RefusedAll::of(house, &refusal);
            if if_refused == IfRefused::KeepRequest {
                refused.whole.request = Some(keep_request(tx, who, now, parts, &refused)?);
            }
            (AnswerAll::Refused(refused), None)
        }
    };
    let after = tx.head()?;
    let booked = Booked {
        before,
        after,
        accepted,
    };
    // What is kept knows nothing of days that have passed.
    let ahead = wish.window.from >= house.today;
    Ok((answer, ahead.then_some(booked)))
}

/// What a part asks of the site: a tenant's only in halls that are offered to it.
pub(super) fn wanted(house: &House, who: &Actor, row: &Reservation) -> Demand {
    let demand = house.demand(row);
    Demand {
        racks: house.racks_for(who, demand.racks),
        ..demand
    }
}

/// What makes several parts one request.
fn together(first: &Wish, other: &Wish) -> Result<()> {
    let same = first.tenant == other.tenant
        && first.site == other.site
        && first.hall == other.hall
        && first.window == other.window;
    if same {
        Ok(())
    } else {
        Err(Error::rule("leasing-error-together"))
    }
}

/// The row of a part that nobody holds yet.
pub(super) fn draft(
    house: &House,
    user: Option<UserId>,
    now: Instant,
    part: &Part,
    rule: Redundancy,
) -> Reservation {
    let (wish, asks) = (&part.wish, &part.asks);
    Reservation {
        id: ReservationId(0),
        tenant_id: wish.tenant,
        site_id: wish.site,
        hall_id: wish.hall,
        model_id: wish.model,
        model_name: wish.model_name.clone(),
        workload: wish.workload,
        cooling: wish.cooling,
        supply: wish.supply,
        units: wish.units.into(),
        watts_each: wish.watts_each,
        from_date: wish.window.from,
        to_date: wish.window.to,
        state: ReservationState::Held,
        hold_until: now.plus_hours(house.site.hold_hours),
        assigned_at: None,
        assigned_by: None,
        created_at: now,
        created_by: user,
        cancelled_at: None,
        cancelled_by: None,
        bundle_id: None,
        slots_each: if asks.whole_racks {
            SlotsEach::WholeRack
        } else {
            SlotsEach::One
        },
        two_feeds: asks.two_feeds,
        rack_range: asks
            .racks
            .as_ref()
            .map(|racks| serde_json::json!(racks).to_string()),
        redundancy: rule,
    }
}

fn accept(
    tx: &mut Tx,
    ready: &Ready,
    who: &Actor,
    now: Instant,
    rows: &mut [Reservation],
    placed: &Placements,
) -> Result<()> {
    let house = &ready.house;
    let bundle_id = match &rows[..] {
        [first, _, ..] => {
            let bundle = Bundle {
                id: BundleId(0),
                tenant_id: first.tenant_id,
                site_id: first.site_id,
                created_at: now,
                created_by: who.user,
            };
            Some(reservations::insert_bundle(tx.conn, &bundle)?)
        }
        _ => None,
    };
    for (row, pieces) in rows.iter_mut().zip(&placed.parts) {
        row.bundle_id = bundle_id;
        row.id = reservations::insert(tx.conn, row)?;
        reservations::insert_allocations(tx.conn, &house.allocations(row, pieces))?;
        let change = Change {
            action: "reserve",
            noun: "reservation",
            id: row.id.0,
            before: &(),
            after: &*row,
        };
        tx.record(who, now, change)?;
    }
    swap_witnesses(tx, house, &ready.reservations, &placed.moved)?;
    if ready.conflicts {
        conflicts::refresh(tx, who, now, house.site.id)?;
    }
    Ok(())
}

fn keep_request(
    tx: &mut Tx,
    who: &Actor,
    now: Instant,
    parts: &[Part],
    refused: &RefusedAll,
) -> Result<RequestId> {
    let reasons: Vec<_> = refused.whole.reasons.iter().map(|r| r.code()).collect();
    let wish = &parts[0].wish;
    let mut row = Request {
        id: RequestId(0),
        tenant_id: wish.tenant,
        site_id: wish.site,
        hall_id: wish.hall,
        model_id: wish.model,
        model_name: wish.model_name.clone(),
        workload: wish.workload,
        cooling: wish.cooling,
        supply: wish.supply,
        units: wish.units.into(),
        watts_each: wish.watts_each,
        from_date: wish.window.from,
        to_date: wish.window.to,
        reasons: reasons.join(","),
        available_units: refused.available_units[0].into(),
        binding: serde_json::to_string(&refused.whole.bound).map_err(anyhow::Error::from)?,
        state: requests::OPEN.to_owned(),
        answer: String::new(),
        created_at: now,
        created_by: who.user,
        closed_at: None,
        closed_by: None,
        parts: kept(parts, &refused.available_units)?,
    };
    row.id = requests::insert(tx.conn, &row)?;
    let change = Change {
        action: "request",
        noun: "request",
        id: row.id.0,
        before: &(),
        after: &row,
    };
    tx.record(who, now, change)?;
    Ok(row.id)
}

/// Nothing where the row's own columns say it all.
fn kept(parts: &[Part], fits: &[u32]) -> Result<String> {
    if parts.len() == 1 && parts[0].asks == Asks::default() {
        return Ok(String::new());
    }
    let kept = parts.iter().zip(fits).map(|(part, fits)| Kept {
        model: part.wish.model,
        model_name: part.wish.model_name.clone(),
        workload: part.wish.workload,
        cooling: part.wish.cooling,
        supply: part.wish.supply,
        units: part.wish.units,
        watts_each: part.wish.watts_each,
        whole_racks: part.asks.whole_racks,
        two_feeds: part.asks.two_feeds,
        racks: part.asks.racks.clone(),
        fits: *fits,
    });
    let kept: Vec<Kept> = kept.collect();
    Ok(serde_json::to_string(&kept).map_err(anyhow::Error::from)?)
}

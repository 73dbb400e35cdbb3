//! Where a wish would stand if it were reserved now; nothing is written.

use super::answer::{Refused, RefusedAll};
use super::availability::demand;
use super::house::House;
use super::ready::Ready;
use super::reserve::Wish;
use super::together::{Part, draft, wanted};
use crate::db::Db;
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Actor;
use crate::domain::leasing::place::{self, Demand, Limits, Piece};
use crate::domain::site::Leg;
use crate::error::{Error, Result};
use rust_decimal::Decimal;

/// Machines on one rack: on each leg, and on all three.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    pub rack: String,
    pub hall: String,
    pub units: u32,
    pub legs: [u32; 3],
    pub slots: i64,
}

#[derive(Clone, Debug)]
pub enum Preview {
    Fits(Vec<Spot>),
    Refused(Refused),
}

impl Preview {
    pub fn fits(self) -> Option<Vec<Spot>> {
        match self {
            Self::Fits(spots) => Some(spots),
            Self::Refused(_) => None,
        }
    }
}

/// `wish`: with a start that its reader may ask for, as `starts_in_time` says.
pub fn preview(db: &Db, who: &Actor, now: Instant, wish: &Wish) -> Result<Preview> {
    let (ready, redundancy) = db.read(|conn| {
        let ready = Ready::load(db, conn, wish.site, now)?;
        let ready = ready.reaching(conn, now, wish.window.from)?;
        let redundancy = ready.house.rule_for(conn, wish.tenant)?;
        Ok((ready, redundancy))
    })?;
    let house = &*ready.house;
    let racks = house.racks_for(who, wish.hall.map(|hall| house.racks_of_hall(hall)));
    let needs = place::Needs {
        redundancy,
        ..place::Needs::default()
    };
    let demand = demand(wish, racks, needs);
    match ready.standing.place(&demand, &Limits::default()) {
        Ok(placement) => Ok(Preview::Fits(spots(house, &placement.pieces))),
        Err(refusal) => Ok(Preview::Refused(Refused::of(house, &refusal))),
    }
}

#[derive(Clone, Debug)]
pub enum PreviewAll {
    /// Part by part.
    Fits(Vec<Vec<Spot>>),
    Refused(RefusedAll),
}

/// The same for several parts at once.
pub fn preview_all(db: &Db, who: &Actor, now: Instant, parts: &[Part]) -> Result<PreviewAll> {
    let first = parts
        .first()
        .ok_or_else(|| Error::rule("leasing-error-parts"))?;
    let wish = &first.wish;
    let (ready, rule) = db.read(|conn| {
        let ready = Ready::load(db, conn, wish.site, now)?;
        let ready = ready.reaching(conn, now, wish.window.from)?;
        let rule = ready.house.rule_for(conn, wish.tenant)?;
        Ok((ready, rule))
    })?;
    let house = &*ready.house;
    let demands: Vec<Demand> = parts
        .iter()
        .map(|part| wanted(house, who, &draft(house, None, now, part, rule)))
        .collect();
    match ready.standing.place_all(&demands, &Limits::default()) {
        Ok(placed) => {
            let each = placed.parts.iter().map(|pieces| spots(house, pieces));
            Ok(PreviewAll::Fits(each.collect()))
        }
        Err(refusal) => Ok(PreviewAll::Refused(RefusedAll::of(house, &refusal))),
    }
}

/// Pieces by rack, in the site's order of racks.
pub fn spots(house: &House, pieces: &[Piece]) -> Vec<Spot> {
    let mut sorted = pieces.to_vec();
    sorted.sort();
    let mut spots: Vec<(usize, Spot)> = vec![];
    for piece in &sorted {
        if spots.last().is_none_or(|(rack, _)| *rack != piece.rack) {
            let rack = &house.racks[piece.rack];
            let spot = Spot {
                rack: rack.name.clone(),
                hall: house.hall_name(rack.hall_id).to_owned(),
                slots: rack.slots,
                ..Spot::default()
            };
            spots.push((piece.rack, spot));
        }
        if let Some((_, spot)) = spots.last_mut() {
            spot.units += piece.units;
            if let Some(leg) = piece.leg {
                spot.legs[Leg::index(leg)] += piece.units;
            }
        }
    }
    spots.into_iter().map(|(_, spot)| spot).collect()
}

/// Racks held, parts of racks by slots: what rent is counted by.
pub fn rack_share(spots: &[Spot]) -> Decimal {
    spots
        .iter()
        .map(|spot| Decimal::from(spot.units) / Decimal::from(spot.slots.max(1)))
        .sum()
}

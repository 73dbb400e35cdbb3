//! Re-planning: unassigned reservations move so that capacity is free in one piece.

use super::conflicts;
use super::house::{Book, House};
use super::reserve::Wish;
use super::together::{Part, draft, parts_of};
use crate::db::leasing::requests;
use crate::db::leasing::reservations;
use crate::db::trail::Change;
use crate::db::{Chain, Conn, Db};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::{Actor, Permission};
use crate::domain::ids::*;
use crate::domain::leasing::place::{self, Aim, Demand, Figures, Limits, Piece};
use crate::error::{Error, Result, require};
use sha2::{Digest, Sha256};

/// What capacity is freed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    WholeRacks,
    /// A refused request that is still open.
    Request(RequestId),
}

/// A proposal; `seal` tells it from any other.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub moves: Vec<Move>,
    pub before: Figures,
    pub after: Figures,
    pub seal: String,
}

/// Where a reservation's machines stand and would stand, by rack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    pub reservation: ReservationId,
    pub tenant: TenantId,
    pub units: i64,
    pub model_name: String,
    pub from: Vec<(String, u32)>,
    pub to: Vec<(String, u32)>,
}

/// What would move; nothing is written. `asked` is counted before and after.
pub fn propose(db: &Db, who: &Actor, now: Instant, goal: Goal, asked: &Wish) -> Result<Proposal> {
    require(who, Permission::Assign)?;
    db.read(|conn| {
        let (house, book) = load(conn, asked.site, now)?;
        let plan = plan(conn, &house, &book, now, goal, asked)?;
        Ok(proposal(&house, &book, &plan))
    })
}

/// Makes the moves of a proposal in one transaction; refused where the bookings have changed since,
/// so that other moves would be proposed. Returns how many moved.
pub fn apply(
    db: &Db,
    who: &Actor,
    now: Instant,
    goal: Goal,
    asked: &Wish,
    seal: &str,
) -> Result<usize> {
    require(who, Permission::Assign)?;
    db.write(Chain::Site(asked.site), |tx| {
        let (house, book) = load(tx.conn, asked.site, now)?;
        let plan = plan(tx.conn, &house, &book, now, goal, asked)?;
        let same = proposal(&house, &book, &plan).seal == seal;
        let holds = place::may_move(&house.plan, &book.bookings, &plan.moves);
        if plan.moves.is_empty() || !same || !holds {
            return Err(Error::rule("replan-error-changed"));
        }
        for (at, pieces) in &plan.moves {
            let row = &book.reservations[*at];
            let before = reservations::allocations_of(tx.conn, row.id)?;
            let after = house.allocations(row, pieces);
            reservations::replace_allocations(tx.conn, row.id, &after)?;
            let change = Change {
                action: "replan",
                noun: "reservation",
                id: row.id.0,
                before: &before,
                after: &after,
            };
            tx.record(who, now, change)?;
        }
        conflicts::refresh(tx, who, now, asked.site)?;
        Ok(plan.moves.len())
    })
}

fn load(conn: &mut Conn, site: SiteId, now: Instant) -> Result<(House, Book)> {
    let house = House::load(conn, site, now)?;
    let book = house.book(conn, now)?;
    Ok((house, book))
}

fn plan(
    conn: &mut Conn,
    house: &House,
    book: &Book,
    now: Instant,
    goal: Goal,
    asked: &Wish,
) -> Result<place::Replan> {
    let aim = match goal {
        Goal::WholeRacks => Aim::WholeRacks,
        Goal::Request(id) => {
            let row = requests::get(conn, id)?;
            if row.site_id != house.site.id {
                return Err(Error::NotFound);
            }
            let rule = house.rule_for(conn, row.tenant_id)?;
            let parts = parts_of(&row).into_iter();
            let demand =
                |(part, _): (Part, u32)| house.demand(&draft(house, None, now, &part, rule));
            Aim::Fit(parts.map(demand).collect())
        }
    };
    let rule = house.rule_for(conn, asked.tenant)?;
    let asked: Demand = house.demand(&draft(house, None, now, &Part::of(asked.clone()), rule));
    let limits = Limits::default();
    Ok(place::replan(
        &house.plan,
        &book.bookings,
        &aim,
        &asked,
        &limits,
    ))
}

fn proposal(house: &House, book: &Book, plan: &place::Replan) -> Proposal {
    let mut hasher = Sha256::new();
    let moves = plan.moves.iter().map(|(at, pieces)| {
        let row = &book.reservations[*at];
        let old = &book.bookings[*at].witness;
        hasher.update(format!("{} {old:?} {pieces:?};", row.id));
        Move {
            reservation: row.id,
            tenant: row.tenant_id,
            units: row.units,
            model_name: row.model_name.clone(),
            from: by_rack(house, old),
            to: by_rack(house, pieces),
        }
    });
    let moves: Vec<Move> = moves.collect();
    Proposal {
        moves,
        before: plan.before,
        after: plan.after,
        seal: hex::encode(hasher.finalize()),
    }
}

fn by_rack(house: &House, pieces: &[Piece]) -> Vec<(String, u32)> {
    let mut sorted = pieces.to_vec();
    sorted.sort();
    let racks = sorted.chunk_by(|a, b| a.rack == b.rack);
    racks
        .map(|pieces| {
            let units = pieces.iter().map(|piece| piece.units).sum();
            (house.racks[pieces[0].rack].name.clone(), units)
        })
        .collect()
}

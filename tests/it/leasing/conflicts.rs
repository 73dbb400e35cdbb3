//! A stream of changes, bookings and cancellations: after every step the open conflicts are exactly
//! what is oversold or forbidden, and `check` finds nothing else.

use super::world::World;
use crate::on_both;
use crate::support::{House, NOW};
use innkeeper::db::leasing::conflicts as rows;
use innkeeper::db::leasing::reservations::{self, Reservation};
use innkeeper::db::leasing::{leases, lists};
use innkeeper::db::site::power::{self, Outage};
use innkeeper::db::site::sites::{self, ANNOUNCED, IN_FORCE, Restriction};
use innkeeper::db::site::{cooling, racks};
use innkeeper::domain::calendar::Window;
use innkeeper::domain::ids::*;
use innkeeper::domain::leasing::conflicts::ConflictKind;
use innkeeper::domain::leasing::place::{self, Violation};
use innkeeper::domain::leasing::state::ReservationState;
use innkeeper::domain::site::{Leg, Supply, Workload};
use innkeeper::domain::units::Watts;
use innkeeper::error::{Error, Result};
use innkeeper::services::check::look;
use innkeeper::services::leasing::assign::{Wanted, assign};
use innkeeper::services::leasing::conflicts::{explains, found, place_of};
use innkeeper::services::leasing::house::House as Loaded;
use innkeeper::services::leasing::leases::{give_notice, sign};
use innkeeper::services::leasing::relocate::relocate;
use innkeeper::services::leasing::reserve::{IfRefused, Wish, cancel, reserve};
use innkeeper::services::site::guard::Consent;
use innkeeper::services::site::zones::ZoneForm;
use innkeeper::services::site::{power as power_service, racks as rack_service};
use innkeeper::services::site::{sites as site_service, zones};
use std::collections::BTreeSet;

const SITE: SiteId = SiteId(1);
const PLAN: PlanId = PlanId(1);

/// Small steps of a known generator: the same stream on both databases.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % end
    }

    fn window(&mut self) -> Window {
        let first: chrono::NaiveDate = "2026-12-01".parse().unwrap();
        let from = first + chrono::Days::new(self.below(300));
        let to = from + chrono::Days::new(1 + self.below(200));
        Window { from, to: Some(to) }
    }
}

/// Does a change, and agrees to what it is said to break.
fn agreeing<T>(change: impl Fn(&Consent) -> Result<T>) -> Result<T> {
    match change(&Consent::none()) {
        Err(Error::Breaks(breaks)) => {
            assert!(!breaks.broken.is_empty());
            change(&Consent::to(&breaks.digest))
        }
        other => other,
    }
}

fn step(house: &House, world: &World, dice: &mut Dice) {
    match dice.below(13) {
        0..=2 => book(house, world, dice),
        3 => drop_one(house, world, dice),
        4 => confirm_one(house, world, dice),
        5 => rate_a_node(house, world, dice),
        6 => plan_an_outage(house, world, dice),
        7 => call_one_off(house, world, dice),
        8 => weaken_a_zone_or_rack(house, world, dice),
        9 => sign_one(house, world, dice),
        10..=11 => move_one(house, world, dice),
        _ => forbid_or_allow(house, world, dice),
    }
}

fn book(house: &House, world: &World, dice: &mut Dice) {
    let wish = Wish {
        window: dice.window(),
        supply: if dice.below(3) == 0 {
            Supply::Three
        } else {
            Supply::Single
        },
        ..world.wish(1 + dice.below(8) as u32)
    };
    reserve(&house.db, &world.owner, NOW, &wish, IfRefused::Forget).unwrap();
}

fn one_of(
    house: &House,
    dice: &mut Dice,
    which: impl Fn(&Reservation) -> bool,
) -> Option<Reservation> {
    let today = "2026-11-20".parse().unwrap();
    let mut live = reservations::live(&mut house.db.get().unwrap(), SITE, NOW, today).unwrap();
    live.retain(which);
    let at = dice.below(live.len().max(1) as u64) as usize;
    live.into_iter().nth(at)
}

fn is_lease(row: &Reservation) -> bool {
    row.state == ReservationState::Leased
}

fn drop_one(house: &House, world: &World, dice: &mut Dice) {
    match one_of(house, dice, |_| true) {
        Some(row) if is_lease(&row) => {
            let end = row.from_date + chrono::Days::new(20 + dice.below(60));
            let id = leases::by_reservation(&mut house.db.get().unwrap(), row.id).unwrap();
            // One that ends earlier already stays as it is.
            let _ = give_notice(&house.db, &world.staff, NOW, id.unwrap().id, end);
        }
        Some(row) => cancel(&house.db, &world.owner, NOW, row.id).unwrap(),
        None => {}
    }
}

fn sign_one(house: &House, world: &World, dice: &mut Dice) {
    let assigned = |row: &Reservation| !is_lease(row) && row.assigned_at.is_some();
    if let Some(row) = one_of(house, dice, assigned) {
        sign(&house.db, &world.staff, NOW, row.id, &world.terms(PLAN)).unwrap();
    }
}

/// Whole racks at random, on a day at random; what is not possible is refused.
fn move_one(house: &House, world: &World, dice: &mut Dice) {
    let Some(row) = one_of(house, dice, is_lease) else {
        return sign_one(house, world, dice);
    };
    for _ in 0..3 {
        try_to_move(house, world, dice, &row);
    }
}

fn try_to_move(house: &House, world: &World, dice: &mut Dice, row: &Reservation) {
    let day = row.from_date + chrono::Days::new(dice.below(40));
    let on = dice.below(10) as usize;
    let mut wanted: Vec<Wanted> = vec![];
    let leg = |at: i64| match row.supply {
        Supply::Three => None,
        Supply::Single => Some(Leg::ALL[at as usize % 3]),
    };
    for unit in 0..row.units {
        let rack = format!("R{:02}", (on + unit as usize / 4) % 10 + 1);
        let leg = leg(unit);
        match wanted
            .iter_mut()
            .find(|it| it.rack == rack && it.leg == leg)
        {
            Some(known) => known.units += 1,
            None => wanted.push(Wanted {
                rack,
                leg,
                units: 1,
            }),
        }
    }
    match relocate(&house.db, &world.staff, NOW, row.id, day, &wanted) {
        Ok(_) | Err(Error::Invalid(_)) => {}
        Err(error) => panic!("{error:?}"),
    }
}

fn confirm_one(house: &House, world: &World, dice: &mut Dice) {
    let Some(Reservation { id, .. }) = one_of(house, dice, |row| !is_lease(row)) else {
        return;
    };
    let rows = lists::standing(&mut house.db.get().unwrap(), id).unwrap();
    let wanted: Vec<Wanted> = rows
        .into_iter()
        .map(|row| Wanted {
            rack: row.rack,
            leg: row.leg,
            units: row.units as u32,
        })
        .collect();
    assign(&house.db, &world.staff, NOW, id, &wanted).unwrap();
}

fn rate_a_node(house: &House, world: &World, dice: &mut Dice) {
    let nodes = power::of_site(&mut house.db.get().unwrap(), SITE).unwrap();
    let mut node = nodes[dice.below(nodes.len() as u64) as usize].clone();
    node.rating_watts = Some(Watts(20_000 + 10_000 * dice.below(10) as i64));
    agreeing(|consent| power_service::save(&house.db, &world.staff, NOW, &node, consent)).unwrap();
}

fn plan_an_outage(house: &House, world: &World, dice: &mut Dice) {
    let nodes = power::of_site(&mut house.db.get().unwrap(), SITE).unwrap();
    let window = dice.window();
    let outage = Outage {
        id: OutageId(0),
        site_id: SITE,
        node_id: nodes[dice.below(nodes.len() as u64) as usize].id,
        from_date: window.from,
        to_date: window.from + chrono::Days::new(1 + dice.below(9)),
        reason: "Work".to_owned(),
        created_at: NOW,
        created_by: None,
        cancelled_at: None,
        cancelled_by: None,
    };
    agreeing(|consent| power_service::plan_outage(&house.db, &world.staff, NOW, &outage, consent))
        .unwrap();
}

fn call_one_off(house: &House, world: &World, dice: &mut Dice) {
    let all = power::outages_of_site(&mut house.db.get().unwrap(), SITE).unwrap();
    let at = dice.below(all.len().max(1) as u64) as usize;
    if let Some(outage) = all.get(at) {
        power_service::cancel_outage(&house.db, &world.staff, NOW, SITE, outage.id).unwrap();
    }
}

fn weaken_a_zone_or_rack(house: &House, world: &World, dice: &mut Dice) {
    let (zone, all) = {
        let conn = &mut *house.db.get().unwrap();
        let zone = cooling::of_site(conn, SITE).unwrap().remove(0);
        (zone, racks::of_site(conn, SITE).unwrap())
    };
    if dice.below(2) == 0 {
        let form = ZoneForm {
            zone,
            units: vec![(
                "A".to_owned(),
                Watts(20_000 + 10_000 * dice.below(8) as i64),
            )],
            derating: vec![(7, rust_decimal::Decimal::new(50 + dice.below(50) as i64, 2))],
        };
        agreeing(|consent| zones::save(&house.db, &world.staff, NOW, &form, consent)).unwrap();
        return;
    }
    let mut rack = all[dice.below(all.len() as u64) as usize].clone();
    rack.limit_watts = Watts(3_000 + 3_000 * dice.below(12) as i64);
    rack.slots = 1 + dice.below(10) as i64;
    agreeing(|consent| rack_service::save(&house.db, &world.staff, NOW, &rack, consent)).unwrap();
}

fn forbid_or_allow(house: &House, world: &World, dice: &mut Dice) {
    let region = sites::get(&mut house.db.get().unwrap(), SITE)
        .unwrap()
        .region_code;
    let known = sites::restrictions_of(&mut house.db.get().unwrap(), &region).unwrap();
    let window = dice.window();
    let row = Restriction {
        id: known.first().map_or(RestrictionId(0), |row| row.id),
        region_code: region,
        region_name: "Region".to_owned(),
        workload: Workload::Mining,
        valid_from: window.from,
        valid_to: window.to,
        season_from: None,
        season_to: None,
        status: if dice.below(3) == 0 {
            IN_FORCE
        } else {
            ANNOUNCED
        }
        .to_owned(),
        note: String::new(),
    };
    agreeing(|consent| site_service::save_restriction(&house.db, &world.staff, NOW, &row, consent))
        .unwrap();
}

/// The conflicts that are open are those that are there, and all that is oversold is among them.
fn in_step(house: &House, after: usize) -> usize {
    let conn = &mut *house.db.get().unwrap();
    let site = Loaded::load(conn, SITE, NOW).unwrap();
    let book = site.book(conn, NOW).unwrap();
    let there = found(&site, &book);
    let open = rows::open_of_site(conn, SITE).unwrap();
    assert_eq!(open.len(), there.len(), "step {after}: {open:?}\n{there:?}");
    for found in &there {
        let row = open.iter().find(|row| explains(row, found));
        let row = row.unwrap_or_else(|| panic!("step {after}: {found:?} is not among {open:?}"));
        assert_eq!(
            (row.excess, row.own),
            (found.extent.excess, found.extent.own)
        );
        assert_eq!(
            (row.from_date, row.to_date),
            (found.extent.window.from, found.extent.window.to)
        );
    }
    let mut oversold = BTreeSet::new();
    for violation in place::verify(&site.plan, &book.bookings) {
        let Violation::Oversold {
            resource, bookings, ..
        } = violation
        else {
            panic!("step {after}: {violation:?}");
        };
        let place = place_of(&site, resource).unwrap();
        oversold.extend(
            bookings
                .into_iter()
                .map(|at| (book.reservations[at].id, place)),
        );
    }
    let listed = open
        .iter()
        .filter(|row| row.kind != ConflictKind::Restriction);
    let listed = listed.map(|row| (row.reservation_id, (row.kind, row.resource_id, row.leg)));
    assert_eq!(oversold, listed.collect(), "step {after}");
    let findings = look(&house.db, NOW).unwrap();
    assert_eq!(findings.violations, vec![], "step {after}");
    assert_eq!(findings.conflicts.len(), open.len());
    open.len()
}

fn stream(house: &House, seed: u64) {
    let world = house.world();
    assert_eq!(house.plan(), PLAN);
    let mut dice = Dice(seed);
    for _ in 0..6 {
        book(house, &world, &mut dice);
    }
    let mut seen = 0;
    for _ in 0..2 {
        confirm_one(house, &world, &mut dice);
        sign_one(house, &world, &mut dice);
    }
    for after in 0..40 {
        step(house, &world, &mut dice);
        seen += in_step(house, after);
    }
    assert!(seen > 20, "the stream met conflicts: {seen}");
    let dated = reservations::allocations_of_site(&mut house.db.get().unwrap(), SITE).unwrap();
    assert!(
        dated.iter().any(|it| it.from_date.is_some()),
        "the stream met leases that move"
    );
}

on_both! {
    fn open_conflicts_are_what_is_oversold_after_every_step(house: &House) {
        stream(house, 0x2b99_1c04_77c1_0d5f);
    }

    fn and_in_another_stream(house: &House) {
        stream(house, 0x5eed_0000_0001_9d3b);
    }
}

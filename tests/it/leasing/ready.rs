//! A site that a process keeps between requests: two processes take turns on it, and each answers
//! as one that keeps nothing.

use super::world::{FITS, World};
use crate::on_both;
use crate::support::NOW;
use innkeeper::db::Db;
use innkeeper::db::site::racks::{self, Moment, RackFilter, RackNames, RackOrder, RackPage};
use innkeeper::db::site::sites::{self, Restriction};
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::identity::access::Actor;
use innkeeper::domain::ids::{RackId, ReservationId, RestrictionId};
use innkeeper::domain::site::{Supply, Workload};
use innkeeper::domain::units::Watts;
use innkeeper::error::Error;
use innkeeper::services::check::check;
use innkeeper::services::leasing::answer::Answer;
use innkeeper::services::leasing::assign::{Wanted, assign};
use innkeeper::services::leasing::house::House as Rows;
use innkeeper::services::leasing::ready::Ready;
use innkeeper::services::leasing::reserve::{IfRefused, Wish, cancel, reserve};
use innkeeper::services::site::guard::Consent;
use innkeeper::services::site::rack_list::{self, Stand};
use innkeeper::services::site::racks as rack_service;
use innkeeper::services::site::sites as site_service;

/// What this process keeps, beside the rows.
pub fn same(db: &Db, world: &World, now: Instant) {
    db.read(|conn| {
        let kept = Ready::load(db, conn, world.site, now)?;
        let rows = Rows::load(conn, world.site, now)?;
        let book = rows.book(conn, now)?;
        assert_eq!(kept.standing.site(), &rows.plan);
        assert_eq!(kept.standing.bookings(), &book.bookings[..]);
        let ids = |all: &[innkeeper::db::leasing::reservations::Reservation]| {
            all.iter()
                .map(|row| (row.id, row.state, row.hold_until))
                .collect::<Vec<_>>()
        };
        assert_eq!(ids(&kept.reservations), ids(&book.reservations));
        let fresh = innkeeper::domain::leasing::place::Standing::new(&rows.plan, &book.bookings);
        let needs = innkeeper::domain::leasing::place::Needs::default();
        let demand =
            innkeeper::services::leasing::availability::demand(&world.wish(5), None, needs);
        let starts = innkeeper::services::leasing::availability::weeks(rows.today, 20);
        let limits = innkeeper::domain::leasing::place::Limits::default();
        assert_eq!(
            kept.standing.availability(&demand, &starts, &limits),
            fresh.availability(&demand, &starts, &limits),
        );
        let moment = Moment::of(&sites::all(conn)?, now, None);
        for site in [None, Some(world.site)] {
            let filter = RackFilter {
                site,
                ..RackFilter::default()
            };
            let totals = racks::totals(conn, &filter, &moment)?;
            let at = Stand::of(conn, filter.site, moment.clone())?;
            assert_eq!(rack_list::totals(db, conn, &filter, &at)?, totals);
            let page = RackPage {
                order: RackOrder::Sold,
                descending: true,
                after: None,
                limit: 50,
            };
            let known = RackNames::default();
            let shown = rack_list::page(db, conn, (&filter, &page), &at, &known)?;
            let sold = |rows: &[racks::Listed]| {
                let rows = rows
                    .iter()
                    .map(|it| (it.rack.id, it.rack.limit_watts, it.sold));
                rows.collect::<Vec<_>>()
            };
            let rows = racks::page(conn, &filter, &moment, &page)?;
            assert_eq!(sold(&shown.rows), sold(&rows));
            let names = racks::names(conn, &rows)?;
            assert_eq!(
                (&shown.names.rows, &shown.names.nodes),
                (&names.rows, &names.nodes)
            );
        }
        Ok(())
    })
    .unwrap();
}

fn booked(db: &Db, world: &World, now: Instant, wish: &Wish) -> Option<ReservationId> {
    match reserve(db, &world.owner, now, wish, IfRefused::Forget).unwrap() {
        Answer::Accepted(id) => Some(id),
        Answer::Refused(_) => None,
    }
}

/// A wish of its own for each number.
fn wish(world: &World, number: u32) -> Wish {
    Wish {
        supply: if number.is_multiple_of(3) {
            Supply::Three
        } else {
            Supply::Single
        },
        watts_each: Watts(2_000 + 500 * i64::from(number % 4)),
        ..world.wish(1 + number % 5)
    }
}

on_both! {
    fn two_processes_take_turns_and_know_what_the_other_did(house: &House) {
        let world = house.world();
        let processes = [house.db.clone(), house.another()];
        let mut live = vec![];
        for number in 0..24_u32 {
            let now = NOW.plus_hours(i64::from(number));
            // Seldom in step: each is several changes behind at times.
            let db = &processes[usize::from(number % 5 < 2)];
            match number % 6 {
                4 if !live.is_empty() => cancel(db, &world.owner, now, live.remove(0)).unwrap(),
                5 if !live.is_empty() => {
                    let id = live.remove(0);
                    let rows = innkeeper::db::leasing::lists::standing(&mut db.get().unwrap(), id).unwrap();
                    let wanted: Vec<Wanted> = rows
                        .into_iter()
                        .map(|row| Wanted { rack: row.rack, leg: row.leg, units: row.units as u32 })
                        .collect();
                    assign(db, &world.staff, now, id, &wanted).unwrap();
                }
                _ => live.extend(booked(db, &world, now, &wish(&world, number))),
            }
            if number.is_multiple_of(3) {
                processes.iter().for_each(|db| same(db, &world, now));
            }
        }
        // The first holds end after 72 hours, and a day begins.
        for hours in [71, 73, 80, 90] {
            processes.iter().for_each(|db| same(db, &world, NOW.plus_hours(hours)));
        }
        assert_eq!(check(&house.db, NOW.plus_hours(90)).unwrap(), []);
    }

    fn a_change_of_the_site_is_known_at_once(house: &House) {
        let world = house.world();
        let processes = [house.db.clone(), house.another()];
        for db in &processes {
            assert!(booked(db, &world, NOW, &wish(&world, 1)).is_some());
        }
        let row = racks::get(&mut house.db.get().unwrap(), RackId(1)).unwrap();
        let wider = racks::Rack { slots: row.slots + 5, ..row };
        rack_service::save(&processes[1], &Actor::HOUSE, NOW, &wider, &Consent::none()).unwrap();
        processes.iter().for_each(|db| same(db, &world, NOW));
        // A restriction of the region is no row of the site.
        let site = innkeeper::db::site::sites::get(&mut house.db.get().unwrap(), world.site).unwrap();
        let row = Restriction {
            id: RestrictionId(0),
            region_code: site.region_code,
            region_name: "Region".to_owned(),
            workload: Workload::Mining,
            valid_from: "2027-03-01".parse().unwrap(),
            valid_to: None,
            season_from: None,
            season_to: None,
            status: innkeeper::db::site::sites::IN_FORCE.to_owned(),
            note: String::new(),
        };
        let save = |consent: &Consent| {
            site_service::save_restriction(&processes[1], &Actor::HOUSE, NOW, &row, consent)
        };
        let Err(Error::Breaks(shown)) = save(&Consent::none()) else {
            panic!("it breaks what is held");
        };
        save(&Consent::to(&shown.digest)).unwrap();
        processes.iter().for_each(|db| same(db, &world, NOW));
        for db in &processes {
            assert_eq!(booked(db, &world, NOW, &world.wish(1)), None, "mining is forbidden from March on");
        }
    }

    fn a_crowd_on_two_processes_never_oversells(house: &House) {
        let world = house.world();
        let processes = [house.db.clone(), house.another()];
        let held: u32 = std::thread::scope(|scope| {
            let clients: Vec<_> = (0..8_usize)
                .map(|client| {
                    let (db, world) = (&processes[client % 2], &world);
                    scope.spawn(move || {
                        (0..6).filter_map(|_| booked(db, world, NOW, &world.wish(1))).count() as u32
                    })
                })
                .collect();
            clients.into_iter().map(|client| client.join().unwrap()).sum()
        });
        assert_eq!(held, FITS);
        processes.iter().for_each(|db| same(db, &world, NOW));
        assert_eq!(check(&house.db, NOW).unwrap(), []);
    }
}

//! Random streams through the booking service, each answer compared with brute force.

use super::oracle::Oracle;
use crate::identity::world::said;
use crate::on_both;
use crate::support::{House, NOW};
use innkeeper::db::leasing::{lists, reservations};
use innkeeper::db::site::sites;
use innkeeper::domain::calendar::{Instant, Window};
use innkeeper::domain::identity::access::Actor;
use innkeeper::domain::ids::*;
use innkeeper::domain::leasing::case::Case;
use innkeeper::domain::leasing::place::{Booking, Demand, Needs, Piece};
use innkeeper::domain::site::{CoolingKind, Redundancy, SlotsEach, Supply, Workload};
use innkeeper::domain::units::Watts;
use innkeeper::services::check::check;
use innkeeper::services::leasing::answer::AnswerAll;
use innkeeper::services::leasing::assign::{Assigned, Wanted, assign};
use innkeeper::services::leasing::play::play;
use innkeeper::services::leasing::reserve::{IfRefused, Wish, cancel};
use innkeeper::services::leasing::together::{Asks, Part, reserve_all};
use serde_json::json;

const STREAMS: u64 = 5;
const STEPS: usize = 14;

/// The same numbers on every run and database.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most
    }

    fn once_in(&mut self, times: u64) -> bool {
        self.below(times) == 0
    }
}

/// What the stream remembers of a booking.
struct Held {
    id: ReservationId,
    demand: Demand,
    until: Instant,
    assigned: Option<Vec<Piece>>,
}

struct Stream<'h> {
    house: &'h House,
    dice: Dice,
    case: Case,
    site: SiteId,
    tenant: TenantId,
    now: Instant,
    held: Vec<Held>,
    compared: u32,
}

on_both! {
    fn random_streams_answer_as_brute_force(house: &House) {
        let tenant = house.tenant("ООО «Поток»");
        let (mut compared, mut latest) = (0, NOW);
        for seed in 1..=STREAMS {
            let mut stream = Stream::start(house, tenant, seed);
            for _ in 0..STEPS {
                stream.step();
            }
            // Seen from earlier, holds that ran out would stand beside what took their place.
            latest = latest.max(stream.now);
            assert_eq!(check(&house.db, latest).unwrap(), vec![], "stream {seed}");
            compared += stream.compared;
        }
        assert!(compared > 20, "only {compared} answers could be compared");
    }
}

fn site(dice: &mut Dice) -> Case {
    let mut kw = |least: u64, more: u64| format!("0.{:03}", least + dice.below(more));
    let power = json!([
        {"id": "grid", "parent": null, "rating_kw": kw(40, 30), "usable": "1"},
        {"id": "fa", "parent": "grid", "rating_kw": kw(12, 20), "usable": "1"},
        {"id": "fb", "parent": "grid", "rating_kw": kw(12, 20), "usable": "1"},
    ]);
    let zones = json!([{"id": "z", "kind": "air", "units_kw": [kw(20, 30), "0.020"], "spare_units": 1,
                        "derate_by_month": {"7": "0.8"}}]);
    let mut rack = |id: &str, feeds: &[&str], phase: &str| {
        json!({"id": id, "feeds": feeds, "zone": "z", "slots": 2 + dice.below(3),
               "limit_kw": format!("0.{:03}", 8 + dice.below(20)), "phase": phase})
    };
    let racks = json!([
        rack("R1", &["fa", "fb"], "three"),
        rack("R2", &["fa"], "three"),
        rack("R3", &["fb"], "L2"),
    ]);
    let case = json!({"name": "stream", "site": {"time_zone": "UTC", "power": power, "cooling": zones,
        "racks": racks}, "ops": []});
    Case::parse(&case.to_string()).unwrap()
}

impl<'h> Stream<'h> {
    fn start(house: &'h House, tenant: TenantId, seed: u64) -> Self {
        let mut dice = Dice(seed);
        let case = site(&mut dice);
        play(&house.db, &case).unwrap();
        let conn = &mut *house.db.get().unwrap();
        let newest = sites::all(conn).unwrap().into_iter().max_by_key(|s| s.id);
        let site = newest.unwrap();
        let hold_hours = 72;
        sites::update(
            conn,
            &sites::Site {
                hold_hours,
                ..site.clone()
            },
        )
        .unwrap();
        Self {
            house,
            dice,
            case,
            site: site.id,
            tenant,
            now: NOW,
            held: vec![],
            compared: 0,
        }
    }

    fn step(&mut self) {
        self.now = self.now.plus_hours(self.dice.below(12) as i64);
        self.held.retain(|held| held.until > self.now);
        match self.dice.below(10) {
            0..=3 => self.reserve(1),
            4..=6 => self.reserve(2),
            7 => self.cancel(),
            8 => self.assign(),
            // Time passes: what is held may run out.
            _ => self.now = self.now.plus_hours(40),
        }
        self.held.retain(|held| held.until > self.now);
    }

    fn bookings(&self) -> Vec<Booking> {
        let booking = |held: &Held| Booking {
            demand: held.demand.clone(),
            witness: held.assigned.clone().unwrap_or_default(),
            assigned: held.assigned.is_some(),
        };
        self.held.iter().map(booking).collect()
    }

    fn demand(&mut self, window: Window) -> Demand {
        let dice = &mut self.dice;
        let supply = if dice.once_in(2) {
            Supply::Single
        } else {
            Supply::Three
        };
        let slots_each = if dice.once_in(4) {
            SlotsEach::WholeRack
        } else {
            SlotsEach::One
        };
        let redundancy = Redundancy::N;
        Demand {
            workload: Workload::Compute,
            cooling: CoolingKind::Air,
            units: 1 + dice.below(3) as u32,
            watts_each: Watts(1 + dice.below(7) as i64),
            supply,
            window,
            racks: dice.once_in(5).then(|| vec![0, 2]),
            needs: Needs {
                slots_each,
                two_feeds: dice.once_in(8),
                redundancy,
            },
        }
    }

    fn reserve(&mut self, parts: usize) {
        let from = "2027-06-01".parse::<chrono::NaiveDate>().unwrap();
        let from = from + chrono::Days::new(7 * self.dice.below(4));
        let to =
            (!self.dice.once_in(4)).then(|| from + chrono::Days::new(7 * (1 + self.dice.below(4))));
        let demands: Vec<Demand> = (0..parts)
            .map(|_| self.demand(Window { from, to }))
            .collect();
        let most = Oracle::most_each(&self.case.site, &self.bookings(), &demands);
        let parts: Vec<Part> = demands.iter().map(|demand| self.part(demand)).collect();
        let answer = reserve_all(
            &self.house.db,
            &Actor::HOUSE,
            self.now,
            &parts,
            IfRefused::Forget,
        );
        let wanted: Vec<u32> = demands.iter().map(|demand| demand.units).collect();
        match answer.unwrap() {
            AnswerAll::Accepted(ids) => {
                assert!(
                    most.is_none_or(|most| most == wanted),
                    "accepted though it does not fit"
                );
                let until = self.now.plus_hours(72);
                for (id, demand) in ids.into_iter().zip(demands) {
                    self.held.push(Held {
                        id,
                        demand,
                        until,
                        assigned: None,
                    });
                }
            }
            AnswerAll::Refused(refused) => {
                assert!(refused.whole.proven);
                let Some(most) = most else { return };
                assert_ne!(most, wanted, "refused though it fits");
                let nowhere = Demand {
                    units: 1,
                    ..demands[refused.short].clone()
                };
                // Where no rack offers it at all, the others are counted without it.
                if Oracle::most(&self.case.site, &[], &[], &nowhere) == Some(1) {
                    assert_eq!(refused.available_units, most);
                }
            }
        }
        self.compared += 1;
    }

    fn part(&self, demand: &Demand) -> Part {
        let conn = &mut *self.house.db.get().unwrap();
        let racks = innkeeper::db::site::racks::of_site(conn, self.site).unwrap();
        let id = |at: &usize| {
            racks
                .iter()
                .find(|r| r.name == self.case.racks[*at])
                .unwrap()
                .id
        };
        Part {
            wish: Wish {
                tenant: self.tenant,
                site: self.site,
                hall: None,
                model: None,
                model_name: "A".to_owned(),
                workload: demand.workload,
                cooling: demand.cooling,
                supply: demand.supply,
                units: demand.units,
                watts_each: demand.watts_each,
                window: demand.window,
            },
            asks: Asks {
                whole_racks: demand.needs.slots_each == SlotsEach::WholeRack,
                two_feeds: demand.needs.two_feeds,
                racks: demand
                    .racks
                    .as_ref()
                    .map(|racks| racks.iter().map(id).collect()),
            },
        }
    }

    /// What was reserved together goes together.
    fn cancel(&mut self) {
        if self.held.is_empty() {
            return;
        }
        let at = self.dice.below(self.held.len() as u64) as usize;
        let id = self.held[at].id;
        cancel(&self.house.db, &Actor::HOUSE, self.now, id).unwrap();
        let conn = &mut *self.house.db.get().unwrap();
        let row = reservations::get(conn, id).unwrap();
        let gone: Vec<ReservationId> = match row.bundle_id {
            Some(bundle) => reservations::of_bundle(conn, bundle)
                .unwrap()
                .iter()
                .map(|r| r.id)
                .collect(),
            None => vec![id],
        };
        self.held.retain(|held| !gone.contains(&held.id));
    }

    fn assign(&mut self) {
        if self.held.is_empty() {
            return;
        }
        let at = self.dice.below(self.held.len() as u64) as usize;
        let id = self.held[at].id;
        let rows = lists::standing(&mut self.house.db.get().unwrap(), id).unwrap();
        let wanted: Vec<Wanted> = rows
            .iter()
            .map(|row| Wanted {
                rack: row.rack.clone(),
                leg: row.leg,
                units: row.units as u32,
            })
            .collect();
        let done = assign(&self.house.db, &Actor::HOUSE, self.now, id, &wanted);
        assert_eq!(done.unwrap(), Assigned::Done, "it stands there already");
        let rack = |name: &str| {
            self.case
                .racks
                .iter()
                .position(|known| known == name)
                .unwrap()
        };
        let pieces = wanted.iter().map(|w| Piece {
            rack: rack(&w.rack),
            leg: w.leg,
            units: w.units,
        });
        self.held[at].assigned = Some(pieces.collect());
    }
}

on_both! {
    fn parts_of_a_bundle_are_assigned_one_by_one_and_cancelled_together(house: &House) {
        let world = house.world();
        let part = |units| Part::of(world.wish(units));
        let parts = [part(3), part(4)];
        let answer = reserve_all(&house.db, &world.owner, NOW, &parts, IfRefused::Forget).unwrap();
        let AnswerAll::Accepted(ids) = answer else { panic!("{answer:?}") };
        let stands = |id: ReservationId| -> Vec<Wanted> {
            let rows = lists::standing(&mut house.db.get().unwrap(), id).unwrap();
            rows.into_iter().map(|r| Wanted { rack: r.rack, leg: r.leg, units: r.units as u32 }).collect()
        };
        assign(&house.db, &world.staff, NOW, ids[0], &stands(ids[0])).unwrap();
        let row = |id| reservations::get(&mut house.db.get().unwrap(), id).unwrap();
        assert!(row(ids[0]).assigned_at.is_some() && row(ids[1]).assigned_at.is_none());
        assert_eq!(row(ids[0]).bundle_id, row(ids[1]).bundle_id);
        cancel(&house.db, &world.owner, NOW, ids[1]).unwrap();
        assert!(ids.iter().all(|id| row(*id).cancelled_at.is_some()));
        let mut other = world.wish(1);
        other.window.to = None;
        let mixed = [part(1), Part::of(other)];
        let apart = reserve_all(&house.db, &world.owner, NOW, &mixed, IfRefused::Forget);
        assert_eq!(said(apart.unwrap_err()), ["leasing-error-together"]);
        assert_eq!(check(&house.db, NOW).unwrap(), vec![]);
    }

    fn a_refused_request_of_parts_is_kept_whole(house: &House) {
        let world = house.world();
        let whole = Part {
            asks: Asks { whole_racks: true, ..Asks::default() },
            wish: Wish { supply: Supply::Three, ..world.wish(11) },
        };
        let parts = [Part::of(world.wish(3)), whole];
        let answer = reserve_all(&house.db, &world.owner, NOW, &parts, IfRefused::KeepRequest).unwrap();
        let AnswerAll::Refused(refused) = answer else { panic!("{answer:?}") };
        let id = refused.whole.request.unwrap();
        let row = innkeeper::db::leasing::requests::get(&mut house.db.get().unwrap(), id).unwrap();
        let kept = innkeeper::services::leasing::together::parts_of(&row);
        let units: Vec<(u32, u32, bool)> = kept.iter().map(|(p, fits)| (p.wish.units, *fits, p.asks.whole_racks)).collect();
        assert_eq!(units, [(3, 3, false), (11, 9, true)]);
        assert_eq!(refused.whole.reasons, [innkeeper::domain::leasing::place::Reason::Space]);
    }
}

on_both! {
    fn a_replan_moves_what_is_not_assigned_and_only_as_proposed(house: &House) {
        use innkeeper::services::leasing::replan::{Goal, apply, propose};
        let world = house.world();
        let first = world.held(house, NOW, 3);
        let second = world.held(house, NOW, 3);
        // As if they had come to stand apart, in racks of two rows.
        let conn = &mut *house.db.get().unwrap();
        let racks = innkeeper::db::site::racks::of_site(conn, world.site).unwrap();
        for (id, at) in [(first, 0), (second, 5)] {
            let mut rows = reservations::allocations_of(conn, id).unwrap();
            rows.iter_mut().for_each(|row| row.rack_id = racks[at].id);
            reservations::replace_allocations(conn, id, &rows).unwrap();
        }
        let asked = world.wish(1);
        let found = propose(&house.db, &world.staff, NOW, Goal::WholeRacks, &asked).unwrap();
        assert_eq!(found.moves.len(), 1);
        assert_eq!((found.before.racks_open, found.after.racks_open), (2, 1));
        let late = apply(&house.db, &world.staff, NOW, Goal::WholeRacks, &asked, "other");
        assert_eq!(said(late.unwrap_err()), ["replan-error-changed"]);
        let moved = apply(&house.db, &world.staff, NOW, Goal::WholeRacks, &asked, &found.seal);
        assert_eq!(moved.unwrap(), 1);
        let id = found.moves[0].reservation.0;
        let trail = innkeeper::db::trail::of(conn, "reservation", id, 9).unwrap();
        assert_eq!(trail[0].0.action, "replan");
        let again = propose(&house.db, &world.staff, NOW, Goal::WholeRacks, &asked).unwrap();
        assert!(again.moves.is_empty());
        let owner = propose(&house.db, &world.owner, NOW, Goal::WholeRacks, &asked);
        assert_eq!(said(owner.unwrap_err()), ["forbidden"]);
        assert_eq!(check(&house.db, NOW).unwrap(), vec![]);
    }

    fn the_stricter_rule_of_site_and_tenant_holds(house: &House) {
        use innkeeper::db::identity::tenants;
        let world = house.world();
        world.held(house, NOW, 1);
        let conn = &mut *house.db.get().unwrap();
        let tenant = tenants::get(conn, world.tenant).unwrap();
        tenants::update(conn, &tenants::Tenant { redundancy: Redundancy::NPlusOne, ..tenant }).unwrap();
        // The racks of this site hang on one feed.
        let refused = world.refused(house, NOW, 1);
        let bound = refused.bound.unwrap();
        assert_eq!((bound.kind.as_str(), bound.name.as_str()), ("redundancy", "N+1"));
        assert_eq!(check(&house.db, NOW).unwrap(), vec![], "what was booked before keeps its promise");
    }
}

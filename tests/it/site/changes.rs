//! A change of what is sold leaves every live booking its place, or shows first which ones it breaks
//! and leaves them as conflicts that are listed until they are resolved.

use crate::leasing::world::{FITS, WATTS, World};
use crate::on_both;
use crate::support::{House, NOW};
use innkeeper::db::leasing::conflicts::{self, Conflict, Narrow};
use innkeeper::db::leasing::lists::{self, Slice};
use innkeeper::db::leasing::reservations;
use innkeeper::db::site::cooling;
use innkeeper::db::site::power::{self, Outage};
use innkeeper::db::site::racks;
use innkeeper::db::site::sites::{self, ANNOUNCED, IN_FORCE, Restriction};
use innkeeper::domain::calendar::Window;
use innkeeper::domain::ids::*;
use innkeeper::domain::leasing::conflicts::{CauseNoun, ConflictKind, Resolution};
use innkeeper::domain::site::Workload;
use innkeeper::domain::units::Watts;
use innkeeper::error::{Error, Result};
use innkeeper::services::check::look;
use innkeeper::services::leasing::answer::Answer;
use innkeeper::services::leasing::assign::{Assigned, Wanted, assign};
use innkeeper::services::leasing::conflicts::sweep;
use innkeeper::services::leasing::options::options;
use innkeeper::services::leasing::reserve::{IfRefused, Wish, cancel, reserve};
use innkeeper::services::site::guard::{Breaks, Consent};
use innkeeper::services::site::zones::ZoneForm;
use innkeeper::services::site::{power as power_service, racks as rack_service};
use innkeeper::services::site::{sites as site_service, zones};

/// What a change without consent was answered with.
fn breaks<T: std::fmt::Debug>(result: Result<T>) -> Breaks {
    match result {
        Err(Error::Breaks(breaks)) => *breaks,
        other => panic!("not shown first: {other:?}"),
    }
}

fn none() -> Consent {
    Consent::none()
}

fn open(house: &House) -> Vec<Conflict> {
    conflicts::open_of_site(&mut house.db.get().unwrap(), SiteId(1)).unwrap()
}

fn resolved(house: &House) -> Vec<Resolution> {
    let narrow = Narrow {
        open: Some(false),
        ..Narrow::default()
    };
    let slice = Slice {
        sort: "from",
        limit: 100,
        ..Slice::default()
    };
    let rows = conflicts::list(&mut house.db.get().unwrap(), &narrow, &slice).unwrap();
    rows.into_iter()
        .map(|found| found.row.resolution.unwrap())
        .collect()
}

/// Known conflicts are listed by `check` and are no violation.
fn only_conflicts(house: &House, count: usize) {
    let found = look(&house.db, NOW).unwrap();
    assert_eq!(found.violations, vec![]);
    assert_eq!(found.conflicts.len(), count, "{:?}", found.conflicts);
    assert!(
        found
            .conflicts
            .iter()
            .all(|line| line.promise == "open conflict")
    );
}

fn outage(house: &House, node: &str, from: &str, to: &str) -> Outage {
    let conn = &mut *house.db.get().unwrap();
    let nodes = power::of_site(conn, SiteId(1)).unwrap();
    Outage {
        id: OutageId(0),
        site_id: SiteId(1),
        node_id: nodes.iter().find(|n| n.name == node).unwrap().id,
        from_date: from.parse().unwrap(),
        to_date: to.parse().unwrap(),
        reason: "Maintenance".to_owned(),
        created_at: NOW,
        created_by: None,
        cancelled_at: None,
        cancelled_by: None,
    }
}

/// Where a reservation stands now.
fn standing(house: &House, id: ReservationId) -> Vec<Wanted> {
    let rows = lists::standing(&mut house.db.get().unwrap(), id).unwrap();
    rows.into_iter()
        .map(|row| Wanted {
            rack: row.rack,
            leg: row.leg,
            units: row.units as u32,
        })
        .collect()
}

fn assigned(house: &House, world: &World, units: u32) -> ReservationId {
    let id = world.held(house, NOW, units);
    let wanted = standing(house, id);
    assert_eq!(
        assign(&house.db, &world.staff, NOW, id, &wanted).unwrap(),
        Assigned::Done
    );
    id
}

/// The racks that a reservation has units on.
fn racks_of(house: &House, id: ReservationId) -> Vec<RackId> {
    let rows = reservations::allocations_of(&mut house.db.get().unwrap(), id).unwrap();
    rows.into_iter().map(|row| row.rack_id).collect()
}

fn clean(house: &House) {
    only_conflicts(house, 0);
}

on_both! {
    fn an_outage_in_the_middle_of_a_booking_shows_it_first(house: &House) {
        let world = house.world();
        let id = world.held(house, NOW, 3);
        let plan = |outage: &Outage, consent: &Consent| {
            power_service::plan_outage(&house.db, &world.staff, NOW, outage, consent)
        };
        let planned = outage(house, "grid", "2027-02-01", "2027-02-03");
        let shown = breaks(plan(&planned, &none()));
        // A line for each leg on which they stand.
        let lost: i64 = shown.broken.iter().map(|line| line.extent.own).sum();
        assert_eq!((lost, shown.moved.len()), (3 * WATTS, 0));
        for line in &shown.broken {
            assert_eq!((line.reservation, line.units), (id, 3));
            assert_eq!(line.tenant_name, "ООО «Северный хэш»");
            assert_eq!((line.kind, line.name.as_str()), (ConflictKind::NodeLeg, "grid"));
            let extent = line.extent;
            assert_eq!(extent.window.from.to_string(), "2027-02-01");
            assert_eq!(extent.window.to.unwrap().to_string(), "2027-02-03");
            assert_eq!(extent.excess, extent.own);
        }
        let conn = &mut *house.db.get().unwrap();
        assert!(power::outages_of_site(conn, SiteId(1)).unwrap().is_empty(), "nothing was written");
        assert_eq!(open(house), vec![]);
        plan(&outage(house, "grid", "2026-11-25", "2026-12-01"), &none()).unwrap();
        clean(house);
    }

    fn an_agreed_outage_opens_conflicts_until_it_is_called_off(house: &House) {
        let world = house.world();
        let id = world.held(house, NOW, 3);
        let planned = outage(house, "grid", "2027-02-01", "2027-02-03");
        let plan = |consent: &Consent| {
            power_service::plan_outage(&house.db, &world.staff, NOW, &planned, consent)
        };
        let shown = breaks(plan(&none()));
        assert_eq!(breaks(plan(&Consent::to("something else"))), shown, "another consent is none");
        let outage_id = plan(&Consent::to(&shown.digest)).unwrap();
        let rows = open(house);
        assert_eq!(rows.len(), shown.broken.len());
        for row in &rows {
            assert_eq!((row.reservation_id, row.tenant_id), (id, world.tenant));
            assert_eq!((row.cause_noun, row.cause_id), (CauseNoun::Outage, outage_id.0));
            assert_eq!((row.opened_at, row.opened_by), (NOW, world.staff.user));
            assert_eq!(row.cause_words, "grid: Maintenance");
        }
        only_conflicts(house, rows.len());
        // Nothing is sold onto those days; before and after them there is room.
        world.refused(house, NOW, 1);
        let wish = |from: &str, to: &str| Wish {
            window: Window { from: from.parse().unwrap(), to: Some(to.parse().unwrap()) },
            ..world.wish(3)
        };
        for (from, to) in [("2026-12-10", "2027-02-01"), ("2027-02-03", "2027-05-01")] {
            let answer = reserve(&house.db, &world.owner, NOW, &wish(from, to), IfRefused::Forget).unwrap();
            assert!(matches!(answer, Answer::Accepted(_)), "{answer:?}");
        }
        only_conflicts(house, rows.len());
        power_service::cancel_outage(&house.db, &world.staff, NOW, SiteId(1), outage_id).unwrap();
        assert_eq!(resolved(house), vec![Resolution::Restored; rows.len()]);
        only_conflicts(house, 0);
    }

    fn a_conflict_ends_with_its_booking(house: &House) {
        let world = house.world();
        let id = world.held(house, NOW, 3);
        let planned = outage(house, "grid", "2027-02-01", "2027-02-03");
        let plan = |consent: &Consent| {
            power_service::plan_outage(&house.db, &world.staff, NOW, &planned, consent)
        };
        let shown = breaks(plan(&none()));
        plan(&Consent::to(&shown.digest)).unwrap();
        cancel(&house.db, &world.owner, NOW, id).unwrap();
        let all = vec![Resolution::Cancelled; shown.broken.len()];
        assert_eq!((open(house), resolved(house)), (vec![], all));
        clean(house);
    }

    fn what_was_agreed_to_is_no_more_than_that(house: &House) {
        let world = house.world();
        world.held(house, NOW, 3);
        let plan = |to: &str, consent: &Consent| {
            let planned = outage(house, "grid", "2027-02-01", to);
            power_service::plan_outage(&house.db, &world.staff, NOW, &planned, consent)
        };
        let shown = breaks(plan("2027-02-03", &none()));
        let longer = breaks(plan("2027-02-04", &Consent::to(&shown.digest)));
        assert_ne!(longer.digest, shown.digest);
        // Somebody books in between: what is broken is more than what was shown.
        let late = world.held(house, NOW, 1);
        let again = breaks(plan("2027-02-03", &Consent::to(&shown.digest)));
        assert!(again.broken.iter().any(|line| line.reservation == late));
        plan("2027-02-03", &Consent::to(&again.digest)).unwrap();
        // The same outage once more breaks nothing that is not open already; a longer one does.
        plan("2027-02-03", &none()).unwrap();
        let count = open(house).len();
        let wider = breaks(plan("2027-02-10", &none()));
        plan("2027-02-10", &Consent::to(&wider.digest)).unwrap();
        let rows = open(house);
        assert_eq!(rows.len(), count, "widened, not doubled");
        assert!(rows.iter().all(|row| row.to_date == "2027-02-10".parse().ok()), "{rows:?}");
        only_conflicts(house, count);
    }

    fn an_outage_that_is_called_off_gives_the_days_back(house: &House) {
        let world = house.world();
        let planned = outage(house, "feed-1", "2027-02-01", "2027-02-02");
        let id = power_service::plan_outage(&house.db, &world.staff, NOW, &planned, &none()).unwrap();
        world.refused(house, NOW, 1);
        for _ in 0..2 {
            power_service::cancel_outage(&house.db, &world.staff, NOW, SiteId(1), id).unwrap();
        }
        world.held(house, NOW, FITS);
        clean(house);
    }

    fn unassigned_machines_move_and_assigned_ones_stay_in_conflict(house: &House) {
        let world = house.world();
        let loose = world.held(house, NOW, 3);
        let from = racks_of(house, loose)[0];
        let narrow = |rack: RackId, watts: i64, consent: &Consent| {
            let mut row = racks::get(&mut house.db.get().unwrap(), rack).unwrap();
            row.limit_watts = Watts(watts);
            rack_service::save(&house.db, &world.staff, NOW, &row, consent)
        };
        narrow(from, WATTS - 1, &none()).unwrap();
        assert!(!racks_of(house, loose).contains(&from), "moved away");
        clean(house);
        let fixed = assigned(house, &world, 3);
        let at = racks_of(house, fixed)[0];
        let shown = breaks(narrow(at, WATTS - 1, &none()));
        assert!(shown.broken.iter().all(|line| line.reservation == fixed), "{shown:?}");
        let kept = racks::get(&mut house.db.get().unwrap(), at).unwrap();
        assert!(kept.limit_watts.0 >= WATTS, "nothing was written");
        clean(house);
        narrow(at, WATTS - 1, &Consent::to(&shown.digest)).unwrap();
        only_conflicts(house, shown.broken.len());
        // Staff may not confirm it where it stands, but put it elsewhere.
        let stay = standing(house, fixed);
        let proposed = options(&house.db, &world.staff, NOW, fixed, None).unwrap().places;
        let proposed: Vec<_> = proposed.iter().filter(|place| place.units > 0).collect();
        assert_eq!(proposed.iter().map(|place| place.units).sum::<u32>(), 3);
        assert!(proposed.iter().all(|place| place.rack_id != at), "elsewhere: {proposed:?}");
        let refused = assign(&house.db, &world.staff, NOW, fixed, &stay).unwrap();
        assert!(matches!(refused, Assigned::Refused(_)), "{refused:?}");
        let racks = racks::of_site(&mut house.db.get().unwrap(), SiteId(1)).unwrap();
        let other = racks.iter().rev().find(|rack| rack.id != at && rack.id != from).unwrap();
        let elsewhere: Vec<Wanted> = stay.into_iter().map(|w| Wanted { rack: other.name.clone(), ..w }).collect();
        assert_eq!(assign(&house.db, &world.staff, NOW, fixed, &elsewhere).unwrap(), Assigned::Done);
        assert_eq!(resolved(house), vec![Resolution::Moved; shown.broken.len()]);
        clean(house);
    }

    fn a_derating_below_what_is_sold_opens_conflicts_and_a_better_one_ends_them(house: &House) {
        let world = house.world();
        world.held(house, NOW, 20);
        let zone = cooling::of_site(&mut house.db.get().unwrap(), SiteId(1)).unwrap().remove(0);
        let save = |percent: i64, consent: &Consent| {
            let form = ZoneForm {
                zone: zone.clone(),
                units: vec![("A".to_owned(), Watts(100_000))],
                derating: vec![(7, rust_decimal::Decimal::new(percent, 2))],
            };
            zones::save(&house.db, &world.staff, NOW, &form, consent)
        };
        let shown = breaks(save(69, &none()));
        let [line] = shown.broken.as_slice() else { panic!("{shown:?}") };
        assert_eq!((line.kind, line.extent.excess, line.extent.own), (ConflictKind::Zone, 1_000, 70_000));
        assert_eq!(line.extent.window.from.to_string(), "2027-07-01");
        assert_eq!(line.extent.window.to.unwrap().to_string(), "2027-08-01");
        save(69, &Consent::to(&shown.digest)).unwrap();
        only_conflicts(house, 1);
        let worse = breaks(save(60, &none()));
        save(60, &Consent::to(&worse.digest)).unwrap();
        save(65, &none()).unwrap();
        assert_eq!(open(house)[0].excess, 5_000, "kept as it is now");
        only_conflicts(house, 1);
        save(70, &none()).unwrap();
        assert_eq!((open(house), resolved(house)), (vec![], vec![Resolution::Restored]));
        clean(house);
    }

    fn a_restriction_in_force_needs_consent_and_an_announced_one_is_shown(house: &House) {
        let world = house.world();
        let id = world.held(house, NOW, 1);
        let region = sites::get(&mut house.db.get().unwrap(), SiteId(1)).unwrap().region_code;
        let row = |status: &str, workload| Restriction {
            id: RestrictionId(0),
            region_code: region.clone(),
            region_name: "Region".to_owned(),
            workload,
            valid_from: "2026-01-01".parse().unwrap(),
            valid_to: None,
            season_from: Some("11-15".to_owned()),
            season_to: Some("03-16".to_owned()),
            status: status.to_owned(),
            note: String::new(),
        };
        let save = |row: Restriction, consent: &Consent| {
            site_service::save_restriction(&house.db, &world.staff, NOW, &row, consent)
        };
        let shown = breaks(save(row(IN_FORCE, Workload::Mining), &none()));
        let [line] = shown.broken.as_slice() else { panic!("{shown:?}") };
        assert_eq!((line.reservation, line.kind), (id, ConflictKind::Restriction));
        assert_eq!((line.extent.excess, line.extent.window.from.to_string()), (WATTS, "2026-12-01".to_owned()));
        assert_eq!(line.extent.window.to.unwrap().to_string(), "2027-12-01", "two winters");
        save(row(ANNOUNCED, Workload::Mining), &none()).unwrap();
        save(row(IN_FORCE, Workload::Compute), &none()).unwrap();
        clean(house);
        let rule = save(row(IN_FORCE, Workload::Mining), &Consent::to(&shown.digest)).unwrap();
        only_conflicts(house, 1);
        world.refused(house, NOW, 1);
        let over = Restriction { id: rule, ..row(ANNOUNCED, Workload::Mining) };
        save(over, &none()).unwrap();
        assert_eq!(resolved(house), vec![Resolution::Restored]);
        clean(house);
    }

    fn a_forbidden_booking_without_a_conflict_is_a_violation(house: &House) {
        let world = house.world();
        world.held(house, NOW, 1);
        let conn = &mut *house.db.get().unwrap();
        let region_code = sites::get(conn, SiteId(1)).unwrap().region_code;
        let row = Restriction {
            id: RestrictionId(0),
            region_code,
            region_name: "Region".to_owned(),
            workload: Workload::Mining,
            valid_from: "2026-01-01".parse().unwrap(),
            valid_to: None,
            season_from: None,
            season_to: None,
            status: IN_FORCE.to_owned(),
            note: String::new(),
        };
        // Past every service, as a hand in the database would.
        sites::insert_restriction(conn, &row).unwrap();
        let found = look(&house.db, NOW).unwrap();
        assert_eq!((found.violations.len(), found.conflicts.len()), (1, 0), "{found:?}");
        assert_eq!(found.violations[0].promise, "never oversold");
    }

    fn time_alone_ends_a_conflict_too(house: &House) {
        let world = house.world();
        world.held(house, NOW, 3);
        let planned = outage(house, "grid", "2027-02-01", "2027-02-03");
        let plan = |consent: &Consent| {
            power_service::plan_outage(&house.db, &world.staff, NOW, &planned, consent)
        };
        let shown = breaks(plan(&none()));
        plan(&Consent::to(&shown.digest)).unwrap();
        // The hold runs out after 72 hours.
        let later = NOW.plus_hours(73);
        assert_eq!(look(&house.db, later).unwrap().conflicts, vec![]);
        sweep(&house.db, later).unwrap();
        let all = vec![Resolution::Ended; shown.broken.len()];
        assert_eq!((open(house), resolved(house)), (vec![], all));
    }
}

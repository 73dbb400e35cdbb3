//! A change of what is sold leaves every live booking its place, or is refused with their list.

use crate::leasing::world::{FITS, WATTS, World};
use crate::on_both;
use crate::support::{House, NOW};
use innkeeper::db::leasing::{lists, reservations};
use innkeeper::db::site::cooling;
use innkeeper::db::site::power::{self, Outage};
use innkeeper::db::site::racks;
use innkeeper::db::site::sites::{self, ANNOUNCED, IN_FORCE, Restriction};
use innkeeper::domain::ids::*;
use innkeeper::domain::site::Workload;
use innkeeper::domain::units::Watts;
use innkeeper::error::{Error, Result};
use innkeeper::services::check::check;
use innkeeper::services::leasing::assign::{Assigned, Wanted, assign};
use innkeeper::services::site::guard::Broken;
use innkeeper::services::site::zones::ZoneForm;
use innkeeper::services::site::{power as power_service, racks as rack_service};
use innkeeper::services::site::{sites as site_service, zones};

fn broken<T: std::fmt::Debug>(result: Result<T>) -> Vec<Broken> {
    match result {
        Err(Error::Breaks(list)) => list,
        other => panic!("not refused with a list: {other:?}"),
    }
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

fn assigned(house: &House, world: &World, units: u32) -> ReservationId {
    let id = world.held(house, NOW, units);
    let rows = lists::standing(&mut house.db.get().unwrap(), id).unwrap();
    let wanted: Vec<Wanted> = rows
        .into_iter()
        .map(|row| Wanted {
            rack: row.rack,
            leg: row.leg,
            units: row.units as u32,
        })
        .collect();
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
    assert_eq!(check(&house.db, NOW).unwrap(), vec![]);
}

on_both! {
    fn an_outage_in_the_middle_of_a_booking_is_refused_with_it(house: &House) {
        let world = house.world();
        let id = world.held(house, NOW, 3);
        let plan = |outage: &Outage| power_service::plan_outage(&house.db, &world.staff, NOW, outage);
        let list = broken(plan(&outage(house, "grid", "2027-02-01", "2027-02-02")));
        let [line] = list.as_slice() else { panic!("{list:?}") };
        assert_eq!((line.reservation, line.units), (id, 3));
        assert_eq!(line.tenant_name, "ООО «Северный хэш»");
        assert_eq!(line.from.to_string(), "2027-02-01");
        let bound = line.at.as_ref().unwrap();
        assert_eq!((bound.kind.as_str(), bound.free), ("node_leg", 0));
        let conn = &mut *house.db.get().unwrap();
        assert!(power::outages_of_site(conn, SiteId(1)).unwrap().is_empty(), "nothing was written");
        plan(&outage(house, "grid", "2026-11-25", "2026-12-01")).unwrap();
        clean(house);
    }

    fn an_outage_that_is_called_off_gives_the_days_back(house: &House) {
        let world = house.world();
        let planned = outage(house, "feed-1", "2027-02-01", "2027-02-02");
        let id = power_service::plan_outage(&house.db, &world.staff, NOW, &planned).unwrap();
        world.refused(house, NOW, 1);
        for _ in 0..2 {
            power_service::cancel_outage(&house.db, &world.staff, NOW, SiteId(1), id).unwrap();
        }
        world.held(house, NOW, FITS);
        clean(house);
    }

    fn unassigned_machines_move_and_assigned_ones_stay(house: &House) {
        let world = house.world();
        let loose = world.held(house, NOW, 3);
        let from = racks_of(house, loose)[0];
        let narrow = |rack: RackId| {
            let mut row = racks::get(&mut house.db.get().unwrap(), rack).unwrap();
            row.limit_watts = Watts(WATTS - 1);
            rack_service::save(&house.db, &world.staff, NOW, &row)
        };
        narrow(from).unwrap();
        assert!(!racks_of(house, loose).contains(&from), "moved away");
        clean(house);
        let fixed = assigned(house, &world, 3);
        let at = racks_of(house, fixed)[0];
        let list = broken(narrow(at));
        assert!(list.iter().any(|line| line.reservation == fixed), "{list:?}");
        let kept = racks::get(&mut house.db.get().unwrap(), at).unwrap();
        assert!(kept.limit_watts.0 >= WATTS, "nothing was written");
        clean(house);
    }

    fn a_derating_below_what_is_sold_is_refused(house: &House) {
        let world = house.world();
        world.held(house, NOW, 20);
        let zone = cooling::of_site(&mut house.db.get().unwrap(), SiteId(1)).unwrap().remove(0);
        let form = |percent: i64| ZoneForm {
            zone: zone.clone(),
            units: vec![("A".to_owned(), Watts(100_000))],
            derating: vec![(7, rust_decimal::Decimal::new(percent, 2))],
        };
        let list = broken(zones::save(&house.db, &world.staff, NOW, &form(69)));
        let bound = list[0].at.as_ref().unwrap();
        assert_eq!((bound.kind.as_str(), bound.free, bound.needed), ("zone", 69_000, 70_000));
        assert_eq!(list[0].from.to_string(), "2027-07-01");
        zones::save(&house.db, &world.staff, NOW, &form(70)).unwrap();
        clean(house);
    }

    fn a_restriction_in_force_is_refused_and_an_announced_one_is_shown(house: &House) {
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
        let save = |row: Restriction| site_service::save_restriction(&house.db, &world.staff, NOW, &row);
        let list = broken(save(row(IN_FORCE, Workload::Mining)));
        assert_eq!(list[0].reservation, id);
        save(row(ANNOUNCED, Workload::Mining)).unwrap();
        save(row(IN_FORCE, Workload::Compute)).unwrap();
        clean(house);
    }
}

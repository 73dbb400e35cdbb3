//! What racks draw: their meters summed, on the floor and on the power tree alike.

use crate::billing::world::{version, zone};
use crate::on_both;
use crate::support::hotel::*;
use innkeeper::domain::money::Currency;
use innkeeper::domain::units::Watts;
use innkeeper::services::metering::imports::Keep;
use innkeeper::services::site::floor::Floor;
use innkeeper::services::site::nodes;

on_both! {
    fn the_meters_of_a_rack_are_summed_and_those_behind_them_are_not(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let (tenant, rack) = (hotel.tenant("ООО «Берёза»"), hotel.rack("A-0", 10));
        let terms = version("2026-01-01", vec![zone("all", "00:00", "00:00", "5.00")]);
        let lease = hotel.lease(&Signed {
            tenant,
            plan: hotel.plan("Все", Currency::Rub, &[terms]),
            start: "2026-06-01",
            end: None,
            contracted: &[("2026-06-01", 10_000)],
            racks: &[(rack, 10)],
            watts_each: 1_000,
        });
        for (code, behind) in [("M0", None), ("M1", None), ("M2", Some(lease))] {
            hotel.meter(code, Some(rack), behind, "2026-01-01");
        }
        let (from, now) = (at("2026-06-02T00:00:00+03:00"), at("2026-06-02T10:00:00+03:00"));
        for (code, wh) in [("M0", 1_000), ("M1", 1_250), ("M2", 400)] {
            hotel.import(half_hours(code, from, 10, wh), Keep::AllOrNothing, now);
        }
        let conn = &mut house.db.get().unwrap();
        let hall = innkeeper::db::site::halls::of_site(conn, hotel.site).unwrap()[0].id;
        let on = |conn: &mut _, day: Option<&str>, now| {
            let floor = Floor::load(&house.db, conn, hall, day.map(crate::support::hotel::day), now).unwrap();
            (floor.rack(rack).unwrap().look.drawn, floor.measured_at)
        };
        let last = at("2026-06-02T05:00:00+03:00");
        assert_eq!(on(conn, None, now), (Some(Watts(4_500)), Some(last)));
        assert_eq!(on(conn, Some("2026-06-01"), now), (None, None), "before the first reading");
        assert_eq!(on(conn, Some("2026-06-03"), now), (None, None), "a day that has not come");
        let (_, nodes) = nodes::today(&house.db, conn, hotel.site, now).unwrap();
        let all: Vec<_> = nodes.iter().map(|node| node.drawn).collect();
        assert_eq!(all, vec![Some(Watts(4_500)); all.len()], "the rack's feed and all over it");
        let late = at("2026-06-04T10:00:00+03:00");
        assert_eq!(on(conn, None, late), (None, None), "too long ago");
        assert!(nodes::today(&house.db, conn, hotel.site, late).unwrap().1.iter().all(|n| n.drawn.is_none()));
    }
}

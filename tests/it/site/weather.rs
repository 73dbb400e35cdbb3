//! Design weather derates the zones that follow it; what that breaks is not done in silence.

use crate::leasing::world::{FITS, World};
use crate::on_both;
use crate::support::server::Server;
use crate::support::{House, NOW};
use innkeeper::db::leasing::conflicts;
use innkeeper::db::site::cooling;
use innkeeper::domain::ids::{SiteId, ZoneId};
use innkeeper::domain::site::climate::*;
use innkeeper::domain::units::Watts;
use innkeeper::error::{Error, Result};
use innkeeper::services::check::check;
use innkeeper::services::site::climate::{self, Climate};
use innkeeper::services::site::guard::Consent;
use innkeeper::services::site::zones::{self, ZoneForm};
use rust_decimal::Decimal;

const SITE: SiteId = SiteId(1);
const ZONE: ZoneId = ZoneId(1);

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

/// 20 °C all year and a hotter July.
fn weather(july: &str) -> Climate {
    let month = |dry: &str| DesignMonth {
        dry_bulb: dec(dry),
        moisture: Moisture::Relative(dec("0.5")),
    };
    let mut months = [month("20"); 12];
    months[6] = month(july);
    Climate {
        site: SITE,
        altitude: 30,
        source: "СП 131.13330".to_owned(),
        months,
    }
}

fn dry_cooler() -> ZoneDesign {
    let point = |celsius: &str, share: &str| CurvePoint {
        celsius: dec(celsius),
        share: dec(share),
    };
    ZoneDesign {
        rejection: HeatRejection::DryCooler,
        approach: published_approach(HeatRejection::DryCooler),
        curve: vec![point("35", "1"), point("45", "0.7")],
        airflow: 0,
        exhaust: Decimal::ZERO,
    }
}

/// Month and factor of each derating of the zone.
fn deratings(house: &House) -> Vec<(i32, String)> {
    let rows = cooling::deratings_of_site(&mut house.db.get().unwrap(), SITE).unwrap();
    let own = rows.into_iter().filter(|row| row.zone_id == ZONE);
    own.map(|row| (row.month, row.factor)).collect()
}

fn save_weather(house: &House, world: &World, july: &str) -> Result<()> {
    climate::save(
        &house.db,
        &world.staff,
        NOW,
        &weather(july),
        &Consent::none(),
    )
}

fn save_design(house: &House, world: &World, design: &ZoneDesign) -> Result<()> {
    climate::save_design(&house.db, &world.staff, NOW, ZONE, design, &Consent::none())
}

fn field(result: Result<()>) -> String {
    match result {
        Err(Error::Invalid(errors)) => errors[0].field.clone(),
        other => panic!("not refused at a field: {other:?}"),
    }
}

on_both! {
    fn a_zone_follows_the_weather_until_it_is_set_by_hand(house: &House) {
        let world = house.world();
        assert_eq!(field(save_design(house, &world, &dry_cooler())), "rejection", "no weather yet");
        save_weather(house, &world, "30").unwrap();
        assert_eq!(deratings(house), [], "nobody follows yet");
        save_design(house, &world, &dry_cooler()).unwrap();
        // 30 + 10 = 40 °C: halfway from 1 to 0.7.
        assert_eq!(deratings(house), [(7, "0.85".to_owned())]);
        save_weather(house, &world, "35").unwrap();
        assert_eq!(deratings(house), [(7, "0.7".to_owned())]);
        let zone = cooling::get(&mut house.db.get().unwrap(), ZONE).unwrap();
        let form = ZoneForm { zone, units: vec![("A".to_owned(), Watts(100_000))], derating: vec![(1, dec("0.5"))] };
        zones::save(&house.db, &world.staff, NOW, &form, &Consent::none()).unwrap();
        assert_eq!(deratings(house), [(7, "0.7".to_owned())], "the weather has the last word");
        save_design(house, &world, &ZoneDesign { rejection: HeatRejection::Manual, ..dry_cooler() }).unwrap();
        save_weather(house, &world, "20").unwrap();
        assert_eq!(deratings(house), [(7, "0.7".to_owned())], "by hand: as it was left");
        zones::save(&house.db, &world.staff, NOW, &form, &Consent::none()).unwrap();
        assert_eq!(deratings(house), [(1, "0.5".to_owned())]);
        assert_eq!(check(&house.db, NOW).unwrap(), vec![]);
    }

    fn fans_are_held_against_the_units_that_run(house: &House) {
        let world = house.world();
        save_weather(house, &world, "30").unwrap();
        let design = ZoneDesign {
            rejection: HeatRejection::DirectAir,
            airflow: 149_250,
            exhaust: dec("45"),
            ..dry_cooler()
        };
        save_design(house, &world, &design).unwrap();
        // 149 250 m³/h × 15 K / 2 985 = 750 kW of the zone's 1 000; at 20 °C outside, 1 250 kW.
        let conn = &mut *house.db.get().unwrap();
        let units = cooling::units_of_site(conn, SITE).unwrap();
        assert_eq!(units.iter().map(|u| u.watts.0).sum::<i64>(), 1_000_000, "the world's zone");
        assert_eq!(deratings(house), [(7, "0.75".to_owned())]);
        assert_eq!(field(save_design(house, &world, &ZoneDesign { airflow: 0, ..design })), "airflow");
        assert_eq!(deratings(house), [(7, "0.75".to_owned())], "nothing was written");
    }

    fn weather_that_breaks_a_booking_is_shown_first_and_opens_its_conflict(house: &House) {
        let world = house.world();
        save_weather(house, &world, "20").unwrap();
        save_design(house, &world, &dry_cooler()).unwrap();
        let zone = cooling::get(&mut house.db.get().unwrap(), ZONE).unwrap();
        let units = vec![("A".to_owned(), Watts(100_000))];
        let form = ZoneForm { zone, units, derating: vec![] };
        zones::save(&house.db, &world.staff, NOW, &form, &Consent::none()).unwrap();
        // 21 machines of 3.5 kW in a zone of 100 kW; at 45 °C of water 70 kW are left.
        let id = world.held(house, NOW, FITS);
        let breaks = match save_weather(house, &world, "35") {
            Err(Error::Breaks(breaks)) => breaks,
            other => panic!("not refused: {other:?}"),
        };
        assert_eq!(deratings(house), [], "nothing was written");
        let [broken] = breaks.broken.as_slice() else { panic!("{breaks:?}") };
        assert_eq!((broken.reservation, broken.extent.excess), (id, 3_500));
        assert_eq!(broken.extent.window.from.to_string(), "2027-07-01");
        let agreed = Consent::to(&breaks.digest);
        climate::save(&house.db, &world.staff, NOW, &weather("35"), &agreed).unwrap();
        assert_eq!(deratings(house), [(7, "0.7".to_owned())]);
        let open = conflicts::open_of_site(&mut house.db.get().unwrap(), SITE).unwrap();
        assert_eq!(open.iter().map(|row| row.reservation_id).collect::<Vec<_>>(), [id]);
        save_weather(house, &world, "20").unwrap();
        assert!(conflicts::open_of_site(&mut house.db.get().unwrap(), SITE).unwrap().is_empty());
        assert_eq!(check(&house.db, NOW).unwrap(), vec![]);
    }

    fn the_pages_keep_what_was_typed_and_show_the_year(house: &House) {
        house.world();
        let server = Server::start(&house.app(NOW));
        let staff = server.signed_in("staff@example.ru", crate::identity::world::PASSWORD);
        let mut form: Vec<(String, String)> = vec![("moisture".into(), "relative".into()), ("source".into(), "СП 131".into())];
        for month in 1..=12 {
            form.push((format!("dry_{month}"), if month == 7 { "32,5".into() } else { "18".into() }));
            form.push((format!("moist_{month}"), "60".into()));
        }
        let send = |path: &str, form: &[(String, String)]| {
            let pairs: Vec<(&str, &str)> = form.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            let answer = staff.post(path, &pairs);
            (answer.status().as_u16(), answer.text().unwrap())
        };
        form.push(("altitude".into(), "высоко".into()));
        let (status, text) = send("/sites/1/weather", &form);
        assert_eq!(status, 422);
        assert!(text.contains("value=\"высоко\"") && text.contains("id=\"e-altitude\"") && text.contains("value=\"32,5\""));
        form.last_mut().unwrap().1 = "30".into();
        assert_eq!(send("/sites/1/weather", &form).0, 303);
        let design: Vec<(String, String)> = [("rejection", "dry_cooler"), ("approach", ""), ("curve", "35; 100\n45; 70 %")]
            .map(|(k, v)| (k.to_owned(), v.to_owned())).to_vec();
        assert_eq!(send("/cooling/1/design", &design).0, 303);
        // 32.5 + 10 = 42.5 °C: three quarters of the way from 1 to 0.7.
        assert_eq!(deratings(house), [(7, "0.775".to_owned())]);
        let text = staff.get("/sites/1/cooling").text().unwrap();
        assert!(text.contains("class=\"usable-line\"") && text.contains("77.5%"), "{text}");
        let text = staff.get("/cooling/1/design").text().unwrap();
        assert!(text.contains("35; 100\n45; 70"), "{text}");
        let mut bad = design.clone();
        bad[2].1 = "35; 100\nжарко; 70".into();
        let (status, text) = send("/cooling/1/design", &bad);
        assert_eq!(status, 422);
        assert!(text.contains("id=\"e-curve\"") && text.contains("жарко"), "{text}");
    }
}

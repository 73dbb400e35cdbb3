//! What fits where and when, as the service ranks it and as the page shows it.

use super::world::FITS;
use crate::identity::world::PASSWORD;
use crate::on_both;
use crate::support::NOW;
use crate::support::server::Server;
use innkeeper::db::site::catalogue;
use innkeeper::domain::calendar::Window;
use innkeeper::domain::ids::TenantId;
use innkeeper::domain::site::Workload;
use innkeeper::services::leasing::search::{Amount, Question, search};

fn day(text: &str) -> chrono::NaiveDate {
    text.parse().unwrap()
}

on_both! {
    fn what_fits_comes_first_and_what_binds_is_said(house: &House) {
        let world = house.world();
        innkeeper::services::seed::ensure(&house.db).unwrap();
        // Taken until 1 December 2027.
        world.held(house, NOW, 15);
        let models = catalogue::all(&mut house.db.get().unwrap()).unwrap();
        let question = |units: u32| Question {
            tenant: TenantId(0),
            sites: vec![world.site],
            amount: Amount::Units(units),
            models: models.clone(),
            workload: Workload::Mining,
            window: Window { from: day("2027-01-01"), to: Some(day("2028-01-01")) },
            latest: day("2027-12-27"),
        };
        let all = search(&house.db, &world.owner, NOW, &question(4)).unwrap();
        assert!(!all.is_empty());
        let whole: Vec<bool> = all.iter().map(|found| found.fit >= found.asked).collect();
        assert!(whole.is_sorted_by(|a, b| a >= b), "all that fit come first");
        let firsts = all.iter().filter(|f| f.fit >= f.asked).map(|f| f.wish.window.from);
        assert!(firsts.is_sorted(), "the earliest on top");
        // The feed is free again from 1 December 2027 on, to the last machine.
        let many = search(&house.db, &world.owner, NOW, &question(FITS)).unwrap();
        let s21 = many.iter().find(|f| f.wish.watts_each.0 == 3_500 && f.fit >= f.asked);
        let s21 = s21.expect("a model of 3.5 kW fits in a year");
        assert!(s21.wish.window.from >= day("2027-12-01"), "{s21:?}");
        let few = search(&house.db, &world.owner, NOW, &question(500)).unwrap();
        assert!(!few.is_empty() && few.iter().all(|f| f.fit < f.asked && f.bound.is_some()));
    }

    fn power_means_machines_of_each_model(house: &House) {
        let world = house.world();
        innkeeper::services::seed::ensure(&house.db).unwrap();
        let server = Server::start(&house.app(NOW));
        let owner = server.signed_in("owner@example.ru", PASSWORD);
        let get = |path: &str| {
            let answer = owner.get(path);
            assert_eq!(answer.status().as_u16(), 200, "{path}");
            answer.text().unwrap()
        };
        let usual = get("/availability/search");
        assert!(usual.contains("class=\"table\"") && usual.contains("/availability?site=1"), "{usual}");
        let power = get("/availability/search?kw=35&from=2026-12-01&latest=2026-12-20&term=12");
        assert!(power.contains("&amp;units=10&") || power.contains("units=10"), "35 kW are ten S21");
        let wrong = get("/availability/search?units=x&from=2026-12-01&latest=2026-11-01&term=12");
        assert!(wrong.contains("e-units") && wrong.contains("value=\"x\"") && wrong.contains("e-latest"), "{wrong}");
        assert!(!wrong.contains("class=\"table\""));
        let _ = world;
    }
}

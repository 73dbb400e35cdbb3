//! Pages: every row once, in order, whatever is added meanwhile.

use super::world::{Program, all_scopes};
use crate::on_both;
use crate::support::NOW;
use crate::support::server::Server;
use serde_json::Value;

fn ids(page: &Value) -> Vec<i64> {
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["id"].as_i64().unwrap())
        .collect()
}

on_both! {
    fn page_by_page_every_row_comes_once(house: &House) {
        let world = house.world();
        for _ in 0..7 {
            world.held(house, NOW, 1);
        }
        let token = house.personal(&world.staff, all_scopes());
        let server = Server::start(&house.app(NOW));
        let staff = Program::new(&server, &token);
        for (list, whole) in [
            ("/reservations?limit=3", vec![7, 6, 5, 4, 3, 2, 1]),
            ("/racks?limit=4&site=1", (1..=10).collect()),
            ("/sites/1/power?limit=1", vec![1, 2]),
            ("/halls?limit=1", vec![1]),
        ] {
            let mut found = vec![];
            let mut path = list.to_owned();
            loop {
                let back = staff.get(&path);
                let page = back.clone().ok();
                found.extend(ids(&page));
                let Some(next) = page["next"].as_str() else {
                    assert_eq!(back.link, None);
                    break;
                };
                assert_eq!(back.link, Some(format!("<{next}>; rel=\"next\"")));
                path = next.strip_prefix("/api/v1").unwrap().to_owned();
                if list.starts_with("/reservations") && found.len() == 3 {
                    world.held(house, NOW, 1);
                }
            }
            assert_eq!(found, whole, "{list}");
        }
    }

    fn what_is_not_known_is_named(house: &House) {
        let world = house.world();
        let token = house.personal(&world.staff, all_scopes());
        let server = Server::start(&house.app(NOW));
        let staff = Program::new(&server, &token);
        for (path, fields) in [
            ("/racks?colour=red", vec!["colour"]),
            ("/racks?site=x&limit=0", vec!["site", "limit"]),
            ("/racks?after=nonsense", vec!["after"]),
            ("/racks?after=7.00", vec!["after"]),
            ("/racks?q=%00", vec!["q"]),
            ("/availability?site=1", vec!["from"]),
            ("/sites/1?x=1", vec!["x"]),
        ] {
            let back = staff.get(path);
            assert_eq!((back.status, back.fields()), (400, fields), "{path}");
        }
        assert_eq!(staff.get("/racks/x").status, 404);
        assert_eq!(staff.get("/racks/99999999999999999999").status, 404);
    }
}

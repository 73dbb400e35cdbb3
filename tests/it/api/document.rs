//! The document and the routes are one.

use super::world::{Program, all_scopes};
use crate::support::server::Server;
use crate::support::{House, Kind, NOW};
use innkeeper::api::routes;
use reqwest::blocking::Client;
use serde_json::Value;

#[test]
fn the_document_is_public_and_names_every_route_with_its_scope() {
    let house = House::open(Kind::Sqlite).unwrap();
    let world = house.world();
    let token = house.personal(&world.staff, all_scopes());
    let server = Server::start(&house.app(NOW));
    let client = Client::new();
    let url = format!("{}/api/v1/openapi.json", server.base);
    let document: Value = client.get(&url).send().unwrap().json().unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut named = 0;
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            if path == "/api/v1/openapi.json" {
                continue;
            }
            named += 1;
            let known = routes::of_pattern(path);
            let route = known.iter().find(|r| r.method.to_lowercase() == *method);
            let route = route.unwrap_or_else(|| panic!("{method} {path} is no route"));
            assert_eq!(operation["security"][0]["token"][0], route.scope.code());
        }
    }
    assert_eq!(named, routes::all().count());
    // What is declared is served: an address that actix did not know would be answered bare.
    let program = Program::new(&server, &token);
    for route in routes::all().filter(|route| route.method == "GET") {
        let path = route.path.replace("{id}", "987654321");
        assert_ne!(program.get(&path).status, 500, "{path}");
    }
}

#[test]
fn what_is_not_there_is_a_problem_too() {
    let house = House::open(Kind::Sqlite).unwrap();
    let world = house.world();
    let token = house.personal(&world.staff, all_scopes());
    let server = Server::start(&house.app(NOW));
    let client = Client::new();
    let table = [
        ("GET", "/api", 404),
        ("GET", "/api/v1", 404),
        ("GET", "/api/v1/nothing", 404),
        ("GET", "/api/v2/sites", 404),
        ("DELETE", "/api/v1/sites", 405),
        ("HEAD", "/api/v1/sites", 405),
        ("POST", "/api/v1/openapi.json", 405),
        ("PATCH", "/api/v1/reservations/1", 405),
    ];
    for (method, path, status) in table {
        let url = format!("{}{path}", server.base);
        let request = client
            .request(method.parse().unwrap(), url)
            .bearer_auth(&token);
        let answer = request.send().unwrap();
        assert_eq!(answer.status().as_u16(), status, "{method} {path}");
        let media_type = answer.headers()["content-type"].to_str().unwrap();
        assert_eq!(media_type, "application/problem+json", "{method} {path}");
        let allow = answer.headers().get("allow").is_some();
        assert_eq!(allow, status == 405, "{method} {path}");
    }
    let page = client
        .get(format!("{}/api/v1/docs", server.base))
        .send()
        .unwrap();
    assert_eq!(page.status().as_u16(), 200);
    let html = page.text().unwrap();
    for route in routes::all() {
        assert!(html.contains(&route.pattern()), "{}", route.path);
    }
}

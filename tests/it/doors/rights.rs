//! Every declared route as every role, as nobody, and as another tenant.

use crate::support::demo::{self, HIDDEN, PASSWORD};
use crate::support::server::{Server, Visitor};
use crate::support::{House, Kind, NOW};
use innkeeper::demo::people::SIGN_INS;
use innkeeper::domain::identity::access::{Permission, Role};
use innkeeper::services::check::check;
use innkeeper::web::routes::{self, Access, RouteInfo};

/// A tenant of the demo other than the one of the first sign-in.
const OTHER_OWNER: &str = "pay@hydromine.example";
/// No row has this id.
const NOBODY: &str = "987654321";

#[test]
fn every_route_asks_for_its_right_on_sqlite() {
    every_route_asks_for_its_right(&demo::house(Kind::Sqlite).expect("SQLite is always there"));
}

#[test]
fn every_route_asks_for_its_right_on_postgres() {
    if let Some(house) = demo::house(Kind::Postgres) {
        every_route_asks_for_its_right(&house);
    }
}

fn every_route_asks_for_its_right(house: &House) {
    let app = house.app(NOW);
    let violations = check(&app.db, NOW).unwrap();
    assert!(
        violations.is_empty(),
        "the demo is consistent: {violations:?}"
    );
    let server = Server::start(&app);
    let mut wrong = vec![];
    nobody_passes(&server.visitor(), &mut wrong);
    for (email, _, role) in SIGN_INS {
        as_role(&server, email, role, &mut wrong);
    }
    as_another_tenant(&server.signed_in(OTHER_OWNER, HIDDEN), &mut wrong);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn path(route: &RouteInfo, id: &str) -> String {
    let mut path = route.path.to_owned();
    while let (Some(from), Some(to)) = (path.find('{'), path.find('}')) {
        path.replace_range(from..=to, id);
    }
    path
}

fn try_route(visitor: &Visitor, route: &RouteInfo, id: &str) -> u16 {
    let path = path(route, id);
    let answer = match route.method {
        "GET" => visitor.get(&path),
        _ => visitor.post(&path, &[]),
    };
    answer.status().as_u16()
}

fn nobody_passes(visitor: &Visitor, wrong: &mut Vec<String>) {
    for route in routes::all() {
        let status = try_route(visitor, route, "1");
        let fine = match route.access {
            Access::Public => status < 500 && status != 403,
            Access::Needs(_) => status == 303,
        };
        if !fine {
            wrong.push(format!(
                "nobody: {} {} answered {status}",
                route.method, route.path
            ));
        }
    }
    if visitor.get("/no-such-page").status().as_u16() != 404 {
        wrong.push("an undeclared path answers".to_owned());
    }
}

fn as_role(server: &Server, email: &str, role: Role, wrong: &mut Vec<String>) {
    let visitor = server.signed_in(email, PASSWORD);
    for route in routes::all() {
        let Access::Needs(right) = route.access else {
            continue;
        };
        if route.path == "/sign-out" {
            continue;
        }
        // Writes are tried on rows that do not exist: the right is asked for first.
        let id = if route.method == "GET" { "1" } else { NOBODY };
        let status = try_route(&visitor, route, id);
        let fine = if role.may(right) {
            status != 403 && status < 500
        } else {
            status == 403
        };
        if !fine {
            wrong.push(format!(
                "{role}: {} {} answered {status}",
                route.method, route.path
            ));
        }
    }
}

/// The first rows of the demo belong to the first tenant, or to others than this one.
fn as_another_tenant(visitor: &Visitor, wrong: &mut Vec<String>) {
    let own_nouns = [
        "/reservations/{id}",
        "/leases/{id}",
        "/invoices/{id}",
        "/requests/{id}",
        "/machines/{id}",
    ];
    for route in routes::all() {
        let Access::Needs(right) = route.access else {
            continue;
        };
        let owned = own_nouns.iter().any(|noun| route.path.starts_with(noun));
        if !owned || !Role::Owner.may(right) || right == Permission::SignedIn {
            continue;
        }
        let status = try_route(visitor, route, "1");
        if !matches!(status, 404 | 422) {
            wrong.push(format!(
                "another tenant: {} {} answered {status}",
                route.method, route.path
            ));
        }
    }
}

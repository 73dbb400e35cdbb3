//! Every route as nobody, in every role, with a token that lacks its scope, and as another tenant.

use super::world::{Program, all_scopes};
use crate::on_both;
use crate::support::NOW;
use crate::support::server::Server;
use innkeeper::api::routes::{self, Route};
use innkeeper::domain::identity::access::Role;
use innkeeper::domain::identity::scope::{Scope, Scopes};
use serde_json::json;

/// No row has this id.
const NOBODY: &str = "987654321";
/// Nouns whose rows belong to a tenant.
const OWNED: [&str; 3] = ["/reservations/{id}", "/leases/{id}", "/requests/{id}"];

on_both! {
    fn every_route_asks_for_token_scope_and_right(house: &House) {
        let world = house.booked();
        let stranger = house.tenant("ИП Волков");
        let server = Server::start(&house.app(NOW));
        let mut wrong = vec![];
        let nobody = Program::new(&server, "");
        for route in routes::all() {
            note(&mut wrong, "nobody", route, ask(&nobody, route, "1"), |status| status == 401);
        }
        for role in Role::ALL {
            let tenant = role.is_tenant().then_some(world.tenant);
            let token = house.machine(*role, tenant, all_scopes());
            let program = Program::new(&server, &token);
            for route in routes::all() {
                // Writes are tried on rows that do not exist: the right is asked for first.
                let id = if route.method == "GET" { "1" } else { NOBODY };
                let may = role.may(route.right);
                let fine = |status: u16| match may {
                    true => status != 401 && status != 403 && status < 500,
                    false => status == 403,
                };
                note(&mut wrong, role.code(), route, ask(&program, route, id), fine);
            }
        }
        for route in routes::all() {
            let but = Scope::ALL.iter().copied().filter(|scope| *scope != route.scope);
            let token = house.machine(Role::Administrator, None, but.collect::<Scopes>());
            let status = ask(&Program::new(&server, &token), route, "1");
            note(&mut wrong, "without the scope", route, status, |status| status == 403);
        }
        let token = house.machine(Role::Owner, Some(stranger), all_scopes());
        let other = Program::new(&server, &token);
        for route in routes::all().filter(|route| Role::Owner.may(route.right)) {
            if OWNED.iter().any(|noun| route.path.starts_with(noun)) {
                note(&mut wrong, "another tenant", route, ask(&other, route, "1"), |status| status == 404);
            }
        }
        for list in ["/reservations", "/leases", "/requests", "/reservations?tenant=1"] {
            let page = other.get(list).ok();
            if page["items"] != json!([]) {
                wrong.push(format!("another tenant sees {list}: {page}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// With what the route needs, so that only who asks decides.
fn ask(program: &Program, route: &Route, id: &str) -> u16 {
    let path = route.path.replace("{id}", id);
    let from = match route.path {
        "/availability" => "?site=1&watts=3500&supply=single&cooling=air&from=2026-12-01&weeks=1",
        _ => "",
    };
    let body = match route.path {
        "/reservations/{id}/assignment" => json!({"allocations": [{"rack": 1, "units": 1}]}),
        "/reservations/{id}/lease" => json!({"plan": 1}),
        "/leases/{id}/notice" => json!({"end": "2027-06-01"}),
        "/requests/{id}/answer" => json!({"answer": "No."}),
        _ => json!({}),
    };
    match route.method {
        "GET" => program.get(&format!("{path}{from}")).status,
        _ => program.post(&path, &body).status,
    }
}

fn note(
    wrong: &mut Vec<String>,
    who: &str,
    route: &Route,
    status: u16,
    fine: impl Fn(u16) -> bool,
) {
    if !fine(status) {
        wrong.push(format!(
            "{who}: {} {} answered {status}",
            route.method, route.path
        ));
    }
}

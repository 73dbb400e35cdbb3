//! Tokens: shown once, never more than their holder, over at once when revoked.

use super::world::{Program, all_scopes, rand_word, wish};
use crate::identity::world::PASSWORD;
use crate::on_both;
use crate::support::NOW;
use crate::support::server::Server;
use innkeeper::db::identity::api_tokens as rows;
use innkeeper::db::trail;
use innkeeper::domain::identity::access::Role;
use innkeeper::domain::identity::scope::Scopes;
use innkeeper::domain::ids::ApiTokenId;
use innkeeper::services::check::check;
use innkeeper::services::identity::api_tokens::{For, Knock, NewToken, create, knock, revoke};
use innkeeper::services::identity::users;
use serde_json::json;

on_both! {
    fn a_token_is_kept_as_a_hash_and_leaves_a_trace(house: &House) {
        let world = house.world();
        let secret = house.personal(&world.owner, Scopes::parse("leases:read"));
        assert!(secret.starts_with("ink_") && secret.len() == 68, "{secret}");
        let conn = &mut *house.db.get().unwrap();
        let row = rows::get(conn, ApiTokenId(1)).unwrap();
        assert!(secret.starts_with(&row.prefix) && !row.token_hash.contains(&secret[4..]));
        let trace = trail::of(conn, "api_token", 1, 9).unwrap();
        assert_eq!(trace.len(), 1);
        assert!(!trace[0].0.after_state.contains(&row.token_hash));
        assert!(check(&house.db, NOW).unwrap().is_empty());
    }

    fn it_ends_with_its_time_its_revocation_and_its_user(house: &House) {
        let world = house.world();
        let opens = |secret: &str, at| match knock(&house.db, at, secret, "10.0.0.1").unwrap() {
            Knock::Opened(holder) => Some(holder.actor),
            _ => None,
        };
        let short = NewToken {
            name: "short".to_owned(),
            scopes: all_scopes(),
            expires_at: Some(NOW.plus_hours(1)),
            holder: For::Myself,
            form_key: rand_word(),
        };
        let secret = create(&house.db, &world.owner, NOW, &short).unwrap();
        assert_eq!(opens(&secret, NOW), Some(world.owner));
        assert_eq!(opens(&secret, NOW.plus_hours(1)), None);
        let again = create(&house.db, &world.owner, NOW, &short);
        assert!(again.is_err(), "the same form makes one token");
        let secret = house.personal(&world.owner, all_scopes());
        let id = rows::of_user(&mut house.db.get().unwrap(), world.owner.user.unwrap()).unwrap()[0].id;
        assert!(revoke(&house.db, &world.staff, NOW, id).is_err(), "another's token");
        revoke(&house.db, &world.owner, NOW, id).unwrap();
        revoke(&house.db, &world.owner, NOW, id).unwrap();
        assert_eq!(opens(&secret, NOW), None);
        let other = house.actor("second@example.ru", Role::Member, Some(world.tenant));
        let secret = house.personal(&other, all_scopes());
        assert_eq!(opens(&secret, NOW), Some(other));
        users::deactivate(&house.db, &world.owner, NOW, other.user.unwrap()).unwrap();
        assert_eq!(opens(&secret, NOW), None);
    }

    fn a_use_is_noted_once_a_minute(house: &House) {
        let world = house.world();
        let secret = house.personal(&world.owner, all_scopes());
        let used = |seconds| {
            knock(&house.db, NOW.plus_seconds(seconds), &secret, "10.0.0.1").unwrap();
            rows::get(&mut house.db.get().unwrap(), ApiTokenId(1)).unwrap().last_used_at
        };
        assert_eq!(used(0), Some(NOW));
        assert_eq!(used(59), Some(NOW));
        assert_eq!(used(60), Some(NOW.plus_seconds(60)));
    }

    fn machines_have_a_role_and_only_administrators_make_them(house: &House) {
        let world = house.world();
        let new = |role, tenant| NewToken {
            name: "robot".to_owned(),
            scopes: all_scopes(),
            expires_at: None,
            holder: For::Machine { role, tenant },
            form_key: rand_word(),
        };
        let admin = house.actor("boss@example.ru", Role::Administrator, None);
        let tried = |who, role, tenant| create(&house.db, who, NOW, &new(role, tenant)).is_ok();
        assert!(!tried(&world.staff, Role::Staff, None));
        assert!(!tried(&admin, Role::Owner, None));
        assert!(!tried(&admin, Role::Staff, Some(world.tenant)));
        assert!(tried(&admin, Role::Owner, Some(world.tenant)));
        let token = house.machine(Role::Owner, Some(world.tenant), all_scopes());
        let server = Server::start(&house.app(NOW));
        let program = Program::new(&server, &token);
        let made = program.post("/reservations", &wish(2)).ok();
        let conn = &mut *house.db.get().unwrap();
        let acts = trail::of(conn, "api_token", 2, 9).unwrap();
        assert!(acts.iter().any(|(row, _)| row.action == "act"), "{made}: {acts:?}");
        assert!(check(&house.db, NOW).unwrap().is_empty());
    }

    fn wrong_tokens_wait(house: &House) {
        let world = house.world();
        let good = house.personal(&world.owner, all_scopes());
        let server = Server::start(&house.app(NOW));
        let wrong = Program::new(&server, "ink_0000");
        for _ in 0..30 {
            assert_eq!(wrong.get("/sites").status, 401);
        }
        let waits = wrong.get("/sites");
        assert_eq!(waits.status, 429);
        assert_eq!(Program::new(&server, &good).get("/sites").status, 200, "a good one never waits");
        assert_eq!(Program::new(&server, "").get("/sites").status, 401);
    }

    fn made_and_revoked_on_the_profile(house: &House) {
        house.world();
        let server = Server::start(&house.app(NOW));
        let owner = server.signed_in("owner@example.ru", PASSWORD);
        let empty = owner.post("/profile/tokens", &[("name", "x"), ("days", "90")]);
        assert_eq!(empty.status().as_u16(), 422, "no scope");
        let form = [("name", "Accounting"), ("days", "90"), ("scope-leases-read", "yes"), ("scope-reservations-read", "yes")];
        let made = owner.post("/profile/tokens", &form);
        assert_eq!(made.status().as_u16(), 200);
        assert_eq!(made.headers()["cache-control"], "no-store");
        let html = made.text().unwrap();
        let at = html.find("ink_").unwrap();
        let secret = html[at..at + 68].to_owned();
        let listed = owner.get("/profile/tokens").text().unwrap();
        assert!(listed.contains("Accounting") && !listed.contains(&secret), "shown once");
        let program = Program::new(&server, &secret);
        assert_eq!(program.get("/reservations").status, 200);
        assert_eq!(program.get("/requests").status, 403, "a scope that was not given");
        assert_eq!(program.post("/reservations", &json!({})).status, 403);
        let staff = server.signed_in("staff@example.ru", PASSWORD);
        assert_eq!(staff.get("/tokens/1/revocation").status().as_u16(), 404);
        assert_eq!(owner.get("/tokens/1/revocation").status().as_u16(), 200);
        assert_eq!(owner.post("/tokens/1/revocation", &[]).status().as_u16(), 303);
        assert_eq!(program.get("/reservations").status, 401);
        let with_cookie = owner.get("/api/v1/sites");
        assert_eq!(with_cookie.status().as_u16(), 401, "a cookie is no token");
    }
}

//! One effect for one key: again, side by side, and when the connection dies in between.

use super::world::{Program, all_scopes, wish};
use crate::leasing::world::World;
use crate::on_both;
use crate::support::server::Server;
use crate::support::{Kind, NOW};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer};
use innkeeper::db::identity::answers;
use innkeeper::db::leasing::reservations;
use innkeeper::db::{Chain, Db};
use innkeeper::domain::identity::scope::ApiTokenKind;
use innkeeper::domain::ids::ApiTokenId;
use innkeeper::error::Result;
use innkeeper::services::check::check;
use innkeeper::services::idempotency::{Answered, Asked, KEPT_HOURS, Outcome, once};
use innkeeper::services::identity::api_tokens::Holder;
use innkeeper::services::identity::clean_up::clean_up;
use innkeeper::services::leasing::reserve::{IfRefused, reserve};

fn live(db: &Db, world: &World) -> usize {
    let conn = &mut *db.get().unwrap();
    let today = "2026-11-20".parse().unwrap();
    reservations::live(conn, world.site, NOW, today)
        .unwrap()
        .len()
}

fn asked(world: &World, body: &[u8]) -> Asked {
    let holder = Holder {
        token: ApiTokenId(1),
        kind: ApiTokenKind::Personal,
        actor: world.owner,
        scopes: all_scopes(),
    };
    Asked::new(&holder, "a key", "/api/v1/reservations", body)
}

fn answer() -> Answered {
    Answered {
        status: 201,
        location: None,
        body: "{}".to_owned(),
    }
}

#[derive(QueryableByName)]
struct Pid {
    #[diesel(sql_type = Integer)]
    pid: i32,
}

#[derive(QueryableByName)]
struct Killed {
    #[diesel(sql_type = BigInt)]
    #[allow(dead_code)]
    n: i64,
}

/// The server of the database ends the connection on which `db` writes.
fn kill(house: &crate::support::House, db: &Db) {
    let own = diesel::sql_query("SELECT pg_backend_pid() AS pid")
        .get_result::<Pid>(&mut *db.get().unwrap())
        .unwrap();
    let kill = format!(
        "SELECT CAST(pg_terminate_backend({}, 5000)::int AS BIGINT) AS n",
        own.pid
    );
    diesel::sql_query(kill)
        .get_result::<Killed>(&mut *house.db.get().unwrap())
        .unwrap();
}

on_both! {
    fn a_lost_connection_leaves_neither_effect_nor_key(house: &House) {
        let world = house.world();
        let asked = asked(&world, b"{}");
        let chain = Chain::Site(world.site);
        let book = |db: &Db| -> Result<Answered> {
            reserve(db, &world.owner, NOW, &world.wish(3), IfRefused::Forget)?;
            Ok(answer())
        };
        let lost = once(&house.db, NOW, chain, &asked, |db| {
            let done = book(db)?;
            match house.kind {
                Kind::Postgres => kill(house, db),
                Kind::Sqlite => return Err(anyhow::anyhow!("the process died").into()),
            }
            Ok(done)
        });
        assert!(lost.is_err(), "{lost:?}");
        assert_eq!(live(&house.db, &world), 0);
        let first = once(&house.db, NOW, chain, &asked, book).unwrap();
        assert_eq!(first, Outcome::First(answer()));
        let again = once(&house.db, NOW, chain, &asked, book).unwrap();
        assert_eq!(again, Outcome::Again(answer()));
        assert_eq!(live(&house.db, &world), 1);
        assert!(check(&house.db, NOW).unwrap().is_empty());
    }

    fn a_key_is_forgotten_after_its_time(house: &House) {
        let world = house.world();
        let chain = Chain::Site(world.site);
        let ask = |now, body: &[u8]| once(&house.db, now, chain, &asked(&world, body), |_| Ok(answer())).unwrap();
        assert_eq!(ask(NOW, b"1"), Outcome::First(answer()));
        assert_eq!(ask(NOW, b"2"), Outcome::Otherwise);
        let later = NOW.plus_hours(KEPT_HOURS);
        assert_eq!(ask(later, b"2"), Outcome::First(answer()));
        assert_eq!(ask(later, b"2"), Outcome::Again(answer()));
        clean_up(&house.db, later.plus_hours(KEPT_HOURS)).unwrap();
        let owner = format!("user {}", world.owner.user.unwrap());
        let row = answers::get(&mut house.db.get().unwrap(), &owner, "a key").unwrap();
        assert_eq!(row, None);
    }

    fn a_post_is_answered_again_word_for_word(house: &House) {
        let world = house.world();
        let token = house.personal(&world.owner, all_scopes());
        let server = Server::start(&house.app(NOW));
        let owner = Program::new(&server, &token);
        let first = owner.post_again("/reservations", &wish(20), "one");
        assert_eq!((first.status, first.replayed), (201, false));
        let again = owner.post_again("/reservations", &wish(20), "one");
        assert!(again.replayed);
        assert_eq!((again.status, &again.json, &again.location), (201, &first.json, &first.location));
        let other = owner.post_again("/reservations", &wish(1), "one");
        assert_eq!(other.status, 422);
        assert!(other.json["type"].as_str().unwrap().ends_with("key-reused"));
        let refused = owner.post_again("/reservations", &wish(5), "two");
        assert_eq!(refused.status, 409);
        // What made room since does not change the answer that was given.
        assert_eq!(owner.post("/reservations/1/cancellation", &serde_json::json!({})).status, 200);
        let again = owner.post_again("/reservations", &wish(5), "two");
        assert_eq!((again.status, again.replayed, &again.json), (409, true, &refused.json));
        assert_eq!(live(&house.db, &world), 0);
        let second = house.actor("second@example.ru", innkeeper::domain::identity::access::Role::Owner, Some(world.tenant));
        let token = house.personal(&second, all_scopes());
        let own = Program::new(&server, &token).post_again("/reservations", &wish(1), "one");
        assert_eq!((own.status, own.replayed), (201, false), "keys are each holder's own");
    }

    fn sixteen_at_once_reserve_once(house: &House) {
        let world = house.world();
        let token = house.personal(&world.owner, all_scopes());
        let server = Server::start(&house.app(NOW));
        let answers: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..16)
                .map(|_| scope.spawn(|| {
                    Program::new(&server, &token).post_again("/reservations", &wish(1), "same")
                }))
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(live(&house.db, &world), 1);
        assert_eq!(answers.iter().filter(|answer| !answer.replayed).count(), 1);
        for answer in &answers {
            assert_eq!((answer.status, &answer.json), (201, &answers[0].json));
        }
        assert!(check(&house.db, NOW).unwrap().is_empty());
    }

    fn a_post_needs_a_key_of_some_length(house: &House) {
        let world = house.world();
        let token = house.personal(&world.owner, all_scopes());
        let server = Server::start(&house.app(NOW));
        let owner = Program::new(&server, &token);
        let long = "k".repeat(201);
        for key in ["", "a key", long.as_str()] {
            let answer = owner.post_again("/reservations", &wish(1), key);
            assert_eq!((answer.status, answer.fields()), (400, vec!["Idempotency-Key"]));
        }
        assert_eq!(live(&house.db, &world), 0);
    }
}

use super::world::*;
use crate::on_both;
use crate::support::{House, NOW};
use innkeeper::db::identity::tenants as rows;
use innkeeper::db::{Chain, Db};
use innkeeper::domain::identity::access::{Actor, Role};
use innkeeper::domain::ids::UserId;
use innkeeper::error::{Error, Result};
use innkeeper::services::forms::once;
use innkeeper::services::identity::tenants;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

fn submit(house: &House, user: UserId, key: &str, answer: &str) -> String {
    once(&house.db, user, key, NOW, |db| {
        save(db)?;
        Ok(answer.to_owned())
    })
    .unwrap()
}

fn save(db: &Db) -> Result<String> {
    let id = tenants::save(db, &Actor::HOUSE, NOW, &a_tenant("ООО «Ель»"))?;
    Ok(format!("/tenants/{id}"))
}

impl House {
    fn tenant_count(&self) -> usize {
        self.db.read(rows::all).unwrap().len()
    }
}

on_both! {
    fn a_form_submitted_twice_gets_one_answer(house: &House) {
        let (anna, boris) = (house.user("a@example.ru", Role::Staff, None), house.user("b@example.ru", Role::Staff, None));
        assert_eq!(submit(house, anna, "k1", "/leases/1"), "/leases/1");
        assert_eq!(submit(house, anna, "k1", "/leases/2"), "/leases/1");
        assert_eq!(submit(house, anna, "k2", "/leases/3"), "/leases/3");
        assert_eq!(submit(house, boris, "k1", "/leases/4"), "/leases/4");
        assert_eq!(house.tenant_count(), 3);
        assert_eq!(submit(house, anna, "", "/leases/5"), "/leases/5");
        assert_eq!(submit(house, anna, "", "/leases/6"), "/leases/6");
        assert_eq!(house.tenant_count(), 5);
    }

    fn clicks_side_by_side_do_the_work_once(house: &House) {
        let user = house.user("a@example.ru", Role::Administrator, None);
        let done = AtomicI64::new(0);
        let work = |db: &Db| {
            std::thread::sleep(Duration::from_millis(50));
            let place = save(db)?;
            done.fetch_add(1, Ordering::SeqCst);
            Ok(place)
        };
        let places: Vec<String> = std::thread::scope(|scope| {
            let clicks: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| once(&house.db, user, "k", NOW, work).unwrap()))
                .collect();
            clicks.into_iter().map(|click| click.join().unwrap()).collect()
        });
        assert_eq!((done.load(Ordering::SeqCst), house.tenant_count()), (1, 1));
        assert!(places.iter().all(|place| *place == places[0]), "{places:?}");
    }

    fn a_form_with_mistakes_may_be_submitted_again(house: &House) {
        let user = house.user("a@example.ru", Role::Staff, None);
        let refused = once(&house.db, user, "k", NOW, |_| Err(Error::rule("no")));
        assert_eq!(said(refused.unwrap_err()), ["no"]);
        let undone = once(&house.db, user, "k", NOW, |db| {
            db.write(Chain::Operator, |_| Err(Error::rule("no")))
        });
        assert_eq!(said(undone.unwrap_err()), ["no"]);
        let half = once(&house.db, user, "k", NOW, |db| {
            save(db)?;
            Err(Error::rule("no"))
        });
        assert_eq!(said(half.unwrap_err()), ["no"]);
        assert_eq!(submit(house, user, "k", "/done"), "/done");
    }

    fn work_whose_answer_was_lost_is_not_done_again(house: &House) {
        let user = house.user("a@example.ru", Role::Staff, None);
        // As a process that died between the commit and its answer leaves it.
        let (named, _) = house.db.in_the_name_of("k", user, NOW);
        let place = save(&named).unwrap();
        let id = place.rsplit('/').next().unwrap();
        assert_eq!(submit(house, user, "k", "/leases/1"), format!("tenant {id}"));
        assert_eq!(house.tenant_count(), 1);
        // As one that died before the commit leaves it: nothing, and it may be sent again.
        let (named, _) = house.db.in_the_name_of("m", user, NOW);
        let cut: Result<()> = named.write(Chain::Operator, |_| Err(Error::rule("cut off")));
        assert!(cut.is_err());
        assert_eq!(submit(house, user, "m", "/leases/2"), "/leases/2");
        assert_eq!(house.tenant_count(), 2);
    }
}

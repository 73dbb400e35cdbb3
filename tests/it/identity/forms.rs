use super::world::*;
use crate::on_both;
use crate::support::{House, NOW};
use innkeeper::db::Chain;
use innkeeper::domain::identity::access::{Actor, Role};
use innkeeper::domain::ids::UserId;
use innkeeper::error::Error;
use innkeeper::services::forms::{once, once_around};
use innkeeper::services::identity::tenants;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

fn submit(house: &House, user: UserId, key: &str, answer: &str) -> String {
    let work = |tx: &mut innkeeper::db::Tx| once(tx, user, key, NOW, |_| Ok(answer.to_owned()));
    house.db.write(Chain::Operator, work).unwrap()
}

on_both! {
    fn a_form_submitted_twice_gets_one_answer(house: &House) {
        let (anna, boris) = (house.user("a@example.ru", Role::Staff, None), house.user("b@example.ru", Role::Staff, None));
        assert_eq!(submit(house, anna, "k1", "/leases/1"), "/leases/1");
        assert_eq!(submit(house, anna, "k1", "/leases/2"), "/leases/1");
        assert_eq!(submit(house, anna, "k2", "/leases/3"), "/leases/3");
        assert_eq!(submit(house, boris, "k1", "/leases/4"), "/leases/4");
        assert_eq!(submit(house, anna, "", "/leases/5"), "/leases/5");
        assert_eq!(submit(house, anna, "", "/leases/6"), "/leases/6");
    }

    fn clicks_side_by_side_do_the_work_once(house: &House) {
        let user = house.user("a@example.ru", Role::Administrator, None);
        let done = AtomicI64::new(0);
        let work = || {
            std::thread::sleep(Duration::from_millis(100));
            done.fetch_add(1, Ordering::SeqCst);
            let id = tenants::save(&house.db, &Actor::HOUSE, NOW, &a_tenant("ООО «Ель»"))?;
            Ok(format!("/tenants/{id}"))
        };
        let places: Vec<String> = std::thread::scope(|scope| {
            let clicks: Vec<_> = (0..4)
                .map(|_| scope.spawn(|| once_around(&house.db, user, "k", NOW, work).unwrap()))
                .collect();
            clicks.into_iter().map(|click| click.join().unwrap()).collect()
        });
        assert_eq!(done.load(Ordering::SeqCst), 1);
        assert!(places.iter().all(|place| *place == places[0]), "{places:?}");
    }

    fn a_form_with_mistakes_may_be_submitted_again(house: &House) {
        let user = house.user("a@example.ru", Role::Staff, None);
        let refused = once_around(&house.db, user, "k", NOW, || Err(Error::rule("no")));
        assert_eq!(said(refused.unwrap_err()), ["no"]);
        let mended = once_around(&house.db, user, "k", NOW, || Ok("/done".to_owned()));
        assert_eq!(mended.unwrap(), "/done");
    }
}

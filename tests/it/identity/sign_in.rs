use super::world::*;
use crate::on_both;
use crate::support::NOW;
use innkeeper::domain::identity::access::Role;
use innkeeper::services::identity::clean_up::clean_up;
use innkeeper::services::identity::links::request_reset;
use innkeeper::services::identity::sign_in::{Door, knock, sign_in};

on_both! {
    fn five_failures_close_an_address_for_a_while(house: &House) {
        house.user("a@example.ru", Role::Staff, None);
        let knock = |password, seconds| {
            sign_in(&house.db, NOW.plus_seconds(seconds), "a@example.ru", password, "10.0.0.1")
        };
        for second in 0..5 {
            assert_eq!(said(knock("wrong", second).unwrap_err()), ["identity-sign-in-wrong"]);
        }
        assert_eq!(said(knock(PASSWORD, 5).unwrap_err()), ["identity-sign-in-wait"]);
        assert_eq!(said(knock(PASSWORD, 899).unwrap_err()), ["identity-sign-in-wait"]);
        let user = knock(PASSWORD, 900).unwrap();
        assert_eq!(user.email, "a@example.ru");
        // a success forgets the failures
        for second in 901..905 {
            assert_eq!(said(knock("wrong", second).unwrap_err()), ["identity-sign-in-wrong"]);
        }
        assert!(knock(PASSWORD, 906).is_ok());
    }

    fn unknown_addresses_are_throttled_alike(house: &House) {
        for _ in 0..5 {
            let error = sign_in(&house.db, NOW, "nobody@example.ru", PASSWORD, "10.0.0.1").unwrap_err();
            assert_eq!(said(error), ["identity-sign-in-wrong"]);
        }
        let error = sign_in(&house.db, NOW, "nobody@example.ru", PASSWORD, "10.0.0.2").unwrap_err();
        assert_eq!(said(error), ["identity-sign-in-wait"]);
    }

    fn thirty_failures_close_a_network_address(house: &House) {
        let conn = &mut *house.db.get().unwrap();
        for n in 0..30 {
            knock(conn, Door::SignIn, &format!("u{n}@example.ru"), "10.0.0.1", NOW).unwrap();
        }
        assert!(knock(conn, Door::SignIn, "new@example.ru", "10.0.0.1", NOW).is_err());
        knock(conn, Door::SignIn, "new@example.ru", "10.0.0.2", NOW).unwrap();
        // each door counts for itself
        knock(conn, Door::Reset, "new@example.ru", "10.0.0.1", NOW).unwrap();
    }

    fn guesses_side_by_side_count_too(house: &House) {
        house.user("a@example.ru", Role::Staff, None);
        let wrong: usize = std::thread::scope(|scope| {
            let guesses: Vec<_> = (0..12)
                .map(|_| scope.spawn(|| sign_in(&house.db, NOW, "a@example.ru", "wrong", "10.0.0.1").map_err(said)))
                .collect();
            guesses
                .into_iter()
                .filter(|_| true)
                .map(|guess| guess.join().unwrap().unwrap_err())
                .filter(|words| words[0] == "identity-sign-in-wrong")
                .count()
        });
        assert!(wrong <= 5, "{wrong} guesses were tried");
    }

    fn resets_are_throttled(house: &House) {
        house.user("a@example.ru", Role::Staff, None);
        for _ in 0..5 {
            request_reset(&house.db, NOW, "http://x", "a@example.ru", "10.0.0.1").unwrap();
        }
        let error = request_reset(&house.db, NOW, "http://x", "a@example.ru", "10.0.0.1").unwrap_err();
        assert_eq!(said(error), ["identity-sign-in-wait"]);
        assert!(sign_in(&house.db, NOW, "a@example.ru", PASSWORD, "10.0.0.1").is_ok());
    }

    fn what_is_past_is_cleaned_up(house: &House) {
        let conn = &mut *house.db.get().unwrap();
        knock(conn, Door::SignIn, "a@example.ru", "10.0.0.1", NOW).unwrap();
        assert_eq!(clean_up(&house.db, NOW.plus_seconds(60)).unwrap(), 0);
        assert_eq!(clean_up(&house.db, NOW.plus_hours(1)).unwrap(), 1);
        assert_eq!(clean_up(&house.db, NOW.plus_hours(1)).unwrap(), 0);
    }
}

use super::world::*;
use crate::on_both;
use crate::support::NOW;
use innkeeper::db::identity::operators::{self, Operator};
use innkeeper::db::trail;
use innkeeper::domain::identity::access::{Actor, Role};
use innkeeper::services::identity::operator::save;

on_both! {
    fn an_operator_is_one_row_with_a_trail(house: &House) {
        save(&house.db, &Actor::HOUSE, NOW, &an_operator()).unwrap();
        let renamed = Operator { short_name: "  Бор ".to_owned(), ..an_operator() };
        save(&house.db, &Actor::HOUSE, NOW, &renamed).unwrap();
        let conn = &mut *house.db.get().unwrap();
        assert_eq!(operators::get(conn).unwrap().unwrap().short_name, "Бор");
        let happened = trail::of(conn, "operator", 1, 10).unwrap();
        let actions: Vec<_> = happened.iter().map(|(row, _)| row.action.as_str()).collect();
        assert_eq!(actions, ["update", "create"]);
    }

    fn wrong_details_are_named_field_by_field(house: &House) {
        let wrong = Operator {
            legal_name: " ".to_owned(),
            inn: "7707083894".to_owned(),
            time_zone: "Moscow".to_owned(),
            bank_corr_account: "30101810500000000225".to_owned(),
            email: "hotel".to_owned(),
            ..an_operator()
        };
        let error = save(&house.db, &Actor::HOUSE, NOW, &wrong).unwrap_err();
        assert_eq!(said(error), [
            "legal_name: identity-required",
            "time_zone: identity-zone-unknown",
            "inn: identity-inn-company",
            "bank_corr_account: identity-account-key",
            "email: identity-email-form",
        ]);
    }

    fn only_an_administrator_edits_the_operator(house: &House) {
        let finance = house.actor("f@example.ru", Role::Finance, None);
        let error = save(&house.db, &finance, NOW, &an_operator()).unwrap_err();
        assert_eq!(said(error), ["forbidden"]);
    }
}

//! Payments that are taken back: what they had paid is owed again, once.

use super::run::*;
use crate::identity::world::{PASSWORD, new_user};
use crate::on_both;
use crate::support::House;
use crate::support::hotel::*;
use crate::support::server::Server;
use innkeeper::db::billing::ledger::{self, Account};
use innkeeper::db::billing::payments as rows;
use innkeeper::domain::billing::standing::Standing;
use innkeeper::domain::calendar::Instant;
use innkeeper::domain::identity::access::Role;
use innkeeper::domain::ids::*;
use innkeeper::domain::money::{Currency, Minor};
use innkeeper::error::Error;
use innkeeper::services::billing::payments::{self, NewPayment};
use innkeeper::services::billing::reversals::{NewReversal, preview, reverse};
use innkeeper::services::identity::users;

fn pay(house: &House, tenant: TenantId, amount: i64) -> PaymentId {
    let new = NewPayment {
        tenant,
        date: day("2026-07-02"),
        amount: Minor(amount),
        currency: Currency::Rub,
        reference: "п/п № 4187".into(),
        invoice: None,
    };
    payments::record(&house.db, &HOUSE, at(JULY), &new).unwrap()
}

fn because(date: &str, reason: &str) -> NewReversal {
    NewReversal {
        date: day(date),
        reason: reason.to_owned(),
    }
}

/// Bank, receivable and advance of the tenant, by the ledger.
fn books(house: &House, tenant: TenantId) -> [i64; 3] {
    let conn = &mut *house.db.get().unwrap();
    let all = ledger::balances(conn).unwrap();
    let bank = all.iter().find(|it| it.1 == Account::Bank.code());
    let mut of = |account| ledger::balance_of(conn, account, tenant, Currency::Rub).unwrap();
    [
        bank.map_or(0, |it| it.2.0),
        of(Account::Receivable).0,
        of(Account::Advance).0,
    ]
}

fn standings(house: &House, today: &str) -> Vec<Standing> {
    let all = heads(house);
    all.iter().map(|it| it.standing(day(today))).collect()
}

on_both! {
    fn what_was_paid_is_owed_again(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let tenant = hotel.tenant("ООО «Берёза»");
        leases(&hotel, tenant, 2);
        issue(house, at(JULY));
        let owed = 2 * 878_400;
        let id = pay(house, tenant, 2_000_000);
        assert_eq!(books(house, tenant), [2_000_000, 0, owed - 2_000_000]);
        let undo = house.db.read(|conn| preview(conn, at(JULY), id)).unwrap();
        assert_eq!(undo.advance, Minor(2_000_000 - owed));
        assert_eq!(undo.invoices.iter().map(|it| it.1).collect::<Vec<_>>(), [Minor(878_400); 2]);
        let later = at("2026-07-20T12:00:00+03:00");
        reverse(&house.db, &HOUSE, later, id, &because("2026-07-20", "банк вернул")).unwrap();
        assert_eq!(books(house, tenant), [0, owed, 0]);
        assert_eq!(standings(house, "2026-07-12"), [Standing::Open; 2]);
        assert_eq!(standings(house, "2026-07-20"), [Standing::Overdue; 2]);
        assert_eq!(house.db.read(|conn| payments::advance_of(conn, tenant, Currency::Rub)).unwrap(), Minor::ZERO);
        assert_clean(house);
        // The right payment comes after it; what was reversed is not put to anything.
        pay(house, tenant, owed);
        assert_eq!(books(house, tenant), [owed, 0, 0]);
        assert_eq!(standings(house, "2026-07-20"), [Standing::Paid; 2]);
        let (listed, totals) = house.db.read(|conn| {
            let filter = rows::Filter { limit: 10, ..Default::default() };
            Ok((rows::list(conn, &filter)?, rows::totals(conn, &filter)?))
        }).unwrap();
        assert_eq!(listed.iter().map(|it| it.3.is_some()).collect::<Vec<_>>(), [false, true]);
        let sum = &totals[0];
        assert_eq!((sum.count, sum.amount, sum.reversed, sum.applied), (2, Minor(owed + 2_000_000), Minor(2_000_000), Minor(owed)));
        assert_clean(house);
    }

    fn an_advance_that_is_taken_back_is_owed_where_it_went(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let tenant = hotel.tenant("ООО «Берёза»");
        leases(&hotel, tenant, 1);
        let id = pay(house, tenant, 500_000);
        issue(house, at(JULY));
        assert_eq!(heads(house)[0].paid, Minor(500_000));
        reverse(&house.db, &HOUSE, at(JULY), id, &because("2026-07-02", "не та сумма")).unwrap();
        assert_eq!((heads(house)[0].paid, books(house, tenant)), (Minor::ZERO, [0, 878_400, 0]));
        assert_clean(house);
    }

    fn it_is_taken_back_once_and_with_a_reason(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let tenant = hotel.tenant("ООО «Берёза»");
        let id = pay(house, tenant, 500_000);
        let field = |new: &NewReversal| match reverse(&house.db, &HOUSE, at(JULY), id, new) {
            Err(Error::Invalid(fields)) => fields[0].field.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(field(&because("2026-07-02", "  ")), "reason");
        assert_eq!(field(&because("2026-07-03", "рано")), "date");
        assert_eq!(field(&because("2026-07-01", "поздно")), "date");
        let good = because("2026-07-02", "не тот арендатор");
        reverse(&house.db, &HOUSE, at(JULY), id, &good).unwrap();
        let again = reverse(&house.db, &HOUSE, at(JULY), id, &good);
        assert!(matches!(again, Err(Error::Rule(why)) if why.key == "payment-reversed-already"));
        assert_eq!(books(house, tenant), [0, 0, 0]);
        assert_clean(house);
    }

    fn a_double_click_reverses_once(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let tenant = hotel.tenant("ООО «Берёза»");
        leases(&hotel, tenant, 1);
        issue(house, at(JULY));
        let id = pay(house, tenant, 900_000);
        let finance = new_user("finance@example.ru", Role::Finance, None);
        users::create(&house.db, &HOUSE, Instant(0), &finance, PASSWORD).unwrap();
        let server = Server::start(&house.app(at(JULY)));
        let visitor = server.signed_in("finance@example.ru", PASSWORD);
        let path = format!("/payments/{id}/reversal");
        let page = visitor.get(&path).text().unwrap();
        assert!(page.contains("8,784.00") && page.contains("216.00"), "{page}");
        let key = page.split("name=\"form_key\" value=\"").nth(1).and_then(|it| it.split('"').next());
        let form = [("form_key", key.unwrap()), ("date", "2026-07-02"), ("reason", "Банк вернул")];
        let unsaid = visitor.post(&path, &[("date", "2026-07-02")]);
        assert_eq!(unsaid.status().as_u16(), 422);
        for _ in 0..2 {
            let answer = visitor.post(&path, &form);
            assert_eq!(answer.headers()["location"], format!("/payments/{id}?done=bill-reversal"));
        }
        assert_eq!(visitor.post(&path, &form[1..]).status().as_u16(), 409);
        let shown = visitor.get(&format!("/payments/{id}")).text().unwrap();
        assert!(shown.contains("<del>") && shown.contains("Банк вернул"));
        let csv = visitor.get("/payments.csv").text().unwrap();
        assert!(csv.contains("Банк вернул"), "{csv}");
        assert_eq!(books(house, tenant), [0, 878_400, 0]);
        assert_clean(house);
    }
}

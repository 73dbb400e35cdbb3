//! Payments: under, over, ahead; and what the ledger says of them.

use super::run::*;
use crate::on_both;
use crate::support::House;
use crate::support::hotel::*;
use innkeeper::db::billing::invoices as rows;
use innkeeper::db::billing::ledger::{self, Account};
use innkeeper::domain::billing::standing::Standing;
use innkeeper::domain::identity::access::{Actor, Role};
use innkeeper::domain::ids::*;
use innkeeper::domain::money::{Currency, Minor};
use innkeeper::error::Error;
use innkeeper::services::billing::invoices;
use innkeeper::services::billing::payments::{self, NewPayment};

fn pay(house: &House, tenant: TenantId, amount: i64, invoice: Option<InvoiceId>) -> PaymentId {
    let new = NewPayment {
        tenant,
        date: day("2026-07-02"),
        amount: Minor(amount),
        currency: Currency::Rub,
        reference: "п/п № 4187".into(),
        invoice,
    };
    payments::record(&house.db, &HOUSE, at(JULY), &new).unwrap()
}

fn standings(house: &House, today: &str) -> Vec<Standing> {
    heads(house)
        .iter()
        .map(|it| it.standing(day(today)))
        .collect()
}

fn balance(house: &House, account: Account, tenant: TenantId) -> i64 {
    let of = |conn: &mut _| ledger::balance_of(conn, account, tenant, Currency::Rub);
    house.db.read(of).unwrap().0
}

on_both! {
    fn money_goes_to_the_oldest_and_the_rest_stays(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let tenant = hotel.tenant("ООО «Берёза»");
        leases(&hotel, tenant, 2);
        issue(house, at(JULY));
        pay(house, tenant, 100_000, None);
        assert_eq!(standings(house, "2026-07-12"), [Standing::PartlyPaid, Standing::Open]);
        assert_eq!(standings(house, "2026-07-13"), [Standing::Overdue, Standing::Overdue]);
        pay(house, tenant, 2_000_000, None);
        assert_eq!(standings(house, "2026-07-13"), [Standing::Paid, Standing::Paid]);
        let ahead = 2_100_000 - 2 * 878_400;
        assert_eq!(balance(house, Account::Receivable, tenant), 0);
        assert_eq!(balance(house, Account::Advance, tenant), -ahead);
        let of = |conn: &mut _| payments::advance_of(conn, tenant, Currency::Rub);
        assert_eq!(house.db.read(of).unwrap(), Minor(ahead));
        assert_clean(house);
    }

    fn an_advance_pays_the_next_invoice(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let tenant = hotel.tenant("ООО «Берёза»");
        leases(&hotel, tenant, 1);
        pay(house, tenant, 500_000, None);
        issue(house, at(JULY));
        let invoice = heads(house).remove(0);
        assert_eq!((invoice.paid, invoice.due()), (Minor(500_000), Minor(378_400)));
        assert_eq!(balance(house, Account::Advance, tenant), 0);
        assert_eq!(balance(house, Account::Receivable, tenant), 378_400);
        pay(house, tenant, 400_000, Some(invoice.id));
        assert_eq!(standings(house, "2026-07-13"), [Standing::Paid]);
        assert_eq!(balance(house, Account::Advance, tenant), -21_600);
        assert_clean(house);
    }

    fn a_tenant_sees_its_own_invoices_only(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let (own, other) = (hotel.tenant("ООО «Берёза»"), hotel.tenant("ООО «Клён»"));
        leases(&hotel, own, 1);
        issue(house, at(JULY));
        let id = heads(house)[0].id;
        let user = |tenant| Actor { user: None, role: Role::Owner, tenant: Some(tenant) };
        let filter = rows::Filter::new(day("2026-07-02"));
        let (seen, _) = invoices::list(&house.db, &user(own), filter.clone()).unwrap();
        assert_eq!(seen.len(), 1);
        let (hidden, totals) = invoices::list(&house.db, &user(other), filter).unwrap();
        assert!(hidden.is_empty() && totals.is_empty());
        assert!(invoices::document(&house.db, &user(own), id).is_ok());
        assert!(matches!(invoices::document(&house.db, &user(other), id), Err(Error::NotFound)));
        let paid = NewPayment {
            tenant: own,
            date: day("2026-07-02"),
            amount: Minor(1),
            currency: Currency::Rub,
            reference: String::new(),
            invoice: None,
        };
        let refused = payments::record(&house.db, &user(own), at(JULY), &paid);
        assert!(matches!(refused, Err(Error::Forbidden)));
    }

    fn the_list_is_searched_sorted_and_paged(house: &House) {
        let hotel = Hotel::open(&house.db, "Europe/Moscow");
        let tenant = hotel.tenant("ООО «Берёза»");
        leases(&hotel, tenant, 3);
        issue(house, at(JULY));
        pay(house, tenant, 878_400, None);
        let mut filter = rows::Filter::new(day("2026-07-02"));
        filter.search = "берез".into();
        for sort in rows::Sort::ALL {
            (filter.sort, filter.limit, filter.after) = (*sort, 2, None);
            let (first, totals) = invoices::list(&house.db, &HOUSE, filter.clone()).unwrap();
            assert_eq!((first.len(), totals[0].count, totals[0].total), (2, 3, Minor(3 * 878_400)));
            assert_eq!(totals[0].paid, Minor(878_400));
            filter.after = Some((&first[1]).into());
            let (second, _) = invoices::list(&house.db, &HOUSE, filter.clone()).unwrap();
            assert_eq!(second.len(), 1, "{sort}");
            assert!(first.iter().all(|it| it.id != second[0].id));
        }
        filter.after = None;
        filter.standing = Some(Standing::Open);
        assert_eq!(invoices::list(&house.db, &HOUSE, filter.clone()).unwrap().0.len(), 2);
        filter.search = "клён".into();
        assert!(invoices::list(&house.db, &HOUSE, filter).unwrap().0.is_empty());
    }
}

use super::world::*;
use crate::on_both;
use crate::support::NOW;
use chrono::NaiveDate;
use innkeeper::db::identity::tenants::{self, Tenant};
use innkeeper::domain::identity::TenantKind;
use innkeeper::domain::identity::access::{Actor, Role};
use innkeeper::services::identity::tenants::save;

on_both! {
    fn a_tenant_is_created_and_changed(house: &House) {
        let staff = house.actor("s@example.ru", Role::Administrator, None);
        let tenant = Tenant {
            registry_number: "77-000123".to_owned(),
            registry_date: NaiveDate::from_ymd_opt(2025, 1, 15),
            ..a_tenant(" ООО «Берёза» ")
        };
        let id = save(&house.db, &staff, NOW, &tenant).unwrap();
        let mut row = tenants::get(&mut house.db.get().unwrap(), id).unwrap();
        assert_eq!((row.name.as_str(), row.name_folded.as_str()), ("ООО «Берёза»", "ооо «береза»"));
        assert_eq!((row.created_at, row.created_by), (NOW, staff.user));
        row.registry_date = None;
        row.registry_number = String::new();
        row.created_by = None;
        save(&house.db, &staff, NOW.plus_hours(1), &row).unwrap();
        let after = tenants::get(&mut house.db.get().unwrap(), id).unwrap();
        assert_eq!(after.registry_date, None);
        assert_eq!((after.created_at, after.created_by), (NOW, staff.user));
    }

    fn details_must_fit_the_kind(house: &House) {
        let wrong = Tenant {
            kind: TenantKind::Person,
            ogrn: "1027700132195".to_owned(),
            registry_number: "1".to_owned(),
            ..a_tenant("Иванов")
        };
        let error = save(&house.db, &Actor::HOUSE, NOW, &wrong).unwrap_err();
        assert_eq!(said(error), [
            "inn: identity-inn-person",
            "ogrn: identity-ogrn-no-person",
            "registry_date: identity-registry-date",
        ]);
    }

    fn tenants_do_not_edit_tenants(house: &House) {
        let tenant = house.tenant("ООО «Ель»");
        let owner = house.actor("o@example.ru", Role::Owner, Some(tenant));
        let error = save(&house.db, &owner, NOW, &a_tenant("ООО «Дуб»")).unwrap_err();
        assert_eq!(said(error), ["forbidden"]);
    }
}

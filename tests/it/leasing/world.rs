//! A small site: one feed of 80 kW, ten racks, and tenants who want places on it.

use crate::support::{House, NOW};
use innkeeper::db::billing::plans;
use innkeeper::db::site::sites;
use innkeeper::domain::calendar::{Instant, Window};
use innkeeper::domain::identity::access::{Actor, Role};
use innkeeper::domain::ids::*;
use innkeeper::domain::leasing::case::Case;
use innkeeper::domain::site::{CoolingKind, Supply, Workload};
use innkeeper::domain::units::Watts;
use innkeeper::services::leasing::answer::{Answer, Refused};
use innkeeper::services::leasing::leases::Terms;
use innkeeper::services::leasing::play::play;
use innkeeper::services::leasing::reserve::{IfRefused, Wish, reserve};
use serde_json::json;

/// Machines of `WATTS` that fit on the feed: seven on each leg.
pub const FITS: u32 = 21;
pub const WATTS: i64 = 3_500;

pub struct World {
    pub site: SiteId,
    pub tenant: TenantId,
    pub owner: Actor,
    pub staff: Actor,
}

impl House {
    /// The site with a tenant, its owner and the operator's staff.
    pub fn world(&self) -> World {
        self.site();
        let tenant = self.tenant("ООО «Северный хэш»");
        World {
            site: SiteId(1),
            tenant,
            owner: self.actor("owner@example.ru", Role::Owner, Some(tenant)),
            staff: self.actor("staff@example.ru", Role::Staff, None),
        }
    }

    pub fn site(&self) {
        let racks: Vec<_> = (1..=10)
            .map(|at| {
                json!({"id": format!("R{at:02}"), "feeds": ["feed-1"], "zone": "z", "slots": 10,
                       "limit_kw": "100", "phase": "three"})
            })
            .collect();
        let case = json!({
            "name": "a small site",
            "why": "leasing",
            "site": {
                "time_zone": "Europe/Moscow",
                "power": [
                    {"id": "grid", "parent": null, "rating_kw": "1000", "usable": "1"},
                    {"id": "feed-1", "parent": "grid", "rating_kw": "100", "usable": "0.8"},
                ],
                "cooling": [{"id": "z", "kind": "air", "units_kw": ["1000"], "spare_units": 0,
                             "derate_by_month": {}}],
                "racks": racks,
                "outages": [],
                "restrictions": [],
            },
            "ops": [],
        });
        let case = Case::parse(&case.to_string()).unwrap();
        play(&self.db, &case).unwrap();
        let conn = &mut *self.db.get().unwrap();
        let site = sites::get(conn, SiteId(1)).unwrap();
        sites::update(
            conn,
            &sites::Site {
                hold_hours: 72,
                ..site
            },
        )
        .unwrap();
    }

    /// A plan that may be signed.
    pub fn plan(&self) -> PlanId {
        let conn = &mut *self.db.get().unwrap();
        let plan = plans::Plan {
            id: PlanId(0),
            name: "Basic".to_owned(),
            currency: "RUB".to_owned(),
            created_at: NOW,
            created_by: None,
        };
        plans::insert(conn, &plan).unwrap()
    }
}

impl World {
    pub fn wish(&self, units: u32) -> Wish {
        Wish {
            tenant: self.tenant,
            site: self.site,
            hall: None,
            model: None,
            model_name: "Antminer S21".to_owned(),
            workload: Workload::Mining,
            cooling: CoolingKind::Air,
            supply: Supply::Single,
            units,
            watts_each: Watts(WATTS),
            window: Window {
                from: "2026-12-01".parse().unwrap(),
                to: Some("2027-12-01".parse().unwrap()),
            },
        }
    }

    pub fn answer(&self, house: &House, now: Instant, units: u32) -> Answer {
        let wish = self.wish(units);
        reserve(&house.db, &self.owner, now, &wish, IfRefused::KeepRequest).unwrap()
    }

    pub fn held(&self, house: &House, now: Instant, units: u32) -> ReservationId {
        match self.answer(house, now, units) {
            Answer::Accepted(id) => id,
            Answer::Refused(refused) => panic!("{refused:?}"),
        }
    }

    pub fn refused(&self, house: &House, now: Instant, units: u32) -> Refused {
        match self.answer(house, now, units) {
            Answer::Refused(refused) => refused,
            Answer::Accepted(id) => panic!("reservation {id} was accepted"),
        }
    }

    pub fn terms(&self, plan: PlanId) -> Terms {
        Terms {
            contracted: None,
            plan,
            payment_days: 10,
            notice_days: 30,
            billing_email: "bills@example.ru".to_owned(),
        }
    }
}

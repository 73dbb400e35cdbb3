//! Which halls are offered to whom. The operator's people may book in every hall; a tenant only in
//! those that are offered to all, or to it by name.

use crate::db::Conn;
use crate::db::site::halls::{self, Hall};
use crate::domain::identity::access::Actor;
use crate::domain::ids::{HallId, SiteId, TenantId};
use crate::domain::site::OfferedTo;
use crate::error::Result;
use std::collections::{BTreeSet, HashMap};

/// The halls that are not offered to every tenant, each with those that it is offered to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Offers {
    limited: HashMap<HallId, BTreeSet<TenantId>>,
}

impl Offers {
    /// Of these halls; asks for names only where a hall has some.
    pub fn load(conn: &mut Conn, site: SiteId, halls: &[Hall]) -> Result<Self> {
        let of = |offered: OfferedTo| halls.iter().filter(move |hall| hall.offered == offered);
        let mut limited: HashMap<HallId, BTreeSet<TenantId>> = of(OfferedTo::Nobody)
            .chain(of(OfferedTo::Chosen))
            .map(|hall| (hall.id, BTreeSet::new()))
            .collect();
        if of(OfferedTo::Chosen).next().is_some() {
            for (hall, tenant) in halls::offers_of_site(conn, site)? {
                // A hall that is offered to nobody, or to all again, keeps no names.
                if let Some(tenants) = limited.get_mut(&hall) {
                    tenants.insert(tenant);
                }
            }
        }
        Ok(Self { limited })
    }

    /// Whether every hall is offered to every tenant.
    pub fn are_open(&self) -> bool {
        self.limited.is_empty()
    }

    pub fn to_tenant(&self, hall: HallId, tenant: TenantId) -> bool {
        let limited = self.limited.get(&hall);
        limited.is_none_or(|tenants| tenants.contains(&tenant))
    }

    /// Whether somebody may book in a hall, and know of it.
    pub fn to(&self, hall: HallId, who: &Actor) -> bool {
        match who.tenant {
            Some(tenant) => self.to_tenant(hall, tenant),
            None => !who.role.is_tenant(),
        }
    }
}

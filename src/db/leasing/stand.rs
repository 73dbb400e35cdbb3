//! Where a site stands for a booking: one question instead of three, for each is a way to the server
//! and back.

use crate::db::schema::{tenants, trail};
use crate::db::trail::Head;
use crate::db::{Chain, Conn};
use crate::domain::ids::{SiteId, TenantId};
use crate::domain::site::Redundancy;
use crate::error::Result;
use diesel::prelude::*;

const RESTRICTION: &str = "restriction";

#[derive(Clone, Debug)]
pub struct Stand {
    /// Of the site's trail.
    pub site: Head,
    /// The last row of the operator's trail that is about the rules of regions.
    pub rules: Head,
    /// The rule of admission of the tenant that was asked for, if there is one.
    pub redundancy: Option<Redundancy>,
}

pub fn stand(conn: &mut Conn, site: SiteId, tenant: TenantId) -> Result<Stand> {
    let of = || {
        trail::table
            .filter(trail::chain.eq(Chain::Site(site).key()))
            .order(trail::seq.desc())
    };
    let about = || {
        let chain = trail::chain.eq(Chain::Operator.key());
        trail::table
            .filter(trail::noun.eq(RESTRICTION).and(chain))
            .order(trail::seq.desc())
    };
    let rule = tenants::table.find(tenant).select(tenants::redundancy);
    type Last = (Option<i64>, Option<String>);
    type Found = (Last, Last, Option<Redundancy>);
    let (last, rules, redundancy): Found = diesel::select((
        (
            of().select(trail::seq).single_value(),
            of().select(trail::hash).single_value(),
        ),
        (
            about().select(trail::seq).single_value(),
            about().select(trail::hash).single_value(),
        ),
        rule.single_value(),
    ))
    .get_result(conn)?;
    Ok(Stand {
        site: Head::of(last.0, last.1),
        rules: Head::of(rules.0, rules.1),
        redundancy,
    })
}

//! What a new house still needs before the first tenant can reserve: done and to be done, in order.

use crate::db::Conn;
use crate::db::identity::{operators, tenants};
use crate::db::leasing::lists;
use crate::db::site::{racks, sites};
use crate::domain::ids::SiteId;
use crate::error::Result;
use crate::web::page::Page;
use diesel::OptionalExtension;

/// What is there of each step.
pub struct There {
    operator: bool,
    site: Option<SiteId>,
    racks: bool,
    plan: bool,
    tenant: bool,
}

/// One step as the card shows it.
pub struct FirstStep {
    pub title: String,
    pub text: String,
    pub done: bool,
    /// The first that is not done.
    pub next: bool,
    pub href: String,
}

impl There {
    pub fn load(conn: &mut Conn) -> Result<Self> {
        Ok(Self {
            operator: operators::get(conn)?.is_some(),
            site: sites::first(conn).optional()?.map(|site| site.id),
            racks: racks::any(conn)?,
            plan: !lists::published_plans(conn)?.is_empty(),
            tenant: tenants::any(conn)?,
        })
    }

    pub fn has_site(&self) -> bool {
        self.site.is_some()
    }

    /// In the order in which one needs the other; empty once all are done.
    pub fn steps(&self, page: &Page) -> Vec<FirstStep> {
        // Racks stand on a site: without one its step is the site's.
        let racks = match self.site {
            Some(site) => format!("/sites/{site}/data"),
            None => "/sites/new".to_owned(),
        };
        let steps = [
            ("operator", self.operator, "/operator".to_owned()),
            ("site", self.site.is_some(), "/sites/new".to_owned()),
            ("racks", self.racks, racks),
            ("plan", self.plan, "/plans".to_owned()),
            ("tenant", self.tenant, "/tenants/new".to_owned()),
        ];
        let first = steps.iter().position(|(_, done, _)| !done);
        let Some(first) = first else {
            return vec![];
        };
        let each = steps.into_iter().enumerate();
        each.map(|(at, (code, done, href))| FirstStep {
            title: page.code("first-step", code),
            text: page.t(&format!("first-step-{code}-text")),
            done,
            next: at == first,
            href,
        })
        .collect()
    }
}

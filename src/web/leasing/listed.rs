//! What the three lists share: the part that is asked for, and the operator's filters.

use crate::db::Conn;
use crate::db::leasing::lists::{Narrow, Slice};
use crate::db::site::sites;
use crate::domain::ids::SiteId;
use crate::error::Result;
use crate::web::door::Who;
use crate::web::identity::action_word;
use crate::web::list::{ListParams, PAGE_SIZE};
use crate::web::page::Page;
use crate::web::parts::{Choice, Happening};

/// Rows of an export: more would be a report, not a list.
pub const EXPORT_ROWS: i64 = 100_000;

pub fn slice(list: &ListParams) -> Slice {
    Slice {
        q: list.q.clone(),
        sort: list.sort,
        descending: list.descending,
        after: list.after.as_ref().map(|at| (at.value.clone(), at.id)),
        limit: PAGE_SIZE + 1,
    }
}

/// A tenant sees its own rows, whatever the address says.
pub fn narrow(list: &ListParams, who: &Who) -> Narrow {
    Narrow {
        tenant: who.actor.tenant,
        site: list.filter("site").parse().ok().map(SiteId),
        status: None,
        state: list.filter("state").to_owned(),
    }
}

pub fn site_choices(conn: &mut Conn) -> Result<Vec<Choice>> {
    Ok(sites::all(conn)?
        .iter()
        .map(|site| Choice::new(site.id.to_string(), &site.name))
        .collect())
}

/// What happened to a row, in words: who did what, latest first.
pub fn history(
    page: &Page,
    rows: &[(crate::db::trail::TrailRow, Option<String>)],
) -> Vec<Happening> {
    rows.iter()
        .map(|(row, name)| {
            let who = match name {
                Some(name) => name.clone(),
                None => page.t("history-house"),
            };
            let key = format!("history-{}-{}", row.noun, row.action);
            let text = if crate::text::has(page.locale, &key) {
                page.t1(&key, "who", who)
            } else {
                {
                    let action = action_word(page, &row.action);
                    page.t2("history-other", "who", who, "action", action)
                }
            };
            Happening {
                at: page.dt(row.at),
                text,
            }
        })
        .collect()
}

//! The list of racks over all sites.

use super::common::codes;
use crate::db::Conn;
use crate::db::site::racks::{
    self, Listed, Moment, RackFilter, RackNames, RackOrder, RackPage, RackTotals,
};
use crate::db::site::sites::{self, Site};
use crate::db::site::{cooling, halls, power};
use crate::domain::calendar::Instant;
use crate::domain::ids::{HallId, SiteId};
use crate::domain::site::{NodeKind, RackKind};
use crate::error::Result;
use crate::services::site::figures::{Load, natural};
use crate::web::door::Visit;
use crate::web::list::{ListParams, ListSpec, PAGE_SIZE, page_of};
use crate::web::page::{Page, html};
use crate::web::parts::{Choice, Tab};
use crate::web::visit::Answer;
use askama::Template;
use std::str::FromStr;

pub const SPEC: ListSpec = ListSpec {
    sorts: &RackOrder::WORDS,
    descending: false,
    filters: &["site", "hall", "row", "zone", "feed", "kind"],
};

struct RackLine {
    id: i64,
    name: String,
    place: String,
    kind: RackKind,
    feeds: String,
    zone: String,
    slots: i64,
    load: Load,
}

/// What a filter offers, once a site is known: elsewhere the lists would be endless.
#[derive(Default)]
struct Choices {
    sites: Vec<Choice>,
    halls: Vec<Choice>,
    rows: Vec<Choice>,
    zones: Vec<Choice>,
    feeds: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "site/racks.html")]
struct Racks {
    page: Page,
    list: ListParams,
    tabs: Vec<Tab>,
    edits: bool,
    site: Option<SiteId>,
    rows: Vec<RackLine>,
    next: Option<String>,
    totals: RackTotals,
    choices: Choices,
    kinds: Vec<Choice>,
}

fn id<T: FromStr>(list: &ListParams, name: &str) -> Option<T> {
    list.filter(name).parse().ok()
}

pub fn filter(list: &ListParams) -> RackFilter {
    RackFilter {
        search: list.q.clone(),
        site: id(list, "site"),
        hall: id(list, "hall"),
        row: id(list, "row"),
        zone: id(list, "zone"),
        feed: id(list, "feed"),
        kind: RackKind::parse(list.filter("kind")),
    }
}

pub fn order(list: &ListParams, limit: i64) -> RackPage {
    RackPage {
        order: RackOrder::of(list.sort),
        descending: list.descending,
        after: list.after.clone().map(|cursor| (cursor.value, cursor.id)),
        limit,
    }
}

pub fn moment(sites: &[Site], now: Instant) -> Moment {
    Moment::of(sites, now, None)
}

pub async fn list(visit: Visit) -> Answer {
    let list = visit.list(SPEC);
    let (narrowed, order, now) = (filter(&list), order(&list, PAGE_SIZE + 1), visit.now);
    let (rows, names, totals, choices, site) = visit
        .read(move |conn| {
            let sites = sites::all(conn)?;
            let moment = moment(&sites, now);
            let rows = racks::page(conn, &narrowed, &moment, &order)?;
            let names = racks::names(conn, &rows)?;
            let totals = racks::totals(conn, &narrowed, &moment)?;
            let only = (sites.len() == 1).then(|| sites[0].id);
            let site = narrowed.site.or(only);
            let choices = choices(conn, &sites, site, narrowed.hall)?;
            Ok((rows, names, totals, choices, site))
        })
        .await?;
    let order = RackOrder::of(list.sort);
    let (rows, next) = page_of(rows, &list, |row| row.cursor(order));
    let page = visit.page("nav-racks");
    html(&Racks {
        tabs: site.map_or(vec![], |site| super::common::tabs(&page, site, "racks")),
        edits: visit.edits_site(),
        rows: rows.iter().map(|row| line(row, &names)).collect(),
        kinds: codes(&page, "site-rack-kind", RackKind::ALL),
        page,
        list,
        site,
        next,
        totals,
        choices,
    })
}

/// `Hall 1, row A`: where a rack stands.
pub fn place(names: &RackNames, listed: &Listed) -> String {
    let hall = names.halls.get(&listed.rack.hall_id);
    let row = names.rows.get(&listed.rack.row_id);
    [hall, row]
        .into_iter()
        .flatten()
        .cloned()
        .collect::<Vec<_>>()
        .join(" · ")
}

pub fn feeds(names: &RackNames, listed: &Listed) -> String {
    let feeds = [Some(listed.rack.feed_a), listed.rack.feed_b];
    let known = feeds
        .into_iter()
        .flatten()
        .filter_map(|id| names.nodes.get(&id));
    known.cloned().collect::<Vec<_>>().join(" + ")
}

fn line(listed: &Listed, names: &RackNames) -> RackLine {
    let rack = &listed.rack;
    RackLine {
        id: rack.id.0,
        name: rack.name.clone(),
        place: place(names, listed),
        kind: rack.kind,
        feeds: feeds(names, listed),
        zone: names.zones.get(&rack.zone_id).cloned().unwrap_or_default(),
        slots: rack.slots,
        load: Load {
            usable: rack.limit_watts,
            sold: listed.sold,
        },
    }
}

fn choices(
    conn: &mut Conn,
    all: &[Site],
    site: Option<SiteId>,
    hall: Option<HallId>,
) -> Result<Choices> {
    let sites = all
        .iter()
        .map(|site| Choice::new(site.id.to_string(), &site.name))
        .collect();
    let Some(site) = site else {
        return Ok(Choices {
            sites,
            ..Choices::default()
        });
    };
    let halls = halls::of_site(conn, site)?;
    let rows = halls::rows_of_site(conn, site)?
        .into_iter()
        .filter(|row| Some(row.hall_id) == hall);
    let zones = cooling::of_site(conn, site)?;
    let feeds = power::of_site(conn, site)?
        .into_iter()
        .filter(|node| node.kind == NodeKind::Feed);
    Ok(Choices {
        sites,
        halls: sorted(halls.into_iter().map(|hall| (hall.id.0, hall.name))),
        rows: sorted(rows.map(|row| (row.id.0, row.name))),
        zones: sorted(zones.into_iter().map(|zone| (zone.id.0, zone.name))),
        feeds: sorted(feeds.map(|feed| (feed.id.0, feed.name))),
    })
}

/// Names with numbers in the order people count.
pub fn sorted(named: impl Iterator<Item = (i64, String)>) -> Vec<Choice> {
    let mut named: Vec<(i64, String)> = named.collect();
    named.sort_by_key(|(_, name)| natural(name));
    named
        .into_iter()
        .map(|(id, name)| Choice::new(id.to_string(), name))
        .collect()
}

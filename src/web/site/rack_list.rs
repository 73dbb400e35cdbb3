//! The list of racks over all sites.

use super::common::codes;
use crate::db::Conn;
use crate::db::site::racks::{
    Listed, Moment, RackFilter, RackNames, RackOrder, RackPage, RackTotals,
};
use crate::db::site::sites::{self, Site};
use crate::db::site::{cooling, floor, halls, power};
use crate::domain::calendar::Instant;
use crate::domain::ids::{NodeId, SiteId};
use crate::domain::site::RackKind;
use crate::error::Result;
use crate::services::site::figures::{Load, natural};
use crate::services::site::rack_list::{self, Stand, Within};
use crate::web::door::Visit;
use crate::web::list::{ListParams, ListSpec, PAGE_SIZE, page_of};
use crate::web::page::{Page, html};
use crate::web::parts::{Choice, Tab};
use crate::web::visit::Answer;
use askama::Template;
use std::str::FromStr;
use std::sync::Arc;

pub const SPEC: ListSpec = ListSpec {
    sorts: &RackOrder::WORDS,
    descending: false,
    filters: &["site", "hall", "row", "zone", "feed", "kind"],
};

/// Feeds that a filter offers at once; of a site with more, those of a hall.
const MOST_FEEDS: i64 = 500;

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
struct Offered {
    names: RackNames,
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
    sites: Vec<Choice>,
    choices: Arc<Offered>,
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
    let (shown, totals, (sites, choices), site) = visit
        .run(move |app| {
            app.db.read(|conn| {
                let sites = sites::all(conn)?;
                let at = Stand::of(conn, narrowed.site, moment(&sites, now))?;
                let only = (sites.len() == 1).then(|| sites[0].id);
                let site = narrowed.site.or(only);
                let offered = match site.and_then(|site| Some((site, at.head(site)?))) {
                    None => Arc::default(),
                    Some((site, head)) => {
                        let within = Within {
                            site,
                            hall: narrowed.hall,
                            feed: narrowed.feed,
                        };
                        let make = || offered(conn, site, &narrowed);
                        rack_list::choices(&app.db, within, head, make)?
                    }
                };
                let (known, asked) = (&offered.names, (&narrowed, &order));
                let shown = rack_list::page(&app.db, conn, asked, &at, known)?;
                let totals = rack_list::totals(&app.db, conn, &narrowed, &at)?;
                let sites = sites
                    .iter()
                    .map(|it| Choice::new(it.id.to_string(), &it.name));
                Ok((shown, totals, (sites.collect(), offered), site))
            })
        })
        .await?;
    let (order, names) = (RackOrder::of(list.sort), &shown.names);
    let (rows, next) = page_of(shown.rows.iter().collect(), &list, |row| row.cursor(order));
    let page = visit.page("nav-racks");
    html(&Racks {
        tabs: site.map_or(vec![], |site| super::common::tabs(&page, site, "racks")),
        edits: visit.edits_site(),
        rows: rows.into_iter().map(|row| line(row, names)).collect(),
        kinds: codes(&page, "site-rack-kind", RackKind::ALL),
        page,
        list,
        site,
        next,
        totals,
        sites,
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

/// What there is to choose from at a site, by name.
fn offered(conn: &mut Conn, site: SiteId, narrowed: &RackFilter) -> Result<Offered> {
    let mut names = RackNames::default();
    let halls = halls::of_site(conn, site)?.into_iter();
    names.halls = halls.map(|hall| (hall.id, hall.name)).collect();
    if let Some(hall) = narrowed.hall {
        let rows = halls::rows_of(conn, hall)?.into_iter();
        let own = rows.filter(|row| row.site_id == site);
        names.rows = own.map(|row| (row.id, row.name)).collect();
    }
    let zones = cooling::of_site(conn, site)?.into_iter();
    names.zones = zones.map(|zone| (zone.id, zone.name)).collect();
    names.nodes = feeds_of(conn, site, narrowed)?.into_iter().collect();
    Ok(Offered {
        halls: sorted(names.halls.iter().map(|(id, name)| (id.0, name.clone()))),
        rows: sorted(names.rows.iter().map(|(id, name)| (id.0, name.clone()))),
        zones: sorted(names.zones.iter().map(|(id, name)| (id.0, name.clone()))),
        feeds: sorted(names.nodes.iter().map(|(id, name)| (id.0, name.clone()))),
        names,
    })
}

/// All of a site's feeds; where they are too many to choose from, those of the hall, and the chosen one.
fn feeds_of(conn: &mut Conn, site: SiteId, narrowed: &RackFilter) -> Result<Vec<(NodeId, String)>> {
    let all = power::feeds(conn, site, MOST_FEEDS + 1)?;
    if all.len() as i64 <= MOST_FEEDS {
        return Ok(all);
    }
    let mut feeds = match narrowed.hall {
        Some(hall) => floor::feed_names(conn, hall)?,
        None => vec![],
    };
    if let Some(chosen) = narrowed.feed
        && feeds.iter().all(|(id, _)| *id != chosen)
        && let Some(feed) = power::find(conn, chosen)?
    {
        feeds.push((feed.id, feed.name));
    }
    Ok(feeds)
}

/// Names with numbers in the order people count.
pub fn sorted(named: impl Iterator<Item = (i64, String)>) -> Vec<Choice> {
    let mut named: Vec<(i64, String)> = named.collect();
    named.sort_by_cached_key(|(id, name)| (natural(name), *id));
    named
        .into_iter()
        .map(|(id, name)| Choice::new(id.to_string(), name))
        .collect()
}

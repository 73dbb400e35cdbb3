//! The main navigation: a few entries that a role has daily use for, the rest in menus. The doorman's
//! table decides who sees which.

use super::door::Who;
use crate::domain::identity::access::Role;

/// An entry, or a menu of entries.
#[derive(Clone, Debug)]
pub struct NavItem {
    /// A menu has none.
    pub href: String,
    pub label_key: &'static str,
    /// This page, or one inside of the menu.
    pub active: bool,
    pub items: Vec<NavItem>,
}

/// Text key and addresses with their text keys; a single address stands in the bar itself.
type Entry = (&'static str, &'static [(&'static str, &'static str)]);

const HOME: Entry = ("nav-home", &[("/", "nav-home")]);
const SHIFT: Entry = ("nav-shift", &[("/", "nav-shift")]);
const CAPACITY: Entry = ("nav-capacity", &[("/availability", "nav-capacity")]);
const RESERVATIONS: Entry = ("nav-reservations", &[("/reservations", "nav-reservations")]);
const LEASES: Entry = ("nav-leases", &[("/leases", "nav-leases")]);
const MACHINES: Entry = ("nav-machines", &[("/machines", "nav-machines")]);
const USAGE: Entry = ("nav-usage", &[("/usage", "nav-usage")]);
const FLOOR: Entry = ("nav-floor", &[("/floor", "nav-floor")]);
const POWER: Entry = ("nav-power", &[("/power", "nav-power")]);
const COOLING: Entry = ("nav-cooling", &[("/cooling", "nav-cooling")]);
const RUNS: Entry = ("nav-runs", &[("/runs", "nav-runs")]);
const INVOICES: Entry = ("nav-invoices", &[("/invoices", "nav-invoices")]);
const PAYMENTS: Entry = ("nav-payments", &[("/payments", "nav-payments")]);
const PLANS: Entry = ("nav-plans", &[("/plans", "nav-plans")]);

const BOOKING: Entry = (
    "nav-booking",
    &[
        ("/availability", "nav-capacity"),
        ("/requests", "nav-requests"),
        ("/reservations", "nav-reservations"),
        ("/leases", "nav-leases"),
        ("/replan", "nav-replan"),
        ("/conflicts", "nav-conflicts"),
    ],
);
const METERING: Entry = (
    "nav-metering",
    &[
        ("/usage", "nav-usage"),
        ("/meters", "nav-meters"),
        ("/readings", "nav-readings"),
        ("/alarms", "nav-alarms"),
    ],
);
const PLACE: Entry = (
    "nav-place",
    &[
        ("/floor", "nav-floor"),
        ("/power", "nav-power"),
        ("/cooling", "nav-cooling"),
        ("/racks", "nav-racks"),
        ("/machines", "nav-machines"),
        ("/sites", "nav-sites"),
        ("/models", "nav-models"),
        ("/restrictions", "nav-restrictions"),
    ],
);
const MONEY: Entry = (
    "nav-money",
    &[
        ("/runs", "nav-runs"),
        ("/invoices", "nav-invoices"),
        ("/payments", "nav-payments"),
        ("/plans", "nav-plans"),
        ("/charges", "nav-charges"),
        ("/corrections", "nav-corrections"),
        ("/vat", "nav-vat"),
        ("/ledger", "nav-ledger"),
    ],
);

const TENANT_MORE: Entry = (
    "nav-more",
    &[
        ("/requests", "nav-requests"),
        ("/users", "nav-users"),
        ("/settings", "nav-settings"),
    ],
);
const STAFF_MORE: Entry = (
    "nav-more",
    &[
        ("/sites", "nav-sites"),
        ("/racks", "nav-racks"),
        ("/models", "nav-models"),
        ("/restrictions", "nav-restrictions"),
        ("/tenants", "nav-tenants"),
        ("/plans", "nav-plans"),
        ("/settings", "nav-settings"),
    ],
);
const FINANCE_MORE: Entry = (
    "nav-more",
    &[
        ("/usage", "nav-usage"),
        ("/charges", "nav-charges"),
        ("/corrections", "nav-corrections"),
        ("/vat", "nav-vat"),
        ("/ledger", "nav-ledger"),
        ("/tenants", "nav-tenants"),
        ("/outbox", "nav-outbox"),
        ("/trail", "nav-trail"),
        ("/settings", "nav-settings"),
    ],
);
const ADMINISTRATOR_MORE: Entry = (
    "nav-more",
    &[
        ("/tenants", "nav-tenants"),
        ("/users", "nav-users"),
        ("/operator", "nav-operator"),
        ("/outbox", "nav-outbox"),
        ("/trail", "nav-trail"),
        ("/settings", "nav-settings"),
    ],
);

fn bar(role: Role) -> &'static [Entry] {
    match role {
        Role::Owner | Role::Member => &[
            HOME,
            CAPACITY,
            RESERVATIONS,
            LEASES,
            MACHINES,
            USAGE,
            INVOICES,
            TENANT_MORE,
        ],
        Role::Staff => &[
            SHIFT, FLOOR, POWER, COOLING, MACHINES, BOOKING, METERING, STAFF_MORE,
        ],
        Role::Finance => &[
            HOME,
            RUNS,
            INVOICES,
            PAYMENTS,
            PLANS,
            BOOKING,
            PLACE,
            FINANCE_MORE,
        ],
        Role::Administrator => &[HOME, PLACE, BOOKING, METERING, MONEY, ADMINISTRATOR_MORE],
    }
}

/// Pages of a site and of a hall that stand in the bar by themselves; `*` is one number.
const OWN_ENTRY: [(&str, &str); 7] = [
    ("/sites/*/power", "/power"),
    ("/sites/*/failures", "/power"),
    ("/sites/*/cooling", "/cooling"),
    ("/sites/*/weather", "/cooling"),
    ("/halls/*/floor", "/floor"),
    ("/racks/*/elevation", "/floor"),
    ("/leases/*/usage", "/usage"),
];

/// Pages that stand in no menu, with the entry under which a reader finds them.
const FOUND_UNDER: [(&str, &str); 15] = [
    ("/halls", "/sites"),
    ("/rows", "/sites"),
    ("/racks", "/sites"),
    ("/outages", "/sites"),
    ("/restrictions", "/sites"),
    ("/models", "/sites"),
    ("/requests", "/settings"),
    ("/readings", "/meters"),
    ("/events", "/leases"),
    ("/charges", "/runs"),
    ("/vat", "/plans"),
    ("/users", "/settings"),
    ("/profile", "/settings"),
    ("/outbox", "/settings"),
    ("/trail", "/settings"),
];

/// The reader's navigation on the page of this path.
pub fn of(who: &Who, path: &str) -> Vec<NavItem> {
    let link = |&(href, label_key): &(&str, &'static str)| NavItem {
        href: href.to_owned(),
        label_key,
        active: false,
        items: vec![],
    };
    let mut nav: Vec<NavItem> = bar(who.actor.role)
        .iter()
        .filter_map(|(label_key, entries)| {
            let open = entries.iter().filter(|(href, _)| who.may_open(href));
            let mut items: Vec<NavItem> = open.map(link).collect();
            match (entries.len(), items.len()) {
                (_, 0) => None,
                (1, _) => items.pop(),
                _ => Some(NavItem {
                    href: String::new(),
                    label_key,
                    active: false,
                    items,
                }),
            }
        })
        .collect();
    mark(&mut nav, path);
    nav
}

/// Marks the entry that this path stands under, and its menu.
fn mark(nav: &mut [NavItem], path: &str) {
    let inside = nav.iter().flat_map(|item| &item.items);
    let hrefs: Vec<&str> = nav
        .iter()
        .chain(inside)
        .map(|it| it.href.as_str())
        .collect();
    let Some(entry) = entry_of(path, &hrefs).map(str::to_owned) else {
        return;
    };
    for item in nav {
        for inner in &mut item.items {
            inner.active = inner.href == entry;
        }
        item.active = item.href == entry || item.items.iter().any(|inner| inner.active);
    }
}

/// The entry with an own name for it, else the longest that leads there, else the one it is looked for under.
fn entry_of<'a>(path: &str, hrefs: &[&'a str]) -> Option<&'a str> {
    let shown = |entry: &str| hrefs.iter().find(|href| **href == entry).copied();
    let looked_up = |table: &[(&str, &str)]| {
        let mut all = table.iter().filter(|(pattern, _)| begins(path, pattern));
        all.find_map(|(_, entry)| shown(entry))
    };
    let leads = |href: &&&str| !href.is_empty() && (path == **href || begins(path, href));
    looked_up(&OWN_ENTRY)
        .or_else(|| {
            hrefs
                .iter()
                .filter(leads)
                .max_by_key(|it| it.len())
                .copied()
        })
        .or_else(|| looked_up(&FOUND_UNDER))
}

/// Whether a path begins with all parts of a pattern; the home is the beginning of nothing.
fn begins(path: &str, pattern: &str) -> bool {
    let mut parts = path.split('/');
    pattern != "/"
        && pattern.split('/').all(|wanted| {
            let part = parts.next();
            part.is_some_and(|part| wanted == "*" || part == wanted)
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{self, Locale};
    use crate::web::routes;

    const STAFF: [&str; 6] = ["/", "", "/power", "/sites", "/meters", "/settings"];

    #[test]
    fn a_page_stands_under_the_entry_where_it_is_looked_for() {
        for (path, entry) in [
            ("/", Some("/")),
            ("/sites/7/edit", Some("/sites")),
            ("/sites/7/power", Some("/power")),
            ("/sites/7/power/new", Some("/power")),
            ("/sites/7/cooling", Some("/sites")),
            ("/power/3/edit", Some("/power")),
            ("/racks/7/edit", Some("/sites")),
            ("/racksack", None),
            ("/readings/5", Some("/meters")),
            ("/profile", Some("/settings")),
        ] {
            assert_eq!(entry_of(path, &STAFF), entry, "{path}");
        }
    }

    #[test]
    fn every_entry_is_a_page_and_has_its_words() {
        for role in Role::ALL {
            for (menu, entries) in bar(*role) {
                for (href, label) in entries.iter() {
                    assert!(routes::access("GET", href).is_some(), "{href}");
                    for locale in Locale::ALL {
                        assert!(text::has(*locale, label), "{label}");
                        assert!(text::has(*locale, menu), "{menu}");
                    }
                }
            }
        }
    }
}

//! Everything that a reader may open beyond the navigation.

use crate::web::door::Visit;
use crate::web::page::{Page, html};
use crate::web::visit::Answer;
use askama::Template;

/// By what they are about: address and text key; each has a `-text` that says what it is for.
const GROUPS: [(&str, &[(&str, &str)]); 3] = [
    (
        "settings-people",
        &[
            ("/profile", "settings-profile"),
            ("/users", "settings-users"),
            ("/tokens", "settings-tokens"),
            ("/tenants", "settings-tenants"),
            ("/operator", "settings-operator"),
            ("/requests", "settings-requests"),
        ],
    ),
    (
        "settings-site",
        &[
            ("/conflicts", "settings-conflicts"),
            ("/models", "settings-models"),
            ("/restrictions", "settings-restrictions"),
            ("/readings", "settings-imports"),
            ("/corrections", "settings-corrections"),
        ],
    ),
    (
        "settings-money",
        &[
            ("/plans", "settings-plans"),
            ("/vat", "settings-vat"),
            ("/charges", "settings-charges"),
            ("/ledger", "settings-ledger"),
            ("/outbox", "settings-outbox"),
            ("/trail", "settings-trail"),
        ],
    ),
];

#[derive(Template)]
#[template(path = "home/settings.html")]
struct SettingsPage {
    page: Page,
    groups: Vec<Group>,
}

struct Group {
    title: String,
    entries: Vec<Entry>,
}

struct Entry {
    href: &'static str,
    title: String,
    text: String,
}

pub async fn index(visit: Visit) -> Answer {
    let page = visit.page("nav-settings");
    let groups = GROUPS
        .iter()
        .map(|(title, entries)| Group {
            title: page.t(title),
            entries: entries
                .iter()
                .filter(|(href, _)| visit.who.may_open(href))
                .map(|(href, key)| Entry {
                    href,
                    title: page.t(key),
                    text: page.t(&format!("{key}-text")),
                })
                .collect(),
        })
        .filter(|group| !group.entries.is_empty())
        .collect();
    html(&SettingsPage { page, groups })
}

#[cfg(test)]
mod tests {
    use crate::text::{self, Locale};

    #[test]
    fn every_entry_has_its_words() {
        for (title, entries) in super::GROUPS {
            for locale in Locale::ALL {
                assert!(text::has(*locale, title), "{title}");
                for (_, key) in entries {
                    assert!(text::has(*locale, key), "{key}");
                    assert!(text::has(*locale, &format!("{key}-text")), "{key}-text");
                }
            }
        }
    }
}

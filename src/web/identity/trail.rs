//! The trail: every change, who made it and when, what was there before and after.

use super::{action_word, trail_values as values, who_word};
use crate::db::Chain;
use crate::db::site::sites;
use crate::db::trail::{self as rows, TrailRow};
use crate::domain::ids::SiteId;
use crate::text;
use crate::web::door::{Visit, Who};
use crate::web::list::{Cursor, ListParams, ListSpec, PAGE_SIZE, page_of};
use crate::web::page::{Page, html};
use crate::web::parts::Choice;
use crate::web::visit::Answer;
use askama::Template;
use serde_json::{Map, Value};

const SPEC: ListSpec = ListSpec {
    sorts: &["seq"],
    descending: true,
    filters: &["chain", "noun"],
};

/// What changes are about. A noun without a word of its own is shown by its code.
pub const NOUNS: [&str; 37] = [
    "alarm_rule",
    "api_token",
    "billing_run",
    "charge",
    "conflict",
    "hall",
    "import",
    "incident",
    "invoice",
    "lease",
    "lease_event",
    "machine",
    "mail",
    "meter",
    "model",
    "node",
    "operator",
    "outage",
    "payment",
    "plan",
    "plan_version",
    "rack",
    "reading",
    "reading_source",
    "request",
    "reservation",
    "restriction",
    "row",
    "site",
    "tenant",
    "user",
    "vat_rate",
    "weather",
    "webhook",
    "webhook_delivery",
    "zone",
    "zone_design",
];

#[derive(Template)]
#[template(path = "identity/trail.html")]
struct Trail {
    page: Page,
    list: ListParams,
    rows: Vec<Line>,
    next: Option<String>,
    chains: Vec<Choice>,
    nouns: Vec<Choice>,
}

struct Line {
    at: String,
    who: String,
    action: String,
    noun: String,
    id: i64,
    href: Option<String>,
    changes: Vec<FieldChange>,
    seq: i64,
}

struct FieldChange {
    field: String,
    /// The field in the reader's words, where it has some.
    word: Option<String>,
    before: String,
    after: String,
}

pub async fn list(visit: Visit) -> Answer {
    let list = visit.list(SPEC);
    let chain = list.filter("chain").parse::<i64>().map(SiteId);
    let chain = chain.map_or(Chain::Operator.key(), |site| Chain::Site(site).key());
    let noun = Some(list.filter("noun").to_owned()).filter(|noun| !noun.is_empty());
    let id = list.q.parse::<i64>().ok();
    let before = list.after.as_ref().map(|cursor| cursor.id);
    let (found, all_sites) = visit
        .read(move |conn| {
            let found = rows::page(conn, chain, noun.as_deref(), id, before, PAGE_SIZE + 1)?;
            Ok((found, sites::all(conn)?))
        })
        .await?;
    let (found, next) = page_of(found, &list, |(row, _)| Cursor::new("", row.seq));
    let page = visit.page("nav-trail");
    let mut nouns: Vec<Choice> = NOUNS
        .iter()
        .map(|noun| Choice::new(*noun, page.code("trail-noun", noun)))
        .collect();
    nouns.sort_by(|a, b| a.label.cmp(&b.label));
    html(&Trail {
        rows: found.iter().map(|row| line(&visit, &page, row)).collect(),
        chains: all_sites
            .iter()
            .map(|site| Choice::new(site.id.to_string(), &site.name))
            .collect(),
        nouns,
        page,
        list,
        next,
    })
}

fn line(visit: &Visit, page: &Page, (row, name): &(TrailRow, Option<String>)) -> Line {
    let key = format!("trail-noun-{}", row.noun);
    Line {
        at: page.dt(row.at),
        who: who_word(page, name.as_ref()),
        action: action_word(page, &row.action),
        noun: match text::has(page.locale, &key) {
            true => page.t(&key),
            false => row.noun.clone(),
        },
        id: row.noun_id,
        href: href(&visit.who, &row.noun, row.noun_id),
        changes: changes(page, &row.noun, &row.before_state, &row.after_state),
        seq: row.seq,
    }
}

/// Where a row has a page that this reader may open.
pub fn href(who: &Who, noun: &str, id: i64) -> Option<String> {
    let (pattern, path) = match noun {
        "operator" => ("/operator", "/operator".to_owned()),
        "mail" => ("/outbox/{id}", format!("/outbox/{id}")),
        "billing_run" => ("/runs/{id}", format!("/runs/{id}")),
        "tenant" => ("/tenants/{id}", format!("/tenants/{id}")),
        "user" => ("/users/{id}", format!("/users/{id}")),
        "lease" => ("/leases/{id}", format!("/leases/{id}")),
        "reservation" => ("/reservations/{id}", format!("/reservations/{id}")),
        "request" => ("/requests/{id}", format!("/requests/{id}")),
        "invoice" => ("/invoices/{id}", format!("/invoices/{id}")),
        "payment" => ("/payments/{id}", format!("/payments/{id}")),
        "rack" => ("/racks/{id}", format!("/racks/{id}")),
        "incident" => ("/alarms/{id}", format!("/alarms/{id}")),
        "alarm_rule" => (
            "/sites/{id}/alarm-rules",
            format!("/sites/{id}/alarm-rules"),
        ),
        "webhook" => ("/webhooks/{id}", format!("/webhooks/{id}")),
        "reading_source" => ("/sources/{id}", format!("/sources/{id}")),
        "meter" => ("/meters/{id}", format!("/meters/{id}")),
        "plan" => ("/plans/{id}", format!("/plans/{id}")),
        "site" => ("/sites/{id}", format!("/sites/{id}")),
        _ => return None,
    };
    who.may_open(pattern).then_some(path)
}

/// The fields that differ, in the order of the later state; deeper values are shown as they are kept.
fn changes(page: &Page, noun: &str, before: &str, after: &str) -> Vec<FieldChange> {
    let (before, after) = (object(before), object(after));
    let gone = before.keys().filter(|field| !after.contains_key(*field));
    after
        .keys()
        .chain(gone)
        .filter(|field| before.get(*field) != after.get(*field))
        .map(|field| FieldChange {
            word: word(page, field),
            field: field.clone(),
            before: values::said(page, noun, field, before.get(field)),
            after: values::said(page, noun, field, after.get(field)),
        })
        .filter(|change| change.before != change.after)
        .collect()
}

fn word(page: &Page, field: &str) -> Option<String> {
    let key = format!("trail-field-{field}");
    text::has(page.locale, &key).then(|| page.t(&key))
}

fn object(text: &str) -> Map<String, Value> {
    match serde_json::from_str(text) {
        Ok(Value::Object(map)) => map,
        Ok(Value::Null) | Err(_) => Map::new(),
        Ok(other) => Map::from_iter([("value".to_owned(), other)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Locale;
    use crate::web::reader::{Reader, Theme};

    #[test]
    fn only_what_differs_is_shown() {
        let page = Page::new(
            Reader {
                locale: Locale::Ru,
                theme: Theme::ALL[0],
            },
            "/trail",
        );
        let found = changes(
            &page,
            "tenant",
            r#"{"id":1,"name":"A","note":null,"gone":2}"#,
            r#"{"id":1,"name":"B","note":"","more":[1]}"#,
        );
        let shown: Vec<_> = found
            .iter()
            .map(|c| (c.field.as_str(), c.before.as_str(), c.after.as_str()))
            .collect();
        assert_eq!(
            shown,
            [("name", "A", "B"), ("more", "", "[1]"), ("gone", "2", "")]
        );
        assert!(changes(&page, "tenant", "", "").is_empty());
    }
}

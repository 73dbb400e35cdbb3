//! Who is told of new incidents, in which words: one mail for each address, however many there are.

use crate::db::Tx;
use crate::db::identity::{operators, users};
use crate::db::metering::alarms::{Incident, Rule};
use crate::db::site::sites::Site;
use crate::domain::calendar::Instant;
use crate::domain::metering::alarm::Kind;
use crate::error::Result;
use crate::services::outbox::{self, Draft};
use crate::text::{Arg, Locale, format, t_with};
use rust_decimal::Decimal;
use std::collections::BTreeMap;

/// Lines of one mail; the page lists all.
const MOST_LINES: usize = 100;
/// From here on minutes are said in hours.
const MANY_MINUTES: i64 = 600;

/// A value of this kind with its unit, as people read it.
pub fn said(locale: Locale, kind: Kind, value: i64) -> String {
    let worded = |key: &str, value: i64| {
        let value = Arg::Text(format::integer(locale, value));
        t_with(locale, key, &[("value", value)])
    };
    match kind {
        Kind::Silent if value >= MANY_MINUTES => worded("alarm-hours", value / 60),
        Kind::Silent => worded("alarm-minutes", value),
        Kind::OverAllocation | Kind::IdleRack | Kind::LegOver | Kind::LegImbalance => {
            format::percent(locale, Decimal::from(kind.turned(value)), 0)
        }
        Kind::Unaccounted => worded("alarm-kwh", value),
    }
}

/// One sentence: what it is about, and how far it went.
pub fn line(locale: Locale, it: &Incident) -> String {
    let value = said(locale, it.kind, it.value);
    let args = [
        ("label", Arg::Text(it.label.clone())),
        ("value", Arg::Text(value)),
    ];
    t_with(locale, &format!("alarm-line-{}", it.kind), &args)
}

/// Writes the mails with the transaction that opened the incidents.
pub fn tell(
    tx: &mut Tx,
    site: &Site,
    base_url: &str,
    rules: &[Rule],
    raised: &[Incident],
    now: Instant,
) -> Result<()> {
    let mut news: BTreeMap<&str, Vec<&Incident>> = BTreeMap::new();
    for it in raised {
        let rule = rules.iter().find(|rule| rule.kind == it.kind);
        for address in rule.into_iter().flat_map(Rule::addresses) {
            let of_address = news.entry(address).or_default();
            // An address that stands twice in a rule is still one reader.
            if !of_address.iter().any(|known| known.id == it.id) {
                of_address.push(it);
            }
        }
    }
    if news.is_empty() {
        return Ok(());
    }
    let operator = operators::get(tx.conn)?;
    for (address, all) in news {
        let user = users::by_email(tx.conn, address)?;
        let locale = user.map(|it| it.locale);
        let locale = locale.or(operator.as_ref().map(|it| it.locale.clone()));
        let locale = locale.as_deref().and_then(Locale::parse);
        let locale = locale.unwrap_or(Locale::En);
        let mut lines: Vec<String> = all.iter().map(|it| line(locale, it)).collect();
        if lines.len() > MOST_LINES {
            let more = Arg::Int((lines.len() - MOST_LINES) as i64);
            lines.truncate(MOST_LINES);
            lines.push(t_with(locale, "alarm-more", &[("count", more)]));
        }
        let link = format!("{}/alarms?site={}", base_url.trim_end_matches('/'), site.id);
        let args = [
            ("site", site.name.as_str()),
            ("count", &all.len().to_string()),
            ("lines", &lines.join("\n")),
            ("link", &link),
            (
                "operator",
                operator.as_ref().map_or("", |it| it.short_name.as_str()),
            ),
        ];
        let draft = Draft {
            kind: "alarm",
            to: address,
            locale: locale.code(),
            args: &args,
            invoice: None,
            tenant: None,
        };
        outbox::enqueue(tx, &draft, now)?;
    }
    Ok(())
}

//! A value of the trail in the reader's words: codes, times, amounts and dates; what has none is
//! shown as it is kept.

use crate::domain::calendar::Instant;
use crate::domain::money::Minor;
use crate::text;
use crate::web::page::Page;
use chrono::NaiveDate;
use serde_json::Value;

/// The longest value that is shown of a field.
const LONGEST: usize = 200;

/// Fields of any noun whose codes have texts, with the beginning of their keys.
const CODES: [(&str, &str); 14] = [
    ("workload", "leasing-workload"),
    ("cooling", "leasing-cooling"),
    ("supply", "leasing-supply"),
    ("role", "role"),
    ("keep", "import-keep"),
    ("phase", "site-rack-phase"),
    ("redundancy", "redundancy"),
    ("rejection", "site-rejection"),
    ("resolution", "conflict-resolution"),
    ("offered_to", "site-offered"),
    ("cause", "event-cause"),
    ("status", "site-restriction-status"),
    ("noun", "trail-noun"),
    ("cause_noun", "trail-noun"),
];

/// Fields whose codes mean something else with each noun.
const OF_NOUNS: [(&str, &str, &str); 15] = [
    ("incident", "kind", "alarm-kind"),
    ("alarm_rule", "kind", "alarm-kind"),
    ("reservation", "state", "reservation-status"),
    ("request", "state", "request-state"),
    ("machine", "state", "machine-state"),
    ("import", "state", "import-state"),
    ("mail", "state", "outbox-state"),
    ("webhook_delivery", "state", "webhook-state"),
    ("billing_run", "state", "bill-run-state"),
    ("rack", "kind", "site-rack-kind"),
    ("node", "kind", "site-node-kind"),
    ("zone", "kind", "site-cooling"),
    ("tenant", "kind", "tenant-kind"),
    ("reading_source", "kind", "source-kind"),
    ("reading_source", "protocol", "source-protocol"),
];

const AMOUNTS: [&str; 5] = ["net", "vat", "total", "amount", "advance"];

pub fn said(page: &Page, noun: &str, field: &str, value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::Bool(true)) => page.t("yes"),
        Some(Value::Bool(false)) => page.t("no"),
        Some(Value::Number(number)) => match number.as_i64() {
            Some(whole) => number_said(page, field, whole),
            None => number.to_string(),
        },
        Some(Value::String(text)) => word(page, noun, field, text).unwrap_or_else(|| cut(text)),
        Some(other) => cut(&other.to_string()),
    }
}

fn number_said(page: &Page, field: &str, whole: i64) -> String {
    if field.ends_with("_at") || field == "hold_until" {
        return page.dt(Instant(whole));
    }
    if AMOUNTS.contains(&field) {
        return page.amount(Minor(whole));
    }
    if field.contains("watts") || field == "wh" {
        return page.int(whole);
    }
    whole.to_string()
}

fn word(page: &Page, noun: &str, field: &str, text: &str) -> Option<String> {
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Some(page.date(day));
    }
    let own = OF_NOUNS.iter().find(|it| it.0 == noun && it.1 == field);
    let any = CODES.iter().find(|it| it.0 == field);
    let prefix = own.map(|it| it.2).or(any.map(|it| it.1))?;
    let code = match text {
        "N" => "n",
        "N+1" => "n-plus-one",
        "2N" => "two-n",
        other => other,
    };
    let keys = [code.to_owned(), code.replace('_', "-")];
    let mut keys = keys.iter().map(|code| format!("{prefix}-{code}"));
    keys.find(|key| text::has(page.locale, key))
        .map(|key| page.t(&key))
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Locale;
    use crate::web::reader::{Reader, Theme};
    use serde_json::json;

    #[test]
    fn what_has_words_is_said_in_them() {
        let reader = Reader {
            locale: Locale::En,
            theme: Theme::ALL[0],
        };
        let page = Page::new(reader, "/trail");
        let say = |noun: &str, field: &str, value: Value| said(&page, noun, field, Some(&value));
        assert_eq!(
            say("rack", "kind", json!("tank")),
            page.t("site-rack-kind-tank")
        );
        assert_eq!(
            say("tenant", "redundancy", json!("N+1")),
            page.t("redundancy-n-plus-one")
        );
        assert_eq!(
            say("import", "keep", json!("good_rows")),
            page.t("import-keep-good-rows")
        );
        assert_eq!(
            say("lease", "start_date", json!("2026-11-20")),
            page.date("2026-11-20".parse::<NaiveDate>().unwrap())
        );
        assert_eq!(
            say("payment", "amount", json!(123_456)),
            page.amount(Minor(123_456))
        );
        assert_eq!(say("user", "active", json!(false)), page.t("no"));
        assert_eq!(say("rack", "kind", json!("cellar")), "cellar");
        assert_eq!(say("lease", "tenant_id", json!(12)), "12");
    }
}

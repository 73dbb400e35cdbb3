//! What the pages about money share: standings, blockers, histories and form answers in words.

use crate::db::trail::TrailRow;
use crate::domain::billing::standing::Standing;
use crate::domain::calendar::Month;
use crate::domain::message::{Arg, Message};
use crate::domain::money::{Currency, Minor};
use crate::services::billing::blockers::{Blocker, Target};
use crate::services::billing::invoices::standing_key;
use crate::text;
use crate::web::door::Visit;
use crate::web::page::{Page, Tone};
use crate::web::parts::{Choice, Happening, Notice};
use chrono::{NaiveDate, NaiveDateTime};

pub fn standing(page: &Page, standing: Standing) -> String {
    page.t(&standing_key(standing))
}

pub fn tone(standing: Standing) -> Tone {
    match standing {
        Standing::Open => Tone::Info,
        Standing::PartlyPaid => Tone::Warn,
        Standing::Overdue => Tone::Danger,
        Standing::Paid => Tone::Ok,
    }
}

/// A stored month, `2026-11`, as it is read.
pub fn month(page: &Page, text: &str) -> String {
    Month::parse(text).map_or_else(|| text.to_owned(), |month| page.month(month))
}

pub fn currency(code: &str) -> Currency {
    Currency::parse(code).unwrap_or(Currency::Rub)
}

pub fn currencies() -> Vec<Choice> {
    let all = Currency::ALL.into_iter();
    all.map(|it| Choice::new(it.code(), it.code())).collect()
}

/// An amount; its currency beside it where a column holds more than one.
pub fn amount(page: &Page, minor: Minor, currency: Currency, mixed: bool) -> String {
    if mixed {
        page.money(minor, currency)
    } else {
        page.amount(minor)
    }
}

/// A message whose dates are written for its reader.
pub fn say(page: &Page, message: &Message) -> String {
    let mut shown = message.clone();
    for (_, value) in &mut shown.args {
        if let Arg::Text(text) = value {
            *text = dated(page, text);
        }
    }
    page.say(&shown)
}

fn dated(page: &Page, text: &str) -> String {
    if let Ok(day) = text.parse::<NaiveDate>() {
        page.date(day)
    } else if let Ok(at) = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M") {
        page.local(at)
    } else {
        month(page, text)
    }
}

/// Why not, each with the page on which it is mended.
pub fn blockers(page: &Page, visit: &Visit, found: &[Blocker]) -> Vec<Notice> {
    let notice = |it: &Blocker| Notice {
        tone: Tone::Warn,
        title: say(page, &it.message),
        note: page.t(target_key(it.target)),
        href: target(visit, it.target),
    };
    found.iter().map(notice).collect()
}

fn target_key(target: Target) -> &'static str {
    match target {
        Target::Lease(_) => "bill-mend-lease",
        Target::Tenant(_) => "bill-mend-tenant",
        Target::Meter(_) => "bill-mend-meter",
        Target::Rack(_) => "bill-mend-rack",
        Target::Plan(_) => "bill-mend-plan",
        Target::Vat => "bill-mend-vat",
        Target::Operator => "bill-mend-operator",
    }
}

fn target(visit: &Visit, target: Target) -> String {
    let (pattern, path) = match target {
        Target::Lease(id) => ("/leases/{id}", format!("/leases/{id}")),
        Target::Tenant(id) => ("/tenants/{id}", format!("/tenants/{id}")),
        Target::Meter(id) => ("/meters/{id}", format!("/meters/{id}")),
        Target::Rack(id) => ("/racks/{id}", format!("/racks/{id}")),
        Target::Plan(id) => ("/plans/{id}", format!("/plans/{id}")),
        Target::Vat => ("/vat", "/vat".to_owned()),
        Target::Operator => ("/operator", "/operator".to_owned()),
    };
    if visit.who.may_open(pattern) {
        path
    } else {
        "/tenants".to_owned()
    }
}

/// What happened to a row, latest first; what was paid with its amount.
pub fn history(
    page: &Page,
    rows: &[(TrailRow, Option<String>)],
    currency: Currency,
) -> Vec<Happening> {
    let entry = |(row, name): &(TrailRow, Option<String>)| {
        let who = name.clone().unwrap_or_else(|| page.t("history-house"));
        let key = format!("history-{}-{}", row.noun, row.action.replace('_', "-"));
        let paid = serde_json::from_str::<serde_json::Value>(&row.after_state).ok();
        let paid = paid.and_then(|it| it.get("amount").and_then(serde_json::Value::as_i64));
        let text = match paid {
            Some(amount) if row.noun == "invoice" => {
                let amount = page.money(Minor(amount), currency);
                page.t2(&key, "who", who, "amount", amount)
            }
            _ if text::has(page.locale, &key) => page.t1(&key, "who", who),
            _ => page.t2("history-other", "who", who, "action", &row.action),
        };
        Happening {
            at: page.dt(row.at),
            text,
        }
    };
    rows.iter().map(entry).collect()
}

/// Runs a use case once for each filled-in form; a second submit gets the first one's address.
pub async fn once(
    visit: &Visit,
    key: &str,
    work: impl FnOnce(&crate::app::App) -> crate::error::Result<String> + Send + 'static,
) -> crate::error::Result<String> {
    visit.once(key, work).await
}

#[cfg(test)]
mod tests {
    use crate::db::billing::ledger::{Account, Kind};
    use crate::domain::billing::plan::PlanFault;
    use crate::domain::billing::standing::Standing;
    use crate::services::billing::invoices::standing_key;
    use crate::text::{self, Locale};

    #[test]
    fn every_code_has_its_words() {
        let mut keys: Vec<String> = Standing::ALL.iter().map(|it| standing_key(*it)).collect();
        keys.extend(Account::ALL.iter().map(|it| format!("bill-account-{it}")));
        keys.extend(Kind::ALL.iter().map(|it| format!("bill-entry-{it}")));
        let fault = |it: &PlanFault| format!("plan-fault-{}", it.code().replace('_', "-"));
        keys.extend(PlanFault::ALL.iter().map(fault));
        for code in ["open", "issuing", "issued"] {
            keys.push(format!("bill-run-state-{code}"));
        }
        for code in [
            "no-active-day",
            "no-version",
            "no-contracted-power",
            "no-zone",
            "no-vat-rate",
            "no-meter",
            "hole",
            "overlap",
            "negative",
            "unmetered",
            "overflow",
            "month-open",
            "more",
            "no-operator",
            "operator-details",
            "tenant-inn",
            "tenant-address",
        ] {
            keys.push(format!("blocker-{code}"));
        }
        for locale in Locale::ALL {
            for key in &keys {
                assert!(text::has(*locale, key), "{locale}: {key}");
            }
        }
    }
}

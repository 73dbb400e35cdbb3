//! What the running month lacks so far, as the homes of finance and of staff show it.

use crate::services::billing::open_month::{Lacks, OpenMonth};
use crate::web::door::Visit;
use crate::web::page::{Page, Tone};
use crate::web::parts::Notice;
use rust_decimal::Decimal;

/// Leases that a home names; the others are counted.
const MOST: usize = 8;

pub struct LacksCard {
    pub title: String,
    /// All together in one sentence.
    pub lead: String,
    pub notices: Vec<Notice>,
    pub more: Vec<Notice>,
    pub waits: Option<String>,
}

pub fn card(page: &Page, visit: &Visit, open: &OpenMonth) -> LacksCard {
    let mut notices: Vec<Notice> = open
        .lacks
        .iter()
        .map(|it| notice(page, visit, open, it))
        .collect();
    let more = notices.split_off(notices.len().min(MOST));
    let lead = if open.lacks.is_empty() {
        page.t("home-lacks-none")
    } else {
        page.t3(
            "home-lacks-lead",
            ("meters", open.meters()),
            ("hours", hours(page, open.minutes())),
            ("leases", open.lacks.len()),
        )
    };
    LacksCard {
        title: page.t1("home-lacks", "month", page.month(open.month)),
        lead,
        notices,
        more,
        waits: (open.waiting > 0).then(|| page.t1("home-lacks-waiting", "count", open.waiting)),
    }
}

fn notice(page: &Page, visit: &Visit, open: &OpenMonth, it: &Lacks) -> Notice {
    let note = if it.no_meter {
        page.t("home-lacks-no-meter")
    } else {
        let hours = hours(page, it.minutes());
        let key = match it.more {
            true => "home-lacks-least",
            false => "home-lacks-of",
        };
        page.t2(key, "meters", it.meters(), "hours", hours)
    };
    let (pattern, path) = match it.no_meter {
        true => ("/leases/{id}", format!("/leases/{}", it.lease)),
        false => (
            "/leases/{id}/usage",
            format!("/leases/{}/usage?month={}", it.lease, open.month),
        ),
    };
    Notice {
        tone: Tone::Warn,
        title: format!("{} · {}", it.number, it.tenant),
        note,
        href: match visit.who.may_open(pattern) {
            true => path,
            false => "/".to_owned(),
        },
    }
}

fn hours(page: &Page, minutes: i64) -> String {
    let hours = Decimal::from(minutes) / Decimal::from(60);
    page.dec(hours.round_dp(1).normalize())
}

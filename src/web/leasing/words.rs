//! Why a wish does not fit, and where machines stand, in the reader's words.

use crate::domain::leasing::place::{Quality, Reason};
use crate::domain::leasing::state::ReservationStatus;
use crate::domain::site::{Leg, Redundancy};
use crate::domain::units::Watts;
use crate::services::leasing::answer::{Bound, Refused};
use crate::services::leasing::availability::Alternative;
use crate::services::leasing::reserve::Wish;
use crate::services::leasing::together::{Asks, Part};
use crate::text::{self, Arg};
use crate::web::list::with_query;
use crate::web::page::{Page, Tone};
use crate::web::parts::{Choice, Fact, Refusal, Step};
use crate::web::site::common::region_name;

/// What binds, from when, what is free there and what was asked for.
pub fn bound_sentence(page: &Page, bound: &Bound) -> String {
    let amount = |value: i64| -> Arg {
        if matches!(bound.kind.as_str(), "rack_slots" | "redundancy") {
            Arg::Int(value)
        } else {
            Arg::Text(page.kw(Watts(value)))
        }
    };
    let name = match bound.kind.as_str() {
        "restriction" => region_name(page, &bound.name),
        _ => bound.name.clone(),
    };
    let values = [
        ("name", Arg::Text(name)),
        ("leg", bound.leg.map_or("", Leg::code).into()),
        ("date", Arg::Text(page.date_long(bound.at))),
        ("free", amount(bound.free)),
        ("needed", amount(bound.needed)),
    ];
    text::t_with(page.locale, &format!("bound-{}", bound.kind), &values)
}

/// A rule of admission with what it asks for.
pub fn redundancy(page: &Page, rule: Redundancy) -> String {
    page.t(match rule {
        Redundancy::N => "redundancy-n",
        Redundancy::NPlusOne => "redundancy-n-plus-one",
        Redundancy::TwoN => "redundancy-two-n",
    })
}

pub fn redundancy_choices(page: &Page) -> Vec<Choice> {
    Redundancy::ALL
        .iter()
        .map(|rule| Choice::new(rule.code(), redundancy(page, *rule)))
        .collect()
}

/// A family of reasons, in one sentence.
pub fn reason_sentence(page: &Page, reason: Reason) -> String {
    page.code("reason", reason)
}

/// The box of a refused wish: reasons, what binds, how many would fit, and what to try instead.
pub fn refusal(page: &Page, wish: &Wish, refused: &Refused, steps: Vec<Step>) -> Refusal {
    let mut reasons: Vec<String> = refused
        .reasons
        .iter()
        .map(|reason| reason_sentence(page, *reason))
        .collect();
    reasons.extend(refused.bound.as_ref().map(|b| bound_sentence(page, b)));
    if !refused.proven {
        reasons.push(page.t("refusal-not-proven"));
    }
    if refused.available_units > 0 {
        reasons.push(page.t1("refusal-fits", "count", refused.available_units));
    }
    let title = page.t2(
        "refusal-title",
        "count",
        wish.units,
        "model",
        &wish.model_name,
    );
    Refusal {
        title,
        reasons,
        steps,
    }
}

/// The nearest things that would fit, each as a link to a filled-in form.
pub fn steps(page: &Page, wish: &Wish, found: &[Alternative]) -> Vec<Step> {
    found
        .iter()
        .map(|alternative| {
            let mut other = wish.clone();
            let label = match alternative {
                Alternative::Fewer { units } => {
                    other.units = *units;
                    page.t1("alternative-fewer", "count", *units)
                }
                Alternative::Later { from, to } => {
                    other.window.from = *from;
                    other.window.to = *to;
                    page.t1("alternative-later", "date", page.date_long(*from))
                }
                Alternative::Elsewhere { hall, name } => {
                    other.hall = *hall;
                    match hall {
                        Some(_) => page.t1("alternative-hall", "hall", name),
                        None => page.t("alternative-anywhere"),
                    }
                }
            };
            Step {
                label,
                href: availability_link(&other),
            }
        })
        .collect()
}

/// The availability form filled in with a wish.
pub fn availability_link(wish: &Wish) -> String {
    let mut pairs = vec![
        ("site", wish.site.to_string()),
        ("units", wish.units.to_string()),
        ("from", wish.window.from.to_string()),
        ("workload", wish.workload.to_string()),
    ];
    match wish.model {
        Some(model) => pairs.push(("model", model.to_string())),
        None => {
            pairs.push(("model", "custom".to_owned()));
            pairs.push(("model_name", wish.model_name.clone()));
            pairs.push(("watts", wish.watts_each.0.to_string()));
            pairs.push(("cooling", wish.cooling.to_string()));
        }
    }
    pairs.push(("supply", wish.supply.to_string()));
    match wish.window.to {
        Some(to) => pairs.extend([("term", "until".to_owned()), ("to", to.to_string())]),
        None => pairs.push(("term", "open".to_owned())),
    }
    pairs.extend(wish.hall.map(|hall| ("hall", hall.to_string())));
    with_query("/availability", &pairs)
}

/// `20 × Antminer S21`.
pub fn machines(page: &Page, wish: &Wish) -> String {
    page.t2(
        "reservation-machines",
        "count",
        wish.units,
        "model",
        &wish.model_name,
    )
}

/// What several parts ask for, and what would have fitted of each.
pub fn parts_asked(page: &Page, parts: &[(Part, u32)]) -> Vec<Fact> {
    let mut facts = vec![];
    for ((part, fits), number) in parts.iter().zip(1..) {
        let wish = &part.wish;
        let mut said = vec![
            machines(page, wish),
            page.kw(Watts(wish.watts_each.0 * i64::from(wish.units))),
            page.code("leasing-cooling", wish.cooling),
            page.code("leasing-supply", wish.supply),
        ];
        said.extend(asks(page, &part.asks));
        said.push(page.t1("parts-would-fit", "count", *fits));
        facts.push(Fact::new(
            page.t1("parts-part", "number", number),
            said.join(" · "),
        ));
    }
    if let Some((part, _)) = parts.first() {
        let of = part.wish.window;
        facts.push(Fact::new(
            page.t("wish-window"),
            window(page, of.from, of.to),
        ));
    }
    facts
}

/// What a part asks of its racks, in words.
pub fn asks(page: &Page, asks: &Asks) -> Vec<String> {
    let mut said = vec![];
    if asks.whole_racks {
        said.push(page.t("parts-rack"));
    }
    if asks.two_feeds {
        said.push(page.t("parts-feeds"));
    }
    if let Some(racks) = &asks.racks {
        said.push(page.t1("parts-among", "count", racks.len()));
    }
    said
}

/// The form of several parts, filled in again; chosen racks are named anew.
pub fn parts_link(parts: &[(Part, u32)]) -> String {
    let Some((first, _)) = parts.first() else {
        return "/reservations/new".to_owned();
    };
    let mut pairs = vec![
        ("site".to_owned(), first.wish.site.to_string()),
        ("from".to_owned(), first.wish.window.from.to_string()),
        ("parts".to_owned(), parts.len().to_string()),
    ];
    match first.wish.window.to {
        Some(to) => pairs.extend([
            ("term".to_owned(), "until".to_owned()),
            ("to".to_owned(), to.to_string()),
        ]),
        None => pairs.push(("term".to_owned(), "open".to_owned())),
    }
    pairs.extend(
        first
            .wish
            .hall
            .map(|hall| ("hall".to_owned(), hall.to_string())),
    );
    for ((part, _), number) in parts.iter().zip(1..) {
        let wish = &part.wish;
        let mut own = |name: &str, value: String| pairs.push((format!("{name}-{number}"), value));
        match wish.model {
            Some(model) => own("model", model.to_string()),
            None => {
                let kind = if part.asks.whole_racks {
                    "rack"
                } else {
                    "custom"
                };
                own("model", kind.to_owned());
                own("model_name", wish.model_name.clone());
                own("watts", wish.watts_each.0.to_string());
                own("cooling", wish.cooling.to_string());
            }
        }
        own("supply", wish.supply.to_string());
        own("units", wish.units.to_string());
        own("workload", wish.workload.to_string());
        if part.asks.two_feeds {
            own("feeds", "yes".to_owned());
        }
    }
    let pairs: Vec<(&str, String)> = pairs
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    with_query("/reservations/new", &pairs)
}

/// `2 racks, one row, worst leg difference 3.5 kW`.
pub fn quality(page: &Page, quality: &Quality) -> String {
    let said = [
        page.t1("quality-racks", "count", quality.racks),
        page.t1("quality-opened", "count", quality.opened),
        page.t1("quality-rows", "count", quality.rows),
        page.t1("quality-legs", "power", page.kw(quality.imbalance)),
        page.t1("quality-left", "count", quality.left),
    ];
    said.join(", ")
}

/// From a day until another, or without an end.
pub fn window(page: &Page, from: chrono::NaiveDate, to: Option<chrono::NaiveDate>) -> String {
    match to {
        Some(to) => page.t2("window-until", "from", page.date(from), "to", page.date(to)),
        None => page.t1("window-open", "from", page.date(from)),
    }
}

/// How a status stands out in a list.
pub fn status_tone(status: ReservationStatus) -> Tone {
    match status {
        ReservationStatus::Held => Tone::Warn,
        ReservationStatus::Assigned => Tone::Info,
        ReservationStatus::Leased => Tone::Ok,
        ReservationStatus::Expired | ReservationStatus::Cancelled => Tone::Muted,
    }
}

/// Days from four on, else hours, else minutes until an instant, begun ones counted; empty once it
/// has passed.
pub fn left(page: &Page, seconds: i64) -> String {
    if seconds <= 0 {
        return String::new();
    }
    let up = |unit: i64| (seconds + unit - 1) / unit;
    if seconds > 4 * 86_400 {
        page.t1("left-days", "count", up(86_400))
    } else if seconds > 3_600 {
        page.t1("left-hours", "count", up(3_600))
    } else {
        page.t1("left-minutes", "count", up(60))
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::leasing::place::Reason;
    use crate::domain::leasing::state::ReservationStatus;
    use crate::domain::site::{CoolingKind, Supply, Workload};
    use crate::text::{self, Locale};
    use crate::web::page::Page;
    use crate::web::reader::{Reader, Theme};

    use super::left;

    #[test]
    fn what_is_left_of_a_hold_counts_what_has_begun() {
        let page = Page::new(
            Reader {
                locale: Locale::Ru,
                theme: Theme::ALL[0],
            },
            "/",
        );
        let hours = 3_600;
        for (seconds, said) in [
            (0, ""),
            (1, "1 минута"),
            (hours, "60 минут"),
            (hours + 1, "2 часа"),
            (72 * hours - 1, "72 часа"),
            (96 * hours, "96 часов"),
            (96 * hours + 1, "5 дней"),
        ] {
            let left = left(&page, seconds);
            assert!(
                left.ends_with(said) && left.is_empty() == said.is_empty(),
                "{seconds}: {left}"
            );
        }
    }

    #[test]
    fn every_code_has_its_words() {
        let mut keys: Vec<String> = [
            "node_leg",
            "zone",
            "rack_slots",
            "rack_leg",
            "restriction",
            "cooling_kind",
            "supply",
            "feeds",
            "redundancy",
        ]
        .iter()
        .map(|kind| format!("bound-{kind}"))
        .collect();
        keys.extend(Reason::ALL.iter().map(|c| format!("reason-{c}")));
        keys.extend(
            ReservationStatus::ALL
                .iter()
                .map(|c| format!("reservation-status-{c}")),
        );
        keys.extend(
            CoolingKind::ALL
                .iter()
                .map(|c| format!("leasing-cooling-{c}")),
        );
        keys.extend(Supply::ALL.iter().map(|c| format!("leasing-supply-{c}")));
        keys.extend(
            Workload::ALL
                .iter()
                .map(|c| format!("leasing-workload-{c}")),
        );
        for locale in Locale::ALL {
            for key in &keys {
                assert!(text::has(*locale, key), "{locale}: {key}");
            }
        }
    }
}

//! Why a wish does not fit, and where machines stand, in the reader's words.

use crate::domain::leasing::place::Reason;
use crate::domain::leasing::state::ReservationStatus;
use crate::domain::site::Leg;
use crate::domain::units::Watts;
use crate::services::leasing::answer::{Bound, Refused};
use crate::services::leasing::availability::Alternative;
use crate::services::leasing::reserve::Wish;
use crate::text::{self, Arg};
use crate::web::list::with_query;
use crate::web::page::{Page, Tone};
use crate::web::parts::{Refusal, Step};

/// What binds, from when, what is free there and what was asked for.
pub fn bound_sentence(page: &Page, bound: &Bound) -> String {
    let amount = |value: i64| -> Arg {
        if matches!(bound.kind.as_str(), "rack_slots" | "redundancy") {
            Arg::Int(value)
        } else {
            Arg::Text(page.kw(Watts(value)))
        }
    };
    let values = [
        ("name", Arg::Text(bound.name.clone())),
        ("leg", bound.leg.map_or("", Leg::code).into()),
        ("date", Arg::Text(page.date_long(bound.at))),
        ("free", amount(bound.free)),
        ("needed", amount(bound.needed)),
    ];
    text::t_with(page.locale, &format!("bound-{}", bound.kind), &values)
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

/// Whole hours and minutes until an instant; empty once it has passed.
pub fn left(page: &Page, seconds: i64) -> String {
    if seconds <= 0 {
        return String::new();
    }
    let (hours, minutes) = (seconds / 3_600, seconds % 3_600 / 60);
    if hours >= 48 {
        page.t1("left-days", "count", hours / 24)
    } else if hours >= 1 {
        page.t1("left-hours", "count", hours)
    } else {
        page.t1("left-minutes", "count", minutes.max(1))
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::leasing::place::Reason;
    use crate::domain::leasing::state::ReservationStatus;
    use crate::domain::site::{CoolingKind, Supply, Workload};
    use crate::text::{self, Locale};

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

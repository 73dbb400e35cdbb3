//! What the pages of this wing share: tabs, choices, and the answer to a change that was refused.

use crate::app::App;
use crate::db::site::sites;
use crate::domain::calendar::Zone;
use crate::domain::identity::access::Permission;
use crate::domain::ids::{ReservationId, SiteId};
use crate::error::{Error, Result};
use crate::services::site::figures::Load;
use crate::services::site::guard::{Breaks, Consent};
use crate::text::{self, Locale};
use crate::web::door::Visit;
use crate::web::form::Form;
use crate::web::leasing::conflicts;
use crate::web::page::{Page, see_other};
use crate::web::parts::{Choice, Tab};
use crate::web::problem::Problem;
use crate::web::reader::Reader;
use crate::web::visit::Answer;
use actix_web::http::StatusCode;
use actix_web::web;
use diesel::OptionalExtension;
use rust_decimal::Decimal;
use std::collections::{BTreeSet, HashMap};
use std::fmt::Display;

/// What a browser posts.
pub type Fields = web::Form<HashMap<String, String>>;

/// A name fits a label.
pub const NAME_MAX: usize = 120;

impl Visit {
    /// Whether the reader may change the site.
    pub fn edits_site(&self) -> bool {
        self.who.may(Permission::EditSite)
    }

    /// Saves what a form holds, once however often it is sent; answers with the path to go on to.
    pub async fn save_once(
        &self,
        form: &Form,
        work: impl FnOnce(&App) -> Result<String> + Send + 'static,
    ) -> Result<String> {
        self.once(&form.form_key, work).await
    }
}

impl Reader {
    /// A number as the reader would type it into a field.
    pub fn typed(&self, number: Decimal) -> String {
        let text = number.normalize().to_string();
        match self.locale {
            Locale::Ru => text.replace('.', ","),
            Locale::En => text,
        }
    }
}

/// A page whose times are local to the site at hand.
pub fn page_of(visit: &Visit, title: &str, zone: Zone) -> Page {
    let mut page = visit.page("nav-sites").named(title);
    page.zone = zone;
    page
}

/// On to a view of the house's first site; to the sites, where there is none yet.
pub async fn of_first_site(visit: &Visit, view: &str) -> Answer {
    let first = visit
        .read(|conn| Ok(sites::first(conn).optional()?))
        .await?;
    Ok(see_other(&first.map_or_else(
        || "/sites".to_owned(),
        |site| format!("/sites/{}/{view}", site.id),
    )))
}

/// The views of one site.
pub fn tabs(page: &Page, site: SiteId, active: &str) -> Vec<Tab> {
    let tab = |view: &str, href: String| Tab {
        href,
        label: page.code("site-tab", view),
        active: view == active,
    };
    vec![
        tab("overview", format!("/sites/{site}")),
        tab("halls", format!("/sites/{site}/halls")),
        tab("racks", format!("/racks?site={site}")),
        tab("power", format!("/sites/{site}/power")),
        tab("cooling", format!("/sites/{site}/cooling")),
        tab("outages", format!("/sites/{site}/outages")),
        tab("failures", format!("/sites/{site}/failures")),
        tab("balance", format!("/sites/{site}/balance")),
        tab("alarms", format!("/sites/{site}/alarm-rules")),
        tab("sources", format!("/sites/{site}/sources")),
        tab("data", format!("/sites/{site}/data")),
    ]
}

/// Every code of a closed list with its text.
pub fn codes<T: Display + Copy>(page: &Page, prefix: &str, all: &[T]) -> Vec<Choice> {
    all.iter()
        .map(|code| Choice::new(code.to_string(), page.code(prefix, code)))
        .collect()
}

/// The tone of a bar: near its limit, over it.
pub fn tone(load: &Load) -> &'static str {
    match load.percent() {
        101.. => "danger",
        95..=100 => "warn",
        _ => "",
    }
}

/// One live booking that a change would break, and at what.
pub struct BrokenLine {
    pub href: String,
    pub number: i64,
    pub tenant: String,
    pub what: String,
    pub days: String,
    pub why: String,
}

/// A booking that would only get other racks.
pub struct MovedLine {
    pub href: String,
    pub number: i64,
    pub tenant: String,
    pub what: String,
}

/// What a change would do to live bookings, with all that is needed to send it again and agree.
pub struct Broke {
    pub lines: Vec<BrokenLine>,
    pub moved: Vec<MovedLine>,
    pub bookings: usize,
    /// How many conflicts, tenants and moves, in words.
    pub sum: String,
    /// The form's address and values.
    pub action: String,
    pub fields: Vec<(String, String)>,
    pub digest: String,
}

/// Nothing, or what the form's change would break.
pub type MayBreak = Option<Box<Broke>>;

/// What became of a save.
pub enum Saved {
    /// Where to go on.
    Yes(String),
    /// The form goes back, filled in, with the bookings in the way.
    No(StatusCode, MayBreak),
}

/// Sorts a service's answer: saved, back to the form, or a page of its own. The page's path is
/// where the form was sent.
pub fn saved(page: &Page, form: &mut Form, result: Result<String>) -> Result<Saved, Problem> {
    match result {
        Ok(path) => Ok(Saved::Yes(path)),
        Err(Error::Breaks(breaks)) => {
            let broke = broke(page, form, &breaks);
            Ok(Saved::No(StatusCode::CONFLICT, Some(Box::new(broke))))
        }
        Err(error) => {
            form.absorb(error)?;
            Ok(Saved::No(StatusCode::UNPROCESSABLE_ENTITY, None))
        }
    }
}

/// The name of the field that carries what was agreed to.
pub const CONSENT: &str = "consent";

/// What the sender of a form agrees to.
pub fn consent(form: &Form) -> Consent {
    Consent::to(form.value(CONSENT))
}

fn broke(page: &Page, form: &Form, breaks: &Breaks) -> Broke {
    let bookings: BTreeSet<_> = breaks.broken.iter().map(|b| b.reservation).collect();
    let tenants: BTreeSet<_> = breaks.broken.iter().map(|b| b.tenant).collect();
    let href = |id: ReservationId| format!("/reservations/{id}");
    let what =
        |model: &str, units: i64| page.t2("site-breaks-what", "model", model, "units", units);
    Broke {
        bookings: bookings.len(),
        sum: page.t3(
            "site-breaks-sum",
            ("count", breaks.broken.len()),
            ("tenants", tenants.len()),
            ("moved", breaks.moved.len()),
        ),
        lines: breaks
            .broken
            .iter()
            .map(|b| BrokenLine {
                href: href(b.reservation),
                number: b.reservation.0,
                tenant: b.tenant_name.clone(),
                what: what(&b.model_name, b.units),
                days: conflicts::days(page, b.extent.window.from, b.extent.window.to),
                why: conflicts::sentence(
                    page,
                    b.kind,
                    (&region_name(page, &b.name), b.leg),
                    &b.extent,
                ),
            })
            .collect(),
        moved: breaks
            .moved
            .iter()
            .map(|m| MovedLine {
                href: href(m.reservation),
                number: m.reservation.0,
                tenant: m.tenant_name.clone(),
                what: what(&m.model_name, m.units),
            })
            .collect(),
        action: page.path.clone(),
        fields: form.carried(CONSENT),
        digest: breaks.digest.clone(),
    }
}

/// Texts that the catalogues of restrictions and models are delivered with, in English.
const SEEDED: [&str; 25] = [
    "site-region-da",
    "site-region-in",
    "site-region-kb",
    "site-region-kc",
    "site-region-se",
    "site-region-ce",
    "site-region-donetsk",
    "site-region-luhansk",
    "site-region-zaporizhzhia",
    "site-region-kherson",
    "site-region-irkutsk",
    "site-region-buryatia",
    "site-region-zabaykalsky-listed",
    "site-region-zabaykalsky",
    "site-note-whole",
    "site-note-announced",
    "site-note-first-season",
    "site-note-year-round",
    "site-note-winters",
    "site-note-no-act",
    "site-note-analogy",
    "site-note-bins",
    "site-note-nameplate",
    "site-note-derived",
    "site-note-allocation",
];

/// A delivered text in the reader's language; what people wrote stays as it is.
pub fn seeded(page: &Page, written: &str) -> String {
    let key = SEEDED
        .iter()
        .find(|key| text::t(Locale::En, key) == written);
    key.map_or_else(|| written.to_owned(), |key| page.t(key))
}

/// The note of a model: phrases with semicolons between them, each delivered or written by people.
pub fn model_note(page: &Page, written: &str) -> String {
    let said: Vec<String> = written
        .split("; ")
        .map(|phrase| seeded(page, phrase))
        .collect();
    said.join("; ")
}

pub fn region_name(page: &Page, written: &str) -> String {
    seeded(page, written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::site::sheet::{Noun, OnExisting};
    use crate::domain::site::*;

    #[test]
    fn every_code_has_a_text() {
        fn keys<T: Display>(prefix: &str, all: &[T]) -> Vec<String> {
            all.iter().map(|code| format!("{prefix}-{code}")).collect()
        }
        let views = [
            "overview", "halls", "racks", "power", "cooling", "outages", "failures", "data",
        ];
        let all = [
            keys("site-tab", &views),
            keys("site-rack-kind", RackKind::ALL),
            keys("site-rack-phase", RackPhase::ALL),
            keys("site-cooling", CoolingKind::ALL),
            keys("site-node-kind", NodeKind::ALL),
            keys("site-supply", Supply::ALL),
            keys("site-workload", Workload::ALL),
            keys("site-month", &(1..=12).collect::<Vec<_>>()),
            keys("site-restriction-status", &["in_force", "announced"]),
            keys(
                "site-outage-state",
                &["planned", "now", "over", "cancelled"],
            ),
            keys("site-data-noun", Noun::ALL),
            keys("site-data-import", Noun::ALL),
            keys("site-data-columns", Noun::ALL),
            keys("site-data-on", OnExisting::ALL),
            keys(
                "site-data-show",
                &["all", "new", "changed", "same", "skipped", "bad"],
            ),
            keys(
                "site-data-what",
                &["new", "changed", "same", "skipped", "bad"],
            ),
            keys("site-reservation", &["held", "assigned", "leased"]),
            SEEDED.iter().map(|key| (*key).to_owned()).collect(),
        ];
        for key in all.concat() {
            for locale in [Locale::Ru, Locale::En] {
                assert!(text::has(locale, &key), "{key}");
            }
        }
    }

    #[test]
    fn every_note_of_the_delivered_models_is_known() {
        let csv = include_str!("../../seed/miner_models.csv");
        let mut phrases = BTreeSet::new();
        for row in csv::Reader::from_reader(csv.as_bytes()).records() {
            let note = row.unwrap().get(6).unwrap_or_default().to_owned();
            phrases.extend(
                note.split("; ")
                    .filter(|p| !p.is_empty())
                    .map(str::to_owned),
            );
        }
        assert!(phrases.len() > 3);
        for phrase in phrases {
            assert!(
                SEEDED.iter().any(|key| text::t(Locale::En, key) == phrase),
                "{phrase}"
            );
        }
    }
}

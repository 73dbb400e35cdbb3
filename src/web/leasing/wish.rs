//! The form of a wish: which machines, how many, where and when. The same for pages and programs.

use crate::db::Conn;
use crate::db::leasing::lists;
use crate::db::site::catalogue::{self, MachineModel};
use crate::db::site::{halls, sites};
use crate::domain::calendar::{Instant, Window};
use crate::domain::identity::access::Permission;
use crate::domain::ids::*;
use crate::domain::message::Message;
use crate::domain::site::{CoolingKind, Supply, Workload};
use crate::domain::units::Watts;
use crate::error::{Error, Result};
use crate::services::leasing::offered::Offers;
use crate::services::leasing::reserve::{self, MOST_UNITS, Wish};
use crate::web::door::Who;
use crate::web::form::Form;
use crate::web::page::Page;
use crate::web::parts::Choice;
use chrono::{Datelike, Months, NaiveDate};

/// Every field, in the order of the page.
pub const FIELDS: [&str; 13] = [
    "tenant",
    "site",
    "hall",
    "model",
    "model_name",
    "watts",
    "supply",
    "cooling",
    "units",
    "workload",
    "from",
    "term",
    "to",
];
/// A machine that is not in the catalogue.
pub const CUSTOM: &str = "custom";
/// Racks for one's own use.
pub const RACK: &str = "rack";
const MOST_WATTS: i64 = 1_000_000;
const MOST_MONTHS: i64 = 240;
const TERMS: [i64; 6] = [1, 3, 6, 12, 24, 36];

/// What the form offers: to a tenant the halls that are offered to it.
#[derive(Clone, Debug)]
pub struct Offer {
    pub sites: Vec<sites::Site>,
    pub halls: Vec<halls::Hall>,
    pub models: Vec<MachineModel>,
    /// Only for whoever may reserve for any tenant.
    pub tenants: Vec<(TenantId, String)>,
}

impl Offer {
    pub fn load(conn: &mut Conn, who: &Who) -> Result<Self> {
        let mut sites = sites::all(conn)?;
        // The house's first site is the usual one; the others follow by name.
        let usual = sites.iter().map(|site| site.id).min();
        sites.sort_by_key(|site| Some(site.id) != usual);
        let mut halls = vec![];
        let mut closed = vec![];
        for site in &sites {
            let all = halls::of_site(conn, site.id)?;
            let offers = Offers::load(conn, site.id, &all)?;
            let (offered, hidden): (Vec<_>, Vec<_>) = all
                .into_iter()
                .partition(|hall| offers.to(hall.id, &who.actor));
            if offered.is_empty() && !hidden.is_empty() {
                closed.push(site.id);
            }
            halls.extend(offered);
        }
        // A site of which nothing is offered is no choice.
        sites.retain(|site| !closed.contains(&site.id));
        let tenants = match who.actor.tenant {
            Some(_) => vec![],
            None => lists::tenant_names(conn)?,
        };
        Ok(Self {
            sites,
            halls,
            models: catalogue::all(conn)?,
            tenants,
        })
    }

    pub fn site(&self, id: SiteId) -> Option<&sites::Site> {
        self.sites.iter().find(|site| site.id == id)
    }

    pub fn has_hall(&self, id: HallId) -> bool {
        self.halls.iter().any(|hall| hall.id == id)
    }

    /// Today at that site.
    pub fn today(&self, id: SiteId, now: Instant) -> Option<NaiveDate> {
        self.site(id).map(|site| site.zone().date(now))
    }

    pub fn site_choices(&self) -> Vec<Choice> {
        self.sites
            .iter()
            .map(|s| Choice::new(s.id.to_string(), &s.name))
            .collect()
    }

    /// Halls of the chosen site.
    pub fn hall_choices(&self, form: &Form) -> Vec<Choice> {
        self.halls
            .iter()
            .filter(|h| h.site_id.to_string() == form.value("site"))
            .map(|h| Choice::new(h.id.to_string(), &h.name))
            .collect()
    }

    pub fn tenant_choices(&self) -> Vec<Choice> {
        self.tenants
            .iter()
            .map(|(id, name)| Choice::new(id.to_string(), name))
            .collect()
    }

    pub fn model_choices(&self, page: &Page) -> Vec<ModelChoice> {
        self.models
            .iter()
            .map(|model| {
                let supply = match model.supply {
                    Some(supply) => page.code("leasing-supply", supply),
                    None => page.t("leasing-supply-open"),
                };
                let cooling = page.code("leasing-cooling", model.cooling);
                let watts = page.int(model.watts.0);
                ModelChoice {
                    value: model.id.to_string(),
                    label: format!(
                        "{} · {watts}\u{a0}{} · {cooling} · {supply}",
                        model.name(),
                        page.t("unit-w"),
                    ),
                    asks_supply: model.supply.is_none(),
                }
            })
            .collect()
    }
}

/// An option of the catalogue; where its supply is open the reader is asked for it.
#[derive(Clone, Debug)]
pub struct ModelChoice {
    pub value: String,
    pub label: String,
    pub asks_supply: bool,
}

pub fn codes<T: Copy + std::fmt::Display>(page: &Page, prefix: &str, all: &[T]) -> Vec<Choice> {
    all.iter()
        .map(|code| Choice::new(code.to_string(), page.code(prefix, code)))
        .collect()
}

pub fn term_choices(page: &Page) -> Vec<Choice> {
    let mut choices: Vec<Choice> = TERMS
        .iter()
        .map(|months| {
            Choice::new(
                months.to_string(),
                page.t1("count-months", "count", *months),
            )
        })
        .collect();
    choices.push(Choice::new("open", page.t("wish-term-open")));
    choices.push(Choice::new("until", page.t("wish-term-until")));
    choices
}

/// What an empty form starts with: the usual machine, from the first of next month, for a year.
pub fn with_defaults(mut form: Form, offer: &Offer, now: Instant) -> Form {
    let fill = |form: Form, name: &str, value: String| {
        if form.value(name).is_empty() {
            form.with(name, value)
        } else {
            form
        }
    };
    if let Some(site) = offer.sites.first() {
        form = fill(form, "site", site.id.to_string());
        let today = site.zone().date(now);
        let first = today.with_day(1).unwrap_or(today) + Months::new(1);
        form = fill(form, "from", first.to_string());
    }
    let usual = offer.models.iter().find(|m| m.model == "Antminer S21");
    if let Some(model) = usual.or(offer.models.first()) {
        form = fill(form, "model", model.id.to_string());
    }
    form = fill(form, "units", "20".to_owned());
    form = fill(form, "workload", Workload::Mining.to_string());
    let term = if form.value("to").is_empty() {
        "12"
    } else {
        "until"
    };
    fill(form, "term", term.to_owned())
}

/// Whether a choice opened fields that are still empty: no mistake yet, only not all of a wish.
pub fn unfinished(form: &Form, offer: &Offer) -> bool {
    let empty = |name: &str| form.value(name).trim().is_empty();
    let asks_supply = |id: &str| {
        let mut models = offer.models.iter();
        models.any(|model| model.supply.is_none() && model.id.to_string() == id)
    };
    match form.value("model") {
        CUSTOM if empty("watts") => true,
        id if asks_supply(id) && empty("supply") => true,
        _ => form.value("term") == "until" && empty("to"),
    }
}

/// The wish of a form; `None` once its fields say what is wrong.
pub fn parse(form: &mut Form, who: &Who, offer: &Offer) -> Option<Wish> {
    parse_part(form, who, offer, "")
}

/// The wish of one part: the fields of its machines carry a suffix, the others are shared.
pub fn parse_part(form: &mut Form, who: &Who, offer: &Offer, suffix: &str) -> Option<Wish> {
    let own = |name: &str| format!("{name}{suffix}");
    let tenant = tenant(form, who, offer);
    let site = form.choice("site", |text| {
        offer.site(SiteId(text.parse().ok()?)).map(|site| site.id)
    });
    let hall = form.optional("hall", |form| {
        form.choice("hall", |text| {
            let id = HallId(text.parse().ok()?);
            offer.halls.iter().find(|hall| hall.id == id)
        })
    });
    let machine = machine(form, offer, &own);
    let units = form.integer(&own("units"), 1..=i64::from(MOST_UNITS));
    let workload = match form.value(&own("workload")) {
        "" => Some(Workload::Mining),
        _ => form.choice(&own("workload"), Workload::parse),
    };
    let window = window(form);
    let (site, hall, machine) = (site?, hall?, machine?);
    // A hall of another site is left from an earlier choice of site.
    let hall = hall.filter(|h| h.site_id == site).map(|h| h.id);
    Some(Wish {
        tenant: tenant?,
        site,
        hall,
        model: machine.model,
        model_name: machine.name,
        workload: workload?,
        cooling: machine.cooling,
        supply: machine.supply,
        units: u32::try_from(units?).ok()?,
        watts_each: machine.watts,
        window: window?,
    })
}

/// A tenant's user wishes for its tenant; others choose, or only look.
fn tenant(form: &mut Form, who: &Who, offer: &Offer) -> Option<TenantId> {
    if let Some(own) = who.actor.tenant {
        return Some(own);
    }
    if form.value("tenant").is_empty() {
        return Some(NOBODY);
    }
    form.choice("tenant", |text| {
        let id = TenantId(text.parse().ok()?);
        offer.tenants.iter().find(|(known, _)| *known == id)
    })
    .map(|(id, _)| *id)
}

/// The tenant of a wish that is only looked at.
pub const NOBODY: TenantId = TenantId(0);

struct Machine {
    model: Option<ModelId>,
    name: String,
    watts: Watts,
    cooling: CoolingKind,
    supply: Supply,
}

fn machine(form: &mut Form, offer: &Offer, own: &impl Fn(&str) -> String) -> Option<Machine> {
    if matches!(form.value(&own("model")), "" | CUSTOM | RACK) {
        return custom(form, own);
    }
    let model = form.choice(&own("model"), |text| {
        let id = ModelId(text.parse().ok()?);
        offer.models.iter().find(|model| model.id == id)
    })?;
    let supply = match model.supply {
        Some(supply) => supply,
        None if form.value(&own("supply")).is_empty() => {
            form.fail(&own("supply"), Message::new("leasing-error-supply"));
            return None;
        }
        None => form.choice(&own("supply"), Supply::parse)?,
    };
    Some(Machine {
        model: Some(model.id),
        name: model.name(),
        watts: model.watts,
        cooling: model.cooling,
        supply,
    })
}

fn custom(form: &mut Form, own: &impl Fn(&str) -> String) -> Option<Machine> {
    let watts = form.integer(&own("watts"), 1..=MOST_WATTS);
    let cooling = form.choice(&own("cooling"), CoolingKind::parse);
    let supply = form.choice(&own("supply"), Supply::parse);
    let name = own("model_name");
    let name = form.optional(&name, |form| form.text(&name, 80));
    let watts = Watts(watts?);
    Some(Machine {
        model: None,
        name: name?.unwrap_or_else(|| format!("{} W", watts.0)),
        watts,
        cooling: cooling?,
        supply: supply?,
    })
}

/// `term` in months, `open`, or `until` with `to`; without a term, `to` or open-ended.
pub fn window(form: &mut Form) -> Option<Window> {
    let from = form.date("from");
    let to = match form.value("term") {
        "open" => Some(None),
        "until" => form.date("to").map(Some),
        "" => form.optional("to", |form| form.date("to")),
        _ => {
            let months = form.integer("term", 1..=MOST_MONTHS);
            from.zip(months)
                .and_then(|(from, months)| after(from, months))
                .map(Some)
        }
    };
    let (from, to) = (from?, to?);
    let window = Window::new(from, to);
    if window.is_none() {
        form.fail("to", Message::new("form-before"));
    }
    window
}

/// What the start's field says to whoever may enter contracts that already run.
pub fn from_hint(page: &Page, who: &Who) -> String {
    match who.may(Permission::EnterContract) {
        true => page.t("wish-from-hint"),
        false => String::new(),
    }
}

/// Whether this reader may ask for that start at its site; a past one is said beside its field.
pub fn starts_in_time(
    form: &mut Form,
    who: &Who,
    from: NaiveDate,
    today: Option<NaiveDate>,
) -> Result<bool> {
    let Some(today) = today else {
        return Ok(true);
    };
    match reserve::starts_in_time(&who.actor, from, today) {
        Ok(()) => Ok(true),
        Err(Error::Invalid(wrong)) => {
            for it in wrong {
                form.fail(&it.field, it.message);
            }
            Ok(false)
        }
        Err(other) => Err(other),
    }
}

/// Whether the wish starts today or later at its site; a past start is said beside its field.
pub fn starts_ahead(form: &mut Form, from: NaiveDate, today: Option<NaiveDate>) -> bool {
    let past = today.is_some_and(|today| from < today);
    if past {
        form.fail("from", Message::new("leasing-error-past"));
    }
    !past
}

fn after(from: NaiveDate, months: i64) -> Option<NaiveDate> {
    from.checked_add_months(Months::new(u32::try_from(months).ok()?))
}

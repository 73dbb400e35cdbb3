//! What the layout needs to know, and the words and numbers of a page in its reader's language.

use actix_web::HttpResponse;
use actix_web::http::header;
use askama::Template;
use chrono::{NaiveDate, NaiveDateTime};
use rust_decimal::Decimal;

use super::assets;
use super::nav::NavItem;
use super::problem::Problem;
use super::reader::{Reader, Theme};
use crate::domain::calendar::{Instant, Month, Zone};
use crate::domain::money::{Currency, Minor};
use crate::domain::units::{WattHours, Watts};
use crate::text::{self, Arg, Locale, Message, format};

/// Who is signed in, as the header shows it.
#[derive(Clone, Debug)]
pub struct UserBadge {
    pub initials: String,
    pub name: String,
    pub role: String,
    /// The tenant's name; the operator's people have none.
    pub tenant: Option<String>,
}

/// What a message after an action is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Ok,
    Info,
    Warn,
    Danger,
    Muted,
}

impl Tone {
    /// The end of its class names: `state-warn`, `flash-warn`, `dot-warn`, `bar-warn`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Danger => "danger",
            Self::Muted => "muted",
        }
    }
}

/// A message shown once, on the page after an action.
#[derive(Clone, Debug)]
pub struct Flash {
    pub tone: Tone,
    pub text: String,
}

/// Everything the layout needs.
#[derive(Clone, Debug)]
pub struct Page {
    pub locale: Locale,
    pub theme: Theme,
    pub title: String,
    /// Path and query of this page: where a change of language or theme comes back to.
    pub path: String,
    pub nav: Vec<NavItem>,
    pub user: Option<UserBadge>,
    pub site: Option<String>,
    /// Times on this page are local to it.
    pub zone: Zone,
    /// The site's own time now, with the zone's short name: `15:40 МСК`.
    pub clock: Option<String>,
    pub flashes: Vec<Flash>,
}

/// A day and a month name one day only within so many days.
const NEAR_DAYS: i64 = 330;

impl Page {
    /// A page without navigation; the caller adds what the reader may see.
    pub fn new(reader: Reader, path: &str) -> Self {
        Self {
            locale: reader.locale,
            theme: reader.theme,
            title: String::new(),
            path: path.to_owned(),
            nav: Vec::new(),
            user: None,
            site: None,
            zone: Zone(chrono_tz::Europe::Moscow),
            clock: None,
            flashes: Vec::new(),
        }
    }

    /// The title by its key: `Page::new(…).titled("nav-home")`.
    pub fn titled(self, key: &str) -> Self {
        let title = text::t(self.locale, key);
        self.named(title)
    }

    /// The title as it is: a name or a number.
    pub fn named(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    pub fn flash(mut self, tone: Tone, text: impl Into<String>) -> Self {
        self.flashes.push(Flash {
            tone,
            text: text.into(),
        });
        self
    }

    pub fn asset(&self, name: &str) -> String {
        assets::asset(name)
    }

    pub fn other_locale(&self) -> Locale {
        match self.locale {
            Locale::Ru => Locale::En,
            Locale::En => Locale::Ru,
        }
    }

    pub fn themes(&self) -> &'static [Theme] {
        Theme::ALL
    }

    pub fn t(&self, key: &str) -> String {
        text::t(self.locale, key)
    }

    /// A text with one value: `page.t1("count-machines", "count", 12)`.
    pub fn t1(&self, key: &str, name: &str, value: impl Into<Arg>) -> String {
        text::t_with(self.locale, key, &[(name, value.into())])
    }

    pub fn t2(
        &self,
        key: &str,
        n1: &str,
        v1: impl Into<Arg>,
        n2: &str,
        v2: impl Into<Arg>,
    ) -> String {
        text::t_with(self.locale, key, &[(n1, v1.into()), (n2, v2.into())])
    }

    pub fn t3(
        &self,
        key: &str,
        (n1, v1): (&str, impl Into<Arg>),
        (n2, v2): (&str, impl Into<Arg>),
        (n3, v3): (&str, impl Into<Arg>),
    ) -> String {
        text::t_with(
            self.locale,
            key,
            &[(n1, v1.into()), (n2, v2.into()), (n3, v3.into())],
        )
    }

    /// The text of a code: `page.code("reservation-state", "held")` is the text `reservation-state-held`.
    pub fn code(&self, prefix: &str, code: impl std::fmt::Display) -> String {
        text::t(self.locale, &format!("{prefix}-{code}"))
    }

    pub fn say(&self, message: &Message) -> String {
        text::say(self.locale, message)
    }

    pub fn say_kept(&self, kept: &str) -> String {
        text::say_kept(self.locale, kept)
    }
}

/// A copyable value, however many references a template puts before it.
pub trait Given<T> {
    fn given(&self) -> T;
}
impl<T: Copy> Given<T> for T {
    fn given(&self) -> T {
        *self
    }
}
impl<T: Copy> Given<T> for &T {
    fn given(&self) -> T {
        **self
    }
}
impl<T: Copy> Given<T> for &&T {
    fn given(&self) -> T {
        ***self
    }
}

/// Numbers and dates in the reader's form; each takes its value or a reference to it.
impl Page {
    /// `1 234,56 ₽`.
    pub fn money(&self, minor: impl Given<Minor>, currency: impl Given<Currency>) -> String {
        format::money(self.locale, minor.given(), currency.given())
    }

    /// `1 234,56`, where the currency stands in the header.
    pub fn amount(&self, minor: impl Given<Minor>) -> String {
        format::amount(self.locale, minor.given())
    }

    /// Whether an amount has VAT in it, in words: the same ones on every page.
    pub fn gross(&self, vat: impl Given<Minor>, total: impl Given<Minor>) -> String {
        match vat.given() == Minor::ZERO && total.given() != Minor::ZERO {
            true => self.t("money-no-vat"),
            false => self.t("money-gross"),
        }
    }

    /// `12,5 кВт`.
    pub fn kw(&self, power: impl Given<Watts>) -> String {
        format::kw(self.locale, power.given())
    }

    /// kW without their unit: `12,5` with one place.
    pub fn kw_num(&self, power: impl Given<Watts>, places: u32) -> String {
        format::number(self.locale, power.given().kilo(), places)
    }

    /// `571 204,118 кВт·ч`.
    pub fn kwh(&self, energy: impl Given<WattHours>) -> String {
        format::kwh(self.locale, energy.given())
    }

    /// kWh without their unit: `571 204` with no places.
    pub fn kwh_num(&self, energy: impl Given<WattHours>, places: u32) -> String {
        format::number(self.locale, energy.given().kilo(), places)
    }

    pub fn num(&self, value: impl Given<Decimal>, places: u32) -> String {
        format::number(self.locale, value.given(), places)
    }

    /// As many decimals as the value has: prices and quantities as they were given.
    pub fn dec(&self, value: impl Given<Decimal>) -> String {
        format::number_up_to(self.locale, value.given(), 28)
    }

    pub fn int(&self, value: impl Given<i64>) -> String {
        format::integer(self.locale, value.given())
    }

    /// A length or a count.
    pub fn count(&self, value: impl Given<usize>) -> String {
        format::integer(
            self.locale,
            i64::try_from(value.given()).unwrap_or(i64::MAX),
        )
    }

    /// Percents: 22 is `22 %`.
    pub fn pct(&self, percents: impl Given<Decimal>, places: u32) -> String {
        format::percent(self.locale, percents.given(), places)
    }

    /// A share of one as percents: 0.953 is `95,3 %`.
    pub fn share(&self, share: impl Given<Decimal>, places: u32) -> String {
        format::share(self.locale, share.given(), places)
    }

    /// For tables: `20.11.2026`.
    pub fn date(&self, day: impl Given<NaiveDate>) -> String {
        format::date(self.locale, day.given())
    }

    /// For sentences: `20 ноября 2026`.
    pub fn date_long(&self, day: impl Given<NaiveDate>) -> String {
        format::date_long(self.locale, day.given())
    }

    /// For sentences about this year: `20 ноября`.
    pub fn date_day(&self, day: impl Given<NaiveDate>) -> String {
        format::date_day(self.locale, day.given())
    }

    /// For sentences: without the year while nobody can mistake it, with it from eleven months away.
    pub fn date_near(&self, day: NaiveDate, today: NaiveDate) -> String {
        if (day - today).num_days().abs() < NEAR_DAYS {
            format::date_day(self.locale, day)
        } else {
            format::date_long(self.locale, day)
        }
    }

    /// For heads of columns: `20 ноя`.
    pub fn date_short(&self, day: impl Given<NaiveDate>) -> String {
        format::date_short(self.locale, day.given())
    }

    /// An instant in the page's zone: `20.11.2026, 15:40`.
    pub fn dt(&self, at: impl Given<Instant>) -> String {
        format::datetime(self.locale, self.zone.local(at.given()))
    }

    /// A local time as it is: `20.11.2026, 15:40`.
    pub fn local(&self, at: impl Given<NaiveDateTime>) -> String {
        format::datetime(self.locale, at.given())
    }

    /// `ноябрь 2026`.
    pub fn month(&self, month: impl Given<Month>) -> String {
        format::month(self.locale, month.given())
    }

    /// The filled part of a bar of a hundred.
    pub fn filled(&self, percent: impl Given<i64>) -> i64 {
        percent.given().clamp(0, 100)
    }
}

/// A page as an answer. Pages are for one reader: no shared cache may keep them.
pub fn html(template: &impl Template) -> Result<HttpResponse, Problem> {
    html_with(actix_web::http::StatusCode::OK, template)
}

/// A form that came back with mistakes answers 422, a refusal 409.
pub fn html_with(
    status: actix_web::http::StatusCode,
    template: &impl Template,
) -> Result<HttpResponse, Problem> {
    let body = template.render().map_err(Problem::internal)?;
    Ok(HttpResponse::build(status)
        .insert_header((header::CACHE_CONTROL, "private, no-cache"))
        .content_type("text/html; charset=utf-8")
        .body(body))
}

/// A page with a secret on it stays in no cache.
pub fn no_store(answer: Result<HttpResponse, Problem>) -> Result<HttpResponse, Problem> {
    let mut response = answer?;
    let value = header::HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, value);
    Ok(response)
}

/// After a POST: the reader's reload repeats nothing.
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, path))
        .finish()
}

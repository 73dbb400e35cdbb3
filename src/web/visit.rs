//! What a handler does with a visit: pages with navigation, lists, reads and use cases.

use super::door::{Visit, Who};
use super::form::Form;
use super::identity::trail;
use super::list::{ListParams, ListSpec};
use super::nav;
use super::page::{Page, Tone, UserBadge};
use super::problem::Problem;
use crate::app::App;
use crate::db::Conn;
use crate::domain::calendar::Zone;
use crate::domain::message::Message;
use crate::error::{Error, Result};
use crate::services::forms;
use crate::text;
use actix_web::HttpResponse;

/// What every handler answers.
pub type Answer = std::result::Result<HttpResponse, Problem>;

impl Visit {
    /// A page with the reader's navigation. `title`: a text key; see `Page::named` for a plain name.
    pub fn page(&self, title: &str) -> Page {
        let path = if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        };
        let mut page = Page::new(self.reader, &path).titled(title);
        page.nav = nav::of(&self.who, &self.path);
        page.user = Some(badge(&self.who, &page));
        if let Some((name, zone)) = &self.who.site {
            page.site = Some(name.clone());
            page.zone = *zone;
            page.clock = Some(clock(*zone, self));
        }
        match self.done() {
            Some(key) => {
                let said = page.t(&key);
                page.flash(Tone::Ok, said)
            }
            None => page,
        }
    }

    /// What the POST before this page did: `?done=cancelled` says the text `done-cancelled`.
    fn done(&self) -> Option<String> {
        let value = self
            .query
            .split('&')
            .find_map(|pair| pair.strip_prefix("done="))?;
        let key = format!("done-{value}");
        text::has(self.reader.locale, &key).then_some(key)
    }

    pub fn list(&self, spec: ListSpec) -> ListParams {
        ListParams::parse(&self.path, &self.query, spec)
    }

    /// Runs a use case; what a form could show comes back as the error, see `Shown`.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&App) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.app.run(work).await
    }

    /// Runs a use case once for each filled-in form, however often it is sent; answers with the path
    /// to go on to.
    pub async fn once(
        &self,
        key: &str,
        work: impl FnOnce(&App) -> Result<String> + Send + 'static,
    ) -> Result<String> {
        let (user, now, key) = (self.who.id, self.now, key.to_owned());
        let once =
            move |app: &App| forms::once(&app.db, user, &key, now, |db| work(&app.with_db(db)));
        let place = self.run(once).await?;
        Ok(self.found(place))
    }

    /// What a form whose first submit died before its answer was about, as the page of it.
    fn found(&self, place: String) -> String {
        if place.starts_with('/') {
            return place;
        }
        let known = place.split_once(' ').and_then(|(noun, id)| {
            let id = id.parse().ok()?;
            trail::href(&self.who, noun, id)
        });
        known.unwrap_or_else(|| "/".to_owned())
    }

    /// Reads for a page.
    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> std::result::Result<T, Problem> {
        self.app.read(work).await.map_err(Problem::from)
    }
}

fn badge(who: &Who, page: &Page) -> UserBadge {
    let initials = who
        .name
        .split_whitespace()
        .filter_map(|word| word.chars().next())
        .take(2)
        .collect();
    UserBadge {
        initials,
        name: who.name.clone(),
        role: page.code("role", who.actor.role),
        tenant: who.tenant_name.clone(),
    }
}

fn clock(zone: Zone, visit: &Visit) -> String {
    use chrono::{DateTime, Offset, TimeZone};
    let at = DateTime::from_timestamp(visit.now.0, 0).unwrap_or_default();
    let local = zone.0.from_utc_datetime(&at.naive_utc());
    let hours = local.offset().fix().local_minus_utc() / 3_600;
    format!("{} UTC{hours:+}", local.format("%H:%M"))
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::NotFound => Self::NotFound,
            Error::Forbidden => Self::Forbidden,
            Error::Rule(message) => Self::Conflict(message),
            Error::Invalid(fields) => Self::BadRequest(
                fields
                    .into_iter()
                    .next()
                    .map_or_else(|| Message::new("problem-bad-request-text"), |f| f.message),
            ),
            Error::Breaks(breaks) => Self::Conflict(
                Message::new("site-error-breaks").with("count", breaks.broken.len() as i64),
            ),
            other => Self::internal(other),
        }
    }
}

impl Form {
    /// Puts what a use case found wrong beside its fields. What no form can show is returned.
    pub fn absorb(&mut self, error: Error) -> std::result::Result<(), Problem> {
        match error {
            Error::Invalid(fields) => {
                for field in fields {
                    self.fail(&field.field, field.message);
                }
                Ok(())
            }
            Error::Rule(message) => {
                self.fail_all(message);
                Ok(())
            }
            other => Err(other.into()),
        }
    }
}

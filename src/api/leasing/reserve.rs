//! A new reservation: one line or several, all of them or none.

use super::super::ask::{Ask, Done};
use super::super::post::Post;
use super::super::problem::Problem;
use super::super::routes::Answer;
use super::super::schema::Day;
use super::availability::{self, window};
use super::refusal::Refusal;
use super::reservations::{OneReservation, one};
use crate::api::ROOT;
use crate::db::identity::tenants;
use crate::db::site::{halls, racks, sites};
use crate::db::{Chain, Conn, Db};
use crate::domain::calendar::Instant;
use crate::domain::identity::access::Actor;
use crate::domain::ids::*;
use crate::domain::leasing::range;
use crate::domain::message::Message;
use crate::domain::site::{CoolingKind, Supply, Workload};
use crate::domain::units::Watts;
use crate::error::{Error, FieldError, Result, field_of, within};
use crate::services::leasing::answer::AnswerAll;
use crate::services::leasing::availability::alternatives;
use crate::services::leasing::offered::Offers;
use crate::services::leasing::reserve::{IfRefused, Wish};
use crate::services::leasing::together::{Asks, Part, reserve_all};
use crate::services::leasing::wish::{Described, machine};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What is wanted together: all lines share tenant, site, hall and window, and get one answer.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReservation {
    /// A tenant's own token leaves it out.
    pub tenant: Option<TenantId>,
    pub site: SiteId,
    /// Only in this hall.
    pub hall: Option<HallId>,
    pub from: Day,
    /// Exclusive; open-ended if not said.
    pub to: Option<Day>,
    #[schema(min_items = 1, max_items = 8)]
    pub lines: Vec<NewLine>,
    /// Whether a wish that does not fit is left as a request for staff; forgotten if not said.
    pub keep_request: Option<bool>,
}

/// A model of the catalogue, or `watts`, `supply` and `cooling` of machines that are not in it.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLine {
    pub model: Option<ModelId>,
    /// What machines are called that are not in the catalogue.
    #[schema(max_length = 80, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$")]
    pub model_name: Option<String>,
    #[schema(minimum = 1, maximum = 1_000_000)]
    pub watts: Option<i64>,
    pub supply: Option<Supply>,
    pub cooling: Option<CoolingKind>,
    /// Mining if not said.
    pub workload: Option<Workload>,
    #[schema(minimum = 1, maximum = 100_000)]
    pub units: i64,
    /// Whole racks for one's own use: `units` counts racks, `watts` is what each may draw.
    pub whole_racks: Option<bool>,
    /// Only on racks with two feeds, each of which carries the machines alone.
    pub two_feeds: Option<bool>,
    /// Only on these racks, by name: `A-01..A-10, B-03`.
    #[schema(max_length = 2_000, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$")]
    pub racks: Option<String>,
}

/// A reservation for each line, in their order.
#[derive(Serialize, ToSchema)]
pub struct Reserved {
    /// Of several lines: held and cancelled together.
    pub bundle: Option<BundleId>,
    pub reservations: Vec<OneReservation>,
}

pub async fn create(ask: Ask, post: Post<NewReservation>) -> Answer<Reserved> {
    let (new, actor, now) = (post.body, ask.actor(), ask.now);
    let site = new.site;
    let chain = move |conn: &mut Conn| {
        let site = field_of("site", sites::get(conn, site))?;
        Ok(Chain::Site(site.id))
    };
    ask.once(&post.given, chain, move |db| book(db, &actor, now, &new))
        .await
}

fn book(db: &Db, who: &Actor, now: Instant, new: &NewReservation) -> Result<Done<Reserved>> {
    let parts = parts(&mut *db.get()?, who, new)?;
    let if_refused = match new.keep_request {
        Some(true) => IfRefused::KeepRequest,
        _ => IfRefused::Forget,
    };
    match reserve_all(db, who, now, &parts, if_refused)? {
        AnswerAll::Accepted(ids) => {
            let conn = &mut *db.get()?;
            let all = ids.iter().map(|id| one(conn, who, now, *id));
            let reservations: Vec<OneReservation> = all.collect::<Result<_>>()?;
            let first = ids.first().copied().unwrap_or(ReservationId(0));
            Ok(Done::Made {
                location: format!("{ROOT}/reservations/{first}"),
                value: Reserved {
                    bundle: reservations.first().and_then(|r| r.reservation.bundle),
                    reservations,
                },
            })
        }
        AnswerAll::Refused(refused) => {
            // What is near is looked for where one kind of machines may stand anywhere.
            let near = match &parts[..] {
                [part] if part.asks == Asks::default() => alternatives(db, who, now, &part.wish)?,
                _ => vec![],
            };
            let refusal = Refusal::new(refused, &parts, near);
            Ok(Done::Refused(Box::new(Problem::refused(refusal))))
        }
    }
}

fn parts(conn: &mut Conn, who: &Actor, new: &NewReservation) -> Result<Vec<Part>> {
    let tenant = match (who.tenant, new.tenant) {
        (Some(own), None) => own,
        (Some(own), Some(asked)) if own == asked => own,
        (None, Some(asked)) => asked,
        _ => return Err(Error::field("tenant", "form-choose")),
    };
    field_of("tenant", tenants::get(conn, tenant))?;
    let window = window(Some(new.from.0), new.to.map(|day| day.0))?;
    let place = (Some(new.site), new.hall);
    let lines = new.lines.iter().enumerate();
    lines
        .map(|(at, line)| {
            let part = part(conn, who, line, |machine| {
                availability::wish(machine, Some(tenant), place, window)
            });
            within(&format!("lines.{at}"), part)
        })
        .collect()
}

fn part(
    conn: &mut Conn,
    who: &Actor,
    line: &NewLine,
    wish: impl FnOnce(crate::services::leasing::wish::Machine) -> Wish,
) -> Result<Part> {
    let said = Described {
        model: line.model,
        name: line.model_name.clone(),
        watts: line.watts.map(Watts),
        cooling: line.cooling,
        supply: line.supply,
    };
    let wish = Wish {
        workload: line.workload.unwrap_or(Workload::Mining),
        units: u32::try_from(line.units).unwrap_or(u32::MAX),
        ..wish(machine(conn, &said)?)
    };
    let asks = Asks {
        whole_racks: line.whole_racks.unwrap_or(false),
        two_feeds: line.two_feeds.unwrap_or(false),
        racks: chosen(
            conn,
            who,
            wish.site,
            line.racks.as_deref().unwrap_or_default(),
        )?,
    };
    Ok(Part { wish, asks })
}

/// None where no racks are named; a rack in a hall that is not offered is as unknown as any other.
fn chosen(conn: &mut Conn, who: &Actor, site: SiteId, text: &str) -> Result<Option<Vec<RackId>>> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    let halls = halls::of_site(conn, site)?;
    let offers = Offers::load(conn, site, &halls)?;
    let mut all = racks::of_site(conn, site)?;
    all.retain(|rack| offers.to(rack.hall_id, who));
    let names: Vec<&str> = all.iter().map(|rack| rack.name.as_str()).collect();
    match range::chosen(text, &names) {
        Ok(found) if found.is_empty() => Ok(None),
        Ok(found) => Ok(Some(found.into_iter().map(|at| all[at].id).collect())),
        Err(unknown) => Err(Error::Invalid(vec![FieldError {
            field: "racks".to_owned(),
            message: Message::new("parts-error-rack").with("rack", unknown),
        }])),
    }
}

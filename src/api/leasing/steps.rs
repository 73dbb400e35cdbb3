//! What becomes of a reservation: cancelled, or assigned to its racks.

use super::super::ask::{Ask, Done};
use super::super::post::Post;
use super::super::problem::Problem;
use super::super::routes::Answer;
use super::super::schema::Nothing;
use super::refusal::Refusal;
use super::reservations::{OneReservation, one};
use crate::db::leasing::reservations as rows;
use crate::db::site::racks;
use crate::db::{Chain, Conn};
use crate::domain::identity::access::Actor;
use crate::domain::ids::{RackId, ReservationId};
use crate::domain::site::Leg;
use crate::error::{Error, Result};
use crate::services::leasing::assign::{self as service, Assigned, Wanted};
use crate::services::leasing::reserve;
use serde::Deserialize;
use utoipa::ToSchema;

/// The line of the site where a reservation stands, for whoever may see it.
pub fn chain_of(conn: &mut Conn, who: &Actor, id: ReservationId) -> Result<Chain> {
    let row = rows::get(conn, id)?;
    match who.sees(row.tenant_id) {
        true => Ok(Chain::Site(row.site_id)),
        false => Err(Error::NotFound),
    }
}

pub async fn cancel(ask: Ask, post: Post<Nothing>) -> Answer<OneReservation> {
    let (id, actor, now) = (ReservationId(ask.id()?), ask.actor(), ask.now);
    let chain = move |conn: &mut Conn| chain_of(conn, &actor, id);
    ask.once(&post.given, chain, move |db| {
        reserve::cancel(db, &actor, now, id)?;
        Ok(Done::Changed(one(&mut *db.get()?, &actor, now, id)?))
    })
    .await
}

#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAssignment {
    /// Together exactly the units of the reservation.
    #[schema(min_items = 1, max_items = 10_000)]
    pub allocations: Vec<WantedPlace>,
}

/// Machines on one rack.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WantedPlace {
    pub rack: RackId,
    /// For single-phase machines.
    pub leg: Option<Leg>,
    #[schema(minimum = 1, maximum = 100_000)]
    pub units: i64,
}

pub async fn assign(ask: Ask, post: Post<NewAssignment>) -> Answer<OneReservation> {
    let (id, actor, now) = (ReservationId(ask.id()?), ask.actor(), ask.now);
    let wanted = post.body.allocations;
    let chain = move |conn: &mut Conn| chain_of(conn, &actor, id);
    ask.once(&post.given, chain, move |db| {
        let wanted = named(&mut *db.get()?, id, &wanted)?;
        match service::assign(db, &actor, now, id, &wanted)? {
            Assigned::Done => Ok(Done::Changed(one(&mut *db.get()?, &actor, now, id)?)),
            Assigned::Refused(refused) => {
                let refusal = Refusal::new(refused, vec![]);
                Ok(Done::Refused(Box::new(Problem::refused(refusal))))
            }
        }
    })
    .await
}

/// Racks by the names that are unique on their site.
fn named(conn: &mut Conn, id: ReservationId, wanted: &[WantedPlace]) -> Result<Vec<Wanted>> {
    let site = rows::get(conn, id)?.site_id;
    let mut found = vec![];
    for (at, place) in wanted.iter().enumerate() {
        let no_rack = || Error::field(&format!("allocations.{at}.rack"), "leasing-error-rack");
        let rack = match racks::get(conn, place.rack) {
            Ok(rack) if rack.site_id == site => rack,
            Ok(_) | Err(Error::NotFound) => return Err(no_rack()),
            Err(error) => return Err(error),
        };
        found.push(Wanted {
            rack: rack.name,
            leg: place.leg,
            units: u32::try_from(place.units).unwrap_or(u32::MAX),
        });
    }
    Ok(found)
}

//! Where a wish would stand if it were reserved now, and what a month of it would cost.

use super::super::ask::Ask;
use super::super::reply::Reply;
use super::super::routes::Answer;
use super::availability::asked;
use super::refusal::Refusal;
use crate::domain::billing::invoice_plan::LineKind;
use crate::domain::calendar::Window;
use crate::services::leasing::availability::alternatives;
use crate::services::leasing::preview::{self, Preview, Spot, rack_share};
use crate::services::leasing::quote::{Priced, Prices};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

/// Nothing is held by it.
#[derive(Serialize, ToSchema)]
pub struct Offer {
    pub from: NaiveDate,
    /// Exclusive; null for an open end.
    pub to: Option<NaiveDate>,
    /// Empty where it does not fit.
    pub places: Vec<OfferedPlace>,
    /// Why it does not fit, if so.
    pub refusal: Option<Refusal>,
    /// How long a reservation would hold its places.
    pub hold_hours: i64,
    /// Null where the site has no plan that prices the month.
    pub price: Option<Price>,
}

/// Machines on one rack.
#[derive(Serialize, ToSchema)]
pub struct OfferedPlace {
    pub rack_name: String,
    pub hall_name: String,
    pub units: i64,
    /// Of them on L1, L2 and L3; all 0 for three-phase machines.
    pub units_on_legs: Vec<i64>,
}

/// The first whole month of the term, on nominal load.
#[derive(Serialize, ToSchema)]
pub struct Price {
    pub plan_name: String,
    /// `2027-01`.
    pub month: String,
    /// ISO 4217; money is in its minor units.
    pub currency: String,
    pub lines: Vec<PriceLine>,
    pub net: i64,
    /// A decimal share: `0.22`.
    pub vat_rate: String,
    pub vat: i64,
    pub total: i64,
}

/// Quantities and unit prices are decimals.
#[derive(Serialize, ToSchema)]
pub struct PriceLine {
    pub kind: LineKind,
    /// Of energy: the tariff zone.
    pub zone: Option<String>,
    pub quantity: Option<String>,
    pub unit_price: Option<String>,
    pub net: i64,
}

pub async fn show(ask: Ask) -> Answer<Offer> {
    let (query, actor, now) = (ask.query.clone(), ask.actor(), ask.now);
    let (window, seen, near, priced, hold_hours) = ask
        .run(move |app| {
            let wish = asked(&mut *app.db.get()?, &query, actor.tenant)?;
            let seen = preview::preview(&app.db, &actor, now, &wish)?;
            let (near, racks) = match &seen {
                Preview::Fits(spots) => (vec![], rack_share(spots)),
                Preview::Refused(_) => {
                    (alternatives(&app.db, &actor, now, &wish)?, rack_share(&[]))
                }
            };
            let prices = app.db.read(|conn| Prices::load(conn, wish.site))?;
            let priced = prices.of(&wish, racks);
            Ok((wish.window, seen, near, priced, prices.site.hold_hours))
        })
        .await?;
    let (places, refusal) = match seen {
        Preview::Fits(spots) => (spots.into_iter().map(place).collect(), None),
        Preview::Refused(refused) => (vec![], Some(Refusal::of(refused, near))),
    };
    let Window { from, to } = window;
    Reply::ok(&Offer {
        from,
        to,
        places,
        refusal,
        hold_hours,
        price: priced.map(price),
    })
}

fn place(spot: Spot) -> OfferedPlace {
    OfferedPlace {
        rack_name: spot.rack,
        hall_name: spot.hall,
        units: spot.units.into(),
        units_on_legs: spot.legs.map(i64::from).to_vec(),
    }
}

fn price(priced: Priced) -> Price {
    let month = priced.month;
    let lines = month.lines.into_iter().map(|line| PriceLine {
        kind: line.kind,
        zone: line.zone,
        quantity: line.quantity.map(|number| number.normalize().to_string()),
        unit_price: line.unit_price.map(|number| number.normalize().to_string()),
        net: line.net.0,
    });
    Price {
        plan_name: priced.plan,
        month: month.period.to_string(),
        currency: priced.currency.to_string(),
        lines: lines.collect(),
        net: month.net.0,
        vat_rate: month.vat_rate.normalize().to_string(),
        vat: month.vat.0,
        total: month.total.0,
    }
}

//! The power tree of a site, leg by leg.

use super::super::ask::Ask;
use super::super::reply::Reply;
use super::super::routes::Answer;
use super::super::schema::Listed;
use super::sites::Share;
use crate::db::site::power::PowerNode;
use crate::domain::ids::{NodeId, SiteId};
use crate::domain::site::{Leg, NodeKind};
use crate::domain::units::Watts;
use crate::services::site::figures::{Figures, NodeLoad};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct Node {
    pub id: NodeId,
    pub site: SiteId,
    pub parent: Option<NodeId>,
    pub kind: NodeKind,
    pub name: String,
    /// As rated, or made of volts and amps.
    pub rated_watts: Watts,
    pub rating_watts: Option<Watts>,
    /// A decimal.
    pub volts: Option<String>,
    /// A decimal.
    pub amps: Option<String>,
    /// Of a node on one leg only.
    pub leg: Option<Leg>,
    /// The share of the rating that may be sold: a decimal in (0, 1].
    pub usable: String,
    /// What the figures of power stand for.
    pub date: NaiveDate,
    pub power: Share,
    pub legs: Vec<LegLoad>,
}

#[derive(Serialize, ToSchema)]
pub struct LegLoad {
    pub leg: Leg,
    pub power: Share,
    /// The most that is sold on any day of the 12 months from the date on.
    pub peak_sold_watts: Watts,
}

/// A node with what its figures say.
struct Known {
    row: PowerNode,
    rated: Watts,
    load: NodeLoad,
    peaks: [Watts; 3],
}

pub async fn list(ask: Ask) -> Answer<Listed<Node>> {
    let (id, now, day) = (SiteId(ask.id()?), ask.now, ask.query.day("date"));
    let (day, all) = ask
        .read(move |conn| {
            let figures = Figures::on(conn, id, now, day)?;
            let peaks = figures.node_peaks();
            let mut all = vec![];
            for (at, peaks) in peaks.into_iter().enumerate() {
                all.push(Known {
                    row: figures.house.nodes[at].clone(),
                    rated: figures.rated(at)?,
                    load: figures.node(at, 0),
                    peaks,
                });
            }
            Ok((figures.day, all))
        })
        .await?;
    Reply::page_of_all(&ask, all, |known| known.row.id.0, |known| node(day, known))
}

fn node(date: NaiveDate, known: Known) -> Node {
    let Known {
        row,
        rated,
        load,
        peaks,
    } = known;
    let legs = Leg::ALL.iter().map(|leg| LegLoad {
        leg: *leg,
        power: load.legs[leg.index()].into(),
        peak_sold_watts: peaks[leg.index()],
    });
    Node {
        id: row.id,
        site: row.site_id,
        parent: row.parent_id,
        kind: row.kind,
        name: row.name,
        rated_watts: rated,
        rating_watts: row.rating_watts,
        volts: row.volts,
        amps: row.amps,
        leg: row.leg,
        usable: row.usable,
        date,
        power: load.whole.into(),
        legs: legs.collect(),
    }
}

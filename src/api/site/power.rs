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
use crate::services::site::nodes::{self, NodeFigures};
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
    /// What the meters of the racks below said last; null where none spoke, and of another day.
    pub drawn_watts: Option<Watts>,
    /// The leg on which least is left in the 12 months from the date on.
    pub binding_leg: Leg,
    pub legs: Vec<LegLoad>,
}

#[derive(Serialize, ToSchema)]
pub struct LegLoad {
    pub leg: Leg,
    pub power: Share,
    /// The most that is sold on any day of the 12 months from the date on.
    pub peak_sold_watts: Watts,
    /// The day in them on which least is left.
    pub tightest_on: NaiveDate,
    /// How much is left then; negative: oversold.
    pub tightest_watts: Watts,
}

/// A node with what its figures say.
struct Known {
    row: PowerNode,
    rated: Watts,
    figures: NodeFigures,
}

pub async fn list(ask: Ask) -> Answer<Listed<Node>> {
    let (id, now, day) = (SiteId(ask.id()?), ask.now, ask.query.day("date"));
    let (day, all) = ask
        .read(move |conn| {
            let tree = nodes::tree_on(conn, id, now, day)?;
            let mut all = vec![];
            for figures in tree.nodes {
                all.push(Known {
                    row: tree.figures.house.nodes[figures.now.at].clone(),
                    rated: tree.figures.rated(figures.now.at)?,
                    figures,
                });
            }
            Ok((tree.figures.day, all))
        })
        .await?;
    Reply::page_of_all(&ask, all, |known| known.row.id.0, |known| node(day, known))
}

fn node(date: NaiveDate, known: Known) -> Node {
    let Known {
        row,
        rated,
        figures,
    } = known;
    let legs = Leg::ALL.iter().map(|leg| {
        let (tightest_on, tightest_watts) = figures.tightest[leg.index()];
        LegLoad {
            leg: *leg,
            power: figures.now.legs[leg.index()].into(),
            peak_sold_watts: figures.peak[leg.index()].sold,
            tightest_on,
            tightest_watts,
        }
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
        power: figures.now.whole.into(),
        drawn_watts: figures.drawn,
        binding_leg: Leg::ALL[figures.binding_leg()],
        legs: legs.collect(),
    }
}

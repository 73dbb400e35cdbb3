//! One rack with what feeds and cools it, without a count of the rest of its site.

use super::figures::{Load, load};
use crate::db::site::racks::Rack;
use crate::db::site::sites::Site;
use crate::domain::ids::NodeId;
use crate::domain::site::{CoolingKind, NodeKind};
use crate::error::{Error, Result};
use crate::services::leasing::ready::Ready;

/// A node on the way from the rack to the grid.
pub struct FeedStep {
    pub name: String,
    pub kind: NodeKind,
    pub load: Load,
}

pub struct RackFigures {
    pub site: Site,
    pub hall: String,
    pub slots_used: i64,
    pub load: Load,
    /// For each feed, from it up.
    pub feeds: Vec<Vec<FeedStep>>,
    pub zone: String,
    pub cooling: CoolingKind,
    pub zone_load: Load,
}

/// Today, on the site as it stands.
pub fn figures(ready: &Ready, rack: &Rack) -> Result<RackFigures> {
    let (house, standing) = (&ready.house, &ready.standing);
    let at = house.rack_position(rack.id).ok_or(Error::NotFound)?;
    let used = standing.rack_on(at, house.today);
    let zone = house.plan.racks[at].zone;
    let (usable, sold) = standing.zone_on(zone, house.today);
    let feeds = [Some(rack.feed_a), rack.feed_b].into_iter().flatten();
    Ok(RackFigures {
        site: house.site.clone(),
        hall: house.hall_name(rack.hall_id).to_owned(),
        slots_used: used.slots.into(),
        load: Load {
            usable: rack.limit_watts,
            sold: used.watts,
        },
        feeds: feeds.map(|id| chain(ready, id)).collect(),
        zone: house.zones[zone].name.clone(),
        cooling: house.zones[zone].kind,
        zone_load: Load { usable, sold },
    })
}

fn chain(ready: &Ready, id: NodeId) -> Vec<FeedStep> {
    let (house, standing) = (&ready.house, &ready.standing);
    let mut at = house.node_position(id);
    let mut chain = vec![];
    while let Some(here) = at {
        let (usable, sold) = standing.node_on(here, house.today);
        chain.push(FeedStep {
            name: house.nodes[here].name.clone(),
            kind: house.nodes[here].kind,
            load: load(usable.iter().sum(), sold.iter().sum()),
        });
        at = house.plan.nodes[here].parent;
    }
    chain
}

//! What racks draw now, as their meters said last.

use crate::db::Conn;
use crate::db::metering::drawn;
use crate::domain::calendar::Instant;
use crate::domain::ids::RackId;
use crate::domain::units::Watts;
use crate::error::Result;
use crate::services::leasing::house::House;
use std::collections::HashMap;

/// A reading older than this says nothing about now.
const FRESH_HOURS: i64 = 24;
const HOUR_SECONDS: i64 = 3_600;

/// The mean power of the latest interval of each rack that has a meter which spoke in the last day;
/// several meters of one rack are summed.
pub fn by_rack(conn: &mut Conn, house: &House, now: Instant) -> Result<HashMap<RackId, Watts>> {
    let since = now.plus_hours(-FRESH_HOURS);
    let mut found: HashMap<RackId, Watts> = HashMap::new();
    for row in drawn::of_racks(conn, house.site.id, since, house.today)? {
        let seconds = (row.end_at.0 - row.start_at.0).max(1);
        let watts = row.wh.0.saturating_mul(HOUR_SECONDS) / seconds;
        *found.entry(row.rack_id).or_default() += Watts(watts);
    }
    Ok(found)
}

/// What the racks under each node draw, by position; `None` where no rack under it has a meter that
/// spoke. A rack on two feeds counts under both, for either may carry it.
pub fn by_node(house: &House, drawn: &HashMap<RackId, Watts>) -> Vec<Option<Watts>> {
    let plan = &house.plan;
    let mut found = vec![None; plan.nodes.len()];
    for (rack, row) in plan.racks.iter().zip(&house.racks) {
        let Some(&watts) = drawn.get(&row.id) else {
            continue;
        };
        let mut above: Vec<usize> = vec![];
        for feed in [Some(rack.feeds.0), rack.feeds.1].into_iter().flatten() {
            let mut at = Some(feed);
            while let Some(node) = at.filter(|node| !above.contains(node)) {
                above.push(node);
                at = plan.nodes[node].parent;
            }
        }
        for node in above {
            *found[node].get_or_insert(Watts::ZERO) += watts;
        }
    }
    found
}

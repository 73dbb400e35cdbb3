//! What racks draw, as their meters said last.

use crate::db::Conn;
use crate::db::metering::drawn::{self, Among, Taken};
use crate::domain::calendar::Instant;
use crate::domain::ids::RackId;
use crate::domain::leasing::place;
use crate::domain::units::Watts;
use crate::error::Result;
use crate::services::leasing::house::House;
use chrono::NaiveDate;
use std::collections::HashMap;

/// A reading older than this says nothing about its moment.
const FRESH_HOURS: i64 = 24;

/// The values that count at a moment of a local day.
pub fn taken(until: Instant, day: NaiveDate) -> Taken {
    Taken {
        since: until.plus_hours(-FRESH_HOURS),
        until,
        day,
    }
}

/// The mean power of the latest interval of each rack whose meters spoke, several meters of one rack
/// summed; and when the latest of these intervals ended.
pub fn by_rack(
    conn: &mut Conn,
    among: Among,
    taken: Taken,
) -> Result<(HashMap<RackId, Watts>, Option<Instant>)> {
    let mut found: HashMap<RackId, Watts> = HashMap::new();
    let mut last = None;
    for (rack, measured) in drawn::of_racks(conn, among, taken)? {
        *found.entry(rack).or_default() += measured.power();
        last = last.max(Some(measured.end));
    }
    Ok((found, last))
}

/// What the racks under each node draw, by position; `None` where no rack under it has a meter that
/// spoke. A rack on two feeds counts under both, for either may carry it.
pub fn by_node(house: &House, drawn: &HashMap<RackId, Watts>) -> Vec<Option<Watts>> {
    let mut found = vec![None; house.plan.nodes.len()];
    for (at, row) in house.racks.iter().enumerate() {
        let Some(&watts) = drawn.get(&row.id) else {
            continue;
        };
        for node in place::chain(&house.plan, at) {
            *found[node].get_or_insert(Watts::ZERO) += watts;
        }
    }
    found
}

//! Whether the machines of a lease are metered, and where a meter is still to be put into service.

use super::reservations::Loaded;
use crate::db::Conn;
use crate::db::leasing::leases::Lease;
use crate::db::metering::meters::{self, Meter};
use crate::domain::ids::RackId;
use crate::error::Result;
use chrono::NaiveDate;

/// What is known of the meters of a lease.
pub struct Metering {
    /// Something measures at least a part of it.
    pub serves: bool,
    /// The form of the meter that is missing, filled in with what is known.
    pub missing: Option<String>,
}

/// A meter of its own measures all of a lease; without one, each of its racks needs a meter.
pub fn metering(conn: &mut Conn, lease: &Lease, held: &Loaded, day: NaiveDate) -> Result<Metering> {
    let serves = |meter: &Meter| meter.to_date.is_none_or(|to| to > day);
    let own = meters::of_lease(conn, lease.id)?.iter().any(serves);
    let mut racks: Vec<RackId> = held
        .allocations
        .iter()
        .filter(|stand| stand.to.is_none_or(|to| to > day))
        .map(|stand| stand.rack_id)
        .collect();
    racks.sort_unstable();
    racks.dedup();
    let of_racks = meters::of_racks(conn, &racks)?;
    let measured = |rack: &RackId| {
        let here = |meter: &Meter| meter.rack_id == Some(*rack) && meter.lease_id.is_none();
        of_racks.iter().any(|meter| here(meter) && serves(meter))
    };
    let bare: Vec<RackId> = racks.iter().copied().filter(|r| !measured(r)).collect();
    let form = format!("/meters/new?site={}", lease.site_id);
    let missing = match (&racks[..], &bare[..]) {
        _ if own => None,
        (_, []) => None,
        ([rack], _) => Some(format!("{form}&rack={rack}&lease={}", lease.id)),
        (all, bare) if bare.len() == all.len() => Some(format!("{form}&lease={}", lease.id)),
        (_, [rack, ..]) => Some(format!("{form}&rack={rack}")),
    };
    Ok(Metering {
        serves: own || bare.len() < racks.len(),
        missing,
    })
}

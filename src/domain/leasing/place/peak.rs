//! The fullest moment of each leg within a window: what a planner looks at before selling more.

use super::ground::Ground;
use super::profile::Profile;
use super::types::{Booking, Site};
use super::verify::holders;
use crate::domain::calendar::Window;
use crate::domain::site::Leg;
use chrono::NaiveDate;

/// Thirds of a watt. `sold`: the most that is sold on any day of the window; `free`: the least that
/// is left on any day (negative where more is sold than there is), first on `tightest`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peak {
    pub sold: i64,
    pub free: i64,
    pub tightest: NaiveDate,
}

/// By node, L1 to L3.
pub fn node_peaks(site: &Site, bookings: &[Booking], window: Window) -> Vec<[Peak; 3]> {
    let ground = Ground::new(site);
    let profile = Profile::new(&ground, holders(bookings));
    peaks(&ground, &profile, window)
}

pub(super) fn peaks(ground: &Ground, profile: &Profile, window: Window) -> Vec<[Peak; 3]> {
    let peak = |node: usize, leg: Leg| {
        let res = ground.node_leg(node, leg);
        let (sold, _) = profile.steps(res).most_used(window);
        let (free, tightest) = profile.tightest(ground, res, window);
        Peak {
            sold,
            free,
            tightest,
        }
    };
    (0..ground.site.nodes.len())
        .map(|node| [Leg::L1, Leg::L2, Leg::L3].map(|leg| peak(node, leg)))
        .collect()
}

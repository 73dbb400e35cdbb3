//! Where a reservation stands, as stored and as seen at a moment.

use crate::codes;
use crate::domain::calendar::Instant;
use chrono::NaiveDate;

codes!(
    /// What is stored: that a hold has run out is decided by `now`, not by a job that must have run.
    ReservationState { Held = "held", Cancelled = "cancelled", Leased = "leased" }
);
codes!(
    /// What a reader sees.
    ReservationStatus {
        Held = "held",
        Assigned = "assigned",
        Expired = "expired",
        Cancelled = "cancelled",
        Leased = "leased",
    }
);

codes!(
    /// Where a lease stands on a day.
    LeaseState { Upcoming = "upcoming", Active = "active", Notice = "notice", Ended = "ended" }
);

/// `noticed`: its end was given notice of. `end` is exclusive.
pub fn lease_state(
    start: NaiveDate,
    end: Option<NaiveDate>,
    noticed: bool,
    today: NaiveDate,
) -> LeaseState {
    if end.is_some_and(|end| end <= today) {
        LeaseState::Ended
    } else if start > today {
        LeaseState::Upcoming
    } else if noticed {
        LeaseState::Notice
    } else {
        LeaseState::Active
    }
}

/// The status at `now`; a hold lasts until, and not at, `hold_until`.
pub fn status(
    state: ReservationState,
    hold_until: Instant,
    assigned: bool,
    now: Instant,
) -> ReservationStatus {
    match state {
        ReservationState::Cancelled => ReservationStatus::Cancelled,
        ReservationState::Leased => ReservationStatus::Leased,
        ReservationState::Held if hold_until <= now => ReservationStatus::Expired,
        ReservationState::Held if assigned => ReservationStatus::Assigned,
        ReservationState::Held => ReservationStatus::Held,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_ends_at_its_instant() {
        let at = Instant(100);
        let status_at = |now| status(ReservationState::Held, at, false, Instant(now));
        assert_eq!(status_at(99), ReservationStatus::Held);
        assert_eq!(status_at(100), ReservationStatus::Expired);
        assert_eq!(
            status(ReservationState::Leased, at, true, Instant(200)),
            ReservationStatus::Leased
        );
    }
}

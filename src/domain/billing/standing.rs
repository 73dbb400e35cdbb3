//! Where an invoice stands: derived from what was paid and from the day, never stored.

use crate::codes;
use crate::domain::money::Minor;
use chrono::NaiveDate;

codes!(
    /// A partly paid invoice past its due date is overdue.
    Standing {
        Open = "open",
        PartlyPaid = "partly_paid",
        Overdue = "overdue",
        Paid = "paid",
    }
);

impl Standing {
    /// Overdue from the day after `due`. Nothing to pay (a credit, 0.00) is paid.
    pub fn of(total: Minor, paid: Minor, due: NaiveDate, today: NaiveDate) -> Self {
        if paid >= total {
            Self::Paid
        } else if due < today {
            Self::Overdue
        } else if paid > Minor::ZERO {
            Self::PartlyPaid
        } else {
            Self::Open
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_and_the_day_decide() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let at = |paid, today| Standing::of(Minor(100), Minor(paid), day("2026-11-11"), day(today));
        assert_eq!(at(0, "2026-11-11"), Standing::Open);
        assert_eq!(at(1, "2026-11-11"), Standing::PartlyPaid);
        assert_eq!(at(99, "2026-11-12"), Standing::Overdue);
        assert_eq!(at(100, "2026-12-31"), Standing::Paid);
    }
}

//! How the value of an interval came to be.

use crate::codes;

codes!(
    /// Register: the rise of one, spread evenly. By hand: an estimate by a person. Edited: a value
    /// that a person put in a reading's place.
    Method {
        Measured = "measured",
        Register = "register",
        Interpolated = "interpolated",
        LikeDays = "like_days",
        ByHand = "by_hand",
        Edited = "edited",
    }
);

impl Method {
    /// As it is stored.
    pub fn number(self) -> i32 {
        match self {
            Self::Measured => 0,
            Self::Register => 1,
            Self::Interpolated => 2,
            Self::LikeDays => 3,
            Self::ByHand => 4,
            Self::Edited => 5,
        }
    }

    pub fn of_number(number: i32) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.number() == number)
    }

    /// A guess, which any reading replaces.
    pub fn is_estimate(self) -> bool {
        matches!(self, Self::Interpolated | Self::LikeDays | Self::ByHand)
    }
}

//! Power and energy as whole numbers of their smallest unit.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use std::iter::Sum;
use std::ops::{Add, AddAssign, Neg, Sub, SubAssign};

macro_rules! quantity {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);

        impl $name {
            pub const ZERO: Self = Self(0);

            /// The same quantity in thousands (kW, kWh), exact to three decimals.
            pub fn kilo(self) -> Decimal {
                Decimal::new(self.0, 3)
            }

            /// Rounded half away from zero to a whole unit; `None` if it does not fit 64 bits.
            pub fn from_kilo(kilo: Decimal) -> Option<Self> {
                Self::from_decimal(kilo.checked_mul(Decimal::ONE_THOUSAND)?)
            }

            /// Rounded half away from zero to a whole unit; `None` if it does not fit 64 bits.
            pub fn from_decimal(units: Decimal) -> Option<Self> {
                units
                    .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)
                    .to_i64()
                    .map(Self)
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }
        impl Neg for $name {
            type Output = Self;
            fn neg(self) -> Self {
                Self(-self.0)
            }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }
        impl SubAssign for $name {
            fn sub_assign(&mut self, other: Self) {
                self.0 -= other.0;
            }
        }
        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
                items.fold(Self::ZERO, Add::add)
            }
        }
    };
}

quantity!(
    /// Electrical (and therefore heat) power, in whole watts.
    Watts
);
quantity!(
    /// Energy, in whole watt-hours.
    WattHours
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kilo_is_exact_both_ways() {
        assert_eq!(Watts(3_500).kilo().to_string(), "3.500");
        assert_eq!(Watts::from_kilo(Decimal::new(35, 1)), Some(Watts(3_500)));
        assert_eq!(Watts::from_kilo(Decimal::new(10005, 4)), Some(Watts(1_001)));
        assert_eq!(Watts::from_kilo(Decimal::MAX), None);
    }
}

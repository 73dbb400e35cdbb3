//! Money in minor units of a currency; prices as decimals.

use rust_decimal::prelude::ToPrimitive;
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};
use std::fmt;

/// An ISO 4217 code (or `USDT`). Every currency known here has two decimal places.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Currency {
    Rub,
    Usd,
    Eur,
    Cny,
    Usdt,
}

impl Currency {
    pub const ALL: [Currency; 5] = [Self::Rub, Self::Usd, Self::Eur, Self::Cny, Self::Usdt];

    pub fn code(self) -> &'static str {
        match self {
            Self::Rub => "RUB",
            Self::Usd => "USD",
            Self::Eur => "EUR",
            Self::Cny => "CNY",
            Self::Usdt => "USDT",
        }
    }

    /// What stands beside an amount for a reader.
    pub fn sign(self) -> &'static str {
        match self {
            Self::Rub => "₽",
            Self::Usd => "$",
            Self::Eur => "€",
            Self::Cny => "¥",
            Self::Usdt => "USDT",
        }
    }

    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|c| c.code() == code)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount in minor units (kopecks, cents): the currency stands beside it on its document.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Minor(pub i64);

impl Minor {
    pub const ZERO: Self = Self(0);

    /// Major units with two decimals.
    pub fn major(self) -> Decimal {
        Decimal::new(self.0, 2)
    }

    /// `round2`: half away from zero to 0.01. `None` if it does not fit 64 bits.
    pub fn round2(major: Decimal) -> Option<Self> {
        major
            .checked_mul(Decimal::ONE_HUNDRED)?
            .round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)
            .to_i64()
            .map(Self)
    }

    /// Exactly this amount: `None` where it has more than two decimals or does not fit.
    pub fn exact(major: Decimal) -> Option<Self> {
        let minor = Self::round2(major)?;
        (minor.major() == major).then_some(minor)
    }
}

impl std::ops::Add for Minor {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}
impl std::ops::Sub for Minor {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}
impl std::ops::Neg for Minor {
    type Output = Self;
    fn neg(self) -> Self {
        Self(-self.0)
    }
}
impl std::iter::Sum for Minor {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::ZERO, std::ops::Add::add)
    }
}

/// Money with its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    pub minor: Minor,
    pub currency: Currency,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    #[test]
    fn halves_round_away_from_zero() {
        for (text, minor) in [
            ("1.005", 101),
            ("-0.125", -13),
            ("0.004999", 0),
            ("2.675", 268),
        ] {
            assert_eq!(
                Minor::round2(Decimal::from_str(text).unwrap()),
                Some(Minor(minor)),
                "{text}"
            );
        }
    }

    #[test]
    fn exact_refuses_a_third_decimal() {
        assert_eq!(
            Minor::exact(Decimal::from_str("1.25").unwrap()),
            Some(Minor(125))
        );
        assert_eq!(Minor::exact(Decimal::from_str("1.255").unwrap()), None);
    }
}

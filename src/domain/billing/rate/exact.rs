//! Decimal products and quotients without a silent loss: exact, or an overflow.

use super::RateError;
use rust_decimal::Decimal;
use std::cmp::Ordering;

/// `mantissa × 10^-scale`, with more room than a `Decimal`, which would drop digits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Exact {
    mantissa: i128,
    scale: u32,
}

impl Exact {
    pub const ZERO: Self = Self {
        mantissa: 0,
        scale: 0,
    };

    pub fn of(value: Decimal) -> Self {
        let value = value.normalize();
        Self {
            mantissa: value.mantissa(),
            scale: value.scale(),
        }
    }

    pub fn whole(value: i64) -> Self {
        Self {
            mantissa: value.into(),
            scale: 0,
        }
    }

    pub fn times(self, factor: Decimal) -> Option<Self> {
        let factor = Self::of(factor);
        let mantissa = self.mantissa.checked_mul(factor.mantissa)?;
        Some(Self {
            mantissa,
            scale: self.scale + factor.scale,
        })
    }

    pub fn times_whole(self, factor: i64) -> Option<Self> {
        Some(Self {
            mantissa: self.mantissa.checked_mul(factor.into())?,
            ..self
        })
    }

    pub fn plus(self, other: Self) -> Option<Self> {
        let (a, b, scale) = self.aligned(other)?;
        Some(Self {
            mantissa: a.checked_add(b)?,
            scale,
        })
    }

    pub fn minus(self, other: Self) -> Option<Self> {
        let (a, b, scale) = self.aligned(other)?;
        Some(Self {
            mantissa: a.checked_sub(b)?,
            scale,
        })
    }

    pub fn compare(self, other: Self) -> Option<Ordering> {
        let (a, b, _) = self.aligned(other)?;
        Some(a.cmp(&b))
    }

    pub fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    /// `self ÷ divisor`, rounded half away from zero to `places` decimals, in units of the last one.
    pub fn round_over(self, divisor: i64, places: u32) -> Option<i64> {
        self.round_ratio(Self::whole(divisor), places)
    }

    /// `self ÷ other`, rounded half away from zero to `places` decimals, in units of the last one.
    pub fn round_ratio(self, other: Self, places: u32) -> Option<i64> {
        // Only the difference of the scales matters, which keeps both sides small.
        let lift = i64::from(places) + i64::from(other.scale) - i64::from(self.scale);
        let power = 10_i128.checked_pow(u32::try_from(lift.unsigned_abs()).ok()?)?;
        let (above, below) = if lift >= 0 {
            (self.mantissa.checked_mul(power)?, other.mantissa)
        } else {
            (self.mantissa, other.mantissa.checked_mul(power)?)
        };
        i64::try_from(divide_half_away(above, below)?).ok()
    }

    fn aligned(self, other: Self) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        let lift = |value: Self| {
            value
                .mantissa
                .checked_mul(10_i128.checked_pow(scale - value.scale)?)
        };
        Some((lift(self)?, lift(other)?, scale))
    }
}

fn divide_half_away(above: i128, below: i128) -> Option<i128> {
    let whole = above.checked_div(below)?;
    let rest = above.checked_rem(below)?.unsigned_abs();
    if rest < below.unsigned_abs() - rest {
        return Some(whole);
    }
    whole.checked_add(if (above < 0) == (below < 0) { 1 } else { -1 })
}

/// What did not fit becomes an error that names it.
pub(super) fn fits<T>(value: Option<T>, what: &'static str) -> Result<T, RateError> {
    value.ok_or(RateError::Overflow { what })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exact(text: &str) -> Exact {
        Exact::of(text.parse().unwrap())
    }

    #[test]
    fn quotients_round_half_away_from_zero() {
        for (value, divisor, places, rounded) in [
            ("0.125", 1, 2, 13),
            ("-0.125", 1, 2, -13),
            ("1", 3, 2, 33),
            ("2", 3, 2, 67),
            ("-2", 3, 2, -67),
            ("1.0050", 1, 2, 101),
            ("45", 18, 0, 3),
            ("44.999999999", 18, 0, 2),
            ("0", 31, 2, 0),
        ] {
            assert_eq!(
                exact(value).round_over(divisor, places),
                Some(rounded),
                "{value}/{divisor}"
            );
        }
    }

    #[test]
    fn what_does_not_fit_is_none() {
        let huge = Decimal::MAX;
        assert!(Exact::of(huge).times(huge).is_none());
        assert!(Exact::of(huge).round_over(1, 2).is_none());
        assert!(exact("1").round_over(0, 2).is_none());
        assert!(
            Exact {
                mantissa: i128::MAX,
                scale: 0
            }
            .plus(exact("0.1"))
            .is_none()
        );
    }
}

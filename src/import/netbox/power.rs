//! NetBox's own figure of a feed.

use crate::domain::units::Watts;

/// `Available Power (VA)` as NetBox 4 computes it: `|volts| × amps × max %`, times 1.732 on three
/// phases, rounded half to even. (Its √3 has three places, so its figure is up to 0.003 % lower
/// than the exact one.)
pub fn available(volts: i64, amps: i64, percent: i64, three_phase: bool) -> Option<Watts> {
    let whole = i128::from(volts.abs()) * i128::from(amps) * i128::from(percent);
    let (above, below) = if three_phase {
        (whole.checked_mul(1_732)?, 100_000)
    } else {
        (whole, 100)
    };
    let (quotient, rest) = (above / below, above % below);
    let up = rest * 2 > below || rest * 2 == below && quotient % 2 == 1;
    i64::try_from(quotient + i128::from(up)).ok().map(Watts)
}

/// The smallest rating of which `percent` are at least `power`: as a share of it, rounded down to a
/// watt, that is exactly `power` again.
pub fn rating(power: Watts, percent: i64) -> Watts {
    Watts((power.0 * 100 + percent - 1) / percent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::leasing::place;
    use crate::domain::site::Leg;
    use proptest::prelude::*;
    use rust_decimal::Decimal;

    #[test]
    fn the_figures_of_the_sample() {
        for (volts, amps, percent, three, power) in [
            (400, 63, 80, true, 34_917),
            (400, 32, 80, true, 17_736),
            (230, 32, 80, false, 5_888),
            (400, 63, 100, true, 43_646),
            (400, 125, 80, true, 69_280),
            (400, 250, 80, true, 138_560),
            (-48, 100, 80, false, 3_840),
            (10, 1, 25, false, 2),
            (10, 1, 35, false, 4),
        ] {
            assert_eq!(available(volts, amps, percent, three), Some(Watts(power)));
        }
    }

    proptest! {
        #[test]
        fn a_rating_gives_back_the_figure_to_the_watt(volts in 1_i64..50_000, amps in 1_i64..10_000, percent in 1_i64..=100, three: bool) {
            let power = available(volts, amps, percent, three).unwrap();
            prop_assume!(power.0 > 0);
            let rating = rating(power, percent);
            let usable = Decimal::new(percent, 2);
            let legs = if three {
                place::legs_from_rating(rating, usable)
            } else {
                place::legs_from_supply(Decimal::from(rating.0), Decimal::ONE, Some(Leg::L2), usable)
            };
            prop_assert_eq!(legs.iter().sum::<i64>() / 3, power.0);
        }
    }
}

//! What a nameplate makes of a node's legs, exactly, rounded down to a third of a watt.

use crate::domain::site::Leg;
use crate::domain::units::Watts;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Thirds of a watt per leg of a node rated in watts, of which the share `usable` may be used.
/// Each leg has a third of the whole, so its thirds of a watt are the whole's watts.
pub fn legs_from_rating(rating: Watts, usable: Decimal) -> [i64; 3] {
    legs_from_watts(Decimal::from(rating.0), usable)
}

/// As `legs_from_rating`, for a rating with a fraction of a watt.
pub fn legs_from_watts(watts: Decimal, usable: Decimal) -> [i64; 3] {
    [floor(watts.checked_mul(usable)); 3]
}

/// Thirds of a watt per leg: `phases: None` is three-phase, `√3 × volts × amps × usable` watts
/// over three legs; a single-phase node has `volts × amps × usable` watts on its one leg.
pub fn legs_from_supply(
    volts: Decimal,
    amps: Decimal,
    phases: Option<Leg>,
    usable: Decimal,
) -> [i64; 3] {
    let watts = volts
        .checked_mul(amps)
        .and_then(|both| both.checked_mul(usable));
    match phases {
        None => [watts.map_or(0, times_root_three); 3],
        Some(leg) => {
            let mut legs = [0; 3];
            legs[leg.index()] = floor(watts.and_then(|watts| watts.checked_mul(Decimal::from(3))));
            legs
        }
    }
}

/// What all legs carry together, rounded down to a watt.
pub fn usable_watts(legs: [i64; 3]) -> Watts {
    Watts(legs.iter().sum::<i64>() / 3)
}

/// What units of cooling remove when the `spare` largest of them rest.
pub fn watts_without_spare(mut units: Vec<Watts>, spare: u32) -> Watts {
    units.sort_unstable();
    units.truncate(units.len().saturating_sub(spare as usize));
    units.into_iter().sum()
}

/// `⌊√3 × watts⌋`, by integer square root: `⌊√(3n² / 10^2s)⌋` for `watts = n / 10^s`.
fn times_root_three(watts: Decimal) -> i64 {
    let watts = watts.normalize();
    let (mut digits, mut scale) = (watts.mantissa().max(0) as u128, watts.scale());
    // Beyond 18 digits the square leaves 128 bits; what is cut off only makes the leg smaller.
    while digits >= 10_u128.pow(18) && scale > 0 {
        (digits, scale) = (digits / 10, scale - 1);
    }
    let square = digits
        .checked_mul(digits)
        .and_then(|square| square.checked_mul(3));
    let root = square.map(|square| match 10_u128.checked_pow(2 * scale) {
        Some(unit) => (square / unit).isqrt(),
        None => 0,
    });
    root.and_then(|root| i64::try_from(root).ok()).unwrap_or(0)
}

/// Rounded down; nothing where it is negative or does not fit.
fn floor(value: Option<Decimal>) -> i64 {
    value
        .and_then(|value| value.floor().to_i64())
        .unwrap_or(0)
        .max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn a_leg_is_a_third_rounded_down_to_a_third_of_a_watt() {
        for (watts, usable, leg) in [
            (90_000, "1", 90_000),
            (100_000, "0.8", 80_000),
            (1_000, "0.3333", 333),
            (7, "0.5", 3),
        ] {
            assert_eq!(
                legs_from_rating(Watts(watts), dec(usable)),
                [leg; 3],
                "{watts} × {usable}"
            );
        }
    }

    #[test]
    fn three_phase_amps_take_the_root_exactly() {
        // 400 V × 32 A × √3 × 0.8 = 17 736.2… W; 400 × 63 × √3 × 0.8 = 34 918.1… W.
        for (amps, usable, leg) in [
            ("32", "0.8", 17_736),
            ("63", "0.8", 34_918),
            ("0.5", "1", 346),
        ] {
            assert_eq!(
                legs_from_supply(dec("400"), dec(amps), None, dec(usable)),
                [leg; 3],
                "{amps} A"
            );
        }
    }

    #[test]
    fn a_single_phase_node_feeds_one_leg() {
        let legs = legs_from_supply(dec("230"), dec("32.5"), Some(Leg::L2), dec("0.8"));
        assert_eq!(legs, [0, 230 * 26 * 3, 0]);
        assert_eq!(usable_watts(legs), Watts(5_980));
        assert_eq!(usable_watts([100, 100, 100]), Watts(100));
    }
}

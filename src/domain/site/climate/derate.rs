//! From a site's design months and the way in which a zone gives off its heat to what is left of
//! the zone in each month.

use super::psychro;
use crate::codes;
use crate::domain::units::Watts;
use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};
use serde::{Deserialize, Serialize};

codes!(
    /// Where a zone's heat goes, or `manual`: its derating is entered by hand.
    HeatRejection {
        Manual = "manual",
        DryCooler = "dry_cooler",
        OpenTower = "open_tower",
        ClosedTower = "closed_tower",
        DirectAir = "direct_air",
    }
);

/// m³/h of air that carry one kilowatt at one kelvin of warming (3 600 s ÷ (1.2 kg/m³ × 1.005 kJ/kg K)).
pub const AIR_FLOW_PER_KW_KELVIN: i64 = 2_985;
/// Factors are kept to four places, always rounded down.
const PLACES: u32 = 4;

/// How far above the outside air (its dry bulb, or its wet bulb for a tower) the cooled water comes
/// back, in kelvin: Energies 2023, 16(9), 3661. Nothing for air itself and for what is set by hand.
pub fn published_approach(rejection: HeatRejection) -> Decimal {
    match rejection {
        HeatRejection::DryCooler => Decimal::from(10),
        HeatRejection::OpenTower => Decimal::from(5),
        HeatRejection::ClosedTower => Decimal::new(65, 1),
        HeatRejection::Manual | HeatRejection::DirectAir => Decimal::ZERO,
    }
}

/// What is known of a month's moisture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moisture {
    /// Relative humidity, 0 to 1.
    Relative(Decimal),
    /// °C.
    WetBulb(Decimal),
}

/// The air that a month is designed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DesignMonth {
    /// °C.
    pub dry_bulb: Decimal,
    pub moisture: Moisture,
}

/// At this temperature of the returning water (°C) this share of the zone's nominal power is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CurvePoint {
    pub celsius: Decimal,
    pub share: Decimal,
}

/// How a zone gives off its heat. `curve` (for water) rises in temperature and never in share;
/// between its points it is straight, outside them it keeps the nearest. `airflow` (m³/h, of the fans
/// that run when the spare ones rest) and `exhaust` (the warmest air that may leave, °C) are for
/// direct air.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneDesign {
    pub rejection: HeatRejection,
    /// Kelvin.
    pub approach: Decimal,
    pub curve: Vec<CurvePoint>,
    pub airflow: i64,
    pub exhaust: Decimal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ClimateError {
    #[error("a zone whose derating is set by hand follows no weather")]
    Manual,
    #[error("the curve has no points, or they do not rise in temperature, or their share grows")]
    Curve,
    #[error("direct air needs an airflow")]
    Airflow,
    #[error("a month's air is out of the range of the model")]
    Air,
}

/// What is left of a zone in each of twelve months (January first), as factors from 0 to 1 of
/// `nominal` (the zone's watts less its spare units), rounded down to four places. `altitude` in m.
pub fn deratings(
    design: &ZoneDesign,
    nominal: Watts,
    months: &[DesignMonth; 12],
    altitude: i64,
) -> Result<[Decimal; 12], ClimateError> {
    sane(design)?;
    let mut factors = [Decimal::ZERO; 12];
    for (factor, month) in factors.iter_mut().zip(months) {
        *factor = match design.rejection {
            HeatRejection::DirectAir => air_share(design, nominal, month.dry_bulb),
            _ => share_at(&design.curve, water(design, month, altitude)?),
        };
    }
    Ok(factors)
}

fn sane(design: &ZoneDesign) -> Result<(), ClimateError> {
    match design.rejection {
        HeatRejection::Manual => Err(ClimateError::Manual),
        HeatRejection::DirectAir if design.airflow <= 0 => Err(ClimateError::Airflow),
        HeatRejection::DirectAir => Ok(()),
        _ => {
            let falls = design
                .curve
                .windows(2)
                .all(|pair| pair[0].celsius < pair[1].celsius && pair[0].share >= pair[1].share);
            let shares = Decimal::ZERO..=Decimal::ONE;
            let within = design
                .curve
                .iter()
                .all(|point| shares.contains(&point.share));
            match falls && within && !design.curve.is_empty() {
                true => Ok(()),
                false => Err(ClimateError::Curve),
            }
        }
    }
}

/// The temperature of the water that comes back, °C to a hundredth, rounded up.
fn water(design: &ZoneDesign, month: &DesignMonth, altitude: i64) -> Result<Decimal, ClimateError> {
    let outside = match design.rejection {
        HeatRejection::DryCooler => month.dry_bulb,
        _ => wet_bulb(month, altitude)?,
    };
    Ok(outside + design.approach)
}

fn wet_bulb(month: &DesignMonth, altitude: i64) -> Result<Decimal, ClimateError> {
    match month.moisture {
        Moisture::WetBulb(wet) => Ok(wet.min(month.dry_bulb)),
        Moisture::Relative(relative) => {
            let pressure = psychro::pressure_at(altitude as f64);
            let dry = month.dry_bulb.to_f64().ok_or(ClimateError::Air)?;
            let relative = relative.to_f64().ok_or(ClimateError::Air)?;
            let wet = Decimal::from_f64(psychro::wet_bulb(dry, relative, pressure))
                .ok_or(ClimateError::Air)?;
            Ok(wet.round_dp_with_strategy(2, RoundingStrategy::ToPositiveInfinity))
        }
    }
}

fn share_at(curve: &[CurvePoint], celsius: Decimal) -> Decimal {
    let after = curve.partition_point(|point| point.celsius <= celsius);
    let share = match (after.checked_sub(1).map(|at| curve[at]), curve.get(after)) {
        (None, Some(first)) => first.share,
        (Some(last), None) => last.share,
        (Some(low), Some(high)) => {
            let way = (celsius - low.celsius) / (high.celsius - low.celsius);
            low.share + (high.share - low.share) * way
        }
        (None, None) => Decimal::ZERO,
    };
    down(share)
}

/// `airflow × ΔT / 2 985` kilowatts, of the nominal power.
fn air_share(design: &ZoneDesign, nominal: Watts, inlet: Decimal) -> Decimal {
    let warming = (design.exhaust - inlet).max(Decimal::ZERO);
    let watts = Decimal::from(design.airflow) * warming * Decimal::ONE_THOUSAND
        / Decimal::from(AIR_FLOW_PER_KW_KELVIN);
    match nominal.0 {
        ..=0 => Decimal::ZERO,
        nominal => down((watts / Decimal::from(nominal)).min(Decimal::ONE)),
    }
}

fn down(share: Decimal) -> Decimal {
    share
        .round_dp_with_strategy(PLACES, RoundingStrategy::ToNegativeInfinity)
        .normalize()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    fn point(celsius: &str, share: &str) -> CurvePoint {
        CurvePoint {
            celsius: dec(celsius),
            share: dec(share),
        }
    }

    fn design(rejection: HeatRejection) -> ZoneDesign {
        ZoneDesign {
            rejection,
            approach: published_approach(rejection),
            curve: vec![point("30", "1"), point("40", "0.8"), point("50", "0.5")],
            airflow: 298_500,
            exhaust: dec("45"),
        }
    }

    fn year(dry: &str, moisture: Moisture) -> [DesignMonth; 12] {
        [DesignMonth {
            dry_bulb: dec(dry),
            moisture,
        }; 12]
    }

    fn july(rejection: HeatRejection, dry: &str, moisture: Moisture) -> String {
        let months = year(dry, moisture);
        let found = deratings(&design(rejection), Watts(1_000_000), &months, 0).unwrap();
        found[6].to_string()
    }

    #[test]
    fn a_dry_cooler_follows_the_dry_bulb_and_towers_the_wet_bulb() {
        let wet = Moisture::WetBulb(dec("20"));
        // 25 + 10 = 35 °C: halfway from 1 to 0.8.
        assert_eq!(july(HeatRejection::DryCooler, "25", wet), "0.9");
        // 20 + 5 = 25 °C: below the curve.
        assert_eq!(july(HeatRejection::OpenTower, "25", wet), "1");
        // 28 + 6.5 = 34.5 °C.
        let humid = Moisture::WetBulb(dec("28"));
        assert_eq!(july(HeatRejection::ClosedTower, "33", humid), "0.91");
        // 60 °C: beyond the curve its last share stays.
        assert_eq!(july(HeatRejection::DryCooler, "50", wet), "0.5");
    }

    #[test]
    fn a_wet_bulb_comes_from_relative_humidity() {
        // 30 °C and 60 %: 23.8 °C wet bulb (ASHRAE's chart), 30.3 °C behind a closed tower.
        let factor: Decimal = july(
            HeatRejection::ClosedTower,
            "30",
            Moisture::Relative(dec("0.6")),
        )
        .parse()
        .unwrap();
        assert!(dec("0.992") < factor && factor < dec("0.996"), "{factor}");
    }

    #[test]
    fn direct_air_carries_its_flow_times_its_warming() {
        // 298 500 m³/h × 10 K / 2 985 = 1 000 kW; at 35 °C outside nothing is lost, at 40 °C half.
        let any = Moisture::Relative(dec("0.5"));
        assert_eq!(july(HeatRejection::DirectAir, "35", any), "1");
        assert_eq!(july(HeatRejection::DirectAir, "40", any), "0.5");
        assert_eq!(july(HeatRejection::DirectAir, "46", any), "0");
    }

    #[test]
    fn what_cannot_be_computed_is_refused() {
        let months = year("20", Moisture::Relative(dec("0.5")));
        let check = |design: &ZoneDesign| deratings(design, Watts(1_000), &months, 0).unwrap_err();
        assert_eq!(check(&design(HeatRejection::Manual)), ClimateError::Manual);
        let still = ZoneDesign {
            airflow: 0,
            ..design(HeatRejection::DirectAir)
        };
        assert_eq!(check(&still), ClimateError::Airflow);
        for curve in [
            vec![],
            vec![point("30", "0.5"), point("40", "0.8")],
            vec![point("40", "1"), point("30", "0.8")],
            vec![point("30", "1.1")],
        ] {
            let bad = ZoneDesign {
                curve,
                ..design(HeatRejection::DryCooler)
            };
            assert_eq!(check(&bad), ClimateError::Curve);
        }
    }

    proptest! {
        #[test]
        fn a_warmer_or_wetter_month_never_leaves_more(
            at in 1_usize..5, cold in -300_i64..450, warmer in 0_i64..200, humid in 5_i64..100, more in 0_i64..95,
        ) {
            let design = design(HeatRejection::ALL[at]);
            let left = |tenths: i64, percent: i64| {
                let month = DesignMonth {
                    dry_bulb: Decimal::new(tenths, 1),
                    moisture: Moisture::Relative(Decimal::new(percent.min(100), 2)),
                };
                deratings(&design, Watts(1_500_000), &[month; 12], 200).unwrap()[0]
            };
            let calm = left(cold, humid);
            prop_assert!((Decimal::ZERO..=Decimal::ONE).contains(&calm));
            prop_assert!(left(cold + warmer, humid) <= calm);
            prop_assert!(left(cold, humid + more) <= calm);
        }
    }
}

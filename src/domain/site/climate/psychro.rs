//! Moist air in SI units: the equations of ASHRAE Handbook, Fundamentals (2017), chapter 1.
//!
//! A physical model: temperatures, pressures and ratios are floats here and nowhere near money or
//! power; `derate` turns what it finds into exact decimals, rounded down.

/// Pa at sea level.
pub const STANDARD_PRESSURE: f64 = 101_325.0;
/// Molar mass of water over that of dry air.
const MASS_RATIO: f64 = 0.621_945;
const TRIPLE_POINT: f64 = 0.01;
/// Halvings of a 200 K bracket until it is a millionth of a kelvin.
const HALVINGS: u32 = 48;

/// Pressure of the standard atmosphere in Pa at an altitude in metres (equation 3).
pub fn pressure_at(altitude: f64) -> f64 {
    STANDARD_PRESSURE * (1.0 - 2.255_77e-5 * altitude).powf(5.255_9)
}

/// Pressure of saturated vapour in Pa over water, or over ice below the triple point, at `celsius`
/// from −100 to 200 °C (equations 5 and 6, after Hyland and Wexler).
pub fn saturation_pressure(celsius: f64) -> f64 {
    let t = celsius + 273.15;
    let ln = if celsius <= TRIPLE_POINT {
        -5.674_535_9e3 / t + 6.392_524_7 - 9.677_843e-3 * t
            + 6.221_570_1e-7 * t.powi(2)
            + 2.074_782_5e-9 * t.powi(3)
            - 9.484_024e-13 * t.powi(4)
            + 4.163_501_9 * t.ln()
    } else {
        -5.800_220_6e3 / t + 1.391_499_3 - 4.864_023_9e-2 * t + 4.176_476_8e-5 * t.powi(2)
            - 1.445_209_3e-8 * t.powi(3)
            + 6.545_967_3 * t.ln()
    };
    ln.exp()
}

/// kg of water to a kg of dry air at this vapour pressure and total pressure in Pa (equation 20).
pub fn humidity_ratio(vapour: f64, pressure: f64) -> f64 {
    MASS_RATIO * vapour / (pressure - vapour)
}

/// The humidity ratio of air at `dry` °C whose wet bulb shows `wet` °C (equations 33 and 35).
pub fn humidity_ratio_of_wet_bulb(dry: f64, wet: f64, pressure: f64) -> f64 {
    let saturated = humidity_ratio(saturation_pressure(wet), pressure);
    if wet >= 0.0 {
        ((2_501.0 - 2.326 * wet) * saturated - 1.006 * (dry - wet))
            / (2_501.0 + 1.86 * dry - 4.186 * wet)
    } else {
        ((2_830.0 - 0.24 * wet) * saturated - 1.006 * (dry - wet))
            / (2_830.0 + 1.86 * dry - 2.1 * wet)
    }
}

/// The wet-bulb temperature in °C of air at `dry` °C and `relative` humidity (0 to 1), by halving:
/// the humidity ratio grows with the wet bulb.
pub fn wet_bulb(dry: f64, relative: f64, pressure: f64) -> f64 {
    let vapour = relative.clamp(0.0, 1.0) * saturation_pressure(dry);
    let wanted = humidity_ratio(vapour, pressure);
    let (mut low, mut high) = (dry - 100.0, dry);
    for _ in 0..HALVINGS {
        let middle = (low + high) / 2.0;
        if humidity_ratio_of_wet_bulb(dry, middle, pressure) < wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The relative tolerance with which PsychroLib's own tests hold the published tables.
    const PUBLISHED: f64 = 3e-4;

    fn near(found: f64, published: f64, tolerance: f64) {
        assert!(
            (found - published).abs() <= tolerance,
            "{found} is not {published} within {tolerance}"
        );
    }

    /// A fit to air at sea level between 5 and 99 % (Stull, J. Appl. Meteor. Climatol. 50, 2011, 2267):
    /// another way to the wet bulb, to hold ours against.
    fn stull(dry: f64, percent: f64) -> f64 {
        dry * (0.151_977 * (percent + 8.313_659).sqrt()).atan() + (dry + percent).atan()
            - (percent - 1.676_331).atan()
            + 0.003_918_38 * percent.powf(1.5) * (0.023_101 * percent).atan()
            - 4.686_035
    }

    #[test]
    fn saturation_pressures_are_those_of_the_published_tables() {
        near(saturation_pressure(-60.0), 1.08, 0.01);
        for (celsius, pascal) in [
            (-20.0, 103.24),
            (-5.0, 401.74),
            (5.0, 872.6),
            (25.0, 3_169.7),
            (50.0, 12_351.3),
            (100.0, 101_418.0),
        ] {
            near(saturation_pressure(celsius), pascal, PUBLISHED * pascal);
        }
    }

    #[test]
    fn a_wet_bulb_gives_the_published_humidity_ratio_and_back() {
        let ratio = humidity_ratio_of_wet_bulb(30.0, 25.0, 95_461.0);
        near(ratio, 0.019_228_127_4, PUBLISHED * ratio);
        let vapour = 95_461.0 * ratio / (MASS_RATIO + ratio);
        let relative = vapour / saturation_pressure(30.0);
        near(wet_bulb(30.0, relative, 95_461.0), 25.0, 1e-5);
    }

    #[test]
    fn ice_on_the_bulb_counts() {
        // PsychroLib: −1 °C with a wet bulb of −5 °C at 95 461 Pa.
        near(
            humidity_ratio_of_wet_bulb(-1.0, -5.0, 95_461.0),
            0.001_203_998,
            PUBLISHED * 0.001_204,
        );
    }

    #[test]
    fn the_standard_atmosphere_thins_with_altitude() {
        near(pressure_at(0.0), 101_325.0, 0.001);
        near(pressure_at(1_000.0), 89_874.6, 1.0);
        near(pressure_at(3_000.0), 70_108.5, 1.0);
    }

    #[test]
    fn the_fit_of_stull_is_as_published() {
        near(stull(20.0, 50.0), 13.70, 0.005);
    }

    proptest! {
        #[test]
        fn the_wet_bulb_is_near_the_fit_at_sea_level(dry in 0.0..40.0_f64, percent in 20.0..99.0_f64) {
            let found = wet_bulb(dry, percent / 100.0, STANDARD_PRESSURE);
            prop_assert!((found - stull(dry, percent)).abs() < 1.0, "{found} at {dry} °C, {percent} %");
        }

        #[test]
        fn the_wet_bulb_is_never_warmer_than_the_air_and_grows_with_humidity(
            dry in -30.0..50.0_f64, low in 0.01..1.0_f64, high in 0.01..1.0_f64, altitude in 0.0..3_000.0_f64,
        ) {
            let pressure = pressure_at(altitude);
            let (low, high) = (low.min(high), low.max(high));
            let dryer = wet_bulb(dry, low, pressure);
            let wetter = wet_bulb(dry, high, pressure);
            prop_assert!(dryer <= wetter + 1e-6);
            prop_assert!(wetter <= dry + 1e-6);
            prop_assert!((wet_bulb(dry, 1.0, pressure) - dry).abs() < 0.05);
        }
    }
}

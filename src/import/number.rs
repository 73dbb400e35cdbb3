//! Decimal numbers as people and meters write them, and units of energy and power.

/// A decimal number, exactly as written: `digits / 10^places`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exact {
    pub(crate) negative: bool,
    pub(crate) digits: u128,
    pub(crate) places: u32,
}

/// More digits than any meter has; leaves room for every unit in 128 bits.
const MAX_DIGITS: u32 = 24;

/// Reads `1234.5`, `1 234,5` (also with no-break blanks), `+7`, `-0,25`.
///
/// A comma or a point is the decimal separator, once; blanks group thousands and nothing else.
/// `None` for anything more, such as letters, exponents or both separators.
pub(crate) fn exact(text: &str) -> Option<Exact> {
    let (negative, body) = match text.chars().next()? {
        sign @ ('-' | '\u{2212}' | '+') => (sign != '+', &text[sign.len_utf8()..]),
        _ => (false, text),
    };
    let mut number = Exact {
        negative,
        digits: 0,
        places: 0,
    };
    let (mut count, mut group, mut grouped, mut point) = (0, 0, false, false);
    for character in body.chars() {
        match character {
            '0'..='9' => {
                number.digits = number.digits * 10 + u128::from(character as u32 - 48);
                number.places += u32::from(point);
                (count, group) = (count + 1, group + 1);
                if count > MAX_DIGITS {
                    return None;
                }
            }
            '.' | ',' if !point && count > 0 && (!grouped || group == 3) => point = true,
            ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' => {
                let whole = if grouped {
                    group == 3
                } else {
                    (1..=3).contains(&group)
                };
                if point || !whole {
                    return None;
                }
                (group, grouped) = (0, true);
            }
            _ => return None,
        }
    }
    let complete = count > 0 && (!point || number.places > 0) && (point || !grouped || group == 3);
    complete.then_some(number)
}

impl Exact {
    /// The value times `numerator / denominator`, rounded half away from zero to a whole number
    /// (of the absolute value; the sign is the caller's).
    pub(crate) fn scaled(self, numerator: u128, denominator: u128) -> Option<u128> {
        let above = self.digits.checked_mul(numerator)?.checked_mul(2)?;
        let below = 10_u128.pow(self.places).checked_mul(denominator)?;
        above.checked_add(below).map(|sum| sum / (2 * below))
    }
}

/// What a value is given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    WattHour,
    KilowattHour,
    MegawattHour,
    /// Mean power over the interval: times its duration.
    Kilowatt,
}

impl Unit {
    /// Reads `kWh`, `кВт·ч`, `кВтч`, `МВт*ч`, `Вт-ч`, `kW`, in any case.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut plain = String::with_capacity(text.len());
        let skipped =
            |c: &char| matches!(c, '·' | '⋅' | '∙' | '*' | '.' | '-' | '×') || c.is_whitespace();
        plain.extend(
            text.chars()
                .filter(|c| !skipped(c))
                .flat_map(char::to_lowercase),
        );
        match plain.as_str() {
            "wh" | "втч" => Some(Self::WattHour),
            "kwh" | "квтч" => Some(Self::KilowattHour),
            "mwh" | "мвтч" => Some(Self::MegawattHour),
            "kw" | "квт" => Some(Self::Kilowatt),
            _ => None,
        }
    }

    /// Watt-hours as `(numerator, denominator)` per unit, for an interval of so many seconds.
    pub(crate) fn watt_hours(self, seconds: u64) -> (u128, u128) {
        match self {
            Self::WattHour => (1, 1),
            Self::KilowattHour => (1_000, 1),
            Self::MegawattHour => (1_000_000, 1),
            Self::Kilowatt => (1_000 * u128::from(seconds), 3_600),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_written() {
        for (text, digits, places) in [
            ("0", 0, 0),
            ("12,50", 1_250, 2),
            ("12.5", 125, 1),
            ("1 234 567,8", 12_345_678, 1),
            ("1\u{a0}234", 1_234, 0),
            ("12\u{202f}345.001", 12_345_001, 3),
            ("+7", 7, 0),
            ("007", 7, 0),
        ] {
            assert_eq!(
                exact(text),
                Some(Exact {
                    negative: false,
                    digits,
                    places
                }),
                "{text}"
            );
        }
        assert_eq!(
            exact("-0,25"),
            Some(Exact {
                negative: true,
                digits: 25,
                places: 2
            })
        );
        assert_eq!(exact("\u{2212}3").map(|n| n.negative), Some(true));
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in [
            "",
            "-",
            ",",
            ".5",
            "5,",
            "abc",
            "12a",
            "1e3",
            "1.2.3",
            "1,234.5",
            "1 23",
            "12 34 567",
            "1234 567",
            "1 234 ",
            " 1",
            "0x10",
            "NaN",
            "∞",
            "१२",
            "1 ,5",
            "1234567890123456789012345",
        ] {
            assert_eq!(exact(text), None, "{text:?}");
        }
    }

    #[test]
    fn units_are_read_in_both_languages() {
        for (unit, names) in [
            (Unit::WattHour, &["Wh", "Вт·ч", "вт ч", "W·h"][..]),
            (
                Unit::KilowattHour,
                &["kWh", "KWH", "кВт·ч", "кВтч", "кВт*ч", "кВт.ч", "кВт-ч"],
            ),
            (Unit::MegawattHour, &["MWh", "МВт·ч", "МВтч"]),
            (Unit::Kilowatt, &["kW", "кВт"]),
        ] {
            for name in names {
                assert_eq!(Unit::parse(name), Some(unit), "{name}");
            }
        }
        for name in ["", "W", "GWh", "МВт", "kVAh", "руб"] {
            assert_eq!(Unit::parse(name), None, "{name}");
        }
    }

    #[test]
    fn halves_round_away_from_zero() {
        for (text, unit, seconds, wh) in [
            ("0,0005", Unit::KilowattHour, 1_800, 1),
            ("0,00049", Unit::KilowattHour, 1_800, 0),
            ("1.0000005", Unit::MegawattHour, 1_800, 1_000_001),
            ("100", Unit::Kilowatt, 1_800, 50_000),
            ("0.001", Unit::Kilowatt, 1_800, 1),
            ("1", Unit::Kilowatt, 60, 17),
        ] {
            let (above, below) = unit.watt_hours(seconds);
            assert_eq!(
                exact(text).unwrap().scaled(above, below),
                Some(wh),
                "{text} {unit:?}"
            );
        }
    }
}

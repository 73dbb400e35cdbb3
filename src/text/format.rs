//! Numbers, money, units and dates in the reader's form: `1 234,56 ₽`, `12,5 кВт`, `20.11.2026`;
//! `1,234.56 ₽`, `12.5 kW`, `20 Nov 2026`.
//!
//! Spaces inside a value do not break, a minus is the true one, rounding is half away from zero.

use chrono::{Datelike, NaiveDate, NaiveDateTime};
use rust_decimal::{Decimal, RoundingStrategy};

use super::Locale;
use crate::domain::calendar::Month;
use crate::domain::money::{Currency, Minor, Money};
use crate::domain::units::{WattHours, Watts};

/// What spreadsheets of a Russian locale read back as a group separator, and what never breaks.
pub const NBSP: char = '\u{a0}';
/// U+2212, as wide as a plus.
pub const MINUS: char = '\u{2212}';

/// Exactly `places` decimals.
pub fn number(locale: Locale, value: Decimal, places: u32) -> String {
    let Some(mut digits) = rounded(value, places.min(value.scale())) else {
        return of_any_size(locale, value, places);
    };
    let more = places.saturating_sub(value.scale());
    match 10_u64
        .checked_pow(more)
        .and_then(|all| digits.checked_mul(all))
    {
        Some(all) => digits = all,
        None => return of_any_size(locale, value, places),
    }
    decimals(locale, value.is_sign_negative(), digits, places)
}

/// As many decimals as the value has, at most `places`.
pub fn number_up_to(locale: Locale, value: Decimal, places: u32) -> String {
    let mut places = places.min(value.scale());
    let Some(mut digits) = rounded(value, places) else {
        let rounded = half_away(value, places).normalize();
        return of_any_size(locale, rounded, rounded.scale());
    };
    while places > 0 && digits.is_multiple_of(10) {
        (digits, places) = (digits / 10, places - 1);
    }
    decimals(locale, value.is_sign_negative(), digits, places)
}

/// The digits of a value without its sign and point, rounded half away from zero to no more places
/// than it has: in machine words, for a page may have thousands. `None` for what is larger.
fn rounded(value: Decimal, places: u32) -> Option<u64> {
    let digits = u64::try_from(value.mantissa().unsigned_abs()).ok()?;
    let unit = 10_u64.checked_pow(value.scale() - places)?;
    Some(digits.checked_add(unit / 2)? / unit)
}

fn decimals(locale: Locale, negative: bool, digits: u64, places: u32) -> String {
    let (negative, places) = (negative && digits > 0, places as usize);
    // All places and a digit before the point are there, however small the number.
    let mut written = [b'0'; 64];
    let (mut first, mut rest) = (written.len(), digits);
    while rest > 0 {
        first -= 1;
        written[first] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let point = written.len() - places;
    let whole = &written[first.min(point - 1)..point];
    assemble(locale, negative, whole, &written[point..])
}

fn half_away(value: Decimal, places: u32) -> Decimal {
    value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}

fn of_any_size(locale: Locale, value: Decimal, places: u32) -> String {
    let rounded = half_away(value, places);
    let digits = format!("{:.*}", places as usize, rounded.abs());
    let (whole, part) = digits.split_once('.').unwrap_or((&digits, ""));
    assemble(
        locale,
        rounded.is_sign_negative() && !rounded.is_zero(),
        whole.as_bytes(),
        part.as_bytes(),
    )
}

pub fn integer(locale: Locale, value: i64) -> String {
    decimals(locale, value < 0, value.unsigned_abs(), 0)
}

fn assemble(locale: Locale, negative: bool, whole: &[u8], part: &[u8]) -> String {
    let (group, point) = match locale {
        Locale::Ru => (NBSP, ','),
        Locale::En => (',', '.'),
    };
    // Room for a unit behind it.
    let mut text = String::with_capacity(whole.len() * 2 + part.len() + 16);
    if negative {
        text.push(MINUS);
    }
    for (index, &digit) in whole.iter().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(group);
        }
        text.push(char::from(digit));
    }
    if !part.is_empty() {
        text.push(point);
        text.extend(part.iter().copied().map(char::from));
    }
    text
}

/// An amount with its currency: `1 234,56 ₽`.
pub fn money(locale: Locale, minor: Minor, currency: Currency) -> String {
    with_unit(amount(locale, minor), currency.sign())
}

pub fn money_of(locale: Locale, money: Money) -> String {
    self::money(locale, money.minor, money.currency)
}

/// An amount whose currency stands in the header: `1 234,56`.
pub fn amount(locale: Locale, minor: Minor) -> String {
    number(locale, minor.major(), 2)
}

/// Power, exact to the watt, without idle zeros: `12,5 кВт`.
pub fn kw(locale: Locale, power: Watts) -> String {
    with_unit(number_up_to(locale, power.kilo(), 3), unit_kw(locale))
}

/// Energy, exact to the watt-hour, without idle zeros: `571 204,118 кВт·ч`.
pub fn kwh(locale: Locale, energy: WattHours) -> String {
    with_unit(number_up_to(locale, energy.kilo(), 3), unit_kwh(locale))
}

pub fn unit_kw(locale: Locale) -> &'static str {
    match locale {
        Locale::Ru => "кВт",
        Locale::En => "kW",
    }
}

pub fn unit_kwh(locale: Locale) -> &'static str {
    match locale {
        Locale::Ru => "кВт·ч",
        Locale::En => "kWh",
    }
}

/// A percentage that is already in percents: 22 is `22 %` in Russian, `22%` in English.
pub fn percent(locale: Locale, percents: Decimal, places: u32) -> String {
    let text = number_up_to(locale, percents, places);
    match locale {
        Locale::Ru => with_unit(text, "%"),
        Locale::En => text + "%",
    }
}

/// A share of one as percents: 0.953 is `95,3 %`.
pub fn share(locale: Locale, share: Decimal, places: u32) -> String {
    percent(locale, share * Decimal::ONE_HUNDRED, places)
}

fn with_unit(mut number: String, unit: &str) -> String {
    number.push(NBSP);
    number.push_str(unit);
    number
}

const RU_MONTHS: [&str; 12] = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
];
const RU_MONTHS_OF: [&str; 12] = [
    "января",
    "февраля",
    "марта",
    "апреля",
    "мая",
    "июня",
    "июля",
    "августа",
    "сентября",
    "октября",
    "ноября",
    "декабря",
];
const RU_MONTHS_SHORT: [&str; 12] = [
    "янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек",
];
const EN_MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `ноябрь 2026`, `November 2026`.
pub fn month(locale: Locale, month: Month) -> String {
    let index = month.month as usize - 1;
    let name = match locale {
        Locale::Ru => RU_MONTHS[index],
        Locale::En => EN_MONTHS[index],
    };
    format!("{name}{NBSP}{}", month.year)
}

/// For tables: `20.11.2026`, `20 Nov 2026`.
pub fn date(locale: Locale, day: NaiveDate) -> String {
    match locale {
        Locale::Ru => format!("{:02}.{:02}.{}", day.day(), day.month(), day.year()),
        Locale::En => format!("{}{NBSP}{}", date_short(locale, day), day.year()),
    }
}

/// For sentences: `20 ноября 2026`, `20 November 2026`.
pub fn date_long(locale: Locale, day: NaiveDate) -> String {
    format!("{}{NBSP}{}", date_day(locale, day), day.year())
}

/// For sentences about this year: `20 ноября`, `20 November`.
pub fn date_day(locale: Locale, day: NaiveDate) -> String {
    let index = day.month0() as usize;
    let name = match locale {
        Locale::Ru => RU_MONTHS_OF[index],
        Locale::En => EN_MONTHS[index],
    };
    format!("{}{NBSP}{name}", day.day())
}

/// For heads of columns and axes: `20 ноя`, `20 Nov`.
pub fn date_short(locale: Locale, day: NaiveDate) -> String {
    let index = day.month0() as usize;
    let name = match locale {
        Locale::Ru => RU_MONTHS_SHORT[index],
        Locale::En => &EN_MONTHS[index][..3],
    };
    format!("{}{NBSP}{name}", day.day())
}

/// A local date and time: `20.11.2026, 15:40`.
pub fn datetime(locale: Locale, at: NaiveDateTime) -> String {
    format!("{}, {}", date(locale, at.date()), time(at))
}

/// `15:40`.
pub fn time(at: NaiveDateTime) -> String {
    at.format("%H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use Locale::{En, Ru};

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn numbers_are_grouped_and_rounded_half_away_from_zero() {
        for (value, places, ru, en) in [
            ("0", 2, "0,00", "0.00"),
            ("999", 0, "999", "999"),
            ("1234.565", 2, "1\u{a0}234,57", "1,234.57"),
            ("-1234567.5", 0, "−1\u{a0}234\u{a0}568", "−1,234,568"),
            ("-0.001", 2, "0,00", "0.00"),
            ("5.4321", 4, "5,4321", "5.4321"),
        ] {
            assert_eq!(number(Ru, dec(value), places), ru);
            assert_eq!(number(En, dec(value), places), en);
        }
        assert_eq!(
            integer(Ru, i64::MIN),
            "−9\u{a0}223\u{a0}372\u{a0}036\u{a0}854\u{a0}775\u{a0}808"
        );
    }

    proptest::proptest! {
        #[test]
        fn machine_words_and_decimals_are_written_alike(
            digits in proptest::prop_oneof![-2_000_i64..2_000, proptest::num::i64::ANY],
            scale in 0_u32..=20,
            places in 0_u32..=8,
        ) {
            let value = Decimal::from_i128_with_scale(digits.into(), scale);
            assert_eq!(number(En, value, places), of_any_size(En, value, places));
            let short = half_away(value, places).normalize();
            assert_eq!(number_up_to(Ru, value, places), of_any_size(Ru, short, short.scale()));
        }
    }

    #[test]
    fn money_and_units_keep_their_sign_beside_them() {
        assert_eq!(
            money(Ru, Minor(123_456), Currency::Rub),
            "1\u{a0}234,56\u{a0}₽"
        );
        assert_eq!(
            money(En, Minor(-123_456), Currency::Rub),
            "−1,234.56\u{a0}₽"
        );
        assert_eq!(kw(Ru, Watts(12_500)), "12,5\u{a0}кВт");
        assert_eq!(kw(En, Watts(1_250_000)), "1,250\u{a0}kW");
        assert_eq!(
            kwh(Ru, WattHours(571_204_118)),
            "571\u{a0}204,118\u{a0}кВт·ч"
        );
        assert_eq!(percent(Ru, dec("22"), 1), "22\u{a0}%");
        assert_eq!(share(En, dec("0.9529"), 1), "95.3%");
    }

    #[test]
    fn dates_read_naturally() {
        let day: NaiveDate = "2026-11-05".parse().unwrap();
        assert_eq!(
            (date(Ru, day), date(En, day)),
            ("05.11.2026".into(), "5\u{a0}Nov\u{a0}2026".into())
        );
        assert_eq!(date_long(Ru, day), "5\u{a0}ноября\u{a0}2026");
        assert_eq!(month(Ru, Month::of(day)), "ноябрь\u{a0}2026");
        assert_eq!(month(En, Month::of(day)), "November\u{a0}2026");
        assert_eq!(
            datetime(Ru, day.and_hms_opt(9, 5, 0).unwrap()),
            "05.11.2026, 09:05"
        );
    }
}

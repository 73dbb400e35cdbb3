//! Amounts in words, as accountants write them: «Пять рублей 07 копеек», "Five roubles 07 kopecks".

use crate::domain::money::{Currency, Minor};
use crate::text::Locale;

/// An amount with its currency; the first letter is a capital, minor units stay digits.
pub fn amount_in_words(locale: Locale, amount: Minor, currency: Currency) -> String {
    let minor = amount.0.unsigned_abs();
    let (major, cents) = (minor / 100, minor % 100);
    let (number, names) = match locale {
        Locale::Ru => (russian(major), russian_names(currency)),
        Locale::En => (english(major), english_names(currency)),
    };
    let form = |of: u64| match locale {
        Locale::Ru => russian_form(of),
        Locale::En => usize::from(of != 1),
    };
    let sign = match (amount.0 < 0, locale) {
        (false, _) => "",
        (true, Locale::Ru) => "минус ",
        (true, Locale::En) => "minus ",
    };
    let text = format!(
        "{sign}{number} {} {cents:02} {}",
        names.0[form(major)],
        names.1[form(cents)]
    );
    let mut characters = text.trim_end().chars();
    characters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(characters)
        .collect()
}

type Names = ([&'static str; 3], [&'static str; 3]);

fn russian_names(currency: Currency) -> Names {
    let cents = ["цент", "цента", "центов"];
    match currency {
        Currency::Rub => (
            ["рубль", "рубля", "рублей"],
            ["копейка", "копейки", "копеек"],
        ),
        Currency::Usd => (["доллар США", "доллара США", "долларов США"], cents),
        Currency::Eur => (["евро"; 3], cents),
        Currency::Cny => (["юань", "юаня", "юаней"], ["фэнь", "фэня", "фэней"]),
        Currency::Usdt => (["USDT"; 3], cents),
    }
}

fn english_names(currency: Currency) -> Names {
    let cents = ["cent", "cents", "cents"];
    match currency {
        Currency::Rub => (
            ["rouble", "roubles", "roubles"],
            ["kopeck", "kopecks", "kopecks"],
        ),
        Currency::Usd => (["US dollar", "US dollars", "US dollars"], cents),
        Currency::Eur => (["euro", "euros", "euros"], cents),
        Currency::Cny => (["yuan"; 3], ["fen"; 3]),
        Currency::Usdt => (["USDT"; 3], cents),
    }
}

/// One, few, many.
fn russian_form(number: u64) -> usize {
    match (number % 100, number % 10) {
        (11..=14, _) => 2,
        (_, 1) => 0,
        (_, 2..=4) => 1,
        _ => 2,
    }
}

const RU_ONES: [&str; 20] = [
    "",
    "один",
    "два",
    "три",
    "четыре",
    "пять",
    "шесть",
    "семь",
    "восемь",
    "девять",
    "десять",
    "одиннадцать",
    "двенадцать",
    "тринадцать",
    "четырнадцать",
    "пятнадцать",
    "шестнадцать",
    "семнадцать",
    "восемнадцать",
    "девятнадцать",
];
const RU_TENS: [&str; 10] = [
    "",
    "",
    "двадцать",
    "тридцать",
    "сорок",
    "пятьдесят",
    "шестьдесят",
    "семьдесят",
    "восемьдесят",
    "девяносто",
];
const RU_HUNDREDS: [&str; 10] = [
    "",
    "сто",
    "двести",
    "триста",
    "четыреста",
    "пятьсот",
    "шестьсот",
    "семьсот",
    "восемьсот",
    "девятьсот",
];
const RU_SCALES: [[&str; 3]; 7] = [
    ["", "", ""],
    ["тысяча", "тысячи", "тысяч"],
    ["миллион", "миллиона", "миллионов"],
    ["миллиард", "миллиарда", "миллиардов"],
    ["триллион", "триллиона", "триллионов"],
    ["квадриллион", "квадриллиона", "квадриллионов"],
    ["квинтиллион", "квинтиллиона", "квинтиллионов"],
];

/// Masculine, as are rouble, dollar, euro, yuan and USDT; only thousands are feminine.
fn russian(number: u64) -> String {
    if number == 0 {
        return "ноль".into();
    }
    let mut words = Vec::new();
    for (scale, group) in groups(number) {
        words.push(RU_HUNDREDS[group / 100]);
        let (mut tens, mut ones) = (group % 100 / 10, group % 10);
        if tens == 1 {
            (tens, ones) = (0, group % 100);
        }
        words.push(RU_TENS[tens]);
        words.push(match (ones, scale) {
            (1, 1) => "одна",
            (2, 1) => "две",
            _ => RU_ONES[ones],
        });
        words.push(RU_SCALES[scale][russian_form(group as u64)]);
    }
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

const EN_ONES: [&str; 20] = [
    "",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const EN_TENS: [&str; 10] = [
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
];
const EN_SCALES: [&str; 7] = [
    "",
    "thousand",
    "million",
    "billion",
    "trillion",
    "quadrillion",
    "quintillion",
];

fn english(number: u64) -> String {
    if number == 0 {
        return "zero".into();
    }
    let mut words: Vec<String> = Vec::new();
    for (scale, group) in groups(number) {
        if group >= 100 {
            words.push(format!("{} hundred", EN_ONES[group / 100]));
        }
        words.push(match group % 100 {
            below @ 0..=19 => EN_ONES[below].to_owned(),
            tens if tens % 10 == 0 => EN_TENS[tens / 10].to_owned(),
            tens => format!("{}-{}", EN_TENS[tens / 10], EN_ONES[tens % 10]),
        });
        words.push(EN_SCALES[scale].to_owned());
    }
    words.retain(|word| !word.is_empty());
    words.join(" ")
}

/// Groups of three digits that are not zero, from the highest, with their power of a thousand.
fn groups(number: u64) -> impl Iterator<Item = (usize, usize)> {
    (0..7_u32)
        .rev()
        .map(move |scale| {
            (
                scale as usize,
                (number / 1_000_u64.pow(scale) % 1_000) as usize,
            )
        })
        .filter(|(_, group)| *group > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Currency::{Cny, Eur, Rub, Usd};

    #[test]
    fn russian_amounts() {
        for (minor, currency, words) in [
            (0, Rub, "Ноль рублей 00 копеек"),
            (101, Rub, "Один рубль 01 копейка"),
            (2_222, Rub, "Двадцать два рубля 22 копейки"),
            (1_114, Rub, "Одиннадцать рублей 14 копеек"),
            (
                530_538_278,
                Rub,
                "Пять миллионов триста пять тысяч триста восемьдесят два рубля 78 копеек",
            ),
            (100_000, Rub, "Одна тысяча рублей 00 копеек"),
            (200_100, Rub, "Две тысячи один рубль 00 копеек"),
            (
                1_200_000_000_011,
                Rub,
                "Двенадцать миллиардов рублей 11 копеек",
            ),
            (-1_900, Usd, "Минус девятнадцать долларов США 00 центов"),
            (300, Eur, "Три евро 00 центов"),
            (4_002, Cny, "Сорок юаней 02 фэня"),
        ] {
            assert_eq!(amount_in_words(Locale::Ru, Minor(minor), currency), words);
        }
    }

    #[test]
    fn english_amounts() {
        for (minor, currency, words) in [
            (0, Rub, "Zero roubles 00 kopecks"),
            (101, Usd, "One US dollar 01 cent"),
            (
                530_538_278,
                Rub,
                "Five million three hundred five thousand three hundred eighty-two roubles 78 kopecks",
            ),
            (2_000_013, Eur, "Twenty thousand euros 13 cents"),
            (-1, Usd, "Minus zero US dollars 01 cent"),
        ] {
            assert_eq!(amount_in_words(Locale::En, Minor(minor), currency), words);
        }
    }

    #[test]
    fn every_amount_has_words() {
        for minor in [i64::MAX, i64::MIN] {
            assert!(amount_in_words(Locale::Ru, Minor(minor), Rub).contains("квадриллион"));
        }
    }
}

//! Russian registration numbers and bank accounts, with their check digits.
//!
//! Sources: order ЕД-7-14/559 (INN, KPP), orders of the Ministry of Finance on OGRN and OGRNIP,
//! Bank of Russia 515 of 1997 (the key of an account).

fn digits(text: &str, length: usize) -> Option<Vec<u64>> {
    let digits: Option<Vec<u64>> = text
        .chars()
        .map(|c| c.to_digit(10).map(u64::from))
        .collect();
    digits.filter(|d| d.len() == length)
}

fn weighted(digits: &[u64], weights: &[u64]) -> u64 {
    digits.iter().zip(weights).map(|(d, w)| d * w).sum()
}

/// Ten digits: nine and a check digit.
pub fn is_company_inn(text: &str) -> bool {
    digits(text, 10).is_some_and(|d| weighted(&d, &[2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == d[9])
}

/// Twelve digits: ten and two check digits; sole traders and people.
pub fn is_person_inn(text: &str) -> bool {
    digits(text, 12).is_some_and(|d| {
        weighted(&d, &[7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == d[10]
            && weighted(&d, &[3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8]) % 11 % 10 == d[11]
    })
}

/// Nine characters: tax office, reason (digits or Latin capitals), order; it has no check digit.
pub fn is_kpp(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 9
        && bytes.iter().enumerate().all(|(place, b)| {
            b.is_ascii_digit() || (matches!(place, 4 | 5) && b.is_ascii_uppercase())
        })
}

/// Thirteen digits: the first twelve modulo 11, its last digit.
pub fn is_ogrn(text: &str) -> bool {
    digits(text, 13).is_some_and(|d| number(&d[..12]) % 11 % 10 == d[12])
}

/// Fifteen digits: the first fourteen modulo 13, its last digit.
pub fn is_ogrnip(text: &str) -> bool {
    digits(text, 15).is_some_and(|d| number(&d[..14]) % 13 % 10 == d[14])
}

fn number(digits: &[u64]) -> u64 {
    digits.iter().fold(0, |sum, d| sum * 10 + d)
}

/// A bank's code: nine digits.
pub fn is_bic(text: &str) -> bool {
    digits(text, 9).is_some()
}

/// A customer's account: its key fits the last three digits of the bank's code.
pub fn is_account(account: &str, bic: &str) -> bool {
    is_bic(bic) && key_fits(&bic[6..], account)
}

/// The bank's own account with the central bank: its key fits the place of the bank's code.
pub fn is_correspondent_account(account: &str, bic: &str) -> bool {
    is_bic(bic) && key_fits(&format!("0{}", &bic[4..6]), account)
}

fn key_fits(prefix: &str, account: &str) -> bool {
    let (Some(mut all), Some(account)) = (digits(prefix, 3), digits(account, 20)) else {
        return false;
    };
    all.extend(account);
    weighted(&all, &[7, 1, 3].repeat(8)).is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registration_numbers_by_their_check_digits() {
        type Check = fn(&str) -> bool;
        let table: &[(Check, &str, bool)] = &[
            (is_company_inn, "7707083893", true),
            (is_company_inn, "7707083894", false),
            (is_company_inn, "770708389", false),
            (is_company_inn, "77070838 3", false),
            (is_person_inn, "500100732259", true),
            (is_person_inn, "500100732258", false),
            (is_person_inn, "500100732269", false),
            (is_person_inn, "7707083893", false),
            (is_kpp, "773601001", true),
            (is_kpp, "7736AB001", true),
            (is_kpp, "77360100A", false),
            (is_kpp, "", false),
            (is_ogrn, "1027700132195", true),
            (is_ogrn, "1027700132196", false),
            (is_ogrnip, "304500116000157", true),
            (is_ogrnip, "304500116000158", false),
            (is_bic, "044525225", true),
            (is_bic, "04452522", false),
            (is_bic, "٠44525225", false),
        ];
        for (check, text, valid) in table {
            assert_eq!(check(text), *valid, "{text}");
        }
    }

    #[test]
    fn account_keys_fit_the_banks_code() {
        assert!(is_correspondent_account(
            "30101810400000000225",
            "044525225"
        ));
        assert!(!is_correspondent_account(
            "30101810500000000225",
            "044525225"
        ));
        assert!(!is_account("30101810400000000225", "0445252251"));
        let fitting = (0..10)
            .filter(|key| is_account(&format!("40702810{key}00000000001"), "044525225"))
            .count();
        assert_eq!(fitting, 1, "one key of ten fits");
    }
}

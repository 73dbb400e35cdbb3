//! E-mail addresses and legal details: what a form must hold, field by field.

use super::tax_ids::*;
use super::{LOCALES, TenantKind};
use crate::domain::message::Message;

/// The field's name and the sentence beside it.
pub type Objection = (&'static str, Message);

/// The longest single-line text of a form.
pub const LONGEST_LINE: usize = 200;
/// The longest free text (bank details, an address).
pub const LONGEST_TEXT: usize = 1_000;

/// An e-mail address as it is stored and compared: trimmed and in lower case.
pub fn fold_email(text: &str) -> String {
    text.trim().to_lowercase()
}

/// Plain ASCII addresses, as every mail server takes them.
pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    let local_is_fine = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
    let labels: Vec<&str> = domain.split('.').collect();
    let domain_is_fine = labels.len() >= 2
        && labels.iter().all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        });
    text.len() <= 254 && local_is_fine && domain_is_fine
}

/// The numbers by which a state and a bank know somebody; empty where there is none.
#[derive(Clone, Copy, Debug, Default)]
pub struct LegalNumbers<'a> {
    pub inn: &'a str,
    pub kpp: &'a str,
    pub ogrn: &'a str,
}

/// Objections to registration numbers; only Russian ones (`country` is `RU`) have check digits.
pub fn check_numbers(kind: TenantKind, country: &str, numbers: LegalNumbers) -> Vec<Objection> {
    let mut found = vec![];
    if country != "RU" {
        for (field, text) in [
            ("inn", numbers.inn),
            ("kpp", numbers.kpp),
            ("ogrn", numbers.ogrn),
        ] {
            found.extend(check_length(field, text, 40));
        }
        return found;
    }
    let mut demand = |field, text: &str, valid: bool, key: &str| {
        if !text.is_empty() && !valid {
            found.push((field, Message::new(key)));
        }
    };
    let LegalNumbers { inn, kpp, ogrn } = numbers;
    match kind {
        TenantKind::Company => {
            demand("inn", inn, is_company_inn(inn), "identity-inn-company");
            demand("kpp", kpp, is_kpp(kpp), "identity-kpp-form");
            demand("ogrn", ogrn, is_ogrn(ogrn), "identity-ogrn-form");
        }
        TenantKind::SoleTrader => {
            demand("inn", inn, is_person_inn(inn), "identity-inn-person");
            demand("kpp", kpp, false, "identity-kpp-company-only");
            demand("ogrn", ogrn, is_ogrnip(ogrn), "identity-ogrnip-form");
        }
        TenantKind::Person => {
            demand("inn", inn, is_person_inn(inn), "identity-inn-person");
            demand("kpp", kpp, false, "identity-kpp-company-only");
            demand("ogrn", ogrn, false, "identity-ogrn-no-person");
        }
    }
    found
}

/// Objections to a Russian bank account; elsewhere any text will do.
pub fn check_bank(country: &str, bic: &str, account: &str, corr: &str) -> Vec<Objection> {
    let mut found = vec![];
    if country != "RU" {
        return found;
    }
    if !bic.is_empty() && !is_bic(bic) {
        found.push(("bank_bic", Message::new("identity-bic-form")));
        return found;
    }
    if !account.is_empty() && !is_account(account, bic) {
        found.push(("bank_account", Message::new("identity-account-key")));
    }
    if !corr.is_empty() && !is_correspondent_account(corr, bic) {
        found.push(("bank_corr_account", Message::new("identity-account-key")));
    }
    found
}

pub fn check_required(field: &'static str, text: &str) -> Option<Objection> {
    text.is_empty()
        .then(|| (field, Message::new("identity-required")))
}

pub fn check_length(field: &'static str, text: &str, longest: usize) -> Option<Objection> {
    let length = text.chars().count();
    (length > longest).then(|| {
        let longest = i64::try_from(longest).unwrap_or(i64::MAX);
        (
            field,
            Message::new("identity-too-long").with("longest", longest),
        )
    })
}

pub fn check_email(field: &'static str, text: &str) -> Option<Objection> {
    (!is_email(text)).then(|| (field, Message::new("identity-email-form")))
}

pub fn check_locale(field: &'static str, locale: &str) -> Option<Objection> {
    (!LOCALES.contains(&locale)).then(|| (field, Message::new("identity-choose")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_a_mail_server_takes() {
        for good in [
            "a@b.ru",
            "anna.petrova+bills@mail.example.com",
            "x_1@a-b.co",
        ] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "a@b",
            "@b.ru",
            "a@",
            "a b@c.ru",
            "a@b..ru",
            ".a@b.ru",
            "a..b@c.ru",
            "a@-b.ru",
            "почта@b.ru",
            "a@b.ru\nBcc: c@d.ru",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
        assert_eq!(fold_email("  Anna@Mail.RU "), "anna@mail.ru");
    }

    #[test]
    fn each_kind_of_tenant_has_its_own_numbers() {
        use TenantKind as K;
        let table = [
            (
                K::Company,
                "RU",
                ["7707083893", "773601001", "1027700132195"],
                vec![],
            ),
            (K::Company, "RU", ["", "", ""], vec![]),
            (
                K::Company,
                "RU",
                ["500100732259", "1", "304500116000157"],
                vec!["inn", "kpp", "ogrn"],
            ),
            (
                K::SoleTrader,
                "RU",
                ["500100732259", "", "304500116000157"],
                vec![],
            ),
            (
                K::SoleTrader,
                "RU",
                ["7707083893", "773601001", ""],
                vec!["inn", "kpp"],
            ),
            (
                K::Person,
                "RU",
                ["500100732259", "", "304500116000157"],
                vec!["ogrn"],
            ),
            (K::Company, "KZ", ["991140000123", "", "x"], vec![]),
        ];
        for (kind, country, [inn, kpp, ogrn], expected) in table {
            let found = check_numbers(kind, country, LegalNumbers { inn, kpp, ogrn });
            let fields: Vec<_> = found.iter().map(|(field, _)| *field).collect();
            assert_eq!(fields, expected, "{kind} {country} {inn}");
        }
    }
}

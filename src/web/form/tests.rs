use super::*;
use crate::domain::money::Currency;

fn form(value: &str) -> Form {
    Form::blank().with("field", value)
}

fn key(form: &Form) -> Option<&str> {
    form.error("field").map(|message| message.key.as_str())
}

fn dec(text: &str) -> Decimal {
    text.parse().unwrap()
}

#[test]
fn numbers_are_read_as_people_type_them() {
    for (typed, value) in [
        ("1 234,5", "1234.5"),
        ("1\u{a0}234.50", "1234.5"),
        ("−3,25", "-3.25"),
        ("+7", "7"),
    ] {
        let mut form = form(typed);
        let range = dec("-1000000")..=dec("1000000");
        assert_eq!(form.decimal("field", range, 2), Some(dec(value)), "{typed}");
        assert!(form.ok());
    }
    for (typed, error) in [
        ("", "form-required"),
        ("twelve", "form-number"),
        ("1,234.50", "form-number"),
        ("1e5", "form-number"),
        ("0,001", "form-places"),
        ("11", "form-range"),
    ] {
        let mut form = form(typed);
        assert_eq!(form.decimal("field", dec("0")..=dec("10"), 2), None);
        assert_eq!(key(&form), Some(error), "{typed}");
        assert_eq!(form.value("field"), typed, "nothing typed is lost");
    }
    assert_eq!(form("1 000").integer("field", 1..=1_000), Some(1_000));
    assert_eq!(form("1,5").integer("field", 1..=1_000), None);
}

#[test]
fn dates_come_in_two_shapes() {
    let day = NaiveDate::from_ymd_opt(2026, 11, 20);
    assert_eq!(form("2026-11-20").date("field"), day);
    assert_eq!(form("20.11.2026").date("field"), day);
    for typed in [
        "20.11.26",
        "2026-02-30",
        "tomorrow",
        "11/20/2026",
        "00026-11-20",
    ] {
        assert_eq!(form(typed).date("field"), None, "{typed}");
    }
    assert_eq!(form("2026-11").month("field"), Month::parse("2026-11"));
    assert_eq!(form("11.2026").month("field"), Month::parse("2026-11"));
    assert_eq!(form("2026-13").month("field"), None);
}

#[test]
fn an_email_has_a_name_and_a_host() {
    assert_eq!(
        form(" Buh@SevHash.example ").email("field").as_deref(),
        Some("buh@sevhash.example")
    );
    for typed in [
        "buh",
        "@host.example",
        "a@b",
        "a b@c.example",
        "a@b@c.example",
        "a@.example",
        "A <a@b.example>",
    ] {
        assert_eq!(form(typed).email("field"), None, "{typed}");
    }
}

#[test]
fn a_choice_is_one_of_its_list_and_an_optional_field_may_be_empty() {
    assert_eq!(
        form("RUB").choice("field", Currency::parse),
        Some(Currency::Rub)
    );
    let mut wrong = form("DOGE");
    assert_eq!(wrong.choice("field", Currency::parse), None);
    assert_eq!(key(&wrong), Some("form-choice"));
    assert_eq!(
        form("  ").optional("field", |form| form.date("field")),
        Some(None)
    );
    assert_eq!(form("x").optional("field", |form| form.date("field")), None);
}

#[test]
fn a_form_keeps_its_own_key_and_takes_no_other() {
    let first = Form::blank();
    assert_eq!(first.form_key.len(), 32);
    let sent = HashMap::from([(FORM_KEY.to_owned(), first.form_key.clone())]);
    assert_eq!(Form::from_values(sent).form_key, first.form_key);
    let forged = HashMap::from([(FORM_KEY.to_owned(), "' or 1=1".to_owned())]);
    assert!(is_form_key(&Form::from_values(forged).form_key));
}

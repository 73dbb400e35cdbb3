use super::world::{dec, version, zone};
use innkeeper::domain::billing::plan::{
    DayTime, PlanVersion, SlaRow, TakeOrPay, validate_versions,
};

fn good() -> PlanVersion {
    version(
        "2026-01-01",
        vec![
            zone("day", "07:00", "23:00", "5.1"),
            zone("night", "23:00", "07:00", "3"),
        ],
    )
}

fn faults(change: impl Fn(&mut PlanVersion)) -> Vec<String> {
    let mut version = good();
    change(&mut version);
    let errors = version.validate();
    errors
        .iter()
        .map(|error| format!("{} {}", error.field, error.fault))
        .collect()
}

fn sla(below: &str, credit: &str) -> SlaRow {
    SlaRow {
        below: dec(below),
        credit: dec(credit),
    }
}

#[test]
fn each_field_says_what_is_wrong_with_it() {
    type Change = fn(&mut PlanVersion);
    let table: [(Change, &[&str]); 12] = [
        (|_| {}, &[]),
        (|it| it.energy.zones.clear(), &["energy.zones empty"]),
        (
            |it| it.energy.zones[1].name = "day".into(),
            &["energy.zones.1.name repeated"],
        ),
        (
            |it| it.energy.zones[0].name = "  ".into(),
            &["energy.zones.0.name empty"],
        ),
        (
            |it| it.energy.zones[0].price = dec("-0.01"),
            &["energy.zones.0.price negative"],
        ),
        (
            |it| it.energy.zones[0].price = dec("0.0000001"),
            &["energy.zones.0.price too_many_decimals"],
        ),
        (|it| it.energy.zones[0].price = dec("0.10000000"), &[]),
        (
            |it| it.energy.loss_factor = Some(dec("0")),
            &["energy.loss_factor not_positive"],
        ),
        (
            |it| it.capacity_per_kw_month = Some(dec("-1")),
            &["capacity_per_kw_month negative"],
        ),
        (
            |it| it.rack_per_month = Some(dec("1.1234567")),
            &["rack_per_month too_many_decimals"],
        ),
        (
            |it| {
                it.take_or_pay = Some(TakeOrPay {
                    load_factor: dec("1.01"),
                    price: dec("-1"),
                })
            },
            &[
                "take_or_pay.load_factor not_a_share",
                "take_or_pay.price negative",
            ],
        ),
        (
            |it| {
                it.sla = vec![
                    sla("0", "0.1"),
                    sla("1", "1"),
                    sla("1.0", "0"),
                    sla("1.1", "-0.1"),
                ]
            },
            &[
                "sla.0.below not_positive",
                "sla.2.below repeated",
                "sla.3.below not_a_share",
                "sla.3.credit not_a_share",
            ],
        ),
    ];
    for (at, (change, expected)) in table.iter().enumerate() {
        assert_eq!(faults(change), *expected, "row {at}");
    }
}

#[test]
fn a_plans_versions_rise_by_date() {
    let errors = validate_versions(&[good(), good()]);
    assert_eq!(
        errors[0].to_string(),
        "1.effective_from must be later than the version before it"
    );
    assert_eq!(validate_versions(&[])[0].field, "plan");
}

#[test]
fn a_version_keeps_its_json_form() {
    let text = r#"{"effective_from":"2026-01-01","energy":{"zones":[{"name":"all","from":"00:00","to":"00:00","price":"4.70"}],"loss_factor":"1.0633"},"capacity_per_kw_month":"410.00","rack_per_month":"4100.00","take_or_pay":{"load_factor":"0.8","price":"4.50"},"sla":[{"below":"0.98","credit":"0.10"}]}"#;
    let version: PlanVersion = serde_json::from_str(text).unwrap();
    assert_eq!(serde_json::to_string(&version).unwrap(), text);
    let misspelt = text.replace("rack_per_month", "rack_per_moth");
    assert!(serde_json::from_str::<PlanVersion>(&misspelt).is_err());
}

#[test]
fn times_of_day_are_hours_and_minutes() {
    for (text, minutes) in [
        ("00:00", Some(0)),
        ("7:05", Some(425)),
        ("23:59", Some(1_439)),
    ] {
        assert_eq!(
            DayTime::parse(text).map(DayTime::minutes),
            minutes,
            "{text}"
        );
    }
    for text in [
        "24:01", "12:60", "12", "-1:00", "+1:00", "12:000", "1é:00", "",
    ] {
        assert_eq!(DayTime::parse(text), None, "{text}");
    }
    assert_eq!(DayTime::parse("24:00").map(DayTime::minutes), Some(0));
}

#[test]
fn a_zone_may_pass_midnight_and_equal_ends_are_the_whole_day() {
    let at = |text| DayTime::parse(text).unwrap();
    let night = zone("night", "23:00", "07:00", "1");
    assert!(night.holds(at("23:00")) && night.holds(at("06:59")) && !night.holds(at("07:00")));
    assert!(zone("all", "05:00", "05:00", "1").holds(at("04:59")));
}

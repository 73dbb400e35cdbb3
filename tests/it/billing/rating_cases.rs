//! Prices every case in `tests/cases/rating/`: a new case is a new file and no code.

use innkeeper::domain::billing::case;
use innkeeper::domain::billing::invoice_plan::InvoicePlan;
use innkeeper::domain::billing::rate::rate;
use serde_json::Value;
use std::fs;
use std::path::PathBuf;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/rating")
}

/// The result of a case file beside what it expects. An expected error names only what matters to it.
fn play(text: &str) -> (Value, Value) {
    let file: Value = serde_json::from_str(text).expect("a case is JSON");
    let expected = file["expected"].clone();
    let input = case::parse(text).expect("a case can be read");
    match rate(&input) {
        Ok(plan) => {
            let stored = serde_json::to_string(&plan).unwrap();
            let loaded: InvoicePlan = serde_json::from_str(&stored).unwrap();
            assert_eq!(loaded, plan, "an invoice plan comes back as it was stored");
            assert_eq!(
                serde_json::to_string(&rate(&input).unwrap()).unwrap(),
                stored
            );
            (case::expected_json(&plan), expected)
        }
        Err(errors) => {
            let mut found = case::error_json(input.zone, &errors);
            if let (Value::Object(found), Value::Object(expected)) = (&mut found, &expected)
                && expected.contains_key("error")
            {
                found.retain(|key, _| expected.contains_key(key));
            }
            (found, expected)
        }
    }
}

#[test]
fn every_case_gives_what_it_expects() {
    let mut failed = vec![];
    let mut count = 0;
    for entry in fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|end| end != "json") {
            continue;
        }
        count += 1;
        let (found, expected) = play(&fs::read_to_string(&path).unwrap());
        if found != expected {
            failed.push(format!(
                "{}\n found    {found}\n expected {expected}",
                path.display()
            ));
        }
    }
    assert!(count >= 19, "the given cases are there");
    assert!(
        failed.is_empty(),
        "{} of {count} cases:\n{}",
        failed.len(),
        failed.join("\n")
    );
}

//! Every capacity case, through the real booking service, on every database.

use crate::on_both;
use innkeeper::domain::leasing::case::{Case, Op};
use innkeeper::services::check::check;
use innkeeper::services::leasing::answer::AnswerJson;
use innkeeper::services::leasing::play::play;
use std::fs;
use std::path::Path;

fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases/capacity");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= 17, "cases are missing");
    files
        .iter()
        .map(|path| {
            let text = fs::read_to_string(path).unwrap();
            Case::parse(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
        })
        .collect()
}

/// What is wrong with an answer, if anything.
fn wrong(op: &Op, answer: &AnswerJson) -> Option<String> {
    let (expected, units, reasons) = match op {
        Op::Reserve(r) => (
            r.expect.as_deref(),
            r.available_units.as_ref(),
            r.reasons.as_ref(),
        ),
        Op::Cancel { expect, .. } => (expect.as_deref(), None, None),
        Op::Assign(a) => (a.expect.as_deref(), None, None),
    };
    let settled = matches!(
        answer.answer.as_str(),
        "accepted" | "cancelled" | "assigned"
    );
    let fits = match expected {
        None => true,
        Some("refused") => !settled,
        Some(word) => word == answer.answer,
    };
    let named: Vec<String> = answer.reasons.iter().map(ToString::to_string).collect();
    let found = match &answer.available_parts {
        Some(parts) => Some(parts.clone()),
        None => answer.available_units.map(|units| vec![units]),
    };
    let units_fit = settled || units.is_none_or(|u| Some(u) == found.as_ref());
    let reasons_fit = reasons.is_none_or(|r| *r == named);
    (!fits || !units_fit || !reasons_fit).then(|| {
        format!(
            "{}: expected {expected:?} {units:?} {reasons:?}, got {answer:?}",
            answer.id
        )
    })
}

on_both! {
    fn every_capacity_case_answers_as_it_must(house: &House) {
        let mut failures = vec![];
        for case in cases() {
            let answers = play(&house.db, &case).unwrap();
            assert_eq!(answers.len(), case.ops.len());
            for (op, answer) in case.ops.iter().zip(&answers) {
                failures.extend(wrong(op, answer).map(|w| format!("{}: {w}", case.name)));
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
        // Before the first case begins, so that all of what they hold lies ahead.
        let before = innkeeper::domain::calendar::Instant(1_735_000_000);
        let violations = check(&house.db, before).unwrap();
        assert!(violations.is_empty(), "{violations:?}");
    }
}

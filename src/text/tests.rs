//! Both languages are complete: same keys, same values inside them, nothing asked for that is not there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use super::*;

type Texts = BTreeMap<String, BTreeSet<String>>;

/// Key → names of its values, read from the files; a key that comes twice is a failure.
fn read(locale: Locale) -> Texts {
    let mut texts = Texts::new();
    for (name, source) in sources(locale) {
        assert!(
            FluentResource::try_new(source.clone()).is_ok(),
            "{}/{name} has mistakes",
            locale.code()
        );
        let mut key = String::new();
        for line in source.lines().filter(|line| !line.starts_with('#')) {
            if let Some((start, _)) = line.split_once(" =")
                && start.starts_with(|c: char| c.is_ascii_alphabetic() || c == '-')
            {
                key = start.to_owned();
                let old = texts.insert(key.clone(), BTreeSet::new());
                assert!(
                    old.is_none(),
                    "{} defines {key} again: give it the prefix of its wing",
                    name
                );
            }
            for value in line.split('$').skip(1) {
                let value: String = value
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c))
                    .collect();
                texts
                    .get_mut(&key)
                    .expect("a value stands under a key")
                    .insert(value);
            }
        }
    }
    texts
}

#[test]
fn both_languages_hold_the_same_keys_and_values() {
    let (ru, en) = (read(Locale::Ru), read(Locale::En));
    let missing = |from: &Texts, of: &Texts| -> Vec<String> {
        from.keys()
            .filter(|key| !of.contains_key(*key))
            .cloned()
            .collect()
    };
    assert_eq!(missing(&ru, &en), Vec::<String>::new(), "only in Russian");
    assert_eq!(missing(&en, &ru), Vec::<String>::new(), "only in English");
    for (key, values) in &ru {
        assert_eq!(
            values, &en[key],
            "{key} takes other values in Russian than in English"
        );
    }
}

#[test]
fn every_text_can_be_formatted() {
    for locale in [Locale::Ru, Locale::En] {
        for (key, values) in read(locale).iter().filter(|(key, _)| !key.starts_with('-')) {
            let mut args = FluentArgs::new();
            for value in values {
                args.set(value.clone(), 5);
            }
            let pattern = texts_of(locale)
                .bundle
                .get_message(key)
                .and_then(|message| message.value());
            let mut errors = Vec::new();
            texts_of(locale)
                .bundle
                .format_pattern(pattern.expect(key), Some(&args), &mut errors);
            assert!(errors.is_empty(), "{}/{key}: {errors:?}", locale.code());
        }
    }
}

#[test]
fn a_text_without_forms_is_written_as_its_bundle_would() {
    for locale in [Locale::Ru, Locale::En] {
        let texts = texts_of(locale);
        for (key, pieces) in &texts.plain {
            let value = |piece: &Piece| match piece {
                Piece::Value(name) => Some(name.clone()),
                Piece::Words(_) => None,
            };
            let names: Vec<String> = pieces.iter().filter_map(value).collect();
            let values = [
                Arg::Int(-1_234_567),
                Arg::Text("a { b } \u{a0}«в»".to_owned()),
            ];
            let args = |at: usize| (names[at].as_str(), values[at % 2].clone());
            let args: Vec<(&str, Arg)> = (0..names.len()).map(args).collect();
            let mut given = FluentArgs::new();
            for (name, arg) in &args {
                given.set(*name, fluent(arg));
            }
            let pattern = texts.bundle.get_message(key).and_then(|it| it.value());
            let pattern = pattern.expect(key);
            let slow = texts
                .bundle
                .format_pattern(pattern, Some(&given), &mut vec![]);
            let quick = t_with(locale, key, &args);
            assert_eq!(quick, slow, "{}/{key}", locale.code());
        }
        assert!(texts.plain.len() > 500, "most texts are plain");
    }
}

#[test]
fn bounds_are_written_for_their_reader() {
    let message = Message::new("form-range")
        .with("min", "0.001")
        .with("max", 70);
    assert_eq!(say(Locale::Ru, &message), "Допустимо от 0,001 до 70.");
    assert!(say(Locale::En, &message).contains("0.001"));
}

fn files_under(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            files_under(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// What stands before a key: `page.t("…")` in templates and handlers, and the named keys of the sources.
const OPENERS: &[&str] = &[
    ".t(\"",
    ".t1(\"",
    ".t2(\"",
    ".t3(\"",
    ".titled(\"",
    "t(locale, \"",
    "t_with(locale, \"",
    "label_key: \"",
    "Message::new(\"",
    "Error::rule(\"",
];

fn keys_in(source: &str) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for opener in OPENERS {
        for rest in source.split(opener).skip(1) {
            keys.extend(rest.split('"').next().map(str::to_owned));
        }
    }
    keys
}

#[test]
fn every_key_asked_for_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let texts = read(Locale::Ru);
    let mut files = Vec::new();
    files_under(&root.join("templates"), &mut files);
    files_under(&root.join("src"), &mut files);
    let mut missing = Vec::new();
    for file in files.iter().filter(|file| !file.ends_with("text/tests.rs")) {
        let source = fs::read_to_string(file).unwrap_or_default();
        for key in keys_in(&source)
            .into_iter()
            .filter(|key| !texts.contains_key(key))
        {
            missing.push(format!(
                "{}: {key}",
                file.strip_prefix(root).unwrap_or(file).display()
            ));
        }
    }
    assert!(
        missing.is_empty(),
        "texts that are asked for and not written:\n{}",
        missing.join("\n")
    );
}

#[test]
fn russian_has_three_plural_forms() {
    let count = |number: i64| t_with(Locale::Ru, "count-machines", &[("count", number.into())]);
    assert_eq!(count(1), "1 машина");
    assert_eq!(count(3), "3 машины");
    assert_eq!(count(20), "20 машин");
    assert_eq!(count(1_001), "1\u{a0}001 машина");
    assert_eq!(
        t_with(Locale::En, "count-machines", &[("count", 1_348.into())]),
        "1,348 machines"
    );
}

#[test]
fn a_missing_text_shows_its_key() {
    assert_eq!(t(Locale::Ru, "nowhere"), "nowhere");
}

#[test]
fn the_reader_chooses_the_language() {
    for (header, locale) in [
        ("ru-RU,ru;q=0.9,en-US;q=0.8", Some(Locale::Ru)),
        ("en-GB;q=0.7, ru;q=0.3", Some(Locale::En)),
        ("de-DE, en;q=0.5, ru;q=0.9", Some(Locale::Ru)),
        ("ru;q=0, en", Some(Locale::En)),
        ("fr", None),
        ("", None),
    ] {
        assert_eq!(Locale::negotiate(header), locale, "{header}");
    }
}

#[test]
fn dates_of_a_kept_message_are_said_in_the_readers_form() {
    let message = Message::new("blocker-hole")
        .with("place", "M-1")
        .with("from", "2026-11-19 03:00")
        .with("to", "2026-11-20");
    let ru = say(Locale::Ru, &message);
    assert!(
        ru.contains("19.11.2026, 03:00") && ru.contains("20.11.2026"),
        "{ru}"
    );
    let en = say(Locale::En, &message);
    assert!(!en.contains("2026-11"), "{en}");
}

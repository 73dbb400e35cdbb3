//! The rules of the house, enforced by reading the sources: which floor may know which, how long a
//! room and a function may be, no floats in money and power, one place that asks for the time.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const FILE_LINES: usize = 500;
const FUNCTION_LINES: usize = 70;

/// A floor with what its code must not name, and why.
const FLOORS: [(&str, &[&str], &str); 8] = [
    (
        "src/domain",
        &[
            "diesel",
            "actix",
            "askama",
            "lettre",
            "tokio",
            "std::env",
            "std::fs",
            "std::net",
            "crate::db",
            "crate::services",
            "crate::web",
            "crate::api",
            "crate::text",
            "crate::error",
            "crate::clock",
            "crate::config",
        ],
        "the domain is pure: it knows no database, network, file, clock or page",
    ),
    (
        "src/db",
        &[
            "actix",
            "askama",
            "lettre",
            "crate::services",
            "crate::web",
            "crate::api",
            "crate::config",
            "crate::export",
            "crate::import",
        ],
        "db moves rows and decides nothing: it knows only the domain",
    ),
    (
        "src/services",
        &[
            "actix",
            "askama::",
            "diesel::",
            "crate::web",
            "crate::api",
            "crate::config",
        ],
        "services decide and write: pages, settings and queries live elsewhere",
    ),
    (
        "src/export",
        &[
            "diesel",
            "actix",
            "crate::db",
            "crate::services",
            "crate::web",
            "crate::api",
        ],
        "formats hold no queries",
    ),
    (
        "src/import",
        &[
            "diesel",
            "actix",
            "crate::db",
            "crate::services",
            "crate::web",
            "crate::api",
        ],
        "formats hold no queries",
    ),
    (
        "src/mqtt",
        &[
            "diesel",
            "actix",
            "crate::db",
            "crate::services",
            "crate::web",
            "crate::api",
        ],
        "a connection moves messages and knows nothing of what they say",
    ),
    (
        "src/api",
        &[
            "diesel",
            "askama",
            "actix_session",
            "crate::web",
            "crate::config",
        ],
        "the door of programs knows tokens and values: no pages, no sessions, no queries of its own",
    ),
    (
        "src/text",
        &[
            "diesel",
            "actix",
            "crate::db",
            "crate::services",
            "crate::web",
            "crate::api",
        ],
        "texts know nothing but values",
    ),
];

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = vec![];
    let mut open = vec![root.join(folder)];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir).unwrap_or_else(|e| panic!("{}: {e}", dir.display())) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(root).unwrap().to_owned(), text));
            }
        }
    }
    assert!(!found.is_empty(), "no sources in {folder}");
    found.sort();
    found
}

/// What ships: without the tests at the end of a file, and without comments.
fn shipped(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .take_while(|(_, line)| line.trim() != "#[cfg(test)]")
        .map(|(at, line)| (at + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn is_test_file(path: &Path) -> bool {
    path.components().any(|c| {
        let name = c.as_os_str().to_string_lossy();
        name == "tests.rs" || name == "tests" || name == "oracle.rs" || name == "samples.rs"
    })
}

#[test]
fn each_floor_stands_only_on_those_below() {
    let mut wrong = vec![];
    for (floor, forbidden, why) in FLOORS {
        for (path, text) in sources(floor)
            .iter()
            .filter(|(path, _)| !is_test_file(path))
        {
            for (line, code) in shipped(text) {
                for word in forbidden.iter().filter(|word| code.contains(**word)) {
                    wrong.push(format!("{}:{line} names {word}: {why}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn wings_of_a_floor_do_not_import_each_other_in_the_database() {
    let mut wrong = vec![];
    for (path, text) in sources("src/db") {
        let parts: Vec<_> = path
            .iter()
            .map(|p| p.to_string_lossy().into_owned())
            .collect();
        let Some(wing) = (parts.len() > 3).then(|| parts[2].clone()) else {
            continue;
        };
        for (line, code) in shipped(&text) {
            for other in ["identity", "site", "leasing", "metering", "billing"] {
                if other != wing && code.contains(&format!("crate::db::{other}::")) {
                    wrong.push(format!(
                        "{}:{line} imports the rows of {other}: join tables by schema instead",
                        path.display()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn rooms_stay_small() {
    let mut wrong = vec![];
    for folder in ["src", "tests/it"] {
        for (path, text) in sources(folder) {
            let lines = text.lines().count();
            if lines > FILE_LINES && path != Path::new("src/db/schema.rs") {
                wrong.push(format!(
                    "{} has {lines} lines: split it by noun",
                    path.display()
                ));
            }
            for (name, at, length) in functions(&text) {
                if length > FUNCTION_LINES {
                    wrong.push(format!(
                        "{}:{at} fn {name} has {length} lines: a function fits a screen",
                        path.display()
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Name, line and length of each function, by its indentation: rustfmt closes it at the same depth.
fn functions(text: &str) -> Vec<(String, usize, usize)> {
    let lines: Vec<&str> = text.lines().collect();
    let mut found = vec![];
    for (at, line) in lines.iter().enumerate() {
        let code = line.trim_start();
        let Some(rest) = code.split_once("fn ").map(|(_, rest)| rest) else {
            continue;
        };
        let before = code.split_once("fn ").map_or("", |(before, _)| before);
        let is_head = before
            .split_whitespace()
            .all(|w| matches!(w, "pub" | "async" | "const" | "unsafe") || w.starts_with("pub("));
        if !is_head || code.ends_with(';') {
            continue;
        }
        let indent = line.len() - code.len();
        let close = format!("{}}}", " ".repeat(indent));
        if let Some(length) = lines[at..].iter().position(|l| *l == close) {
            let name: String = rest
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            found.push((name, at + 1, length + 1));
        }
    }
    found
}

#[test]
fn money_power_and_energy_are_whole_numbers() {
    // Placement's linear bound computes in floats; everything that it finds is replayed in integers.
    let allowed = [
        Path::new("src/domain/leasing/place/bound.rs"),
        // Air is a physical model; what it leaves of a zone is a decimal, rounded down.
        Path::new("src/domain/site/climate/psychro.rs"),
        Path::new("src/domain/site/climate/derate.rs"),
    ];
    let mut wrong = vec![];
    for folder in ["src/domain", "src/db", "src/services"] {
        for (path, text) in sources(folder) {
            if allowed.contains(&path.as_path()) || is_test_file(&path) {
                continue;
            }
            for (line, code) in shipped(&text) {
                if code
                    .split(|c: char| !c.is_alphanumeric())
                    .any(|w| w == "f64" || w == "f32")
                {
                    wrong.push(format!("{}:{line} uses a float", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_clock_asks_for_the_time() {
    let mut wrong = vec![];
    for (path, text) in sources("src") {
        if path == Path::new("src/clock.rs") {
            continue;
        }
        for (line, code) in shipped(&text) {
            let asks = [
                "SystemTime::now",
                "Utc::now",
                "Local::now",
                "OffsetDateTime::now",
            ];
            if asks.iter().any(|a| code.contains(a)) {
                wrong.push(format!(
                    "{}:{line} reads the clock: take `now` as an argument",
                    path.display()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_app_and_the_doors_read_settings() {
    let mut readers = BTreeSet::new();
    for (path, text) in sources("src") {
        if shipped(&text)
            .any(|(_, code)| code.contains("std::env::var") || code.contains("env::var("))
        {
            readers.insert(path.display().to_string());
        }
    }
    assert!(
        readers.is_empty(),
        "settings come from config.rs: {readers:?}"
    );
}

#[test]
fn both_databases_have_the_same_migrations() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let names = |database: &str| -> BTreeSet<String> {
        fs::read_dir(root.join(database))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect()
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

/// What follows `opener` up to its end at the same depth of brackets.
fn expressions<'a>(code: &'a str, opener: &str, end: char) -> Vec<&'a str> {
    let mut found = vec![];
    for (at, _) in code.match_indices(opener) {
        let rest = &code[at + opener.len()..];
        let mut depth = 0;
        let close = rest.find(|c: char| {
            match c {
                '(' | '{' | '[' => depth += 1,
                ')' | '}' | ']' => depth -= 1,
                _ => {}
            }
            depth < 0 || depth == 0 && c == end
        });
        found.push(&rest[..close.unwrap_or(rest.len())]);
    }
    found
}

fn words_in(code: &str) -> Vec<String> {
    let quoted = code.split('"').skip(1).step_by(2);
    let plain = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    quoted.filter(plain).map(str::to_owned).collect()
}

#[test]
fn every_action_of_the_trail_has_its_word() {
    use innkeeper::db::metering::imports::{CANCELLED, DONE, FAILED, REFUSED};
    use innkeeper::text::{Locale, has};
    let ends = [CANCELLED, DONE, FAILED, REFUSED];
    let mut actions: BTreeSet<String> = ends.iter().map(|end| (*end).to_owned()).collect();
    let mut nouns = BTreeSet::new();
    for (_, text) in sources("src/services") {
        let code: Vec<&str> = shipped(&text).map(|(_, line)| line).collect();
        let code = code.join("\n");
        let said = [
            ("action: ", ','),
            ("let action = ", ';'),
            ("fn action(", '}'),
        ];
        for (opener, end) in said {
            for found in expressions(&code, opener, end) {
                actions.extend(words_in(found));
            }
        }
        // An action that is handed on is the first word of the call; nouns stand with their ids.
        for opener in [" record(", " change("] {
            for call in expressions(&code, opener, ')') {
                actions.extend(words_in(call).into_iter().take(1));
            }
        }
        for found in expressions(&code, "noun: ", ',') {
            nouns.extend(words_in(found));
        }
    }
    assert!(
        actions.len() > 40 && nouns.len() > 20,
        "{actions:?} {nouns:?}"
    );
    let actions = actions
        .iter()
        .map(|action| format!("trail-action-{action}"));
    let nouns = nouns.iter().map(|noun| format!("trail-noun-{noun}"));
    let keys: Vec<String> = actions.chain(nouns).collect();
    let mute = |key: &&String| Locale::ALL.iter().any(|locale| !has(*locale, key));
    let mute: Vec<&String> = keys.iter().filter(mute).collect();
    assert!(mute.is_empty(), "no words in some language: {mute:?}");
}

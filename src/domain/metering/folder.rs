//! **folder**: a source whose readings arrive as files. Which of them are taken, and what they are.

use crate::codes;
use crate::domain::rows::Keep;
use serde::{Deserialize, Serialize};

codes!(
    /// What the files of a folder are; `Any`: each says by itself.
    FileForm {
        Any = "any",
        Table = "table",
        Message80020 = "message80020",
        GreenButton = "green_button",
    }
);

/// What becomes of a folder's files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FolderRules {
    /// `*.xml`; capital letters are the same as small ones.
    pub pattern: String,
    pub form: FileForm,
    /// All or nothing, or the good rows.
    pub keep: Keep,
}

impl Default for FolderRules {
    fn default() -> Self {
        Self {
            pattern: "*".to_owned(),
            form: FileForm::Any,
            keep: Keep::AllOrNothing,
        }
    }
}

const LONGEST_PATH: usize = 300;
const LONGEST_PATTERN: usize = 100;
/// Where files go, beneath the folder; a folder of this name would take its neighbour's.
pub const WORK: &str = "work";
pub const TAKEN: &str = "taken";
pub const REFUSED: &str = "refused";
/// What follows the name of a file in the name of its report.
pub const REPORT: &str = ".report.txt";

impl FolderRules {
    /// Fields that say nothing that can be worked with, each with the key of its sentence.
    pub fn faults(&self) -> Vec<(&'static str, &'static str)> {
        let mut faults = vec![];
        let odd = |c: char| c.is_control() || c == '/' || c == '\\';
        let pattern = &self.pattern;
        if pattern.is_empty() || pattern.len() > LONGEST_PATTERN || pattern.contains(odd) {
            faults.push(("pattern", "folder-error-pattern"));
        }
        if self.keep == Keep::CheckOnly {
            faults.push(("keep", "form-choose"));
        }
        faults
    }

    /// Whether a file of this name is one of the folder's: no hidden one, none that is still written
    /// under another name, no report.
    pub fn takes(&self, name: &str) -> bool {
        let name = name.to_lowercase();
        let passing = [".tmp", ".part", REPORT];
        let odd = name.starts_with('.') || name.contains(char::is_control);
        !odd && !passing.iter().any(|end| name.ends_with(end))
            && is_like(&self.pattern.to_lowercase(), &name)
    }
}

/// `*` stands for any characters, `?` for one.
fn is_like(pattern: &str, name: &str) -> bool {
    let (pattern, name): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), name.chars().collect());
    let (mut p, mut n) = (0, 0);
    // Where the last star stood, and up to where it reaches so far.
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        match pattern.get(p) {
            Some('*') => {
                star = Some((p, n));
                p += 1;
            }
            Some(c) if *c == '?' || *c == name[n] => {
                p += 1;
                n += 1;
            }
            _ => {
                let Some((at, reached)) = star else {
                    return false;
                };
                star = Some((at, reached + 1));
                (p, n) = (at + 1, reached + 1);
            }
        }
    }
    pattern[p..].iter().all(|c| *c == '*')
}

/// Whether a path may be a folder below the base, by its words alone.
pub fn is_path(path: &str) -> bool {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let last = path
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let fit = !path.trim_matches('/').is_empty()
        && path.len() <= LONGEST_PATH
        && !path.contains(|c: char| c.is_control() || c == '\\');
    fit && parts.all(|part| part != "..") && ![WORK, TAKEN, REFUSED, "."].contains(&last)
}

/// The name of a file that was put away, where `turn` others of its name are there before it.
pub fn name_of_turn(name: &str, turn: usize) -> String {
    if turn == 0 {
        return name.to_owned();
    }
    let whole = name.strip_suffix(".gz").unwrap_or(name);
    let dot = whole.rfind('.').filter(|at| *at > 0).unwrap_or(whole.len());
    format!("{}-{}{}", &name[..dot], turn + 1, &name[dot..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_takes_what_is_like_its_pattern_and_is_whole() {
        let takes = |pattern: &str, name: &str| {
            let rules = FolderRules {
                pattern: pattern.to_owned(),
                ..FolderRules::default()
            };
            assert_eq!(rules.faults(), [], "{pattern}");
            rules.takes(name)
        };
        for (pattern, name) in [
            ("*", "a.csv"),
            ("*.xml", "80020_7800000012_20261101_1056.XML"),
            ("80020_*_*.xml", "80020_78_1.xml"),
            ("day-??.csv", "day-01.csv"),
            ("*показания*", "Показания за ноябрь.csv"),
            ("*a*b*", "xaxaxbx"),
        ] {
            assert!(takes(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [
            ("*.xml", "a.csv"),
            ("*.xml", "a.xml.gz"),
            ("day-??.csv", "day-1.csv"),
            ("*", ".a.csv"),
            ("*", "a.csv.tmp"),
            ("*", "a.csv.PART"),
            ("*", "a.csv.report.txt"),
            ("*", "a\n.csv"),
            ("*a*b", "xaxbx"),
        ] {
            assert!(!takes(pattern, name), "{pattern} {name}");
        }
        for pattern in ["", "a/*", "a\0", "..\\*"] {
            let rules = FolderRules {
                pattern: pattern.to_owned(),
                keep: Keep::CheckOnly,
                ..FolderRules::default()
            };
            assert_eq!(rules.faults().len(), 2, "{pattern:?}");
        }
    }

    #[test]
    fn a_path_stays_below_its_base() {
        for path in ["askue", "a/b/c", "/srv/in/a", "a..b/c", "площадка 1"] {
            assert!(is_path(path), "{path}");
        }
        for path in [
            "",
            "/",
            "..",
            "a/../../b",
            "../a",
            "a/..",
            "a\0b",
            "a\\b",
            "a/work",
            "taken/",
            ".",
            "a/.",
        ] {
            assert!(!is_path(path), "{path:?}");
        }
    }

    #[test]
    fn the_next_of_a_name_has_a_number() {
        for (name, next) in [
            ("a.csv", "a-2.csv"),
            ("a.csv.gz", "a-2.csv.gz"),
            ("a.b.c.xml", "a.b.c-2.xml"),
            ("plain", "plain-2"),
        ] {
            assert_eq!(
                (name_of_turn(name, 0), name_of_turn(name, 1)),
                (name.to_owned(), next.to_owned())
            );
        }
        assert_eq!(name_of_turn("a.csv", 11), "a-12.csv");
    }
}

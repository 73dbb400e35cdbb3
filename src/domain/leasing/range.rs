//! Racks that are wanted by name: a list, and spans from one to another.

use crate::domain::fold::fold;

/// The order in which people count names: `A-2` before `A-10`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Chunk {
    /// Digits without leading zeros: the longer number is the larger.
    Number(usize, String),
    Text(String),
}

fn natural(name: &str) -> Vec<Chunk> {
    let folded = fold(name);
    let chars: Vec<char> = folded.chars().collect();
    let same = |a: &char, b: &char| a.is_ascii_digit() == b.is_ascii_digit();
    let chunk = |chars: &[char]| {
        let text: String = chars.iter().collect();
        if chars[0].is_ascii_digit() {
            let digits = text.trim_start_matches('0').to_owned();
            Chunk::Number(digits.len(), digits)
        } else {
            Chunk::Text(text)
        }
    };
    chars.chunk_by(same).map(chunk).collect()
}

/// Positions of the racks that a text names: entries by comma, semicolon or line; an entry is a name
/// or a span, `A-01..A-10` or with a dash between spaces. Sorted, each once.
///
/// Errors: the name that is not there.
pub fn chosen(text: &str, names: &[&str]) -> Result<Vec<usize>, String> {
    let position = |wanted: &str| {
        let folded = fold(wanted);
        let found = names.iter().position(|name| fold(name) == folded);
        found.ok_or_else(|| wanted.trim().to_owned())
    };
    let mut found = vec![];
    let entries = text.split([',', ';', '\n']).map(str::trim);
    for entry in entries.filter(|entry| !entry.is_empty()) {
        match (position(entry), span(entry)) {
            (Ok(at), _) => found.push(at),
            (Err(unknown), None) => return Err(unknown),
            (Err(_), Some((from, to))) => {
                let ends = [
                    natural(names[position(from)?]),
                    natural(names[position(to)?]),
                ];
                let within = |at: &usize| {
                    let name = natural(names[*at]);
                    let (least, most) = (ends.iter().min(), ends.iter().max());
                    least.is_some_and(|least| *least <= name)
                        && most.is_some_and(|most| name <= *most)
                };
                found.extend((0..names.len()).filter(within));
            }
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

fn span(entry: &str) -> Option<(&str, &str)> {
    ["..", "…", "–", "—", " - "]
        .iter()
        .find_map(|mark| entry.split_once(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 6] = ["A-1", "A-10", "A-2", "B-1", "B-02", "Стойка 7"];

    #[test]
    fn names_and_spans_in_the_order_of_people() {
        for (text, expected) in [
            ("A-1", vec![0]),
            ("a-2, B-1", vec![2, 3]),
            ("A-1 – A-2", vec![0, 2]),
            ("A-2..A-10", vec![1, 2]),
            ("A-10..A-2; A-2", vec![1, 2]),
            ("A-10 - B-02\nстойка 7", vec![1, 3, 4, 5]),
            (" ,; ", vec![]),
        ] {
            assert_eq!(chosen(text, &NAMES), Ok(expected), "{text}");
        }
    }

    #[test]
    fn a_rack_that_is_not_there_is_named() {
        assert_eq!(chosen("A-1, A-3", &NAMES), Err("A-3".to_owned()));
        assert_eq!(chosen("A-1..C-9", &NAMES), Err("C-9".to_owned()));
    }
}

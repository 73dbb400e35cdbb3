//! One spelling for search and comparison, the same on every database.

/// Lower case, `ё` as `е`, single spaces: SQLite's own `lower` knows ASCII only.
pub fn fold(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
        .replace('ё', "е")
}

#[cfg(test)]
mod tests {
    #[test]
    fn folds_cyrillic_and_spaces() {
        assert_eq!(super::fold("  ООО  «Берёза»\t"), "ооо «береза»");
    }
}

//! Where a page of a list goes on: after the last row of the page before; and links to it.

/// The value that the last row was ordered by, and its id for those that are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub value: String,
    pub id: i64,
}

impl Cursor {
    pub fn new(value: impl ToString, id: i64) -> Self {
        Self {
            value: value.to_string(),
            id,
        }
    }

    pub fn encode(&self) -> String {
        format!("{}.{}", self.id, hex::encode(&self.value))
    }

    /// `None` for what this program did not write. No value holds control characters, and
    /// PostgreSQL takes no text with a zero in it.
    pub fn decode(text: &str) -> Option<Self> {
        let (id, value) = text.split_once('.')?;
        let value = String::from_utf8(hex::decode(value).ok()?).ok()?;
        Some(Self {
            value: Some(value).filter(|value| !value.contains(char::is_control))?,
            id: id.parse().ok()?,
        })
    }
}

/// A path with its parameters, encoded.
pub fn with_query(path: &str, pairs: &[(&str, String)]) -> String {
    let mut link = path.to_owned();
    for (index, (name, value)) in pairs.iter().enumerate() {
        link.push(if index == 0 { '?' } else { '&' });
        link.push_str(name);
        link.push('=');
        link.push_str(&encode(value));
    }
    link
}

/// Percent-encoding of everything but the unreserved characters of RFC 3986.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push_str(&hex::encode_upper([byte]));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::Cursor;

    #[test]
    fn a_cursor_comes_back_and_a_forged_one_does_not() {
        let cursor = Cursor::new("стойка 7", 7);
        assert_eq!(Cursor::decode(&cursor.encode()), Some(cursor));
        for forged in ["", "7", "7.zz", "x.61", "7.00", "7.ff"] {
            assert_eq!(Cursor::decode(forged), None, "{forged}");
        }
    }
}

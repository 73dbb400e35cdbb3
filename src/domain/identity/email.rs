//! What an e-mail address must look like: one rule, whoever asks.

pub const LONGEST: usize = 254;

/// One @ with something before it and a name with a point after it, nothing that a list or a header
/// would read otherwise.
pub fn is_email(text: &str) -> bool {
    let odd = |c: char| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c);
    text.len() <= LONGEST
        && !text.contains(odd)
        && text.split_once('@').is_some_and(|(user, host)| {
            let parts: Vec<&str> = host.split('.').collect();
            let whole = parts.iter().all(|part| !part.is_empty());
            !user.is_empty() && !host.contains('@') && parts.len() > 1 && whole
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_name_and_a_host() {
        for good in [
            "buh@sevhash.example",
            "a.b+c@d.e.example",
            "смена@пример.рф",
        ] {
            assert!(is_email(good), "{good}");
        }
        for bad in [
            "buh",
            "@host.example",
            "a@b",
            "a b@c.example",
            "a@b@c.example",
            "a@.example",
            "a@b.example,c@d.example",
            "A <a@b.example>",
        ] {
            assert!(!is_email(bad), "{bad}");
        }
        assert!(!is_email(&format!("{}@b.example", "a".repeat(LONGEST))));
    }
}

//! What a password must be: long enough, and not what everyone tries first.

use crate::domain::fold::fold;
use crate::domain::message::Message;

pub const SHORTEST: usize = 10;
pub const LONGEST: usize = 200;

/// Those of the commonest passwords that would be long enough.
const COMMONEST: [&str; 28] = [
    "1234567890",
    "0123456789",
    "0987654321",
    "12345678910",
    "123456789a",
    "1234567891",
    "1q2w3e4r5t",
    "1q2w3e4r5t6y",
    "1qaz2wsx3edc",
    "q1w2e3r4t5",
    "qwertyuiop",
    "qwerty12345",
    "qwerty123456",
    "qwerty1234",
    "qwertyuiop123",
    "password12",
    "password123",
    "password1234",
    "passw0rd123",
    "adminadmin",
    "administrator",
    "changeme123",
    "letmein123",
    "iloveyou123",
    "йцукенгшщз",
    "йцукен12345",
    "пароль12345",
    "abcdefghij",
];

/// `None` where the password will do; else the sentence for the field.
pub fn objection(password: &str, email: &str) -> Option<Message> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Some(
            Message::new("identity-password-short").with("shortest", i64::try_from(SHORTEST).ok()?),
        );
    }
    if length > LONGEST {
        return Some(
            Message::new("identity-password-long").with("longest", i64::try_from(LONGEST).ok()?),
        );
    }
    let folded = fold(password);
    let local_part = email.split('@').next().unwrap_or(email);
    if folded == fold(email) || folded == fold(local_part) {
        return Some(Message::new("identity-password-is-email"));
    }
    let first = password.chars().next();
    let monotonous = password.chars().all(|c| Some(c) == first);
    (monotonous || COMMONEST.contains(&folded.as_str()))
        .then(|| Message::new("identity-password-common"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_what_is_guessed_first() {
        let long = "я".repeat(201);
        let table = [
            ("short", Some("identity-password-short")),
            ("девять зн", Some("identity-password-short")),
            (long.as_str(), Some("identity-password-long")),
            ("Anna.Petrova@Mail.ru", Some("identity-password-is-email")),
            ("anna.petrova", Some("identity-password-is-email")),
            ("Password123", Some("identity-password-common")),
            ("ЙЦУКЕНГШЩЗ", Some("identity-password-common")),
            ("aaaaaaaaaaaa", Some("identity-password-common")),
            ("десять зна", None),
            ("correct horse battery", None),
        ];
        for (password, expected) in table {
            let key = objection(password, "anna.petrova@mail.ru").map(|m| m.key);
            assert_eq!(key.as_deref(), expected, "{password}");
        }
    }
}

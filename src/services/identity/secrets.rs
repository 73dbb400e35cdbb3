//! Password hashes and the tokens of links and cookies.

use crate::error::Result;
use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use sha2::{Digest, Sha256};
use std::sync::{Condvar, LazyLock, Mutex, PoisonError};

/// A hash takes 19 MiB and a core for its time: more at once would only starve everybody else.
const HASHES_AT_ONCE: u32 = 4;

static RUNNING: Mutex<u32> = Mutex::new(0);
static FREED: Condvar = Condvar::new();

/// What an unknown address is verified against, so that it takes as long as a known one.
static NOBODY: LazyLock<String> = LazyLock::new(|| {
    Argon2::default()
        .hash_password(b"nobody has this password")
        .map_or_else(|_| String::new(), |hash| hash.to_string())
});

/// The right to compute a hash; waiting for it is what bounds guesses that run side by side.
pub struct Turn(());

impl Turn {
    pub fn take() -> Self {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        while *running >= HASHES_AT_ONCE {
            running = FREED.wait(running).unwrap_or_else(PoisonError::into_inner);
        }
        *running += 1;
        Self(())
    }

    /// argon2id with the recommended cost (19 MiB, two passes), as a PHC string with its salt.
    pub fn hash(&self, password: &str) -> Result<String> {
        let hash = Argon2::default()
            .hash_password(password.as_bytes())
            .map_err(|e| anyhow::anyhow!("a password could not be hashed: {e}"))?;
        Ok(hash.to_string())
    }

    /// `None`: nobody's hash; it takes the same time and fails.
    pub fn verify(&self, password: &str, hash: Option<&str>) -> bool {
        let verified = Argon2::default()
            .verify_password(password.as_bytes(), hash.unwrap_or(NOBODY.as_str()))
            .is_ok();
        verified && hash.is_some()
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *RUNNING.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        FREED.notify_one();
    }
}

/// 256 random bits in hex: the holder's half of a link or a session.
pub fn new_token() -> String {
    hex::encode(rand::random::<[u8; 32]>())
}

/// The house's half: whoever reads the database cannot make the token from it.
pub fn token_hash(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_verifies_its_own_password_only() {
        let turn = Turn::take();
        let hash = turn.hash("correct horse battery").unwrap();
        assert!(
            hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
            "{hash}"
        );
        assert!(turn.verify("correct horse battery", Some(&hash)));
        assert!(!turn.verify("correct horse batter", Some(&hash)));
        assert!(!turn.verify("nobody has this password", None));
    }

    #[test]
    fn tokens_differ_and_are_kept_as_hashes() {
        let (one, other) = (new_token(), new_token());
        assert_ne!(one, other);
        assert_eq!(one.len(), 64);
        assert_ne!(token_hash(&one), one);
    }
}

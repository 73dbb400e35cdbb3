//! Messages to programs: one signed POST, no redirects, a short wait.

use crate::domain::calendar::Instant;
use hmac::{Hmac, Mac};
use sha2::Sha256;
use std::io::Read;
use std::sync::LazyLock;
use std::time::Duration;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Body};

const WAIT: Duration = Duration::from_secs(10);
/// Of an answer that refuses, so much is shown and no more is read than it takes.
const SHOWN_CHARS: usize = 200;
const READ_BYTES: u64 = 4 * SHOWN_CHARS as u64;

/// A message ready to go. Its key is the same however often it is sent.
pub struct Message<'a> {
    pub url: &'a str,
    pub secret: &'a str,
    pub key: &'a str,
    pub event: &'a str,
    pub body: &'a str,
}

/// Why a message did not arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Somebody answered, and not with 2xx: the status and how the answer begins.
    Refused(String),
    /// Nobody answered.
    Silent(String),
}

impl Failure {
    pub fn words(&self) -> &str {
        match self {
            Self::Refused(words) | Self::Silent(words) => words,
        }
    }
}

/// Carries messages; what it needs for TLS is read when the first one goes.
pub struct Courier {
    agent: LazyLock<Agent>,
}

impl Default for Courier {
    fn default() -> Self {
        Self {
            agent: LazyLock::new(agent),
        }
    }
}

/// Settings come from our own, so no proxy of the environment. The roots are the system's, for a
/// hotel may have its own; where it has none, Mozilla's.
fn agent() -> Agent {
    let found = rustls_native_certs::load_native_certs().certs;
    let roots: Vec<_> = found
        .iter()
        .map(|it| Certificate::from_der(it).to_owned())
        .collect();
    let roots = match roots.is_empty() {
        true => RootCerts::WebPki,
        false => RootCerts::new_with_certs(&roots),
    };
    Agent::config_builder()
        .timeout_global(Some(WAIT))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        .max_idle_connections(0)
        .proxy(None)
        .user_agent(concat!("innkeeper/", env!("CARGO_PKG_VERSION")))
        .tls_config(TlsConfig::builder().root_certs(roots).build())
        .build()
        .into()
}

impl Courier {
    pub fn carry(&self, message: &Message, now: Instant) -> Result<(), Failure> {
        let request = self
            .agent
            .post(message.url)
            .header("Content-Type", "application/json")
            .header("X-Innkeeper-Event", message.event)
            .header("X-Innkeeper-Delivery", message.key)
            .header("X-Innkeeper-Timestamp", now.0.to_string())
            .header(
                "X-Innkeeper-Signature",
                signature(message.secret, now, message.body),
            );
        let sent = request.send(message.body);
        let mut answer = sent.map_err(|error| Failure::Silent(error.to_string()))?;
        let status = answer.status();
        if status.is_success() {
            return Ok(());
        }
        let words = format!("{status} {}", beginning(answer.body_mut()));
        Err(Failure::Refused(words.trim_end().to_owned()))
    }
}

/// The first characters of an answer in one line; what cannot be read says nothing.
fn beginning(body: &mut Body) -> String {
    let mut bytes = vec![];
    // What came before a failure is still what came.
    let _ = body.as_reader().take(READ_BYTES).read_to_end(&mut bytes);
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    let text: String = String::from_utf8_lossy(&bytes).chars().map(plain).collect();
    text.trim().chars().take(SHOWN_CHARS).collect()
}

/// `sha256=` and the HMAC-SHA-256 (RFC 2104) of `<timestamp>.<body>` in hex.
pub fn signature(secret: &str, now: Instant, body: &str) -> String {
    let mut mac =
        Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("a key of any length signs");
    mac.update(format!("{}.{body}", now.0).as_bytes());
    format!("sha256={}", hex::encode(mac.finalize().into_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `printf '1795165200.{"event":"test"}' | openssl dgst -sha256 -hmac ink_whs_0` says.
    #[test]
    fn a_signature_is_what_other_programs_make() {
        let made = signature("ink_whs_0", Instant(1_795_165_200), r#"{"event":"test"}"#);
        assert_eq!(
            made,
            "sha256=eb68b55138c5ea2ba9ca4871539425dc7946e8a1ac0c70e9340f11dfdf272886"
        );
    }
}

//! **webhook**: what programs are told of incidents, where, and how long it is tried.

use crate::codes;
use crate::domain::calendar::Instant;

codes!(
    /// What a message tells; a test tells nothing.
    Event {
        Opened = "incident.opened",
        Acknowledged = "incident.acknowledged",
        Cleared = "incident.cleared",
        Test = "test",
    }
);

/// Waits after each failed try; the last one again and again.
const BACKOFF_SECONDS: [i64; 5] = [60, 5 * 60, 30 * 60, 2 * 3_600, 6 * 3_600];
/// Then somebody has to look.
const LONGEST_SECONDS: i64 = 24 * 3_600;
const LONGEST_ADDRESS: usize = 500;

/// When a message of this moment is given up.
pub fn give_up_at(now: Instant) -> Instant {
    now.plus_seconds(LONGEST_SECONDS)
}

/// When it is tried again after so many tries that failed; `None`: it is given up. The last try is at
/// the end of its time.
pub fn again_at(tries: i32, now: Instant, give_up_at: Instant) -> Option<Instant> {
    let last = BACKOFF_SECONDS.len() - 1;
    let wait = usize::try_from(tries.saturating_sub(1)).map_or(0, |tries| tries.min(last));
    let next = now.plus_seconds(BACKOFF_SECONDS[wait]);
    (now < give_up_at).then(|| next.min(give_up_at))
}

/// `http://host…` or `https://host…`: a name of a host, no user in it, no fragment, plain characters.
pub fn is_address(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let Some(rest) = rest else {
        return false;
    };
    let odd = |c: char| !c.is_ascii_graphic() || "#\"<>\\^`{|}".contains(c);
    let place = rest.split(['/', '?']).next().unwrap_or_default();
    text.len() <= LONGEST_ADDRESS && !text.contains(odd) && is_place(place)
}

/// `host`, `host:8080`, `10.0.0.7`, `[fd00::1]:8080`.
fn is_place(place: &str) -> bool {
    let (host, port) = match place.strip_prefix('[').and_then(|it| it.split_once(']')) {
        Some((host, rest)) => {
            let known = |c: char| c.is_ascii_hexdigit() || c == ':' || c == '.';
            let known = host.contains(':') && host.chars().all(known);
            return known && (rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port));
        }
        None => place.split_once(':').unwrap_or((place, "80")),
    };
    let of_name = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    !host.is_empty() && host.chars().all(of_name) && is_port(port)
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|it| it.is_ascii_digit()) && text.parse::<u16>().is_ok_and(|port| port > 0)
}

/// What people know an address by: its host, without what may be secret in it.
pub fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_plain_http() {
        for good in [
            "https://hooks.example.org/a/b?c=d",
            "http://10.0.0.7:8080/alarms",
            "http://panel",
            "https://[fd00::1]:8443/x",
            "http://[::1]",
            "https://a_b-c.example?token=1",
        ] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "ftp://example.org",
            "https://",
            "https:///path",
            "https://user:word@example.org/",
            "https://example.org/#part",
            "https://example.org/ x",
            "https://пример.рф/",
            "https://example.org:0/",
            "https://example.org:99999/",
            "https://example.org:+80/",
            "https://[fd00::1/",
            "https://[no]/",
            "javascript:alert(1)",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
        assert!(!is_address(&format!("https://a/{}", "x".repeat(500))));
        assert_eq!(
            host("https://hooks.example.org:8443/secret"),
            "hooks.example.org:8443"
        );
    }

    #[test]
    fn it_is_tried_for_a_day() {
        let start = Instant(1_000);
        let end = give_up_at(start);
        let (mut now, mut tries, mut waits) = (start, 0, vec![]);
        while let Some(next) = {
            tries += 1;
            again_at(tries, now, end)
        } {
            waits.push((next.0 - start.0) / 60);
            now = next;
        }
        assert_eq!(waits, [1, 6, 36, 156, 516, 876, 1_236, 1_440]);
        assert_eq!(now, end);
    }
}

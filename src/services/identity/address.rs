//! The network address that failed attempts are counted by.

use std::net::IpAddr;

/// `forwarded`: the line of addresses that proxies wrote. Only what our own proxy added is believed:
/// the last one.
pub fn address(peer: Option<IpAddr>, forwarded: Option<&str>, behind_proxy: bool) -> String {
    let last = || forwarded?.rsplit(',').next()?.trim().parse::<IpAddr>().ok();
    let ip = match behind_proxy {
        true => last().or(peer),
        false => peer,
    };
    ip.map_or_else(|| "unknown".to_owned(), network)
}

/// Who has one IPv6 address has its whole /64.
fn network(ip: IpAddr) -> String {
    match ip.to_canonical() {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forged_line_is_not_believed() {
        let peer = "10.0.0.9".parse().ok();
        let line = Some("6.6.6.6, 192.0.2.7");
        assert_eq!(address(peer, line, false), "10.0.0.9");
        assert_eq!(address(peer, line, true), "192.0.2.7");
        assert_eq!(address(peer, Some("nonsense"), true), "10.0.0.9");
    }

    #[test]
    fn ipv6_counts_by_network() {
        assert_eq!(
            network("2001:db8:1:2:3::4".parse().unwrap()),
            "2001:db8:1:2::/64"
        );
        assert_eq!(network("::ffff:192.0.2.7".parse().unwrap()), "192.0.2.7");
    }
}

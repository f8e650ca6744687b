//! The client of a request: its address, and its `User-Agent`.

use std::net::IpAddr;

use ipnet::IpNet;
use poem::{
    Addr, FromRequest, Request, RequestBody, Result,
    http::{HeaderMap, header},
};

use super::problem::Problem;

/// Characters of a `User-Agent` that are kept.
const AGENT_CHARS: usize = 200;

/// The networks whose `X-Forwarded-For`, `Forwarded` and `X-Real-IP` are trusted.
#[derive(Clone, Debug)]
pub struct TrustedProxies(pub Vec<IpNet>);

/// The client of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The connection's address, or the one that a trusted proxy forwards.
    pub address: IpAddr,
    /// The `User-Agent`, cut short; not verified.
    pub agent: String,
}

impl TrustedProxies {
    /// Whether an address is one of theirs.
    #[must_use]
    pub fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|net| net.contains(&address))
    }

    /// The client's address: the connection's, unless that is a trusted proxy's. Then the last address in
    /// `X-Forwarded-For` that is not a trusted proxy's, since each proxy appends one and those before may be forged by
    /// the client; or else the same of `Forwarded`; or else `X-Real-IP`.
    ///
    /// Where `X-Forwarded-For` and `Forwarded` name different clients, the proxies set only one of them and the client the
    /// other: neither is believed.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.trust(peer) {
            return peer;
        }
        let listed = self.last_untrusted(peer, headers, "x-forwarded-for", |hop| Some(hop));
        let forwarded = self.last_untrusted(peer, headers, "forwarded", hop_of_forwarded);
        match (listed, forwarded) {
            (Some(listed), Some(forwarded)) => {
                if listed == forwarded {
                    listed
                } else {
                    peer
                }
            }
            (Some(only), None) | (None, Some(only)) => only,
            (None, None) => {
                let real_ip = headers.get("x-real-ip").and_then(|sent| read(sent.to_str().ok()?));
                real_ip.unwrap_or(peer)
            }
        }
    }

    /// The last address of a list of hops that is not a trusted proxy's; `None` where there is no such header. Entries before one
    /// that is not an address can't be trusted.
    fn last_untrusted(
        &self,
        peer: IpAddr,
        headers: &HeaderMap,
        name: &str,
        hop_of: fn(&str) -> Option<&str>,
    ) -> Option<IpAddr> {
        let mut lines = headers.get_all(name).iter().rev().peekable();
        lines.peek()?;
        let mut nearest = peer;
        for hop in lines.flat_map(|line| line.to_str().unwrap_or("?").rsplit(',')) {
            let Some(hop) = hop_of(hop).and_then(read) else { return Some(nearest) };
            if !self.trust(hop) {
                return Some(hop);
            }
            nearest = hop;
        }
        Some(nearest)
    }
}

/// The `for` of an element of `Forwarded` (RFC 7239, 4), without its quotes.
fn hop_of_forwarded(element: &str) -> Option<&str> {
    let pairs = element.split(';').filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(name, _)| name.trim().eq_ignore_ascii_case("for")).map(|(_, value)| value.trim());
    let value = values.next()?;
    Some(value.strip_prefix('"').and_then(|quoted| quoted.strip_suffix('"')).unwrap_or(value))
}

/// Whether a proxy says that the client came by https. Where there are several values, all must say so.
fn is_https(headers: &HeaderMap) -> bool {
    let listed = headers.get_all("x-forwarded-proto").iter();
    let listed = listed.flat_map(|line| line.to_str().unwrap_or("?").split(','));
    let forwarded = headers.get_all("forwarded").iter();
    let forwarded = forwarded.flat_map(|line| line.to_str().unwrap_or("proto=?").split([',', ';']));
    let forwarded = forwarded
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(name, _)| name.trim().eq_ignore_ascii_case("proto"))
        .map(|(_, value)| value.trim().trim_matches('"'));
    let mut said = listed.map(str::trim).chain(forwarded).peekable();
    said.peek().is_some() && said.all(|proto| proto.eq_ignore_ascii_case("https"))
}

/// Reads an address as proxies write it: alone, or with the port of the client's connection (`203.0.113.8:51234`,
/// `[2001:db8::1]:443`), or in brackets.
fn read(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let address = text.parse::<IpAddr>().ok().or_else(|| {
        let (address, port) = match text.strip_prefix('[') {
            Some(bracketed) => match bracketed.split_once(']')? {
                (address, "") => (address, None),
                (address, rest) => (address, Some(rest.strip_prefix(':')?)),
            },
            None => text.rsplit_once(':').map(|(address, port)| (address, Some(port)))?,
        };
        let is_port = |port: &str| (1..=5).contains(&port.len()) && port.bytes().all(|byte| byte.is_ascii_digit());
        let is_six = text.starts_with('[');
        address.parse::<IpAddr>().ok().filter(|found| found.is_ipv6() == is_six && port.is_none_or(is_port))
    })?;
    Some(address.to_canonical())
}

/// The trusted proxies, and the peer's address.
fn proxies_and_peer(request: &Request) -> Result<(&TrustedProxies, IpAddr), Problem> {
    let proxies = request.data::<TrustedProxies>().ok_or_else(Problem::internal)?;
    match &request.remote_addr().0 {
        Addr::SocketAddr(peer) => Ok((proxies, peer.ip())),
        _ => Err(Problem::internal()),
    }
}

impl Client {
    /// Its address alone.
    ///
    /// # Errors
    /// An internal error.
    pub fn address_of(request: &Request) -> Result<IpAddr, Problem> {
        proxies_and_peer(request).map(|(proxies, peer)| proxies.client(peer, request.headers()))
    }

    /// Whether nobody between the client and this server reads along: the client is on this machine, or came to a trusted proxy by
    /// https, as `X-Forwarded-Proto` or `Forwarded` says.
    #[must_use]
    pub fn is_private(request: &Request) -> bool {
        let Ok((proxies, peer)) = proxies_and_peer(request) else { return false };
        let (peer, headers) = (peer.to_canonical(), request.headers());
        if !proxies.trust(peer) {
            // A proxy on this machine that is not trusted may have taken it from anywhere.
            let is_forwarded =
                ["x-forwarded-for", "forwarded", "x-real-ip"].iter().any(|name| headers.contains_key(*name));
            return peer.is_loopback() && !is_forwarded;
        }
        proxies.client(peer, headers).is_loopback() || is_https(headers)
    }

    /// Whether the connection comes from a trusted proxy.
    #[must_use]
    pub fn is_behind_trusted_proxy(request: &Request) -> bool {
        proxies_and_peer(request).is_ok_and(|(proxies, peer)| proxies.trust(peer.to_canonical()))
    }
}

impl<'a> FromRequest<'a> for Client {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        let address = Self::address_of(request)?;
        let agent = request.headers().get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
        Ok(Self { address, agent: agent.chars().take(AGENT_CHARS).collect() })
    }
}

/// The address of a client alone: the connection's, or the one that a trusted proxy forwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

impl<'a> FromRequest<'a> for ClientAddress {
    async fn from_request(request: &'a Request, _: &mut RequestBody) -> Result<Self> {
        Ok(Self(Client::address_of(request)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(peer: &str, headers: &[(&'static str, &str)]) -> String {
        let proxies = TrustedProxies(vec!["127.0.0.0/8".parse().unwrap(), "10.0.0.0/8".parse().unwrap()]);
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        proxies.client(peer.parse().unwrap(), &map).to_string()
    }

    #[test]
    fn headers_from_an_untrusted_peer_are_ignored() {
        let forged = [("x-forwarded-for", "203.0.113.9"), ("x-real-ip", "203.0.113.9")];
        assert_eq!(client("198.51.100.1", &forged), "198.51.100.1");
        assert_eq!(client("::ffff:198.51.100.1", &forged), "198.51.100.1");
    }

    #[test]
    fn a_trusted_proxy_is_believed_about_the_hop_that_it_saw_itself() {
        assert_eq!(client("127.0.0.1", &[("x-forwarded-for", "203.0.113.9")]), "203.0.113.9");
        assert_eq!(client("127.0.0.1", &[("x-forwarded-for", "1.1.1.1, 203.0.113.9, 10.0.0.7")]), "203.0.113.9");
        assert_eq!(
            client("127.0.0.1", &[("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "203.0.113.9")]),
            "203.0.113.9"
        );
        assert_eq!(client("127.0.0.1", &[("x-forwarded-for", "1.1.1.1, unknown, 10.0.0.7")]), "10.0.0.7");
        assert_eq!(client("127.0.0.1", &[("x-real-ip", "203.0.113.9")]), "203.0.113.9");
        assert_eq!(client("127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn an_address_may_have_a_port() {
        for (sent, read) in [
            ("203.0.113.8:51234", "203.0.113.8"),
            ("[2001:db8::1]:443", "2001:db8::1"),
            ("[2001:db8::1]", "2001:db8::1"),
            ("2001:db8::1", "2001:db8::1"),
            ("[::ffff:203.0.113.8]:80", "203.0.113.8"),
            (" 203.0.113.8:1 , 10.0.0.7:9999", "203.0.113.8"),
        ] {
            assert_eq!(client("127.0.0.1", &[("x-forwarded-for", sent)]), read, "{sent}");
            assert_eq!(client("127.0.0.1", &[("x-real-ip", sent)]) == read, !sent.contains(','), "{sent}");
        }
        for sent in [
            "203.0.113.8:",
            "203.0.113.8:x",
            "[203.0.113.8]:1",
            "[2001:db8::1]443",
            "[2001:db8::1",
            "203.0.113.8:123456",
        ] {
            assert_eq!(client("127.0.0.1", &[("x-forwarded-for", sent)]), "127.0.0.1", "{sent}");
        }
    }

    #[test]
    fn forwarded_is_read_like_the_older_header() {
        for (sent, read) in [
            ("for=203.0.113.8", "203.0.113.8"),
            ("For=\"203.0.113.8:4711\";proto=https;by=10.0.0.1", "203.0.113.8"),
            ("proto=http; for=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17"),
            ("for=192.0.2.43, for=203.0.113.8, for=10.0.0.7", "203.0.113.8"),
            ("for=203.0.113.8, for=unknown", "127.0.0.1"),
            ("for=203.0.113.8, for=_hidden, for=10.0.0.7", "10.0.0.7"),
            ("proto=https", "127.0.0.1"),
        ] {
            assert_eq!(client("127.0.0.1", &[("forwarded", sent)]), read, "{sent}");
            assert_eq!(client("198.51.100.1", &[("forwarded", sent)]), "198.51.100.1", "{sent}");
        }
    }

    #[test]
    fn https_is_what_all_proxies_say() {
        let says = |headers: &[(&'static str, &str)]| {
            let mut map = HeaderMap::new();
            for (name, value) in headers {
                map.append(*name, value.parse().unwrap());
            }
            is_https(&map)
        };
        assert!(says(&[("x-forwarded-proto", "https")]) && says(&[("forwarded", "for=203.0.113.8;proto=\"HTTPS\"")]));
        assert!(
            !says(&[]) && !says(&[("x-forwarded-proto", "http")]) && !says(&[("x-forwarded-proto", "https, http")])
        );
        assert!(!says(&[("x-forwarded-proto", "https"), ("forwarded", "proto=http")]));
    }

    #[test]
    fn of_two_headers_that_contradict_each_other_none_is_believed() {
        let both = |listed, forwarded| client("10.0.0.1", &[("x-forwarded-for", listed), ("forwarded", forwarded)]);
        assert_eq!(both("203.0.113.8", "for=\"203.0.113.8:80\""), "203.0.113.8");
        assert_eq!(both("203.0.113.8", "for=198.51.100.9"), "10.0.0.1");
    }
}

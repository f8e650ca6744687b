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

/// The networks whose `X-Forwarded-For` and `X-Real-IP` are trusted.
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
    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|net| net.contains(&address))
    }

    /// The client's address: the connection's, unless that is a trusted proxy's. Then the last address in
    /// `X-Forwarded-For` that is not a trusted proxy's, since each proxy appends one and those before may be forged by
    /// the client; or else `X-Real-IP`.
    #[must_use]
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let peer = peer.to_canonical();
        if !self.trust(peer) {
            return peer;
        }
        let lines: Vec<&str> =
            headers.get_all("x-forwarded-for").iter().map(|line| line.to_str().unwrap_or("?")).collect();
        let mut nearest = peer;
        for hop in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            // Entries before one that is not an address can't be trusted.
            let Some(hop) = read(hop) else { return nearest };
            if !self.trust(hop) {
                return hop;
            }
            nearest = hop;
        }
        if lines.is_empty() {
            let real_ip = headers.get("x-real-ip").and_then(|sent| read(sent.to_str().ok()?));
            return real_ip.unwrap_or(peer);
        }
        nearest
    }
}

fn read(text: &str) -> Option<IpAddr> {
    text.trim().parse::<IpAddr>().ok().map(|address| address.to_canonical())
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
}

//! The settings of the HTTP server.

use std::{net::SocketAddr, time::Duration};

use ipnet::IpNet;
use serde::Deserialize;

use super::{addresses, body, client::TrustedProxies, connections::Connections, envelope::Cors, server};
use crate::platform::{
    config::{OutOfRange, Section, within},
    network_shares::NetworkShares,
};

/// The settings of the HTTP server: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct HttpConfig {
    /// Where to listen.
    #[serde(deserialize_with = "addresses::listen")]
    pub listen: SocketAddr,
    /// Where to serve `/metrics`, if anywhere.
    #[serde(deserialize_with = "addresses::optional_listen")]
    pub metrics_listen: Option<SocketAddr>,
    /// The origin at which browsers and users reach the server; may be empty.
    pub public_url: String,
    /// Networks of proxies whose headers are believed.
    #[serde(deserialize_with = "addresses::networks")]
    pub trusted_proxies: Vec<IpNet>,
    #[serde(deserialize_with = "addresses::origins")]
    cors_origins: Vec<String>,
    /// Bytes of a request's body.
    pub body_limit: usize,
    body_secs: u64,
    header_secs: u64,
    bodies_bytes: usize,
    write_secs: u64,
    /// Open connections.
    pub connections: usize,
    address_connections: u64,
    address_polls: u64,
    address_queries: u64,
    address_body_bytes: u64,
    body_rate: u64,
    drain_secs: u64,
    stop_secs: u64,
}

impl HttpConfig {
    /// The origins that a browser may call from.
    #[must_use]
    pub fn cors(&self) -> Cors {
        if self.allows_any_origin() { Cors::Any } else { Cors::Only(self.cors_origins.clone()) }
    }

    /// The bounds of request bodies.
    #[must_use]
    pub fn body_limits(&self) -> body::Limits {
        let deadline = Duration::from_secs(self.body_secs);
        body::Limits::new(self.body_limit, self.bodies_bytes, self.address_body_bytes, deadline, self.body_rate)
    }

    /// The bounds of connections.
    #[must_use]
    pub fn server_limits(&self) -> server::Limits {
        server::Limits {
            connections: Connections::new(self.connections, self.address_connections, self.trusted_proxies()),
            header_deadline: Duration::from_secs(self.header_secs),
            write_deadline: Duration::from_secs(self.write_secs),
            stop_deadline: Duration::from_secs(self.stop_secs),
        }
    }

    /// The proxies whose headers are believed.
    #[must_use]
    pub fn trusted_proxies(&self) -> TrustedProxies {
        TrustedProxies(self.trusted_proxies.clone())
    }

    /// The requests that wait, of each network.
    #[must_use]
    pub fn polls(&self) -> NetworkShares {
        NetworkShares::new(self.address_polls)
    }

    /// The costly requests in progress, of each network.
    #[must_use]
    pub fn queries(&self) -> NetworkShares {
        NetworkShares::new(self.address_queries)
    }

    /// How long the server keeps accepting requests after it was asked to stop.
    #[must_use]
    pub fn drain(&self) -> Duration {
        Duration::from_secs(self.drain_secs)
    }

    fn allows_any_origin(&self) -> bool {
        self.cors_origins.iter().any(|origin| origin == "*")
    }

    /// An origin must be written as browsers write it (RFC 6454, section 6.2), because it is compared with theirs.
    fn check_public_url(&self) -> Result<(), OutOfRange> {
        if self.public_url.is_empty() {
            return Ok(());
        }
        let (scheme, host) = self.public_url.split_once("://").unwrap_or_default();
        let default_port = if scheme == "https" { ":443" } else { ":80" };
        let is_plain =
            |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || ".-:[]".contains(letter);
        if ["http", "https"].contains(&scheme)
            && !host.is_empty()
            && host.chars().all(is_plain)
            && !host.ends_with(default_port)
        {
            return Ok(());
        }
        Err(OutOfRange {
            key: "public_url",
            value: format!("{:?}", self.public_url),
            bound: "as browsers write an origin: https://host or https://host:port in lower case, and nothing after it"
                .to_owned(),
        })
    }
}

impl Section for HttpConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        self.check_public_url()?;
        within("drain_secs", self.drain_secs, 0..=600)?;
        within("stop_secs", self.stop_secs, 1..=600)?;
        within("body_limit", self.body_limit, 1024..=67_108_864)?;
        within("body_secs", self.body_secs, 1..=600)?;
        within("header_secs", self.header_secs, 1..=600)?;
        within("bodies_bytes", self.bodies_bytes, 67_108_864..=68_719_476_736)?;
        within("write_secs", self.write_secs, 1..=600)?;
        within("connections", self.connections, 1..=1_000_000)?;
        within("address_connections", self.address_connections, 0..=1_000_000)?;
        within("address_polls", self.address_polls, 0..=1_000_000)?;
        within("address_queries", self.address_queries, 0..=1_000_000)?;
        within("address_body_bytes", self.address_body_bytes, 0..=68_719_476_736)?;
        within("body_rate", self.body_rate, 0..=67_108_864)?;
        if self.allows_any_origin() && self.cors_origins.len() > 1 {
            return Err(OutOfRange {
                key: "cors_origins",
                value: format!("{:?}", self.cors_origins),
                bound: "either [\"*\"] alone or a list of origins".to_owned(),
            });
        }
        Ok(())
    }
}

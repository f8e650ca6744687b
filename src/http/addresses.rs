//! Addresses, networks and origins in settings, as operators write them.

use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs},
};

use ipnet::IpNet;
use serde::{Deserialize, Deserializer, de};

/// An address to listen on: `127.0.0.1:8000`, `[::1]:8000`, `localhost:8000`, or `:8000` for all addresses.
pub(super) fn listen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    parse_address(&text).ok_or_else(|| not_an_address(&text))
}

/// As [`listen`]; an empty text is no address.
pub(super) fn optional_listen<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() {
        return Ok(None);
    }
    parse_address(&text).map(Some).ok_or_else(|| not_an_address(&text))
}

fn not_an_address<E: de::Error>(text: &str) -> E {
    E::custom(format_args!(
        "is {text:?}, and must be an address and a port: 127.0.0.1:8000, [::1]:8000, localhost:8000, or :8000 for all \
         IPv4 addresses"
    ))
}

fn parse_address(text: &str) -> Option<SocketAddr> {
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    let (host, port) = text.rsplit_once(':')?;
    let port: u16 = port.parse().ok()?;
    match host {
        "" => Some((Ipv4Addr::UNSPECIFIED, port).into()),
        // Not looked up: minimal containers have no /etc/hosts.
        "localhost" => Some((Ipv4Addr::LOCALHOST, port).into()),
        host if host.contains(':') => None,
        host => {
            let mut found: Vec<SocketAddr> = (host, port).to_socket_addrs().ok()?.collect();
            found.sort_by_key(SocketAddr::is_ipv6);
            found.first().copied()
        }
    }
}

/// Networks: `10.0.0.0/8`, or the address of one machine.
pub(super) fn networks<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpNet>, D::Error> {
    let parse = |text: &String| {
        let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network.map_err(|_| wrong_item(text, "networks (10.0.0.0/8) or addresses (10.0.0.1)"))
    };
    Vec::<String>::deserialize(deserializer)?.iter().map(parse).collect()
}

/// Origins, in the spelling of browsers; `*` alone is any.
pub(super) fn origins<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let parse = |text: &String| {
        if text == "*" {
            return Ok(text.clone());
        }
        parse_origin(text)
            .ok_or_else(|| wrong_item(text, "origins: https://host or https://host:port, without a path or a wildcard"))
    };
    Vec::<String>::deserialize(deserializer)?.iter().map(parse).collect()
}

fn wrong_item<E: de::Error>(item: &str, must: impl fmt::Display) -> E {
    E::custom(format_args!("has {item:?}, and must have {must}"))
}

/// An origin as browsers write it (RFC 6454, section 6.2), because it is compared with theirs: in lower case, without the
/// default port and without a slash at its end.
fn parse_origin(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let (scheme, rest) = lower.split_once("://")?;
    let place = rest.strip_suffix('/').unwrap_or(rest);
    let default_port = match scheme {
        "https" => ":443",
        "http" => ":80",
        _ => ":",
    };
    let place = place.strip_suffix(default_port).unwrap_or(place);
    let of_scheme = |letter: char| letter.is_ascii_alphanumeric() || "+.-".contains(letter);
    let of_host = |letter: char| letter.is_ascii_alphanumeric() || "-._".contains(letter);
    let is_number = |port: &str| port.parse::<u16>().is_ok();
    let is_place = if let Some(six) = place.strip_prefix('[') {
        six.split_once(']').is_some_and(|(host, port)| {
            host.parse::<std::net::Ipv6Addr>().is_ok() && port.strip_prefix(':').map_or(port.is_empty(), is_number)
        })
    } else {
        let (host, port) = place.split_once(':').map_or((place, None), |(host, port)| (host, Some(port)));
        !host.is_empty() && host.chars().all(of_host) && port.is_none_or(is_number)
    };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_lowercase()) && scheme.chars().all(of_scheme);
    (is_scheme && is_place).then(|| format!("{scheme}://{place}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_read_as_operators_write_it() {
        for (text, address) in [
            ("127.0.0.1:8000", "127.0.0.1:8000"),
            ("[::1]:8000", "[::1]:8000"),
            ("localhost:8000", "127.0.0.1:8000"),
            (":8000", "0.0.0.0:8000"),
            (":0", "0.0.0.0:0"),
        ] {
            assert_eq!(parse_address(text).unwrap().to_string(), address);
        }
        for text in ["", ":", "8000", "127.0.0.1", "::1:8000", "localhost", "localhost:", "localhost:99999", ":http"] {
            assert_eq!(parse_address(text), None, "{text}");
        }
    }

    #[test]
    fn an_origin_is_compared_as_browsers_write_it() {
        for (text, origin) in [
            ("https://game.example", "https://game.example"),
            ("https://game.example/", "https://game.example"),
            ("https://Game.Example", "https://game.example"),
            ("HTTPS://game.example:443", "https://game.example"),
            ("http://game.example:80/", "http://game.example"),
            ("https://game.example:80", "https://game.example:80"),
            ("http://localhost:5173", "http://localhost:5173"),
            ("http://[::1]:5173", "http://[::1]:5173"),
            ("capacitor://localhost", "capacitor://localhost"),
        ] {
            assert_eq!(parse_origin(text).as_deref(), Some(origin), "{text}");
        }
        for text in [
            "game.example",
            "null",
            "https://",
            "https:///",
            "https://*.game.example",
            "https://game.example/path",
            "https://game.example?x",
            "https://user:word@game.example",
            "https://game.example:x",
            "https://game.example:99999",
            "https://spiel.müller",
            "://game.example",
            "https://[::1",
        ] {
            assert_eq!(parse_origin(text), None, "{text}");
        }
    }
}

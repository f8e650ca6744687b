//! Requests that are refused before any route is asked: because of their framing, or because there is no place for them.

use std::net::Ipv6Addr;

use bytes::Bytes;
use poem::http::{HeaderMap, HeaderValue, Version, header};

use super::{
    header_lines::{HeaderLines, Lines},
    problem::Problem,
};
use crate::platform::error::Kind;

/// Why a request is refused before any route is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// `Host` is missing, doubled or malformed (RFC 9112, 3.2).
    Host,
    /// A transfer coding that is not known here (RFC 9112, 6.1).
    TransferCoding,
    /// `chunked` more than once.
    Framing,
    /// The network, or all together, have too many connections.
    NoPlace,
}

impl Refusal {
    /// The answer.
    #[must_use]
    pub fn problem(self) -> Problem {
        match self {
            Self::Host => {
                let detail = "HTTP/1.1 asks for exactly one Host header, with a host and perhaps a port.";
                Problem::new(Kind::Malformed, "bad_host", detail)
            }
            Self::TransferCoding => unknown_coding(),
            Self::Framing => malformed(),
            Self::NoPlace => {
                let detail = "There are too many connections, of this network or of all together. Try again.";
                Problem::new(Kind::Busy, "too_many_connections", detail)
            }
        }
    }
}

/// What is wrong with a request's framing, if anything. `has_body`: it says that it has a body.
#[must_use]
pub fn of_request(version: Version, headers: &HeaderLines<'_>, has_body: bool) -> Option<Refusal> {
    let is_fine = match headers.host {
        Lines::One(host) => is_host(host.as_bytes()),
        Lines::Missing => version < Version::HTTP_11,
        Lines::Several(_) => false,
    };
    if !is_fine {
        return Some(Refusal::Host);
    }
    if has_body { of_coding(headers.all) } else { None }
}

fn of_coding(headers: &HeaderMap) -> Option<Refusal> {
    let lines = headers.get_all(header::TRANSFER_ENCODING);
    let mut codings = lines.iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b','));
    let is_chunked = |coding: &[u8]| coding.trim_ascii().eq_ignore_ascii_case(b"chunked");
    match codings.next() {
        None => None,
        Some(first) if !is_chunked(first) => Some(Refusal::TransferCoding),
        Some(_) => {
            codings.next().map(|coding| if is_chunked(coding) { Refusal::Framing } else { Refusal::TransferCoding })
        }
    }
}

/// Whether a `Host` is `uri-host [":" port]` (RFC 9110, 7.2), with a host.
fn is_host(host: &[u8]) -> bool {
    let (is_name, port) = if let Some(literal) = host.strip_prefix(b"[") {
        let Some(end) = literal.iter().position(|byte| *byte == b']') else { return false };
        let (address, rest) = literal.split_at(end);
        let text = std::str::from_utf8(address).unwrap_or_default();
        (text.parse::<Ipv6Addr>().is_ok(), rest.get(1..).unwrap_or_default())
    } else {
        let end = host.iter().position(|byte| *byte == b':').unwrap_or(host.len());
        let (name, port) = host.split_at(end);
        (!name.is_empty() && name.iter().all(|byte| is_of_name(*byte)), port)
    };
    let is_port = |port: &[u8]| port.len() <= 5 && port.iter().all(u8::is_ascii_digit);
    is_name && (port.is_empty() || port.strip_prefix(b":").is_some_and(is_port))
}

/// The characters of `reg-name` (RFC 3986, 3.2.2).
fn is_of_name(byte: u8) -> bool {
    matches!(byte, b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'%' | b'!' | b'$'
        | b'&'..=b',' | b';' | b'=')
}

/// The answer of this server with a status: its request id and its body.
pub type Refuse = dyn Fn(&Problem) -> (HeaderValue, Vec<u8>) + Send + Sync;

/// The answer in place of one that hyper gives by itself to a request that it can't parse; `None` where these bytes are not
/// such an answer. `read` is what was read last.
pub fn of_hyper(answer: &[u8], read: &[u8], refuse: &Refuse) -> Option<Bytes> {
    let text = std::str::from_utf8(answer).ok()?;
    let status = text.strip_prefix("HTTP/1.1 ")?.get(..3)?;
    let is_empty = text.ends_with("\r\n\r\n") && text.contains("\r\ncontent-length: 0\r\n");
    if !is_empty || text.contains("\r\nx-request-id: ") {
        return None;
    }
    let problem = match status {
        "400" if names_transfer_coding(read) => unknown_coding(),
        "400" => malformed(),
        "414" => Problem::new(Kind::UriTooLong, "uri_too_long", "The address is too long."),
        "431" => {
            let detail = "There are too many headers, or they are too long.";
            Problem::new(Kind::HeadersTooLarge, "headers_too_large", detail)
        }
        _ => return None,
    };
    let line = text.lines().next().filter(|_| problem.status().as_str() == status);
    let line = line.map_or_else(|| format!("HTTP/1.1 {}", problem.status()), str::to_owned);
    let date = text.lines().find(|line| line.starts_with("date: "));
    let date = date.map_or_else(String::new, |date| format!("{date}\r\n"));
    let (id, body) = refuse(&problem);
    let length = body.len();
    let head = format!(
        "{line}\r\n{date}content-type: {}\r\ncontent-length: {length}\r\ncache-control: no-store\r\nx-request-id: {}\r\n\
         connection: close\r\n\r\n",
        super::problem::PROBLEM_JSON,
        id.to_str().unwrap_or_default(),
    );
    Some([head.into_bytes(), body].concat().into())
}

fn unknown_coding() -> Problem {
    let detail = "That transfer coding is not known here; only chunked is.";
    Problem::new(Kind::NotImplemented, "not_implemented", detail)
}

/// The answer to what is no HTTP.
fn malformed() -> Problem {
    Problem::new(Kind::Malformed, "bad_request", "The request line, a header or the framing of the body is malformed.")
}

/// Whether the head of a request names transfer codings of which the last is not `chunked`: hyper can't read its body.
fn names_transfer_coding(read: &[u8]) -> bool {
    const NAME: &[u8] = b"transfer-encoding:";
    let is_it = |line: &&[u8]| line.get(..NAME.len()).is_some_and(|name| name.eq_ignore_ascii_case(NAME));
    let value = |line: &[u8]| line.get(NAME.len()..).unwrap_or_default().trim_ascii().to_ascii_lowercase();
    let mut codings = read.split(|byte| *byte == b'\n').take_while(|line| !line.trim_ascii().is_empty()).filter(is_it);
    let last = |value: Vec<u8>| value.rsplit(|byte| *byte == b',').next().map(|coding| coding.trim_ascii().to_vec());
    codings.any(|line| last(value(line)).is_none_or(|coding| coding != b"chunked"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_has_a_name_or_an_address_and_perhaps_a_port() {
        for host in ["a", "cairn.example:8000", "127.0.0.1", "[::1]:80", "[2001:db8::1]", "a:", "xn--bcher-kva.example"]
        {
            assert!(is_host(host.as_bytes()), "{host}");
        }
        for host in
            ["", ":80", "a b", "a/b", "a@b", "a:b", "a:1:2", "[::1", "[x]", "[::1]x", "a:123456", "a\u{e4}", "a?"]
        {
            assert!(!is_host(host.as_bytes()), "{host}");
        }
    }

    #[test]
    fn one_host_is_asked_for_from_http_1_1_on() {
        let of = |version, hosts: &[&'static str]| {
            let lines = hosts.iter().map(|host| (header::HOST, HeaderValue::from_static(host)));
            let mut headers = HeaderMap::new();
            for (name, host) in lines {
                headers.append(name, host);
            }
            of_request(version, &HeaderLines::of(&headers), true)
        };
        for (version, hosts, refusal) in [
            (Version::HTTP_11, &["a"][..], None),
            (Version::HTTP_11, &[], Some(Refusal::Host)),
            (Version::HTTP_11, &["a", "a"], Some(Refusal::Host)),
            (Version::HTTP_10, &[], None),
            (Version::HTTP_10, &["a", "b"], Some(Refusal::Host)),
        ] {
            assert_eq!(of(version, hosts), refusal, "{version:?} {hosts:?}");
        }
    }

    #[test]
    fn chunked_is_the_only_transfer_coding() {
        for (lines, refusal) in [
            (&["chunked"][..], None),
            (&["Chunked"], None),
            (&["gzip, chunked"], Some(Refusal::TransferCoding)),
            (&["gzip", "chunked"], Some(Refusal::TransferCoding)),
            (&["chunked, chunked"], Some(Refusal::Framing)),
            (&["chunked", "identity"], Some(Refusal::TransferCoding)),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(header::TRANSFER_ENCODING, HeaderValue::from_static(line));
            }
            assert_eq!(of_coding(&headers), refusal, "{lines:?}");
        }
    }
}

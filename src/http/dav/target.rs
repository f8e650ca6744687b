//! The headers `Depth`, `Destination` and `Overwrite` (RFC 4918, 10).

use poem::{Request, http::header};
use url::Url;

/// How far a request reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// To the resource itself.
    Zero,
    /// To what is in it, too.
    One,
    /// To all below it.
    Infinity,
}

/// Why a header can't be obeyed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It is missing, or none.
    Malformed(&'static str),
    /// The destination is at another server, or names another user.
    Elsewhere,
}

fn header<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    request.headers().get(name)?.to_str().ok().map(str::trim)
}

/// The `Depth` of a request; without one it is infinite.
///
/// # Errors
/// It is none.
pub fn depth(request: &Request) -> Result<Depth, Wrong> {
    match header(request, "depth") {
        Some("0") => Ok(Depth::Zero),
        Some("1") => Ok(Depth::One),
        None => Ok(Depth::Infinity),
        Some(text) if text.eq_ignore_ascii_case("infinity") => Ok(Depth::Infinity),
        Some(_) => Err(Wrong::Malformed("Depth must be 0, 1 or infinity.")),
    }
}

/// Whether a request may replace what is at its destination.
#[must_use]
pub fn may_replace(request: &Request) -> bool {
    header(request, "overwrite").is_none_or(|text| !text.eq_ignore_ascii_case("f"))
}

/// The path of the `Destination` of a request, percent-encoded as it was sent. It must be on the host that was asked, or on that of
/// `public_url`.
///
/// # Errors
/// [`Wrong`].
pub fn destination<'a>(request: &'a Request, public_url: &str) -> Result<&'a str, Wrong> {
    const NONE: Wrong = Wrong::Malformed("Destination must be an address of this server, or a path.");
    let sent = header(request, "destination").ok_or(NONE)?;
    if sent.starts_with('/') && !sent.starts_with("//") {
        return is_path(sent).then_some(sent).ok_or(NONE);
    }
    let (scheme, rest) = sent.split_once("://").ok_or(NONE)?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return Err(NONE);
    }
    let (authority, path) = rest.split_at(rest.find('/').ok_or(NONE)?);
    let asked = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let own = Url::parse(public_url).ok();
    let own = own.as_ref().map(|url| &url[url::Position::BeforeHost..url::Position::AfterPort]);
    let is_here = |host: &str| {
        !host.is_empty() && without_port(host, scheme).eq_ignore_ascii_case(without_port(authority, scheme))
    };
    if !is_here(asked) && !own.is_some_and(is_here) {
        return Err(Wrong::Elsewhere);
    }
    is_path(path).then_some(path).ok_or(NONE)
}

/// A host without the port that its scheme has anyhow.
fn without_port<'a>(host: &'a str, scheme: &str) -> &'a str {
    let port = if scheme.eq_ignore_ascii_case("https") { ":443" } else { ":80" };
    host.strip_suffix(port).unwrap_or(host)
}

fn is_path(path: &str) -> bool {
    !path.contains(['?', '#'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moved(to: &str) -> Result<String, Wrong> {
        let request = Request::builder().header("host", "cairn.example:8000").header("destination", to).finish();
        destination(&request, "https://saves.example").map(str::to_owned)
    }

    #[test]
    fn a_destination_is_a_path_of_this_server() {
        for (to, path) in [
            ("http://cairn.example:8000/dav/a%20b", "/dav/a%20b"),
            ("HTTP://Cairn.example:8000/x", "/x"),
            ("https://saves.example/x", "/x"),
            ("https://saves.example:443/x", "/x"),
            ("/dav/x", "/dav/x"),
        ] {
            assert_eq!(moved(to), Ok(path.to_owned()), "{to}");
        }
        for to in [
            "http://other.example/x",
            "http://bob@cairn.example:8000/x",
            "http://cairn.example:9000/x",
            "https://saves.example.evil/x",
        ] {
            assert_eq!(moved(to), Err(Wrong::Elsewhere), "{to}");
        }
        for to in ["", "x", "//other.example/x", "ftp://cairn.example/x", "http://cairn.example:8000", "/x?y", "/x#y"] {
            assert!(matches!(moved(to), Err(Wrong::Malformed(_))), "{to}");
        }
    }

    #[test]
    fn the_depth_is_infinite_where_it_is_not_said() {
        let of = |text: &'static str| depth(&Request::builder().header("depth", text).finish());
        assert_eq!((of("0"), of("1"), of("Infinity")), (Ok(Depth::Zero), Ok(Depth::One), Ok(Depth::Infinity)));
        assert!(of("2").is_err());
        assert_eq!(depth(&Request::default()), Ok(Depth::Infinity));
    }
}

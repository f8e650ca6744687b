//! Who may cache an answer, by who asked for it: an answer to a key is for that key alone, an answer to a request that
//! names a public world is for anyone, and for pages of any origin.

use poem::http::{HeaderMap, HeaderValue, header};
use poem_openapi::payload;

use super::request::{ReaderAndPlayer, WorldReader};
use crate::http::{
    cacheable::{Audience, PRIVATE},
    envelope,
};

/// `Cache-Control` of an answer to anyone. A proxy of ours keeps v0 answers as long: what was withdrawn is gone everywhere
/// within two seconds.
const PUBLIC: &str = "public, max-age=1";

/// `Cache-Control` of an answer to anyone that may change at any moment.
const PUBLIC_REVALIDATED: &str = "public, no-cache";

/// `Cache-Control` of an answer to anyone that never changes.
const PUBLIC_IMMUTABLE: &str = "public, max-age=31536000, immutable";

/// What an answer to a member depends on.
const MEMBER_VARIES: &str = "X-API-Key, Authorization, Cookie, Accept-Encoding";

/// An answer that only the key of the request may see.
pub fn private_response<T>(payload: T) -> payload::Response<T> {
    payload::Response::new(payload).header(header::CACHE_CONTROL, PRIVATE).header(header::VARY, "X-API-Key")
}

/// An answer that only the session of the request may see, which may be asked again.
fn member_response<T>(payload: T) -> payload::Response<T> {
    payload::Response::new(payload).header(header::CACHE_CONTROL, PRIVATE).header(header::VARY, MEMBER_VARIES)
}

/// Sets the headers of a ready-made answer to a member: nothing is kept without asking again, since the next one who signs in
/// at this browser may be no member.
fn set_member_headers(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(PRIVATE));
    headers.insert(header::VARY, HeaderValue::from_static(MEMBER_VARIES));
}

/// An answer to anyone.
fn public_response<T>(payload: T, cache_control: &'static str) -> payload::Response<T> {
    payload::Response::new(payload)
        .header(header::CACHE_CONTROL, cache_control)
        .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        .header(header::ACCESS_CONTROL_EXPOSE_HEADERS, envelope::EXPOSED)
}

/// Sets the headers of an answer to anyone that depends on `Accept-Encoding`.
fn set_public_headers(headers: &mut HeaderMap, cache_control: &'static str) {
    for (name, value) in [
        (header::CACHE_CONTROL, cache_control),
        (header::VARY, "Accept-Encoding"),
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"),
        (header::ACCESS_CONTROL_EXPOSE_HEADERS, envelope::EXPOSED),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
}

impl WorldReader {
    /// An answer to this reader.
    pub fn respond<T>(&self, payload: T) -> payload::Response<T> {
        match self {
            Self::Key(_) => private_response(payload),
            Self::Member(_) => member_response(payload),
            Self::Public(_) => public_response(payload, PUBLIC),
        }
    }

    /// An answer to this reader that may change at any moment.
    pub fn respond_revalidated<T>(&self, payload: T) -> payload::Response<T> {
        match self {
            Self::Key(_) => private_response(payload),
            Self::Member(_) => member_response(payload),
            Self::Public(_) => public_response(payload, PUBLIC_REVALIDATED),
        }
    }

    /// Who may see an answer that is ready-made.
    #[must_use]
    pub fn audience(&self) -> Audience {
        match self {
            Self::Key(_) | Self::Member(_) => Audience::KeyHolder,
            Self::Public(_) => Audience::Public,
        }
    }

    /// Completes the headers of a ready-made answer to [`WorldReader::audience`], which depends on `Accept-Encoding`.
    pub fn set_headers(&self, headers: &mut HeaderMap) {
        match self {
            Self::Key(_) => {}
            Self::Public(_) => set_public_headers(headers, PUBLIC),
            Self::Member(_) => set_member_headers(headers),
        }
    }

    /// The same for an answer that depends on the player who asks, too.
    pub fn set_private_headers(&self, headers: &mut HeaderMap) {
        match self {
            Self::Key(_) => {}
            Self::Public(_) => set_public_headers(headers, PRIVATE),
            Self::Member(_) => set_member_headers(headers),
        }
    }

    /// The same for an answer that never changes, and whose headers were made for a key.
    pub fn set_immutable_headers(&self, headers: &mut HeaderMap) {
        match self {
            Self::Key(_) => {}
            Self::Public(_) => set_public_headers(headers, PUBLIC_IMMUTABLE),
            Self::Member(_) => set_member_headers(headers),
        }
    }
}

impl ReaderAndPlayer {
    /// An answer for the player alone.
    pub fn respond_to_player<T>(&self, payload: T) -> payload::Response<T> {
        let response = payload::Response::new(payload)
            .header(header::CACHE_CONTROL, PRIVATE)
            .header(header::VARY, "X-API-Key, Authorization");
        if self.is_public() {
            return response
                .header(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
                .header(header::ACCESS_CONTROL_EXPOSE_HEADERS, envelope::EXPOSED);
        }
        response
    }
}

//! What a browser may do with a page of ours: only what it needs.

use poem::http::{HeaderMap, HeaderName, HeaderValue, header};

const OPENER: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const PERMISSIONS: HeaderName = HeaderName::from_static("permissions-policy");

/// The headers of every document.
#[derive(Clone, Debug)]
pub struct Policy {
    content: HeaderValue,
}

impl Policy {
    /// The policy of a server whose media lie at another origin too, or only at its own. Scripts and styles are files of ours alone:
    /// what somebody wrote can't run, wherever it gets to.
    #[must_use]
    pub fn new(media_origin: Option<&str>) -> Self {
        let media = media_origin.map(|origin| format!(" {origin}")).unwrap_or_default();
        let content = format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' blob:{media}; \
             media-src 'self' blob:{media}; connect-src 'self'{media}; manifest-src 'self'; worker-src 'self'; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        // An origin is ASCII, so it is a header's value.
        Self { content: HeaderValue::try_from(content).unwrap_or(HeaderValue::from_static("default-src 'none'")) }
    }

    /// Writes the headers.
    pub fn protect(&self, headers: &mut HeaderMap) {
        headers.insert(header::CONTENT_SECURITY_POLICY, self.content.clone());
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        headers.insert(OPENER, HeaderValue::from_static("same-origin"));
        let permissions = "camera=(), microphone=(), payment=(), usb=(), geolocation=(self)";
        headers.insert(PERMISSIONS, HeaderValue::from_static(permissions));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_at_another_origin_are_let_in_and_nothing_else_of_it() {
        let of = |origin| Policy::new(origin).content.to_str().unwrap_or_default().to_owned();
        let other = of(Some("https://media.example"));
        assert_eq!(other.matches("https://media.example").count(), 3);
        assert!(other.contains("script-src 'self';"));
        assert_eq!(other.replace(" https://media.example", ""), of(None));
    }
}

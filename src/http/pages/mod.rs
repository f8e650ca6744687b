//! The files of the pages, which Vite builds from `web`: in the program, so that it alone serves them.
//!
//! Addresses below those in `APP` are pages of one application: all get its `index.html`, and the browser draws what the address
//! says. What lies in `/assets` has the hash of its content in its name and never changes. Other documents are made by features,
//! which hand in where they are ([`Documents`]) and take what each needs of the files ([`Pages::links`]).

mod files;
mod policy;

use std::sync::Arc;

use poem::{
    Endpoint, PathPattern, Request, Response, Result, Route,
    http::{HeaderMap, HeaderValue, Method, header},
};

use self::files::Files;
pub use self::{files::Links, policy::Policy};
use super::problem::Problem;
use crate::platform::error::Kind;

/// Where the addresses of the application begin.
const APP: [&str; 4] = ["journal", "studio", "account", "admin"];

/// The folder of the files whose names hold the hash of their content.
const ASSETS: &str = "assets";

/// What stands for the addresses of the application in logs and figures: a path for each would make too many.
const APP_PATTERN: &str = "/{page}";

/// What stands for the files.
const ASSETS_PATTERN: &str = "/assets/{file}";

/// The pages' files, and the policy of all documents. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Pages(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    files: Files,
    policy: Policy,
}

impl Pages {
    /// The pages of a server that is reached at that address.
    #[must_use]
    pub fn new(public_url: &str, policy: Policy) -> Self {
        Self(Arc::new(Inner { files: Files::new(public_url), policy }))
    }

    /// The files that a document needs which begins with this source.
    #[must_use]
    pub fn links(&self, source: &str) -> Links {
        self.0.files.links(source)
    }

    /// A document in HTML, which is asked for again each time.
    #[must_use]
    pub fn document(&self, html: String) -> Response {
        let mut response = Response::builder().content_type("text/html; charset=utf-8").body(html);
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
        self.0.policy.protect(response.headers_mut());
        response
    }

    /// The answer where the path is one of the application's or of a file.
    async fn page(&self, request: &Request) -> Result<Option<(Response, &'static str)>, Problem> {
        let path = request.uri().path().trim_start_matches('/');
        let first = first_of(path);
        if APP.contains(&first) && accepts_html(request.headers()) {
            let mut index = self.0.files.index(request).await?;
            self.0.policy.protect(index.headers_mut());
            return Ok(Some((index, APP_PATTERN)));
        }
        match self.0.files.file(path, request).await? {
            Some(file) => Ok(Some((file, ASSETS_PATTERN))),
            None if first == ASSETS => {
                let detail = "There is no such file; the pages may have been updated.";
                Err(Problem::new(Kind::NotFound, "page_not_found", detail))
            }
            None => Ok(None),
        }
    }
}

/// An endpoint, and the application's pages beside it.
#[derive(Debug)]
pub struct WithPages<E> {
    /// The pages.
    pub pages: Pages,
    /// All other paths.
    pub rest: E,
}

impl<E: Endpoint<Output = Response>> Endpoint for WithPages<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        if !matches!(*request.method(), Method::GET | Method::HEAD) {
            return self.rest.call(request).await;
        }
        match self.pages.page(&request).await? {
            Some((mut response, pattern)) => {
                response.set_data(PathPattern(Arc::from(pattern)));
                Ok(response)
            }
            None => self.rest.call(request).await,
        }
    }
}

/// Documents that features make.
pub struct Documents {
    /// Where their paths begin: the first part, empty for `/`.
    pub first: &'static [&'static str],
    /// Their routes.
    pub routes: Route,
}

/// An endpoint, and documents beside it.
pub struct WithDocuments<E> {
    /// The documents.
    pub documents: Documents,
    /// All other paths.
    pub rest: E,
}

impl<E> std::fmt::Debug for WithDocuments<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("WithDocuments").field("first", &self.documents.first).finish_non_exhaustive()
    }
}

impl<E: Endpoint<Output = Response>> Endpoint for WithDocuments<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let path = request.uri().path().trim_start_matches('/');
        if self.documents.first.contains(&first_of(path)) {
            return self.documents.routes.call(request).await;
        }
        self.rest.call(request).await
    }
}

fn first_of(path: &str) -> &str {
    path.split('/').next().unwrap_or_default()
}

/// Whether a client takes HTML: it says so, or takes anything.
#[must_use]
pub fn accepts_html(headers: &HeaderMap) -> bool {
    let mut lines = headers.get_all(header::ACCEPT).iter().peekable();
    let is_html = |line: &HeaderValue| {
        let line = line.to_str().unwrap_or_default();
        line.split(',').any(|range| matches!(first_parameter(range), "text/html" | "*/*"))
    };
    lines.peek().is_none() || lines.any(is_html)
}

/// The first of some languages that a client wishes for, by their tags; the first of all where it wishes for none of them.
#[must_use]
pub fn language<'a>(headers: &HeaderMap, spoken: &'a [&'a str]) -> Option<&'a str> {
    let lines = headers.get_all(header::ACCEPT_LANGUAGE).iter();
    let mut wished = lines.flat_map(|line| line.to_str().unwrap_or_default().split(',')).map(first_parameter);
    let of = |tag: &str| {
        let main = tag.split('-').next().unwrap_or_default();
        spoken.iter().find(|language| language.eq_ignore_ascii_case(main)).copied()
    };
    wished.find_map(of).or_else(|| spoken.first().copied())
}

fn first_parameter(range: &str) -> &str {
    range.split(';').next().unwrap_or_default().trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(name: &header::HeaderName, lines: &[&'static str]) -> HeaderMap {
        lines.iter().map(|line| (name.clone(), HeaderValue::from_static(line))).collect()
    }

    #[test]
    fn html_goes_to_those_who_take_it() {
        for yes in [&[][..], &["*/*"], &["text/html,application/xhtml+xml"], &["application/json", "text/html;q=0.9"]] {
            assert!(accepts_html(&headers(&header::ACCEPT, yes)), "{yes:?}");
        }
        for no in [&["application/json"][..], &["image/avif,image/webp"], &["text/plain"]] {
            assert!(!accepts_html(&headers(&header::ACCEPT, no)), "{no:?}");
        }
    }

    #[test]
    fn the_first_language_that_is_spoken_is_taken() {
        let of = |lines: &[&'static str]| language(&headers(&header::ACCEPT_LANGUAGE, lines), &["en", "ro"]);
        assert_eq!(of(&["ro-RO,ro;q=0.9,en;q=0.8"]), Some("ro"));
        assert_eq!(of(&["de-DE,de;q=0.9,RO;q=0.8"]), Some("ro"));
        for other in [&[][..], &["de"], &["romansh"], &["en-GB,ro"]] {
            assert_eq!(of(other), Some("en"), "{other:?}");
        }
    }
}

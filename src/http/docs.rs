//! The description of the API, and two pages that show it. Each is made once, and compressed when it is first asked for;
//! none needs another host.

use std::{
    collections::{BTreeMap, HashMap},
    sync::OnceLock,
};

use bytes::Bytes;
use poem::{Endpoint, IntoEndpoint, Request, Response, Result, Route, endpoint::BoxEndpoint, get, http::Method};
use poem_openapi::{
    ExtraHeader, LicenseObject, OpenApi, OpenApiService, Tags,
    registry::{MetaApi, Registry},
};

use super::cacheable::{Audience, Ready, framed};
use crate::platform::codec::deflate::{Compressor, Content, Member};

/// The chapters of the description.
#[derive(Tags)]
pub enum Tag {
    /// Is it alive, is it ready?
    Health,
    /// People who can sign in, and their sessions.
    Accounts,
    /// What players leave in a world, and what others meet of it.
    Traces,
    /// Studios' games, and the keys that open them.
    Studios,
    /// Who somebody is inside one game.
    Players,
    /// Runs of players, frame by frame.
    Recordings,
    /// What players think of traces, and what their authors are told.
    Votes,
    /// What players report, and what moderators decide.
    Moderation,
}

/// Routes of which several parts have the same path: described as one, since in a document of JSON a path stands once.
pub struct Together<A>(A);

impl<A: OpenApi> OpenApi for Together<A> {
    fn meta() -> Vec<MetaApi> {
        let mut together = MetaApi { paths: Vec::new() };
        for path in A::meta().into_iter().flat_map(|api| api.paths) {
            match together.paths.iter_mut().find(|known| known.path == path.path) {
                Some(known) => known.operations.extend(path.operations),
                None => together.paths.push(path),
            }
        }
        vec![together]
    }

    fn register(registry: &mut Registry) {
        A::register(registry);
    }

    fn add_routes(self, table: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {
        self.0.add_routes(table);
    }
}

/// The service whose description this is.
pub fn describe<A: OpenApi>(api: A) -> OpenApiService<Together<A>, ()> {
    OpenApiService::new(Together(api), "Cairn", env!("CARGO_PKG_VERSION"))
        .description(
            "A world that remembers its players: they leave traces in a game's world; others meet them later. Errors are `application/problem+json` \
             (RFC 9457). Answers are gzipped only where `Accept-Encoding` allows it.",
        )
        .license(LicenseObject::new("MIT OR Apache-2.0"))
        .server("/")
        .extra_response_header::<String, _>(
            ExtraHeader::new("X-Request-Id").description("Names this request in the log."),
        )
        .extra_response_header::<Option<String>, _>(ExtraHeader::new("RateLimit-Policy").description(
            "Where there are limits: each one's requests (`q`) in a window of seconds (`w`), as in \
             draft-ietf-httpapi-ratelimit-headers-11.",
        ))
        .extra_response_header::<Option<String>, _>(ExtraHeader::new("RateLimit").description(
            "Where there are limits: the requests that are left of each (`r`), and the seconds until all are there again (`t`).",
        ))
}

/// The document, with a line end, as it is committed.
pub fn document<A: OpenApi>(service: &OpenApiService<A, ()>) -> String {
    format!("{}\n", service.spec().trim_end())
}

/// The methods of each path, as the document says.
#[must_use]
pub fn methods(document: &str) -> BTreeMap<String, Vec<Method>> {
    let parsed: serde_json::Value = serde_json::from_str(document).unwrap_or_default();
    let paths = parsed.get("paths").and_then(serde_json::Value::as_object);
    let methods_of = |operations: &serde_json::Value| {
        let names = operations.as_object().into_iter().flat_map(|operations| operations.keys());
        let mut methods: Vec<Method> = names.filter_map(|name| name.to_ascii_uppercase().parse().ok()).collect();
        if methods.contains(&Method::GET) {
            methods.push(Method::HEAD);
        }
        methods
    };
    paths.into_iter().flatten().map(|(path, operations)| (routed(path), methods_of(operations))).collect()
}

/// A path of the document as the router has it, where parameters are numbered.
fn routed(path: &str) -> String {
    let mut parameters = 0;
    let segment = |segment: &str| {
        if !segment.starts_with('{') {
            return segment.to_owned();
        }
        parameters += 1;
        format!(":param{}", parameters - 1)
    };
    path.split('/').map(segment).collect::<Vec<_>>().join("/")
}

/// The pages and the document at their paths, and everything else of the service.
pub fn with_pages<A: OpenApi + 'static>(service: OpenApiService<A, ()>) -> impl Endpoint<Output = Response> {
    // ReDoc's page asks Google for fonts; the ones of the reader's system do.
    let redoc: String = service.redoc_html().lines().filter(|line| !line.contains("fonts.googleapis.com")).collect();
    let [document_path, docs_path, redoc_path] = PATHS;
    let pages = Route::new()
        .at(document_path, page("application/json", document(&service)))
        .at(docs_path, page("text/html; charset=utf-8", service.swagger_ui_html()))
        .at(redoc_path, page("text/html; charset=utf-8", redoc));
    WithPages { pages, service: service.into_endpoint() }
}

/// The paths of the pages.
pub const PATHS: [&str; 3] = ["/openapi.json", "/docs", "/redoc"];

/// Beside the service, not around it: nesting one router in another costs every request.
struct WithPages<E> {
    pages: Route,
    service: E,
}

impl<E: Endpoint<Output = Response>> Endpoint for WithPages<E> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        if PATHS.contains(&request.uri().path()) {
            self.pages.call(request).await
        } else {
            self.service.call(request).await
        }
    }
}

/// A page that is compressed when it is first asked for, so that nobody waits for it at the start.
struct Page {
    content_type: &'static str,
    identity: Bytes,
    compressed: OnceLock<(Bytes, Ready)>,
}

fn page(content_type: &'static str, text: String) -> poem::RouteMethod {
    get(Page { content_type, identity: text.into(), compressed: OnceLock::new() })
}

impl Endpoint for Page {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let (gzip, ready) = self.compressed.get_or_init(|| {
            let mut member = Member::with_capacity(self.identity.len() / 3);
            member.segment(&Compressor::default().segment(self.identity.clone(), Content::Text));
            let (gzip, crc) = member.finish();
            let name = format!("{}-{crc:08x}", env!("CARGO_PKG_VERSION"));
            let ready = Ready::new(&name, self.content_type, "no-cache", gzip.len(), self.identity.len());
            (gzip, ready)
        });
        let answer = ready.answer(Audience::All, request.headers(), || gzip.clone(), || self.identity.clone());
        Ok(framed(answer))
    }
}

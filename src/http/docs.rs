//! The OpenAPI document, and two pages that show it. Each is rendered on the first request, so that the start does not
//! wait for it; none loads anything from another host.

use std::{
    collections::{BTreeMap, HashMap},
    marker::PhantomData,
};

use bytes::Bytes;
use poem::{Endpoint, IntoEndpoint, Request, Response, Result, Route, endpoint::BoxEndpoint, get, http::Method};
use poem_openapi::{
    ExtraHeader, LicenseObject, OpenApi, OpenApiService, Tags,
    registry::{MetaApi, Registry},
};
use tokio::sync::OnceCell;

use super::{
    cacheable::{Audience, CacheHeaders, to_poem},
    problem::Problem,
};
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
    /// Subject somebody is inside one game.
    Players,
    /// Runs of players, frame by frame.
    Recordings,
    /// What players think of traces, and what their authors are told.
    Votes,
    /// What players report, and what moderators decide.
    Moderation,
}

/// The description of an API, without its routes. Operations on the same path are merged, since a path may occur only
/// once in the document.
struct Described<A>(PhantomData<fn() -> A>);

impl<A: OpenApi> OpenApi for Described<A> {
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

    fn add_routes(self, _: &mut HashMap<String, HashMap<Method, BoxEndpoint<'static>>>) {}
}

fn described<A: OpenApi>() -> OpenApiService<Described<A>, ()> {
    OpenApiService::new(Described(PhantomData), TITLE, VERSION)
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

/// The OpenAPI document of an API, with a final newline, as it is committed.
#[must_use]
pub fn document<A: OpenApi>() -> String {
    format!("{}\n", described::<A>().spec().trim_end())
}

fn docs<A: OpenApi>() -> String {
    described::<A>().swagger_ui_html()
}

fn redoc<A: OpenApi>() -> String {
    // ReDoc's page loads fonts from Google; the system's fonts are used instead.
    described::<A>().redoc_html().lines().filter(|line| !line.contains("fonts.googleapis.com")).collect()
}

/// The methods of each path of an API and of its documentation.
#[must_use]
pub fn methods<A: OpenApi>() -> BTreeMap<String, Vec<Method>> {
    let mut methods = BTreeMap::<String, Vec<Method>>::from(PATHS.map(|path| (path.to_owned(), vec![Method::GET])));
    for path in A::meta().into_iter().flat_map(|api| api.paths) {
        let known = methods.entry(routed(&path.path)).or_default();
        known.extend(path.operations.into_iter().map(|operation| operation.method));
    }
    for known in methods.values_mut().filter(|known| known.contains(&Method::GET)) {
        known.push(Method::HEAD);
    }
    methods
}

/// The router's form of a path of the document: parameters are numbered.
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

/// An API's routes, with the document and the pages that show it.
pub fn with_docs<A: OpenApi + 'static>(api: A) -> impl Endpoint<Output = Response> {
    let [document_path, docs_path, redoc_path] = PATHS;
    let pages = Route::new()
        .at(document_path, page("application/json", document::<A>))
        .at(docs_path, page("text/html; charset=utf-8", docs::<A>))
        .at(redoc_path, page("text/html; charset=utf-8", redoc::<A>));
    WithPages { pages, service: OpenApiService::new(api, TITLE, VERSION).into_endpoint() }
}

const TITLE: &str = "Cairn";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The paths of the document and the pages.
const PATHS: [&str; 3] = ["/openapi.json", "/docs", "/redoc"];

/// The pages beside the service: nesting the service's router in another would cost every request.
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

/// A page that is rendered on the first request.
struct Page {
    content_type: &'static str,
    text: fn() -> String,
    rendered: OnceCell<RenderedPage>,
}

struct RenderedPage {
    identity: Bytes,
    gzip: Bytes,
    headers: CacheHeaders,
}

fn page(content_type: &'static str, text: fn() -> String) -> poem::RouteMethod {
    get(Page { content_type, text, rendered: OnceCell::new() })
}

impl RenderedPage {
    fn of(text: String, content_type: &'static str) -> Self {
        let identity = Bytes::from(text);
        let mut member = Member::with_capacity(identity.len() / 3);
        member.segment(&Compressor::default().segment(identity.clone(), Content::Text));
        let (gzip, crc) = member.finish();
        let headers =
            CacheHeaders::new(&format!("{VERSION}-{crc:08x}"), content_type, "no-cache", gzip.len(), identity.len());
        Self { identity, gzip, headers }
    }
}

impl Endpoint for Page {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let (text, content_type) = (self.text, self.content_type);
        // It takes some tens of milliseconds, so not on a worker thread.
        let render = || tokio::task::spawn_blocking(move || RenderedPage::of(text(), content_type));
        let outcome = self.rendered.get_or_try_init(render).await;
        let RenderedPage { identity, gzip, headers } =
            outcome.map_err(|error| Problem::internal_error(&error, "rendering the API documentation failed"))?;
        Ok(to_poem(headers.answer(Audience::Public, request.headers(), || gzip.clone(), || identity.clone())))
    }
}

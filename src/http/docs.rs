//! The OpenAPI document, and two pages that show it. Each is rendered on the first request, so that the start does not
//! wait for it; none loads anything from another host.

use bytes::Bytes;
use poem::{Endpoint, IntoEndpoint, Request, Response, Result, Route, get};
use poem_openapi::{OpenApi, OpenApiService};
use tokio::sync::OnceCell;

use super::{
    document::{TITLE, VERSION, document, with_known_params},
    problem::Problem,
    rendered::Rendered,
};

/// A page of the framework, with our document in place of the one that it makes of an API without routes.
fn with_document<A: OpenApi>(page: fn(&OpenApiService<(), ()>) -> String) -> String {
    let empty = OpenApiService::new((), TITLE, VERSION);
    page(&empty).replacen(&empty.spec(), document::<A>().trim_end(), 1)
}

fn docs<A: OpenApi>() -> String {
    with_document::<A>(OpenApiService::swagger_ui_html)
}

fn redoc<A: OpenApi>() -> String {
    // ReDoc's page loads fonts from Google; the system's fonts are used instead.
    let page = with_document::<A>(OpenApiService::redoc_html);
    page.lines().filter(|line| !line.contains("fonts.googleapis.com")).collect()
}

/// An API's routes, with the document and the pages that show it.
pub fn with_docs<A: OpenApi + 'static>(api: A) -> impl Endpoint<Output = Response> {
    let [document_path, docs_path, redoc_path] = PATHS;
    let pages = Route::new()
        .at(document_path, page("application/json", document::<A>))
        .at(docs_path, page("text/html; charset=utf-8", docs::<A>))
        .at(redoc_path, page("text/html; charset=utf-8", redoc::<A>));
    WithPages { pages, service: OpenApiService::new(with_known_params(api), TITLE, VERSION).into_endpoint() }
}

/// The paths of the document and the pages.
pub(super) const PATHS: [&str; 3] = ["/openapi.json", "/docs", "/redoc"];

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
    rendered: OnceCell<Rendered>,
}

fn page(content_type: &'static str, text: fn() -> String) -> poem::RouteMethod {
    get(Page { content_type, text, rendered: OnceCell::new() })
}

impl Endpoint for Page {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let (text, content_type) = (self.text, self.content_type);
        // It takes some tens of milliseconds, so not on a worker thread.
        let render =
            || tokio::task::spawn_blocking(move || Rendered::of(Bytes::from(text()), content_type, "no-cache"));
        let rendered = self.rendered.get_or_try_init(render).await;
        let rendered =
            rendered.map_err(|error| Problem::internal_error(&error, "rendering the API documentation failed"))?;
        Ok(rendered.answer(&request))
    }
}

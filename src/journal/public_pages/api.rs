//! Routes: `/`, `/games/{game_id}`, `/people/{username}`, `/thoughts/{thought_id}`. They are pages, no part of the API.

use std::sync::Arc;

use askama::Template;
use poem::{
    Endpoint, Request, Response, Result, Route, get,
    http::{StatusCode, header},
};

use super::{
    response::{Frame, FrontPage, NotFoundPage, PersonPage, ThoughtPage, TitlePage},
    service::PublicPages,
    words::{LANGUAGES, Words},
};
use crate::{
    catalogue::titles::TitleId,
    http::{
        pages::{Documents, Pages, language},
        params,
        problem::Problem,
    },
    journal::thoughts::ThoughtId,
    platform::error::Kind,
};

/// Where the scripts and styles of the pages begin, in `web`.
const FRONT: &str = "src/public/front.ts";
const PAGE: &str = "src/public/page.ts";

/// The routes of public pages. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PublicPagesApi {
    /// The feature.
    pub public_pages: PublicPages,
    /// The files and the policy.
    pub pages: Pages,
    /// The server's address.
    pub public_url: Arc<str>,
}

/// A page by what its address names.
#[derive(Clone, Copy, Debug)]
enum Page {
    Front,
    Title,
    Person,
    Thought,
}

impl PublicPagesApi {
    /// The pages and where they are.
    #[must_use]
    pub fn documents(&self) -> Documents {
        let at = |page| get(PageRoute { api: self.clone(), page });
        let routes = Route::new()
            .at("/", at(Page::Front))
            .at("/games/:name", at(Page::Title))
            .at("/people/:name", at(Page::Person))
            .at("/thoughts/:name", at(Page::Thought));
        Documents { first: &["", "games", "people", "thoughts"], routes }
    }

    fn frame(&self, request: &Request, source: &str) -> Frame {
        let chosen = params::pairs(request.uri()).find(|(name, _)| name == "lang").map(|(_, value)| value.to_owned());
        let wished = language(request.headers(), &LANGUAGES).unwrap_or_default();
        let words = Words::of(chosen.as_deref().unwrap_or(wished));
        let url = format!("{}{}", self.public_url.trim_end_matches('/'), request.uri().path());
        Frame { words, links: self.pages.links(source), url }
    }

    async fn html(&self, page: Page, name: &str, request: &Request) -> Result<String, Problem> {
        if let Page::Front = page {
            let frame = self.frame(request, FRONT);
            return render(&FrontPage { frame, base: self.public_url.trim_end_matches('/').to_owned() });
        }
        let frame = self.frame(request, PAGE);
        let not_found = |_| Problem::new(Kind::NotFound, "page_not_found", "There is no such page.");
        let number = || name.parse::<i64>().map_err(not_found);
        match page {
            Page::Title => render(&TitlePage::new(frame, self.public_pages.title(TitleId(number()?)).await?)),
            Page::Thought => render(&ThoughtPage::new(frame, self.public_pages.thought(ThoughtId(number()?)).await?)),
            Page::Person | Page::Front => render(&PersonPage::new(frame, self.public_pages.person(name).await?)),
        }
    }
}

fn render(template: &impl Template) -> Result<String, Problem> {
    template.render().map_err(|error| Problem::internal_error(&error, "rendering a page failed"))
}

struct PageRoute {
    api: PublicPagesApi,
    page: Page,
}

impl Endpoint for PageRoute {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        let name = request.path_params::<String>().unwrap_or_default();
        let mut response = match self.api.html(self.page, &name, &request).await {
            Ok(html) => self.api.pages.document(html),
            Err(problem) if problem.status() == StatusCode::NOT_FOUND => {
                let page = NotFoundPage { frame: self.api.frame(&request, PAGE) };
                let mut response = self.api.pages.document(render(&page)?);
                response.set_status(StatusCode::NOT_FOUND);
                response
            }
            Err(problem) => return Err(problem.into()),
        };
        response.headers_mut().insert(header::VARY, poem::http::HeaderValue::from_static("Accept-Language"));
        Ok(response)
    }
}

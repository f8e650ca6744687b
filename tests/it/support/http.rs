//! An HTTP client that checks every answer against the description of the API. It follows no redirects and decodes nothing.

use poem::http;
use reqwest::{Body, Method, Response};
use serde::Serialize;

use super::document;

/// The client. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client(reqwest::Client);

impl Default for Client {
    fn default() -> Self {
        Self(reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap())
    }
}

impl Client {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn request(&self, method: Method, url: impl AsRef<str>) -> RequestBuilder {
        RequestBuilder(self.0.request(method, url.as_ref()))
    }

    pub fn get(&self, url: impl AsRef<str>) -> RequestBuilder {
        self.request(Method::GET, url)
    }

    pub fn head(&self, url: impl AsRef<str>) -> RequestBuilder {
        self.request(Method::HEAD, url)
    }

    pub fn post(&self, url: impl AsRef<str>) -> RequestBuilder {
        self.request(Method::POST, url)
    }

    pub fn patch(&self, url: impl AsRef<str>) -> RequestBuilder {
        self.request(Method::PATCH, url)
    }
}

/// A request in the making.
#[derive(Debug)]
pub struct RequestBuilder(reqwest::RequestBuilder);

impl RequestBuilder {
    pub fn header(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        Self(self.0.header(name, value.as_ref()))
    }

    pub fn bearer_auth(self, token: impl std::fmt::Display) -> Self {
        Self(self.0.bearer_auth(token))
    }

    pub fn query(self, query: &(impl Serialize + ?Sized)) -> Self {
        Self(self.0.query(query))
    }

    pub fn body(self, body: impl Into<Body>) -> Self {
        Self(self.0.body(body))
    }

    pub fn json(self, body: &(impl Serialize + ?Sized)) -> Self {
        Self(self.0.json(body))
    }

    /// The same request once more.
    pub fn again(&self) -> Self {
        Self(self.0.try_clone().unwrap())
    }

    /// Sends the request, receives the whole answer, and checks it. An answer that breaks off is an error.
    pub async fn send(self) -> reqwest::Result<Response> {
        let (client, request) = self.0.build_split();
        let request = request?;
        let (method, path) = (request.method().clone(), request.url().path().to_owned());
        let answer = client.execute(request).await?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        let body = answer.bytes().await?;
        document::check(&method, &path, status.as_u16(), &headers, Some(&body));
        let mut answer = http::Response::new(body);
        *answer.status_mut() = status;
        *answer.headers_mut() = headers;
        Ok(answer.into())
    }
}

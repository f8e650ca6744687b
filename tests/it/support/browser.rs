//! A browser, as far as sign-ins need one: it keeps cookies, and goes where it is sent.

use std::collections::BTreeMap;

use reqwest::{Method, redirect::Policy};
use serde_json::Value;
use url::Url;

use super::{
    Cairn,
    person::{Answer, read},
};

/// The public URL of servers that a browser visits.
pub const SERVER: &str = "http://cairn.test";

/// A browser, in which perhaps somebody is signed in.
pub struct Browser<'a> {
    pub cairn: &'a Cairn,
    elsewhere: reqwest::Client,
    /// By origin and name.
    pub cookies: BTreeMap<(String, String), String>,
}

impl<'a> Browser<'a> {
    pub fn new(cairn: &'a Cairn) -> Self {
        let elsewhere = reqwest::Client::builder().redirect(Policy::none()).build().unwrap();
        Self { cairn, elsewhere, cookies: BTreeMap::new() }
    }

    fn cookies_for(&self, origin: &str) -> String {
        let of_origin = self.cookies.iter().filter(|((of, _), _)| of == origin);
        let pairs: Vec<String> = of_origin.map(|((_, name), value)| format!("{name}={value}")).collect();
        pairs.join("; ")
    }

    fn keep(&mut self, origin: &str, answer: &reqwest::Response) {
        for line in answer.headers().get_all("set-cookie") {
            let mut parts = line.to_str().unwrap().split(';').map(str::trim);
            let (name, value) = parts.next().unwrap().split_once('=').unwrap();
            let key = (origin.to_owned(), name.to_owned());
            let is_over = parts.any(|part| {
                part.eq_ignore_ascii_case("max-age=0")
                    || part.to_ascii_lowercase().starts_with("expires=thu, 01 jan 1970")
            });
            if value.is_empty() || is_over {
                self.cookies.remove(&key);
            } else {
                self.cookies.insert(key, value.to_owned());
            }
        }
    }

    /// The cookie of that name of the server.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(&(SERVER.to_owned(), name.to_owned())).map(String::as_str)
    }

    /// Opens an address; the server's is that of the test's.
    pub async fn open(&mut self, url: &str) -> reqwest::Response {
        let parsed = Url::parse(url).unwrap();
        let origin = parsed.origin().ascii_serialization();
        let cookies = self.cookies_for(&origin);
        let answer = if origin == SERVER {
            let url = url.replacen(SERVER, &self.cairn.base, 1);
            self.cairn
                .http
                .get(url)
                .header("Cookie", cookies)
                .header("X-Forwarded-For", "203.0.113.9")
                .send()
                .await
                .unwrap()
        } else {
            self.elsewhere.get(url).header("Cookie", cookies).send().await.unwrap()
        };
        self.keep(&origin, &answer);
        answer
    }

    /// Opens an address and goes where it is sent, until that is a page of the server or the next is `until`. Returns where it was
    /// sent last.
    pub async fn follow_until(&mut self, url: &str, until: &str) -> String {
        let mut url = url.to_owned();
        for _ in 0..10 {
            let answer = self.open(&url).await;
            let location = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
            let status = answer.status();
            let Some(location) = location else { panic!("{url}: {status} {}", answer.text().await.unwrap()) };
            let next = Url::parse(&url).unwrap().join(&location).unwrap();
            let is_page = next.origin().ascii_serialization() == SERVER && !next.path().starts_with("/v1/");
            if is_page {
                return location;
            }
            url = next.to_string();
            if !until.is_empty() && url.contains(until) {
                return url;
            }
        }
        panic!("it is sent around: {url}")
    }

    /// The same up to a page of the server.
    pub async fn follow(&mut self, url: &str) -> String {
        self.follow_until(url, "").await
    }

    /// What a page of the server sends.
    pub async fn send(&mut self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let url = format!("{}{path}", self.cairn.base);
        let mut request = self.cairn.http.request(method, url).header("Cookie", self.cookies_for(SERVER));
        request = request.header("Origin", SERVER).header("X-Forwarded-For", "203.0.113.9");
        if let Some(body) = body {
            request = request.header("Content-Type", "application/json").body(body.to_string());
        }
        let answer = request.send().await.unwrap();
        self.keep(SERVER, &answer);
        read(answer).await
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    pub async fn post(&mut self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }
}

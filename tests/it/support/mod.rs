//! Shared by the tests: a Cairn on a port of its own, with a database of its own.

pub mod browser;
pub mod document;
pub mod faulty_mail;
pub mod game_client;
pub mod guide;
pub mod http;
pub mod issuer;
pub mod keys;
pub mod mail;
pub mod person;
pub mod plans;
pub mod player;
pub mod process;
pub mod provider;
pub mod proxy;
pub mod raw;
pub mod s3;
pub mod samples;
mod template;
pub mod white_box;

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use cairn::{app::Server, config::Config};
use serde_json::Value;

/// The description of the API, as it is committed.
pub const OPENAPI: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json"));

/// The backend of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// SQLite, and a cache in the process.
    Embedded,
    /// PostgreSQL and Redis, which the test command has started.
    Server,
}

/// Runs a test in a place of its own; prints so and passes where the backend is not available.
pub async fn run_in(backend: Backend, contract: impl AsyncFn(&Place)) {
    let Some(place) = Place::make(backend).await else { return };
    contract(&place).await;
    place.clear().await;
}

/// Runs a test on a started server; prints so and passes where the backend is not available.
pub async fn run(backend: Backend, contract: impl AsyncFn(&Cairn)) {
    let Some(place) = Place::make(backend).await else { return };
    let cairn = Box::pin(Cairn::start(&place, &[])).await;
    contract(&cairn).await;
    cairn.stop().await;
    place.clear().await;
}

/// The URLs of the servers that the test command has started.
pub fn servers() -> Option<(String, String)> {
    let found = std::env::var("CAIRN_TEST_DATABASE_URL").ok().zip(std::env::var("CAIRN_TEST_REDIS_URL").ok());
    if found.is_none() {
        println!("skipped: PostgreSQL and Redis are not there; `make test` starts them");
    }
    found
}

/// The data of one test: a folder, and a database of its own on a server.
pub struct Place {
    pub folder: PathBuf,
    pub database_url: Option<String>,
    pub redis_url: Option<String>,
}

impl Place {
    /// A place as a server's first start leaves it.
    pub async fn make(backend: Backend) -> Option<Self> {
        Self::new(backend, true).await
    }

    /// A place in which no server was started yet.
    pub async fn empty(backend: Backend) -> Option<Self> {
        Self::new(backend, false).await
    }

    async fn new(backend: Backend, is_filled: bool) -> Option<Self> {
        plans::record();
        let name = format!("cairn_test_{}", uuid::Uuid::new_v4().simple());
        let folder = std::env::temp_dir().join(&name);
        if backend == Backend::Embedded {
            if is_filled {
                template::copy_folder(&folder).await;
            }
            return Some(Self { folder, database_url: None, redis_url: None });
        }
        let (admin, redis_url) = servers()?;
        let (server, _) = admin.rsplit_once('/').unwrap();
        let server = server.replacen("postgresql:", "postgres:", 1);
        if is_filled {
            template::copy_database(&admin, &server, &name, &redis_url).await;
        } else {
            white_box::execute(&admin, &format!("CREATE DATABASE {name}")).await;
        }
        Some(Self { folder, database_url: Some(format!("{server}/{name}")), redis_url: Some(redis_url) })
    }

    /// A copy of this place's database, as a dump restored on the same server makes it; the same Redis, at another number. Nothing
    /// may use the database meanwhile.
    pub async fn copy(&self) -> Self {
        let (server, name) = self.database_url.as_deref().unwrap().rsplit_once('/').unwrap();
        let copy = format!("{name}_copy");
        // A stopped server's sessions take a while to end.
        let end = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        for sql in [end, format!("CREATE DATABASE {copy} TEMPLATE {name}")] {
            white_box::execute(&format!("{server}/postgres"), &sql).await;
        }
        Self {
            folder: self.folder.with_extension("copy"),
            database_url: Some(format!("{server}/{copy}")),
            redis_url: Some(format!("{}/1", self.redis_url.as_deref().unwrap())),
        }
    }

    /// The environment of a process that uses this place.
    pub fn environment(&self) -> Vec<(String, String)> {
        let mut environment = vec![
            ("CAIRN_DATA".to_owned(), self.folder.display().to_string()),
            ("CAIRN_LISTEN".to_owned(), "127.0.0.1:0".to_owned()),
            ("CAIRN_OPEN_WORLD".to_owned(), "true".to_owned()),
            ("CAIRN_DRAIN_SECS".to_owned(), "0".to_owned()),
        ];
        // The same key for all instances of a place.
        environment.push(("CAIRN_SECRET_KEY".to_owned(), "5ea1".repeat(16)));
        // All clients of most tests are at one address.
        environment.push(("CAIRN_BOT_CHECK".to_owned(), "off".to_owned()));
        // Tests ask no providers but their own.
        environment.push(("CAIRN_PRICES".to_owned(), "false".to_owned()));
        // All clients of all tests are at one address, and some make a minute's requests in a second.
        let rates = ["CAIRN_KEY_RATE", "CAIRN_PLAYER_RATE", "CAIRN_ACCOUNT_RATE", "CAIRN_ADDRESS_RATE"];
        let bytes = ["CAIRN_ADDRESS_BYTES_PER_DAY", "CAIRN_PLAYER_BYTES_PER_DAY", "CAIRN_KEY_BYTES_PER_DAY"];
        environment.extend(rates.into_iter().chain(bytes).map(|rate| (rate.to_owned(), "0".to_owned())));
        // And all players of all tests are in one network.
        environment.push(("CAIRN_NETWORK_VOTES".to_owned(), "0".to_owned()));
        environment.extend(self.database_url.clone().map(|url| ("DATABASE_URL".to_owned(), url)));
        environment.extend(self.redis_url.clone().map(|url| ("REDIS_URL".to_owned(), url)));
        environment
    }

    pub fn config(&self, extra: &[(&str, &str)]) -> Config {
        let mut environment: BTreeMap<String, String> = self.environment().into_iter().collect();
        environment.extend(extra.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        Config::read(None, environment.into_iter()).unwrap()
    }

    /// Removes what is there; asserts that the statements that were run had good plans.
    pub async fn clear(&self) {
        Box::pin(plans::check(self)).await;
        if let Some(url) = &self.database_url {
            let (server, name) = url.rsplit_once('/').unwrap();
            white_box::execute(&format!("{server}/postgres"), &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
        let _not_there = std::fs::remove_dir_all(&self.folder);
    }
}

/// A running Cairn, and a client that follows no redirects and decodes nothing.
pub struct Cairn {
    pub base: String,
    pub http: http::Client,
    /// On the heap: it is larger than clippy lets a test's future be.
    server: Box<Server>,
}

impl Cairn {
    /// A count among the figures at that address.
    pub async fn figure(&self, metrics: &str, name: &str) -> u64 {
        let text = self.http.get(format!("http://{metrics}/metrics")).send().await.unwrap().text().await.unwrap();
        let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        line.unwrap().parse().unwrap()
    }

    pub async fn start(place: &Place, extra: &[(&str, &str)]) -> Self {
        let server = Box::pin(Server::start(&place.config(extra))).await.unwrap();
        let base = format!("http://{}", server.address());
        Self { base, http: http::Client::new(), server: Box::new(server) }
    }

    pub fn address(&self) -> std::net::SocketAddr {
        self.server.address()
    }

    pub fn get(&self, path: &str) -> http::RequestBuilder {
        self.http.get(format!("{}{path}", self.base))
    }

    pub fn post(&self, body: impl Into<reqwest::Body>) -> http::RequestBuilder {
        let url = format!("{}/add-object", self.base);
        self.http.post(url).header("Content-Type", "application/json").body(body)
    }

    /// Leaves traces with a v0 request, and asserts success.
    pub async fn leave(&self, body: &Value) {
        let answer = self.post(body.to_string()).send().await.unwrap();
        let status = answer.status();
        assert_eq!((status.as_u16(), answer.text().await.unwrap().as_str()), (201, "Created!!!"));
    }

    /// The world as a v0 client sees it.
    pub async fn world(&self) -> Value {
        self.scope("").await
    }

    pub async fn scope(&self, scope: &str) -> Value {
        let answer = self.get("/get-objects").query(&[("scope", scope)]).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }

    /// The body of `/readyz`.
    pub async fn readyz(&self) -> Value {
        let answer = self.get("/readyz").send().await.unwrap();
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }

    /// Waits until it has found its cache, on each of its connections: commands take turns on them.
    pub async fn has_its_cache(&self) {
        eventually("it has found its cache", async || {
            for _ in 0..4 {
                if self.readyz().await["cache"] != "up" {
                    return false;
                }
            }
            true
        })
        .await;
    }

    pub async fn stop(self) {
        Box::pin(self.server.stop()).await;
    }
}

/// The members of that name of a list in a world.
pub fn each<'a>(world: &'a Value, list: &str, member: &str) -> Vec<&'a Value> {
    world[list].as_array().unwrap().iter().map(|row| &row[member]).collect()
}

/// Asks again until it is so; gives up after half a minute.
pub async fn eventually(what: &str, mut so: impl AsyncFnMut() -> bool) {
    let late = tokio::time::Instant::now() + Duration::from_secs(30);
    while !so().await {
        assert!(tokio::time::Instant::now() < late, "never: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

//! What the tests stand on: a Cairn on a port of its own, with a database of its own.

pub mod bodies;
pub mod gamer;
pub mod keys;
pub mod letters;
pub mod person;
pub mod playing;
pub mod process;
pub mod proxy;
pub mod raw;

use std::{collections::BTreeMap, path::PathBuf, time::Duration};

use cairn::{app::Server, config::Config};
use sea_orm::ConnectionTrait;
use serde_json::Value;

/// Where Cairn keeps its things in a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// SQLite, and a cache in the process.
    Embedded,
    /// PostgreSQL and Redis, which the test command has started.
    Server,
}

/// One test in a place of its own; says so and passes where the backend is not there.
pub async fn run_in(backend: Backend, contract: impl AsyncFn(&Place)) {
    let Some(place) = Place::make(backend).await else { return };
    contract(&place).await;
    place.clear().await;
}

/// One test on one backend; says so and passes where the backend is not there.
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

/// Sets the studio's schema back to before the newest migration that made a table.
pub const OLDER: &str = "DROP TABLE hidden_author; DELETE FROM tenant_migration WHERE version >= 'm0022_hidden_author'";

/// A table that [`OLDER`] takes away.
pub const NEWEST_TABLE: &str = "hidden_author";

/// A place to keep things in: a folder, or a database of its own.
pub struct Place {
    pub folder: PathBuf,
    pub database_url: Option<String>,
    pub redis_url: Option<String>,
}

impl Place {
    pub async fn make(backend: Backend) -> Option<Self> {
        let name = format!("cairn_test_{}", uuid::Uuid::new_v4().simple());
        let folder = std::env::temp_dir().join(&name);
        if backend == Backend::Embedded {
            return Some(Self { folder, database_url: None, redis_url: None });
        }
        let (admin, redis_url) = servers()?;
        execute(&admin, &format!("CREATE DATABASE {name}")).await;
        let (server, _) = admin.rsplit_once('/').unwrap();
        let server = server.replacen("postgresql:", "postgres:", 1);
        Some(Self { folder, database_url: Some(format!("{server}/{name}")), redis_url: Some(redis_url) })
    }

    /// The environment of a process that keeps its things here.
    pub fn environment(&self) -> Vec<(String, String)> {
        let mut environment = vec![
            ("CAIRN_DATA".to_owned(), self.folder.display().to_string()),
            ("CAIRN_LISTEN".to_owned(), "127.0.0.1:0".to_owned()),
            ("CAIRN_OPEN_WORLD".to_owned(), "true".to_owned()),
            ("CAIRN_DRAIN_SECS".to_owned(), "0".to_owned()),
        ];
        // All clients of all tests are at one address, and some make a minute's requests in a second.
        let rates = ["CAIRN_KEY_RATE", "CAIRN_PLAYER_RATE", "CAIRN_ACCOUNT_RATE", "CAIRN_ADDRESS_RATE"];
        environment.extend(rates.map(|rate| (rate.to_owned(), "0".to_owned())));
        environment.extend(self.database_url.clone().map(|url| ("DATABASE_URL".to_owned(), url)));
        environment.extend(self.redis_url.clone().map(|url| ("REDIS_URL".to_owned(), url)));
        environment
    }

    pub fn config(&self, extra: &[(&str, &str)]) -> Config {
        let mut environment: BTreeMap<String, String> = self.environment().into_iter().collect();
        environment.extend(extra.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        Config::read(None, environment.into_iter()).unwrap()
    }

    /// A connection on which unqualified names are a studio's.
    async fn studio(&self, studio: usize) -> sea_orm::DatabaseConnection {
        let file = format!("sqlite://{}", self.folder.join(format!("studio_{studio}.sqlite")).display());
        let mut options = connect_options(self.database_url.clone().unwrap_or(file));
        if self.database_url.is_some() {
            options.set_schema_search_path(format!("studio_{studio}"));
        }
        sea_orm::Database::connect(options).await.unwrap()
    }

    /// Whether somebody has made the studio's tables.
    pub async fn has_studio(&self) -> bool {
        if self.database_url.is_none() && !self.folder.join("studio_1.sqlite").exists() {
            return false;
        }
        let connection = self.studio(1).await;
        let there = connection.execute_unprepared("SELECT lines FROM import").await.is_ok();
        connection.close().await.unwrap();
        there
    }

    /// Runs SQL on the first studio's data.
    pub async fn execute(&self, sql: &str) {
        self.execute_on(1, sql).await;
    }

    /// Runs SQL on a studio's data.
    pub async fn execute_on(&self, studio: usize, sql: &str) {
        let connection = self.studio(studio).await;
        connection.execute_unprepared(sql).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Asks the first studio's data for numbers.
    pub async fn numbers(&self, sql: &str) -> Vec<i64> {
        self.numbers_on(1, sql).await
    }

    /// Asks a studio's data for numbers.
    pub async fn numbers_on(&self, studio: usize, sql: &str) -> Vec<i64> {
        use sea_orm::TryGetable;
        let connection = self.studio(studio).await;
        let statement = sea_orm::Statement::from_string(connection.get_database_backend(), sql);
        let rows = connection.query_all_raw(statement).await.unwrap();
        let numbers = rows.iter().map(|row| i64::try_get_by(row, 0).unwrap()).collect();
        connection.close().await.unwrap();
        numbers
    }

    /// A connection to the control tables.
    async fn control(&self) -> sea_orm::DatabaseConnection {
        let file = format!("sqlite://{}", self.folder.join("control.sqlite").display());
        let options = connect_options(self.database_url.clone().unwrap_or(file));
        sea_orm::Database::connect(options).await.unwrap()
    }

    /// Runs SQL on the control tables.
    pub async fn execute_control(&self, sql: &str) {
        let connection = self.control().await;
        connection.execute_unprepared(sql).await.unwrap();
        connection.close().await.unwrap();
    }

    /// Asks the control tables for texts.
    pub async fn control_texts(&self, sql: &str) -> Vec<String> {
        use sea_orm::TryGetable;
        let connection = self.control().await;
        let statement = sea_orm::Statement::from_string(connection.get_database_backend(), sql);
        let rows = connection.query_all_raw(statement).await.unwrap();
        let texts = rows.iter().map(|row| String::try_get_by(row, 0).unwrap()).collect();
        connection.close().await.unwrap();
        texts
    }

    pub async fn clear(&self) {
        if let Some(url) = &self.database_url {
            let (server, name) = url.rsplit_once('/').unwrap();
            execute(&format!("{server}/postgres"), &format!("DROP DATABASE {name} WITH (FORCE)")).await;
        }
        let _not_there = std::fs::remove_dir_all(&self.folder);
    }
}

/// One connection, without the times that make sqlx 0.9 count idle connections in the background, sometimes for ever.
pub fn connect_options(url: String) -> sea_orm::ConnectOptions {
    let mut options = sea_orm::ConnectOptions::new(url);
    options.max_connections(1).sqlx_logging(false);
    options.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    options
}

async fn execute(url: &str, sql: &str) {
    let options = connect_options(url.replacen("postgresql:", "postgres:", 1));
    let connection = sea_orm::Database::connect(options).await.unwrap();
    connection.execute_unprepared(sql).await.unwrap();
    connection.close().await.unwrap();
}

/// A running Cairn, and a client that follows no redirects and decodes nothing.
pub struct Cairn {
    pub base: String,
    pub http: reqwest::Client,
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
        Self { base, http: reqwest::Client::new(), server: Box::new(server) }
    }

    /// What makes the administrator.
    pub fn core_setup_code(&self) -> String {
        self.server.setup_code().unwrap().secret().expose().to_owned()
    }

    /// What runs behind it.
    pub fn core(&self) -> &cairn::app::Core {
        self.server.core()
    }

    pub fn address(&self) -> std::net::SocketAddr {
        self.server.address()
    }

    pub fn get(&self, path: &str) -> reqwest::RequestBuilder {
        self.http.get(format!("{}{path}", self.base))
    }

    pub fn post(&self, body: impl Into<reqwest::Body>) -> reqwest::RequestBuilder {
        let url = format!("{}/add-object", self.base);
        self.http.post(url).header("Content-Type", "application/json").body(body)
    }

    /// Leaves something, and sees that it was taken.
    pub async fn leave(&self, body: &Value) {
        let answer = self.post(body.to_string()).send().await.unwrap();
        let status = answer.status();
        assert_eq!((status.as_u16(), answer.text().await.unwrap().as_str()), (201, "Created!!!"));
    }

    /// The world as a seed client sees it.
    pub async fn world(&self) -> Value {
        self.scope("").await
    }

    pub async fn scope(&self, scope: &str) -> Value {
        let answer = self.get("/get-objects").query(&[("scope", scope)]).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap()
    }

    /// How it is.
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

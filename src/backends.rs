//! The one place where URL schemes select the database, the cache and the mail transport.

use std::time::Duration;

use crate::{
    config::{Config, OpenWorld},
    platform::{cache, db, mail, secret::Secret},
};

/// The backends that the configuration selects.
#[derive(Clone, Debug)]
pub struct Backends {
    /// The database.
    pub database: db::Target,
    /// The cache.
    pub cache: cache::Target,
    /// Where mail goes.
    pub mail: mail::Target,
    /// Whether the v0 routes work without a key.
    pub open_world: bool,
}

/// A URL with an unsupported scheme.
#[derive(Debug, thiserror::Error)]
#[error("{setting} has an unsupported scheme; supported are {schemes}")]
pub struct UnknownScheme {
    setting: &'static str,
    schemes: &'static str,
}

impl Backends {
    /// The backends that `config` selects.
    ///
    /// # Errors
    /// A URL's scheme is unknown.
    pub fn choose(config: &Config) -> Result<Self, UnknownScheme> {
        let url = config.database_url.expose();
        let database = match scheme(url) {
            "" => db::Target::Sqlite { folder: config.data.clone() },
            "postgres" => db::Target::Postgres { url: config.database_url.clone() },
            // The scheme that SQLAlchemy uses.
            "postgresql" => db::Target::Postgres { url: Secret::new(url.replacen("postgresql", "postgres", 1)) },
            _ => {
                return Err(UnknownScheme { setting: "DATABASE_URL", schemes: "postgresql:, postgres:" });
            }
        };
        let cache = match scheme(config.redis_url.expose()) {
            "" => cache::Target::Memory { bytes: config.cache_bytes },
            "redis" | "rediss" => cache::Target::Redis {
                url: config.redis_url.clone(),
                deadline: Duration::from_millis(config.redis_timeout_ms),
            },
            _ => {
                return Err(UnknownScheme { setting: "REDIS_URL", schemes: "redis:, rediss:" });
            }
        };
        let mail = match scheme(config.mail_url.expose()) {
            "" => mail::Target::Folder(config.data.join("mail")),
            "smtp" | "smtps" => mail::Target::Smtp(config.mail_url.clone()),
            _ => {
                return Err(UnknownScheme { setting: "mail_url", schemes: "smtps:, smtp:" });
            }
        };
        let open_world = match config.open_world {
            OpenWorld::Auto => matches!(database, db::Target::Sqlite { .. }),
            OpenWorld::Set(set) => set,
        };
        Ok(Self { database, cache, mail, open_world })
    }
}

/// The text before the first colon: empty for an empty URL, the whole URL where there is no colon.
fn scheme(url: &str) -> &str {
    url.split(':').next().unwrap_or_default()
}

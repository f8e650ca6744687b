//! The one place where URL schemes select the database, the cache, the place of blobs and the mail transport.

use crate::{
    config::Config,
    platform::{blobs, cache, db, mail},
    traces::OpenWorld,
};

/// The backends that the configuration selects.
#[derive(Clone, Debug)]
pub struct Backends {
    /// The database.
    pub database: db::Target,
    /// The cache.
    pub cache: cache::Target,
    /// Where blobs lie.
    pub blobs: blobs::Target,
    /// The mail target.
    pub mail: mail::Target,
    /// Whether the v0 routes work without a key.
    pub open_world: bool,
}

/// A URL that can't be used. The message does not quote it, since it may hold a password.
#[derive(Debug, thiserror::Error)]
#[error(
    "configuration: {name} is no URL of {what}; it must look like {form}, and special characters in the password must be \
     percent-encoded (%40 for @, %2F for /)"
)]
pub struct InvalidUrl {
    name: String,
    what: &'static str,
    form: &'static str,
}

impl Backends {
    /// The backends that `config` selects.
    ///
    /// # Errors
    /// A URL can't be used.
    pub fn choose(config: &Config) -> Result<Self, InvalidUrl> {
        let refuse = |key, what, form| InvalidUrl { name: config.sources.name_of(key), what, form };
        let url = config.database.database_url.expose();
        let database = if url.is_empty() {
            db::Target::Sqlite { folder: config.database.data.clone() }
        } else {
            let form = "postgresql://user:password@host:port/database";
            let refused = || refuse("database_url", "a PostgreSQL database", form);
            db::Target::Postgres { url: db::PostgresUrl::parse(url).ok_or_else(refused)? }
        };
        let cache = match scheme(config.cache.redis_url.expose()) {
            "" => cache::Target::Memory { bytes: config.cache.cache_bytes },
            "redis" | "rediss" if cache::is_redis_url(&config.cache.redis_url) => {
                cache::Target::Redis { url: config.cache.redis_url.clone(), deadline: config.cache.redis_deadline() }
            }
            _ => {
                let form = "redis://user:password@host:port, or rediss:// with TLS";
                return Err(refuse("redis_url", "a Redis server", form));
            }
        };
        let mail = match scheme(config.mail.mail_url.expose()) {
            "" => mail::Target::Folder(config.database.data.join("mail")),
            "smtp" | "smtps" if mail::is_smtp_url(&config.mail.mail_url) => {
                mail::Target::Smtp(config.mail.mail_url.clone())
            }
            _ => {
                let form = "smtps://user:password@host, or smtp://host:port?tls=required";
                return Err(refuse("mail_url", "a mail server", form));
            }
        };
        let url = config.blobs.blobs_url.expose();
        let blobs = match scheme(url) {
            "" => blobs::Target::Folder(config.database.data.join("blobs")),
            "file" => match url.strip_prefix("file://") {
                Some(path) if path.starts_with('/') => blobs::Target::Folder(path.into()),
                _ => return Err(refuse("blobs_url", "a folder", "file:///path/of/the/folder")),
            },
            _ => {
                let form = "https://key:secret@host/bucket?region=us-east-1, or file:///path/of/a/folder";
                let refused = || refuse("blobs_url", "an S3 bucket or a folder", form);
                blobs::Target::S3(blobs::S3Url::parse(url).ok_or_else(refused)?)
            }
        };
        let open_world = match config.traces.open_world {
            OpenWorld::Auto => matches!(database, db::Target::Sqlite { .. }),
            OpenWorld::Set(set) => set,
        };
        Ok(Self { database, cache, blobs, mail, open_world })
    }
}

/// The text before the first colon: empty for an empty URL, the whole URL where there is no colon.
fn scheme(url: &str) -> &str {
    url.split(':').next().unwrap_or_default()
}

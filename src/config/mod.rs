//! Configuration: `config/default.toml`, overridden by a file, overridden by the environment. Typed and checked at the
//! start; an unknown name or a value out of range stops the program with a sentence that names it.

use std::{collections::BTreeMap, fmt, net::SocketAddr, ops::RangeInclusive, path::PathBuf};

use figment::{
    Figment,
    providers::{Format, Serialized, Toml},
};
use ipnet::IpNet;
use serde::Deserialize;

use crate::platform::{db::Migrate, observe::LogFormat, secret::Secret};

/// Every key with its default, commented.
pub const DEFAULTS: &str = include_str!("../../config/default.toml");

/// The environment's names that do not begin with `CAIRN_`.
const WELL_KNOWN: [(&str, &str); 4] = [
    ("DATABASE_URL", "database_url"),
    ("REDIS_URL", "redis_url"),
    ("CACHE_DURATION", "cache_duration"),
    ("RUST_LOG", "log_filter"),
];

/// Where a file of the operator's own is named.
const FILE: &str = "CAIRN_CONFIG";

/// Whether the seed's routes work without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "OpenWorldSetting")]
pub enum OpenWorld {
    /// With SQLite yes, with PostgreSQL no.
    Auto,
    /// As said.
    Set(bool),
}

/// Who founds studios.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StudiosBy {
    /// Whoever has an account.
    Anyone,
    /// Administrators, and whoever may run the program.
    Administrator,
}

/// A file may say `true` with or without quotes; the environment has only texts.
#[derive(Deserialize)]
#[serde(untagged)]
enum OpenWorldSetting {
    Bool(bool),
    Text(String),
}

impl TryFrom<OpenWorldSetting> for OpenWorld {
    type Error = &'static str;

    fn try_from(setting: OpenWorldSetting) -> Result<Self, Self::Error> {
        match setting {
            OpenWorldSetting::Bool(set) => Ok(Self::Set(set)),
            OpenWorldSetting::Text(text) => match text.as_str() {
                "auto" => Ok(Self::Auto),
                "true" => Ok(Self::Set(true)),
                "false" => Ok(Self::Set(false)),
                _ => Err("open_world must be auto, true or false"),
            },
        }
    }
}

/// All settings; `config/default.toml` says what each is, in which unit, and what happens at its bound.
#[expect(missing_docs, reason = "said once, in config/default.toml, which is part of the program")]
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    pub listen: SocketAddr,
    pub data: PathBuf,
    pub database_url: Secret,
    pub redis_url: Secret,
    pub open_world: OpenWorld,
    pub key_check_ms: u64,
    pub key_grace_secs: u64,
    pub studios_by: StudiosBy,
    pub studios_per_user: u32,
    pub invitation_hours: u64,
    pub trusted_proxies: Vec<IpNet>,
    pub cors_origins: Vec<String>,
    pub public_url: String,
    pub session_idle_hours: u64,
    pub session_hours: u64,
    pub code_mins: u64,
    pub password_memory_kib: u32,
    pub password_passes: u32,
    pub password_hashes: usize,
    pub password_wait_ms: u64,
    pub account_attempts: u32,
    pub network_attempts: u32,
    pub attempts_wait_secs: u64,
    pub attempts_forget_secs: u64,
    pub player_token_secs: u64,
    pub player_refresh_days: u64,
    pub players_per_hour: u32,
    pub key_rate: u32,
    pub player_rate: u32,
    pub account_rate: u32,
    pub address_rate: u32,
    pub mail_url: Secret,
    pub mail_sender: String,
    pub mail_letters: usize,
    pub mail_patience_secs: u64,
    pub migrate: Migrate,
    pub drain_secs: u64,
    pub stop_secs: u64,
    pub log: LogFormat,
    pub log_filter: String,
    #[serde(deserialize_with = "optional_address")]
    pub metrics_listen: Option<SocketAddr>,
    pub body_limit: usize,
    pub body_secs: u64,
    pub header_secs: u64,
    pub bodies_bytes: usize,
    pub write_secs: u64,
    pub connections: usize,
    pub database_connections: u32,
    pub database_timeout_ms: u64,
    pub open_studios: usize,
    pub write_queue: usize,
    pub write_queue_bytes: usize,
    pub write_batch: usize,
    pub write_worlds: usize,
    pub scope_objects: u32,
    pub scope_messages: u32,
    pub scope_phantoms: u32,
    pub idempotency_hours: u32,
    pub snapshot_bytes: u64,
    pub recent_bytes: usize,
    pub deck_bytes: u64,
    pub snapshot_wait_ms: u64,
    pub revision_check_ms: u64,
    pub cache_duration: u64,
    pub cache_bytes: u64,
    pub redis_timeout_ms: u64,
}

/// An address, or nothing for an empty text.
fn optional_address<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(serde::de::Error::custom) }
}

/// The configuration can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file or value can't be read.
    #[error("configuration: {0}")]
    Unreadable(Box<figment::Error>),
    /// A variable that begins with `CAIRN_` and names no setting.
    #[error("configuration: the environment's {0} names no setting")]
    UnknownVariable(String),
    /// A value out of range.
    #[error("configuration: {key} is {value}, and must be {bound}")]
    OutOfRange {
        /// The setting.
        key: &'static str,
        /// What it was set to.
        value: String,
        /// What it must be.
        bound: String,
    },
}

impl Config {
    /// Reads the defaults, then the file that `file` or `CAIRN_CONFIG` names, then the environment.
    ///
    /// # Errors
    /// [`ConfigError`] names the setting and the bound.
    pub fn read(
        file: Option<PathBuf>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let defaults: Figment = Figment::new().merge(Toml::string(DEFAULTS));
        let known =
            defaults.extract::<figment::value::Dict>().map_err(|error| ConfigError::Unreadable(error.into()))?;
        let mut file = file;
        let mut set = BTreeMap::new();
        for (name, text) in environment {
            let well_known = WELL_KNOWN.iter().find(|(variable, _)| *variable == name).map(|(_, key)| *key);
            match (well_known, name.strip_prefix("CAIRN_")) {
                (Some(key), _) => {
                    set.insert(key.to_owned(), text);
                }
                _ if name == FILE => file = file.or_else(|| Some(text.into())),
                // The tests' own.
                (None, Some(rest)) if rest.starts_with("TEST_") => {}
                (None, Some(rest)) if known.contains_key(&rest.to_ascii_lowercase()) => {
                    set.insert(rest.to_ascii_lowercase(), text);
                }
                (None, Some(_)) => return Err(ConfigError::UnknownVariable(name)),
                (None, None) => {}
            }
        }
        let mut all = defaults;
        if let Some(file) = file {
            all = all.merge(Toml::file_exact(file));
        }
        for (key, text) in set {
            let value = typed(known.get(&key), &text);
            all = all.merge(Serialized::default(&key, value));
        }
        let config: Self = all.extract().map_err(|error| ConfigError::Unreadable(error.into()))?;
        config.check()?;
        Ok(config)
    }

    fn check(&self) -> Result<(), ConfigError> {
        within("studios_per_user", self.studios_per_user, 1..=10_000)?;
        within("invitation_hours", self.invitation_hours, 1..=8760)?;
        within("session_idle_hours", self.session_idle_hours, 1..=self.session_hours)?;
        within("session_hours", self.session_hours, 1..=87_600)?;
        within("code_mins", self.code_mins, 1..=10_080)?;
        within("password_memory_kib", self.password_memory_kib, 19_456..=1_048_576)?;
        within("password_passes", self.password_passes, 2..=16)?;
        within("password_hashes", self.password_hashes, 1..=256)?;
        within("password_wait_ms", self.password_wait_ms, 10..=60_000)?;
        within("account_attempts", self.account_attempts, 1..=1_000_000)?;
        within("network_attempts", self.network_attempts, 1..=1_000_000)?;
        within("attempts_wait_secs", self.attempts_wait_secs, 1..=86_400)?;
        within("attempts_forget_secs", self.attempts_forget_secs, self.attempts_wait_secs..=604_800)?;
        within("player_token_secs", self.player_token_secs, 60..=86_400)?;
        within("player_refresh_days", self.player_refresh_days, 1..=3650)?;
        within("players_per_hour", self.players_per_hour, 1..=1_000_000)?;
        let rates = [self.key_rate, self.player_rate, self.account_rate, self.address_rate];
        for (key, rate) in ["key_rate", "player_rate", "account_rate", "address_rate"].into_iter().zip(rates) {
            within(key, rate, 0..=100_000_000)?;
        }
        within("mail_letters", self.mail_letters, 1..=100_000)?;
        within("mail_patience_secs", self.mail_patience_secs, 1..=86_400)?;
        self.check_public_url()?;
        within("drain_secs", self.drain_secs, 0..=600)?;
        within("stop_secs", self.stop_secs, 1..=600)?;
        within("body_limit", self.body_limit, 1024..=67_108_864)?;
        within("body_secs", self.body_secs, 1..=600)?;
        within("header_secs", self.header_secs, 1..=600)?;
        within("bodies_bytes", self.bodies_bytes, 67_108_864..=68_719_476_736)?;
        within("write_secs", self.write_secs, 1..=600)?;
        within("connections", self.connections, 1..=1_000_000)?;
        within("database_connections", self.database_connections, 2..=1000)?;
        within("database_timeout_ms", self.database_timeout_ms, 100..=600_000)?;
        within("write_queue", self.write_queue, 1..=1_000_000)?;
        within("write_queue_bytes", self.write_queue_bytes, 1_048_576..=17_179_869_184)?;
        within("write_batch", self.write_batch, 1..=1024)?;
        within("write_worlds", self.write_worlds, 1..=1000)?;
        within("open_studios", self.open_studios, 1..=10_000)?;
        within("key_check_ms", self.key_check_ms, 50..=1000)?;
        within("key_grace_secs", self.key_grace_secs, 0..=604_800)?;
        within("scope_objects", self.scope_objects, 200..=100_000_000)?;
        within("scope_messages", self.scope_messages, 200..=100_000_000)?;
        within("scope_phantoms", self.scope_phantoms, 20..=100_000_000)?;
        within("idempotency_hours", self.idempotency_hours, 1..=720)?;
        within("snapshot_bytes", self.snapshot_bytes, 1_048_576..=68_719_476_736)?;
        within("recent_bytes", self.recent_bytes, 0..=1_073_741_824)?;
        within("deck_bytes", self.deck_bytes, 1_048_576..=68_719_476_736)?;
        within("snapshot_wait_ms", self.snapshot_wait_ms, 10..=60_000)?;
        within("revision_check_ms", self.revision_check_ms, 50..=60_000)?;
        within("cache_duration", self.cache_duration, 1..=86_400)?;
        within("cache_bytes", self.cache_bytes, 1_048_576..=68_719_476_736)?;
        within("redis_timeout_ms", self.redis_timeout_ms, 10..=10_000)?;
        let any = self.cors_origins.iter().any(|origin| origin == "*");
        if any && self.cors_origins.len() > 1 {
            return Err(ConfigError::OutOfRange {
                key: "cors_origins",
                value: format!("{:?}", self.cors_origins),
                bound: "either [\"*\"] alone or a list of origins".to_owned(),
            });
        }
        Ok(())
    }

    fn check_public_url(&self) -> Result<(), ConfigError> {
        let refused = |bound: &str| {
            let (key, value) = ("public_url", format!("{:?}", self.public_url));
            Err(ConfigError::OutOfRange { key, value, bound: bound.to_owned() })
        };
        if self.public_url.is_empty() {
            // Where mail goes out to people, what it says must be true, and cookies must know whether they travel by https.
            return if self.mail_url.is_empty() { Ok(()) } else { refused("set where mail_url is") };
        }
        let (scheme, host) = self.public_url.split_once("://").unwrap_or_default();
        let own_port = if scheme == "https" { ":443" } else { ":80" };
        let plain = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || ".-:[]".contains(letter);
        if ["http", "https"].contains(&scheme)
            && !host.is_empty()
            && host.chars().all(plain)
            && !host.ends_with(own_port)
        {
            return Ok(());
        }
        refused("as browsers write an origin: https://host or https://host:port in lower case, and nothing after it")
    }
}

fn within<T: Copy + PartialOrd + fmt::Display>(
    key: &'static str,
    value: T,
    range: RangeInclusive<T>,
) -> Result<(), ConfigError> {
    if range.contains(&value) {
        return Ok(());
    }
    let bound = format!("from {} to {}", range.start(), range.end());
    Err(ConfigError::OutOfRange { key, value: value.to_string(), bound })
}

/// The environment has only texts; where the default is a number or a list, so is the text. Lists are separated by
/// commas.
fn typed(default: Option<&figment::value::Value>, text: &str) -> figment::value::Value {
    use figment::value::Value;
    match default {
        Some(Value::Num(..)) => text.trim().parse::<i64>().map_or_else(|_| Value::from(text), Value::from),
        Some(Value::Array(..)) => {
            text.split(',').map(str::trim).filter(|item| !item.is_empty()).map(Value::from).collect::<Vec<_>>().into()
        }
        _ => Value::from(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let owned: Vec<_> = variables.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Config::read(None, owned.into_iter())
    }

    #[test]
    fn the_defaults_are_a_configuration() {
        assert_eq!(read(&[]).unwrap().listen.to_string(), "127.0.0.1:8000");
    }

    #[test]
    fn the_environment_overrides_a_file_and_the_file_the_defaults() {
        let file = std::env::temp_dir().join(format!("cairn-config-{}.toml", std::process::id()));
        std::fs::write(&file, "cache_duration = 7\nbody_limit = 2048\n").unwrap();
        let path = file.display().to_string();
        let config =
            read(&[("CAIRN_CONFIG", &path), ("CACHE_DURATION", "9"), ("CAIRN_CORS_ORIGINS", "http://a, http://b")]);
        std::fs::remove_file(&file).unwrap();
        let config = config.unwrap();
        assert_eq!((config.cache_duration, config.body_limit), (9, 2048));
        assert_eq!(config.cors_origins, ["http://a", "http://b"]);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (variables, named) in [
            ([("CAIRN_LISTN", "x")], "CAIRN_LISTN"),
            ([("CAIRN_BODY_LIMIT", "1")], "body_limit is 1, and must be from 1024"),
            ([("CACHE_DURATION", "soon")], "cache_duration"),
            ([("CAIRN_LOG", "loud")], "log"),
            ([("CAIRN_CORS_ORIGINS", "*,http://a")], "cors_origins"),
            ([("CAIRN_PUBLIC_URL", "https://cairn.example/")], "public_url"),
            ([("CAIRN_PUBLIC_URL", "cairn.example")], "public_url"),
            ([("CAIRN_PUBLIC_URL", "https://cairn.example:443")], "public_url"),
            ([("CAIRN_MAIL_URL", "smtp://localhost")], "public_url is \"\", and must be set where mail_url is"),
            ([("CAIRN_SESSION_IDLE_HOURS", "9999")], "session_idle_hours"),
            ([("CAIRN_STUDIOS_BY", "nobody")], "studios_by"),
            ([("CAIRN_STUDIOS_PER_USER", "0")], "studios_per_user is 0, and must be from 1"),
        ] {
            let told = read(&variables).unwrap_err().to_string();
            assert!(told.contains(named), "{told}");
        }
    }

    #[test]
    fn a_secret_does_not_show_itself() {
        let config = read(&[("DATABASE_URL", "postgres://cairn:hunter2@localhost/cairn")]).unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}

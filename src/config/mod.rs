//! The configuration: `config/default.toml`, overridden by a file, overridden by the environment. An unknown name or a value
//! out of range stops the program at its start, with a message that names the setting.
//!
//! Each part of the program declares its settings and their bounds in a section of its own ([`Section`]); a new one is added
//! to the list of sections here, and its settings with their documentation to `config/default.toml`.

use std::{collections::BTreeMap, path::PathBuf, sync::LazyLock};

use figment::{
    Figment,
    providers::{Format, Serialized, Toml},
};
use serde::{
    Deserialize, Deserializer,
    de::{self, IgnoredAny},
};

use crate::{
    http::config::HttpConfig,
    identity::{
        access::config::RateLimitConfig, accounts::AccountsConfig, players::PlayersConfig, studios::StudiosConfig,
    },
    platform::{
        cache::CacheConfig,
        config::{OutOfRange, Section},
        db::DatabaseConfig,
        mail::MailConfig,
        observe::LogConfig,
    },
    traces::{TracesConfig, decks::DecksConfig},
    worlds::WorldsConfig,
};

/// Every setting with its default and documentation.
pub const DEFAULTS: &str = include_str!("../../config/default.toml");

/// Environment variables that do not begin with `CAIRN_`, and their settings.
const WELL_KNOWN: [(&str, &str); 4] = [
    ("DATABASE_URL", "database_url"),
    ("REDIS_URL", "redis_url"),
    ("CACHE_DURATION", "cache_duration"),
    ("RUST_LOG", "log_filter"),
];

/// The environment variable that names a configuration file.
const FILE: &str = "CAIRN_CONFIG";

/// Declares [`Config`] with its sections, and reads each from the same merged values.
macro_rules! sections {
    ($($name:ident: $section:ty,)*) => {
        /// All settings, by the part of the program that they belong to. Names are flat: `config/default.toml` says what
        /// each setting is, in which unit, and what happens at its bound.
        #[expect(missing_docs, reason = "each section says what it is")]
        #[derive(Clone, Debug)]
        pub struct Config {
            $(pub $name: $section,)*
        }

        impl Config {
            fn extract(values: &Figment) -> Result<Self, ConfigError> {
                Ok(Self { $($name: section(values)?,)* })
            }
        }
    };
}

sections! {
    log: LogConfig,
    http: HttpConfig,
    database: DatabaseConfig,
    cache: CacheConfig,
    mail: MailConfig,
    rate_limits: RateLimitConfig,
    accounts: AccountsConfig,
    studios: StudiosConfig,
    players: PlayersConfig,
    worlds: WorldsConfig,
    traces: TracesConfig,
    decks: DecksConfig,
}

fn section<T: Section>(values: &Figment) -> Result<T, ConfigError> {
    let section: T = values.extract().map_err(|error| ConfigError::Unreadable(error.into()))?;
    section.check()?;
    Ok(section)
}

/// The configuration can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file or value can't be read.
    #[error("configuration: {0}")]
    Unreadable(Box<figment::Error>),
    /// An environment variable begins with `CAIRN_` and names no setting.
    #[error("configuration: the environment's {0} names no setting")]
    UnknownVariable(String),
    /// A value out of range.
    #[error(transparent)]
    OutOfRange(#[from] OutOfRange),
}

/// All names of settings.
static KEYS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
    let names = DEFAULTS.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "));
    names.map(|(name, _)| name).collect()
});

/// The name of a setting; reading any other text fails.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Key(&'static str);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let known = KEYS.iter().find(|known| **known == name);
        known.map(|known| Self(known)).ok_or_else(|| de::Error::unknown_field(&name, &KEYS))
    }
}

impl Config {
    /// Reads the defaults, then the file that `file` or `CAIRN_CONFIG` names, then the environment.
    ///
    /// # Errors
    /// [`ConfigError`]; its message names the setting and the bound.
    pub fn read(
        file: Option<PathBuf>,
        environment: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let defaults: Figment = Figment::new().merge(Toml::string(DEFAULTS));
        let known =
            defaults.extract::<figment::value::Dict>().map_err(|error| ConfigError::Unreadable(error.into()))?;
        let mut file = file;
        let mut overrides = BTreeMap::new();
        for (name, text) in environment {
            let well_known = WELL_KNOWN.iter().find(|(variable, _)| *variable == name).map(|(_, key)| *key);
            match (well_known, name.strip_prefix("CAIRN_")) {
                (Some(key), _) => {
                    overrides.insert(key.to_owned(), text);
                }
                _ if name == FILE => file = file.or_else(|| Some(text.into())),
                // Used by the tests.
                (None, Some(rest)) if rest.starts_with("TEST_") => {}
                (None, Some(rest)) if known.contains_key(&rest.to_ascii_lowercase()) => {
                    overrides.insert(rest.to_ascii_lowercase(), text);
                }
                (None, Some(_)) => return Err(ConfigError::UnknownVariable(name)),
                (None, None) => {}
            }
        }
        let mut all = defaults;
        if let Some(file) = file {
            all = all.merge(Toml::file_exact(file));
        }
        for (key, text) in overrides {
            let value = typed(known.get(&key), &text);
            all = all.merge(Serialized::default(&key, value));
        }
        // Sections pass over what belongs to others, so unknown names are refused here.
        #[expect(clippy::zero_sized_map_values, reason = "serde reads a map only into a map")]
        all.extract::<BTreeMap<Key, IgnoredAny>>().map_err(|error| ConfigError::Unreadable(error.into()))?;
        let config = Self::extract(&all)?;
        config.check()?;
        Ok(config)
    }

    /// Checks what concerns more than one section.
    fn check(&self) -> Result<(), OutOfRange> {
        if self.http.public_url.is_empty() && !self.mail.mail_url.is_empty() {
            // Emails name the server, and cookies depend on its scheme.
            let (value, bound) = ("\"\"".to_owned(), "set where mail_url is".to_owned());
            return Err(OutOfRange { key: "public_url", value, bound });
        }
        Ok(())
    }
}

/// The value of an environment variable, in the type of the setting's default: a number, a list separated by commas, or
/// text.
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
    use std::{collections::BTreeSet, time::Duration};

    use super::*;
    use crate::{http::envelope::Cors, traces::v0};

    fn read(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        let owned: Vec<_> = variables.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Config::read(None, owned.into_iter())
    }

    #[test]
    fn the_defaults_are_a_configuration() {
        assert_eq!(read(&[]).unwrap().http.listen.to_string(), "127.0.0.1:8000");
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
        assert_eq!(config.http.body_limit, 2048);
        assert_eq!(v0::Settings::from(&config.traces).cache_ttl, Duration::from_secs(9));
        assert_eq!(config.http.cors(), Cors::Only(vec!["http://a".to_owned(), "http://b".to_owned()]));
    }

    #[test]
    fn an_unknown_name_in_a_file_is_refused_and_the_known_ones_are_listed() {
        let file = std::env::temp_dir().join(format!("cairn-unknown-{}.toml", std::process::id()));
        std::fs::write(&file, "listn = \"x\"\n").unwrap();
        let refused = Config::read(Some(file.clone()), std::iter::empty()).unwrap_err().to_string();
        std::fs::remove_file(&file).unwrap();
        assert!(
            refused.starts_with("configuration: unknown field: found `listn`, expected `one of `listen`, "),
            "{refused}"
        );
        assert!(refused.ends_with(&format!("in {} TOML file", file.display())), "{refused}");
    }

    #[test]
    fn every_default_is_read_by_a_section() {
        let mut all = Figment::new().merge(Toml::string(DEFAULTS)).extract::<figment::value::Dict>().unwrap();
        assert_eq!(
            all.keys().collect::<BTreeSet<_>>(),
            KEYS.iter().map(ToString::to_string).collect::<BTreeSet<_>>().iter().collect()
        );
        for key in KEYS.iter() {
            let value = all.remove(*key).unwrap();
            let missing = Config::extract(&Figment::from(Serialized::defaults(&all))).unwrap_err().to_string();
            assert!(missing.contains(&format!("missing field `{key}`")), "{missing}");
            all.insert((*key).to_owned(), value);
        }
    }

    #[test]
    fn an_error_names_the_setting() {
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
            let refused = read(&variables).unwrap_err().to_string();
            assert!(refused.contains(named), "{refused}");
        }
    }

    #[test]
    fn a_secret_does_not_show_itself() {
        let config = read(&[("DATABASE_URL", "postgres://cairn:hunter2@localhost/cairn")]).unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
    }
}

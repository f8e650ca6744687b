//! The configuration: `config/default.toml`, overridden by a file, overridden by the environment. An unknown name or a value
//! out of range stops the program at its start, with a message that names the setting.
//!
//! Each part of the program declares its settings and their bounds in a section of its own ([`Section`]); a new one is added
//! to the list of sections here, and its settings with their documentation to `config/default.toml`.

mod environment;
mod error;

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use figment::{
    Figment,
    providers::{Format, Serialized, Toml},
    value::Dict,
};

use self::environment::Environment;
pub use self::error::{ConfigError, Sources};
use crate::{
    catalogue::{discovery::DiscoveryConfig, prices::PricesConfig},
    http::config::HttpConfig,
    identity::{
        access::config::{RateLimitConfig, StorageRateConfig},
        accounts::AccountsConfig,
        bot_checks::BotCheckConfig,
        oidc::OidcConfig,
        players::PlayersConfig,
        studios::StudiosConfig,
    },
    journal::{
        challenges::ChallengesConfig, library::LibraryConfig, media::MediaConfig, moderation::ModerationConfig,
        saves::SavesConfig,
    },
    platform::{
        backup::BackupConfig,
        blobs::BlobsConfig,
        cache::CacheConfig,
        config::{OutOfRange, Section},
        db::DatabaseConfig,
        jobs::JobsConfig,
        mail::MailConfig,
        nearest::nearest,
        observe::{LogConfig, LogFormat},
        outbound::OutboundConfig,
        sealing::SealingConfig,
    },
    traces::{TracesConfig, decks::DecksConfig},
    worlds::{WorldsConfig, storage::StorageConfig},
};

/// Every setting with its default and documentation.
pub const DEFAULTS: &str = include_str!("../../config/default.toml");

/// Declares [`Config`] with its sections, and reads each from the same merged values.
macro_rules! sections {
    ($($name:ident: $section:ty,)*) => {
        /// All settings, by the part of the program that they belong to. Names are flat: `config/default.toml` says what
        /// each setting is, in which unit, and what happens at its bound.
        #[expect(missing_docs, reason = "each section says what it is")]
        #[derive(Clone, Debug)]
        pub struct Config {
            $(pub $name: $section,)*
            pub sources: Sources,
        }

        impl Config {
            fn extract(values: &Figment, sources: Sources) -> Result<Self, ConfigError> {
                Ok(Self { $($name: section(values, &sources)?,)* sources })
            }
        }
    };
}

sections! {
    log: LogConfig,
    http: HttpConfig,
    database: DatabaseConfig,
    cache: CacheConfig,
    jobs: JobsConfig,
    blobs: BlobsConfig,
    backup: BackupConfig,
    sealing: SealingConfig,
    outbound: OutboundConfig,
    prices: PricesConfig,
    discovery: DiscoveryConfig,
    mail: MailConfig,
    rate_limits: RateLimitConfig,
    accounts: AccountsConfig,
    oidc: OidcConfig,
    bot_checks: BotCheckConfig,
    studios: StudiosConfig,
    players: PlayersConfig,
    worlds: WorldsConfig,
    storage: StorageConfig,
    storage_rates: StorageRateConfig,
    library: LibraryConfig,
    media: MediaConfig,
    challenges: ChallengesConfig,
    saves: SavesConfig,
    moderation: ModerationConfig,
    traces: TracesConfig,
    decks: DecksConfig,
}

fn section<T: Section>(values: &Figment, sources: &Sources) -> Result<T, ConfigError> {
    let section: T = values.extract().map_err(|error| sources.wrong_type(&error))?;
    section.check().map_err(|error| sources.out_of_range(&error))?;
    Ok(section)
}

/// The settings and their defaults.
static KNOWN: LazyLock<Dict> =
    LazyLock::new(|| Figment::from(Toml::string(DEFAULTS)).extract::<Dict>().unwrap_or_default());

impl Config {
    /// Reads the defaults, then the file that `file` or `CAIRN_CONFIG` names, then the environment.
    ///
    /// # Errors
    /// [`ConfigError`]; its message names the variable or the setting, and the bound.
    pub fn read(
        file: Option<PathBuf>,
        variables: impl Iterator<Item = (impl Into<OsString>, impl Into<OsString>)>,
    ) -> Result<Self, ConfigError> {
        let variables = variables.map(|(name, text)| (name.into(), text.into()));
        let Environment { file: named, settings } = environment::read(variables, &KNOWN)?;
        let mut values = Figment::from(Toml::string(DEFAULTS));
        let mut sources = Sources::default();
        if let Some(file) = file.or(named) {
            let given = read_file(&file)?;
            for key in given.keys() {
                sources.add_file(key, &file);
            }
            values = values.merge(Serialized::defaults(given));
        }
        for (key, given) in settings {
            sources.add_variable(&key, &given.variable);
            values = values.merge(Serialized::default(&key, given.value));
        }
        let config = Self::extract(&values, sources)?;
        config.check().map_err(|error| config.sources.out_of_range(&error))?;
        Ok(config)
    }

    /// How the log looks, as far as that can be read: for the message that the configuration can't be used.
    pub fn log_format(
        file: Option<&Path>,
        variables: impl Iterator<Item = (impl Into<OsString>, impl Into<OsString>)>,
    ) -> LogFormat {
        let mut variables: Vec<(OsString, OsString)> =
            variables.map(|(name, text)| (name.into(), text.into())).collect();
        variables.retain(|(name, text)| !text.is_empty() && (name == "CAIRN_LOG" || name == environment::FILE));
        let value = |wanted: &str| variables.iter().find(|(name, _)| name == wanted).map(|(_, text)| text);
        if let Some(format) = value("CAIRN_LOG") {
            return LogFormat::named(&format.to_string_lossy());
        }
        let file = file.or_else(|| value(environment::FILE).map(Path::new));
        let given = file.and_then(|file| read_file(file).ok()).unwrap_or_default();
        LogFormat::named(given.get("log").and_then(|log| log.as_str()).unwrap_or_default())
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

/// The settings in a file. A byte order mark before them is passed over.
fn read_file(file: &Path) -> Result<Dict, ConfigError> {
    let shown = || file.display().to_string();
    let text =
        fs::read_to_string(file).map_err(|error| ConfigError::File { file: shown(), problem: error.to_string() })?;
    let given: Dict = Figment::from(Toml::string(text.trim_start_matches('\u{feff}')))
        .extract()
        .map_err(|error| ConfigError::not_toml(file, &error))?;
    match given.keys().find(|name| !KNOWN.contains_key(*name)) {
        None => Ok(given),
        Some(name) => {
            let meant = nearest(name, KNOWN.keys().map(String::as_str)).map(str::to_owned);
            Err(ConfigError::UnknownName { name: name.clone(), file: shown(), meant })
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{http::envelope::Cors, traces::v0};

    const NOTHING: [(&str, &str); 0] = [];

    fn read(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::read(None, variables.iter().copied())
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
    fn an_unknown_name_in_a_file_is_refused_and_the_nearest_is_named() {
        let file = std::env::temp_dir().join(format!("cairn-unknown-{}.toml", std::process::id()));
        std::fs::write(&file, "listn = \"x\"\n").unwrap();
        let refused = Config::read(Some(file.clone()), NOTHING.into_iter()).unwrap_err().to_string();
        std::fs::remove_file(&file).unwrap();
        assert_eq!(refused, format!("configuration: listn in {} is no setting; did you mean listen?", file.display()));
    }

    #[test]
    fn every_default_is_read_by_a_section() {
        let mut all = KNOWN.clone();
        assert!(all.len() > 40, "{}", all.len());
        for key in KNOWN.keys() {
            let value = all.remove(key).unwrap();
            let missing = Config::extract(&Figment::from(Serialized::defaults(&all)), Sources::default());
            let missing = missing.unwrap_err().to_string();
            assert!(missing.contains(&format!("missing field `{key}`")), "{missing}");
            all.insert(key.clone(), value);
        }
    }

    #[test]
    fn an_error_names_the_variable_and_says_what_it_must_be() {
        for (variable, text, named) in [
            ("CAIRN_LISTN", "x", "the environment's CAIRN_LISTN names no setting; did you mean CAIRN_LISTEN?"),
            ("CAIRN_PORT", "8000", "the environment's CAIRN_PORT names no setting"),
            ("CAIRN_BODY_LIMIT", "1", "CAIRN_BODY_LIMIT is 1, and must be from 1024"),
            ("CAIRN_BODY_LIMIT", "-1", "CAIRN_BODY_LIMIT is -1, and must be a whole number that is not negative"),
            ("CAIRN_BODY_LIMIT", "1e6", "CAIRN_BODY_LIMIT is \"1e6\", and must be a whole number"),
            ("CAIRN_OPEN_STUDIOS", "99999999999999999999", "CAIRN_OPEN_STUDIOS is \"99999999999999999999\", and must"),
            ("CACHE_DURATION", "soon", "CACHE_DURATION is \"soon\", and must be a whole number"),
            ("CAIRN_LOG", "loud", "CAIRN_LOG is \"loud\", and must be one of pretty, json"),
            ("RUST_LOG", "cairn=loud", "RUST_LOG is \"cairn=loud\", and must be"),
            ("CAIRN_OPEN_WORLD", "maybe", "CAIRN_OPEN_WORLD is \"maybe\", and must be auto, true or false"),
            ("CAIRN_MIGRATE", "never", "CAIRN_MIGRATE is \"never\", and must be one of check, auto"),
            ("CAIRN_LISTEN", "nowhere", "CAIRN_LISTEN is \"nowhere\", and must be an address and a port"),
            ("CAIRN_LISTEN", "127.0.0.1", "CAIRN_LISTEN is \"127.0.0.1\", and must be an address and a port"),
            ("CAIRN_METRICS_LISTEN", "::1:9100", "CAIRN_METRICS_LISTEN is \"::1:9100\", and must be"),
            (
                "CAIRN_TRUSTED_PROXIES",
                "10.0.0.0/8,proxy",
                "CAIRN_TRUSTED_PROXIES has \"proxy\", and must have networks",
            ),
            ("CAIRN_CORS_ORIGINS", "*,http://a", "CAIRN_CORS_ORIGINS is "),
            ("CAIRN_CORS_ORIGINS", "game.example", "CAIRN_CORS_ORIGINS has \"game.example\", and must have origins"),
            ("CAIRN_CORS_ORIGINS", "https://a/path", "CAIRN_CORS_ORIGINS has \"https://a/path\""),
            ("CAIRN_CORS_ORIGINS", "[1]", "CAIRN_CORS_ORIGINS is \"[1]\", and must be a list"),
            ("CAIRN_PUBLIC_URL", "https://cairn.example/", "CAIRN_PUBLIC_URL"),
            ("CAIRN_PUBLIC_URL", "cairn.example", "CAIRN_PUBLIC_URL"),
            ("CAIRN_PUBLIC_URL", "https://cairn.example:443", "CAIRN_PUBLIC_URL"),
            ("CAIRN_MAIL_URL", "smtp://localhost", "CAIRN_PUBLIC_URL is \"\", and must be set where mail_url is"),
            ("CAIRN_MAIL_SENDER", "nobody", "CAIRN_MAIL_SENDER is \"nobody\", and must be an address"),
            ("CAIRN_SESSION_IDLE_HOURS", "9999", "CAIRN_SESSION_IDLE_HOURS"),
            ("CAIRN_STUDIOS_BY", "nobody", "CAIRN_STUDIOS_BY"),
            ("CAIRN_STUDIOS_PER_USER", "0", "CAIRN_STUDIOS_PER_USER is 0, and must be from 1"),
            ("DATABASE_URL_FILE", "/no/such/secret", "DATABASE_URL_FILE names /no/such/secret, which can't be read"),
            ("CAIRN_LISTEN_FILE", "/no/such/secret", "the environment's CAIRN_LISTEN_FILE names no setting"),
        ] {
            let refused = read(&[(variable, text)]).unwrap_err().to_string();
            assert!(refused.contains(named), "{refused}");
        }
    }

    #[test]
    fn every_setting_is_named_by_its_variable_and_not_by_a_library() {
        for key in KNOWN.keys() {
            let variable = environment::variable_of(key);
            // Where a mail server is named, this must be too.
            let origin = (key != "public_url").then_some(("CAIRN_PUBLIC_URL", "https://cairn.example"));
            let given = [(variable.as_str(), "\u{1}")].into_iter().chain(origin);
            let Err(refused) = Config::read(None, given) else { continue };
            let refused = refused.to_string();
            assert!(refused.starts_with(&format!("configuration: {variable} ")), "{refused}");
            assert!(!refused.contains("invalid type") && !refused.contains("default."), "{refused}");
        }
    }

    #[test]
    fn an_empty_variable_counts_as_unset() {
        let variables: Vec<String> = KNOWN.keys().map(|key| environment::variable_of(key)).collect();
        let all = variables.iter().map(|variable| (variable.as_str(), if variable.len() % 2 == 0 { "" } else { " " }));
        let config = Config::read(None, all.chain([("CAIRN_CONFIG", ""), ("REDIS_URL_FILE", "")])).unwrap();
        let unset = read(&[]).unwrap();
        assert_eq!(format!("{config:?}"), format!("{unset:?}"));
    }

    #[test]
    fn lists_are_written_with_commas_or_as_in_a_file() {
        for (text, origins) in [
            ("https://a,https://b", &["https://a", "https://b"][..]),
            (" https://a , https://b/ ,", &["https://a", "https://b"]),
            ("[\"https://a\", \"https://b\"]", &["https://a", "https://b"]),
            ("[]", &[]),
        ] {
            let config = read(&[("CAIRN_CORS_ORIGINS", text)]).unwrap();
            assert_eq!(config.http.cors(), Cors::Only(origins.iter().map(ToString::to_string).collect()), "{text}");
        }
        for any in ["*", "[\"*\"]"] {
            assert_eq!(read(&[("CAIRN_CORS_ORIGINS", any)]).unwrap().http.cors(), Cors::Any);
        }
        let proxies = read(&[("CAIRN_TRUSTED_PROXIES", "10.0.0.1, 10.1.0.0/16, 2001:db8::1")]).unwrap();
        let shown: Vec<String> = proxies.http.trusted_proxies.iter().map(ToString::to_string).collect();
        assert_eq!(shown, ["10.0.0.1/32", "10.1.0.0/16", "2001:db8::1/128"]);
    }

    #[cfg(unix)]
    #[test]
    fn variables_that_are_not_utf_8_matter_only_where_they_are_ours() {
        use std::os::unix::ffi::OsStringExt;
        let bytes = |text: &[u8]| OsString::from_vec(text.to_vec());
        let read = |name: &[u8], value: &[u8]| Config::read(None, std::iter::once((bytes(name), bytes(value))));
        read(b"UNRELATED", b"\xff").unwrap();
        read(b"\xff", b"x").unwrap();
        assert_eq!(read(b"CAIRN_LOG", b"\xff").unwrap_err().to_string(), "configuration: CAIRN_LOG is not UTF-8");
        assert!(read(b"CAIRN_\xff", b"x").unwrap_err().to_string().contains("names no setting"));
    }

    #[test]
    fn a_secret_can_be_in_a_file_and_does_not_show_itself() {
        let file = std::env::temp_dir().join(format!("cairn-secret-{}", std::process::id()));
        std::fs::write(&file, "postgres://cairn:hunter2@localhost/cairn\n").unwrap();
        let path = file.display().to_string();
        let config = read(&[("DATABASE_URL_FILE", &path)]).unwrap();
        assert_eq!(config.database.database_url.expose(), "postgres://cairn:hunter2@localhost/cairn");
        let twice = read(&[("DATABASE_URL_FILE", &path), ("DATABASE_URL", "postgres://x")]).unwrap_err().to_string();
        assert!(twice.contains("DATABASE_URL_FILE") && twice.contains("both set"), "{twice}");
        std::fs::write(&file, "\n").unwrap();
        assert!(read(&[("REDIS_URL_FILE", &path)]).unwrap_err().to_string().contains("which is empty"));
        std::fs::remove_file(&file).unwrap();
        assert!(!format!("{config:?}").contains("hunter2"));
        // None was forgotten: each of the secrets hides itself, and each that hides itself is among them.
        assert_eq!(format!("{config:?}").matches("<secret>").count(), environment::SECRETS.len());
    }

    #[test]
    fn no_message_about_a_file_quotes_a_secret() {
        let file = std::env::temp_dir().join(format!("cairn-quoted-{}.toml", std::process::id()));
        for text in [
            "database_url = \"postgres://cairn:hunter2@db/cairn",
            "database_url = postgres://cairn:hunter2@db/cairn",
            "database_url = [\"postgres://cairn:hunter2@db/cairn\"]",
            "listen = \"127.0.0.1:0\"\nmail_url = smtps://cairn:hunter2@mail",
            "public_url = \"https://cairn:hunter2@cairn.example\"",
            "cors_origins = [\"https://cairn:hunter2@cairn.example\"]",
        ] {
            std::fs::write(&file, text).unwrap();
            let refused = Config::read(Some(file.clone()), NOTHING.into_iter()).unwrap_err().to_string();
            assert!(!refused.contains("hunter2"), "{refused}");
            assert!(refused.contains(&file.display().to_string()), "{refused}");
        }
        std::fs::remove_file(&file).unwrap();
    }
}

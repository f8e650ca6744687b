//! What every command works with: the configuration, and the words that name it to people.

use std::{
    error::Error,
    ffi::OsString,
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::Path,
};

use crate::{
    app::StartError,
    config::Config,
    identity::studios::StudioError,
    platform::{
        db::{PostgresUrl, SchemaError},
        error::with_causes,
    },
};

/// The configuration of a command, where its data is, and how the program was called.
#[derive(Debug)]
pub struct Context {
    /// The configuration.
    pub config: Config,
    /// Where the data is.
    pub data: DataPlace,
    /// The words that begin another command on the same data and server, quoted for a shell.
    pub program: String,
}

/// Where the data is, and the setting that says so: `/srv/cairn (CAIRN_DATA)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataPlace {
    place: String,
    chosen_by: String,
}

impl Context {
    /// The context of a program that was called as `program` with these environment variables and the option `--config file`.
    pub fn new(config: Config, program: &str, variables: &[(OsString, OsString)], file: Option<&Path>) -> Self {
        let data = DataPlace::new(&config);
        let variable = |name: &str| {
            let (_, value) = variables.iter().find(|(variable, _)| variable == name)?;
            Some(value.to_string_lossy()).filter(|value| !value.trim().is_empty())
        };
        let mut words = Vec::new();
        // Not DATABASE_URL, which has a password in it.
        for name in ["CAIRN_CONFIG", "CAIRN_DATA", "CAIRN_LISTEN"] {
            words.extend(variable(name).map(|value| format!("{name}={}", quoted(&value))));
        }
        words.push(quoted(program));
        words.extend(file.map(|file| format!("--config {}", quoted(&file.display().to_string()))));
        Self { config, data, program: words.join(" ") }
    }

    /// Adds to an error where the program has looked, if that may be the reason.
    pub fn explain(&self, error: Box<dyn Error + Send + Sync>) -> Box<dyn Error + Send + Sync> {
        match error.downcast_ref() {
            Some(StartError::Listen { address, .. }) => {
                let variable =
                    if *address == self.config.http.listen { "CAIRN_LISTEN" } else { "CAIRN_METRICS_LISTEN" };
                return format!("{error}; {variable} sets another address").into();
            }
            // It names the setting itself.
            Some(StartError::Url(_)) | None => {}
            Some(StartError::Schema(SchemaError::InUse { .. } | SchemaError::Folder { .. })) => {
                return format!("{error}; {} sets another", self.config.sources.name_of("data")).into();
            }
            Some(start) => return format!("{}; data: {}", with_causes(start), self.data).into(),
        }
        let is_about_a_name = error.downcast_ref().is_some_and(|error| {
            matches!(
                error,
                StudioError::StudioNotFound(_)
                    | StudioError::GameNotFound(_)
                    | StudioError::KeyNotFound(_)
                    | StudioError::AccountNotFound(_)
                    | StudioError::StudioTaken(_)
                    | StudioError::GameTaken(_)
            )
        });
        if is_about_a_name { format!("{error} in {}", self.data).into() } else { error }
    }

    /// The address of the server that this configuration starts, for use in a URL. `None` if the system chooses its port.
    pub fn server(&self) -> Option<String> {
        let http = &self.config.http;
        if !http.public_url.is_empty() {
            return Some(http.public_url.clone());
        }
        (http.listen.port() != 0).then(|| base_url(http.listen))
    }
}

impl DataPlace {
    fn new(config: &Config) -> Self {
        let (database, sources) = (&config.database, &config.sources);
        if !database.database_url.is_empty() {
            let place = PostgresUrl::parse(database.database_url.expose())
                .map_or_else(|| "PostgreSQL".to_owned(), |url| format!("{url:?}"));
            return Self { place, chosen_by: sources.name_of("database_url") };
        }
        let variable = sources.name_of("data");
        let chosen_by =
            if sources.is_default("data") { format!("the default; {variable} sets another") } else { variable };
        let folder = std::path::absolute(&database.data).unwrap_or_else(|_| database.data.clone());
        Self { place: folder.display().to_string(), chosen_by }
    }
}

impl fmt::Display for DataPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.place, self.chosen_by)
    }
}

/// The URL of a server that listens on this address. One that listens on all addresses is reached on this machine's own.
pub fn base_url(address: SocketAddr) -> String {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    format!("http://{}", SocketAddr::new(ip, address.port()))
}

/// A word as a POSIX shell reads it; in single quotes if it has characters that mean something there.
pub fn quoted(word: &str) -> String {
    let is_plain = |character: char| character.is_alphanumeric() || "/.,:=_-+@%".contains(character);
    if !word.is_empty() && word.chars().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(variables: &[(&str, &str)], file: Option<&Path>) -> Context {
        let variables: Vec<(OsString, OsString)> =
            variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))).collect();
        let config = Config::read(file.map(Path::to_owned), variables.iter().cloned()).unwrap();
        Context::new(config, "target/debug/cairn", &variables, file)
    }

    #[test]
    fn the_place_of_the_data_is_named_with_the_setting_that_chose_it() {
        let here = std::env::current_dir().unwrap().join("data").display().to_string();
        let default = context(&[], None);
        assert_eq!(default.data.to_string(), format!("{here} (the default; CAIRN_DATA sets another)"));
        assert_eq!(default.program, "target/debug/cairn");

        let variable = context(&[("CAIRN_DATA", "/srv/my data")], None);
        assert_eq!(variable.data.to_string(), "/srv/my data (CAIRN_DATA)");
        assert_eq!(variable.program, "CAIRN_DATA='/srv/my data' target/debug/cairn");

        let path = std::env::temp_dir().join(format!("cairn-place-{}.toml", std::process::id()));
        std::fs::write(&path, "data = \"/srv/cairn\"\n").unwrap();
        let file = context(&[], Some(&path));
        std::fs::remove_file(&path).unwrap();
        assert_eq!(file.data.to_string(), format!("/srv/cairn (data in {})", path.display()));
        assert_eq!(file.program, format!("target/debug/cairn --config {}", path.display()));
    }

    #[test]
    fn the_place_of_a_database_has_no_secret_in_it() {
        for (url, place) in [
            ("postgresql://cairn:hunter2@db:5433/cairn?sslmode=require", "PostgreSQL at db:5433/cairn (DATABASE_URL)"),
            ("postgres://cairn:hunter2/x@db/cairn", "PostgreSQL (DATABASE_URL)"),
        ] {
            assert_eq!(context(&[("DATABASE_URL", url)], None).data.to_string(), place);
        }
    }

    #[test]
    fn the_url_of_a_server_can_be_reached() {
        for (address, url) in [
            ("127.0.0.1:8000", "http://127.0.0.1:8000"),
            ("0.0.0.0:80", "http://127.0.0.1:80"),
            ("[::]:8000", "http://[::1]:8000"),
            ("192.0.2.7:8000", "http://192.0.2.7:8000"),
        ] {
            assert_eq!(base_url(address.parse().unwrap()), url);
        }
    }

    #[test]
    fn a_quoted_word_is_one_word_for_a_shell() {
        for word in ["plain/word", "two words", "it's", "$HOME", "", "http://[::1]:8000/docs?x=1&y=2"] {
            let output =
                std::process::Command::new("sh").args(["-c", &format!("printf %s {}", quoted(word))]).output().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), word);
        }
    }
}

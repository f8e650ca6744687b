//! The URL of a PostgreSQL database: parsed once, and never part of a message, because it may hold a password.

use std::fmt;

use percent_encoding::percent_decode_str;
use sea_orm::sqlx::postgres::PgConnectOptions;
use tracing::subscriber::{NoSubscriber, with_default};
use url::Url;

use crate::platform::secret::Secret;

/// Parameters that are read. Others are for other clients; they are named in a warning.
const PARAMETERS: [&str; 18] = [
    "sslmode",
    "ssl-mode",
    "sslrootcert",
    "ssl-root-cert",
    "ssl-ca",
    "sslcert",
    "ssl-cert",
    "sslkey",
    "ssl-key",
    "statement-cache-capacity",
    "host",
    "hostaddr",
    "port",
    "dbname",
    "user",
    "password",
    "application_name",
    "options",
];

/// Parameters of a URL, and the variables by which PostgreSQL's own programs know them.
const VARIABLES: [(&str, &str); 10] = [
    ("sslmode", "PGSSLMODE"),
    ("ssl-mode", "PGSSLMODE"),
    ("sslrootcert", "PGSSLROOTCERT"),
    ("ssl-root-cert", "PGSSLROOTCERT"),
    ("ssl-ca", "PGSSLROOTCERT"),
    ("sslcert", "PGSSLCERT"),
    ("ssl-cert", "PGSSLCERT"),
    ("sslkey", "PGSSLKEY"),
    ("ssl-key", "PGSSLKEY"),
    ("password", "PGPASSWORD"),
];

/// A valid URL of a PostgreSQL database.
#[derive(Clone)]
pub struct PostgresUrl {
    options: Box<PgConnectOptions>,
    /// What sqlx does not give back: the password, and parameters for other programs of PostgreSQL, by the names of their variables.
    others: Vec<(&'static str, Secret)>,
    ignored: Vec<String>,
}

impl PostgresUrl {
    /// Parses `postgresql://user:password@host:port/database?parameters`. `None` if it is no such URL; why is not said, because
    /// the reason could quote a part of it.
    #[must_use]
    pub fn parse(url: &str) -> Option<Self> {
        let (scheme, _) = url.split_once("://")?;
        if !["postgres", "postgresql"].contains(&scheme) {
            return None;
        }
        // sqlx logs the values of parameters that it does not know.
        let options = with_default(NoSubscriber::default(), || url.parse()).ok().map(Box::new)?;
        let parameters = url.split_once('?').map_or("", |(_, query)| query).split('&');
        let names = parameters.filter_map(|parameter| parameter.split_once('=').map(|(name, _)| name));
        let is_ignored = |name: &&str| !PARAMETERS.contains(name) && !name.starts_with("options");
        let ignored = names.filter(is_ignored).map(str::to_owned).collect();
        Some(Self { options, others: others(url), ignored })
    }

    /// Where it is: host, port and database, without what may be secret.
    #[must_use]
    pub fn place(&self) -> String {
        let database = self.database();
        match self.options.get_socket() {
            Some(socket) => format!("{} ({database})", socket.display()),
            None => format!("{}:{}/{database}", self.options.get_host(), self.options.get_port()),
        }
    }

    /// The names of its parameters that are ignored.
    #[must_use]
    pub fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// The name of the database.
    pub(super) fn database(&self) -> &str {
        self.options.get_database().unwrap_or_else(|| self.options.get_username())
    }

    /// The variables by which PostgreSQL's own programs connect to it.
    pub(super) fn variables(&self) -> Vec<(&'static str, String)> {
        let host = match self.options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => self.options.get_host().to_owned(),
        };
        let mut all = vec![
            ("PGHOST", host),
            ("PGPORT", self.options.get_port().to_string()),
            ("PGUSER", self.options.get_username().to_owned()),
            ("PGDATABASE", self.database().to_owned()),
            ("PGAPPNAME", "cairn".to_owned()),
        ];
        all.extend(self.others.iter().map(|(name, value)| (*name, value.expose().to_owned())));
        all
    }

    pub(super) fn options(&self) -> PgConnectOptions {
        (*self.options).clone()
    }
}

/// The variables of what a URL says beside host, port, user and database.
fn others(url: &str) -> Vec<(&'static str, Secret)> {
    let Ok(url) = Url::parse(url) else { return Vec::new() };
    let password = url.password().map(|text| percent_decode_str(text).decode_utf8_lossy().into_owned());
    let mut all: Vec<_> = password.map(|password| ("PGPASSWORD", Secret::new(password))).into_iter().collect();
    for (name, value) in url.query_pairs() {
        if let Some((_, variable)) = VARIABLES.iter().find(|(parameter, _)| *parameter == name) {
            all.push((*variable, Secret::new(value)));
        }
    }
    all
}

impl fmt::Debug for PostgresUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PostgreSQL at {}", self.place())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_place_has_no_secret_in_it() {
        for (url, place) in [
            ("postgresql://cairn:hunter2@db:5433/cairn?sslmode=require", "db:5433/cairn"),
            ("postgres://cairn:hunter2%2F%40@db/cairn", "db:5432/cairn"),
            ("postgres://cairn:hunter2@db", "db:5432/cairn"),
            ("postgres://db/cairn?password=hunter2", "db:5432/cairn"),
            ("postgres://cairn@%2Frun%2Fpostgresql/world", "/run/postgresql (world)"),
        ] {
            let parsed = PostgresUrl::parse(url).unwrap();
            assert_eq!(parsed.place(), place);
            assert!(!format!("{parsed:?}").contains("hunter2"));
        }
    }

    #[test]
    fn parameters_of_other_clients_are_ignored_by_name() {
        let url = "postgresql://db/cairn?sslmode=require&channel_binding=require&sslpassword=hunter2&options[jit]=off";
        assert_eq!(PostgresUrl::parse(url).unwrap().ignored(), ["channel_binding", "sslpassword"]);
    }

    #[test]
    fn what_is_no_url_of_a_database_is_refused() {
        for url in [
            "",
            "postgres:",
            "postgres://cairn:S3cret/pw@127.0.0.1:1/x",
            "postgres://cairn:S3cret@127.0.0.1:abc/x",
            "postgres://cairn:S3cret#@db/x",
            "postgres://cairn:S3cret@db:99999/x",
            "mysql://cairn:S3cret@db/x",
            "host=db password=S3cret",
            "postgres://db/x?sslmode=S3cret",
        ] {
            assert!(PostgresUrl::parse(url).is_none(), "{url}");
        }
    }
}

//! Environment variables: which setting each of them gives.
//!
//! An empty variable counts as unset. Variables of other programs are passed over, whatever is in them, and so are those that
//! Kubernetes sets for a Service whose name begins with `cairn`.

use std::{collections::BTreeMap, ffi::OsString, fs, net::IpAddr, path::PathBuf};

use figment::{
    Figment,
    providers::{Format, Toml},
    value::{Dict, Value},
};

use super::error::ConfigError;
use crate::platform::nearest::nearest;

/// Environment variables that do not begin with `CAIRN_`, and their settings.
const WELL_KNOWN: [(&str, &str); 5] = [
    ("BLOBS_URL", "blobs_url"),
    ("DATABASE_URL", "database_url"),
    ("REDIS_URL", "redis_url"),
    ("CACHE_DURATION", "cache_duration"),
    ("RUST_LOG", "log_filter"),
];

/// Begins the names of all other variables.
const PREFIX: &str = "CAIRN_";

/// Begins the names of variables that the tests use.
const TESTS: &str = "CAIRN_TEST_";

/// The variable that names a configuration file.
pub(super) const FILE: &str = "CAIRN_CONFIG";

/// The settings that are secret. Each can be in a file that the variable with this ending names, and none is ever shown.
pub(super) const SECRETS: [&str; 8] = [
    "blobs_url",
    "bot_check_secret",
    "database_url",
    "rawg_key",
    "redis_url",
    "mail_url",
    "oidc_providers",
    "secret_key",
];

/// The settings that are lists of tables.
pub(super) const TABLES: [&str; 1] = ["oidc_providers"];

/// Ends the name of a variable that names a file with a secret.
const SECRET_FILE: &str = "_FILE";

/// What the environment says.
#[derive(Debug, Default)]
pub(super) struct Environment {
    /// The configuration file that it names.
    pub file: Option<PathBuf>,
    /// The settings that it gives.
    pub settings: BTreeMap<String, Given>,
}

/// A setting that a variable gives.
#[derive(Debug)]
pub(super) struct Given {
    /// The variable.
    pub variable: String,
    /// The value, in the type of the default.
    pub value: Value,
}

/// The variable of a setting.
pub(super) fn variable_of(key: &str) -> String {
    let well_known = WELL_KNOWN.iter().find(|(_, setting)| *setting == key);
    well_known.map_or_else(|| format!("{PREFIX}{}", key.to_ascii_uppercase()), |(variable, _)| (*variable).to_owned())
}

/// Reads the variables. `known` has the default of every setting.
///
/// # Errors
/// A variable names no setting, or its value can't be read.
pub(super) fn read(
    variables: impl Iterator<Item = (OsString, OsString)>,
    known: &Dict,
) -> Result<Environment, ConfigError> {
    let mut environment = Environment::default();
    for (name, raw) in variables {
        let Some(variable) = utf8_name(name)? else { continue };
        if variable == FILE {
            environment.file = Some(PathBuf::from(raw)).filter(|file| !file.as_os_str().is_empty());
            continue;
        }
        let Some((key, in_file)) = key_of(&variable, &raw, known)? else { continue };
        let text = raw.into_string().map_err(|_| ConfigError::setting(&variable, "is not UTF-8"))?;
        let text = text.trim();
        if text.is_empty() {
            continue;
        }
        let in_file = if in_file { Some(secret_in(&variable, text)?) } else { None };
        let text = in_file.as_deref().unwrap_or(text);
        let value = if TABLES.contains(&key.as_str()) {
            tables(&variable, text)?
        } else {
            typed(&variable, known.get(&key), text)?
        };
        if let Some(twice) = environment.settings.insert(key, Given { variable: variable.clone(), value }) {
            let problem = format!("and {} are both set; one of them must go", twice.variable);
            return Err(ConfigError::setting(&variable, problem));
        }
    }
    Ok(environment)
}

/// A name that is not UTF-8 is another program's, unless it begins as ours do.
fn utf8_name(name: OsString) -> Result<Option<String>, ConfigError> {
    match name.into_string() {
        Ok(name) => Ok(Some(name)),
        Err(name) if name.to_string_lossy().starts_with(PREFIX) => {
            Err(ConfigError::UnknownVariable { variable: name.to_string_lossy().into_owned(), meant: None })
        }
        Err(_) => Ok(None),
    }
}

/// The setting that a variable gives, and whether in a file that it names. `None` for a variable that is not ours.
fn key_of(variable: &str, raw: &OsString, known: &Dict) -> Result<Option<(String, bool)>, ConfigError> {
    let setting_of = |variable: &str| {
        let well_known = WELL_KNOWN.iter().find(|(name, _)| *name == variable).map(|(_, key)| (*key).to_owned());
        let ours = || variable.strip_prefix(PREFIX).map(str::to_ascii_lowercase).filter(|key| known.contains_key(key));
        well_known.or_else(ours)
    };
    if let Some(key) = setting_of(variable) {
        return Ok(Some((key, false)));
    }
    let secret = variable.strip_suffix(SECRET_FILE).and_then(setting_of);
    if let Some(key) = secret.filter(|key| SECRETS.contains(&key.as_str())) {
        return Ok(Some((key, true)));
    }
    let is_foreign = !variable.starts_with(PREFIX)
        || variable.starts_with(TESTS)
        || raw.to_str().is_some_and(|value| is_service_link(variable, value));
    if is_foreign {
        return Ok(None);
    }
    let variables: Vec<String> = known.keys().map(|key| variable_of(key)).collect();
    let meant = nearest(variable, variables.iter().map(String::as_str)).map(str::to_owned);
    Err(ConfigError::UnknownVariable { variable: variable.to_owned(), meant })
}

/// Whether it is one of the variables that Kubernetes sets in each container for each Service: their names begin with the
/// Service's, in capitals. They are recognised by their values too, so that a guessed name of a setting, such as `CAIRN_PORT`
/// with a number, is not taken for one.
fn is_service_link(variable: &str, value: &str) -> bool {
    let is_number = || value.parse::<u16>().is_ok();
    let is_address = || value.parse::<IpAddr>().is_ok();
    let is_url = || ["tcp://", "udp://", "sctp://"].iter().any(|scheme| value.starts_with(scheme));
    if variable.ends_with("_SERVICE_HOST") {
        return is_address();
    }
    if variable.ends_with("_SERVICE_PORT") || variable.contains("_SERVICE_PORT_") {
        return is_number();
    }
    if variable.ends_with("_PORT") && is_url() {
        return true;
    }
    // CAIRN_PORT_8000_TCP, and the parts of its URL.
    let Some((_, rest)) = variable.split_once("_PORT_") else { return false };
    let mut parts = rest.split('_');
    let of_port = parts.next().is_some_and(|port| port.parse::<u16>().is_ok())
        && parts.next().is_some_and(|protocol| ["TCP", "UDP", "SCTP"].contains(&protocol));
    let last = parts.next();
    of_port
        && parts.next().is_none()
        && match last {
            None => is_url(),
            Some("PROTO") => ["tcp", "udp", "sctp"].contains(&value),
            Some("PORT") => is_number(),
            Some("ADDR") => is_address(),
            Some(_) => false,
        }
}

/// The secret in a file.
fn secret_in(variable: &str, path: &str) -> Result<String, ConfigError> {
    let text = fs::read_to_string(path)
        .map_err(|error| ConfigError::setting(variable, format!("names {path}, which can't be read: {error}")))?;
    let secret = text.trim();
    if secret.is_empty() {
        return Err(ConfigError::setting(variable, format!("names {path}, which is empty")));
    }
    Ok(secret.to_owned())
}

/// A list of tables, as it is written in a file: `[{ id = "a" }]`. What is wrong with it is not shown: it may hold a secret.
fn tables(variable: &str, text: &str) -> Result<Value, ConfigError> {
    let list = Figment::from(Toml::string(&format!("list = {text}"))).extract_inner::<Vec<Dict>>("list");
    let problem = "must be a list of tables, such as [{ id = \"a\" }]";
    list.map(Value::from).map_err(|_| ConfigError::setting(variable, problem))
}

/// The value of a variable, in the type of the setting's default: a number, a switch, a list, or text. A list is separated by
/// commas, or written as in a file: `["a", "b"]`, `[]`.
fn typed(variable: &str, default: Option<&Value>, text: &str) -> Result<Value, ConfigError> {
    let problem = |must: &str| ConfigError::setting(variable, format!("is {text:?}, and must be {must}"));
    match default {
        Some(Value::Num(_, number)) if number.to_f64().is_some() => {
            text.parse::<f64>().map(Value::from).map_err(|_| problem("a number"))
        }
        Some(Value::Num(..)) => text.parse::<i64>().map(Value::from).map_err(|_| problem("a whole number")),
        Some(Value::Bool(..)) => text.parse::<bool>().map(Value::from).map_err(|_| problem("true or false")),
        Some(Value::Array(..)) if text.starts_with('[') => {
            let list = Figment::from(Toml::string(&format!("list = {text}"))).extract_inner::<Vec<String>>("list");
            list.map(Value::from).map_err(|_| problem("a list: a,b or [\"a\", \"b\"]"))
        }
        Some(Value::Array(..)) => {
            let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
            Ok(items.map(Value::from).collect::<Vec<_>>().into())
        }
        _ => Ok(Value::from(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_variables_of_a_kubernetes_service_are_recognised() {
        for (variable, value) in [
            ("CAIRN_SERVICE_HOST", "10.96.0.17"),
            ("CAIRN_SERVICE_HOST", "fd00::17"),
            ("CAIRN_SERVICE_PORT", "8000"),
            ("CAIRN_SERVICE_PORT_HTTP", "8000"),
            ("CAIRN_PORT", "tcp://10.96.0.17:8000"),
            ("CAIRN_PORT_8000_TCP", "tcp://10.96.0.17:8000"),
            ("CAIRN_PORT_8000_TCP_PROTO", "tcp"),
            ("CAIRN_PORT_8000_TCP_PORT", "8000"),
            ("CAIRN_PORT_8000_TCP_ADDR", "10.96.0.17"),
            ("CAIRN_METRICS_SERVICE_HOST", "10.96.0.18"),
            ("CAIRN_METRICS_PORT_9100_UDP", "udp://10.96.0.18:9100"),
        ] {
            assert!(is_service_link(variable, value), "{variable}");
        }
        for (variable, value) in [
            ("CAIRN_PORT", "8000"),
            ("CAIRN_METRICS_PORT", "9100"),
            ("CAIRN_SERVICE_HOST", "yes"),
            ("CAIRN_PORT_8000_TCP_NAME", "http"),
            ("CAIRN_PORT_X_TCP", "tcp://10.96.0.17:8000"),
            ("CAIRN_LISTN", "127.0.0.1:8000"),
        ] {
            assert!(!is_service_link(variable, value), "{variable}");
        }
    }
}

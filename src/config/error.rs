//! Why the configuration can't be used: messages that name the variable or the setting, and show no secret.

use std::{borrow::Cow, collections::BTreeMap, path::Path};

use figment::error::{Actual, Kind};

use super::environment::{SECRETS, TABLES, variable_of};
use crate::platform::config::OutOfRange;

/// The configuration can't be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A setting has no usable value.
    #[error("configuration: {name} {problem}")]
    Setting {
        /// The variable that gives it, or the setting and its file.
        name: String,
        /// What is wrong with it: `is …, and must be …`.
        problem: String,
    },
    /// A file can't be read.
    #[error("configuration: {file}: {problem}")]
    File {
        /// The file.
        file: String,
        /// What is wrong with it.
        problem: String,
    },
    /// An environment variable begins with `CAIRN_` and names no setting.
    #[error("configuration: the environment's {variable} names no setting{}", question(.meant.as_deref()))]
    UnknownVariable {
        /// The variable.
        variable: String,
        /// The variable that was probably meant.
        meant: Option<String>,
    },
    /// A name in a file is no setting.
    #[error("configuration: {name} in {file} is no setting{}", question(.meant.as_deref()))]
    UnknownName {
        /// The name.
        name: String,
        /// The file.
        file: String,
        /// The setting that was probably meant.
        meant: Option<String>,
    },
}

fn question(name: Option<&str>) -> String {
    name.map_or_else(String::new, |name| format!("; did you mean {name}?"))
}

impl ConfigError {
    pub(super) fn setting(name: &str, problem: impl Into<String>) -> Self {
        Self::Setting { name: name.to_owned(), problem: problem.into() }
    }

    /// A file that is not TOML. The lines of it that the library quotes are left out: they may hold a secret.
    pub(super) fn not_toml(file: &Path, error: &figment::Error) -> Self {
        let text = error.kind.to_string();
        let is_quoted = |line: &str| {
            line.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == ' ').starts_with('|')
        };
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty() && !is_quoted(line)).collect();
        Self::File { file: file.display().to_string(), problem: lines.join(": ") }
    }
}

/// Where each setting comes from.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// The variable or the file that gives a setting. One that is missing here has its default.
    given_by: BTreeMap<String, Source>,
}

#[derive(Clone, Debug)]
enum Source {
    Variable(String),
    File(String),
}

impl Sources {
    pub(super) fn add_file(&mut self, key: &str, file: &Path) {
        self.given_by.insert(key.to_owned(), Source::File(file.display().to_string()));
    }

    pub(super) fn add_variable(&mut self, key: &str, variable: &str) {
        self.given_by.insert(key.to_owned(), Source::Variable(variable.to_owned()));
    }

    /// Whether nobody gives it.
    #[must_use]
    pub fn is_default(&self, key: &str) -> bool {
        !self.given_by.contains_key(key)
    }

    /// What an operator has to change to change a setting: `CAIRN_LISTEN`, `listen in cairn.toml`.
    #[must_use]
    pub fn name_of(&self, key: &str) -> String {
        match self.given_by.get(key) {
            Some(Source::Variable(variable)) => variable.clone(),
            Some(Source::File(file)) => format!("{key} in {file}"),
            None => variable_of(key),
        }
    }

    pub(super) fn out_of_range(&self, error: &OutOfRange) -> ConfigError {
        let OutOfRange { key, value, bound } = error;
        ConfigError::setting(&self.name_of(key), format!("is {}, and must be {bound}", without_credentials(value)))
    }

    /// A value of the wrong type, in our words.
    pub(super) fn wrong_type(&self, error: &figment::Error) -> ConfigError {
        let key = error.path.first().map_or("", String::as_str);
        let is_secret = SECRETS.contains(&key);
        let problem = match &error.kind {
            _ if TABLES.contains(&key) => {
                "must be a list of tables with the members that the documentation names".to_owned()
            }
            _ if is_secret => "must be text".to_owned(),
            Kind::InvalidType(actual, must) | Kind::InvalidValue(actual, must) => {
                format!("is {}, and must be {}", shown(actual), type_name(must))
            }
            Kind::UnknownVariant(found, known) => format!("is {found:?}, and must be one of {}", known.join(", ")),
            other => without_credentials(&other.to_string()).into_owned(),
        };
        ConfigError::setting(&self.name_of(key), problem)
    }
}

fn shown(actual: &Actual) -> String {
    match actual {
        Actual::Str(text) => without_credentials(&format!("{text:?}")).into_owned(),
        Actual::Bool(value) => value.to_string(),
        Actual::Unsigned(value) => value.to_string(),
        Actual::Signed(value) => value.to_string(),
        Actual::Float(value) => value.to_string(),
        Actual::Seq => "a list".to_owned(),
        Actual::Map => "a table".to_owned(),
        other => other.to_string(),
    }
}

/// What serde expects, in words.
fn type_name(expected: &str) -> &str {
    match expected {
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number that is not negative",
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number",
        "f32" | "f64" => "a number",
        "a boolean" => "true or false",
        "a string" | "path string" => "text",
        "a sequence" => "a list",
        other => other,
    }
}

/// A text without what stands before an `@` in a URL: a user and a password.
fn without_credentials(text: &str) -> Cow<'_, str> {
    let Some((before, after)) = text.split_once("://") else { return Cow::Borrowed(text) };
    match after.rsplit_once('@') {
        Some((_, after)) => Cow::Owned(format!("{before}://…@{after}")),
        None => Cow::Borrowed(text),
    }
}

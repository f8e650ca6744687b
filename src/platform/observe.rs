//! Logs: to standard error, pretty for people or JSON for machines.

use std::io::IsTerminal;

use serde::Deserialize;
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

use super::config::{OutOfRange, Section};

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    #[default]
    Pretty,
    /// For machines.
    Json,
}

impl LogFormat {
    /// The format of that name; the default where there is none.
    #[must_use]
    pub fn named(name: &str) -> Self {
        if name.trim() == "json" { Self::Json } else { Self::Pretty }
    }
}

/// The settings of logs: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct LogConfig {
    log: LogFormat,
    log_filter: String,
}

impl Section for LogConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        let is_filter = EnvFilter::try_new(&self.log_filter).map(drop);
        is_filter.map_err(|error| OutOfRange {
            key: "log_filter",
            value: format!("{:?}", self.log_filter),
            bound: format!("a filter such as info or warn,cairn=debug ({error})"),
        })
    }
}

/// Installs the subscriber for the whole program.
///
/// # Errors
/// A subscriber is installed already.
pub fn install(config: &LogConfig) -> Result<(), String> {
    install_filtered(config.log, EnvFilter::new(&config.log_filter))
}

/// As [`install`], for a program whose configuration can't be used: only errors are logged.
///
/// # Errors
/// A subscriber is installed already.
pub fn install_for_errors(format: LogFormat) -> Result<(), String> {
    install_filtered(format, EnvFilter::new("error"))
}

/// Whether an error would be logged.
#[must_use]
pub fn logs_errors() -> bool {
    tracing::enabled!(tracing::Level::ERROR)
}

fn install_filtered(format: LogFormat, filter: EnvFilter) -> Result<(), String> {
    let registry = tracing_subscriber::registry().with(filter);
    // A standard error that was closed must not stop the program: the library would report it there, and panic.
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).log_internal_errors(false);
    match format {
        LogFormat::Pretty => registry.with(layer.with_ansi(std::io::stderr().is_terminal())).try_init(),
        LogFormat::Json => registry.with(layer.json().flatten_event(true).with_current_span(false)).try_init(),
    }
    .map_err(|error| error.to_string())
}

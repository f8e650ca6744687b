//! Logs: to standard error, pretty for people or JSON for machines.

use std::io::IsTerminal;

use serde::Deserialize;
use tracing_subscriber::{EnvFilter, layer::SubscriberExt, util::SubscriberInitExt};

use super::config::{OutOfRange, Section};

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LogFormat {
    /// For people.
    Pretty,
    /// For machines.
    Json,
}

/// The settings of logs: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct LogConfig {
    log: LogFormat,
    log_filter: String,
}

impl Section for LogConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        Ok(())
    }
}

/// Installs the subscriber for the whole program.
///
/// # Errors
/// The filter is invalid (the message quotes it), or a subscriber is installed already.
pub fn install(config: &LogConfig) -> Result<(), String> {
    let filter = EnvFilter::try_new(&config.log_filter).map_err(|error| format!("RUST_LOG: {error}"))?;
    let registry = tracing_subscriber::registry().with(filter);
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    match config.log {
        LogFormat::Pretty => registry.with(layer.with_ansi(std::io::stderr().is_terminal())).try_init(),
        LogFormat::Json => registry.with(layer.json().flatten_event(true).with_current_span(false)).try_init(),
    }
    .map_err(|error| error.to_string())
}

//! The settings of accounts.

use std::time::Duration;

use serde::Deserialize;

use super::{HashCost, Limits, Settings};
use crate::platform::config::{OutOfRange, Section, within};

/// The settings of accounts: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct AccountsConfig {
    session_idle_hours: u64,
    session_hours: u64,
    code_mins: u64,
    password_memory_kib: u32,
    password_passes: u32,
    password_hashes: usize,
    password_wait_ms: u64,
    account_attempts: u32,
    network_attempts: u32,
    attempts_wait_secs: u64,
    attempts_forget_secs: u64,
}

impl AccountsConfig {
    /// The settings of accounts, on a server that users reach at `public_url`, and where a repeated request is answered as the
    /// first was for that time.
    #[must_use]
    pub fn settings(&self, public_url: &str, requests_kept: Duration) -> Settings {
        Settings {
            hash_cost: HashCost {
                memory_kib: self.password_memory_kib,
                passes: self.password_passes,
                concurrency: self.password_hashes,
                max_wait: Duration::from_millis(self.password_wait_ms),
            },
            limits: Limits {
                free_per_account: self.account_attempts,
                free_per_network: self.network_attempts,
                max_wait: Duration::from_secs(self.attempts_wait_secs),
                // The code in the email is valid for as long again.
                max_email_wait: Duration::from_secs(self.attempts_wait_secs)
                    .min(Duration::from_mins(self.code_mins) / 2),
                reset_after: Duration::from_secs(self.attempts_forget_secs),
            },
            session_idle: Duration::from_hours(self.session_idle_hours),
            session_lifetime: Duration::from_hours(self.session_hours),
            code_lifetime: Duration::from_mins(self.code_mins),
            requests_kept,
            server: public_url.to_owned(),
        }
    }
}

impl Section for AccountsConfig {
    fn check(&self) -> Result<(), OutOfRange> {
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
        within("attempts_forget_secs", self.attempts_forget_secs, self.attempts_wait_secs..=604_800)
    }
}

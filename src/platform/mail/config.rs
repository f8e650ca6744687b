//! The settings of mail.

use std::time::Duration;

use lettre::message::Mailbox;
use serde::Deserialize;

use super::{Settings, Target};
use crate::platform::{
    config::{OutOfRange, Section, within},
    secret::Secret,
};

/// The settings of mail: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
pub struct MailConfig {
    /// Empty: emails are written into a folder.
    pub mail_url: Secret,
    mail_sender: String,
    mail_letters: u64,
    mail_patience_secs: u64,
    mail_folder_hours: u64,
}

impl MailConfig {
    /// The mailer's settings, for that target.
    #[must_use]
    pub fn settings(&self, target: Target) -> Settings {
        let retry_for = Duration::from_secs(self.mail_patience_secs);
        let keep_for = Duration::from_hours(self.mail_folder_hours);
        Settings { target, sender: self.mail_sender.clone(), max_pending: self.mail_letters, retry_for, keep_for }
    }
}

impl Section for MailConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        if self.mail_sender.parse::<Mailbox>().is_err() {
            let bound = "an address, or a name and <address>".to_owned();
            return Err(OutOfRange { key: "mail_sender", value: format!("{:?}", self.mail_sender), bound });
        }
        within("mail_letters", self.mail_letters, 1..=100_000)?;
        within("mail_patience_secs", self.mail_patience_secs, 1..=86_400)?;
        within("mail_folder_hours", self.mail_folder_hours, 1..=8760)
    }
}

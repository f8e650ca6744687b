//! The settings of proofs.

use serde::Deserialize;

use super::{
    model::{Kind, MAX_BITS},
    widget::WidgetSettings,
};
use crate::platform::{
    config::{OutOfRange, Section, within},
    named::Named,
    outbound::check_url,
    secret::Secret,
};

/// The settings of proofs: see `config/default.toml`.
#[derive(Clone, Debug, Deserialize)]
#[expect(clippy::struct_field_names, reason = "the names of settings")]
pub struct BotCheckConfig {
    bot_check: String,
    bot_check_free: u32,
    bot_check_bits: u32,
    bot_check_site_key: String,
    bot_check_secret: Secret,
    bot_check_url: String,
}

/// How proofs are asked for.
#[derive(Clone, Debug)]
pub struct BotCheckSettings {
    /// What kind; none where nobody is asked.
    pub kind: Option<Kind>,
    /// Requests of a network within an hour before it is asked.
    pub free: u32,
    /// Zero bits of work, at first.
    pub bits: u32,
    /// The service that judges people, where it is one.
    pub widget: WidgetSettings,
}

impl BotCheckConfig {
    fn kind(&self) -> Option<Kind> {
        Kind::of_public_name(&self.bot_check)
    }

    /// The settings, for a server that users reach at that URL.
    #[must_use]
    pub fn settings(&self, public_url: &str) -> BotCheckSettings {
        let kind = self.kind();
        let url = if self.bot_check_url.is_empty() { kind.map_or("", Kind::url) } else { &self.bot_check_url };
        let widget = WidgetSettings {
            site_key: self.bot_check_site_key.clone(),
            secret: self.bot_check_secret.clone(),
            url: url.to_owned(),
            host: url::Url::parse(public_url).ok().and_then(|url| url.host_str().map(str::to_owned)),
        };
        BotCheckSettings { kind, free: self.bot_check_free, bits: self.bot_check_bits, widget }
    }
}

impl Section for BotCheckConfig {
    fn check(&self) -> Result<(), OutOfRange> {
        within("bot_check_free", self.bot_check_free, 0..=1_000_000)?;
        within("bot_check_bits", self.bot_check_bits, 1..=MAX_BITS)?;
        if !self.bot_check_url.is_empty() {
            check_url("bot_check_url", &self.bot_check_url)?;
        }
        let kind = self.kind();
        if kind.is_none() && self.bot_check != "off" {
            let names: Vec<&str> = Kind::MEMBERS.iter().map(|kind| kind.public_name()).collect();
            let (value, bound) = (format!("{:?}", self.bot_check), format!("one of off, {}", names.join(", ")));
            return Err(OutOfRange { key: "bot_check", value, bound });
        }
        let is_widget = kind.is_some_and(|kind| kind != Kind::Work);
        for (key, is_empty) in [
            ("bot_check_site_key", self.bot_check_site_key.is_empty()),
            ("bot_check_secret", self.bot_check_secret.is_empty()),
        ] {
            if is_widget && is_empty {
                let (value, bound) = ("\"\"".to_owned(), format!("set where bot_check is {:?}", self.bot_check));
                return Err(OutOfRange { key, value, bound });
            }
        }
        Ok(())
    }
}

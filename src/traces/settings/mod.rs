//! What a game decides about its traces, separately for each environment: quotas, decks, expiry, who may read.
//!
//! - The rules of all games are in memory ([`GameRules`]): reading a world's rules does not wait. A change is known on
//!   every instance within a second; the keyring of `identity::studios` watches for it ([`GameSettingsPort`]).
//! - A change is one transaction with its entry in the studio's audit log.
//! - Whatever a game decides, a scope keeps no more traces than the server's limits allow ([`ScopeLimits`]).
//! - Rules are changed by a developer's session or by a secret key with the permission `admin`, and by the command line.
//!
//! [`GameSettingsPort`]: crate::identity::studios::GameSettingsPort

mod api;
mod game_rules;
mod model;
mod request;
mod response;
mod service;
mod store;

pub use self::{
    api::SettingsApi,
    game_rules::GameRules,
    model::{KindRules, OnQuota, Rules, RulesPatch, ScopeLimits, SettingsError, TextRule},
    response::ServerLimits,
    service::GameSettings,
    store::game_tables,
};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::request::BODY_READERS;
}

//! Players: the identity of somebody inside one game.
//!
//! A player's id is minted here and proves nothing; the token that comes with it does. The token is signed, so that no
//! request has to look it up, and short-lived. The refresh token that comes with it is stored as a digest.
//!
//! - A device that sends a `device_id` is the same player each time; one that does not is a new player each time.
//! - Each refresh token can be used once. If one is used again, it or its successor was stolen: all tokens of its family
//!   are revoked, and the device has to sign in again.
//! - A legacy name (the `u_uuid` of v0 clients) is a claim, until the studio binds it to a player with its secret key. It
//!   belongs to one player at most ([`Players::find_by_legacy_name`]).
//! - A player may have a display name, which the player sets and everybody who reads the world sees. A moderator removes it and
//!   locks it ([`Players::clear_display_name`]); deleting the account that the player is linked to removes it too.
//! - A player may be linked to one account, by a short code that the game shows.
//! - The number of new players is limited for each network, and counted (`cairn_players_minted_total`).

mod api;
mod config;
mod metrics;
mod model;
mod ports;
mod request;
mod response;
mod service;
mod store;

pub use self::{
    api::{LinksApi, PlayersApi},
    config::PlayersConfig,
    metrics::PlayerMetrics,
    model::{DisplayName, PlayerError, deck_of},
    ports::NameGate,
    service::{Players, Settings},
    store::{BoundName, FoundPlayer, personal_tables, select_bound_names, select_player, tenant_tables},
};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::{
        model::{DisplayName, LinkCode, verify_token},
        request::{BODY_READERS, parse_player_id},
    };
}

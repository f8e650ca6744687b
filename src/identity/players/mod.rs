//! Players: who somebody is inside one game.
//!
//! A player's id is minted here and proves nothing; the token that comes with it does. It is signed, so that no request
//! has to look it up, and short-lived; the refresh token that comes beside it is kept as a digest and good once.
//!
//! - A device that names itself (`device_id`) is the same player again; one that does not is a new player each time.
//! - Each refresh token is good once. Shown again, it or its successor has been stolen: the whole family ends, and the
//!   device signs in anew.
//! - A name under which a seed's client writes (`u_uuid`) is a claim; the studio, by its secret key, binds it to a player
//!   ([`Players::named`] tells whose one is). It is one player's at most.
//! - A player may belong to an account: linked by a short code that the game shows (`links`).
//! - Minting is limited for each network, and counted (`cairn_players_minted_total`).

mod api;
mod config;
mod links;
mod model;
mod service;
mod store;

pub use self::{
    api::{LinksApi, PlayersApi},
    config::PlayersConfig,
    model::{PlayerError, deck_of},
    service::{Players, Settings},
};

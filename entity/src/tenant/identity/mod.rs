//! Tables of accounts, studios and players.

pub mod legacy_name;
pub mod player;
pub mod player_token;

//! Migrations of the tables of accounts, studios and players.

pub mod m0010_player;
pub mod m0016_seed_name;
pub mod m0025_display_name;
pub mod m0038_token_request;

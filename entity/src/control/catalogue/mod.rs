//! The tables of the catalogue.

pub mod exchange_rate;
pub mod title;
pub mod title_discovery;
pub mod title_external;
pub mod title_game;
pub mod title_genre;
pub mod title_name;
pub mod title_offer;
pub mod title_platform;
pub mod title_price;
pub mod title_sequence;
pub mod title_slip;
pub mod unclear_title;

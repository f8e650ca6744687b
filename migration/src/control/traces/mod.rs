//! Migrations of the tables of traces and everything that belongs to them.

pub mod m0015_game_rules;

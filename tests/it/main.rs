//! Cairn from outside: HTTP against the built application, on both backends.
#![cfg(test)]

mod support;

mod accounts;
mod accounts_bad_input;
mod accounts_guessing;
mod accounts_sessions;
mod bad_input;
mod cache_and_database_away;
mod command_line;
mod description;
mod envelope;
mod figures;
mod import_and_export;
mod inspect;
mod instances;
mod keys;
mod lately;
mod leaving;
mod legacy_names;
mod linking;
mod meeting;
mod members;
mod moderation;
mod nginx;
mod permissions;
mod players;
mod public_reads;
mod query;
mod rates;
mod real_data;
mod recordings;
mod schema;
mod settings;
mod setup;
mod starting_and_stopping;
mod studios;
mod traces;
mod transfer;
mod voting;
mod walks;

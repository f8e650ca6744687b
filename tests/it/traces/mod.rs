//! Traces: left, found, voted for, moderated, moved.

mod abuse;
mod authoring;
mod bad_items;
mod clients;
mod decks;
mod erasure;
mod feed;
mod gate;
mod maps;
mod moderation;
mod recordings;
mod search;
mod settings;
mod storage;
mod subscribers;
mod transfer;
mod v0;
mod voting;

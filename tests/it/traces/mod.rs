//! Traces: left, found, voted for, moderated, moved.

mod authoring;
mod clients;
mod decks;
mod erasure;
mod feed;
mod moderation;
mod recordings;
mod search;
mod settings;
mod transfer;
mod v0;
mod voting;

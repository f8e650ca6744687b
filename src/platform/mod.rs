//! Mechanisms that every feature may use, without any domain knowledge: database, cache, codecs, snapshots, queues,
//! time.

pub mod backup;
pub mod blobs;
pub mod byte_budget;
pub mod cache;
pub mod clock;
pub mod codec;
pub mod config;
pub mod db;
pub mod error;
pub mod fair_queue;
pub mod files;
pub mod jobs;
pub mod jws;
pub mod kept_answers;
pub mod mail;
pub mod metrics;
pub mod named;
pub mod nearest;
pub mod network;
pub mod network_shares;
pub mod observe;
pub mod open_files;
pub mod outbound;
pub mod page;
pub mod rate_limit;
pub mod sealing;
pub mod secret;
pub mod signer;
pub mod snapshot;
pub mod tasks;
pub mod token;
pub mod totp;
pub mod writer;
pub mod zone;

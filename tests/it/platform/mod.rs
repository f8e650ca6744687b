//! Mechanisms without routes of their own.

mod blobs;
mod jobs;
mod kills;
mod outbound;
mod sealing;

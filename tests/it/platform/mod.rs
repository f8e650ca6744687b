//! Mechanisms without routes of their own.

mod jobs;
mod kills;
mod outbound;
mod sealing;

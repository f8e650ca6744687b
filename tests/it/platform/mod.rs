//! Mechanisms without routes of their own.

mod jobs;
mod sealing;

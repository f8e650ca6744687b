//! What is around every answer, and what describes the API.

mod documents;
mod envelope;
mod nginx;

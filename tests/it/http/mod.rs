//! Headers of all answers, nginx in front, and the documents of the API.

mod documents;
mod envelope;
mod nginx;
mod parameters;

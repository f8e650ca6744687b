//! Headers of all answers, nginx in front, and the documents of the API.

mod api_guide;
mod connections;
mod documents;
mod envelope;
mod framing;
mod nginx;
mod pages;
mod parameters;
mod repeated;

//! The program as a whole: start, stop, outages, metrics, schema.

mod metrics;
mod outages;
mod schema;
mod starting_and_stopping;

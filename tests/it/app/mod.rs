//! The program as a whole: start, stop, outages, metrics, schema, environment.

mod backup;
mod environment;
mod faults;
mod full_disk;
mod inputs;
mod lost_files;
mod metrics;
mod outages;
mod schema;
mod secrets;
mod starting_and_stopping;

//! Import and export of whole worlds in the native form (docs/import.md), on the command line and under `/v1/traces/import` and
//! `/v1/traces/export`. A world stores each source id once, so an interrupted import can be continued.

mod api;
mod lines;
mod model;
mod native;
mod request;
mod response;
mod service;
mod store;

pub use self::{
    api::TransferApi,
    model::Progress,
    native::Line,
    service::{Transfer, WorldExport},
};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::native::print;
}

//! Whole worlds in and out, in the native form (docs/import.md): from the command line and under `/v1/traces/import` and
//! `/v1/traces/export`. Each source id is stored once, so an import that was cut short goes on.

mod api;
mod lines;
mod model;
mod native;
mod service;
mod store;

pub use self::{
    api::TransferApi,
    model::Progress,
    service::{Line, Transfer, Walk},
};

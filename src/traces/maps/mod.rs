//! A world seen from above, for its studio: which scopes there are, and where in a scope traces lie.
//!
//! - A map is an aggregate: traces are counted in the cells of a grid, so that its answer is bounded whatever a scope holds. Only
//!   where few are left are they named one by one.
//! - At most [`MAX_TRACES`] traces of a scope are looked at, the newest of each kind.
//! - It shows what members of the studio may see: traces of groups too, and hidden ones to those who may moderate.

mod api;
mod grid;
mod model;
mod request;
mod response;
mod service;
mod store;

pub use self::{api::MapsApi, model::MAX_TRACES, service::Maps};

/// Single steps, for fuzzing.
pub mod steps {
    pub use super::request::URI_READERS;
}

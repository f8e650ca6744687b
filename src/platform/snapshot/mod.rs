//! Snapshots: response bodies made in advance, refreshed by deltas, and cached.
//!
//! [`list`] holds rows in chunks that are compressed once; [`body`] joins them into a response body; [`encoded`] is
//! their form for other instances; [`cache`] holds the recently used ones in memory and runs at most one refresh at a
//! time for each.

pub mod body;
pub mod cache;
pub mod encoded;
pub mod list;

//! Snapshots: ready-made bodies, made anew by the delta only, kept hot in bounds.
//!
//! [`list`] holds rows in chunks that are compressed once; [`body`] joins them into the bytes to serve; [`encoded`] sends
//! them to other instances; [`cache`] keeps
//! the hot ones and sees to it that one refresh at a time runs for each.

pub mod body;
pub mod cache;
pub mod encoded;
pub mod list;
pub mod metrics;

//! Who may do what: roles, permissions and keys, and the extractors that find out who asks.

pub mod config;
pub mod model;
pub mod request;
pub mod user_id;

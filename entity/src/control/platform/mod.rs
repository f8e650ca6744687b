//! Tables of the installation itself.

pub mod blob;
pub mod blob_usage;
pub mod crossing;
pub mod installation;
pub mod job;
pub mod outbound_month;

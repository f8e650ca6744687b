//! Tables of the installation itself.

pub mod crossing;
pub mod installation;
pub mod job;
pub mod outbound_month;

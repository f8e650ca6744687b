//! Migrations of the tables of the installation itself.

pub mod m0001_installation;
pub mod m0048_namespace;
pub mod m0050_job;
pub mod m0051_crossing;
pub mod m0052_secret_key_check;
pub mod m0073_outbound_month;
pub mod m0095_blob;
pub mod m0096_blob_usage;
pub mod m0120_saves_bucket;
pub mod m0136_blob_turn;

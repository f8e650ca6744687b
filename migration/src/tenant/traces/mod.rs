//! Migrations of the tables of traces and everything that belongs to them.

pub mod m0002_trace;
pub mod m0003_recording;
pub mod m0004_idempotency;
pub mod m0005_rotation;
pub mod m0006_base_good;
pub mod m0007_source_id;
pub mod m0008_legacy;
pub mod m0009_import;
pub mod m0011_upload;
pub mod m0012_recording_id;
pub mod m0013_standing;
pub mod m0015_trace_ref;
pub mod m0017_vote;
pub mod m0018_trace_use;
pub mod m0019_inbox;
pub mod m0020_report;
pub mod m0021_ban;
pub mod m0022_hidden_author;
pub mod m0023_recording_in_row;
pub mod m0024_whole_orders;
pub mod m0026_rated_seq;
pub mod m0028_claimed_ban;
pub mod m0029_network;
pub mod m0030_report_weight;
pub mod m0031_reporter;
pub mod m0039_rows_of_player;

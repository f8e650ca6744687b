//! The tables of the journal.

pub mod challenge;
pub mod challenge_guest;
pub mod challenge_host;
pub mod challenge_move;
pub mod library_count;
pub mod library_edit;
pub mod library_edit_row;
pub mod library_entry;
pub mod library_import;
pub mod library_import_row;
pub mod media;
pub mod playthrough;
pub mod price_fall;
pub mod save_change;
pub mod save_content;
pub mod save_entry;
pub mod save_keeper;
pub mod save_slot;
pub mod save_version;
pub mod save_window;
pub mod state_change;
pub mod thought;
pub mod thought_comment;
pub mod thought_reaction;
pub mod thought_version;

//! Tables of accounts, people, studios and players.

pub mod api_key;
pub mod app_password;
pub mod audit;
pub mod block;
pub mod erased_player;
pub mod follow;
pub mod former_username;
pub mod game;
pub mod invitation;
pub mod kept_answer;
pub mod key_revision;
pub mod link_code;
pub mod member;
pub mod name_word;
pub mod notice;
pub mod notice_setting;
pub mod place;
pub mod place_cell;
pub mod place_count;
pub mod player_link;
pub mod profile;
pub mod signing_key;
pub mod studio;
pub mod user;
pub mod user_code;
pub mod user_session;

//! Migrations of the tables of accounts, studios and players.

pub mod m0002_studio;
pub mod m0003_game;
pub mod m0004_api_key;
pub mod m0005_audit;
pub mod m0006_user;
pub mod m0007_user_session;
pub mod m0008_user_code;
pub mod m0009_signing_key;
pub mod m0010_founding;
pub mod m0011_member;
pub mod m0012_invitation;
pub mod m0013_administrator;
pub mod m0014_player_link;
pub mod m0039_kept_answer;
pub mod m0040_request;
pub mod m0041_erased_player;
pub mod m0055_profile;
pub mod m0056_follow;
pub mod m0057_block;
pub mod m0058_notice;
pub mod m0059_former_username;
pub mod m0060_name_word;
pub mod m0061_place;
pub mod m0062_user_administrator;
pub mod m0121_app_password;

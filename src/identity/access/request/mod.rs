//! Extractors of the caller of a request: by key, by player's token, by session. `app` hands in the verifiers that know which
//! of these are valid.

mod caller;
mod player;
mod reader;
mod reader_and_player;
mod session;
mod studio_caller;
mod viewer;

pub use self::{
    caller::{Caller, FindPublicWorld, KeyCaller, KeyVerifier, VerifyCachedKey, VerifyKey, require},
    player::{KnownPlayer, PlayerCaller, PlayerTokenVerifier, VerifyPlayerToken, player_token},
    reader::WorldReader,
    reader_and_player::ReaderAndPlayer,
    session::{Browser, Session, SessionCookie, SessionUser, SessionVerifier, VerifySession, credentials},
    studio_caller::{MembershipVerifier, StudioCaller, VerifyMembership, WorldName},
    viewer::Viewer,
};

/// Single steps, for fuzzing.
pub mod steps {
    use crate::http::params::UriReader;

    /// The sets of query parameters here.
    pub const URI_READERS: [&[UriReader]; 2] = [super::reader::URI_READERS, super::studio_caller::URI_READERS];
}

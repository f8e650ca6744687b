//! What requests about people contain.

mod place;
mod profile;
mod search;
mod user;

use crate::{
    http::{
        page::Paged,
        params::{self, UriReader},
    },
    platform::codec::fields::BodyReader,
};

pub use self::{
    place::PlaceRequest,
    profile::{FoundByFields, PreferencesFields, ProfileRequest},
    search::{FollowListParams, SearchParams},
    user::{DeleteUserRequest, UserRequest, UserStep},
};

/// The pages of the lists of follows, newest first.
#[derive(Debug)]
pub struct FollowPages;

impl Paged for FollowPages {
    type Cursor = (i64, String);
    const DEFAULT_LIMIT: usize = 50;
    const MAX_LIMIT: usize = 100;
    const EXAMPLE_CURSOR: &'static str = "1795248000000.ann";

    fn parse(cursor: &str) -> Result<(i64, String), String> {
        let parts = cursor.split_once('.').and_then(|(since, key)| Some((since.parse().ok()?, key.to_owned())));
        parts.ok_or_else(|| "must be the next of the page before".to_owned())
    }
}

/// The pages of the list of blocks, by username.
#[derive(Debug)]
pub struct BlockPages;

impl Paged for BlockPages {
    type Cursor = String;
    const DEFAULT_LIMIT: usize = 50;
    const MAX_LIMIT: usize = 100;
    const EXAMPLE_CURSOR: &'static str = "ann";

    fn parse(cursor: &str) -> Result<String, String> {
        Ok(cursor.to_owned())
    }
}

/// The readers of bodies here.
pub const BODY_READERS: &[BodyReader] = &[
    ("UserRequest", |body| UserRequest::read(body).is_ok()),
    ("DeleteUserRequest", |body| DeleteUserRequest::read(body).is_ok()),
    ("ProfileRequest", |body| ProfileRequest::read(body).is_ok()),
    ("PlaceRequest", |body| PlaceRequest::read(body).is_ok()),
];

/// The sets of query parameters here.
pub const URI_READERS: &[UriReader] = &[
    ("SearchParams", |uri| params::read::<SearchParams>(uri).is_ok()),
    ("FollowListParams", |uri| params::read::<FollowListParams>(uri).is_ok()),
];

//! Request bodies and parameters: their documentation, and how they are read.

mod details;

use poem_openapi::{Object, types::Example};

pub use self::details::{ChallengeChangeRequest, ChallengeRequest};
use super::model::{Asked, ChallengeError, ChallengeId, List, ListRequest, MAX_DEVICES, MAX_NAMED, table::Action};
use crate::{
    catalogue::titles::{Platform, TitleId},
    http::{
        declaration::{Param, Values},
        page::{PageRequest, Paged},
        params::{self, QueryParams, QueryReader, UriReader},
        schema::OneOf,
    },
    identity::people::Band,
    platform::{
        codec::fields::{BodyReader, Fields},
        named::Named,
    },
};

/// Reads the fields of a body. `read` returns `None` where a field is wrong.
fn read<T>(body: &[u8], read: impl FnOnce(&mut Fields) -> Option<T>) -> Result<T, ChallengeError> {
    let mut fields = Fields::read(body)?;
    let value = read(&mut fields);
    fields.refuse_others();
    fields.done(value).map_err(ChallengeError::Invalid)
}

/// The number in an id; what is none names nothing.
fn number(id: &str) -> Option<i64> {
    id.parse().ok().filter(|id: &i64| *id > 0)
}

/// The challenge that a path names.
///
/// # Errors
/// It names none.
pub fn challenge_id(id: &str) -> Result<ChallengeId, ChallengeError> {
    number(id).map(ChallengeId).ok_or(ChallengeError::NotFound)
}

/// A list of devices.
fn devices(fields: &mut Fields, name: &str) -> Option<Vec<Platform>> {
    let mut devices = fields.optional_texts(name, Platform::parse)?.unwrap_or_default();
    if devices.len() > MAX_DEVICES {
        fields.wrong(name, format!("has {} items; at most {MAX_DEVICES}", devices.len()));
        return None;
    }
    devices.sort_unstable();
    devices.dedup();
    Some(devices)
}

/// A list of usernames.
fn usernames(fields: &mut Fields, name: &str) -> Option<Vec<String>> {
    let username = |text: &str| {
        if text.len() <= 64 { Ok(text.to_owned()) } else { Err("is no username".to_owned()) }
    };
    let names = fields.optional_texts(name, username)?.unwrap_or_default();
    if names.len() > MAX_NAMED {
        fields.wrong(name, format!("has {} items; at most {MAX_NAMED}", names.len()));
        return None;
    }
    Some(names)
}

/// What you do with a challenge.
#[derive(Debug, Object)]
#[oai(example, rename = "ChallengeMoveContent")]
pub struct MoveRequest {
    /// `accept` and `decline` are for guests; an open challenge is accepted without an invitation. The others are for the host.
    action: OneOf<Action>,
    /// The usernames of the guests: of whom you `invite`, `remove`, or say `no_show` or `showed_up`. At most 50.
    #[oai(validator(max_items = 50))]
    guests: Option<Vec<String>>,
    /// The devices that you bring, where you `accept`: platforms such as `switch`. At most 10.
    #[oai(validator(max_items = 10))]
    brings: Option<Vec<String>>,
}

impl Example for MoveRequest {
    fn example() -> Self {
        Self { action: OneOf(Action::Accept), guests: None, brings: Some(vec!["switch".to_owned()]) }
    }
}

impl MoveRequest {
    /// Reads a body.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(body: &[u8]) -> Result<Asked, ChallengeError> {
        read(body, |fields| {
            let action = fields.text("action", Action::parse);
            let guests = usernames(fields, "guests");
            let brings = devices(fields, "brings");
            let (action, guests) = (action?, guests?);
            let is_about = matches!(action, Action::Invite | Action::Remove | Action::NoShow | Action::ShowedUp);
            if is_about && guests.is_empty() {
                fields.wrong("guests", "is missing: say whom it is about");
                return None;
            }
            if !is_about && !guests.is_empty() {
                fields.wrong("guests", "is for what is about guests");
                return None;
            }
            Some(Asked { action, guests, brings: brings? })
        })
    }
}

/// Challenges in pages.
#[derive(Debug)]
pub struct ChallengePages;

impl Paged for ChallengePages {
    type Cursor = (i64, i64);
    const DEFAULT_LIMIT: usize = 20;
    const MAX_LIMIT: usize = 50;
    const EXAMPLE_CURSOR: &'static str = "1796486400000.511";

    fn parse(cursor: &str) -> Result<(i64, i64), String> {
        let parts = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.parse().ok()?)));
        parts.ok_or_else(|| "must be the next of the page before".to_owned())
    }
}

/// Which page of which challenges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChallengesRequest(pub ListRequest);

const LIST: Param = Param {
    name: "list",
    about: "Which challenges: those that you host, those whose guest you are, or open gatherings near you.",
    values: Values::OneOf(&["mine", "invited", "found"]),
    example: "found",
};

const WITHIN: Param = Param {
    name: "within",
    about: "Of those that are found: how far they are at most from the area in which you are.",
    values: Values::OneOf(&["under_25_km", "same_area", "under_50_km", "under_100_km"]),
    example: "under_50_km",
};

const GAME: Param =
    Param { name: "game", about: "Only those of this game.", values: Values::Text { max_bytes: 20 }, example: "7301" };

impl QueryParams for ChallengesRequest {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let list = reader.optional(&LIST, List::parse);
        let within = reader.optional(&WITHIN, |name| {
            let band = Band::of_public_name(name).filter(|band| *band != Band::Farther);
            band.ok_or_else(|| "must be one of same_area, under_25_km, under_50_km, under_100_km".to_owned())
        });
        let title =
            reader.optional(&GAME, |id| number(id).map(TitleId).ok_or_else(|| "must be the id of a game".to_owned()));
        let page = PageRequest::<ChallengePages>::read(reader)?;
        Some(Self(ListRequest {
            list: list.unwrap_or_default(),
            within: within.unwrap_or(Band::Under25Km),
            title,
            after: page.after,
            limit: page.limit,
        }))
    }
}

/// The readers of bodies here.
pub const BODY_READERS: &[BodyReader] = &[
    ("ChallengeRequest", |body| ChallengeRequest::read(body).is_ok()),
    ("ChallengeChangeRequest", |body| ChallengeChangeRequest::read(body).is_ok()),
    ("MoveRequest", |body| MoveRequest::read(body).is_ok()),
];

/// The sets of query parameters here.
pub const URI_READERS: &[UriReader] = &[("ChallengesRequest", |uri| params::read::<ChallengesRequest>(uri).is_ok())];

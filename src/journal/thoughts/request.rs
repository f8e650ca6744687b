//! Request bodies and parameters: their documentation, and how they are read.

use poem_openapi::{Object, types::Example};

use super::model::{CommentId, CommentText, Kind, ListRequest, Rating, ThoughtError, ThoughtId, ThoughtText, Written};
use crate::{
    catalogue::titles::TitleId,
    http::{
        declaration::{Param, Values},
        page::{PageRequest, Paged},
        params::{self, QueryParams, QueryReader, UriReader},
        schema::OneOf,
    },
    identity::people::Audience,
    platform::{
        codec::fields::{BodyReader, Fields},
        named::Named,
    },
};

/// Reads the fields of a body. `read` returns `None` where a field is wrong.
fn read<T>(body: &[u8], read: impl FnOnce(&mut Fields) -> Option<T>) -> Result<T, ThoughtError> {
    let mut fields = Fields::read(body)?;
    let value = read(&mut fields);
    fields.refuse_others();
    fields.done(value).map_err(ThoughtError::Invalid)
}

/// The number in an id of the path; what is none names nothing.
fn number(id: &str) -> Option<i64> {
    id.parse().ok().filter(|id: &i64| *id > 0)
}

/// The thought that a path names.
///
/// # Errors
/// It names none.
pub fn thought_id(id: &str) -> Result<ThoughtId, ThoughtError> {
    number(id).map(ThoughtId).ok_or(ThoughtError::NotFound)
}

/// The comment that a path names.
///
/// # Errors
/// It names none.
pub fn comment_id(id: &str) -> Result<CommentId, ThoughtError> {
    number(id).map(CommentId).ok_or(ThoughtError::CommentNotFound)
}

/// The title that a path names.
///
/// # Errors
/// It names none.
pub fn title_id(id: &str) -> Result<TitleId, ThoughtError> {
    number(id).map(TitleId).ok_or(ThoughtError::GameNotFound)
}

/// A new thought on a game.
#[derive(Debug, Object)]
#[oai(example, rename = "NewThought")]
pub struct ThoughtRequest {
    /// The game's id.
    #[oai(validator(max_length = 20))]
    game: String,
    /// What you think, in Markdown: 1 to 16000 characters. `||text||` is a spoiler; HTML is shown as text, images as links.
    #[oai(validator(min_length = 1, max_length = 16000))]
    text: String,
    /// Points of 0 to 100: with them it is your review of the game, which must be in your library, and of which you have one.
    #[oai(validator(minimum(value = "0"), maximum(value = "100")))]
    rating: Option<u8>,
    /// Whether all of it is a spoiler. Absent: no.
    spoiler: Option<bool>,
    /// Who sees it. Absent: `public`.
    audience: Option<OneOf<Audience>>,
    /// Whether nobody may add a comment. Absent: they may.
    comments_closed: Option<bool>,
    /// Whether nobody may react. Absent: they may.
    reactions_closed: Option<bool>,
}

impl Example for ThoughtRequest {
    fn example() -> Self {
        Self {
            game: super::examples::game(),
            text: super::examples::TEXT.to_owned(),
            rating: Some(85),
            spoiler: None,
            audience: Some(OneOf(Audience::Friends)),
            comments_closed: None,
            reactions_closed: None,
        }
    }
}

impl ThoughtRequest {
    /// Reads a body.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(body: &[u8]) -> Result<(TitleId, Written), ThoughtError> {
        read(body, |fields| {
            let game =
                fields.text("game", |id| number(id).map(TitleId).ok_or_else(|| "must be the id of a game".to_owned()));
            let written = written(fields);
            game.zip(written)
        })
    }
}

/// A thought as it is to be from now on. What is absent is as in a new one, so send all of it.
#[derive(Debug, Object)]
#[oai(example, rename = "ThoughtChange")]
pub struct ThoughtChangeRequest {
    /// What you think, in Markdown: 1 to 16000 characters.
    #[oai(validator(min_length = 1, max_length = 16000))]
    text: String,
    /// Points of 0 to 100, which make it your review of the game. Absent: it is none.
    #[oai(validator(minimum(value = "0"), maximum(value = "100")))]
    rating: Option<u8>,
    /// Whether all of it is a spoiler. Absent: no.
    spoiler: Option<bool>,
    /// Who sees it. Absent: `public`.
    audience: Option<OneOf<Audience>>,
    /// Whether nobody may add a comment. Absent: they may.
    comments_closed: Option<bool>,
    /// Whether nobody may react. Absent: they may.
    reactions_closed: Option<bool>,
}

impl Example for ThoughtChangeRequest {
    fn example() -> Self {
        Self {
            text: super::examples::TEXT.to_owned(),
            rating: Some(90),
            spoiler: None,
            audience: Some(OneOf(Audience::Public)),
            comments_closed: Some(true),
            reactions_closed: None,
        }
    }
}

impl ThoughtChangeRequest {
    /// Reads a body.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(body: &[u8]) -> Result<Written, ThoughtError> {
        read(body, written)
    }
}

fn written(fields: &mut Fields) -> Option<Written> {
    let text = fields.text("text", ThoughtText::parse);
    let rating = fields.optional_integer("rating", 0..=i64::from(Rating::MAX));
    let spoiler = fields.flag("spoiler");
    let audience = fields.optional_text("audience", |name| {
        Audience::of_public_name(name).ok_or_else(|| "must be public, friends or private".to_owned())
    });
    let (comments_closed, reactions_closed) = (fields.flag("comments_closed"), fields.flag("reactions_closed"));
    Some(Written {
        text: text?,
        rating: rating?.and_then(Rating::of),
        spoiler: spoiler?,
        audience: audience?.unwrap_or(Audience::Public),
        comments_closed: comments_closed?,
        reactions_closed: reactions_closed?,
    })
}

/// A new comment.
#[derive(Debug, Object)]
#[oai(example, rename = "NewComment")]
pub struct CommentRequest {
    /// Plain text of 1 to 500 characters.
    #[oai(validator(min_length = 1, max_length = 500))]
    text: String,
}

impl Example for CommentRequest {
    fn example() -> Self {
        Self { text: super::examples::COMMENT.to_owned() }
    }
}

impl CommentRequest {
    /// Reads a body.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(body: &[u8]) -> Result<CommentText, ThoughtError> {
        read(body, |fields| fields.text("text", CommentText::parse))
    }
}

/// Thoughts in pages, the newest first.
#[derive(Debug)]
pub struct Thoughts;

impl Paged for Thoughts {
    type Cursor = i64;
    const DEFAULT_LIMIT: usize = 20;
    const MAX_LIMIT: usize = 50;
    const EXAMPLE_CURSOR: &'static str = "4211";

    fn parse(cursor: &str) -> Result<i64, String> {
        cursor.parse().map_err(|_| "must be a page's next".to_owned())
    }
}

/// Comments in pages, the oldest first.
#[derive(Debug)]
pub struct Comments;

impl Paged for Comments {
    type Cursor = i64;
    const DEFAULT_LIMIT: usize = 50;
    const MAX_LIMIT: usize = 200;
    const EXAMPLE_CURSOR: &'static str = "311";

    fn parse(cursor: &str) -> Result<i64, String> {
        cursor.parse().map_err(|_| "must be a page's next".to_owned())
    }
}

/// Which page of which thoughts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ThoughtsRequest(pub ListRequest);

const KIND: Param = Param {
    name: "kind",
    about: "Which thoughts: all, those with a rating, or those without one.",
    values: Values::OneOf(&["all", "reviews", "notes"]),
    example: "reviews",
};

impl QueryParams for ThoughtsRequest {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let kind = reader.optional(&KIND, |name| {
            Kind::of_public_name(name).ok_or_else(|| "must be all, reviews or notes".to_owned())
        });
        let page = PageRequest::<Thoughts>::read(reader)?;
        Some(Self(ListRequest { kind: kind.unwrap_or_default(), after: page.after, limit: page.limit }))
    }
}

/// The readers of bodies here.
pub const BODY_READERS: &[BodyReader] = &[
    ("ThoughtRequest", |body| ThoughtRequest::read(body).is_ok()),
    ("ThoughtChangeRequest", |body| ThoughtChangeRequest::read(body).is_ok()),
    ("CommentRequest", |body| CommentRequest::read(body).is_ok()),
];

/// The sets of query parameters here.
pub const URI_READERS: &[UriReader] = &[("ThoughtsRequest", |uri| params::read::<ThoughtsRequest>(uri).is_ok())];

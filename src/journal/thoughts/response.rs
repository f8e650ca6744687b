//! Responses about thoughts.

use poem_openapi::{ApiResponse, Object, types::Example};

use super::{
    examples,
    model::{Comment, Thought, ThoughtError, Version, WithCards},
};
use crate::{
    http::{
        conditional::ConditionalContent,
        no_store::NoStore,
        problem::Problem,
        revised,
        schema::{OneOf, Timestamp},
    },
    identity::{access::ModerationReason, people::Audience},
    journal::{
        cards::{GameCardResponse, PersonCardResponse},
        examples::TIME_MS,
    },
    platform::page::Page,
};

/// A thought on a game; a review where it has a rating.
#[derive(Clone, Debug, Object)]
#[oai(example, rename = "Thought")]
#[expect(clippy::struct_excessive_bools, reason = "each is a member of its own")]
pub struct ThoughtResponse {
    /// Its id.
    #[oai(validator(max_length = 20))]
    id: String,
    /// The game.
    #[oai(skip_serializing_if_is_none)]
    game: Option<GameCardResponse>,
    /// Who wrote it; absent where a review outlived the account.
    #[oai(skip_serializing_if_is_none)]
    author: Option<PersonCardResponse>,
    /// The Markdown, as it was written.
    text: String,
    /// The text as HTML that is safe to show: a spoiler is `<span class="spoiler">`; there are no images.
    html: String,
    /// Points of 0 to 100, of a review.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0"), maximum(value = "100")))]
    rating: Option<u8>,
    /// Whether all of it is a spoiler.
    spoiler: bool,
    /// Who sees it.
    audience: OneOf<Audience>,
    /// Why it is hidden from everybody else, of your own; absent where it is not.
    #[oai(skip_serializing_if_is_none)]
    hidden: Option<OneOf<ModerationReason>>,
    /// Whether nobody may add a comment.
    comments_closed: bool,
    /// Whether nobody may react.
    reactions_closed: bool,
    /// How many comments you see.
    comments: u64,
    /// How many like it.
    reactions: u64,
    /// Whether you do.
    reacted: bool,
    /// Raised by each change.
    #[oai(validator(max_length = 20))]
    revision: String,
    /// When it was written.
    created_at: Timestamp,
    /// When it was last changed; absent where it never was.
    #[oai(skip_serializing_if_is_none)]
    changed_at: Option<Timestamp>,
}

impl From<WithCards<Thought>> for ThoughtResponse {
    fn from(WithCards { thing, author, title }: WithCards<Thought>) -> Self {
        let written = thing.written;
        Self {
            id: thing.id.0.to_string(),
            game: title.map(GameCardResponse::from),
            author: author.map(PersonCardResponse::from),
            text: written.text.as_str().to_owned(),
            html: thing.html,
            rating: written.rating.map(super::model::Rating::points),
            spoiler: written.spoiler,
            audience: OneOf(written.audience),
            hidden: thing.hidden.map(OneOf),
            comments_closed: written.comments_closed,
            reactions_closed: written.reactions_closed,
            comments: thing.comments,
            reactions: thing.reactions,
            reacted: thing.reacted,
            revision: thing.revision.to_string(),
            created_at: Timestamp(thing.created_at_ms),
            changed_at: thing.changed_at_ms.map(Timestamp),
        }
    }
}

impl Example for ThoughtResponse {
    fn example() -> Self {
        Self {
            id: examples::thought(),
            game: Some(GameCardResponse::example()),
            author: Some(PersonCardResponse::example()),
            text: examples::TEXT.to_owned(),
            html: examples::HTML.to_owned(),
            rating: Some(85),
            spoiler: false,
            audience: OneOf(Audience::Friends),
            hidden: None,
            comments_closed: false,
            reactions_closed: false,
            comments: 1,
            reactions: 3,
            reacted: true,
            revision: "1".to_owned(),
            created_at: Timestamp(TIME_MS),
            changed_at: None,
        }
    }
}

impl ConditionalContent for ThoughtResponse {
    const OK: &'static str = "The thought.";
    const NOT_MODIFIED: &'static str = "The thought is as you have it.";
}

/// A page of thoughts, the newest first.
#[derive(Debug, Object)]
#[oai(example)]
pub struct ThoughtPage {
    /// The thoughts.
    items: Vec<ThoughtResponse>,
    /// The `after` of the next page, of older ones; empty where there are none at all.
    #[oai(validator(max_length = 20))]
    next: String,
    /// Whether there are older ones.
    more: bool,
}

impl ThoughtPage {
    /// A page.
    pub fn new(page: Page<WithCards<Thought>>, after: Option<i64>) -> Self {
        let next = page.items.last().map(|shown| shown.thing.id.0).or(after);
        let next = next.map_or_else(String::new, |id| id.to_string());
        let more = page.more;
        Self { items: page.items.into_iter().map(ThoughtResponse::from).collect(), next, more }
    }
}

impl Example for ThoughtPage {
    fn example() -> Self {
        Self { items: vec![ThoughtResponse::example()], next: examples::thought(), more: false }
    }
}

#[derive(ApiResponse)]
pub enum ThoughtsListed {
    /// The page.
    #[oai(status = 200)]
    Page(NoStore<ThoughtPage>),
}

/// What a thought was before a change.
#[derive(Debug, Object)]
#[oai(example, rename = "ThoughtVersion")]
pub struct VersionResponse {
    /// The revision that it had.
    #[oai(validator(max_length = 20))]
    revision: String,
    /// The Markdown.
    text: String,
    /// The rating, of a review.
    #[oai(skip_serializing_if_is_none, validator(minimum(value = "0"), maximum(value = "100")))]
    rating: Option<u8>,
    /// Whether all of it was a spoiler.
    spoiler: bool,
    /// Who saw it.
    audience: OneOf<Audience>,
    /// When it was changed.
    until: Timestamp,
}

impl From<Version> for VersionResponse {
    fn from(version: Version) -> Self {
        Self {
            revision: version.revision.to_string(),
            text: version.text,
            rating: version.rating.map(super::model::Rating::points),
            spoiler: version.spoiler,
            audience: OneOf(version.audience),
            until: Timestamp(version.until_ms),
        }
    }
}

impl Example for VersionResponse {
    fn example() -> Self {
        Self {
            revision: "1".to_owned(),
            text: "The ending!".to_owned(),
            rating: None,
            spoiler: true,
            audience: OneOf(Audience::Private),
            until: Timestamp(TIME_MS),
        }
    }
}

/// What a thought was before: ten versions at most.
#[derive(Debug, Object)]
#[oai(example, rename = "ThoughtHistory")]
pub struct HistoryResponse {
    /// The newest first.
    items: Vec<VersionResponse>,
}

impl FromIterator<Version> for HistoryResponse {
    fn from_iter<I: IntoIterator<Item = Version>>(versions: I) -> Self {
        Self { items: versions.into_iter().map(VersionResponse::from).collect() }
    }
}

impl Example for HistoryResponse {
    fn example() -> Self {
        Self { items: vec![VersionResponse::example()] }
    }
}

#[derive(ApiResponse)]
pub enum VersionsListed {
    /// The versions.
    #[oai(status = 200)]
    Ok(NoStore<HistoryResponse>),
}

/// A comment on a thought.
#[derive(Debug, Object)]
#[oai(example, rename = "Comment")]
pub struct CommentResponse {
    /// Its id.
    #[oai(validator(max_length = 20))]
    id: String,
    /// Who wrote it.
    #[oai(skip_serializing_if_is_none)]
    author: Option<PersonCardResponse>,
    /// Plain text.
    text: String,
    /// Why it is hidden from everybody else, of your own; absent where it is not.
    #[oai(skip_serializing_if_is_none)]
    hidden: Option<OneOf<ModerationReason>>,
    /// When it was written.
    created_at: Timestamp,
}

impl From<WithCards<Comment>> for CommentResponse {
    fn from(WithCards { thing, author, .. }: WithCards<Comment>) -> Self {
        Self {
            id: thing.id.0.to_string(),
            author: author.map(PersonCardResponse::from),
            text: thing.text,
            hidden: thing.hidden.map(OneOf),
            created_at: Timestamp(thing.created_at_ms),
        }
    }
}

impl Example for CommentResponse {
    fn example() -> Self {
        Self {
            id: examples::comment(),
            author: Some(PersonCardResponse::example()),
            text: examples::COMMENT.to_owned(),
            hidden: None,
            created_at: Timestamp(TIME_MS),
        }
    }
}

/// A page of comments, the oldest first.
#[derive(Debug, Object)]
#[oai(example)]
pub struct CommentPage {
    /// The comments.
    items: Vec<CommentResponse>,
    /// The `after` of the next page: ask with it at once while there is more, or later for what is new.
    #[oai(validator(max_length = 20))]
    next: String,
    /// Whether there are newer ones.
    more: bool,
}

impl Example for CommentPage {
    fn example() -> Self {
        Self { items: vec![CommentResponse::example()], next: examples::comment(), more: false }
    }
}

#[derive(ApiResponse)]
pub enum CommentsListed {
    /// The page.
    #[oai(status = 200)]
    Page(NoStore<CommentPage>),
}

impl CommentsListed {
    /// The page after a comment.
    pub fn new(page: Page<WithCards<Comment>>, after: Option<i64>) -> Self {
        let next = page.items.last().map_or(after.unwrap_or_default(), |shown| shown.thing.id.0).to_string();
        let more = page.more;
        Self::Page(NoStore(CommentPage {
            items: page.items.into_iter().map(CommentResponse::from).collect(),
            next,
            more,
        }))
    }
}

#[derive(ApiResponse)]
pub enum CommentAdded {
    /// The comment.
    #[oai(status = 201)]
    Created(NoStore<CommentResponse>),
}

/// The problem for an error of a change: one of an old state brings the thought as it is.
pub fn stale_or(error: ThoughtError) -> Problem {
    match error {
        ThoughtError::Stale(now) => revised::stale(&ThoughtResponse::from(*now)),
        other => other.into(),
    }
}

//! Thoughts, reviews and comments as they are written and shown, and their bounds.

mod error;
pub(super) mod text;

pub use self::{
    error::ThoughtError,
    text::{CommentText, ThoughtText},
};
use crate::{
    catalogue::titles::{TitleCard, TitleId},
    identity::{
        access::{ModerationReason, UserId},
        people::{Audience, PersonCard},
    },
    platform::named::Named,
};

/// Thoughts of one user at most: three a day for four years.
pub const MAX_THOUGHTS: u64 = 5_000;

/// Thoughts of one user on one title at most.
pub const MAX_ON_TITLE: u64 = 100;

/// The bytes of all thoughts of one user at most, as text and as HTML: an export of all must fit into memory.
pub const MAX_BYTES: i64 = 16 * 1024 * 1024;

/// Earlier versions that are kept of a thought; the oldest go.
pub const MAX_VERSIONS: u64 = 10;

/// Comments on one thought at most. All are counted for each reader, who does not see those of everybody.
pub const MAX_COMMENTS: u64 = 200;

/// Comments of one user on one thought at most.
pub const MAX_COMMENTS_OF_ONE: u64 = 30;

/// The id of a thought. One with a higher id is newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ThoughtId(pub i64);

/// The id of a comment. One with a higher id is newer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CommentId(pub i64);

/// A rating of 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rating(u8);

impl Rating {
    /// The best.
    pub const MAX: u8 = 100;

    /// A rating of that many points; `None` where it is none.
    #[must_use]
    pub fn of(points: i64) -> Option<Self> {
        u8::try_from(points).ok().filter(|points| *points <= Self::MAX).map(Self)
    }

    /// Its points.
    #[must_use]
    pub fn points(self) -> u8 {
        self.0
    }
}

/// What an author decides about a thought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The Markdown.
    pub text: ThoughtText,
    /// The rating: with one it is a review.
    pub rating: Option<Rating>,
    /// Whether all of it is a spoiler.
    pub spoiler: bool,
    /// Who sees it.
    pub audience: Audience,
    /// Whether nobody may add a comment.
    pub comments_closed: bool,
    /// Whether nobody may react.
    pub reactions_closed: bool,
}

/// A thought as one viewer sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thought {
    /// Its id.
    pub id: ThoughtId,
    /// The author; none where a review outlived the account.
    pub author: Option<UserId>,
    /// The title.
    pub title: TitleId,
    /// Why it is hidden from all but its author, if it is.
    pub hidden: Option<ModerationReason>,
    /// What the author has decided.
    pub written: Written,
    /// The text as HTML that is safe to show.
    pub html: String,
    /// The comments that the viewer sees.
    pub comments: u64,
    /// How many have reacted, without those that the viewer does not see.
    pub reactions: u64,
    /// Whether the viewer has.
    pub reacted: bool,
    /// Raised by each change.
    pub revision: i64,
    /// When it was written.
    pub created_at_ms: i64,
    /// When it was last changed.
    pub changed_at_ms: Option<i64>,
}

/// Something of a user on a title, with what is shown of both.
#[derive(Clone, Debug)]
pub struct WithCards<T> {
    /// It.
    pub thing: T,
    /// Who wrote it; nobody where they have no account any more, or show nothing of themselves.
    pub author: Option<PersonCard>,
    /// The title.
    pub title: Option<TitleCard>,
}

/// What a thought was before a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// The revision that it had.
    pub revision: i64,
    /// The Markdown.
    pub text: String,
    /// The rating.
    pub rating: Option<Rating>,
    /// Whether all of it was a spoiler.
    pub spoiler: bool,
    /// Who saw it.
    pub audience: Audience,
    /// When it was changed.
    pub until_ms: i64,
}

/// A comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Its id.
    pub id: CommentId,
    /// Who wrote it.
    pub author: UserId,
    /// The text.
    pub text: String,
    /// Why it is hidden from all but who wrote it, if it is.
    pub hidden: Option<ModerationReason>,
    /// When it was written.
    pub created_at_ms: i64,
}

/// Which thoughts a list has.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// All.
    #[default]
    All,
    /// Those with a rating.
    Reviews,
    /// Those without one.
    Notes,
}

impl Named for Kind {
    const SET: &'static str = "ThoughtKind";
    const MEMBERS: &'static [Self] = &[Self::All, Self::Reviews, Self::Notes];

    fn public_name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Reviews => "reviews",
            Self::Notes => "notes",
        }
    }
}

/// A page of a list, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListRequest {
    /// Which thoughts.
    pub kind: Kind,
    /// The last id of the page before.
    pub after: Option<i64>,
    /// Thoughts at most.
    pub limit: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rating_has_0_to_100_points() {
        assert_eq!([0, 100].map(|points| Rating::of(points).map(Rating::points)), [Some(0), Some(100)]);
        assert_eq!([-1, 101, 256].map(Rating::of), [None; 3]);
    }
}

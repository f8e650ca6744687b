//! A thought about a title; a review where it has a rating.

use sea_orm::entity::prelude::*;

/// A thought about a title; a review where it has a rating.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "thought")]
pub struct Model {
    /// Id: a thought with a higher one is newer.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// The author; none where a review outlived the account.
    pub user_id: Option<String>,
    /// The title.
    pub title: i64,
    /// Who sees it: 0 everybody, 1 friends, 2 nobody else.
    pub audience: i16,
    /// Why it is hidden; null where it is not. What is hidden has its owner alone as its audience.
    pub hidden: Option<i16>,
    /// While it is hidden: the audience that its owner asked for.
    pub audience_asked: Option<i16>,
    /// The rating, 0 to 100.
    pub rating: Option<i16>,
    /// Whether all of it is a spoiler.
    pub spoiler: bool,
    /// The bytes of the text and the HTML.
    pub bytes: i64,
    /// The Markdown, as it was written.
    pub text: String,
    /// The HTML that was made of it.
    pub html: String,
    /// The beginning as plain text, without spoilers.
    pub excerpt: String,
    /// The number of the renderer that made the HTML.
    pub renderer: i16,
    /// Whether nobody may add a comment.
    pub comments_closed: bool,
    /// Whether nobody may react.
    pub reactions_closed: bool,
    /// How many have reacted. Triggers keep it.
    pub reactions: i64,
    /// Raised by each change.
    pub revision: i64,
    /// When it was written.
    pub created_at_ms: i64,
    /// When it was last changed.
    pub changed_at_ms: Option<i64>,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

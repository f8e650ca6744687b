//! Media that users keep on titles.

use sea_orm::entity::prelude::*;

/// A screenshot, a clip or a capture of an achievement.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "media")]
pub struct Model {
    /// Id, in the order of asking.
    #[sea_orm(primary_key)]
    pub id: i64,
    /// Its name in addresses, which the client has made.
    pub uuid: String,
    /// Whose it is.
    pub user_id: String,
    /// The title.
    pub title: i64,
    /// Who sees it.
    pub audience: i16,
    /// Why it is hidden; null where it is not. What is hidden has its owner alone as its audience.
    pub hidden: Option<i16>,
    /// While it is hidden: the audience that its owner asked for.
    pub audience_asked: Option<i16>,
    /// What it is.
    pub kind: i16,
    /// Pending, ready or rejected.
    pub state: i16,
    /// Why it was rejected.
    pub reason: Option<String>,
    /// What its owner says about it.
    pub description: String,
    /// When it was taken, as its owner says.
    pub taken_at_ms: Option<i64>,
    /// The media type that was announced.
    pub media_type: String,
    /// The length that was announced.
    pub bytes: i64,
    /// The SHA-256 digest that was announced, in hexadecimal digits.
    pub digest: String,
    /// The blob that is uploaded or checked; null once that is done.
    pub upload: Option<String>,
    /// The blob that is shown.
    pub file: Option<String>,
    /// The blob of the small picture.
    pub thumbnail: Option<String>,
    /// The turn of the links to its files.
    pub turn: i16,
    /// A few bytes that stand for the picture, in base 64.
    pub thumb_hash: Option<String>,
    /// Pixels.
    pub width: Option<i32>,
    /// Pixels.
    pub height: Option<i32>,
    /// Of a clip.
    pub duration_ms: Option<i32>,
    /// Raised by each change.
    pub revision: i64,
    /// When it was asked for.
    pub created_at_ms: i64,
    /// When it was last changed.
    pub changed_at_ms: Option<i64>,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

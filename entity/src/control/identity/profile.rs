//! What a person is to others. A user has none until they choose a username.

use sea_orm::entity::prelude::*;

/// What a person is to others. A user has none until they choose a username.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "profile")]
pub struct Model {
    /// The user.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: String,
    /// The username, as chosen.
    pub username: String,
    /// The username folded: the same for all that look alike.
    #[sea_orm(unique)]
    pub username_key: String,
    /// When the username was changed last; 0 where it is the first.
    pub username_at_ms: i64,
    /// What others call them; empty where they have not said.
    pub display_name: String,
    /// What they say of themselves.
    pub bio: String,
    /// The languages that they speak, as tags with spaces between them.
    pub languages: String,
    /// Who sees the profile: 0 everybody, 1 friends, 2 nobody else.
    pub audience: i16,
    /// Why it is hidden; null where it is not. What is hidden has its owner alone as its audience.
    pub hidden: Option<i16>,
    /// While it is hidden: the audience that its owner asked for.
    pub audience_asked: Option<i16>,
    /// Whether a search by name finds them.
    pub found_by_name: bool,
    /// Whether a search by place finds them.
    pub found_by_place: bool,
    /// Whether a search by statistics finds them.
    pub found_by_statistics: bool,
    /// The theme of pages: 0 the browser's, 1 light, 2 dark.
    pub theme: i16,
    /// The language of pages and emails, as a tag; empty: the browser's.
    pub language: String,
    /// The currency in which prices are shown; empty: the server's.
    pub currency: String,
    /// How notices come by email: 0 not at all, 1 once a day, 2 once a week.
    pub mail: i16,
    /// Raised by each change.
    pub revision: i64,
    /// When the profile was made.
    pub created_at_ms: i64,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

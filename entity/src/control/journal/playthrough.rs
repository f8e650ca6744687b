//! One run through the title of an entry.

use sea_orm::entity::prelude::*;

/// One run through the title of an entry.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "playthrough")]
pub struct Model {
    /// The owner.
    #[sea_orm(primary_key, auto_increment = false)]
    pub user: String,
    /// The title.
    #[sea_orm(primary_key, auto_increment = false)]
    pub title: i64,
    /// Its number in the entry.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i16,
    /// That of the entry; kept by triggers.
    pub audience: i16,
    /// The platform, by its word in the catalogue.
    pub platform: Option<String>,
    /// When it began: a year, a month or a day.
    pub started: Option<String>,
    /// When it ended.
    pub finished: Option<String>,
    /// How long it took.
    pub minutes: Option<i32>,
    /// How far it went: 0 the story, 1 everything, 2 endless, 3 abandoned.
    pub grade: Option<i16>,
    /// The row of which import it comes from.
    pub origin: Option<String>,
    /// Whether the owner has written it.
    pub written: bool,
}

/// No relations: queries that need a join write it out.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

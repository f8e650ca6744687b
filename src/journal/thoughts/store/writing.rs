//! Writing, changing and deleting thoughts.

use entity::control::journal::{thought, thought_version};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult,
    sea_query::{Expr, ExprTrait, Func, LockType, Order, Query},
};

use super::{Store, count, rating};
use crate::{
    catalogue::titles::TitleId,
    identity::{access::UserId, people::Audience, profiles::set_audience},
    journal::{
        library::in_library,
        thoughts::{
            markdown::{RENDERER, Rendered},
            model::{MAX_BYTES, MAX_ON_TITLE, MAX_THOUGHTS, MAX_VERSIONS, ThoughtError, ThoughtId, Version, Written},
        },
    },
    platform::{clock, error::StoreError},
};

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

#[derive(Default, FromQueryResult)]
struct CountsRow {
    thoughts: i64,
    on_title: i64,
    bytes: i64,
}

#[derive(FromQueryResult)]
struct RevisionRow {
    revision: i64,
    title: i64,
    rating: Option<i16>,
    bytes: i64,
}

/// Whether a change of a thought was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was.
    Done,
    /// The thought has another revision than those that may be changed.
    Stale,
}

/// The bytes of a thought.
fn bytes(written: &Written, rendered: &Rendered) -> i64 {
    i64::try_from(written.text.as_str().len() + rendered.html.len()).unwrap_or(i64::MAX)
}

/// An error of a statement that makes a review, where there may be one already.
fn review_error(error: StoreError) -> ThoughtError {
    // The only constraint that a row of ours can violate: accounts and titles are there.
    if let StoreError::InvalidRow(cause) = &error
        && matches!(cause.sql_err(), Some(sea_orm::SqlErr::UniqueConstraintViolation(_)))
    {
        return ThoughtError::ReviewExists;
    }
    error.into()
}

impl Store {
    /// Stores a new thought; returns its id.
    ///
    /// # Errors
    /// [`ThoughtError::TooMany`], [`ThoughtError::TooManyOnTitle`], [`ThoughtError::NoRoom`],
    /// [`ThoughtError::ReviewExists`], [`ThoughtError::NotInLibrary`], or [`StoreError`].
    pub async fn insert(
        &self,
        author: &UserId,
        title: TitleId,
        written: &Written,
        rendered: &Rendered,
    ) -> Result<ThoughtId, ThoughtError> {
        let transaction = self.control.begin().await?;
        let (counts, added) = (self.counts(&transaction, author, title).await?, bytes(written, rendered));
        match counts {
            _ if count(counts.thoughts) >= MAX_THOUGHTS => return Err(ThoughtError::TooMany),
            _ if count(counts.on_title) >= MAX_ON_TITLE => return Err(ThoughtError::TooManyOnTitle),
            _ if counts.bytes.saturating_add(added) > MAX_BYTES => return Err(ThoughtError::NoRoom),
            _ => {}
        }
        if written.rating.is_some() {
            self.check_library(&transaction, author, title).await?;
        }
        let values: Vec<Expr> = vec![
            Expr::val(author.as_str()),
            Expr::val(title.0),
            Expr::val(written.audience.number()),
            Expr::val(written.rating.map(|rating| i16::from(rating.points()))),
            Expr::val(written.spoiler),
            Expr::val(added),
            Expr::val(written.text.as_str()),
            Expr::val(rendered.html.as_str()),
            Expr::val(rendered.excerpt.as_str()),
            Expr::val(RENDERER),
            Expr::val(written.comments_closed),
            Expr::val(written.reactions_closed),
            Expr::val(1_i64),
            Expr::val(clock::now_ms()),
        ];
        let insert = Query::insert()
            .into_table(self.control.table(thought::Entity))
            .columns([
                thought::Column::UserId,
                thought::Column::Title,
                thought::Column::Audience,
                thought::Column::Rating,
                thought::Column::Spoiler,
                thought::Column::Bytes,
                thought::Column::Text,
                thought::Column::Html,
                thought::Column::Excerpt,
                thought::Column::Renderer,
                thought::Column::CommentsClosed,
                thought::Column::ReactionsClosed,
                thought::Column::Revision,
                thought::Column::CreatedAtMs,
            ])
            .values(values)
            .map_err(|error| StoreError::Statement(sea_orm::DbErr::Type(error.to_string())))?
            .returning_col(thought::Column::Id)
            .to_owned();
        let rows: Vec<IdRow> = self.control.returned(&transaction, &insert).await.map_err(review_error)?;
        let row = rows.into_iter().next().ok_or(ThoughtError::NotFound)?;
        self.control.commit(transaction).await?;
        Ok(ThoughtId(row.id))
    }

    /// What the user has already.
    async fn counts(
        &self,
        transaction: &DatabaseTransaction,
        author: &UserId,
        title: TitleId,
    ) -> Result<CountsRow, StoreError> {
        let on_title = Expr::case(thought::Column::Title.eq(title.0), 1).finally(Expr::cust("NULL"));
        let counts = Query::select()
            .expr_as(Expr::cust("count(*)"), "thoughts")
            .expr_as(Func::count(Expr::Case(Box::new(on_title))), "on_title")
            .expr_as(Expr::cust("CAST(coalesce(sum(bytes), 0) AS BIGINT)"), "bytes")
            .from(self.control.table(thought::Entity))
            .and_where(thought::Column::UserId.eq(author.as_str()))
            .to_owned();
        let rows: Vec<CountsRow> = self.control.returned(transaction, &counts).await?;
        Ok(rows.into_iter().next().unwrap_or_default())
    }

    /// Refuses a review of a title that is not in its author's library.
    async fn check_library(
        &self,
        transaction: &DatabaseTransaction,
        author: &UserId,
        title: TitleId,
    ) -> Result<(), ThoughtError> {
        let is_there = in_library(author.as_str(), title.0);
        let select = Query::select().expr_as(Expr::cust("CAST(1 AS BIGINT)"), "id").and_where(is_there).to_owned();
        let rows: Vec<IdRow> = self.control.returned(transaction, &select).await?;
        if rows.is_empty() { Err(ThoughtError::NotInLibrary) } else { Ok(()) }
    }

    /// The revision and the title of an author's thought, which nobody changes until the transaction ends.
    async fn lock(
        &self,
        transaction: &DatabaseTransaction,
        author: &UserId,
        id: ThoughtId,
    ) -> Result<RevisionRow, ThoughtError> {
        let select = Query::select()
            .columns([
                thought::Column::Revision,
                thought::Column::Title,
                thought::Column::Rating,
                thought::Column::Bytes,
            ])
            .from(self.control.table(thought::Entity))
            .and_where(thought::Column::Id.eq(id.0))
            .and_where(thought::Column::UserId.eq(author.as_str()))
            .lock(LockType::Update)
            .to_owned();
        let rows: Vec<RevisionRow> = self.control.returned(transaction, &select).await?;
        rows.into_iter().next().ok_or(ThoughtError::NotFound)
    }

    /// Changes an author's thought, and keeps what it was.
    ///
    /// # Errors
    /// [`ThoughtError::NotFound`], [`ThoughtError::NoRoom`], [`ThoughtError::ReviewExists`], [`ThoughtError::NotInLibrary`],
    /// or [`StoreError`].
    pub async fn update(
        &self,
        author: &UserId,
        id: ThoughtId,
        may_change: impl Fn(i64) -> bool + Send,
        written: &Written,
        rendered: &Rendered,
    ) -> Result<Outcome, ThoughtError> {
        let (transaction, now_ms) = (self.control.begin().await?, clock::now_ms());
        let RevisionRow { revision, title, rating, bytes: replaced } = self.lock(&transaction, author, id).await?;
        if !may_change(revision) {
            return Ok(Outcome::Stale);
        }
        let (counts, added) = (self.counts(&transaction, author, TitleId(title)).await?, bytes(written, rendered));
        if added > replaced && counts.bytes.saturating_add(added - replaced) > MAX_BYTES {
            return Err(ThoughtError::NoRoom);
        }
        if written.rating.is_some() && rating.is_none() {
            self.check_library(&transaction, author, TitleId(title)).await?;
        }
        self.keep_version(&transaction, id, now_ms).await?;
        let mut update = Query::update();
        update
            .table(self.control.table(thought::Entity))
            .value(thought::Column::Rating, written.rating.map(|rating| i16::from(rating.points())))
            .value(thought::Column::Spoiler, written.spoiler)
            .value(thought::Column::Bytes, added)
            .value(thought::Column::Text, written.text.as_str())
            .value(thought::Column::Html, rendered.html.as_str())
            .value(thought::Column::Excerpt, rendered.excerpt.as_str())
            .value(thought::Column::Renderer, RENDERER)
            .value(thought::Column::CommentsClosed, written.comments_closed)
            .value(thought::Column::ReactionsClosed, written.reactions_closed)
            .value(thought::Column::Revision, revision + 1)
            .value(thought::Column::ChangedAtMs, now_ms)
            .and_where(thought::Column::Id.eq(id.0));
        set_audience(&mut update, written.audience);
        self.control.execute(&transaction, &update).await.map_err(review_error)?;
        self.control.commit(transaction).await?;
        Ok(Outcome::Done)
    }

    /// Copies a thought to its earlier versions, of which the oldest go.
    async fn keep_version(
        &self,
        transaction: &DatabaseTransaction,
        id: ThoughtId,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let now = Query::select()
            .columns([
                thought::Column::Id,
                thought::Column::Revision,
                thought::Column::Rating,
                thought::Column::Spoiler,
                thought::Column::Text,
            ])
            .expr(Func::coalesce([Expr::col(thought::Column::AudienceAsked), Expr::col(thought::Column::Audience)]))
            .expr(Expr::val(now_ms))
            .from(self.control.table(thought::Entity))
            .and_where(thought::Column::Id.eq(id.0))
            .to_owned();
        let insert = Query::insert()
            .into_table(self.control.table(thought_version::Entity))
            .columns([
                thought_version::Column::Thought,
                thought_version::Column::Revision,
                thought_version::Column::Rating,
                thought_version::Column::Spoiler,
                thought_version::Column::Text,
                thought_version::Column::Audience,
                thought_version::Column::UntilMs,
            ])
            .select_from(now)
            .map_err(|error| StoreError::Statement(sea_orm::DbErr::Type(error.to_string())))?
            .to_owned();
        self.control.execute(transaction, &insert).await?;
        let kept = Query::select()
            .column(thought_version::Column::Revision)
            .from(self.control.table(thought_version::Entity))
            .and_where(thought_version::Column::Thought.eq(id.0))
            .order_by(thought_version::Column::Revision, Order::Desc)
            .limit(MAX_VERSIONS)
            .to_owned();
        let old = Expr::col(thought_version::Column::Revision).not_in_subquery(kept);
        let surplus = thought_version::Column::Thought.eq(id.0).and(old);
        self.control.delete(transaction, thought_version::Entity, surplus).await?;
        Ok(())
    }

    /// Deletes an author's thought with all that hangs on it.
    ///
    /// # Errors
    /// [`ThoughtError::NotFound`], or [`StoreError`].
    pub async fn delete(
        &self,
        author: &UserId,
        id: ThoughtId,
        may_change: impl Fn(i64) -> bool + Send,
    ) -> Result<Outcome, ThoughtError> {
        let transaction = self.control.begin().await?;
        if !may_change(self.lock(&transaction, author, id).await?.revision) {
            return Ok(Outcome::Stale);
        }
        self.control.delete(&transaction, thought::Entity, thought::Column::Id.eq(id.0)).await?;
        self.control.commit(transaction).await?;
        Ok(Outcome::Done)
    }

    /// What an author's thought was before its changes, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn versions(&self, id: ThoughtId) -> Result<Vec<Version>, StoreError> {
        let select = self
            .control
            .select::<thought_version::Entity>()
            .and_where(thought_version::Column::Thought.eq(id.0))
            .order_by(thought_version::Column::Revision, Order::Desc)
            .to_owned();
        let rows: Vec<thought_version::Model> = self.control.all(&select).await?;
        let version = |row: thought_version::Model| Version {
            revision: row.revision,
            text: row.text,
            rating: rating(row.rating),
            spoiler: row.spoiler,
            audience: Audience::stored(row.audience),
            until_ms: row.until_ms,
        };
        Ok(rows.into_iter().map(version).collect())
    }

    /// Whether a thought is that author's.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn is_by(&self, author: &UserId, id: ThoughtId) -> Result<bool, StoreError> {
        let select = Query::select()
            .column(thought::Column::Id)
            .from(self.control.table(thought::Entity))
            .and_where(thought::Column::Id.eq(id.0))
            .and_where(thought::Column::UserId.eq(author.as_str()))
            .to_owned();
        let rows: Vec<IdRow> = self.control.all(&select).await?;
        Ok(!rows.is_empty())
    }
}

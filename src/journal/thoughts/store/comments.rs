//! Comments on thoughts.

use entity::control::journal::{thought, thought_comment};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult,
    sea_query::{Expr, ExprTrait, Func, Order, Query},
};

use super::{Store, comment_visible, count, of_comment, of_thought, thought_visible};
use crate::{
    catalogue::titles::fragments,
    identity::{
        access::{ModerationReason, UserId},
        notices::{self, NewNotice},
        people::{Audience, visible_to},
    },
    journal::thoughts::{
        COMMENTED,
        model::{Comment, CommentId, CommentText, MAX_COMMENTS, MAX_COMMENTS_OF_ONE, ThoughtError, ThoughtId},
    },
    platform::{
        clock,
        error::StoreError,
        page::{Page, rows_for},
    },
};

/// The thought that somebody wants to comment on or react to.
#[derive(FromQueryResult)]
pub(super) struct TargetRow {
    pub(super) user_id: Option<String>,
    pub(super) comments_closed: bool,
    pub(super) reactions_closed: bool,
}

impl TargetRow {
    /// Its author, if they have an account.
    pub(super) fn author(&self) -> Option<UserId> {
        self.user_id.as_deref().map(UserId::stored)
    }
}

#[derive(FromQueryResult)]
struct CountsRow {
    comments: i64,
    of_one: i64,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

#[derive(FromQueryResult)]
struct WriterRow {
    user_id: String,
}

/// A comment that was stored.
#[derive(Clone, Copy, Debug)]
pub struct NewComment {
    /// Its id.
    pub id: CommentId,
    /// When it was written.
    pub created_at_ms: i64,
}

fn comment_of(row: thought_comment::Model) -> Comment {
    Comment {
        id: CommentId(row.id),
        author: UserId::stored(&row.user_id),
        text: row.text,
        hidden: row.hidden.map(ModerationReason::stored),
        created_at_ms: row.created_at_ms,
    }
}

impl Store {
    /// The thought that somebody wants to comment on or react to, if they see it, and its author would see who it was.
    pub(super) async fn target(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        id: ThoughtId,
    ) -> Result<TargetRow, ThoughtError> {
        let mut select = Query::select();
        select
            .columns(
                [thought::Column::UserId, thought::Column::CommentsClosed, thought::Column::ReactionsClosed]
                    .map(|column| ("thought", column)),
            )
            .from(self.control.table(thought::Entity))
            .and_where(of_thought(thought::Column::Id).eq(id.0))
            .cond_where(thought_visible(Some(user)));
        fragments::join(&mut select, of_thought(thought::Column::Title));
        let rows: Vec<TargetRow> = self.control.returned(transaction, &select).await?;
        let target = rows.into_iter().next().ok_or(ThoughtError::NotFound)?;
        if let Some(author) = target.author() {
            let shown = visible_to(Some(&author), user.as_str(), Audience::Public.number());
            let select = Query::select().expr_as(Expr::val(1_i64), "id").cond_where(shown).to_owned();
            let shown: Vec<IdRow> = self.control.returned(transaction, &select).await?;
            if shown.first().is_none_or(|row| row.id != 1) {
                return Err(ThoughtError::ProfileHidden);
            }
        }
        Ok(target)
    }

    /// Stores a comment, and tells the author of the thought.
    ///
    /// # Errors
    /// [`ThoughtError::NotFound`], [`ThoughtError::CommentsClosed`], [`ThoughtError::ProfileHidden`],
    /// [`ThoughtError::TooManyComments`], or [`StoreError`].
    pub async fn add_comment(
        &self,
        user: &UserId,
        id: ThoughtId,
        text: &CommentText,
    ) -> Result<NewComment, ThoughtError> {
        let (transaction, now_ms) = (self.control.begin().await?, clock::now_ms());
        let target = self.target(&transaction, user, id).await?;
        if target.comments_closed {
            return Err(ThoughtError::CommentsClosed);
        }
        let by_user = Expr::case(thought_comment::Column::UserId.eq(user.as_str()), 1).finally(Expr::cust("NULL"));
        let counts = Query::select()
            .expr_as(Expr::cust("count(*)"), "comments")
            .expr_as(Func::count(Expr::Case(Box::new(by_user))), "of_one")
            .from(self.control.table(thought_comment::Entity))
            .and_where(thought_comment::Column::Thought.eq(id.0))
            .to_owned();
        let counts: Vec<CountsRow> = self.control.returned(&transaction, &counts).await?;
        let is_full = |row: &CountsRow| count(row.comments) >= MAX_COMMENTS || count(row.of_one) >= MAX_COMMENTS_OF_ONE;
        if counts.first().is_some_and(is_full) {
            return Err(ThoughtError::TooManyComments);
        }
        let values: [Expr; 4] =
            [Expr::val(id.0), Expr::val(user.as_str()), Expr::val(text.as_str()), Expr::val(now_ms)];
        let insert = Query::insert()
            .into_table(self.control.table(thought_comment::Entity))
            .columns([
                thought_comment::Column::Thought,
                thought_comment::Column::UserId,
                thought_comment::Column::Text,
                thought_comment::Column::CreatedAtMs,
            ])
            .values(values)
            .map_err(|error| StoreError::Statement(sea_orm::DbErr::Type(error.to_string())))?
            .returning_col(thought_comment::Column::Id)
            .to_owned();
        let rows: Vec<IdRow> = self.control.returned(&transaction, &insert).await?;
        let row = rows.into_iter().next().ok_or(ThoughtError::NotFound)?;
        if let Some(author) = target.author().filter(|author| author != user) {
            let notice = NewNotice {
                user: &author,
                kind: COMMENTED,
                actor: Some(user),
                subject: Some(id.0.to_string()),
                detail: None,
                fold: Some(format!("comments:{}", id.0)),
            };
            notices::tell(&self.control, &transaction, &notice).await?;
        }
        self.control.commit(transaction).await?;
        Ok(NewComment { id: CommentId(row.id), created_at_ms: now_ms })
    }

    /// The comments on a thought that the viewer sees, the oldest first. Whether they see the thought is not asked here.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn comments(
        &self,
        viewer: Option<&UserId>,
        id: ThoughtId,
        after: Option<i64>,
        limit: usize,
    ) -> Result<Page<Comment>, StoreError> {
        let select = self
            .control
            .select::<thought_comment::Entity>()
            .and_where(of_comment(thought_comment::Column::Thought).eq(id.0))
            .and_where_option(after.map(|after| of_comment(thought_comment::Column::Id).gt(after)))
            .cond_where(comment_visible(viewer))
            .order_by(("thought_comment", thought_comment::Column::Id), Order::Asc)
            .limit(rows_for(limit))
            .to_owned();
        let rows: Vec<thought_comment::Model> = self.control.all(&select).await?;
        Ok(Page::cut(rows, limit).map(comment_of))
    }

    /// The comment with that id and the thought that it is on, if the viewer sees both.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn comment(&self, viewer: &UserId, id: CommentId) -> Result<Option<(ThoughtId, Comment)>, StoreError> {
        let of_its_thought =
            of_thought(thought::Column::Id).equals(("thought_comment", thought_comment::Column::Thought));
        let mut select = self.control.select::<thought_comment::Entity>();
        select
            .inner_join(self.control.table(thought::Entity), of_its_thought)
            .and_where(of_comment(thought_comment::Column::Id).eq(id.0))
            .cond_where(comment_visible(Some(viewer)))
            .cond_where(thought_visible(Some(viewer)));
        fragments::join(&mut select, of_thought(thought::Column::Title));
        let rows: Vec<thought_comment::Model> = self.control.all(&select).await?;
        Ok(rows.into_iter().next().map(|row| (ThoughtId(row.thought), comment_of(row))))
    }

    /// Deletes a comment, for who wrote it and for the author of the thought.
    ///
    /// # Errors
    /// [`ThoughtError::NotFound`], [`ThoughtError::CommentNotFound`], [`ThoughtError::CommentNotYours`], or [`StoreError`].
    pub async fn delete_comment(&self, user: &UserId, id: ThoughtId, comment: CommentId) -> Result<(), ThoughtError> {
        let transaction = self.control.begin().await?;
        let this = || of_comment(thought_comment::Column::Id).eq(comment.0);
        let select = Query::select()
            .column(("thought_comment", thought_comment::Column::UserId))
            .from(self.control.table(thought_comment::Entity))
            .and_where(this())
            .and_where(of_comment(thought_comment::Column::Thought).eq(id.0))
            .cond_where(comment_visible(Some(user)))
            .to_owned();
        let mut of_user = Query::select();
        of_user
            .columns(
                [thought::Column::UserId, thought::Column::CommentsClosed, thought::Column::ReactionsClosed]
                    .map(|column| ("thought", column)),
            )
            .from(self.control.table(thought::Entity))
            .and_where(of_thought(thought::Column::Id).eq(id.0))
            .cond_where(thought_visible(Some(user)));
        fragments::join(&mut of_user, of_thought(thought::Column::Title));
        let thoughts: Vec<TargetRow> = self.control.returned(&transaction, &of_user).await?;
        let writers: Vec<WriterRow> = self.control.returned(&transaction, &select).await?;
        let is_author = thoughts.first().ok_or(ThoughtError::NotFound)?.user_id.as_deref() == Some(user.as_str());
        let is_writer = writers.first().ok_or(ThoughtError::CommentNotFound)?.user_id == user.as_str();
        if !is_author && !is_writer {
            return Err(ThoughtError::CommentNotYours);
        }
        self.control.delete(&transaction, thought_comment::Entity, this()).await?;
        Ok(self.control.commit(transaction).await?)
    }
}

//! All thoughts, comments and reactions of one user: for an export, and for the end of an account.

use entity::control::journal::{thought, thought_comment, thought_reaction, thought_version};
use sea_orm::{
    ColumnTrait, IntoSimpleExpr as _,
    sea_query::{Expr, ExprTrait, Order, Query, TableRef},
};

use super::{Store, of_thought};
use crate::{
    catalogue::titles::fragments,
    identity::{access::UserId, people::Audience},
    platform::{db::Row, error::StoreError},
};

/// Thoughts that are removed in one transaction: each may have versions, comments and reactions.
const THOUGHTS_AT_ONCE: u64 = 20;

/// Comments, and reactions, that are removed in one transaction.
const ROWS_AT_ONCE: u64 = 200;

/// All rows of one user, as they are stored.
#[derive(Clone, Debug, Default)]
pub struct PersonalRows {
    /// Thoughts.
    pub thoughts: Vec<Row>,
    /// What they were before.
    pub versions: Vec<Row>,
    /// Comments.
    pub comments: Vec<Row>,
    /// Reactions.
    pub reactions: Vec<Row>,
}

impl Store {
    /// All rows of a user.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn personal_rows(&self, user: &UserId) -> Result<PersonalRows, StoreError> {
        let transaction = self.control.begin_reading().await?;
        let theirs = Query::select()
            .column(thought::Column::Id)
            .from(self.control.table(thought::Entity))
            .and_where(thought::Column::UserId.eq(user.as_str()))
            .to_owned();
        let own = thought::Column::UserId.eq(user.as_str());
        let mut thoughts = self.control.rows_where::<thought::Entity>(&transaction, own).await?;
        for row in &mut thoughts {
            // It is made of the text.
            row.remove("html");
        }
        let of_own = Expr::col(thought_version::Column::Thought).in_subquery(theirs);
        let versions = self.control.rows_where::<thought_version::Entity>(&transaction, of_own).await?;
        let own = thought_comment::Column::UserId.eq(user.as_str());
        let comments = self.control.rows_where::<thought_comment::Entity>(&transaction, own).await?;
        let own = thought_reaction::Column::UserId.eq(user.as_str());
        let reactions = self.control.rows_where::<thought_reaction::Entity>(&transaction, own).await?;
        self.control.commit(transaction).await?;
        Ok(PersonalRows { thoughts, versions, comments, reactions })
    }

    /// Removes some of a user's rows; whether there may be more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn remove_some(&self, user: &UserId) -> Result<bool, StoreError> {
        let control = &self.control;
        let some = |column: Expr, table: TableRef, of_user: Expr, slice: u64| {
            Query::select()
                .expr(column.clone())
                .from(table)
                .and_where(of_user)
                .order_by_expr(column, Order::Asc)
                .limit(slice)
                .to_owned()
        };
        let transaction = control.begin().await?;
        let of_user = |column: Expr| column.eq(user.as_str());
        let thoughts = some(
            thought::Column::Id.into_simple_expr(),
            control.table(thought::Entity),
            of_user(thought::Column::UserId.into_simple_expr()),
            THOUGHTS_AT_ONCE,
        );
        let comments = some(
            thought_comment::Column::Id.into_simple_expr(),
            control.table(thought_comment::Entity),
            of_user(thought_comment::Column::UserId.into_simple_expr()),
            ROWS_AT_ONCE,
        );
        let reactions = some(
            thought_reaction::Column::Thought.into_simple_expr(),
            control.table(thought_reaction::Entity),
            of_user(thought_reaction::Column::UserId.into_simple_expr()),
            ROWS_AT_ONCE,
        );
        let thoughts = control.among_those(Expr::col(thought::Column::Id), thoughts);
        let comments = control.among_those(Expr::col(thought_comment::Column::Id), comments);
        let reactions = of_user(thought_reaction::Column::UserId.into_simple_expr())
            .and(control.among_those(Expr::col(thought_reaction::Column::Thought), reactions));
        let mut removed = control.delete(&transaction, thought::Entity, thoughts).await?;
        removed += control.delete(&transaction, thought_comment::Entity, comments).await?;
        removed += control.delete(&transaction, thought_reaction::Entity, reactions).await?;
        control.commit(transaction).await?;
        Ok(removed > 0)
    }

    /// Takes the user's name off their public reviews, which then outlive the account. What they were before is deleted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn release_reviews(&self, user: &UserId) -> Result<(), StoreError> {
        let mut reviews = Query::select();
        reviews
            .column(("thought", thought::Column::Id))
            .from(self.control.table(thought::Entity))
            .and_where(of_thought(thought::Column::UserId).eq(user.as_str()))
            .and_where(of_thought(thought::Column::Rating).is_not_null())
            .and_where(of_thought(thought::Column::Audience).eq(Audience::Public.number()))
            // A title that awaits approval goes with the account.
            .and_where(fragments::visible_to(None));
        fragments::join(&mut reviews, of_thought(thought::Column::Title));
        let transaction = self.control.begin().await?;
        let of_reviews = Expr::col(thought_version::Column::Thought).in_subquery(reviews.clone());
        self.control.delete(&transaction, thought_version::Entity, of_reviews).await?;
        let release = Query::update()
            .table(self.control.table(thought::Entity))
            .value(thought::Column::UserId, None::<String>)
            // Nobody is left to close them.
            .value(thought::Column::CommentsClosed, true)
            .and_where(Expr::col(thought::Column::Id).in_subquery(reviews))
            .to_owned();
        self.control.execute(&transaction, &release).await?;
        self.control.commit(transaction).await
    }
}

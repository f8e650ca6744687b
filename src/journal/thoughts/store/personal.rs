//! All thoughts, comments and reactions of one user: for an export, and for the end of an account.

use entity::control::journal::{thought, thought_comment, thought_reaction, thought_version};
use sea_orm::{
    ColumnTrait,
    sea_query::{Expr, ExprTrait, Query},
};

use super::{Store, of_thought};
use crate::{
    catalogue::titles::fragments,
    identity::{access::UserId, people::Audience},
    platform::{db::Row, error::StoreError},
};

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

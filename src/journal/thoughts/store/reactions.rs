//! Reactions to thoughts.

use entity::control::journal::thought_reaction;
use sea_orm::{
    ColumnTrait,
    sea_query::{Expr, OnConflict, Query},
};

use super::Store;
use crate::{
    identity::{
        access::UserId,
        notices::{self, NewNotice},
    },
    journal::thoughts::{
        LIKED,
        model::{ThoughtError, ThoughtId},
    },
    platform::{clock, error::StoreError},
};

impl Store {
    /// Stores that somebody likes a thought, once, and tells its author.
    ///
    /// # Errors
    /// [`ThoughtError::NotFound`], [`ThoughtError::ReactionsClosed`], [`ThoughtError::ProfileHidden`], or [`StoreError`].
    pub async fn react(&self, user: &UserId, id: ThoughtId) -> Result<(), ThoughtError> {
        let transaction = self.control.begin().await?;
        let target = self.target(&transaction, user, id).await?;
        if target.reactions_closed {
            return Err(ThoughtError::ReactionsClosed);
        }
        let values: [Expr; 3] = [Expr::val(id.0), Expr::val(user.as_str()), Expr::val(clock::now_ms())];
        let insert = Query::insert()
            .into_table(self.control.table(thought_reaction::Entity))
            .columns([
                thought_reaction::Column::Thought,
                thought_reaction::Column::UserId,
                thought_reaction::Column::AtMs,
            ])
            .values(values)
            .map_err(|error| StoreError::Statement(sea_orm::DbErr::Type(error.to_string())))?
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .to_owned();
        let is_new = self.control.execute(&transaction, &insert).await? > 0;
        if let Some(author) = target.author().filter(|author| is_new && author != user) {
            let notice = NewNotice {
                user: &author,
                kind: LIKED,
                actor: Some(user),
                subject: Some(id.0.to_string()),
                detail: None,
                fold: Some(format!("reactions:{}", id.0)),
            };
            notices::tell(&self.control, &transaction, &notice).await?;
        }
        Ok(self.control.commit(transaction).await?)
    }

    /// Takes back that somebody likes a thought.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_back_reaction(&self, user: &UserId, id: ThoughtId) -> Result<(), StoreError> {
        let transaction = self.control.begin().await?;
        let own = thought_reaction::Column::Thought.eq(id.0);
        let own = sea_orm::sea_query::ExprTrait::and(own, thought_reaction::Column::UserId.eq(user.as_str()));
        self.control.delete(&transaction, thought_reaction::Entity, own).await?;
        self.control.commit(transaction).await
    }
}

//! The SQL of blocks.

use entity::control::identity::{block, follow, notice, profile};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryTrait, Set,
    sea_query::{Expr, ExprTrait, OnConflict, Order, Query, SelectStatement},
};

use super::{Store, UserRow, follows::ListedRow, of_profile};
use crate::{
    identity::{
        access::UserId,
        people::model::{ListedPerson, MAX_BLOCKS, PeopleError},
        profiles::Username,
    },
    platform::{
        error::StoreError,
        page::{Page, rows_for},
    },
};

impl Store {
    /// The user of that username, whether they show themselves or not: one column.
    pub(super) fn named(&self, username: &Username) -> SelectStatement {
        Query::select()
            .column(profile::Column::UserId)
            .from(self.control.table(profile::Entity))
            .and_where(profile::Column::UsernameKey.eq(username.key()))
            .to_owned()
    }

    /// Whether a user has blocked the person of that username.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn has_blocked(&self, blocker: &UserId, username: &Username) -> Result<bool, StoreError> {
        let select = self
            .control
            .select::<block::Entity>()
            .and_where(block::Column::Blocker.eq(blocker.as_str()))
            .and_where(block::Column::Blocked.in_subquery(self.named(username)))
            .to_owned();
        Ok(!self.control.all::<block::Model>(&select).await?.is_empty())
    }

    /// Blocks a person: neither follows the other any more, and neither keeps what they were told of the other.
    ///
    /// # Errors
    /// [`PeopleError::TooManyBlocks`], or [`StoreError`].
    pub async fn block(&self, blocker: &UserId, whom: &UserId, now_ms: i64) -> Result<(), PeopleError> {
        let control = &self.control;
        let transaction = control.begin().await?;
        self.lock_user(&transaction, blocker).await?;
        self.lock_profiles(&transaction, [blocker, whom]).await?;
        let row = block::ActiveModel {
            blocker: Set(blocker.as_str().to_owned()),
            blocked: Set(whom.as_str().to_owned()),
            since_ms: Set(now_ms),
        };
        let mut insert = block::Entity::insert(row).into_query();
        insert
            .into_table(control.table(block::Entity))
            .on_conflict(OnConflict::columns([block::Column::Blocker, block::Column::Blocked]).do_nothing().to_owned());
        control.execute(&transaction, &insert).await?;
        let all = Query::select()
            .expr_as(Expr::col(block::Column::Blocked), "user_id")
            .from(control.table(block::Entity))
            .and_where(block::Column::Blocker.eq(blocker.as_str()))
            .to_owned();
        if control.returned::<UserRow>(&transaction, &all).await?.len() > MAX_BLOCKS {
            return Err(PeopleError::TooManyBlocks);
        }
        for (one, other) in [(blocker, whom), (whom, blocker)] {
            let follows = follow::Column::Follower.eq(one.as_str()).and(follow::Column::Followed.eq(other.as_str()));
            control.delete(&transaction, follow::Entity, follows).await?;
            let notices = notice::Column::Actor.eq(one.as_str()).and(notice::Column::UserId.eq(other.as_str()));
            control.delete(&transaction, notice::Entity, notices).await?;
        }
        Ok(control.commit(transaction).await?)
    }

    /// Blocks a person no longer. Whether they were blocked, and whether there is anybody of that name, is not told.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn unblock(&self, blocker: &UserId, username: &Username) -> Result<(), StoreError> {
        let transaction = self.control.begin().await?;
        let named = self.named(username);
        let condition = block::Column::Blocker.eq(blocker.as_str()).and(block::Column::Blocked.in_subquery(named));
        self.control.delete(&transaction, block::Entity, condition).await?;
        self.control.commit(transaction).await
    }

    /// A page of the people whom a user has blocked, by username.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn blocks(
        &self,
        user: &UserId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<ListedPerson>, StoreError> {
        let of = |column: block::Column| Expr::col(("block", column));
        let key = || of_profile(profile::Column::UsernameKey);
        let select = self
            .all_cards()
            .column(("block", block::Column::SinceMs))
            .expr_as(Expr::val(false), "friends")
            .inner_join(
                self.control.table(block::Entity),
                of(block::Column::Blocked).equals(("profile", profile::Column::UserId)),
            )
            .and_where(of(block::Column::Blocker).eq(user.as_str()))
            .and_where_option(after.map(|after| key().gt(after)))
            .order_by(("profile", profile::Column::UsernameKey), Order::Asc)
            .limit(rows_for(limit))
            .to_owned();
        let rows: Vec<ListedRow> = self.control.all(&select).await?;
        Ok(Page::cut(rows, limit).map(ListedPerson::from))
    }
}

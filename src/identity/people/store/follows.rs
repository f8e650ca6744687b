//! The SQL of follows.

use entity::control::identity::{follow, profile};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryTrait, Set,
    sea_query::{Expr, ExprTrait, OnConflict, Order, Query},
};

use super::{CardRow, Store, UserRow, of_profile};
use crate::{
    identity::{
        access::UserId,
        notices::{self, NewNotice},
        people::model::{BEFRIENDED, FOLLOWED, FollowList, ListedPerson, MAX_FOLLOWS, PeopleError},
        profiles::{Username, blocked_either_way, follows, known_to},
    },
    platform::{
        error::StoreError,
        page::{Page, rows_for},
    },
};

#[derive(FromQueryResult)]
pub(super) struct ListedRow {
    #[sea_orm(nested)]
    card: CardRow,
    since_ms: i64,
    friends: bool,
}

impl From<ListedRow> for ListedPerson {
    fn from(row: ListedRow) -> Self {
        Self { card: row.card.into(), since_ms: row.since_ms, friends: row.friends }
    }
}

impl Store {
    /// Makes one user follow another, and tells them. Changes nothing where they do already.
    ///
    /// # Errors
    /// [`PeopleError::UsernameNeeded`], [`PeopleError::NotFound`] where one has blocked the other meanwhile,
    /// [`PeopleError::TooManyFollows`], or [`StoreError`].
    pub async fn follow(&self, follower: &UserId, whom: &UserId, now_ms: i64) -> Result<(), PeopleError> {
        let control = &self.control;
        let transaction = control.begin().await?;
        if self.lock_profiles(&transaction, [follower, whom]).await? < 2 {
            let has_profile = self.own_profile(follower).await?.is_some();
            return Err(if has_profile { PeopleError::NotFound } else { PeopleError::UsernameNeeded });
        }
        let blocked = Query::select()
            .column(profile::Column::UserId)
            .from(control.table(profile::Entity))
            .and_where(profile::Column::UserId.eq(whom.as_str()))
            .and_where(blocked_either_way(follower, of_profile(profile::Column::UserId)))
            .to_owned();
        if !control.returned::<UserRow>(&transaction, &blocked).await?.is_empty() {
            return Err(PeopleError::NotFound);
        }
        let row = follow::ActiveModel {
            follower: Set(follower.as_str().to_owned()),
            followed: Set(whom.as_str().to_owned()),
            since_ms: Set(now_ms),
        };
        let mut insert = follow::Entity::insert(row).into_query();
        insert.into_table(control.table(follow::Entity)).on_conflict(
            OnConflict::columns([follow::Column::Follower, follow::Column::Followed]).do_nothing().to_owned(),
        );
        if control.execute(&transaction, &insert).await? == 0 {
            return Ok(control.commit(transaction).await?);
        }
        let all = Query::select()
            .expr_as(Expr::col(follow::Column::Followed), "user_id")
            .from(control.table(follow::Entity))
            .and_where(follow::Column::Follower.eq(follower.as_str()))
            .to_owned();
        if control.returned::<UserRow>(&transaction, &all).await?.len() > MAX_FOLLOWS {
            return Err(PeopleError::TooManyFollows);
        }
        let back = follow::Column::Follower.eq(whom.as_str()).and(follow::Column::Followed.eq(follower.as_str()));
        let back = control.select::<follow::Entity>().and_where(back).to_owned();
        let is_back = !control.returned::<follow::Model>(&transaction, &back).await?.is_empty();
        let notice = NewNotice {
            user: whom,
            kind: if is_back { BEFRIENDED } else { FOLLOWED },
            actor: Some(follower),
            subject: None,
            detail: None,
            // Who unfollows and follows again is one notice.
            fold: Some(format!("follow:{follower}")),
        };
        notices::tell(control, &transaction, &notice).await?;
        Ok(control.commit(transaction).await?)
    }

    /// Makes a user follow somebody no longer. Whether they did, and whether there is anybody of that name, is not told.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn unfollow(&self, follower: &UserId, username: &Username) -> Result<(), StoreError> {
        let transaction = self.control.begin().await?;
        let named = self.named(username);
        let condition = follow::Column::Follower.eq(follower.as_str()).and(follow::Column::Followed.in_subquery(named));
        self.control.delete(&transaction, follow::Entity, condition).await?;
        self.control.commit(transaction).await
    }

    /// A page of one of a user's lists, the newest first, as far as these people show themselves to the user.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn follows(
        &self,
        user: &UserId,
        list: FollowList,
        after: Option<&(i64, String)>,
        limit: usize,
    ) -> Result<Page<ListedPerson>, StoreError> {
        let (own, other) = match list {
            FollowList::Followers => (follow::Column::Followed, follow::Column::Follower),
            FollowList::Followed | FollowList::Friends => (follow::Column::Follower, follow::Column::Followed),
        };
        let of = |column: follow::Column| Expr::col(("follow", column));
        let person = || of_profile(profile::Column::UserId);
        let is_back = match list {
            FollowList::Followers => follows(user.as_str(), person()),
            FollowList::Followed | FollowList::Friends => follows(person(), user.as_str()),
        };
        let mut select = self.all_cards();
        select
            .column(("follow", follow::Column::SinceMs))
            .expr_as(is_back.clone(), "friends")
            .inner_join(self.control.table(follow::Entity), of(other).equals(("profile", profile::Column::UserId)))
            .and_where(of(own).eq(user.as_str()))
            .cond_where(known_to(Some(user), person(), of_profile(profile::Column::Audience)))
            .order_by(("follow", follow::Column::SinceMs), Order::Desc)
            .order_by(("profile", profile::Column::UsernameKey), Order::Desc)
            .limit(rows_for(limit));
        if list == FollowList::Friends {
            select.and_where(is_back);
        }
        if let Some((since_ms, key)) = after {
            let since = || of(follow::Column::SinceMs);
            let later = of_profile(profile::Column::UsernameKey).lt(key.as_str()).or(since().lt(*since_ms));
            select.and_where(since().lte(*since_ms)).and_where(later);
        }
        let rows: Vec<ListedRow> = self.control.all(&select).await?;
        Ok(Page::cut(rows, limit).map(ListedPerson::from))
    }
}

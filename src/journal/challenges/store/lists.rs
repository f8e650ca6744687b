//! Lists of challenges. Each reads an index, and a bounded number of rows of it.

use entity::control::journal::{challenge, challenge_guest};
use sea_orm::sea_query::{ExprTrait, JoinType, Order, SelectStatement};

use super::{OWN, SeenRow, Store, of_challenge, of_guest};
use crate::{
    identity::{access::UserId, people::Cell},
    journal::challenges::model::{Challenge, ChallengeState, ListRequest, number},
    platform::{
        db::union_all,
        error::StoreError,
        page::{Page, rows_for},
    },
};

/// Gatherings that are looked at for one page of what is found.
pub const LOOKED_AT: usize = 500;

impl Store {
    async fn seen(&self, select: &SelectStatement) -> Result<Vec<Challenge>, StoreError> {
        let rows: Vec<SeenRow> = self.control.all(select).await?;
        Ok(rows.into_iter().map(Challenge::from).collect())
    }

    /// The challenges of a host, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn hosted(&self, host: &UserId, list: &ListRequest) -> Result<Page<Challenge>, StoreError> {
        let mut select = self.shown(Some(host), JoinType::LeftJoin);
        select
            .and_where(of_challenge(challenge::Column::Host).eq(host.as_str()))
            .and_where_option(list.title.map(|title| of_challenge(challenge::Column::Title).eq(title.0)))
            .and_where_option(list.after.map(|(_, id)| of_challenge(challenge::Column::Id).lt(id)))
            .order_by(("challenge", challenge::Column::Id), Order::Desc)
            .limit(rows_for(list.limit));
        Ok(Page::cut(self.seen(&select).await?, list.limit))
    }

    /// The challenges whose guest a user is, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn invited(&self, user: &UserId, list: &ListRequest) -> Result<Page<Challenge>, StoreError> {
        let of_own = |column| of_guest(OWN, column);
        let mut select = self.shown(Some(user), JoinType::InnerJoin);
        select
            .and_where_option(list.title.map(|title| of_challenge(challenge::Column::Title).eq(title.0)))
            .and_where_option(list.after.map(|(_, id)| of_own(challenge_guest::Column::Challenge).lt(id)))
            .order_by((OWN, challenge_guest::Column::Challenge), Order::Desc)
            .limit(rows_for(list.limit));
        Ok(Page::cut(self.seen(&select).await?, list.limit))
    }

    /// The gatherings in these regions that have not begun and that the viewer sees, by time: [`LOOKED_AT`] at most.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn in_regions(
        &self,
        viewer: &UserId,
        regions: &[Cell],
        list: &ListRequest,
        now_ms: i64,
    ) -> Result<Vec<Challenge>, StoreError> {
        let starts = || of_challenge(challenge::Column::StartsAtMs);
        let open = [ChallengeState::Pending, ChallengeState::Accepted, ChallengeState::Declined].map(number);
        let after = list.after.map(|(at_ms, id)| {
            let later = starts().gt(at_ms).or(of_challenge(challenge::Column::Id).gt(id));
            starts().gte(at_ms).and(later)
        });
        let in_region = |region: &Cell| {
            let mut select = self.shown(Some(viewer), JoinType::LeftJoin);
            select
                .and_where(of_challenge(challenge::Column::Region).eq(region.number()))
                .and_where(starts().gt(now_ms))
                .and_where_option(after.clone())
                .and_where(of_challenge(challenge::Column::State).is_in(open))
                .and_where_option(list.title.map(|title| of_challenge(challenge::Column::Title).eq(title.0)))
                .order_by(("challenge", challenge::Column::StartsAtMs), Order::Asc)
                .order_by(("challenge", challenge::Column::Id), Order::Asc)
                .limit(u64::try_from(LOOKED_AT).unwrap_or(u64::MAX));
            select
        };
        let Some(mut select) = union_all(regions.iter().map(in_region)) else { return Ok(Vec::new()) };
        select
            .order_by(challenge::Column::StartsAtMs, Order::Asc)
            .order_by(challenge::Column::Id, Order::Asc)
            .limit(u64::try_from(LOOKED_AT).unwrap_or(u64::MAX));
        self.seen(&select).await
    }
}

//! Making, changing and deleting challenges.

use entity::control::journal::{challenge, challenge_guest, challenge_host};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::NotSet,
    ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryTrait, Set,
    sea_query::{CaseStatement, Expr, ExprTrait, Func, OnConflict, Query},
};

use super::{Store, count};
use crate::{
    catalogue::titles::TitleId,
    identity::{access::UserId, profiles::set_audience},
    journal::challenges::model::{
        ChallengeError, ChallengeId, ChallengeState, Details, GuestState, MAX_HOSTED, MAX_OPEN, SessionType, joined,
        number,
    },
    platform::error::StoreError,
};

#[derive(FromQueryResult)]
struct IdRow {
    id: i64,
}

#[derive(FromQueryResult)]
struct InvitationsRow {
    invitations: i64,
}

#[derive(Default, FromQueryResult)]
struct CountsRow {
    hosted: i64,
    open: i64,
}

/// What is stored of the details of a challenge, with its address sealed.
fn row_of(details: &Details, sealed_address: Option<&str>) -> challenge::ActiveModel {
    let venue = details.venue.as_ref();
    let cell = venue.and_then(|venue| venue.cell);
    challenge::ActiveModel {
        audience: Set(details.audience.number()),
        text: Set(details.text.clone()),
        capacity: Set(details.capacity),
        starts_at_ms: Set(details.starts_at_ms),
        zone: Set(details.zone.name().to_owned()),
        minutes: Set(details.minutes),
        area: Set(venue.map(|venue| venue.area.clone())),
        cell: Set(cell.map(crate::identity::people::Cell::number)),
        region: Set(cell.map(|cell| cell.region().number())),
        address: Set(sealed_address.map(str::to_owned)),
        brings: Set(joined(&details.brings)),
        needs: Set(joined(&details.needs)),
        ..Default::default()
    }
}

impl Store {
    /// Counts invitations that a host sends on a day; returns how many there are with them. Whoever counts waits for others who count
    /// for the same host.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count_invitations(
        &self,
        transaction: &DatabaseTransaction,
        host: &UserId,
        day: i64,
        invitations: i64,
    ) -> Result<i64, StoreError> {
        let row = challenge_host::ActiveModel {
            user: Set(host.as_str().to_owned()),
            day: Set(day),
            invitations: Set(invitations),
        };
        let before = Expr::col(("challenge_host", challenge_host::Column::Invitations));
        let is_today = Expr::col(("challenge_host", challenge_host::Column::Day)).eq(day);
        let sum = CaseStatement::new().case(is_today, before.add(invitations)).finally(invitations);
        let again = OnConflict::column(challenge_host::Column::User)
            .update_column(challenge_host::Column::Day)
            .value(challenge_host::Column::Invitations, sum)
            .to_owned();
        let mut insert = challenge_host::Entity::insert(row).into_query();
        insert
            .into_table(self.control.table(challenge_host::Entity))
            .on_conflict(again)
            .returning_col(challenge_host::Column::Invitations);
        let rows: Vec<InvitationsRow> = self.control.returned(transaction, &insert).await?;
        Ok(rows.first().map_or(i64::MAX, |row| row.invitations))
    }

    /// Stores a new challenge, whose host was counted before in this transaction.
    ///
    /// # Errors
    /// [`ChallengeError::TooManyChallenges`], or [`StoreError`].
    pub async fn insert(
        &self,
        transaction: &DatabaseTransaction,
        (host, title, session_type): (&UserId, TitleId, SessionType),
        details: &Details,
        sealed_address: Option<&str>,
        (now_ms, is_reminded): (i64, bool),
    ) -> Result<ChallengeId, ChallengeError> {
        let open = [ChallengeState::Pending, ChallengeState::Accepted].map(number);
        let is_open =
            Expr::col(challenge::Column::State).is_in(open).and(Expr::col(challenge::Column::StartsAtMs).gt(now_ms));
        let open = Expr::case(is_open, 1).finally(Expr::cust("NULL"));
        let counts = Query::select()
            .expr_as(Expr::cust("count(*)"), "hosted")
            .expr_as(Func::count(Expr::Case(Box::new(open))), "open")
            .from(self.control.table(challenge::Entity))
            .and_where(challenge::Column::Host.eq(host.as_str()))
            .to_owned();
        let counts: Vec<CountsRow> = self.control.returned(transaction, &counts).await?;
        let counts = counts.into_iter().next().unwrap_or_default();
        if count(counts.open) >= MAX_OPEN || count(counts.hosted) >= MAX_HOSTED {
            return Err(ChallengeError::TooManyChallenges);
        }
        let row = challenge::ActiveModel {
            host: Set(Some(host.as_str().to_owned())),
            title: Set(title.0),
            session_type: Set(number(session_type)),
            state: Set(number(ChallengeState::Pending)),
            reminded: Set(is_reminded),
            turns: Set(0),
            revision: Set(0),
            created_at_ms: Set(now_ms),
            changed_at_ms: Set(now_ms),
            ..row_of(details, sealed_address)
        };
        let mut insert = challenge::Entity::insert(row).into_query();
        insert.into_table(self.control.table(challenge::Entity)).returning_col(challenge::Column::Id);
        let rows: Vec<IdRow> = self.control.returned(transaction, &insert).await?;
        rows.first().map(|row| ChallengeId(row.id)).ok_or(ChallengeError::NotFound)
    }

    /// Replaces what a host has decided, of a challenge that is locked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn replace(
        &self,
        transaction: &DatabaseTransaction,
        id: ChallengeId,
        details: &Details,
        sealed_address: Option<&str>,
        is_reminded: bool,
    ) -> Result<(), StoreError> {
        let row =
            challenge::ActiveModel { reminded: Set(is_reminded), audience: NotSet, ..row_of(details, sealed_address) };
        let mut update = Query::update();
        update.table(self.control.table(challenge::Entity)).and_where(challenge::Column::Id.eq(id.0));
        for column in <challenge::Column as sea_orm::Iterable>::iter() {
            if let Some(value) = ActiveModelTrait::get(&row, column).into_value() {
                update.value(column, value);
            }
        }
        set_audience(&mut update, details.audience);
        self.control.execute(transaction, &update).await.map(drop)
    }

    /// Deletes a challenge with its guests and its history.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete(&self, transaction: &DatabaseTransaction, id: ChallengeId) -> Result<(), StoreError> {
        self.control.delete(transaction, challenge::Entity, challenge::Column::Id.eq(id.0)).await.map(drop)
    }

    /// Wipes the address of a challenge.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn wipe(&self, transaction: &DatabaseTransaction, id: ChallengeId) -> Result<(), StoreError> {
        let update = Query::update()
            .table(self.control.table(challenge::Entity))
            .value(challenge::Column::Address, None::<String>)
            .and_where(challenge::Column::Id.eq(id.0))
            .to_owned();
        self.control.execute(transaction, &update).await.map(drop)
    }

    /// Notes that everybody was reminded of a challenge.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_reminded(&self, transaction: &DatabaseTransaction, id: ChallengeId) -> Result<(), StoreError> {
        let update = Query::update()
            .table(self.control.table(challenge::Entity))
            .value(challenge::Column::Reminded, true)
            .and_where(challenge::Column::Id.eq(id.0))
            .to_owned();
        self.control.execute(transaction, &update).await.map(drop)
    }

    /// The challenges of a host that are open, or whose time has come and that are not closed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_of(&self, host: &UserId) -> Result<Vec<ChallengeId>, StoreError> {
        let open = [ChallengeState::Pending, ChallengeState::Accepted, ChallengeState::Declined].map(number);
        let select = Query::select()
            .column(challenge::Column::Id)
            .from(self.control.table(challenge::Entity))
            .and_where(challenge::Column::Host.eq(host.as_str()))
            .and_where(challenge::Column::State.is_in(open))
            .to_owned();
        let rows: Vec<IdRow> = self.control.all(&select).await?;
        Ok(rows.into_iter().map(|row| ChallengeId(row.id)).collect())
    }

    /// The open challenges in which somebody comes, waits, or is asked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_with(&self, guest: &UserId) -> Result<Vec<ChallengeId>, StoreError> {
        let open = [ChallengeState::Pending, ChallengeState::Accepted].map(number);
        let active = [GuestState::Pending, GuestState::Accepted, GuestState::Waiting].map(number);
        let is_of = Expr::col(("challenge", challenge::Column::Id))
            .equals(("challenge_guest", challenge_guest::Column::Challenge));
        let select = Query::select()
            .column(("challenge", challenge::Column::Id))
            .from(self.control.table(challenge_guest::Entity))
            .inner_join(self.control.table(challenge::Entity), is_of)
            .and_where(challenge_guest::Column::UserId.eq(guest.as_str()))
            .and_where(challenge_guest::Column::State.is_in(active))
            .and_where(challenge::Column::State.is_in(open))
            .to_owned();
        let rows: Vec<IdRow> = self.control.all(&select).await?;
        Ok(rows.into_iter().map(|row| ChallengeId(row.id)).collect())
    }

    /// Takes the host's name, and all that they have written, off a challenge that was called off at that moment, so that the guests whom
    /// that concerned may read it. Without any it is deleted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn release(
        &self,
        transaction: &DatabaseTransaction,
        id: ChallengeId,
        at_ms: i64,
    ) -> Result<(), StoreError> {
        let others = challenge_guest::Column::Challenge.eq(id.0).and(challenge_guest::Column::SinceMs.ne(at_ms));
        self.control.delete(transaction, challenge_guest::Entity, others).await?;
        let left = Query::select()
            .column(challenge_guest::Column::Id)
            .from(self.control.table(challenge_guest::Entity))
            .and_where(challenge_guest::Column::Challenge.eq(id.0))
            .limit(1)
            .to_owned();
        if self.control.returned::<IdRow>(transaction, &left).await?.is_empty() {
            return self.delete(transaction, id).await;
        }
        let update = Query::update()
            .table(self.control.table(challenge::Entity))
            .value(challenge::Column::Host, None::<String>)
            .value(challenge::Column::Text, "")
            .value(challenge::Column::Area, None::<String>)
            .value(challenge::Column::Cell, None::<i64>)
            .value(challenge::Column::Region, None::<i64>)
            .value(challenge::Column::Address, None::<String>)
            .value(challenge::Column::Brings, "")
            .value(challenge::Column::Needs, "")
            .and_where(challenge::Column::Id.eq(id.0))
            .to_owned();
        self.control.execute(transaction, &update).await?;
        self.forget_moves(transaction, id).await
    }
}

//! Moves: a challenge is locked and read with all its guests, and what has changed is written.

use entity::control::journal::{challenge, challenge_guest, challenge_move};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult, Set,
    sea_query::{Expr, ExprTrait, LockType, Query},
};

use super::{Store, guest_of, of_guest};
use crate::{
    identity::{access::UserId, people::blocked_with, profiles::asked_audience},
    journal::challenges::model::{ChallengeId, ChallengeState, Guest, GuestState, Roster, number, stored},
    platform::{error::StoreError, named::Named},
};

/// A challenge that nobody else moves until the transaction ends.
#[derive(Debug)]
pub struct Locked {
    /// Its id.
    pub id: ChallengeId,
    /// The host.
    pub host: Option<UserId>,
    /// Its revision.
    pub revision: i64,
    /// When it was last changed.
    pub changed_at_ms: i64,
    /// When it begins, as it was locked.
    pub starts_at_ms: i64,
    /// The address, sealed.
    pub sealed_address: Option<String>,
    /// Whether everybody was reminded.
    pub is_reminded: bool,
    /// It, and its guests.
    pub roster: Roster,
}

#[derive(FromQueryResult)]
struct GuestRow {
    #[sea_orm(nested)]
    row: challenge_guest::Model,
    blocked: i64,
}

impl Store {
    /// Locks a challenge; none where it is gone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lock(
        &self,
        transaction: &DatabaseTransaction,
        id: ChallengeId,
        offered_for: std::time::Duration,
    ) -> Result<Option<Locked>, StoreError> {
        let select = self
            .control
            .select::<challenge::Entity>()
            .and_where(Expr::col(challenge::Column::Id).eq(id.0))
            .lock(LockType::Update)
            .to_owned();
        let rows: Vec<challenge::Model> = self.control.returned(transaction, &select).await?;
        let Some(row) = rows.into_iter().next() else { return Ok(None) };
        let host = row.host.as_deref().map(UserId::stored);
        let user = of_guest("challenge_guest", challenge_guest::Column::UserId);
        let is_blocked = match &host {
            Some(host) => {
                let case = Expr::case(user.in_subquery(blocked_with(host)), Expr::val(1_i64)).finally(Expr::val(0_i64));
                Expr::expr(case).cast_as("bigint")
            }
            None => Expr::cust("CAST(0 AS BIGINT)"),
        };
        let select = self
            .control
            .select::<challenge_guest::Entity>()
            .expr_as(is_blocked, "blocked")
            .and_where(of_guest("challenge_guest", challenge_guest::Column::Challenge).eq(id.0))
            .to_owned();
        let guests: Vec<GuestRow> = self.control.returned(transaction, &select).await?;
        let mut guests: Vec<Guest> = guests.into_iter().map(|guest| guest_of(guest.row, guest.blocked > 0)).collect();
        guests.sort_by_key(|guest| guest.id);
        let roster = Roster {
            state: stored(row.state, ChallengeState::Expired),
            audience: asked_audience(row.audience, row.audience_asked),
            capacity: usize::try_from(row.capacity).unwrap_or_default(),
            starts_at_ms: row.starts_at_ms,
            turns: row.turns,
            guests,
            offered_for,
            moves: Vec::new(),
            news: Vec::new(),
        };
        Ok(Some(Locked {
            id,
            host,
            revision: row.revision,
            changed_at_ms: row.changed_at_ms,
            starts_at_ms: row.starts_at_ms,
            sealed_address: row.address,
            is_reminded: row.reminded,
            roster,
        }))
    }

    /// Writes what has changed since a challenge was locked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn save(
        &self,
        transaction: &DatabaseTransaction,
        locked: &Locked,
        now_ms: i64,
    ) -> Result<(), StoreError> {
        let Locked { id, roster, .. } = locked;
        let update = Query::update()
            .table(self.control.table(challenge::Entity))
            .value(challenge::Column::State, number(roster.state))
            .value(challenge::Column::Turns, roster.turns)
            .value(challenge::Column::Revision, Expr::col(challenge::Column::Revision).add(1))
            .value(challenge::Column::ChangedAtMs, now_ms)
            .and_where(challenge::Column::Id.eq(id.0))
            .to_owned();
        self.control.execute(transaction, &update).await?;
        let (known, new): (Vec<&Guest>, Vec<&Guest>) =
            roster.guests.iter().filter(|guest| guest.is_changed).partition(|guest| guest.id.is_some());
        // What ends for many at once is one statement.
        for state in [GuestState::Cancelled, GuestState::Expired] {
            let these = known.iter().filter(|guest| guest.state == state);
            let ids: Vec<i64> = these.filter_map(|guest| guest.id).collect();
            if ids.is_empty() {
                continue;
            }
            let update = Query::update()
                .table(self.control.table(challenge_guest::Entity))
                .value(challenge_guest::Column::State, number(state))
                .value(challenge_guest::Column::Turn, None::<i64>)
                .value(challenge_guest::Column::AnswerByMs, None::<i64>)
                .value(challenge_guest::Column::SinceMs, now_ms)
                .and_where(self.control.among(challenge_guest::Column::Id, &ids))
                .to_owned();
            self.control.execute(transaction, &update).await?;
        }
        for guest in known.iter().filter(|guest| !matches!(guest.state, GuestState::Cancelled | GuestState::Expired)) {
            self.update_guest(transaction, guest).await?;
        }
        let row = |guest: &&Guest| challenge_guest::ActiveModel {
            challenge: Set(id.0),
            user_id: Set(guest.user.as_str().to_owned()),
            state: Set(number(guest.state)),
            invited: Set(guest.is_invited),
            turn: Set(guest.turn),
            answer_by_ms: Set(guest.answer_by_ms),
            brings: Set(guest.brings.clone()),
            no_show: Set(guest.no_show),
            since_ms: Set(guest.since_ms),
            ..challenge_guest::ActiveModel::default()
        };
        self.control.insert(transaction, new.iter().map(row).collect()).await?;
        let line = |made: &crate::journal::challenges::model::Move| challenge_move::ActiveModel {
            challenge: Set(id.0),
            guest: Set(made.guest.as_ref().map(|guest| guest.as_str().to_owned())),
            by: Set(made.by.public_name().to_owned()),
            what: Set(made.what.public_name().to_owned()),
            state: Set(number(made.state)),
            at_ms: Set(now_ms),
            ..challenge_move::ActiveModel::default()
        };
        self.control.insert(transaction, roster.moves.iter().map(line).collect()).await
    }

    async fn update_guest(&self, transaction: &DatabaseTransaction, guest: &Guest) -> Result<(), StoreError> {
        let Some(id) = guest.id else { return Ok(()) };
        let update = Query::update()
            .table(self.control.table(challenge_guest::Entity))
            .value(challenge_guest::Column::State, number(guest.state))
            .value(challenge_guest::Column::Invited, guest.is_invited)
            .value(challenge_guest::Column::Turn, guest.turn)
            .value(challenge_guest::Column::AnswerByMs, guest.answer_by_ms)
            .value(challenge_guest::Column::Brings, guest.brings.as_str())
            .value(challenge_guest::Column::NoShow, guest.no_show)
            .value(challenge_guest::Column::SinceMs, guest.since_ms)
            .and_where(challenge_guest::Column::Id.eq(id))
            .to_owned();
        self.control.execute(transaction, &update).await.map(drop)
    }

    /// Forgets the history of a challenge.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn forget_moves(&self, transaction: &DatabaseTransaction, id: ChallengeId) -> Result<(), StoreError> {
        let of_challenge = challenge_move::Column::Challenge.eq(id.0);
        self.control.delete(transaction, challenge_move::Entity, of_challenge).await.map(drop)
    }
}

//! Telling people of what has happened: notices, and the jobs that send emails, in slices of one transaction.

use entity::control::journal::{challenge, challenge_guest};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult,
    sea_query::{Expr, ExprTrait, Order, Query},
};

use super::{Store, of_challenge};
use crate::{
    identity::{
        access::UserId,
        notices::{self, NewNotice, NoticeKind},
    },
    journal::challenges::model::{ChallengeId, ChallengeState, GuestState, Update, number, stored},
    platform::{
        error::StoreError,
        jobs::{self, NewJob},
    },
};

/// A guest who is told.
#[derive(Debug, FromQueryResult)]
struct GuestIdRow {
    id: i64,
    user_id: String,
}

/// Somebody to whom an email is sent, as they stand to the challenge now.
#[derive(Clone, Debug, FromQueryResult)]
struct ReaderRow {
    title: i64,
    host: Option<String>,
    state: i16,
    area: Option<String>,
    starts_at_ms: i64,
    zone: String,
    hidden: Option<i16>,
    user_id: Option<String>,
    guest_state: Option<i16>,
    answer_by_ms: Option<i64>,
}

/// What an email says, and to whom.
#[derive(Clone, Debug)]
pub struct EmailFacts {
    /// Who gets it.
    pub user: UserId,
    /// The host.
    pub host: Option<UserId>,
    /// The title.
    pub title: crate::catalogue::titles::TitleId,
    /// The area.
    pub area: Option<String>,
    /// When it begins.
    pub starts_at_ms: i64,
    /// The name of the time zone.
    pub zone: String,
    /// Until when a place is kept.
    pub answer_by_ms: Option<i64>,
}

impl Store {
    /// The next guests, by their rows, whom some news is for: those whose state became what it is at that moment, or who are there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn guests_to_tell(
        &self,
        transaction: &DatabaseTransaction,
        id: ChallengeId,
        (news, at_ms): (Update, i64),
        (after, limit): (i64, u64),
    ) -> Result<Vec<(i64, UserId)>, StoreError> {
        let state = |states: &[GuestState]| {
            challenge_guest::Column::State.is_in(states.iter().map(|state| number(*state)).collect::<Vec<_>>())
        };
        let then = challenge_guest::Column::SinceMs.eq(at_ms);
        let who = match news {
            Update::Invited => {
                state(&[GuestState::Pending]).and(challenge_guest::Column::AnswerByMs.is_null()).and(then)
            }
            Update::PlaceFree => {
                state(&[GuestState::Pending]).and(challenge_guest::Column::AnswerByMs.is_not_null()).and(then)
            }
            Update::Cancelled => state(&[GuestState::Cancelled]).and(then),
            Update::Changed => state(&[GuestState::Pending, GuestState::Accepted, GuestState::Waiting]),
            Update::Reminder => state(&[GuestState::Accepted]),
        };
        // Of what is hidden guests learn no more than that it was called off.
        let hidden = Query::select()
            .column(challenge::Column::Id)
            .from(self.control.table(challenge::Entity))
            .and_where(challenge::Column::Id.eq(id.0))
            .and_where(challenge::Column::Hidden.is_not_null())
            .to_owned();
        let is_shown = (news != Update::Cancelled).then(|| challenge_guest::Column::Challenge.not_in_subquery(hidden));
        let select = Query::select()
            .columns([challenge_guest::Column::Id, challenge_guest::Column::UserId])
            .from(self.control.table(challenge_guest::Entity))
            .and_where(challenge_guest::Column::Challenge.eq(id.0))
            .and_where(challenge_guest::Column::Id.gt(after))
            .and_where(who)
            .and_where_option(is_shown)
            .order_by(challenge_guest::Column::Id, Order::Asc)
            .limit(limit)
            .to_owned();
        let rows: Vec<GuestIdRow> = self.control.returned(transaction, &select).await?;
        Ok(rows.into_iter().map(|row| (row.id, UserId::stored(&row.user_id))).collect())
    }

    /// The host of a challenge.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn host_of(
        &self,
        transaction: &DatabaseTransaction,
        id: ChallengeId,
    ) -> Result<Option<UserId>, StoreError> {
        let select = self
            .control
            .select::<challenge::Entity>()
            .and_where(of_challenge(challenge::Column::Id).eq(id.0))
            .to_owned();
        let rows: Vec<challenge::Model> = self.control.returned(transaction, &select).await?;
        Ok(rows.into_iter().next().and_then(|row| row.host).as_deref().map(UserId::stored))
    }

    /// Stores a notice, and asks for an email where they want to be told of that; `email` is asked for only then.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn tell(
        &self,
        transaction: &DatabaseTransaction,
        (user, kind, actor): (&UserId, NoticeKind, Option<&UserId>),
        id: ChallengeId,
        email: Option<NewJob>,
    ) -> Result<(), StoreError> {
        let notice = NewNotice {
            user,
            kind,
            actor,
            subject: Some(id.0.to_string()),
            detail: None,
            fold: Some(format!("{} {}", kind.name, id.0)),
        };
        let is_told = notices::tell(&self.control, transaction, &notice).await?;
        match email {
            Some(email) if is_told => jobs::enqueue_quietly(&self.control, transaction, email).await,
            _ => Ok(()),
        }
    }

    /// What an email about some news says, to a guest by their row, or to the host; none where it is out of date.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn email_facts(
        &self,
        id: ChallengeId,
        guest: Option<i64>,
        news: Update,
    ) -> Result<Option<EmailFacts>, StoreError> {
        let of_guest = |column| Expr::col(("challenge_guest", column));
        let mut select = Query::select();
        select
            .columns(
                [
                    challenge::Column::Title,
                    challenge::Column::Host,
                    challenge::Column::State,
                    challenge::Column::Area,
                    challenge::Column::StartsAtMs,
                    challenge::Column::Zone,
                    challenge::Column::Hidden,
                ]
                .map(|column| ("challenge", column)),
            )
            .expr_as(of_guest(challenge_guest::Column::UserId), "user_id")
            .expr_as(of_guest(challenge_guest::Column::State), "guest_state")
            .expr_as(of_guest(challenge_guest::Column::AnswerByMs), "answer_by_ms")
            .from(self.control.table(challenge::Entity))
            .left_join(
                self.control.table(challenge_guest::Entity),
                of_guest(challenge_guest::Column::Challenge)
                    .eq(of_challenge(challenge::Column::Id))
                    // No row has this id, for the host.
                    .and(of_guest(challenge_guest::Column::Id).eq(guest.unwrap_or_default())),
            )
            .and_where(of_challenge(challenge::Column::Id).eq(id.0));
        let rows: Vec<ReaderRow> = self.control.all(&select).await?;
        let Some(row) = rows.into_iter().next() else { return Ok(None) };
        let guest_state = row.guest_state.map(|state| stored(state, GuestState::Expired));
        let is_accepted = stored(row.state, ChallengeState::Expired) == ChallengeState::Accepted;
        let is_timely = match news {
            Update::Invited => guest_state == Some(GuestState::Pending),
            Update::PlaceFree => guest_state == Some(GuestState::Pending) && row.answer_by_ms.is_some(),
            Update::Cancelled => guest_state == Some(GuestState::Cancelled),
            Update::Reminder => is_accepted && guest_state.is_none_or(|state| state == GuestState::Accepted),
            Update::Changed => false,
        };
        let user = if guest.is_some() { row.user_id } else { row.host.clone() };
        let Some(user) = user.filter(|_| is_timely && (row.hidden.is_none() || news == Update::Cancelled)) else {
            return Ok(None);
        };
        Ok(Some(EmailFacts {
            user: UserId::stored(&user),
            host: row.host.as_deref().map(UserId::stored),
            title: crate::catalogue::titles::TitleId(row.title),
            area: row.area,
            starts_at_ms: row.starts_at_ms,
            zone: row.zone,
            answer_by_ms: row.answer_by_ms,
        }))
    }
}

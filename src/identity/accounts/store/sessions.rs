//! Sessions: opened, found by their token's digest, and ended.

use entity::control::identity::{user, user_session};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult, Set, SqlErr,
    sea_query::{Expr, ExprTrait, Order, Query},
};

use super::Store;
use crate::{
    identity::{
        access::{Ban, UserId},
        accounts::model::{AccountError, ActiveSession, NewSession, OpenSession},
    },
    platform::error::StoreError,
};

/// Sessions of a user, at most; opening another ends those that have been unused for longest.
const MAX_SESSIONS: u64 = 50;

#[derive(FromQueryResult)]
struct ActiveSessionRow {
    id: String,
    user: String,
    used_at_ms: i64,
    banned_until_ms: Option<i64>,
    ban_reason: Option<i16>,
}

#[derive(FromQueryResult)]
struct AddressRow {
    address: String,
}

impl From<ActiveSessionRow> for ActiveSession {
    fn from(row: ActiveSessionRow) -> Self {
        let ban = Ban::stored(row.banned_until_ms, row.ban_reason);
        Self { id: row.id, user: UserId::stored(&row.user), used_at_ms: row.used_at_ms, ban }
    }
}

impl From<user_session::Model> for OpenSession {
    fn from(row: user_session::Model) -> Self {
        let user_session::Model { id, cookie, address, agent, created_at_ms, used_at_ms, expires_at_ms, .. } = row;
        Self { id, cookie, address, agent, created_at_ms, used_at_ms, expires_at_ms }
    }
}

/// Maps a violated unique constraint: the idempotency key has opened another session.
fn request_taken(error: StoreError) -> AccountError {
    match &error {
        StoreError::InvalidRow(cause) if matches!(cause.sql_err(), Some(SqlErr::UniqueConstraintViolation(_))) => {
            AccountError::KeyReused
        }
        _ => error.into(),
    }
}

impl Store {
    /// Stores a new session, in place of one that the same request has opened since `requests_since_ms`. Ends the user's longest
    /// unused ones if there are [`MAX_SESSIONS`].
    ///
    /// # Errors
    /// [`AccountError::KeyReused`], or [`StoreError`].
    pub async fn insert_session(&self, new: NewSession, requests_since_ms: i64) -> Result<(), AccountError> {
        let NewSession { digest, user, epoch, session, request } = new;
        let cookie = session.cookie;
        let row = user_session::ActiveModel {
            digest: Set(digest.to_vec()),
            id: Set(session.id),
            user: Set(user.as_str().to_owned()),
            epoch: Set(epoch),
            cookie: Set(session.cookie),
            address: Set(session.address),
            agent: Set(session.agent),
            created_at_ms: Set(session.created_at_ms),
            used_at_ms: Set(session.used_at_ms),
            expires_at_ms: Set(session.expires_at_ms),
            request: Set(request.map(|request| request.to_vec())),
        };
        let of_user = || user_session::Column::User.eq(user.as_str());
        let surplus = Query::select()
            .column(user_session::Column::Id)
            .from(self.control.table(user_session::Entity))
            .and_where(of_user())
            .order_by(user_session::Column::UsedAtMs, Order::Desc)
            .offset(MAX_SESSIONS - 1)
            .limit(MAX_SESSIONS)
            .to_owned();
        let transaction = self.control.begin().await?;
        // So that of many sign-ins at once each finds the sessions of those before it.
        self.lock_user(&transaction, &user).await?;
        if let Some(request) = request {
            let same = || user_session::Column::Request.eq(request.to_vec());
            let repeated = user_session::Column::User.eq(user.as_str()).and(user_session::Column::Cookie.eq(cookie));
            let outdated = user_session::Column::CreatedAtMs.lte(requests_since_ms);
            self.control.delete(&transaction, user_session::Entity, same().and(repeated)).await?;
            let release = Query::update()
                .table(self.control.table(user_session::Entity))
                .value(user_session::Column::Request, None::<Vec<u8>>)
                .and_where(same().and(outdated))
                .to_owned();
            self.control.execute(&transaction, &release).await?;
        }
        let longest_unused = of_user().and(user_session::Column::Id.in_subquery(surplus));
        self.control.delete(&transaction, user_session::Entity, longest_unused).await?;
        self.control.insert(&transaction, vec![row]).await.map_err(request_taken)?;
        Ok(self.control.commit(transaction).await?)
    }

    /// The addresses of a user's sessions of that epoch that were used after `idle_since_ms` and expire after `now_ms`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn session_addresses(
        &self,
        user: &str,
        epoch: i64,
        idle_since_ms: i64,
        now_ms: i64,
    ) -> Result<Vec<String>, StoreError> {
        let select = Query::select()
            .column(user_session::Column::Address)
            .from(self.control.table(user_session::Entity))
            .and_where(user_session::Column::User.eq(user))
            .and_where(user_session::Column::Epoch.eq(epoch))
            .and_where(user_session::Column::UsedAtMs.gt(idle_since_ms))
            .and_where(user_session::Column::ExpiresAtMs.gt(now_ms))
            .to_owned();
        let rows: Vec<AddressRow> = self.control.all(&select).await?;
        Ok(rows.into_iter().map(|row| row.address).collect())
    }

    /// Finds the session of a token that was used after `idle_since_ms`, expires after `now_ms` and is of the user's
    /// present epoch.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find_session(
        &self,
        digest: [u8; 32],
        idle_since_ms: i64,
        now_ms: i64,
    ) -> Result<Option<ActiveSession>, StoreError> {
        const SESSION: &str = "user_session";
        let same_epoch = Expr::col(("user", user::Column::Id))
            .equals((SESSION, user_session::Column::User))
            .and(Expr::col(("user", user::Column::Epoch)).equals((SESSION, user_session::Column::Epoch)));
        let select = Query::select()
            .columns(
                [user_session::Column::Id, user_session::Column::User, user_session::Column::UsedAtMs]
                    .map(|column| (SESSION, column)),
            )
            .columns([user::Column::BannedUntilMs, user::Column::BanReason].map(|column| ("user", column)))
            .from(self.control.table(user_session::Entity))
            .inner_join(self.control.table(user::Entity), same_epoch)
            .and_where(user_session::Column::Digest.eq(digest.to_vec()))
            .and_where(user_session::Column::UsedAtMs.gt(idle_since_ms))
            .and_where(user_session::Column::ExpiresAtMs.gt(now_ms))
            .to_owned();
        let row: Option<ActiveSessionRow> = self.control.all(&select).await?.pop();
        Ok(row.map(ActiveSession::from))
    }

    /// The open sessions of a user, newest first.
    pub(super) async fn list_sessions(
        &self,
        user: &UserId,
        epoch: i64,
        idle_since_ms: i64,
        now_ms: i64,
    ) -> Result<Vec<OpenSession>, StoreError> {
        let select = self
            .control
            .select::<user_session::Entity>()
            .and_where(user_session::Column::User.eq(user.as_str()))
            .and_where(user_session::Column::Epoch.eq(epoch))
            .and_where(user_session::Column::UsedAtMs.gt(idle_since_ms))
            .and_where(user_session::Column::ExpiresAtMs.gt(now_ms))
            .order_by(user_session::Column::Id, Order::Desc)
            .to_owned();
        let rows: Vec<user_session::Model> = self.control.all(&select).await?;
        Ok(rows.into_iter().map(OpenSession::from).collect())
    }

    /// Records when a session was last used.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn update_session_use(&self, id: &str, now_ms: i64) -> Result<(), StoreError> {
        let transaction = self.control.begin().await?;
        let update = Query::update()
            .table(self.control.table(user_session::Entity))
            .value(user_session::Column::UsedAtMs, now_ms)
            .and_where(user_session::Column::Id.eq(id))
            .to_owned();
        self.control.execute(&transaction, &update).await?;
        self.control.commit(transaction).await
    }

    /// Ends one session of a user. Returns whether there was one of this id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_session(&self, user: &UserId, id: &str) -> Result<bool, StoreError> {
        let transaction = self.control.begin().await?;
        let session = user_session::Column::User.eq(user.as_str()).and(user_session::Column::Id.eq(id));
        let deleted = self.control.delete(&transaction, user_session::Entity, session).await?;
        self.control.commit(transaction).await?;
        Ok(deleted > 0)
    }

    /// Ends all sessions of a user.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_sessions(&self, user: &UserId) -> Result<(), StoreError> {
        let transaction = self.control.begin().await?;
        self.void_sessions(&transaction, user).await?;
        self.control.commit(transaction).await
    }

    /// Ends all sessions of a user, also those that are being opened at this moment: their epoch is an old one then.
    pub(super) async fn void_sessions(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
    ) -> Result<(), StoreError> {
        let update = Query::update()
            .table(self.control.table(user::Entity))
            .value(user::Column::Epoch, Expr::col(user::Column::Epoch).add(1))
            .and_where(user::Column::Id.eq(user.as_str()))
            .to_owned();
        self.control.execute(transaction, &update).await?;
        let of_user = user_session::Column::User.eq(user.as_str());
        self.control.delete(transaction, user_session::Entity, of_user).await?;
        Ok(())
    }
}

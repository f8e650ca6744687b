//! SessionVerifier: opened, found by their token, ended.

use entity::control::identity::{user, user_session};
use sea_orm::{
    ColumnTrait, FromQueryResult, Set,
    sea_query::{Expr, ExprTrait, Order, Query},
};

use super::{Known, Store};
use crate::{
    identity::{access::UserId, accounts::model::OpenSession},
    platform::error::StoreError,
};

/// SessionVerifier that a user has at most; the ones that were used longest ago end.
const SESSIONS: u64 = 50;

/// A session that is to be opened.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// The digest of its token.
    pub digest: [u8; 32],
    /// Whose it is, and of which epoch.
    pub known: Known,
    /// What its owner sees of it.
    pub shown: OpenSession,
}

/// A session that was found by its token.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Found {
    /// Names it.
    pub id: String,
    /// Whose it is.
    pub user: String,
    /// When it was last used.
    pub used_at_ms: i64,
}

impl From<user_session::Model> for OpenSession {
    fn from(row: user_session::Model) -> Self {
        let user_session::Model { id, cookie, address, agent, created_at_ms, used_at_ms, expires_at_ms, .. } = row;
        Self { id, cookie, address, agent, created_at_ms, used_at_ms, expires_at_ms }
    }
}

impl Store {
    /// Opens a session.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_session(&self, new: NewSession) -> Result<(), StoreError> {
        let NewSession { digest, known, shown } = new;
        let row = user_session::ActiveModel {
            digest: Set(digest.to_vec()),
            id: Set(shown.id),
            user: Set(known.user.as_str().to_owned()),
            epoch: Set(known.epoch),
            cookie: Set(shown.cookie),
            address: Set(shown.address),
            agent: Set(shown.agent),
            created_at_ms: Set(shown.created_at_ms),
            used_at_ms: Set(shown.used_at_ms),
            expires_at_ms: Set(shown.expires_at_ms),
        };
        let whose = || user_session::Column::User.eq(known.user.as_str());
        let surplus = Query::select()
            .column(user_session::Column::Id)
            .from(self.control.table(user_session::Entity))
            .and_where(whose())
            .order_by(user_session::Column::UsedAtMs, Order::Desc)
            .offset(SESSIONS - 1)
            .limit(SESSIONS)
            .to_owned();
        let transaction = self.control.begin().await?;
        let longest_unused = whose().and(user_session::Column::Id.in_subquery(surplus));
        self.control.delete(&transaction, user_session::Entity, longest_unused).await?;
        self.control.insert(&transaction, vec![row]).await?;
        self.control.commit(transaction).await
    }

    /// The session that a token opens, if it was used after `idle_ms` and has not ended by `now_ms`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn session(&self, digest: [u8; 32], idle_ms: i64, now_ms: i64) -> Result<Option<Found>, StoreError> {
        const SESSION: &str = "user_session";
        let same_user = Expr::col(("user", user::Column::Id))
            .equals((SESSION, user_session::Column::User))
            .and(Expr::col(("user", user::Column::Epoch)).equals((SESSION, user_session::Column::Epoch)));
        let select = Query::select()
            .columns(
                [user_session::Column::Id, user_session::Column::User, user_session::Column::UsedAtMs]
                    .map(|column| (SESSION, column)),
            )
            .from(self.control.table(user_session::Entity))
            .inner_join(self.control.table(user::Entity), same_user)
            .and_where(user_session::Column::Digest.eq(digest.to_vec()))
            .and_where(user_session::Column::UsedAtMs.gt(idle_ms))
            .and_where(user_session::Column::ExpiresAtMs.gt(now_ms))
            .to_owned();
        Ok(self.control.all(&select).await?.pop())
    }

    /// Notes that a session was used.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn use_session(&self, id: &str, now_ms: i64) -> Result<(), StoreError> {
        let transaction = self.control.begin().await?;
        let update = Query::update()
            .table(self.control.table(user_session::Entity))
            .value(user_session::Column::UsedAtMs, now_ms)
            .and_where(user_session::Column::Id.eq(id))
            .to_owned();
        self.control.execute(&transaction, &update).await?;
        self.control.commit(transaction).await
    }

    /// Ends one session of a user; says whether there was one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_session(&self, user: &UserId, id: &str) -> Result<bool, StoreError> {
        let transaction = self.control.begin().await?;
        let that = user_session::Column::User.eq(user.as_str()).and(user_session::Column::Id.eq(id));
        let ended = self.control.delete(&transaction, user_session::Entity, that).await?;
        self.control.commit(transaction).await?;
        Ok(ended > 0)
    }

    /// Ends all sessions of a user.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_sessions(&self, user: &UserId) -> Result<(), StoreError> {
        let transaction = self.control.begin().await?;
        self.void_sessions(&transaction, user).await?;
        self.control.commit(transaction).await
    }
}

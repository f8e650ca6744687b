//! All SQL of app passwords.

use entity::control::identity::{app_password, user};
use sea_orm::{
    ColumnTrait, FromQueryResult,
    sea_query::{Expr, ExprTrait, LockType, Order, Query},
};

use super::model::{AppPassword, AppPasswordError, AppUser, MAX_APP_PASSWORDS};
use crate::{
    identity::access::UserId,
    platform::{
        db::{Control, Row},
        error::StoreError,
    },
};

/// App passwords. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    control: Control,
}

#[derive(FromQueryResult)]
struct EpochRow {
    epoch: i64,
}

#[derive(FromQueryResult)]
struct FoundRow {
    id: String,
    user_id: String,
    name: String,
    used_at_ms: Option<i64>,
}

#[derive(Default, FromQueryResult)]
struct CountRow {
    count: i64,
}

impl From<app_password::Model> for AppPassword {
    fn from(row: app_password::Model) -> Self {
        Self { id: row.id, name: row.name, created_at_ms: row.created_at_ms, used_at_ms: row.used_at_ms }
    }
}

fn of_user(user: &UserId) -> Expr {
    app_password::Column::UserId.eq(user.as_str())
}

/// That a password is of the present epoch of its user, which is joined.
fn is_present() -> Expr {
    let same_user = Expr::col(("user", user::Column::Id)).equals(("app_password", app_password::Column::UserId));
    same_user.and(Expr::col(("user", user::Column::Epoch)).equals(("app_password", app_password::Column::Epoch)))
}

impl Store {
    /// A store on the control tables.
    #[must_use]
    pub fn new(control: Control) -> Self {
        Self { control }
    }

    /// Those of a user that are of their present epoch, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn list(&self, user: &UserId) -> Result<Vec<AppPassword>, StoreError> {
        let select = self
            .control
            .select::<app_password::Entity>()
            .inner_join(self.control.table(user::Entity), is_present())
            .and_where(Expr::col(("app_password", app_password::Column::UserId)).eq(user.as_str()))
            .order_by(("app_password", app_password::Column::Id), Order::Desc)
            .to_owned();
        let rows: Vec<app_password::Model> = self.control.all(&select).await?;
        Ok(rows.into_iter().map(AppPassword::from).collect())
    }

    /// Stores one, and removes those of earlier epochs.
    ///
    /// # Errors
    /// [`AppPasswordError::TooMany`], or [`StoreError`].
    pub async fn insert(&self, user: &UserId, new: &AppPassword, digest: [u8; 32]) -> Result<(), AppPasswordError> {
        let transaction = self.control.begin().await?;
        let epoch = Query::select()
            .column(user::Column::Epoch)
            .from(self.control.table(user::Entity))
            .and_where(user::Column::Id.eq(user.as_str()))
            .lock(LockType::Update)
            .to_owned();
        let epoch: Vec<EpochRow> = self.control.returned(&transaction, &epoch).await?;
        let Some(EpochRow { epoch }) = epoch.into_iter().next() else { return Err(AppPasswordError::NotFound) };
        let earlier = of_user(user).and(app_password::Column::Epoch.ne(epoch));
        self.control.delete(&transaction, app_password::Entity, earlier).await?;
        let count = Query::select()
            .expr_as(Expr::cust("count(*)"), "count")
            .from(self.control.table(app_password::Entity))
            .and_where(of_user(user))
            .to_owned();
        let count: Vec<CountRow> = self.control.returned(&transaction, &count).await?;
        let count = count.into_iter().next().unwrap_or_default().count;
        if u64::try_from(count).is_ok_and(|count| count >= MAX_APP_PASSWORDS) {
            return Err(AppPasswordError::TooMany);
        }
        let row = app_password::ActiveModel {
            id: sea_orm::Set(new.id.clone()),
            user_id: sea_orm::Set(user.as_str().to_owned()),
            epoch: sea_orm::Set(epoch),
            name: sea_orm::Set(new.name.clone()),
            digest: sea_orm::Set(digest.to_vec()),
            created_at_ms: sea_orm::Set(new.created_at_ms),
            used_at_ms: sea_orm::Set(None),
        };
        self.control.insert(&transaction, vec![row]).await?;
        Ok(self.control.commit(transaction).await?)
    }

    /// Deletes one of a user; returns whether there was one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete(&self, user: &UserId, id: &str) -> Result<bool, StoreError> {
        let transaction = self.control.begin().await?;
        let this = of_user(user).and(app_password::Column::Id.eq(id));
        let deleted = self.control.delete(&transaction, app_password::Entity, this).await?;
        self.control.commit(transaction).await?;
        Ok(deleted > 0)
    }

    /// Whose password of that digest it is, if it is of their present epoch; and when it was last used.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find(&self, digest: [u8; 32]) -> Result<Option<(AppUser, Option<i64>)>, StoreError> {
        let columns = [
            app_password::Column::Id,
            app_password::Column::UserId,
            app_password::Column::Name,
            app_password::Column::UsedAtMs,
        ];
        let select = Query::select()
            .columns(columns.map(|column| ("app_password", column)))
            .from(self.control.table(app_password::Entity))
            .inner_join(self.control.table(user::Entity), is_present())
            .and_where(Expr::col(("app_password", app_password::Column::Digest)).eq(digest.to_vec()))
            .to_owned();
        let rows: Vec<FoundRow> = self.control.all(&select).await?;
        Ok(rows.into_iter().next().map(|row| {
            let user = AppUser { user: UserId::stored(&row.user_id), password: row.id, name: row.name };
            (user, row.used_at_ms)
        }))
    }

    /// Notes that one was used.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn note_use(&self, id: &str, now_ms: i64) -> Result<(), StoreError> {
        let transaction = self.control.begin().await?;
        let update = Query::update()
            .table(self.control.table(app_password::Entity))
            .value(app_password::Column::UsedAtMs, now_ms)
            .and_where(app_password::Column::Id.eq(id))
            .to_owned();
        self.control.execute(&transaction, &update).await?;
        self.control.commit(transaction).await
    }

    /// All rows of a user, for an export.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rows_of(&self, user: &UserId) -> Result<Vec<Row>, StoreError> {
        let transaction = self.control.begin_reading().await?;
        let own = Expr::col(app_password::Column::UserId).eq(user.as_str());
        let rows = self.control.rows_where::<app_password::Entity>(&transaction, own).await?;
        self.control.commit(transaction).await?;
        Ok(rows)
    }
}

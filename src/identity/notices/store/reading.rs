//! The SQL by which a user reads their notices.

use std::collections::BTreeMap;

use entity::control::identity::{notice, notice_setting, profile};
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, FromQueryResult, QueryTrait, Set, SqlErr,
    sea_query::{Condition, Expr, ExprTrait, OnConflict, Order, Query, SelectStatement},
};

use crate::{
    identity::{
        access::UserId,
        notices::{
            digest::{self, Digest, Rhythm},
            model::{Marked, Notice, NoticeError},
        },
        profiles::{PersonCard, known_to},
    },
    platform::{
        clock,
        db::Control,
        error::StoreError,
        jobs,
        page::{Page, rows_for},
    },
};

/// Reads notices, and what users want of them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    control: Control,
}

#[derive(FromQueryResult)]
struct NoticeRow {
    id: i64,
    kind: String,
    subject: Option<String>,
    detail: Option<String>,
    times: i32,
    at_ms: i64,
    read_at_ms: Option<i64>,
    actor: Option<String>,
    username: Option<String>,
    display_name: Option<String>,
}

#[derive(FromQueryResult)]
struct IdRow {
    #[expect(dead_code, reason = "the statement returns something")]
    id: i64,
}

impl From<NoticeRow> for Notice {
    fn from(row: NoticeRow) -> Self {
        let display_name = row.display_name.filter(|name| !name.is_empty());
        let person = row.actor.zip(row.username).map(|(user, username)| PersonCard {
            user: UserId::stored(&user),
            username,
            display_name,
        });
        Self {
            id: row.id,
            kind: row.kind,
            person,
            subject: row.subject,
            detail: row.detail.and_then(|text| serde_json::from_str(&text).ok()),
            times: row.times,
            at_ms: row.at_ms,
            is_read: row.read_at_ms.is_some(),
        }
    }
}

fn of(column: notice::Column) -> Expr {
    Expr::col(("notice", column))
}

/// Maps a violated foreign key: the user was deleted.
fn user_gone(error: StoreError) -> NoticeError {
    let violated = |cause: &DbErr| matches!(cause.sql_err(), Some(SqlErr::ForeignKeyConstraintViolation(_)));
    match &error {
        StoreError::InvalidRow(cause) if violated(cause) => NoticeError::Gone,
        _ => error.into(),
    }
}

impl Store {
    /// A store over the control database.
    #[must_use]
    pub fn new(control: Control) -> Self {
        Self { control }
    }

    /// The notices that a user is shown: not those of what somebody did who hides from them.
    fn shown(&self, user: &UserId) -> SelectStatement {
        let person = |column: profile::Column| Expr::col(("profile", column));
        let known = known_to(Some(user), person(profile::Column::UserId), person(profile::Column::Audience));
        let is_known = Condition::all().add(person(profile::Column::UserId).is_not_null()).add(known);
        Query::select()
            .from(self.control.table(notice::Entity))
            .left_join(
                self.control.table(profile::Entity),
                person(profile::Column::UserId).equals(("notice", notice::Column::Actor)),
            )
            .and_where(of(notice::Column::UserId).eq(user.as_str()))
            .cond_where(Condition::any().add(of(notice::Column::Actor).is_null()).add(is_known))
            .to_owned()
    }

    /// A page of a user's notices, the newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn page(
        &self,
        user: &UserId,
        only_unread: bool,
        after: Option<(i64, i64)>,
        limit: usize,
    ) -> Result<Page<Notice>, StoreError> {
        let mut select = self.shown(user);
        select
            .columns(
                [
                    notice::Column::Id,
                    notice::Column::Kind,
                    notice::Column::Subject,
                    notice::Column::Detail,
                    notice::Column::Times,
                    notice::Column::AtMs,
                    notice::Column::ReadAtMs,
                    notice::Column::Actor,
                ]
                .map(|column| ("notice", column)),
            )
            .columns([profile::Column::Username, profile::Column::DisplayName].map(|column| ("profile", column)))
            .order_by(("notice", notice::Column::AtMs), Order::Desc)
            .order_by(("notice", notice::Column::Id), Order::Desc)
            .limit(rows_for(limit));
        if only_unread {
            select.and_where(of(notice::Column::ReadAtMs).is_null());
        }
        if let Some((at_ms, id)) = after {
            let at = || of(notice::Column::AtMs);
            select.and_where(at().lte(at_ms)).and_where(at().lt(at_ms).or(of(notice::Column::Id).lt(id)));
        }
        let rows: Vec<NoticeRow> = self.control.all(&select).await?;
        Ok(Page::cut(rows, limit).map(Notice::from))
    }

    /// The language in which a user wants digests. Nothing where they want none, or are gone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn digest_language(&self, user: &UserId) -> Result<Option<String>, StoreError> {
        let of_user = profile::Column::UserId.eq(user.as_str());
        let select = self.control.select::<profile::Entity>().and_where(of_user).to_owned();
        let rows: Vec<profile::Model> = self.control.all(&select).await?;
        Ok(rows.into_iter().find(|row| Rhythm::of_number(row.mail).is_some()).map(|row| row.language))
    }

    /// Withdraws the digests that wait for a user.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn withdraw_digests(&self, user: &UserId) -> Result<(), StoreError> {
        jobs::withdraw(&self.control, digest::KIND, &Digest::waiting_keys(user, clock::now_ms())).await
    }

    /// How many of a user's notices are unread; there are never many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn unread(&self, user: &UserId) -> Result<usize, StoreError> {
        let mut select = self.shown(user);
        select.column(("notice", notice::Column::Id)).and_where(of(notice::Column::ReadAtMs).is_null());
        Ok(self.control.all::<IdRow>(&select).await?.len())
    }

    /// Marks notices of a user as read.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn mark(&self, user: &UserId, marked: &Marked, now_ms: i64) -> Result<(), StoreError> {
        let mut update = Query::update();
        update
            .table(self.control.table(notice::Entity))
            .value(notice::Column::ReadAtMs, now_ms)
            .and_where(notice::Column::UserId.eq(user.as_str()))
            .and_where(notice::Column::ReadAtMs.is_null());
        if let Marked::These(ids) = marked {
            update.and_where(self.control.among(notice::Column::Id, ids));
        }
        let transaction = self.control.begin().await?;
        self.control.execute(&transaction, &update).await?;
        self.control.commit(transaction).await
    }

    /// Deletes a notice of a user; returns whether there was one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete(&self, user: &UserId, id: i64) -> Result<bool, StoreError> {
        let transaction = self.control.begin().await?;
        let condition = notice::Column::UserId.eq(user.as_str()).and(notice::Column::Id.eq(id));
        let deleted = self.control.delete(&transaction, notice::Entity, condition).await?;
        self.control.commit(transaction).await?;
        Ok(deleted > 0)
    }

    /// What a user has set, by kind: whether they are told, and whether by email too.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn settings(&self, user: &UserId) -> Result<BTreeMap<String, (bool, bool)>, StoreError> {
        let of_user = notice_setting::Column::UserId.eq(user.as_str());
        let select = self.control.select::<notice_setting::Entity>().and_where(of_user).to_owned();
        let rows: Vec<notice_setting::Model> = self.control.all(&select).await?;
        Ok(rows.into_iter().map(|row| (row.kind, (row.app, row.mail))).collect())
    }

    /// Sets whether a user is told of a kind, and whether by email too.
    ///
    /// # Errors
    /// [`NoticeError::Gone`], or [`StoreError`].
    pub async fn set(&self, user: &UserId, kind: &str, app: bool, mail: bool) -> Result<(), NoticeError> {
        let row = notice_setting::ActiveModel {
            user_id: Set(user.as_str().to_owned()),
            kind: Set(kind.to_owned()),
            app: Set(app),
            mail: Set(mail),
        };
        let replace = OnConflict::columns([notice_setting::Column::UserId, notice_setting::Column::Kind])
            .update_columns([notice_setting::Column::App, notice_setting::Column::Mail])
            .to_owned();
        let mut insert = notice_setting::Entity::insert(row).into_query();
        insert.into_table(self.control.table(notice_setting::Entity)).on_conflict(replace);
        let transaction = self.control.begin().await?;
        self.control.execute(&transaction, &insert).await.map_err(user_gone)?;
        Ok(self.control.commit(transaction).await?)
    }
}

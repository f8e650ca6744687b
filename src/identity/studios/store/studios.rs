//! The SQL of studios.

use entity::control::identity::{game, studio, user};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult,
    sea_query::{LockType, OnConflict, Order, Query},
};

use super::{IdRow, Store};
use crate::{
    identity::{
        access::{Role, UserId},
        studios::model::{Actor, Slug, Studio, StudioError, Title},
    },
    platform::{
        clock,
        db::{MovableTable, StudioId},
        error::StoreError,
    },
};

#[derive(FromQueryResult)]
struct UserRow {
    #[expect(dead_code, reason = "the statement returns something")]
    id: String,
}

impl Store {
    /// All studios, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn studios(&self) -> Result<Vec<Studio>, StoreError> {
        let control = self.database.control();
        let select = control.select::<studio::Entity>().order_by(studio::Column::Slug, Order::Asc).to_owned();
        let rows: Vec<studio::Model> = control.all(&select).await?;
        let studio = |row: studio::Model| {
            let studio::Model { id, slug, title, created_at_ms, .. } = row;
            Studio { id: StudioId(id), slug, title, created_at_ms }
        };
        Ok(rows.into_iter().map(studio).collect())
    }

    /// The studio of that name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn studio(&self, slug: &Slug) -> Result<Option<StudioId>, StoreError> {
        let control = self.database.control();
        let select = control.select::<studio::Entity>().and_where(studio::Column::Slug.eq(slug.as_str())).to_owned();
        let rows: Vec<IdRow> = control.all(&select).await?;
        Ok(rows.first().map(|row| StudioId(row.id)))
    }

    /// Inserts a studio, without its tables; `None` if the name is taken. A user who creates one owns it, and may create no
    /// more than `limit`.
    ///
    /// # Errors
    /// [`StudioError::TooManyStudios`], [`StudioError::AccountGone`], or [`StoreError`].
    pub async fn insert_studio(
        &self,
        slug: &Slug,
        title: &Title,
        limit: Option<u32>,
        actor: Actor<'_>,
    ) -> Result<Option<StudioId>, StudioError> {
        let control = self.database.control();
        let creator = if let Actor::User(user) = actor { Some(user) } else { None };
        let transaction = control.begin().await?;
        if let Some(user) = creator {
            self.lock_creator(&transaction, user, limit).await?;
        }
        let insert = Query::insert()
            .into_table(control.table(studio::Entity))
            .columns([
                studio::Column::Slug,
                studio::Column::Title,
                studio::Column::Founder,
                studio::Column::CreatedAtMs,
            ])
            .values_panic([
                slug.as_str().into(),
                title.as_str().into(),
                creator.map(|user| user.as_str().to_owned()).into(),
                clock::now_ms().into(),
            ])
            .on_conflict(OnConflict::column(studio::Column::Slug).do_nothing().to_owned())
            .returning_col(studio::Column::Id)
            .to_owned();
        let rows: Vec<IdRow> = control.returned(&transaction, &insert).await?;
        let Some(studio) = rows.first().map(|row| StudioId(row.id)) else { return Ok(None) };
        let object = format!("studio:{}", slug.as_str());
        self.insert_audit_entry(&transaction, studio, actor, "studio.founded", object, String::new()).await?;
        if let Some(user) = creator {
            self.insert_member(&transaction, studio, user, Role::Owner).await?;
        }
        control.commit(transaction).await?;
        Ok(Some(studio))
    }

    /// Deletes the games of a studio with their rows in `game_tables`, before its own tables are removed: a studio without games
    /// needs none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_games(&self, studio: StudioId, game_tables: &[MovableTable]) -> Result<(), StoreError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        let games = Query::select()
            .column(game::Column::Id)
            .from(control.table(game::Entity))
            .and_where(game::Column::Studio.eq(studio.0))
            .to_owned();
        let games: Vec<IdRow> = control.returned(&transaction, &games).await?;
        let games: Vec<i32> = games.into_iter().map(|row| row.id).collect();
        for table in game_tables {
            table.delete_rows(control, &transaction, "game", &games).await?;
        }
        control.delete(&transaction, game::Entity, game::Column::Studio.eq(studio.0)).await?;
        control.commit(transaction).await
    }

    /// Deletes a studio whose games and own tables are gone. Its keys stay, revoked, so that every instance learns of it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_studio(&self, studio: StudioId, slug: &Slug, actor: Actor<'_>) -> Result<(), StoreError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        control.delete(&transaction, studio::Entity, studio::Column::Id.eq(studio.0)).await?;
        let object = format!("studio:{}", slug.as_str());
        self.insert_audit_entry(&transaction, studio, actor, "studio.deleted", object, String::new()).await?;
        control.commit(transaction).await
    }

    /// Locks a studio: until the transaction ends nobody else changes its members or games.
    pub(super) async fn lock_studio(
        &self,
        transaction: &DatabaseTransaction,
        studio: StudioId,
    ) -> Result<(), StudioError> {
        let control = self.database.control();
        let lock = Query::select()
            .column(studio::Column::Id)
            .from(control.table(studio::Entity))
            .and_where(studio::Column::Id.eq(studio.0))
            .lock(LockType::Update)
            .to_owned();
        let rows: Vec<IdRow> = control.returned(transaction, &lock).await?;
        rows.first().map(drop).ok_or_else(|| StudioError::StudioNotFound(studio.to_string()))
    }

    /// Locks a user: until the transaction ends they create no other studio. Checks that they may create one more.
    async fn lock_creator(
        &self,
        transaction: &DatabaseTransaction,
        user: &UserId,
        limit: Option<u32>,
    ) -> Result<(), StudioError> {
        let control = self.database.control();
        let lock = Query::select()
            .column(user::Column::Id)
            .from(control.table(user::Entity))
            .and_where(user::Column::Id.eq(user.as_str()))
            .lock(LockType::Update)
            .to_owned();
        if control.returned::<UserRow>(transaction, &lock).await?.is_empty() {
            return Err(StudioError::AccountGone);
        }
        let Some(limit) = limit else { return Ok(()) };
        let created = self.count(transaction, studio::Entity, studio::Column::Founder.eq(user.as_str())).await?;
        if created < u64::from(limit) { Ok(()) } else { Err(StudioError::TooManyStudios(limit)) }
    }
}

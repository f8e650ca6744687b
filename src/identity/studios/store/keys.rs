//! The SQL of keys; how instances learn of changes is in `key_changes`, requests that are repeated are in `key_requests`. Every
//! change first raises the revision of all keys, so that instances notice it; that also makes changes
//! wait for each other.

use entity::control::identity::{api_key, key_revision};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult, Set,
    sea_query::{Expr, ExprTrait, Order, Query},
};

use super::{Store, missing};
use crate::{
    identity::{
        access::{Environment, KeyKind, Permissions, Role},
        studios::model::{ACTIVE_IN_FAMILY, Actor, Game, IssuedKey, Key, NewKey, StudioError, digest},
    },
    platform::{
        clock,
        db::{Row, StudioId},
        error::StoreError,
    },
};

/// Active keys of a game that its members issue at most: each instance holds them in memory.
const MAX_KEYS: u64 = 100;

#[derive(FromQueryResult)]
pub(super) struct RevisionRow {
    pub(super) revision: i64,
}

/// A row holds a name that this version does not know.
fn unreadable(id: &str) -> StoreError {
    StoreError::Statement(sea_orm::DbErr::Type(format!("the key {id} is of a kind that this version does not know")))
}

impl Store {
    /// The keys of a studio, the oldest first; those of one game where one is named.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keys(&self, studio: StudioId, game: Option<i32>) -> Result<Vec<Key>, StoreError> {
        let control = self.database.control();
        let mut select = control.select::<api_key::Entity>();
        select.and_where(api_key::Column::Studio.eq(studio.0));
        select.and_where_option(game.map(|game| api_key::Column::Game.eq(game)));
        select.order_by(api_key::Column::CreatedAtMs, Order::Asc).order_by(api_key::Column::Id, Order::Asc);
        let rows: Vec<api_key::Model> = control.all(&select).await?;
        rows.into_iter().map(key_of).collect()
    }

    /// The kind and environment of a key, its studio and its game.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn key_form(&self, id: &str) -> Result<Option<(KeyKind, Environment, StudioId, i32)>, StoreError> {
        let control = self.database.control();
        let select = control.select::<api_key::Entity>().and_where(api_key::Column::Id.eq(id)).to_owned();
        let rows: Vec<api_key::Model> = control.all(&select).await?;
        let key = rows.into_iter().next().map(key_of).transpose()?;
        Ok(key.map(|key| (key.kind, key.environment, key.studio, key.game)))
    }

    /// Inserts a key that was generated for a game; false if the same request has been here.
    ///
    /// # Errors
    /// [`StudioError::LimitReached`], [`StudioError::RoleMissing`], or [`StoreError`].
    pub async fn insert_key(
        &self,
        game: &Game,
        new_key: &NewKey,
        key: &IssuedKey,
        actor: Actor<'_>,
    ) -> Result<bool, StudioError> {
        let transaction = self.database.control().begin().await?;
        let revision = self.raise_key_revision(&transaction).await?;
        if self.has_key_request(&transaction, key.request).await? {
            return Ok(false);
        }
        self.lock_studio_for(&transaction, game.studio, actor, Role::Developer).await?;
        if matches!(actor, Actor::User(_)) {
            let open = api_key::Column::Game.eq(game.id).and(api_key::Column::RevokedAtMs.is_null());
            if self.count(&transaction, api_key::Entity, open).await? >= MAX_KEYS {
                return Err(StudioError::LimitReached { what: "keys that open this game", limit: MAX_KEYS });
            }
        }
        let row = api_key::ActiveModel {
            id: Set(key.id.clone()),
            studio: Set(game.studio.0),
            game: Set(game.id),
            environment: Set(new_key.environment.name().to_owned()),
            kind: Set(new_key.kind.name().to_owned()),
            scopes: Set(new_key.permissions.to_string()),
            label: Set(new_key.label.as_str().to_owned()),
            digest: Set(digest(key.text.expose()).to_vec()),
            family: Set(key.id.clone()),
            revision: Set(revision),
            created_at_ms: Set(clock::now_ms()),
            last_used_at_ms: Set(None),
            revoked_at_ms: Set(None),
            request: Set(key.request.map(|request| request.request.to_vec())),
            content: Set(key.request.map(|request| request.content.to_vec())),
        };
        let detail =
            format!("{} {} {}: {}", game.slug, new_key.environment.name(), new_key.kind.name(), new_key.permissions);
        self.insert_key_row(transaction, row, game.studio, actor, "key.minted", detail).await?;
        Ok(true)
    }

    /// Inserts the successor of a key; false if the same request has been here.
    ///
    /// # Errors
    /// [`StudioError::KeyNotFound`], [`StudioError::KeyRevoked`], [`StudioError::RotationOpen`], or [`StoreError`].
    pub async fn insert_successor(&self, old: &str, new: &IssuedKey, actor: Actor<'_>) -> Result<bool, StudioError> {
        let transaction = self.database.control().begin().await?;
        let revision = self.raise_key_revision(&transaction).await?;
        if self.has_key_request(&transaction, new.request).await? {
            return Ok(false);
        }
        let row = self.key_row(&transaction, old).await?.ok_or_else(|| StudioError::KeyNotFound(old.to_owned()))?;
        self.lock_studio_for(&transaction, StudioId(row.studio), actor, Role::Developer).await?;
        if row.revoked_at_ms.is_some() {
            return Err(StudioError::KeyRevoked(old.to_owned()));
        }
        let active = self.active_in_family(&transaction, &row.family).await?;
        if active.len() >= ACTIVE_IN_FAMILY {
            return Err(StudioError::RotationOpen(active.into_iter().next().unwrap_or_default()));
        }
        let studio = StudioId(row.studio);
        let successor = api_key::ActiveModel {
            id: Set(new.id.clone()),
            digest: Set(digest(new.text.expose()).to_vec()),
            revision: Set(revision),
            created_at_ms: Set(clock::now_ms()),
            last_used_at_ms: Set(None),
            revoked_at_ms: Set(None),
            studio: Set(row.studio),
            game: Set(row.game),
            environment: Set(row.environment),
            kind: Set(row.kind),
            scopes: Set(row.scopes),
            label: Set(row.label),
            family: Set(row.family),
            request: Set(new.request.map(|request| request.request.to_vec())),
            content: Set(new.request.map(|request| request.content.to_vec())),
        };
        let detail = format!("takes the place of {old}");
        self.insert_key_row(transaction, successor, studio, actor, "key.rotated", detail).await?;
        Ok(true)
    }

    /// Revokes a key; does nothing if it is revoked already.
    ///
    /// # Errors
    /// [`StudioError::KeyNotFound`], or [`StoreError`].
    pub async fn revoke_key(&self, id: &str, actor: Actor<'_>) -> Result<(), StudioError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        let revision = self.raise_key_revision(&transaction).await?;
        let row = self.key_row(&transaction, id).await?.ok_or_else(|| StudioError::KeyNotFound(id.to_owned()))?;
        // The keys of a deleted studio stay, and can be revoked.
        if matches!(actor, Actor::User(_)) {
            self.lock_studio_for(&transaction, StudioId(row.studio), actor, Role::Developer).await?;
        }
        if row.revoked_at_ms.is_some() {
            return Ok(());
        }
        let update = Query::update()
            .table(control.table(api_key::Entity))
            .value(api_key::Column::RevokedAtMs, clock::now_ms())
            .value(api_key::Column::Revision, revision)
            .and_where(api_key::Column::Id.eq(id))
            .to_owned();
        control.execute(&transaction, &update).await?;
        let (studio, object) = (StudioId(row.studio), format!("key:{id}"));
        self.insert_audit_entry(&transaction, studio, actor, "key.revoked", object, String::new()).await?;
        Ok(control.commit(transaction).await?)
    }

    /// Revokes all active keys of a studio.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn revoke_all_keys(&self, studio: StudioId, actor: Actor<'_>) -> Result<(), StoreError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        let revision = self.raise_key_revision(&transaction).await?;
        let update = Query::update()
            .table(control.table(api_key::Entity))
            .value(api_key::Column::RevokedAtMs, clock::now_ms())
            .value(api_key::Column::Revision, revision)
            .and_where(api_key::Column::Studio.eq(studio.0))
            .and_where(api_key::Column::RevokedAtMs.is_null())
            .to_owned();
        let revoked = control.execute(&transaction, &update).await?;
        let object = format!("keys:{revoked}");
        self.insert_audit_entry(&transaction, studio, actor, "keys.revoked", object, String::new()).await?;
        control.commit(transaction).await
    }

    /// Saves that these keys were used just now, except for those whose last saved use is less than `pause_ms` ago.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn save_key_use(&self, ids: &[String], pause_ms: i64) -> Result<(), StoreError> {
        let control = self.database.control();
        let now = clock::now_ms();
        for chunk in ids.chunks(1000) {
            let transaction = control.begin().await?;
            let is_outdated = api_key::Column::LastUsedAtMs
                .is_null()
                .or(api_key::Column::LastUsedAtMs.lt(now.saturating_sub(pause_ms)));
            let update = Query::update()
                .table(control.table(api_key::Entity))
                .value(api_key::Column::LastUsedAtMs, now)
                .and_where(api_key::Column::Id.is_in(chunk))
                .and_where(is_outdated)
                .to_owned();
            control.execute(&transaction, &update).await?;
            control.commit(transaction).await?;
        }
        Ok(())
    }

    /// Raises the revision of all keys; until the transaction ends nobody else changes keys or settings.
    pub(super) async fn raise_key_revision(&self, transaction: &DatabaseTransaction) -> Result<i64, StoreError> {
        let control = self.database.control();
        let update = Query::update()
            .table(control.table(key_revision::Entity))
            .value(key_revision::Column::Revision, Expr::col(key_revision::Column::Revision).add(1))
            .returning_col(key_revision::Column::Revision)
            .to_owned();
        let rows: Vec<RevisionRow> = control.returned(transaction, &update).await?;
        rows.first().map(|row| row.revision).ok_or_else(|| missing("the revision of keys"))
    }

    async fn key_row(&self, transaction: &DatabaseTransaction, id: &str) -> Result<Option<api_key::Model>, StoreError> {
        let control = self.database.control();
        let select = control.select::<api_key::Entity>().and_where(api_key::Column::Id.eq(id)).to_owned();
        Ok(control.returned(transaction, &select).await?.into_iter().next())
    }

    async fn active_in_family(
        &self,
        transaction: &DatabaseTransaction,
        family: &str,
    ) -> Result<Vec<String>, StoreError> {
        let control = self.database.control();
        let select = control
            .select::<api_key::Entity>()
            .and_where(api_key::Column::Family.eq(family))
            .and_where(api_key::Column::RevokedAtMs.is_null())
            .order_by(api_key::Column::Revision, Order::Asc)
            .to_owned();
        let rows: Vec<api_key::Model> = control.returned(transaction, &select).await?;
        Ok(rows.into_iter().map(|row| row.id).collect())
    }

    async fn insert_key_row(
        &self,
        transaction: DatabaseTransaction,
        row: api_key::ActiveModel,
        studio: StudioId,
        actor: Actor<'_>,
        action: &str,
        detail: String,
    ) -> Result<(), StoreError> {
        let control = self.database.control();
        let object = format!("key:{}", row.id.as_ref());
        control.insert(&transaction, vec![row]).await?;
        self.insert_audit_entry(&transaction, studio, actor, action, object, detail).await?;
        control.commit(transaction).await
    }
}

/// The id of a key that is moved as a whole row.
pub(super) fn id_of_row(row: &Row) -> Option<String> {
    row.get("id")?.as_str().map(str::to_owned)
}

fn key_of(row: api_key::Model) -> Result<Key, StoreError> {
    let (Some(environment), Some(kind), Some(permissions)) =
        (Environment::parse(&row.environment), KeyKind::parse(&row.kind), Permissions::parse(&row.scopes))
    else {
        return Err(unreadable(&row.id));
    };
    Ok(Key {
        id: row.id,
        studio: StudioId(row.studio),
        game: row.game,
        environment,
        kind,
        permissions,
        label: row.label,
        family: row.family,
        created_at_ms: row.created_at_ms,
        last_used_at_ms: row.last_used_at_ms,
        revoked_at_ms: row.revoked_at_ms,
    })
}

//! The SQL of keys. Who changes one raises the revision of all first, which also makes changes wait for each other.

use entity::control::identity::{api_key, game, key_revision};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult, Set,
    sea_query::{Expr, ExprTrait, Order, Query},
};

use super::{Store, vanished};
use crate::{
    identity::{
        access::model::{Environment, Grant, KeyKind, Permissions},
        studios::model::{ACTIVE_IN_FAMILY, Actor, Game, Key, KeyDigest, Minted, NewKey, StudioError, digest},
    },
    platform::{
        clock,
        db::{Row, StudioId},
        error::StoreError,
    },
};

/// Keys of a game that open something at once, at most, where its members mint them: each instance holds them in memory.
const MOST_KEYS: u64 = 100;

/// A key that opens something.
#[derive(Clone, Debug)]
pub struct Opened {
    /// What it opens.
    pub grant: Grant,
    /// SHA-256 of the whole key.
    pub digest: KeyDigest,
}

/// What has become of a key.
#[derive(Clone, Debug)]
pub struct KeyChange {
    /// The key's id.
    pub id: String,
    /// What it opens; nothing when it was revoked.
    pub opened: Option<Opened>,
}

/// A key with the game that it opens.
#[derive(FromQueryResult)]
struct ChangedRow {
    id: String,
    studio: i32,
    environment: String,
    kind: String,
    scopes: String,
    digest: Vec<u8>,
    revoked_at_ms: Option<i64>,
    game: Option<String>,
    live_world: Option<i32>,
    dev_world: Option<i32>,
}

#[derive(FromQueryResult)]
struct RevisionRow {
    revision: i64,
}

/// A row holds a word that this program does not know.
fn unreadable(id: &str) -> StoreError {
    StoreError::Statement(sea_orm::DbErr::Type(format!("the key {id} is not of a kind that this program knows")))
}

impl Store {
    /// The revision of all keys.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn key_revision(&self) -> Result<i64, StoreError> {
        let control = self.database.control();
        let rows: Vec<RevisionRow> = control.all(&control.select::<key_revision::Entity>()).await?;
        rows.first().map(|row| row.revision).ok_or_else(|| vanished("the revision of keys"))
    }

    /// The keys that were changed after a revision.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn key_changes(&self, after: i64) -> Result<Vec<KeyChange>, StoreError> {
        let control = self.database.control();
        let key = |column| ("api_key", column);
        let select = Query::select()
            .columns([
                key(api_key::Column::Id),
                key(api_key::Column::Studio),
                key(api_key::Column::Environment),
                key(api_key::Column::Kind),
                key(api_key::Column::Scopes),
                key(api_key::Column::Digest),
                key(api_key::Column::RevokedAtMs),
            ])
            .expr_as(Expr::col(("game", game::Column::Slug)), "game")
            .columns([("game", game::Column::LiveWorld), ("game", game::Column::DevWorld)])
            .from(control.table(api_key::Entity))
            // A game that is gone takes its keys with it, which must be told too.
            .left_join(
                control.table(game::Entity),
                Expr::col(("game", game::Column::Id)).equals(("api_key", api_key::Column::Game)),
            )
            .and_where(Expr::col(("api_key", api_key::Column::Revision)).gt(after))
            .to_owned();
        Ok(control.all::<ChangedRow>(&select).await?.into_iter().map(ChangedRow::change).collect())
    }

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

    /// What sort of key it is that has this id, and for which environment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn key_form(&self, id: &str) -> Result<Option<(KeyKind, Environment)>, StoreError> {
        let control = self.database.control();
        let select = control.select::<api_key::Entity>().and_where(api_key::Column::Id.eq(id)).to_owned();
        let rows: Vec<api_key::Model> = control.all(&select).await?;
        let key = rows.into_iter().next().map(key_of).transpose()?;
        Ok(key.map(|key| (key.kind, key.environment)))
    }

    /// Keeps a key that was minted for a game.
    ///
    /// # Errors
    /// [`StudioError::TooManyThings`], or [`StoreError`].
    pub async fn keep_key(
        &self,
        game: &Game,
        order: &NewKey,
        key: &Minted,
        actor: Actor<'_>,
    ) -> Result<(), StudioError> {
        let transaction = self.database.control().begin().await?;
        let revision = self.raise(&transaction).await?;
        if matches!(actor, Actor::User(_)) {
            let open = api_key::Column::Game.eq(game.id).and(api_key::Column::RevokedAtMs.is_null());
            if self.count(&transaction, api_key::Entity, open).await? >= MOST_KEYS {
                return Err(StudioError::TooManyThings { what: "keys that open this game", most: MOST_KEYS });
            }
        }
        let row = api_key::ActiveModel {
            id: Set(key.id.clone()),
            studio: Set(game.studio.0),
            game: Set(game.id),
            environment: Set(order.environment.name().to_owned()),
            kind: Set(order.kind.name().to_owned()),
            scopes: Set(order.scopes.to_string()),
            label: Set(order.label.as_str().to_owned()),
            digest: Set(digest(key.text.expose()).to_vec()),
            family: Set(key.id.clone()),
            revision: Set(revision),
            created_at_ms: Set(clock::now_ms()),
            last_used_at_ms: Set(None),
            revoked_at_ms: Set(None),
        };
        let detail = format!("{} {} {}: {}", game.slug, order.environment.name(), order.kind.name(), order.scopes);
        Ok(self.insert_key(transaction, row, game.studio, actor, "key.minted", detail).await?)
    }

    /// Keeps a key that is to take another's place, if no third one does so already.
    ///
    /// # Errors
    /// The old one is not there, is revoked, or has a successor already.
    pub async fn keep_successor(&self, old: &str, new: &Minted, actor: Actor<'_>) -> Result<(), StudioError> {
        let transaction = self.database.control().begin().await?;
        let revision = self.raise(&transaction).await?;
        let row = self.key_row(&transaction, old).await?.ok_or_else(|| StudioError::NoKey(old.to_owned()))?;
        if row.revoked_at_ms.is_some() {
            return Err(StudioError::Revoked(old.to_owned()));
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
        };
        Ok(self
            .insert_key(transaction, successor, studio, actor, "key.rotated", format!("takes the place of {old}"))
            .await?)
    }

    /// Revokes a key; nothing to do when it is revoked already.
    ///
    /// # Errors
    /// There is no such key.
    pub async fn revoke_key(&self, id: &str, actor: Actor<'_>) -> Result<(), StudioError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        let revision = self.raise(&transaction).await?;
        let row = self.key_row(&transaction, id).await?.ok_or_else(|| StudioError::NoKey(id.to_owned()))?;
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
        self.write_down(&transaction, Some(studio), actor, "key.revoked", object, String::new()).await?;
        Ok(control.commit(transaction).await?)
    }

    /// Revokes all keys of a studio.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn revoke_keys(&self, studio: StudioId, actor: Actor<'_>) -> Result<(), StoreError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        let revision = self.raise(&transaction).await?;
        let update = Query::update()
            .table(control.table(api_key::Entity))
            .value(api_key::Column::RevokedAtMs, clock::now_ms())
            .value(api_key::Column::Revision, revision)
            .and_where(api_key::Column::Studio.eq(studio.0))
            .and_where(api_key::Column::RevokedAtMs.is_null())
            .to_owned();
        let revoked = control.execute(&transaction, &update).await?;
        let object = format!("keys:{revoked}");
        self.write_down(&transaction, Some(studio), actor, "keys.revoked", object, String::new()).await?;
        control.commit(transaction).await
    }

    /// Writes down that these keys were used, where the last time is known to be more than `pause_ms` ago.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn used_keys(&self, ids: &[String], pause_ms: i64) -> Result<(), StoreError> {
        let control = self.database.control();
        let now = clock::now_ms();
        for some in ids.chunks(1000) {
            let transaction = control.begin().await?;
            let long_ago = api_key::Column::LastUsedAtMs
                .is_null()
                .or(api_key::Column::LastUsedAtMs.lt(now.saturating_sub(pause_ms)));
            let update = Query::update()
                .table(control.table(api_key::Entity))
                .value(api_key::Column::LastUsedAtMs, now)
                .and_where(api_key::Column::Id.is_in(some))
                .and_where(long_ago)
                .to_owned();
            control.execute(&transaction, &update).await?;
            control.commit(transaction).await?;
        }
        Ok(())
    }

    /// Raises the revision; until the transaction ends nobody else changes a key.
    pub(super) async fn raise(&self, transaction: &DatabaseTransaction) -> Result<i64, StoreError> {
        let control = self.database.control();
        let update = Query::update()
            .table(control.table(key_revision::Entity))
            .value(key_revision::Column::Revision, Expr::col(key_revision::Column::Revision).add(1))
            .returning_col(key_revision::Column::Revision)
            .to_owned();
        let rows: Vec<RevisionRow> = control.returned(transaction, &update).await?;
        rows.first().map(|row| row.revision).ok_or_else(|| vanished("the revision of keys"))
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

    async fn insert_key(
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
        self.write_down(&transaction, Some(studio), actor, action, object, detail).await?;
        control.commit(transaction).await
    }
}

/// The id in a whole row.
pub(super) fn id_of_row(row: &Row) -> Option<String> {
    row.get("id")?.as_str().map(str::to_owned)
}

fn key_of(row: api_key::Model) -> Result<Key, StoreError> {
    let (Some(environment), Some(kind), Some(scopes)) =
        (Environment::of_name(&row.environment), KeyKind::of_name(&row.kind), Permissions::of_names(&row.scopes))
    else {
        return Err(unreadable(&row.id));
    };
    Ok(Key {
        id: row.id,
        studio: StudioId(row.studio),
        game: row.game,
        environment,
        kind,
        scopes,
        label: row.label,
        family: row.family,
        created_at_ms: row.created_at_ms,
        last_used_at_ms: row.last_used_at_ms,
        revoked_at_ms: row.revoked_at_ms,
    })
}

impl ChangedRow {
    fn change(self) -> KeyChange {
        let opened = if self.revoked_at_ms.is_none() { self.opened() } else { None };
        if opened.is_none() && self.revoked_at_ms.is_none() {
            tracing::warn!(key = self.id, "a key can't be read, and opens nothing; was it made by a newer program?");
        }
        KeyChange { id: self.id, opened }
    }

    fn opened(&self) -> Option<Opened> {
        let environment = Environment::of_name(&self.environment)?;
        let grant = Grant {
            key: self.id.as_str().into(),
            kind: KeyKind::of_name(&self.kind)?,
            studio: StudioId(self.studio),
            game: self.game.as_deref()?.into(),
            environment,
            world: match environment {
                Environment::Live => self.live_world?,
                Environment::Dev => self.dev_world?,
            },
            scopes: Permissions::of_names(&self.scopes)?,
        };
        Some(Opened { grant, digest: self.digest.as_slice().try_into().ok()? })
    }
}

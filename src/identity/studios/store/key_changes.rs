//! The SQL by which instances learn of changes of keys.

use entity::control::identity::{api_key, game, key_revision};
use sea_orm::{
    FromQueryResult,
    sea_query::{Expr, ExprTrait, Query},
};

use super::{Store, keys::RevisionRow, missing};
use crate::{
    identity::{
        access::{Environment, Grant, KeyKind, Permissions},
        studios::model::KeyDigest,
    },
    platform::{db::StudioId, error::StoreError},
};

/// A key that is not revoked.
#[derive(Clone, Debug)]
pub struct ActiveKey {
    /// What it opens.
    pub grant: Grant,
    /// SHA-256 of the whole key.
    pub digest: KeyDigest,
}

/// A key that was changed.
#[derive(Clone, Debug)]
pub struct KeyChange {
    /// The key's id.
    pub id: String,
    /// What it opens; `None` if it is revoked or its game is gone.
    pub active: Option<ActiveKey>,
}

/// A key with its game, if that still exists.
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

impl Store {
    /// The revision of all keys.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn key_revision(&self) -> Result<i64, StoreError> {
        let control = self.database.control();
        let rows: Vec<RevisionRow> = control.all(&control.select::<key_revision::Entity>()).await?;
        rows.first().map(|row| row.revision).ok_or_else(|| missing("the revision of keys"))
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
            // Keys of a deleted game are changes, too.
            .left_join(
                control.table(game::Entity),
                Expr::col(("game", game::Column::Id)).equals(("api_key", api_key::Column::Game)),
            )
            .and_where(Expr::col(("api_key", api_key::Column::Revision)).gt(after))
            .to_owned();
        Ok(control.all::<ChangedRow>(&select).await?.into_iter().map(ChangedRow::change).collect())
    }
}

impl ChangedRow {
    fn change(self) -> KeyChange {
        let active = if self.revoked_at_ms.is_none() { self.active_key() } else { None };
        if active.is_none() && self.revoked_at_ms.is_none() {
            tracing::warn!(key = self.id, "a key can't be read, and opens nothing: was it issued by a newer version?");
        }
        KeyChange { id: self.id, active }
    }

    fn active_key(&self) -> Option<ActiveKey> {
        let environment = Environment::parse(&self.environment)?;
        let grant = Grant {
            key: self.id.as_str().into(),
            kind: KeyKind::parse(&self.kind)?,
            studio: StudioId(self.studio),
            game: self.game.as_deref()?.into(),
            environment,
            world: match environment {
                Environment::Live => self.live_world?,
                Environment::Dev => self.dev_world?,
            },
            permissions: Permissions::parse(&self.scopes)?,
        };
        Some(ActiveKey { grant, digest: self.digest.as_slice().try_into().ok()? })
    }
}

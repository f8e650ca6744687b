//! The SQL of players and their tokens; that of display names, of legacy names and of links to accounts is in
//! [`display_names`], [`legacy_names`] and [`links`].

mod display_names;
mod legacy_names;
mod links;
mod tables;

use entity::{
    control::identity::signing_key,
    tenant::identity::{player, player_token},
};
use sea_orm::{
    ColumnTrait, FromQueryResult, Set,
    sea_query::{Expr, ExprTrait, OnConflict, Query, SelectStatement},
};
use uuid::Uuid;

pub use self::tables::tenant_tables;
use super::model::{DeviceDigest, RefreshTokenDigest, StoredPlayer};
use crate::{
    identity::access::Player,
    platform::{
        clock,
        db::{Database, StudioId, WorldTables},
        error::StoreError,
    },
};

/// The purpose under which the signing key of players' tokens is stored.
const PURPOSE: &str = "player token";

/// Used refresh tokens of a family that are kept. The reuse of an older one is not detected: it is unknown.
const KEPT_GENERATIONS: i32 = 8;

/// Players and their tokens. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
}

/// The outcome of using a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// It was valid, and the next one has replaced it; the player's id.
    Rotated(Uuid),
    /// It was used before; its family was deleted.
    Reused,
    /// It is unknown or expired.
    Unknown,
}

#[derive(FromQueryResult)]
struct IdRow {
    id: String,
}

#[derive(FromQueryResult)]
struct TokenRow {
    player: String,
    family: String,
    generation: i32,
}

#[derive(FromQueryResult)]
struct PlayerRow {
    created_at_ms: i64,
    display_name: Option<String>,
}

/// A player that exists: of [`select_player`].
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct FoundPlayer {
    /// When the player was created, in milliseconds since the Unix epoch.
    pub created_at_ms: i64,
}

/// The player of an id in a world, for the stores of the domains above: column `created_at_ms`.
#[must_use]
pub fn select_player(tables: &WorldTables, id: Uuid) -> SelectStatement {
    tables
        .select_from::<player::Entity>()
        .column(player::Column::CreatedAtMs)
        .and_where(player::Column::Id.eq(id.to_string()))
        .take()
}

fn stored_id(text: &str) -> Uuid {
    text.parse().unwrap_or_default()
}

impl Store {
    /// The store on a database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// The secret that signs players' tokens: the stored one, or else `fresh`, which is stored.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn signing_key(&self, fresh: [u8; 32]) -> Result<[u8; 32], StoreError> {
        let control = self.database.control();
        let transaction = control.begin().await?;
        let insert = Query::insert()
            .into_table(control.table(signing_key::Entity))
            .columns([signing_key::Column::Purpose, signing_key::Column::Secret])
            .values_panic([PURPOSE.into(), fresh.to_vec().into()])
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .to_owned();
        control.execute(&transaction, &insert).await?;
        control.commit(transaction).await?;
        let find =
            control.select::<signing_key::Entity>().and_where(signing_key::Column::Purpose.eq(PURPOSE)).to_owned();
        let rows: Vec<signing_key::Model> = control.all(&find).await?;
        let secret = rows.into_iter().next().and_then(|row| row.secret.try_into().ok());
        secret.ok_or_else(|| StoreError::Statement(sea_orm::DbErr::RecordNotFound("the signing key".to_owned())))
    }

    /// The player of a device.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find_by_device(
        &self,
        studio: StudioId,
        world: i32,
        device: &DeviceDigest,
    ) -> Result<Option<Uuid>, StoreError> {
        let tables = self.database.tenant(studio).await?.world(world);
        let find = tables
            .select_from::<player::Entity>()
            .column(player::Column::Id)
            .and_where(player::Column::Device.eq(device.0.to_vec()))
            .to_owned();
        let rows: Vec<IdRow> = tables.all(&find).await?;
        Ok(rows.first().map(|row| stored_id(&row.id)))
    }

    /// Inserts a player; returns whether it did. It does not where the device has a player already.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert(&self, player: &Player, device: Option<&DeviceDigest>) -> Result<bool, StoreError> {
        let tables = self.database.tenant(player.studio).await?.world(player.world);
        let transaction = tables.begin().await?;
        let insert = tables
            .insert_into::<player::Entity>()
            .columns([player::Column::World, player::Column::Id, player::Column::Device, player::Column::CreatedAtMs])
            .values_panic([
                tables.world().into(),
                player.id.to_string().into(),
                device.map(|device| device.0.to_vec()).into(),
                clock::now_ms().into(),
            ])
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .to_owned();
        let inserted = tables.execute(&transaction, &insert).await?;
        tables.commit(transaction).await?;
        Ok(inserted > 0)
    }

    /// A player; `None` where there is no such player.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find(&self, player: &Player) -> Result<Option<StoredPlayer>, StoreError> {
        let tables = self.database.tenant(player.studio).await?.world(player.world);
        let find = tables
            .select_from::<player::Entity>()
            .columns([player::Column::CreatedAtMs, player::Column::DisplayName])
            .and_where(player::Column::Id.eq(player.id.to_string()))
            .to_owned();
        let rows: Vec<PlayerRow> = tables.all(&find).await?;
        let stored = |row: PlayerRow| StoredPlayer { created_at_ms: row.created_at_ms, display_name: row.display_name };
        Ok(rows.into_iter().next().map(stored))
    }

    /// Inserts the first refresh token of a new family, and deletes the player's expired ones.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn insert_token_family(
        &self,
        player: &Player,
        token: &RefreshTokenDigest,
        expires_at_ms: i64,
    ) -> Result<(), StoreError> {
        let tables = self.database.tenant(player.studio).await?.world(player.world);
        let transaction = tables.begin().await?;
        let expired = player_token::Column::Player
            .eq(player.id.to_string())
            .and(player_token::Column::ExpiresAtMs.lte(clock::now_ms()));
        tables.delete(&transaction, player_token::Entity, expired).await?;
        let first = player_token::ActiveModel {
            digest: Set(token.0.to_vec()),
            world: Set(tables.world()),
            player: Set(player.id.to_string()),
            family: Set(Uuid::now_v7().to_string()),
            generation: Set(0),
            used_at_ms: Set(None),
            expires_at_ms: Set(expires_at_ms),
        };
        tables.insert(&transaction, vec![first]).await?;
        tables.commit(transaction).await
    }

    /// Marks a refresh token as used, and inserts the next one of its family. If it was used before, deletes the family.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rotate_token(
        &self,
        studio: StudioId,
        world: i32,
        used: &RefreshTokenDigest,
        next: &RefreshTokenDigest,
        expires_at_ms: i64,
    ) -> Result<Rotation, StoreError> {
        let tables = self.database.tenant(studio).await?.world(world);
        let now_ms = clock::now_ms();
        let transaction = tables.begin().await?;
        let matches = player_token::Column::Digest.eq(used.0.to_vec());
        let is_valid = player_token::Column::UsedAtMs.is_null().and(player_token::Column::ExpiresAtMs.gt(now_ms));
        // Of two concurrent uses the second waits here for the first, and then finds the token used.
        let mut mark = tables.update::<player_token::Entity>();
        mark.value(player_token::Column::UsedAtMs, now_ms).and_where(matches.clone()).and_where(is_valid).returning(
            Query::returning().columns([
                player_token::Column::Player,
                player_token::Column::Family,
                player_token::Column::Generation,
            ]),
        );
        let marked: Vec<TokenRow> = tables.returned(&transaction, &mark).await?;
        let Some(row) = marked.into_iter().next() else {
            let mut families = tables.select_from::<player_token::Entity>();
            families
                .column(player_token::Column::Family)
                .and_where(matches)
                .and_where(player_token::Column::UsedAtMs.is_not_null());
            let reused = player_token::Column::Family.in_subquery(families);
            // Without the predicate of a world, so that the index on families is used: a family is one player's.
            let deleted = tables.tenant().delete(&transaction, player_token::Entity, reused).await?;
            tables.commit(transaction).await?;
            return Ok(if deleted > 0 { Rotation::Reused } else { Rotation::Unknown });
        };
        let old = player_token::Column::Family
            .eq(row.family.as_str())
            .and(Expr::col(player_token::Column::Generation).lt(row.generation.saturating_sub(KEPT_GENERATIONS)));
        // Without the predicate of a world, as above.
        tables.tenant().delete(&transaction, player_token::Entity, old).await?;
        let successor = player_token::ActiveModel {
            digest: Set(next.0.to_vec()),
            world: Set(tables.world()),
            player: Set(row.player.clone()),
            family: Set(row.family),
            generation: Set(row.generation.saturating_add(1)),
            used_at_ms: Set(None),
            expires_at_ms: Set(expires_at_ms),
        };
        tables.insert(&transaction, vec![successor]).await?;
        tables.commit(transaction).await?;
        Ok(Rotation::Rotated(stored_id(&row.player)))
    }
}

//! The SQL of refresh tokens: families of them, each token once used and followed by the next.

use std::time::Duration;

use entity::tenant::identity::{player, player_token};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryTrait, Set,
    sea_query::{Expr, ExprTrait, OnConflict, Order, Query},
};
use uuid::Uuid;

use super::{IdRow, Store, stored_id};
use crate::{
    identity::players::model::{DeviceDigest, DisplayName, RefreshTokenDigest, RequestDigest},
    platform::{
        clock,
        db::{StudioId, WorldTables},
        error::StoreError,
        signer::SIGNATURE_BYTES,
    },
};

/// Used refresh tokens of a family that are kept. The reuse of an older one is not detected: it is unknown.
const KEPT_GENERATIONS: i32 = 8;

/// Families of a player at most: one for each of the person's devices, or for each time that one has signed in again. Those that
/// have not been used for the longest time go.
const MAX_FAMILIES: u64 = 8;

/// For how long a device that did not get the answer may use the same refresh token again.
const ANSWER_LOST: Duration = Duration::from_secs(30);

/// A refresh token to be stored.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// Its digest.
    pub digest: RefreshTokenDigest,
    /// The client that asks for it.
    pub client: [u8; SIGNATURE_BYTES],
    /// The request, if it has an idempotency key.
    pub request: Option<RequestDigest>,
    /// Now (Unix time in ms).
    pub created_at_ms: i64,
    /// When it expires (Unix time in ms).
    pub expires_at_ms: i64,
    /// Idempotency keys that were used at this time or before are free again.
    pub requests_since_ms: i64,
}

/// A sign-in.
#[derive(Clone, Debug)]
pub struct NewFamily<'a> {
    /// The player of the device, if it had one a moment ago.
    pub known: Option<Uuid>,
    /// The device.
    pub device: Option<&'a DeviceDigest>,
    /// A display name to set.
    pub name: Option<&'a DisplayName>,
    /// The new family.
    pub family: Uuid,
    /// Its first refresh token.
    pub token: NewToken,
}

/// A player who has signed in.
#[derive(Clone, Copy, Debug)]
pub struct OpenedFamily {
    /// The player's id.
    pub player: Uuid,
    /// Whether the player was minted.
    pub is_new: bool,
}

/// A sign-in that was found by its idempotency key.
#[derive(Clone, Copy, Debug)]
pub struct EarlierSignIn {
    /// The player's id.
    pub player: Uuid,
    /// The family.
    pub family: Uuid,
    /// What was asked, as a signature.
    pub content: [u8; SIGNATURE_BYTES],
    /// Whether its refresh token was used since.
    pub is_used: bool,
}

/// The outcome of using a refresh token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotation {
    /// It was valid, and the next one has replaced it; the player's id.
    Rotated(Uuid),
    /// It was used by a client that did not get the answer, and the next one was not used yet; the player's id.
    Repeated(Uuid),
    /// It was used before; its family was deleted.
    Reused,
    /// It is unknown or expired.
    Unknown,
    /// The idempotency key was used for another request.
    KeyReused,
}

const COLUMNS: [player_token::Column; 4] = [
    player_token::Column::Player,
    player_token::Column::Family,
    player_token::Column::Generation,
    player_token::Column::UsedAtMs,
];

#[derive(FromQueryResult)]
struct UsedRow {
    player: String,
    family: String,
    generation: i32,
    used_at_ms: Option<i64>,
}

#[derive(FromQueryResult)]
struct FamilyRow {
    family: String,
}

fn signature(stored: Option<&[u8]>) -> Option<[u8; SIGNATURE_BYTES]> {
    stored?.try_into().ok()
}

impl Store {
    /// The sign-in that had the same idempotency key, after a time.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find_sign_in(
        &self,
        studio: StudioId,
        world: i32,
        asked: &RequestDigest,
        since_ms: i64,
    ) -> Result<Option<EarlierSignIn>, StoreError> {
        let tables = self.database.tenant(studio).await?.world(world);
        let find = tables
            .select::<player_token::Entity>()
            .and_where(player_token::Column::Request.eq(asked.request.to_vec()))
            .and_where(player_token::Column::CreatedAtMs.gt(since_ms))
            .take();
        let rows: Vec<player_token::Model> = tables.all(&find).await?;
        let earlier = |row: player_token::Model| EarlierSignIn {
            player: stored_id(&row.player),
            family: stored_id(&row.family),
            content: signature(row.content.as_deref()).unwrap_or_default(),
            is_used: row.used_at_ms.is_some(),
        };
        Ok(rows.into_iter().next().map(earlier))
    }

    /// Opens a family, and inserts the device's player where it has none. Deletes the player's expired tokens, and the families
    /// beyond the most that there may be. `None` where the idempotency key is taken: then it changes nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_family(
        &self,
        studio: StudioId,
        world: i32,
        new: NewFamily<'_>,
    ) -> Result<Option<OpenedFamily>, StoreError> {
        let tables = self.database.tenant(studio).await?.world(world);
        let transaction = tables.begin().await?;
        let opened = player_of(&tables, &transaction, &new).await?;
        let id = opened.player.to_string();
        if let Some(name) = new.name {
            let mut set = tables.update::<player::Entity>();
            set.value(player::Column::DisplayName, name.as_str())
                .and_where(player::Column::Id.eq(id.as_str()))
                // Who may not have a name may play.
                .and_where(player::Column::NameLocked.eq(false));
            tables.execute(&transaction, &set).await?;
        }
        let expired = player_token::Column::Player
            .eq(id.as_str())
            .and(player_token::Column::ExpiresAtMs.lte(new.token.created_at_ms));
        tables.delete(&transaction, player_token::Entity, expired).await?;
        delete_oldest_families(&tables, &transaction, &id).await?;
        let row = new_row(&tables, &id, &new.family.to_string(), 0, &new.token);
        if !insert_token(&tables, &transaction, row, &new.token).await? {
            return Ok(None);
        }
        tables.commit(transaction).await?;
        Ok(Some(opened))
    }

    /// Marks a refresh token as used, and inserts the next one of its family. If it was used before, deletes the family, unless
    /// the same client, or the same device where one is named, did not get the answer.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rotate_token(
        &self,
        studio: StudioId,
        world: i32,
        used: &RefreshTokenDigest,
        device: Option<&DeviceDigest>,
        next: &NewToken,
    ) -> Result<Rotation, StoreError> {
        let tables = self.database.tenant(studio).await?.world(world);
        let transaction = tables.begin().await?;
        let matches = player_token::Column::Digest.eq(used.0.to_vec());
        let is_valid =
            player_token::Column::UsedAtMs.is_null().and(player_token::Column::ExpiresAtMs.gt(next.created_at_ms));
        // Of two concurrent uses the second waits here for the first, and then finds the token used.
        let mut mark = tables.update::<player_token::Entity>();
        mark.value(player_token::Column::UsedAtMs, next.created_at_ms)
            .and_where(matches.clone())
            .and_where(is_valid)
            .returning(Query::returning().columns(COLUMNS));
        let marked: Vec<UsedRow> = tables.returned(&transaction, &mark).await?;
        let Some(row) = marked.into_iter().next() else {
            let find = tables.select_from::<player_token::Entity>().columns(COLUMNS).and_where(matches).take();
            let found: Vec<UsedRow> = tables.returned(&transaction, &find).await?;
            let Some(row) = found.into_iter().find(|row| row.used_at_ms.is_some()) else {
                return Ok(Rotation::Unknown);
            };
            if is_repeated(&tables, &transaction, &row, device, next).await? {
                return Ok(Rotation::Repeated(stored_id(&row.player)));
            }
            let family = player_token::Column::Family.eq(row.family.as_str());
            // Without the predicate of a world, so that the index on families is used: a family is one player's.
            tables.tenant().delete(&transaction, player_token::Entity, family).await?;
            tables.commit(transaction).await?;
            return Ok(Rotation::Reused);
        };
        let old = player_token::Column::Family
            .eq(row.family.as_str())
            .and(Expr::col(player_token::Column::Generation).lt(row.generation.saturating_sub(KEPT_GENERATIONS)));
        // Without the predicate of a world, as above.
        tables.tenant().delete(&transaction, player_token::Entity, old).await?;
        let successor = new_row(&tables, &row.player, &row.family, row.generation.saturating_add(1), next);
        if !insert_token(&tables, &transaction, successor, next).await? {
            return Ok(Rotation::KeyReused);
        }
        tables.commit(transaction).await?;
        Ok(Rotation::Rotated(stored_id(&row.player)))
    }
}

/// The player of a sign-in, whose row is locked.
async fn player_of(
    tables: &WorldTables,
    transaction: &DatabaseTransaction,
    new: &NewFamily<'_>,
) -> Result<OpenedFamily, StoreError> {
    if let Some(known) = new.known
        && Store::lock_player(tables, transaction, known).await?
    {
        return Ok(OpenedFamily { player: known, is_new: false });
    }
    let id = Uuid::now_v7();
    let device = || new.device.map(|device| device.0.to_vec());
    let insert = tables
        .insert_into::<player::Entity>()
        .columns([player::Column::World, player::Column::Id, player::Column::Device, player::Column::CreatedAtMs])
        .values_panic([tables.world().into(), id.to_string().into(), device().into(), new.token.created_at_ms.into()])
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .to_owned();
    if tables.execute(transaction, &insert).await? > 0 {
        return Ok(OpenedFamily { player: id, is_new: true });
    }
    // The same device has signed in at the same time, and got a player.
    let find = tables
        .select_from::<player::Entity>()
        .column(player::Column::Id)
        .and_where(player::Column::Device.eq(device()))
        .take();
    let rows: Vec<IdRow> = tables.returned(transaction, &find).await?;
    let first = rows.first().ok_or_else(|| StoreError::Unavailable("the device's player has gone".to_owned()))?;
    let player = stored_id(&first.id);
    Store::lock_player(tables, transaction, player).await?;
    Ok(OpenedFamily { player, is_new: false })
}

async fn delete_oldest_families(
    tables: &WorldTables,
    transaction: &DatabaseTransaction,
    player: &str,
) -> Result<(), StoreError> {
    let newest_first = tables
        .select_from::<player_token::Entity>()
        .column(player_token::Column::Family)
        .and_where(player_token::Column::Player.eq(player))
        .group_by_col(player_token::Column::Family)
        .order_by_expr(player_token::Column::ExpiresAtMs.max(), Order::Desc)
        .order_by(player_token::Column::Family, Order::Desc)
        .offset(MAX_FAMILIES - 1)
        .limit(u64::from(u32::MAX))
        .take();
    let surplus: Vec<FamilyRow> = tables.returned(transaction, &newest_first).await?;
    if !surplus.is_empty() {
        let of_them = player_token::Column::Family.is_in(surplus.into_iter().map(|row| row.family));
        // Without the predicate of a world, so that the index on families is used.
        tables.tenant().delete(transaction, player_token::Entity, of_them).await?;
    }
    Ok(())
}

/// Whether a used token is used again by a client that did not get the answer: the next token was not used yet, and it asks
/// soon and as the same device, or with the same idempotency key.
async fn is_repeated(
    tables: &WorldTables,
    transaction: &DatabaseTransaction,
    used: &UsedRow,
    device: Option<&DeviceDigest>,
    next: &NewToken,
) -> Result<bool, StoreError> {
    let find = tables
        .select::<player_token::Entity>()
        .and_where(player_token::Column::Digest.eq(next.digest.0.to_vec()))
        .and_where(player_token::Column::Family.eq(used.family.as_str()))
        .and_where(player_token::Column::UsedAtMs.is_null())
        .and_where(player_token::Column::ExpiresAtMs.gt(next.created_at_ms))
        .take();
    let rows: Vec<player_token::Model> = tables.returned(transaction, &find).await?;
    let Some(issued) = rows.into_iter().next() else { return Ok(false) };
    if let Some(asked) = next.request
        && signature(issued.request.as_deref()) == Some(asked.request)
        && issued.created_at_ms > next.requests_since_ms
    {
        return Ok(signature(issued.content.as_deref()) == Some(asked.content));
    }
    if issued.created_at_ms < next.created_at_ms.saturating_sub(clock::ms(ANSWER_LOST)) {
        return Ok(false);
    }
    let Some(device) = device else { return Ok(signature(issued.client.as_deref()) == Some(next.client)) };
    let of_device = tables
        .select_from::<player::Entity>()
        .column(player::Column::Id)
        .and_where(player::Column::Id.eq(used.player.as_str()))
        .and_where(player::Column::Device.eq(device.0.to_vec()))
        .take();
    Ok(!tables.returned::<IdRow>(transaction, &of_device).await?.is_empty())
}

fn new_row(
    tables: &WorldTables,
    player: &str,
    family: &str,
    generation: i32,
    new: &NewToken,
) -> player_token::ActiveModel {
    player_token::ActiveModel {
        digest: Set(new.digest.0.to_vec()),
        world: Set(tables.world()),
        player: Set(player.to_owned()),
        family: Set(family.to_owned()),
        generation: Set(generation),
        used_at_ms: Set(None),
        expires_at_ms: Set(new.expires_at_ms),
        client: Set(Some(new.client.to_vec())),
        request: Set(new.request.map(|digest| digest.request.to_vec())),
        content: Set(new.request.map(|digest| digest.content.to_vec())),
        created_at_ms: Set(new.created_at_ms),
    }
}

/// Inserts a token; returns false where its idempotency key is taken.
async fn insert_token(
    tables: &WorldTables,
    transaction: &DatabaseTransaction,
    row: player_token::ActiveModel,
    new: &NewToken,
) -> Result<bool, StoreError> {
    if let Some(asked) = new.request {
        let mut release = tables.update::<player_token::Entity>();
        release
            .value(player_token::Column::Request, None::<Vec<u8>>)
            .and_where(player_token::Column::Request.eq(asked.request.to_vec()))
            .and_where(player_token::Column::CreatedAtMs.lte(new.requests_since_ms));
        tables.execute(transaction, &release).await?;
    }
    let mut insert = player_token::Entity::insert(row).into_query();
    insert.into_table(tables.table(player_token::Entity)).on_conflict(OnConflict::new().do_nothing().to_owned());
    Ok(tables.execute(transaction, &insert).await? > 0)
}

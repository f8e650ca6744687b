//! All SQL of players; of the names under which the seed's clients write in [`legacy_names`], of their links to accounts in
//! [`links`].

mod legacy_names;
mod links;

use entity::{
    control::identity::signing_key,
    tenant::identity::{player, player_token},
};
use sea_orm::{
    ColumnTrait, FromQueryResult, Set,
    sea_query::{Expr, ExprTrait, OnConflict, Query},
};
use uuid::Uuid;

use super::model::{Device, Refresh};
use crate::{
    identity::access::model::Player,
    platform::{
        clock,
        db::{Database, StudioId},
        error::StoreError,
    },
};

/// What the signing key of players' tokens is filed under.
const PURPOSE: &str = "player token";

/// Used tokens of a family that are kept: as far back as one that was stolen is told from one that never was.
const KEPT_GENERATIONS: i32 = 8;

/// Players and their tokens. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
}

/// What became of a refresh token that was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rotated {
    /// It was good, and the new one stands in its place.
    Done(Uuid),
    /// It was used before; its family is gone.
    Reused,
    /// It is none that is good.
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
struct CreatedRow {
    created_at_ms: i64,
}

fn stored_id(text: &str) -> Uuid {
    text.parse().unwrap_or_default()
}

impl Store {
    /// On that database.
    #[must_use]
    pub fn new(database: Database) -> Self {
        Self { database }
    }

    /// The secret that signs players' tokens: the one that there is, or `fresh`.
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

    /// The player of a device, if it was here before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn of_device(&self, studio: StudioId, world: i32, device: &Device) -> Result<Option<Uuid>, StoreError> {
        let tenant = self.database.tenant(studio).await?;
        let find = Query::select()
            .column(player::Column::Id)
            .from(tenant.table(player::Entity))
            .and_where(player::Column::World.eq(world))
            .and_where(player::Column::Device.eq(device.0.to_vec()))
            .to_owned();
        let rows: Vec<IdRow> = tenant.all(&find).await?;
        Ok(rows.first().map(|row| stored_id(&row.id)))
    }

    /// Keeps a new player; nothing when its device was faster with another.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn mint(&self, new: &Player, device: Option<&Device>) -> Result<bool, StoreError> {
        let tenant = self.database.tenant(new.studio).await?;
        let transaction = tenant.begin().await?;
        let insert = Query::insert()
            .into_table(tenant.table(player::Entity))
            .columns([player::Column::World, player::Column::Id, player::Column::Device, player::Column::CreatedAtMs])
            .values_panic([
                new.world.into(),
                new.id.to_string().into(),
                device.map(|device| device.0.to_vec()).into(),
                clock::now_ms().into(),
            ])
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .to_owned();
        let kept = tenant.execute(&transaction, &insert).await?;
        tenant.commit(transaction).await?;
        Ok(kept > 0)
    }

    /// When a player was minted, if there is one of that id.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn created_at_ms(&self, of: &Player) -> Result<Option<i64>, StoreError> {
        let tenant = self.database.tenant(of.studio).await?;
        let find = Query::select()
            .column(player::Column::CreatedAtMs)
            .from(tenant.table(player::Entity))
            .and_where(player::Column::World.eq(of.world))
            .and_where(player::Column::Id.eq(of.id.to_string()))
            .to_owned();
        let rows: Vec<CreatedRow> = tenant.all(&find).await?;
        Ok(rows.first().map(|row| row.created_at_ms))
    }

    /// Keeps the first refresh token of a family, and forgets those of that player that have ended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn begin_family(&self, of: &Player, token: &Refresh, expires_at_ms: i64) -> Result<(), StoreError> {
        let tenant = self.database.tenant(of.studio).await?;
        let transaction = tenant.begin().await?;
        let ended = player_token::Column::World
            .eq(of.world)
            .and(player_token::Column::Player.eq(of.id.to_string()))
            .and(player_token::Column::ExpiresAtMs.lte(clock::now_ms()));
        tenant.delete(&transaction, player_token::Entity, ended).await?;
        let first = player_token::ActiveModel {
            digest: Set(token.0.to_vec()),
            world: Set(of.world),
            player: Set(of.id.to_string()),
            family: Set(Uuid::now_v7().to_string()),
            generation: Set(0),
            used_at_ms: Set(None),
            expires_at_ms: Set(expires_at_ms),
        };
        tenant.insert(&transaction, vec![first]).await?;
        tenant.commit(transaction).await
    }

    /// Puts a new refresh token in the place of the one that was shown.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rotate(
        &self,
        studio: StudioId,
        world: i32,
        shown: &Refresh,
        next: &Refresh,
        expires_at_ms: i64,
    ) -> Result<Rotated, StoreError> {
        let tenant = self.database.tenant(studio).await?;
        let now_ms = clock::now_ms();
        let transaction = tenant.begin().await?;
        let is_it = player_token::Column::Digest.eq(shown.0.to_vec()).and(player_token::Column::World.eq(world));
        let good = player_token::Column::UsedAtMs.is_null().and(player_token::Column::ExpiresAtMs.gt(now_ms));
        // Of two who show it at once the second waits here for the first, and then finds it used.
        let mut mark = Query::update();
        mark.table(tenant.table(player_token::Entity))
            .value(player_token::Column::UsedAtMs, now_ms)
            .and_where(is_it.clone())
            .and_where(good)
            .returning(Query::returning().columns([
                player_token::Column::Player,
                player_token::Column::Family,
                player_token::Column::Generation,
            ]));
        let marked: Vec<TokenRow> = tenant.returned(&transaction, &mark).await?;
        let Some(row) = marked.into_iter().next() else {
            let mut families = Query::select();
            families
                .column(player_token::Column::Family)
                .from(tenant.table(player_token::Entity))
                .and_where(is_it)
                .and_where(player_token::Column::UsedAtMs.is_not_null());
            let stolen = player_token::Column::Family.in_subquery(families);
            let gone = tenant.delete(&transaction, player_token::Entity, stolen).await?;
            tenant.commit(transaction).await?;
            return Ok(if gone > 0 { Rotated::Reused } else { Rotated::Unknown });
        };
        let old = player_token::Column::Family
            .eq(row.family.as_str())
            .and(Expr::col(player_token::Column::Generation).lt(row.generation.saturating_sub(KEPT_GENERATIONS)));
        tenant.delete(&transaction, player_token::Entity, old).await?;
        let successor = player_token::ActiveModel {
            digest: Set(next.0.to_vec()),
            world: Set(world),
            player: Set(row.player.clone()),
            family: Set(row.family),
            generation: Set(row.generation.saturating_add(1)),
            used_at_ms: Set(None),
            expires_at_ms: Set(expires_at_ms),
        };
        tenant.insert(&transaction, vec![successor]).await?;
        tenant.commit(transaction).await?;
        Ok(Rotated::Done(stored_id(&row.player)))
    }
}

//! What worlds store: the table `storage_use`, which triggers keep.

use std::collections::BTreeSet;

use entity::tenant::worlds::world;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, FromQueryResult,
    sea_query::{Expr, ExprTrait, OnConflict, Order, Query, SelectStatement},
};

use super::{WorldNames, WorldStore, select_names, world_not_found};
use crate::{
    platform::{db::Tenant, error::StoreError},
    worlds::{
        model::{Revision, ScopeKey, WorldKey},
        storage::{Storage, StorageBounds, StorageUse},
    },
};

/// What a world and its studio store: columns of [`select_storage`].
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct StorageRow {
    world_bytes: i64,
    world_scopes: i64,
    studio_bytes: i64,
    studio_scopes: i64,
}

impl From<StorageRow> for StorageUse {
    fn from(row: StorageRow) -> Self {
        Self {
            world: Storage { bytes: row.world_bytes, scopes: row.world_scopes },
            studio: Storage { bytes: row.studio_bytes, scopes: row.studio_scopes },
        }
    }
}

/// A world with its names and what it stores.
#[derive(FromQueryResult)]
struct NamedRow {
    #[sea_orm(nested)]
    names: WorldNames,
    #[sea_orm(nested)]
    storage: StorageRow,
}

/// The columns of [`StorageRow`] in a query of the table `world`.
const COLUMNS: &str =
    "(SELECT used.bytes FROM {schema}.storage_use AS used WHERE used.world = world.id) AS world_bytes,
    (SELECT used.scopes FROM {schema}.storage_use AS used WHERE used.world = world.id) AS world_scopes,
    (SELECT CAST(sum(used.bytes) AS bigint) FROM {schema}.storage_use AS used) AS studio_bytes,
    (SELECT CAST(sum(used.scopes) AS bigint) FROM {schema}.storage_use AS used) AS studio_scopes";

/// Raises a world's sequence by `$2` and returns the id before the first new one as `base`, if an [`Admission`] holds: its guard is
/// `$3`, and `$26` to `$31` are the values of [`Admission::values`]. It is the first part of a statement that stores a batch in one round
/// trip. `{stamp}` stands for the parameter with a [`Revision::new_stamp`]. A studio has few worlds.
pub const RAISE_SEQ: &str =
    "UPDATE {schema}.world SET seq = seq + $2, stamp = {stamp} WHERE id = $1 AND guard = $3 AND EXISTS (
        SELECT 1 FROM {schema}.storage_use AS used,
            (SELECT sum(bytes) AS bytes, sum(scopes) AS scopes FROM {schema}.storage_use) AS studio
        WHERE used.world = $1 AND used.bytes + $26 <= $27 AND studio.bytes + $26 <= $28
            AND used.scopes + $29 <= $30 AND studio.scopes + $29 <= $31)
    RETURNING seq - $2 AS base";

/// On what condition a batch is stored: the world has this guard still, and what the batch needs fits into the bounds.
#[derive(Clone, Copy, Debug)]
pub struct Admission {
    /// The world's guard.
    pub guard: i64,
    /// What the batch needs at most.
    pub demand: Storage,
    /// What may be stored.
    pub bounds: StorageBounds,
}

impl Admission {
    /// The demand in bytes with its bounds in the world and in the studio; and the same in scopes.
    #[must_use]
    pub fn values(self) -> [i64; 6] {
        let Self { demand, bounds: StorageBounds { world, studio }, .. } = self;
        [demand.bytes, world.bytes, studio.bytes, demand.scopes, world.scopes, studio.scopes]
    }
}

/// The condition of [`RAISE_SEQ`] on what is stored, with the values where they are needed.
const WITHIN: &str = "EXISTS (SELECT 1 FROM storage_use AS used,
        (SELECT sum(bytes) AS bytes, sum(scopes) AS scopes FROM storage_use) AS studio
    WHERE used.world = world.id AND used.bytes + ? <= ? AND studio.bytes + ? <= ?
        AND used.scopes + ? <= ? AND studio.scopes + ? <= ?)";

impl WorldStore {
    /// Adds the columns of [`StorageRow`] to a query of the table `world`.
    pub(super) fn with_storage(tenant: &Tenant, mut select: SelectStatement) -> SelectStatement {
        select.expr(Expr::cust(tenant.qualify(COLUMNS)));
        select
    }

    /// What a world and its studio store.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn storage(&self, world: WorldKey) -> Result<StorageUse, StoreError> {
        let select = Self::with_storage(&self.tenant, Self::select_revision(&self.tenant, world));
        let rows: Vec<StorageRow> = self.tenant.all(&select).await?;
        rows.first().map(|row| (*row).into()).ok_or_else(|| world_not_found(world))
    }

    /// What each world of the studio stores.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn storage_of_all(&self) -> Result<Vec<(WorldNames, Storage)>, StoreError> {
        let select = Query::select()
            .columns([world::Column::Game, world::Column::Environment])
            .from(self.tenant.table(world::Entity))
            .order_by(world::Column::Id, Order::Asc)
            .to_owned();
        let rows: Vec<NamedRow> = self.tenant.all(&Self::with_storage(&self.tenant, select)).await?;
        Ok(rows.into_iter().map(|row| (row.names, StorageUse::from(row.storage).world)).collect())
    }

    /// The names of a world.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn names(&self, world: WorldKey) -> Result<WorldNames, StoreError> {
        let rows: Vec<WorldNames> = self.tenant.all(&select_names(&self.tenant.world(world.world()))).await?;
        rows.into_iter().next().ok_or_else(|| world_not_found(world))
    }

    /// Counts what a batch is about to store in these scopes, with ids up to `upto`, which triggers then leave out. For SQLite, whose
    /// triggers would count each row by itself.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count_batch(
        tenant: &Tenant,
        transaction: &DatabaseTransaction,
        world: WorldKey,
        scopes: BTreeSet<&ScopeKey>,
        bytes: i64,
        upto: i64,
    ) -> Result<(), StoreError> {
        if !scopes.is_empty() {
            let mut add = Query::insert().into_table("stored_scope").columns(["world", "scope"]).to_owned();
            for scope in scopes {
                add.values_panic([world.world().into(), scope.as_str().into()]);
            }
            tenant.execute(transaction, add.on_conflict(OnConflict::new().do_nothing().to_owned())).await?;
        }
        let count = Query::update()
            .table("storage_use")
            .value("bytes", Expr::col("bytes").add(bytes))
            .value("counted_upto", upto)
            .and_where(Expr::col("world").eq(world.world()))
            .to_owned();
        tenant.execute(transaction, &count).await?;
        Ok(())
    }

    /// As [`WorldStore::raise_seq`], if the admission holds. For SQLite.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn raise_seq_if(
        tenant: &Tenant,
        transaction: &DatabaseTransaction,
        world: WorldKey,
        count: i64,
        admission: Admission,
    ) -> Result<Option<Revision>, StoreError> {
        let [bytes, world_bytes, studio_bytes, scopes, world_scopes, studio_scopes] = admission.values();
        let values = [bytes, world_bytes, bytes, studio_bytes, scopes, world_scopes, scopes, studio_scopes];
        let raise = Self::raise(tenant, world, count)
            .and_where(world::Column::Guard.eq(admission.guard))
            .and_where(Expr::cust_with_values(WITHIN, values))
            .take();
        Self::raised(tenant, transaction, &raise).await
    }
}

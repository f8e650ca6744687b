//! The database: connections, schema, and the [`Tenant`] handle through which a studio's data is reached.
//!
//! Mechanisms only: a feature's statements are in its `store`.

mod applied;
mod config;
mod connect;
mod copy;
mod deadline;
mod disk;
mod folder;
mod installation;
mod lost;
mod metrics;
mod movable;
mod personal;
mod postgres_url;
mod rows;
mod schema;
mod tables;
mod tenant;
mod tenants;
mod turns;
mod whole;
mod world;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use sea_orm::ConnectionTrait;
pub use sea_orm::DatabaseTransaction;

pub use self::{
    config::DatabaseConfig,
    copy::{CopyField, CopyRows, CopyTransaction},
    deadline::with_deadline,
    folder::FolderLock,
    installation::Installation,
    lost::LostError,
    metrics::PoolMetrics,
    movable::MovableTable,
    personal::PersonalTable,
    postgres_url::PostgresUrl,
    rows::Row,
    schema::{Migrate, SchemaError, State as SchemaState},
    tables::{Dialect, STATEMENTS, Tables, union_all},
    tenant::{Control, StudioId, Tenant},
    turns::Turn,
    whole::CopyError,
    world::WorldTables,
};
use self::{disk::DiskSpace, tenants::OpenTenants, turns::Turns};
use super::{byte_budget::GrowthFactor, error::StoreError};

/// Which database, and where.
#[derive(Clone, Debug)]
pub enum Target {
    /// SQLite files under a folder: one for the control tables, one for each studio.
    Sqlite {
        /// The folder; created where it is missing.
        folder: PathBuf,
    },
    /// A PostgreSQL database: the control tables in its default schema, one schema for each studio.
    Postgres {
        /// Where it is, and how to sign in.
        url: PostgresUrl,
    },
}

/// The limits of connections.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections of this instance at most (PostgreSQL).
    pub connections: u32,
    /// The time-out of one statement, of acquiring a connection, and of a write to a world with all its statements.
    pub deadline: Duration,
    /// Studios whose files are open at once, at most (SQLite).
    pub open_studios: usize,
}

/// Whether the database works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DatabaseHealth {
    /// It answers.
    Up,
    /// It does not answer.
    Away,
    /// Its disk is full: it can be read.
    Full,
}

/// The time-out of a readiness check.
const PING_DEADLINE: Duration = Duration::from_secs(1);

/// The open database.
#[derive(Clone, Debug)]
pub struct Database {
    target: Target,
    limits: Limits,
    control: Control,
    tenants: Arc<OpenTenants>,
    disk: Arc<DiskSpace>,
    turns: Turns,
    migrated: usize,
}

impl Database {
    /// Opens the control tables and migrates the schema as `migrate` says. The studio `given_up` (its slug) may have lost its
    /// tables, because it is about to be deleted.
    ///
    /// # Errors
    /// [`SchemaError`]: the database is not available, its schema is of another version than this program's, or tables are
    /// missing.
    pub async fn open(
        target: Target,
        limits: Limits,
        migrate: Migrate,
        given_up: Option<&str>,
    ) -> Result<Self, SchemaError> {
        let migrated = schema::prepare(&target, limits, migrate, given_up).await?;
        Ok(Self { migrated, ..Self::open_unchecked(target, limits).await? })
    }

    /// Opens the control tables without a check of their version: to inspect the schema, not to work with it.
    ///
    /// # Errors
    /// The database is not available.
    pub async fn open_unchecked(target: Target, limits: Limits) -> Result<Self, StoreError> {
        let disk = Arc::new(DiskSpace::of(&target));
        let control = connect::control(&target, limits, &disk).await?;
        // On PostgreSQL all studios share the connections, and an open one costs next to nothing.
        let max_open = if matches!(target, Target::Sqlite { .. }) { limits.open_studios } else { usize::MAX };
        // A quarter of the connections is left to those who write.
        let readers = usize::try_from(limits.connections - limits.connections / 4).unwrap_or(usize::MAX);
        let (tenants, turns) = (Arc::new(OpenTenants::new(max_open)), Turns::new(readers));
        Ok(Self { target, limits, control, tenants, disk, turns, migrated: 0 })
    }

    /// The control tables.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// How many studios were migrated or created when the database was opened.
    #[must_use]
    pub fn migrated(&self) -> usize {
        self.migrated
    }

    /// One studio's data, opened where it is not open.
    ///
    /// # Errors
    /// The database is not available.
    pub async fn tenant(&self, studio: StudioId) -> Result<Tenant, StoreError> {
        let open = || connect::tenant(&self.target, self.limits, &self.disk, &self.control, studio, &self.turns);
        self.tenants.get(studio, open).await
    }

    /// Whether a studio's data can be read without opening a file: it is open, or shares its connections with others.
    #[must_use]
    pub fn is_open(&self, studio: StudioId) -> bool {
        matches!(self.target, Target::Postgres { .. }) || self.tenants.is_open(studio)
    }

    /// The time-out of one call, and of a write with all its calls.
    #[must_use]
    pub fn deadline(&self) -> Duration {
        self.limits.deadline
    }

    /// Whether the database is files of this machine.
    #[must_use]
    pub fn is_local(&self) -> bool {
        matches!(self.target, Target::Sqlite { .. })
    }

    /// Creates a new studio's tables.
    ///
    /// # Errors
    /// The database is not available, or such tables are there already ([`LostError::StudioUnknown`]).
    pub async fn create_tenant(&self, studio: StudioId) -> Result<(), SchemaError> {
        schema::prepare_tenant(&self.target, self.limits, studio, true).await
    }

    /// Creates a studio's tables if they are not there yet.
    ///
    /// # Errors
    /// The database is not available.
    pub async fn ensure_tenant(&self, studio: StudioId) -> Result<(), SchemaError> {
        schema::prepare_tenant(&self.target, self.limits, studio, false).await
    }

    /// Removes a studio's tables with all their rows, and the copies that were made of them before migrations.
    ///
    /// # Errors
    /// The database is not available, or a file can't be removed.
    pub async fn remove_tenant(&self, studio: StudioId) -> Result<(), SchemaError> {
        self.tenants.close(studio);
        schema::remove_tenant(&self.target, self.limits, studio).await
    }

    /// The copies that were made of files before they were migrated; none of a server's database.
    ///
    /// # Errors
    /// The data folder can't be read.
    pub async fn copies(&self) -> Result<Vec<PathBuf>, SchemaError> {
        let Target::Sqlite { folder } = &self.target else { return Ok(Vec::new()) };
        folder::copies(folder).await.map_err(|cause| SchemaError::Folder { folder: folder.clone(), cause })
    }

    /// Which database it is, and where.
    #[must_use]
    pub fn target(&self) -> &Target {
        &self.target
    }

    /// All studios.
    ///
    /// # Errors
    /// The database is not available.
    pub async fn studios(&self) -> Result<Vec<StudioId>, StoreError> {
        applied::studios(self.control.read_connection()).await
    }

    /// The migration state of each studio's tables.
    ///
    /// # Errors
    /// The database is not available.
    pub async fn states(&self) -> Result<BTreeMap<StudioId, SchemaState>, SchemaError> {
        schema::states(&self.target, self.limits, self.control.read_connection()).await
    }

    /// Closes all connections. SQLite then writes its logs back into the files and removes them.
    pub async fn close(&self) {
        for tenant in self.tenants.close_all() {
            tenant.close().await;
        }
        self.control.close().await;
    }

    /// By how much the database grows for each byte of rows and indexes, with its write-ahead log. Measured: SQLite's log keeps its
    /// 16 MB, a quarter of the 64 MB that one network may store at once; PostgreSQL writes each byte to its log too, and more after a
    /// checkpoint, until it uses the log's files again.
    #[must_use]
    pub fn growth_factor(&self) -> GrowthFactor {
        match self.target {
            Target::Sqlite { .. } => GrowthFactor { numerator: 4, denominator: 3 },
            Target::Postgres { .. } => GrowthFactor { numerator: 9, denominator: 4 },
        }
    }

    /// The number of open connections, and of idle ones among them.
    #[must_use]
    pub fn connections(&self) -> (u32, usize) {
        match &self.target {
            Target::Sqlite { .. } => {
                let pool = self.control.read_connection().get_sqlite_connection_pool();
                (pool.size(), pool.num_idle())
            }
            Target::Postgres { .. } => {
                let pool = self.control.read_connection().get_postgres_connection_pool();
                (pool.size(), pool.num_idle())
            }
        }
    }

    /// Whether it answers, and can store something.
    pub async fn health(&self) -> DatabaseHealth {
        match self.ping().await {
            // Away it may be because it has no room for its log.
            _ if self.disk.is_full() => DatabaseHealth::Full,
            Ok(()) => DatabaseHealth::Up,
            Err(_) => DatabaseHealth::Away,
        }
    }

    async fn ping(&self) -> Result<(), StoreError> {
        tokio::time::timeout(
            self.limits.deadline.min(PING_DEADLINE),
            self.control.read_connection().execute_unprepared("SELECT 1"),
        )
        .await
        .map_err(|_| StoreError::Unavailable("timed out".to_owned()))??;
        Ok(())
    }
}

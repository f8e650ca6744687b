//! The database: connections, schema, and the [`Tenant`] handle through which a studio's data is reached.
//!
//! Mechanisms only: a feature's statements live in the feature's `store`.

mod config;
mod connect;
mod copy;
mod rows;
mod schema;
mod tables;
mod tenant;
mod tenants;

use std::{collections::BTreeMap, path::PathBuf, sync::Arc, time::Duration};

use sea_orm::{ConnectionTrait, EntityTrait, QueryOrder, Set};

use self::tenants::Tenants;
pub use self::{
    config::DatabaseConfig,
    copy::{Copying, Field, Rows},
    rows::Row,
    schema::{Migrate, SchemaError, State as SchemaState},
    tables::{Dialect, Tables},
    tenant::{Control, StudioId, Tenant},
};
use super::{clock, error::StoreError, secret::Secret};

/// Which database, and where.
#[derive(Clone, Debug)]
pub enum Target {
    /// SQLite files under a folder: one for the control tables, one for each studio.
    Sqlite {
        /// The folder; made when it is not there.
        folder: PathBuf,
    },
    /// A PostgreSQL database: the control tables in its default schema, one schema for each studio.
    Postgres {
        /// `postgres://user:password@host:port/database`.
        url: Secret,
    },
}

/// The bounds of the connections.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections that this instance opens at most (PostgreSQL).
    pub connections: u32,
    /// What one statement, or the wait for a connection, may take.
    pub deadline: Duration,
    /// Studios whose files are open at once (SQLite).
    pub open_studios: usize,
}

/// Who asks whether the database is there wants to know now.
const PING_DEADLINE: Duration = Duration::from_secs(1);

/// The open database.
#[derive(Clone, Debug)]
pub struct Database {
    target: Target,
    limits: Limits,
    control: Control,
    tenants: Arc<Tenants>,
    migrated: usize,
}

impl Database {
    /// Opens the control tables and brings the schema up to date as `migrate` says.
    ///
    /// # Errors
    /// [`SchemaError`]: the database can't be reached, or its schema is not the one that this program knows.
    pub async fn open(target: Target, limits: Limits, migrate: Migrate) -> Result<Self, SchemaError> {
        let migrated = schema::prepare(&target, limits, migrate).await?;
        Ok(Self { migrated, ..Self::open_as_it_is(target, limits).await? })
    }

    /// Opens the control tables, whatever version they are of: to see how things are, not to work with them.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn open_as_it_is(target: Target, limits: Limits) -> Result<Self, StoreError> {
        let control = connect::control(&target, limits).await?;
        // On PostgreSQL all studios share the connections, and an open one costs next to nothing.
        let most = if matches!(target, Target::Sqlite { .. }) { limits.open_studios } else { usize::MAX };
        Ok(Self { target, limits, control, tenants: Arc::new(Tenants::new(most)), migrated: 0 })
    }

    /// The control tables.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.control
    }

    /// How many studios were migrated, or made, when it was opened.
    #[must_use]
    pub fn migrated(&self) -> usize {
        self.migrated
    }

    /// One studio's data, opened when it is not open.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn tenant(&self, studio: StudioId) -> Result<Tenant, StoreError> {
        self.tenants.get(studio, || connect::tenant(&self.target, self.limits, &self.control, studio)).await
    }

    /// Whether looking at a studio's data costs no more than the look: it is open, or shares its connections with others.
    #[must_use]
    pub fn is_open(&self, studio: StudioId) -> bool {
        matches!(self.target, Target::Postgres { .. }) || self.tenants.is_open(studio)
    }

    /// Whether it is files of this machine.
    #[must_use]
    pub fn is_local(&self) -> bool {
        matches!(self.target, Target::Sqlite { .. })
    }

    /// Makes a new studio's tables.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn make_tenant(&self, studio: StudioId) -> Result<(), SchemaError> {
        schema::prepare_tenant(&self.target, self.limits, studio).await
    }

    /// Removes a studio's tables with all that is in them, and the copies that were made of them before migrations.
    ///
    /// # Errors
    /// The database can't be reached, or a file can't be removed.
    pub async fn remove_tenant(&self, studio: StudioId) -> Result<(), SchemaError> {
        self.tenants.close(studio);
        schema::remove_tenant(&self.target, self.limits, studio).await
    }

    /// How far each studio's tables are.
    ///
    /// # Errors
    /// The database can't be reached, or a studio's schema is newer than this program.
    pub async fn states(&self) -> Result<BTreeMap<StudioId, SchemaState>, SchemaError> {
        schema::states(&self.target, self.limits, self.control.reading()).await
    }

    /// The UUID that was made with this database.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn installation(&self) -> Result<String, StoreError> {
        use entity::control::platform::installation as table;
        let newcomer =
            table::ActiveModel { id: Set(uuid::Uuid::new_v4().to_string()), created_at_ms: Set(clock::now_ms()) };
        let find = || table::Entity::find().order_by_asc(table::Column::CreatedAtMs).order_by_asc(table::Column::Id);
        if let Some(row) = find().one(self.control.reading()).await? {
            return Ok(row.id);
        }
        // Two instances may be first at once: both then take the older row.
        table::Entity::insert(newcomer.clone()).exec_without_returning(self.control.reading()).await?;
        Ok(find().one(self.control.reading()).await?.map_or(newcomer.id.unwrap(), |row| row.id))
    }

    /// Connections that are open, and how many of them are idle.
    #[must_use]
    pub fn connections(&self) -> (u32, usize) {
        match &self.target {
            Target::Sqlite { .. } => {
                let pool = self.control.reading().get_sqlite_connection_pool();
                (pool.size(), pool.num_idle())
            }
            Target::Postgres { .. } => {
                let pool = self.control.reading().get_postgres_connection_pool();
                (pool.size(), pool.num_idle())
            }
        }
    }

    /// Asks the database for an answer, to tell whether it is there.
    ///
    /// # Errors
    /// It is away.
    pub async fn ping(&self) -> Result<(), StoreError> {
        tokio::time::timeout(
            self.limits.deadline.min(PING_DEADLINE),
            self.control.reading().execute_unprepared("SELECT 1"),
        )
        .await
        .map_err(|_| StoreError::Away("no answer in time".to_owned()))??;
        Ok(())
    }
}

//! The database: connections, schema, and the [`Tenant`] handle through which a studio's data is reached.
//!
//! Mechanisms only: a feature's statements live in the feature's `store`.

mod connect;
mod copy;
mod schema;
mod tenant;

use std::{path::PathBuf, time::Duration};

use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, QueryFilter, QueryOrder, Set};

pub use self::copy::{Copying, Field, Rows};
pub use self::schema::{Migrate, SchemaError};
pub use self::tenant::{Dialect, StudioId, Tenant};
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
}

/// Who asks whether the database is there wants to know now.
const PING_DEADLINE: Duration = Duration::from_secs(1);

/// The open database.
#[derive(Clone, Debug)]
pub struct Database {
    target: Target,
    limits: Limits,
    control: DatabaseConnection,
}

impl Database {
    /// Opens the control tables and brings the schema up to date as `migrate` says.
    ///
    /// # Errors
    /// [`SchemaError`]: the database can't be reached, or its schema is not the one that this program knows.
    pub async fn open(target: Target, limits: Limits, migrate: Migrate) -> Result<Self, SchemaError> {
        schema::prepare(&target, limits, migrate).await?;
        let control = connect::control(&target, limits).await?;
        Ok(Self { target, limits, control })
    }

    /// The control tables.
    #[must_use]
    pub fn control(&self) -> &DatabaseConnection {
        &self.control
    }

    /// Opens one studio's data.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn tenant(&self, studio: StudioId) -> Result<Tenant, StoreError> {
        connect::tenant(&self.target, self.limits, &self.control, studio).await
    }

    /// The UUID that was made with this database.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn installation(&self) -> Result<String, StoreError> {
        use entity::control::installation as table;
        let newcomer =
            table::ActiveModel { id: Set(uuid::Uuid::new_v4().to_string()), created_at_ms: Set(clock::now_ms()) };
        let find = || table::Entity::find().order_by_asc(table::Column::CreatedAtMs).order_by_asc(table::Column::Id);
        if let Some(row) = find().one(&self.control).await? {
            return Ok(row.id);
        }
        // Two instances may be first at once: both then take the older row.
        table::Entity::insert(newcomer.clone()).exec_without_returning(&self.control).await?;
        Ok(find().one(&self.control).await?.map_or(newcomer.id.unwrap(), |row| row.id))
    }

    /// The studio called `slug`, founded when it is not there yet.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn found_studio(&self, slug: &str) -> Result<StudioId, SchemaError> {
        use entity::control::studio as table;
        let row = table::ActiveModel {
            slug: Set(slug.to_owned()),
            created_at_ms: Set(clock::now_ms()),
            ..Default::default()
        };
        table::Entity::insert(row)
            .on_conflict_do_nothing_on([table::Column::Slug])
            .exec_without_returning(&self.control)
            .await
            .map_err(StoreError::from)?;
        let found = table::Entity::find()
            .filter(table::Column::Slug.eq(slug))
            .one(&self.control)
            .await
            .map_err(StoreError::from)?;
        let studio = found.map(|row| StudioId(row.id)).ok_or(SchemaError::Vanished("studio"))?;
        schema::prepare_tenant(&self.target, self.limits, studio).await?;
        Ok(studio)
    }

    /// Connections that are open, and how many of them are idle.
    #[must_use]
    pub fn connections(&self) -> (u32, usize) {
        match &self.target {
            Target::Sqlite { .. } => {
                let pool = self.control.get_sqlite_connection_pool();
                (pool.size(), pool.num_idle())
            }
            Target::Postgres { .. } => {
                let pool = self.control.get_postgres_connection_pool();
                (pool.size(), pool.num_idle())
            }
        }
    }

    /// Asks the database for an answer, to tell whether it is there.
    ///
    /// # Errors
    /// It is away.
    pub async fn ping(&self) -> Result<(), StoreError> {
        tokio::time::timeout(self.limits.deadline.min(PING_DEADLINE), self.control.execute_unprepared("SELECT 1"))
            .await
            .map_err(|_| StoreError::Away("no answer in time".to_owned()))??;
        Ok(())
    }
}

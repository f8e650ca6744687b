//! Brings the schema to the version that this program knows, or says why not.
//!
//! An empty database is made on start. An older one is migrated where that is safe without asking (SQLite, after a copy
//! was made beside it; or anywhere with [`Migrate::Now`]); otherwise the program stops and says what to run. On
//! PostgreSQL an advisory lock keeps two instances from migrating at once.

use std::path::PathBuf;

use migration::{Control, Tenant};
use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, sea_query::Query};
use sea_orm_migration::{MigrationStatus, MigratorTrait};

use super::{Limits, Target, connect, tenant::StudioId};
use crate::platform::{clock, error::StoreError};

/// What to do with a schema that is older than the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Migrate {
    /// Embedded: migrate after copying. Server: stop and say `cairn migrate`.
    Check,
    /// Migrate.
    #[serde(rename = "auto")]
    Now,
}

/// The schema can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// The database can't be reached, or refuses.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The data folder can't be made or written.
    #[error("the data folder {folder}: {cause}")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// Older than the program, and not migrated without being told to.
    #[error(
        "the database is older than this program: {pending} migrations of {what} are to be run. \
         Stop the other instances or read the release notes, then run `cairn migrate` (or start with `--migrate auto`)"
    )]
    Older {
        /// How many migrations are to be run.
        pending: usize,
        /// `the control tables`, or a studio's.
        what: String,
    },
    /// Newer than the program.
    #[error("the database is newer than this program: {0}. Run the newer program")]
    Newer(String),
    /// A row that was just written is not there.
    #[error("the {0} that was just written is not there")]
    Vanished(&'static str),
}

/// Any number that nothing else in the database uses as an advisory lock: the letters "cairn".
const ADVISORY_LOCK: i64 = 0x63_61_69_72_6e;

pub(super) async fn prepare(target: &Target, limits: Limits, migrate: Migrate) -> Result<(), SchemaError> {
    if let Target::Sqlite { folder } = target {
        std::fs::create_dir_all(folder).map_err(|cause| SchemaError::Folder { folder: folder.clone(), cause })?;
    }
    let control = lock(target, limits).await?;
    bring_up::<Control>(target, &control, migrate, None).await?;
    let studios =
        Query::select().column(entity::control::studio::Column::Id).from(entity::control::studio::Entity).to_owned();
    for row in control.query_all(&studios).await.map_err(StoreError::from)? {
        let studio = StudioId(row.try_get("", "id").map_err(StoreError::from)?);
        bring_up_studio(target, limits, &control, migrate, studio).await?;
    }
    unlock(control).await
}

/// Makes a new studio's tables.
pub(super) async fn prepare_tenant(target: &Target, limits: Limits, studio: StudioId) -> Result<(), SchemaError> {
    let control = lock(target, limits).await?;
    bring_up_studio(target, limits, &control, Migrate::Check, studio).await?;
    unlock(control).await
}

/// A connection that holds the lock until [`unlock`], or until it breaks.
async fn lock(target: &Target, limits: Limits) -> Result<DatabaseConnection, SchemaError> {
    let control = connect::migrating(target, limits, None).await?;
    if matches!(target, Target::Postgres { .. }) {
        let wait = format!("SELECT pg_advisory_lock({ADVISORY_LOCK})");
        control.execute_unprepared(&wait).await.map_err(StoreError::from)?;
    }
    Ok(control)
}

async fn unlock(control: DatabaseConnection) -> Result<(), SchemaError> {
    // The lock goes with the connection.
    Ok(control.close().await.map_err(StoreError::from)?)
}

async fn bring_up_studio(
    target: &Target,
    limits: Limits,
    control: &DatabaseConnection,
    migrate: Migrate,
    studio: StudioId,
) -> Result<(), SchemaError> {
    if matches!(target, Target::Postgres { .. }) {
        let make = format!(r#"CREATE SCHEMA IF NOT EXISTS "{}""#, studio.schema());
        control.execute_unprepared(&make).await.map_err(StoreError::from)?;
    }
    let connection = connect::migrating(target, limits, Some(studio)).await?;
    bring_up::<Tenant>(target, &connection, migrate, Some(studio)).await?;
    unlock(connection).await
}

async fn bring_up<M: MigratorTrait>(
    target: &Target,
    connection: &DatabaseConnection,
    migrate: Migrate,
    studio: Option<StudioId>,
) -> Result<(), SchemaError> {
    let status = M::get_migration_with_status_read_only(connection).await.map_err(|error| match error {
        DbErr::Custom(text) => SchemaError::Newer(text),
        other => SchemaError::Store(other.into()),
    })?;
    let pending = status.iter().filter(|migration| migration.status() == MigrationStatus::Pending).count();
    if pending == 0 {
        return Ok(());
    }
    let what = studio.map_or_else(|| "the control tables".to_owned(), |studio| format!("studio {studio}"));
    if pending < status.len() {
        match target {
            Target::Postgres { .. } if migrate == Migrate::Check => return Err(SchemaError::Older { pending, what }),
            Target::Postgres { .. } => {}
            Target::Sqlite { folder } => {
                let name = studio.map_or_else(|| "control.sqlite".to_owned(), StudioId::file);
                let copy = folder.join(format!("{name}.before-migration-{}", clock::now_ms()));
                let vacuum = sea_orm::Statement::from_sql_and_values(
                    sea_orm::DbBackend::Sqlite,
                    "VACUUM INTO ?",
                    [copy.display().to_string().into()],
                );
                connection.execute_raw(vacuum).await.map_err(StoreError::from)?;
                tracing::info!(copy = %copy.display(), "copied the database before migrating it");
            }
        }
        tracing::info!(pending, what, "migrating");
    }
    M::up(connection, None).await.map_err(StoreError::from)?;
    Ok(())
}

//! Opens connections, with the settings that the promises about durability and time rest on.

use std::{path::Path, time::Duration};

use sea_orm::{
    ConnectOptions, DatabaseConnection,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};

use super::{
    Limits, Target,
    tenant::{StudioId, Tenant},
};
use crate::platform::error::StoreError;

/// Readers of one SQLite file. Its single writer has a connection of its own.
const SQLITE_READERS: u32 = 4;

/// A connection that sat idle for longer than this is tried before it is used.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);

pub(super) async fn control(target: &Target, limits: Limits) -> Result<DatabaseConnection, StoreError> {
    match target {
        Target::Sqlite { folder } => sqlite(&folder.join("control.sqlite"), limits, SQLITE_READERS).await,
        Target::Postgres { url } => {
            postgres(url.expose(), limits, limits.connections, Some(limits.deadline), None).await
        }
    }
}

pub(super) async fn tenant(
    target: &Target,
    limits: Limits,
    control: &DatabaseConnection,
    studio: StudioId,
) -> Result<Tenant, StoreError> {
    Ok(match target {
        Target::Sqlite { folder } => {
            let file = folder.join(studio.file());
            let write = sqlite(&file, limits, 1).await?;
            let read = sqlite(&file, limits, SQLITE_READERS).await?;
            Tenant::new(studio, None, read, write, limits.deadline)
        }
        Target::Postgres { .. } => {
            Tenant::new(studio, Some(studio.schema()), control.clone(), control.clone(), limits.deadline)
        }
    })
}

/// One connection whose unqualified names are the studio's: for migrations, which are written without a schema.
pub(super) async fn migrating(
    target: &Target,
    limits: Limits,
    studio: Option<StudioId>,
) -> Result<DatabaseConnection, StoreError> {
    match target {
        Target::Sqlite { folder } => {
            let file = studio.map_or_else(|| "control.sqlite".to_owned(), StudioId::file);
            sqlite(&folder.join(file), limits, 1).await
        }
        // A migration may take as long as it needs.
        Target::Postgres { url } => postgres(url.expose(), limits, 1, None, studio.map(StudioId::schema)).await,
    }
}

async fn sqlite(file: &Path, limits: Limits, connections: u32) -> Result<DatabaseConnection, StoreError> {
    let mut options = ConnectOptions::new(format!("sqlite://{}?mode=rwc", file.display()));
    let (deadline, file) = (limits.deadline, file.to_owned());
    options
        .max_connections(connections)
        .acquire_timeout(deadline)
        .sqlx_logging(false)
        .test_before_acquire(false)
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                // Given again because a folder's name may hold what a URL can't.
                .filename(&file)
                .journal_mode(SqliteJournalMode::Wal)
                // Group commit makes the full promise cheap: a batch costs one sync.
                .synchronous(SqliteSynchronous::Full)
                .busy_timeout(deadline)
                .foreign_keys(true)
        });
    Ok(sea_orm::Database::connect(options).await?)
}

async fn postgres(
    url: &str,
    limits: Limits,
    connections: u32,
    statement_deadline: Option<Duration>,
    schema: Option<String>,
) -> Result<DatabaseConnection, StoreError> {
    let mut options = ConnectOptions::new(url);
    options
        .max_connections(connections)
        .acquire_timeout(limits.deadline)
        .connect_timeout(limits.deadline)
        .sqlx_logging(false)
        .test_before_acquire_if_idle_for(TRUSTED_IDLE)
        .set_application_name("cairn");
    if let Some(deadline) = statement_deadline {
        options.statement_timeout(deadline);
    }
    if let Some(schema) = schema {
        options.set_schema_search_path(schema);
    }
    Ok(sea_orm::Database::connect(options).await?)
}

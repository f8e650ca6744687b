//! Opens connections, with the settings that the promises about durability and time rest on.

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

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

/// A connection to PostgreSQL that is older is closed when it is asked for: what it has cached of the schema, and the
/// memory of its server process, end with it.
///
/// sqlx 0.9 is given no times of its own: with them it starts a task that counts idle connections, and the count passes
/// through -1, read as 2^64, while a connection is given back and taken at once; the task then never ends, and a thread
/// with it.
const LIFETIME: Duration = Duration::from_mins(30);

/// A connection that sat idle for longer than this is tried before it is used.
const TRUSTED_IDLE: Duration = Duration::from_secs(1);

pub(super) async fn control(target: &Target, limits: Limits) -> Result<DatabaseConnection, StoreError> {
    match target {
        Target::Sqlite { folder } => {
            sqlite(&folder.join("control.sqlite"), limits, SQLITE_READERS, Arc::default()).await
        }
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
            let suspect = Arc::new(AtomicBool::new(false));
            let write = sqlite(&file, limits, 1, Arc::clone(&suspect)).await?;
            let read = sqlite(&file, limits, SQLITE_READERS, Arc::default()).await?;
            Tenant::new(studio, None, read, write, suspect, limits.deadline)
        }
        Target::Postgres { .. } => Tenant::new(
            studio,
            Some(studio.schema()),
            control.clone(),
            control.clone(),
            Arc::default(),
            limits.deadline,
        ),
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
            sqlite(&folder.join(file), limits, 1, Arc::default()).await
        }
        // A migration may take as long as it needs.
        Target::Postgres { url } => postgres(url.expose(), limits, 1, None, studio.map(StudioId::schema)).await,
    }
}

/// A connection that was used when something failed is closed, as `suspect` says, instead of being used again: on a full
/// disk SQLite itself rolls the transaction back, the layers above do not notice, and what they would then call a commit
/// is none.
async fn sqlite(
    file: &Path,
    limits: Limits,
    connections: u32,
    suspect: Arc<AtomicBool>,
) -> Result<DatabaseConnection, StoreError> {
    let mut options = ConnectOptions::new("sqlite://placeholder?mode=rwc");
    let (deadline, file) = (limits.deadline, file.to_owned());
    options
        .max_connections(connections)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .acquire_timeout(deadline)
        .sqlx_logging(false)
        .test_before_acquire(false)
        .map_sqlx_sqlite_before_acquire(move |_, _| {
            let sound = !suspect.swap(false, Ordering::AcqRel);
            Box::pin(async move { Ok(sound) })
        })
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                // Given here because a folder's name may hold what a URL can't.
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
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .map_sqlx_postgres_before_acquire(|_, connection| Box::pin(async move { Ok(connection.age < LIFETIME) }))
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

//! Opens connections, with the settings on which durability and time-outs depend.

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
    sqlx::{
        ConnectOptions as _, Connection,
        error::DatabaseError,
        postgres::{PgConnectOptions, PgPoolOptions},
        sqlite::{SqliteJournalMode, SqliteSynchronous},
    },
};
use tokio::time::Instant;

use super::{
    Limits, PostgresUrl, Target,
    disk::DiskSpace,
    lost::CONTROL_FILE,
    tables::{Dialect, Tables},
    tenant::{Control, StudioId, Tenant},
    turns::Turns,
};
use crate::platform::{error::StoreError, files};

/// Reading connections to one SQLite file. Its single writer has a connection of its own.
const SQLITE_READERS: u32 = 4;

/// An older connection to PostgreSQL is closed when it is acquired: this frees what it has cached of the schema, and
/// the memory of its server process.
///
/// sqlx 0.9's own settings for this are off: with them it starts a task that counts idle connections, and the count
/// passes through -1, read as 2^64, while a connection is released and acquired at once; the task then never ends, and
/// blocks a thread.
const MAX_AGE: Duration = Duration::from_mins(30);

/// A connection that was idle for longer is tested before it is used.
const TEST_AFTER_IDLE: Duration = Duration::from_secs(1);

pub(super) async fn control(target: &Target, limits: Limits, disk: &Arc<DiskSpace>) -> Result<Control, StoreError> {
    let tables = match target {
        Target::Sqlite { folder } => sqlite_tables(&folder.join(CONTROL_FILE), limits, disk).await?,
        Target::Postgres { url } => {
            let pool = postgres(url, limits, limits.connections, Some(limits.deadline)).await?;
            Tables::new(Dialect::Postgres, None, pool.clone(), pool, Arc::default(), Arc::clone(disk), limits.deadline)
        }
    };
    Ok(Control::new(tables))
}

pub(super) async fn tenant(
    target: &Target,
    limits: Limits,
    disk: &Arc<DiskSpace>,
    control: &Control,
    studio: StudioId,
    turns: &Turns,
) -> Result<Tenant, StoreError> {
    let tables = match target {
        Target::Sqlite { folder } => sqlite_tables(&folder.join(studio.file()), limits, disk).await?,
        Target::Postgres { .. } => {
            let (pool, schema, disk) = (control.read_connection(), Some(studio.schema()), Arc::clone(disk));
            Tables::new(Dialect::Postgres, schema, pool.clone(), pool.clone(), Arc::default(), disk, limits.deadline)
                .taking_turns(turns.clone(), studio)
        }
    };
    Ok(Tenant::new(studio, tables))
}

/// The tables of a file, with a connection of its own for writing. Connections are opened when they are needed; the
/// file must exist.
async fn sqlite_tables(file: &Path, limits: Limits, disk: &Arc<DiskSpace>) -> Result<Tables, StoreError> {
    let suspect = Arc::new(AtomicBool::new(false));
    let write = sqlite(file, limits, Use::Write, Arc::clone(&suspect)).await?;
    let read = sqlite(file, limits, Use::Read, Arc::default()).await?;
    Ok(Tables::new(Dialect::Sqlite, None, read, write, suspect, Arc::clone(disk), limits.deadline))
}

/// One connection for migrations, which are written without a schema. On SQLite it opens the file of the control tables
/// or of a studio, and creates it where it is missing; on PostgreSQL the caller sets the search path.
pub(super) async fn migrating(
    target: &Target,
    limits: Limits,
    studio: Option<StudioId>,
) -> Result<DatabaseConnection, StoreError> {
    match target {
        Target::Sqlite { folder } => {
            let file = folder.join(studio.map_or_else(|| CONTROL_FILE.to_owned(), StudioId::file));
            // What SQLite keeps beside it has the same permissions.
            files::create_if_missing(&file)
                .map_err(|error| StoreError::Unavailable(format!("{}: {error}", file.display())))?;
            sqlite(&file, limits, Use::Migrate, Arc::default()).await
        }
        // A migration may take as long as it needs.
        Target::Postgres { url } => postgres(url, limits, 1, None).await,
    }
}

/// Connections that read a file, which must exist.
pub(super) async fn reading(file: &Path, limits: Limits) -> Result<DatabaseConnection, StoreError> {
    sqlite(file, limits, Use::Read, Arc::default()).await
}

/// What connections to a file are for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Read,
    /// One connection.
    Write,
    /// One connection, which creates the file where it is missing.
    Migrate,
}

/// Pages of 4 KiB in SQLite's write-ahead log before a checkpoint: four times the default, because batch after batch
/// writes the same few pages, the ends of indexes, which a checkpoint writes once.
const CHECKPOINT_PAGES: &str = "4000";

/// After a failure on the writing connection (`suspect`) it is closed instead of being used again: on a full disk
/// SQLite itself rolls the transaction back, the layers above do not notice, and would then report a commit that is
/// none.
async fn sqlite(
    file: &Path,
    limits: Limits,
    purpose: Use,
    suspect: Arc<AtomicBool>,
) -> Result<DatabaseConnection, StoreError> {
    let connections = if purpose == Use::Read { SQLITE_READERS } else { 1 };
    // A statement that fires triggers for many rows keeps the former pages until it ends, to undo it by itself. In a file they would
    // be a third of what a batch writes. A migration may sort more than fits into memory.
    let temporary = if purpose == Use::Write { "MEMORY" } else { "DEFAULT" };
    let mut options = ConnectOptions::new("sqlite://placeholder?mode=rwc");
    let (deadline, file) = (limits.deadline, file.to_owned());
    options
        .max_connections(connections)
        .idle_timeout(None::<Duration>)
        .max_lifetime(None::<Duration>)
        .acquire_timeout(deadline)
        .sqlx_logging(false)
        .test_before_acquire(false)
        // Each connection costs a thread.
        .connect_lazy(purpose != Use::Migrate)
        .map_sqlx_sqlite_before_acquire(move |_, _| {
            let usable = !suspect.swap(false, Ordering::AcqRel);
            Box::pin(async move { Ok(usable) })
        })
        .map_sqlx_sqlite_opts(move |sqlite| {
            sqlite
                // Not in the URL, since a folder's name may contain characters that a URL can't.
                .filename(&file)
                .create_if_missing(purpose == Use::Migrate)
                .journal_mode(SqliteJournalMode::Wal)
                // Group commit makes this cheap: a batch costs one sync.
                .synchronous(SqliteSynchronous::Full)
                .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
                // What was deleted is overwritten.
                .pragma("secure_delete", "ON")
                .pragma("temp_store", temporary)
                .busy_timeout(deadline)
                .foreign_keys(true)
        });
    Ok(sea_orm::Database::connect(options).await?)
}

/// SQLSTATE of a server that is starting, and of one that has too many connections.
const STARTING: [&str; 2] = ["57P03", "53300"];

/// The pause before another attempt to connect to such a server.
const RETRY: Duration = Duration::from_millis(200);

/// A pool of connections, after one of them was tried: so it is known at once why there is none.
async fn postgres(
    url: &PostgresUrl,
    limits: Limits,
    connections: u32,
    statement_deadline: Option<Duration>,
) -> Result<DatabaseConnection, StoreError> {
    // Not through SeaORM, which records the URL in its spans.
    let mut options = url.options().application_name("cairn").disable_statement_logging();
    if let Some(deadline) = statement_deadline {
        options = options.options([("statement_timeout", deadline.as_millis().to_string())]);
    }
    try_connecting(&options, limits.deadline).await?;
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(limits.deadline)
        .test_before_acquire(false)
        .before_acquire(|connection, state| {
            Box::pin(async move {
                if state.idle_for >= TEST_AFTER_IDLE {
                    connection.ping().await?;
                }
                Ok(state.age < MAX_AGE)
            })
        })
        .connect_lazy_with(options);
    Ok(pool.into())
}

/// Connects once. A server that is starting, or has too many connections, is tried again until the deadline.
async fn try_connecting(options: &PgConnectOptions, deadline: Duration) -> Result<(), StoreError> {
    let until = Instant::now() + deadline;
    loop {
        let error = match tokio::time::timeout_at(until, options.connect()).await {
            Ok(Ok(connection)) => {
                // If the server ends it first, that is as good.
                let _closed = connection.close().await;
                return Ok(());
            }
            Ok(Err(error)) => error,
            Err(_) => {
                return Err(StoreError::Unavailable(format!("no connection within {} ms", deadline.as_millis())));
            }
        };
        let code = error.as_database_error().and_then(DatabaseError::code).unwrap_or_default();
        let may_pass = STARTING.contains(&&*code);
        if !may_pass || Instant::now() + RETRY > until {
            return Err(StoreError::Unavailable(error.to_string()));
        }
        tokio::time::sleep(RETRY).await;
    }
}

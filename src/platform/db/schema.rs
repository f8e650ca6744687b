//! Migrates the schema to this program's version, or says why it can't.
//!
//! An empty database is initialised on start. An older one is migrated where that is safe without asking (SQLite, after
//! copying the file; or anywhere with [`Migrate::Auto`]); otherwise the program stops and says what to run. On
//! PostgreSQL an advisory lock keeps two instances from migrating at once.
//!
//! Each studio is migrated in one transaction of its own, together with the rows that record it. So an interrupted run
//! can be repeated: each studio is either unchanged or current.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use migration::{Control, Tenant};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;

use super::{
    Limits, Target,
    applied::{applied_by, applied_to, migrated_schemas, studios},
    connect, folder,
    lost::{self, LostError},
    tenant::StudioId,
};
use crate::platform::{clock, error::StoreError, files};

/// What to do with a schema that is older than the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Migrate {
    /// SQLite: copy and migrate. PostgreSQL: stop, and tell the operator to run `cairn migrate`.
    Check,
    /// Migrate on both.
    Auto,
}

/// The schema can't be used.
#[derive(Debug, thiserror::Error)]
pub enum SchemaError {
    /// The database is not available, or a statement failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The data folder can't be created or written.
    #[error("the data folder {folder}: {cause}")]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// The system's error.
        cause: std::io::Error,
    },
    /// A server uses the data folder.
    #[error("the data folder {folder} is in use by {server}; stop it first")]
    InUse {
        /// The folder.
        folder: PathBuf,
        /// The server, with its process id if that is known.
        server: String,
    },
    /// Something is not where it must be.
    #[error(transparent)]
    Lost(#[from] LostError),
    /// Older than the program, and not migrated automatically.
    #[error(
        "the database is older than this program: {pending} migrations of {what} are pending. \
         Stop the other instances or read the release notes, then run `cairn migrate` (or start with `--migrate auto`)"
    )]
    Older {
        /// How many migrations are pending.
        pending: usize,
        /// `the control tables`, or a studio's.
        what: String,
    },
    /// Newer than the program.
    #[error("the database is newer than this program: {0}. Run the newer program")]
    Newer(String),
    /// A row that was just written can't be found.
    #[error("the {0} that was just written can't be found")]
    Vanished(&'static str),
}

/// The migration state of a schema.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// Migrations that were applied.
    pub applied: usize,
    /// Migrations that are pending.
    pub pending: usize,
    /// Migrations that this program does not know: a newer one has applied them.
    pub unknown: usize,
}

impl State {
    fn of<M: MigratorTrait>(applied: &BTreeSet<String>) -> Self {
        let known: BTreeSet<String> = M::migrations().iter().map(|migration| migration.name().to_owned()).collect();
        Self {
            applied: applied.len(),
            pending: known.difference(applied).count(),
            unknown: applied.difference(&known).count(),
        }
    }

    /// Whether it is this program's schema.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.pending == 0 && self.unknown == 0
    }

    /// Whether a newer program has migrated it.
    #[must_use]
    pub fn is_newer(&self) -> bool {
        self.unknown > 0
    }

    /// As [`State::of`], for tables that this program is to work with.
    fn of_known<M: MigratorTrait>(applied: &BTreeSet<String>, tables: TableSet) -> Result<Self, SchemaError> {
        let state = Self::of::<M>(applied);
        if !state.is_newer() {
            return Ok(state);
        }
        let known: BTreeSet<String> = M::migrations().iter().map(|migration| migration.name().to_owned()).collect();
        let unknown: Vec<&str> = applied.difference(&known).map(String::as_str).collect();
        Err(SchemaError::Newer(format!("{tables} has the unknown migrations {}", unknown.join(", "))))
    }
}

/// The key of the advisory lock; arbitrary, here the letters "cairn".
const ADVISORY_LOCK: i64 = 0x63_61_69_72_6e;

/// A run of migrations.
struct Migrator<'a> {
    target: &'a Target,
    limits: Limits,
    /// Holds the lock until it is closed.
    control: DatabaseConnection,
    migrate: Migrate,
}

/// The control tables, or a studio's.
#[derive(Clone, Copy)]
enum TableSet {
    Control,
    Studio(StudioId),
}

impl std::fmt::Display for TableSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Control => f.write_str("the control tables"),
            Self::Studio(studio) => write!(f, "studio {studio}"),
        }
    }
}

/// Migrates all tables, or says why it can't. Returns how many studios were migrated. The studio `given_up` may have lost its
/// tables: it is about to be deleted.
pub(super) async fn prepare(
    target: &Target,
    limits: Limits,
    migrate: Migrate,
    given_up: Option<&str>,
) -> Result<usize, SchemaError> {
    match target {
        Target::Sqlite { folder } => {
            folder::prepare(folder)?;
            lost::check_folder(folder)?;
        }
        Target::Postgres { url } if !url.ignored().is_empty() => {
            tracing::warn!(parameters = ?url.ignored(), "parameters of DATABASE_URL that have no effect here");
        }
        Target::Postgres { .. } => {}
    }
    let migrator = Migrator::begin(target, limits, migrate).await?;
    let state = State::of_known::<Control>(&applied_by::<Control>(&migrator.control).await?, TableSet::Control)?;
    if state.applied == 0 && matches!(target, Target::Postgres { .. }) {
        lost::check_schemas(&migrated_schemas(&migrator.control).await?)?;
    }
    migrator.migrate_if_pending::<Control>(TableSet::Control, state).await?;
    let mut migrated = 0;
    let studios = studios(&migrator.control).await?;
    let applied_to = applied_to(target, limits, &migrator.control, studios).await?;
    let given_up = lost::check_studios(target, &migrator.control, &applied_to, given_up).await?;
    for (studio, applied) in applied_to {
        let state = State::of_known::<Tenant>(&applied, TableSet::Studio(studio))?;
        if !state.is_current() && given_up != Some(studio) {
            migrator.migrate_if_pending::<Tenant>(TableSet::Studio(studio), state).await?;
            migrated += 1;
        }
    }
    migrator.end().await?;
    Ok(migrated)
}

/// Creates a studio's tables. They may be there already only if the studio is not `new`.
pub(super) async fn prepare_tenant(
    target: &Target,
    limits: Limits,
    studio: StudioId,
    new: bool,
) -> Result<(), SchemaError> {
    let migrator = Migrator::begin(target, limits, Migrate::Check).await?;
    for (studio, applied) in applied_to(target, limits, &migrator.control, vec![studio]).await? {
        let state = State::of_known::<Tenant>(&applied, TableSet::Studio(studio))?;
        if new && state.applied > 0 {
            return Err(LostError::StudioUnknown { place: lost::place(target, studio) }.into());
        }
        migrator.migrate_if_pending::<Tenant>(TableSet::Studio(studio), state).await?;
    }
    migrator.end().await
}

/// Removes a studio's tables and their copies.
pub(super) async fn remove_tenant(target: &Target, limits: Limits, studio: StudioId) -> Result<(), SchemaError> {
    let migrator = Migrator::begin(target, limits, Migrate::Check).await?;
    match target {
        Target::Postgres { .. } => {
            let drop = format!(r#"DROP SCHEMA IF EXISTS "{}" CASCADE"#, studio.schema());
            migrator.control.execute_unprepared(&drop).await.map_err(StoreError::from)?;
        }
        Target::Sqlite { folder } => remove_files(folder, &studio.file())
            .map_err(|cause| SchemaError::Folder { folder: folder.clone(), cause })?,
    }
    migrator.end().await
}

/// The file itself is removed last: the studio exists as long as it does.
fn remove_files(folder: &Path, file: &str) -> std::io::Result<()> {
    let beside = format!("{file}-");
    let copies = format!("{file}{}", folder::COPY);
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if name.to_str().is_some_and(|name| name.starts_with(&beside) || name.starts_with(&copies)) {
            remove_file(&entry.path())?;
        }
    }
    remove_file(&folder.join(file))
}

/// A file may be missing already: a connection that is being closed removes files too.
fn remove_file(path: &Path) -> std::io::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The migration state of each studio's tables.
pub(super) async fn states(
    target: &Target,
    limits: Limits,
    control: &DatabaseConnection,
) -> Result<BTreeMap<StudioId, State>, SchemaError> {
    let applied = applied_to(target, limits, control, studios(control).await?).await?;
    Ok(applied.iter().map(|(studio, applied)| (*studio, State::of::<Tenant>(applied))).collect())
}

impl<'a> Migrator<'a> {
    async fn begin(target: &'a Target, limits: Limits, migrate: Migrate) -> Result<Self, SchemaError> {
        let control = connect::migrating(target, limits, None).await?;
        if matches!(target, Target::Postgres { .. }) {
            let wait = format!("SELECT pg_advisory_lock({ADVISORY_LOCK})");
            control.execute_unprepared(&wait).await.map_err(StoreError::from)?;
        }
        Ok(Self { target, limits, control, migrate })
    }

    /// Closing the connection releases the lock.
    async fn end(self) -> Result<(), SchemaError> {
        Ok(self.control.close().await.map_err(StoreError::from)?)
    }

    /// Runs pending migrations, where that is allowed.
    async fn migrate_if_pending<M: MigratorTrait>(&self, tables: TableSet, state: State) -> Result<(), SchemaError> {
        if state.is_current() {
            return Ok(());
        }
        let pending = state.pending;
        if state.applied > 0 && self.migrate == Migrate::Check && matches!(self.target, Target::Postgres { .. }) {
            return Err(SchemaError::Older { pending, what: tables.to_string() });
        }
        if state.applied > 0 {
            tracing::info!(pending, what = %tables, "migrating the database");
        }
        match self.target {
            Target::Postgres { .. } => Ok(self.migrate_schema::<M>(tables).await?),
            Target::Sqlite { folder } => self.migrate_file::<M>(folder, tables, state).await,
        }
    }

    async fn migrate_schema<M: MigratorTrait>(&self, tables: TableSet) -> Result<(), StoreError> {
        let transaction = self.control.begin().await?;
        if let TableSet::Studio(studio) = tables {
            let schema = studio.schema();
            // Migrations are written without a schema. The path ends with the transaction.
            let path = format!(r#"CREATE SCHEMA IF NOT EXISTS "{schema}"; SET LOCAL search_path TO "{schema}""#);
            transaction.execute_unprepared(&path).await?;
        }
        run::<M>(transaction).await
    }

    async fn migrate_file<M: MigratorTrait>(
        &self,
        folder: &Path,
        tables: TableSet,
        state: State,
    ) -> Result<(), SchemaError> {
        let (studio, file) = match tables {
            TableSet::Control => (None, lost::CONTROL_FILE.to_owned()),
            TableSet::Studio(studio) => (Some(studio), studio.file()),
        };
        if state.applied > 0 {
            folder::check_unused(folder)?;
        }
        let connection = connect::migrating(self.target, self.limits, studio).await?;
        if state.applied > 0 {
            let copy = folder.join(format!("{file}{}{}", folder::COPY, clock::now_ms()));
            // SQLite fills an empty file, whose permissions it keeps.
            files::create_if_missing(&copy)
                .map_err(|cause| SchemaError::Folder { folder: folder.to_owned(), cause })?;
            let vacuum =
                Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO ?", [copy.display().to_string().into()]);
            connection.execute_raw(vacuum).await.map_err(StoreError::from)?;
            tracing::info!(copy = %copy.display(), "copied the database before migrating it");
        }
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        run::<M>(connection.begin_with_options(options).await.map_err(StoreError::from)?).await?;
        Ok(connection.close().await.map_err(StoreError::from)?)
    }
}

/// Runs pending migrations, and records them, in one transaction.
async fn run<M: MigratorTrait>(transaction: DatabaseTransaction) -> Result<(), StoreError> {
    M::up(&transaction, None).await?;
    Ok(transaction.commit().await?)
}

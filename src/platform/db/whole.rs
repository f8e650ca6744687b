//! All tables as files, beside a running server, and put in place again.
//!
//! SQLite copies each file by itself (`VACUUM INTO`: one moment of a file, for which no writer waits). The file of the control tables
//! comes first; what it knows of is copied after it. PostgreSQL is copied by its own programs, `pg_dump` and `pg_restore`. They get the
//! address and the password by their environment, since everybody on a machine can read the arguments of a program.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use sea_orm::{ConnectionTrait, DatabaseConnection, Statement};

use super::{
    Database, Limits, PostgresUrl, Target, applied, connect,
    lost::CONTROL_FILE,
    tenant::{Control, StudioId},
};
use crate::platform::{error::StoreError, files};

/// The name of a copy of a PostgreSQL database.
const DUMP: &str = "database.pgdump";

/// Bytes of what a program says of its failure that are passed on.
const REASON_BYTES: usize = 500;

/// Why tables could not be copied, or put in place.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file can't be read or written.
    #[error("{path}: {cause}")]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
    /// A studio was deleted after the control tables were copied.
    #[error("a studio was deleted while the copy was made: make it again")]
    StudioDeleted,
    /// One of PostgreSQL's programs can't be started.
    #[error(
        "{program} can't be started ({cause}): install the client programs of PostgreSQL, of the server's version or later"
    )]
    NoProgram {
        /// Its name.
        program: &'static str,
        /// Why.
        cause: std::io::Error,
    },
    /// One of PostgreSQL's programs failed.
    #[error("{program} failed: {reason}")]
    Failed {
        /// Its name.
        program: &'static str,
        /// What it said.
        reason: String,
    },
    /// A file is none that a copy of tables consists of.
    #[error("{0} is no file of a copy of tables")]
    UnknownFile(String),
}

impl Target {
    /// What it is: `sqlite` or `postgresql`. A copy can be put in place of the same kind only.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "sqlite",
            Self::Postgres { .. } => "postgresql",
        }
    }

    /// Whether there are no tables yet.
    ///
    /// # Errors
    /// [`CopyError`].
    pub async fn is_empty(&self, limits: Limits) -> Result<bool, CopyError> {
        match self {
            Self::Sqlite { folder } => {
                let entries = match fs::read_dir(folder) {
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(true),
                    entries => entries.map_err(|cause| CopyError::File { path: folder.clone(), cause })?,
                };
                let is_table = |name: &str| name == CONTROL_FILE || studio_of(name).is_some();
                Ok(!entries.flatten().any(|entry| entry.file_name().to_str().is_some_and(is_table)))
            }
            Self::Postgres { .. } => {
                let connection = connect::migrating(self, limits, None).await?;
                let tables = "SELECT 1 AS one FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace \
                     WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%' LIMIT 1";
                let statement = Statement::from_string(connection.get_database_backend(), tables);
                let rows = connection.query_all_raw(statement).await.map_err(StoreError::from)?;
                close(connection).await?;
                Ok(rows.is_empty())
            }
        }
    }

    /// Puts copied tables in place, where none are.
    ///
    /// # Errors
    /// [`CopyError`]. On PostgreSQL then nothing is in place; on SQLite no control tables are, without which no server starts.
    pub async fn put_tables(&self, folder: &Path, names: &[String]) -> Result<(), CopyError> {
        match self {
            Self::Sqlite { folder: data } => {
                files::create_folder(data).map_err(|cause| CopyError::File { path: data.clone(), cause })?;
                let unknown = names.iter().find(|name| *name != CONTROL_FILE && studio_of(name).is_none());
                if let Some(unknown) = unknown {
                    return Err(CopyError::UnknownFile(unknown.clone()));
                }
                // Those of the control tables last.
                let studios = names.iter().filter(|name| *name != CONTROL_FILE);
                let control = names.iter().filter(|name| *name == CONTROL_FILE);
                for name in studios.chain(control) {
                    let (source, place) = (folder.join(name), data.join(name));
                    blocking(source.clone(), move || copy(&source, &place)).await?;
                }
                Ok(())
            }
            Self::Postgres { url } => match names {
                [name] if name == DUMP => {
                    let database = url.database();
                    let file = folder.join(name);
                    let mut command = url.command("pg_restore");
                    command
                        .args(["--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", "--dbname"])
                        .arg(database)
                        .arg(&file);
                    run("pg_restore", command).await
                }
                names => Err(CopyError::UnknownFile(names.join(", "))),
            },
        }
    }
}

impl Database {
    /// Copies all tables into an empty folder; returns the names of the files there.
    ///
    /// # Errors
    /// [`CopyError`].
    pub async fn copy_tables(&self, folder: &Path) -> Result<Vec<String>, CopyError> {
        match &self.target {
            Target::Postgres { url } => {
                let mut command = url.command("pg_dump");
                command.args(["--format=custom", "--no-owner", "--no-privileges", "--file"]).arg(folder.join(DUMP));
                run("pg_dump", command).await?;
                Ok(vec![DUMP.to_owned()])
            }
            Target::Sqlite { folder: data } => {
                let control = folder.join(CONTROL_FILE);
                self.vacuum_into(&data.join(CONTROL_FILE), &control).await?;
                let copied = connect::reading(&control, self.limits).await?;
                let studios = applied::studios(&copied).await;
                close(copied).await?;
                let mut names = vec![CONTROL_FILE.to_owned()];
                for studio in studios? {
                    let source = data.join(studio.file());
                    if source.exists() {
                        self.vacuum_into(&source, &folder.join(studio.file())).await?;
                        names.push(studio.file());
                    } else if !is_there(&self.control, studio).await? {
                        return Err(CopyError::StudioDeleted);
                    }
                }
                Ok(names)
            }
        }
    }

    /// Copies one file as it is at one moment.
    async fn vacuum_into(&self, source: &Path, copy: &Path) -> Result<(), CopyError> {
        let connection = connect::reading(source, self.limits).await?;
        let path = copy.display().to_string().replace('\'', "''");
        let statement = Statement::from_string(connection.get_database_backend(), format!("VACUUM INTO '{path}'"));
        let copied = connection.execute_raw(statement).await.map_err(StoreError::from);
        close(connection).await?;
        copied?;
        let copy = copy.to_owned();
        blocking(copy.clone(), move || {
            files::make_private(&copy)?;
            fs::File::open(&copy)?.sync_all()
        })
        .await
    }
}

/// Whether the control tables still know a studio.
async fn is_there(control: &Control, studio: StudioId) -> Result<bool, StoreError> {
    Ok(applied::studios(control.read_connection()).await?.contains(&studio))
}

async fn close(connection: DatabaseConnection) -> Result<(), StoreError> {
    connection.close().await.map_err(StoreError::from)
}

/// The studio whose tables a file of that name has.
fn studio_of(name: &str) -> Option<StudioId> {
    name.strip_prefix("studio_")?.strip_suffix(".sqlite")?.parse().ok().map(StudioId)
}

fn copy(source: &Path, place: &Path) -> std::io::Result<()> {
    let mut part = files::begin_part(place).map_err(std::io::Error::other)?;
    std::io::copy(&mut fs::File::open(source)?, &mut part)?;
    files::finish_part(place, &part)
}

/// Works on a file on a thread that may block.
async fn blocking(path: PathBuf, work: impl FnOnce() -> std::io::Result<()> + Send + 'static) -> Result<(), CopyError> {
    files::blocking(work).await.map_err(|cause| CopyError::File { path, cause })
}

/// Runs a program to its end.
async fn run(program: &'static str, mut command: Command) -> Result<(), CopyError> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
    let output =
        files::blocking(move || command.output()).await.map_err(|cause| CopyError::NoProgram { program, cause })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let said = said.trim();
    let from = said.ceil_char_boundary(said.len().saturating_sub(REASON_BYTES));
    Err(CopyError::Failed { program, reason: said.get(from..).unwrap_or_default().to_owned() })
}

impl PostgresUrl {
    /// A program of PostgreSQL's that connects to this database.
    fn command(&self, program: &'static str) -> Command {
        let mut command = Command::new(program);
        command.envs(self.variables());
        command
    }
}

//! Reading the file of an import: what is to become of each row is stored, and nothing is in the library yet.

use std::{collections::BTreeMap, io, pin::pin, time::Duration};

use bytes::Bytes;
use futures_util::{Stream, StreamExt};
use tokio::sync::mpsc;

use super::{Library, matching::Meant};
use crate::{
    identity::access::UserId,
    journal::library::{
        body_reader::{self, Batch},
        formats::{FileError, MAX_ROWS, Row},
        model::{
            Entry, Import, ImportCounts, ImportId, ImportOptions, ImportRow, ImportSource, ImportStatus, ImportedRow,
            LibraryError, Outcome, Planned, RefusedRow, plan,
        },
        store::{MAX_IMPORTS, NewImport, PlannedRow, With},
    },
    platform::clock,
};

/// How long an import can be applied after its file was read.
const KEPT: Duration = Duration::from_hours(1);

/// An import that could not be read.
#[derive(Debug)]
pub enum BrokenImport<E> {
    /// The body broke off.
    Body(E),
    /// The file or the database is to blame.
    Library(LibraryError),
}

impl<E> From<LibraryError> for BrokenImport<E> {
    fn from(error: LibraryError) -> Self {
        Self::Library(error)
    }
}

/// Rows that are being planned.
struct Planning {
    options: ImportOptions,
    counts: ImportCounts,
    /// The entries that earlier rows of the file make, as they will be.
    entries: BTreeMap<i64, Entry>,
    now_ms: i64,
}

fn refused_row(row: RefusedRow) -> PlannedRow {
    let RefusedRow { number, name, why } = row;
    PlannedRow { row: ImportRow { number, name, outcome: Outcome::Refused, title: None, why }, entry: None }
}

/// What is said of a row that has more than an entry has a place for.
fn left_out(row: &ImportedRow) -> String {
    if row.left_out.is_empty() { String::new() } else { format!("not taken over: {}", row.left_out.join(", ")) }
}

impl Planning {
    /// What is to become of a row.
    fn plan(
        &mut self,
        row: ImportedRow,
        meant: Meant,
        source: ImportSource,
        present: &BTreeMap<i64, Entry>,
    ) -> PlannedRow {
        let (outcome, title, why) = match meant {
            Meant::Unclear(why) => (Outcome::Unclear, None, why),
            Meant::One(title) => {
                let existing = self.entries.get(&title.0).or_else(|| present.get(&title.0));
                match plan(existing, title, &row.entry, source, self.options, self.now_ms) {
                    Planned::New(entry) => {
                        self.entries.insert(title.0, entry);
                        (Outcome::New, Some(title), left_out(&row))
                    }
                    Planned::Changed(entry) => {
                        self.entries.insert(title.0, entry);
                        (Outcome::Changed, Some(title), left_out(&row))
                    }
                    Planned::Same(why) => (Outcome::Same, Some(title), why.to_owned()),
                }
            }
        };
        let shown = ImportRow { number: row.number, name: row.game.name, outcome, title, why };
        PlannedRow { row: shown, entry: Some(row.entry) }
    }
}

fn failure(error: FileError, most: u64) -> LibraryError {
    match error {
        FileError::Unknown(what) => LibraryError::ImportUnknown(what),
        FileError::Private => LibraryError::ProfilePrivate,
        FileError::Broken(what) => LibraryError::ImportBroken(what),
        FileError::TooLarge => LibraryError::ImportTooLarge(most),
        FileError::TooManyRows => LibraryError::TooManyRows(MAX_ROWS),
        FileError::Stopped => LibraryError::Broken(error.to_string()),
    }
}

impl Library {
    /// Reads a file while it arrives, gzipped or not. The import is kept for an hour, in which it can be applied.
    ///
    /// # Errors
    /// `BrokenImport`; then nothing is kept.
    pub async fn read_import<E>(
        &self,
        user: &UserId,
        options: ImportOptions,
        gzipped: bool,
        body: impl Stream<Item = Result<Bytes, E>>,
    ) -> Result<Import, BrokenImport<E>> {
        let _place = self.reads.try_acquire().map_err(|_| LibraryError::ImportsBusy)?;
        let now_ms = clock::now_ms();
        let expires_ms = now_ms.saturating_add(clock::ms(KEPT));
        let new = NewImport { id: ImportId::generate(), options, made_ms: now_ms, expires_ms };
        if !self.store.insert_import(user, &new).await.map_err(LibraryError::from)? {
            return Err(LibraryError::TooManyImports(MAX_IMPORTS).into());
        }
        let read = Box::pin(self.read_rows(user, &new, gzipped, body)).await;
        if read.is_err() {
            self.store.remove_import(&new.id.0).await.map_err(LibraryError::from)?;
        }
        let (source, counts) = read?;
        let import = Import {
            id: new.id,
            source,
            options,
            status: ImportStatus::Ready,
            counts,
            made_ms: new.made_ms,
            expires_ms: new.expires_ms,
        };
        self.store.make_ready(&import.id, source, counts).await.map_err(LibraryError::from)?;
        Ok(import)
    }

    async fn read_rows<E>(
        &self,
        user: &UserId,
        new: &NewImport,
        gzipped: bool,
        body: impl Stream<Item = Result<Bytes, E>>,
    ) -> Result<(ImportSource, ImportCounts), BrokenImport<E>> {
        let most = self.settings.import_bytes;
        let (chunks, chunk_receiver) = mpsc::channel(4);
        let (batches, batch_receiver) = mpsc::channel(1);
        let reading = body_reader::spawn(chunk_receiver, gzipped, most, batches);
        // Ends with the error with which the body broke off: it must not be taken for a complete one.
        let forward = async move {
            let mut body = pin!(body);
            while let Some(chunk) = body.next().await {
                let (chunk, error) = match chunk {
                    Ok(chunk) => (Ok(chunk), None),
                    Err(error) => (Err(io::Error::other("the body broke off")), Some(error)),
                };
                // The thread ends early only after a failure, which it reports.
                if chunks.send(chunk).await.is_err() || error.is_some() {
                    return error;
                }
            }
            None
        };
        let (mut forward, mut store) = (pin!(forward), pin!(self.store_rows(user, new, batch_receiver)));
        // Storing ends before the body does only after a failure.
        let (broke_off, stored) = tokio::select! {
            biased;
            broke_off = &mut forward => (broke_off, store.await),
            stored = &mut store => (None, stored),
        };
        if let Some(error) = broke_off {
            return Err(BrokenImport::Body(error));
        }
        let counts = stored?;
        let read = reading.await.map_err(|error| LibraryError::Broken(error.to_string()))?;
        Ok((read.map_err(|error| failure(error, most))?, counts))
    }

    /// Stores rows as they are read, with what is to become of each.
    async fn store_rows(
        &self,
        user: &UserId,
        new: &NewImport,
        mut batches: mpsc::Receiver<Batch>,
    ) -> Result<ImportCounts, LibraryError> {
        let now_ms = clock::now_ms();
        let mut planning =
            Planning { options: new.options, counts: ImportCounts::default(), entries: BTreeMap::new(), now_ms };
        while let Some((source, rows)) = batches.recv().await {
            let planned = self.plan_rows(user, source, rows, &mut planning).await?;
            for row in &planned {
                planning.counts.add(row.row.outcome, 1);
            }
            self.store.insert_rows(&new.id, &planned).await?;
        }
        Ok(planning.counts)
    }

    async fn plan_rows(
        &self,
        user: &UserId,
        source: ImportSource,
        rows: Vec<Row>,
        planning: &mut Planning,
    ) -> Result<Vec<PlannedRow>, LibraryError> {
        let games: Vec<_> = rows.iter().filter_map(|row| row.as_ref().ok()).map(|row| &row.game).collect();
        let meant = self.match_rows(user, &games).await?;
        let titles: Vec<i64> =
            meant.iter().filter_map(|meant| if let Meant::One(title) = meant { Some(title.0) } else { None }).collect();
        let present = self.store.entries(None, user, &titles, With::Playthroughs).await?;
        let mut meant = meant.into_iter();
        let mut planned = Vec::with_capacity(rows.len());
        for row in rows {
            planned.push(match row {
                Err(refused) => refused_row(refused),
                Ok(row) => {
                    let meant = meant.next().unwrap_or_else(|| Meant::Unclear(String::new()));
                    planning.plan(row, meant, source, &present)
                }
            });
        }
        Ok(planned)
    }
}

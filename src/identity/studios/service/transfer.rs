//! Export and import of a whole studio, from one installation or database to another. Its keys go with it, as digests, so
//! that the games that hold them go on working. Its audit log stays where it is.
//!
//! An export is lines of JSON: a head with the version of the format, the studio and the number of migrations that its tables
//! have had; one `{"table": …, "row": …}` for each row of its games, their settings, their keys and its own tables; and an end
//! with the number of rows, by which a truncated file is noticed.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::Studios;
use crate::{
    identity::studios::{
        model::{Actor, Slug, StudioError},
        store::{ControlRows, Snapshot},
    },
    platform::db::{MovableTable, Row, StudioId},
};

/// The version of the format.
const FORM: u32 = 1;

/// Rows that are read or written at once: few, because each may have a recording of 256 KiB.
const PAGE_ROWS: usize = 64;

const GAME: &str = "game";

const KEY: &str = "api_key";

#[derive(Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Line {
    Head { form: u32, studio: String, migrations: usize },
    Row { table: String, row: Row },
    End { rows: u64 },
}

/// A running export of a studio.
#[derive(Debug)]
pub struct StudioExport {
    snapshot: Snapshot,
    /// Lines to be written next.
    pending: Vec<String>,
    tables: std::vec::IntoIter<MovableTable>,
    table: Option<MovableTable>,
    after: Option<Row>,
    rows: u64,
}

/// A running import of a studio.
#[derive(Debug)]
pub struct StudioImport {
    studios: Studios,
    slug: Slug,
    studio: StudioId,
    control_rows: ControlRows,
    table: Option<MovableTable>,
    pending: Vec<Row>,
    rows: u64,
    ended: bool,
}

/// Whether a text is a line of an export.
#[must_use]
pub fn is_export_line(text: &str) -> bool {
    serde_json::from_str::<Line>(text).is_ok()
}

fn line(line: &Line) -> Result<String, StudioError> {
    serde_json::to_string(line).map_err(|error| StudioError::InvalidExport(error.to_string()))
}

impl Studios {
    /// Begins to export a studio as it is now.
    ///
    /// # Errors
    /// There is no studio of that name.
    pub async fn export(&self, slug: &Slug) -> Result<StudioExport, StudioError> {
        let studio = self.studio(slug).await?;
        let snapshot = self.store.snapshot(studio).await?;
        let ControlRows { games, keys, of_games } = self.store.control_rows(studio, &self.ports.game_tables).await?;
        let migrations = self.migrations(studio).await?;
        let mut pending = vec![line(&Line::Head { form: FORM, studio: slug.as_str().to_owned(), migrations })?];
        let mut count = 0;
        let of_games = of_games.into_iter().map(|(table, rows)| (table.name(), rows));
        for (table, rows) in [(GAME, games), (KEY, keys)].into_iter().chain(of_games) {
            for row in rows {
                count += 1;
                pending.push(line(&Line::Row { table: table.to_owned(), row })?);
            }
        }
        let mut tables = self.ports.tenant_tables.clone().into_iter();
        let table = tables.next();
        Ok(StudioExport { snapshot, pending, tables, table, after: None, rows: count })
    }

    /// Begins to import a studio under a name that is free here. `head` is the first line of the export.
    ///
    /// # Errors
    /// The head is not that of an export that this version can import, or the name is taken.
    pub async fn import(&self, slug: &Slug, head: &str) -> Result<StudioImport, StudioError> {
        let Ok(Line::Head { form: FORM, migrations, .. }) = serde_json::from_str(head) else {
            return Err(StudioError::InvalidExport("its first line is not one of this form".to_owned()));
        };
        let studio = self.create(slug, Actor::CommandLine).await?;
        let known = self.migrations(studio).await?;
        let import = StudioImport {
            studios: self.clone(),
            slug: slug.clone(),
            studio,
            control_rows: ControlRows::default(),
            table: None,
            pending: Vec::new(),
            rows: 0,
            ended: false,
        };
        if known == migrations {
            return Ok(import);
        }
        import.abort().await?;
        let detail = format!("its tables have had {migrations} migrations, and {known} here: use the same version");
        Err(StudioError::InvalidExport(detail))
    }
}

impl Studios {
    /// How many migrations a studio's tables have had.
    async fn migrations(&self, studio: StudioId) -> Result<usize, StudioError> {
        Ok(self.database.states().await?.get(&studio).map_or(0, |state| state.applied))
    }
}

impl StudioExport {
    /// Appends the next lines to `out`; returns how many, 0 at the end.
    ///
    /// # Errors
    /// The database can't be reached.
    pub async fn next(&mut self, out: &mut Vec<u8>) -> Result<usize, StudioError> {
        while self.pending.is_empty() {
            let Some(table) = self.table else { return Ok(0) };
            let limit = u64::try_from(PAGE_ROWS).unwrap_or(u64::MAX);
            let page = self.snapshot.rows(table, self.after.as_ref(), limit).await?;
            if let Some(last) = page.last() {
                self.after = Some(last.clone());
                self.rows += u64::try_from(page.len()).unwrap_or_default();
                for row in page {
                    self.pending.push(line(&Line::Row { table: table.name().to_owned(), row })?);
                }
            } else {
                self.after = None;
                self.table = self.tables.next();
                if self.table.is_none() {
                    self.pending.push(json!({ "rows": self.rows }).to_string());
                }
            }
        }
        let lines = self.pending.len();
        for line in self.pending.drain(..) {
            out.extend(line.as_bytes());
            out.push(b'\n');
        }
        Ok(lines)
    }
}

impl StudioImport {
    /// Takes the next line.
    ///
    /// # Errors
    /// The line does not belong there in an export, or can't be stored.
    pub async fn take(&mut self, line: &str) -> Result<(), StudioError> {
        let invalid = |why: &str| StudioError::InvalidExport(why.to_owned());
        if self.ended {
            return Err(invalid("something stands behind its end"));
        }
        let (name, row) = match serde_json::from_str(line) {
            Ok(Line::Row { table, row }) => (table, row),
            Ok(Line::End { rows }) if rows == self.rows => {
                self.ended = true;
                return Ok(());
            }
            Ok(Line::End { rows }) => return Err(invalid(&format!("it has {} rows in place of {rows}", self.rows))),
            Ok(Line::Head { .. }) => return Err(invalid("a second studio begins in it")),
            Err(error) => return Err(invalid(&format!("row {}: {error}", self.rows + 1))),
        };
        self.rows += 1;
        if let Some(rows) = self.control_rows_of(&name) {
            rows.push(row);
            return Ok(());
        }
        let tables = &self.studios.ports.tenant_tables;
        let table = tables.iter().find(|table| table.name() == name).copied();
        let table = table.ok_or_else(|| invalid(&format!("there is no table {name}")))?;
        if self.table != Some(table) || self.pending.len() >= PAGE_ROWS {
            self.insert_pending().await?;
        }
        self.table = Some(table);
        self.pending.push(row);
        Ok(())
    }

    /// The rows that wait until the end, if that is a control table.
    fn control_rows_of(&mut self, table: &str) -> Option<&mut Vec<Row>> {
        let Self { control_rows, studios, .. } = self;
        match table {
            GAME => return Some(&mut control_rows.games),
            KEY => return Some(&mut control_rows.keys),
            _ => {}
        }
        let table = *studios.ports.game_tables.iter().find(|game_table| game_table.name() == table)?;
        let of_games = &mut control_rows.of_games;
        if !of_games.iter().any(|(known, _)| *known == table) {
            of_games.push((table, Vec::new()));
        }
        of_games.iter_mut().find(|(known, _)| *known == table).map(|(_, rows)| rows)
    }

    async fn insert_pending(&mut self) -> Result<(), StudioError> {
        let pending = std::mem::take(&mut self.pending);
        let Some(table) = self.table else { return Ok(()) };
        Ok(self.studios.store.insert_tenant_rows(self.studio, table, &pending).await?)
    }

    /// Ends the import after the last line: from then on its keys open its games. Returns how many rows it had.
    ///
    /// # Errors
    /// The export was truncated, or keys in it are another studio's here.
    pub async fn finish(&mut self) -> Result<u64, StudioError> {
        if !self.ended {
            return Err(StudioError::InvalidExport("it was cut off".to_owned()));
        }
        self.insert_pending().await?;
        let (studios, rows) = (&self.studios, std::mem::take(&mut self.control_rows));
        studios.store.continue_sequences(self.studio, &studios.ports.tenant_tables).await?;
        studios.store.insert_control_rows(self.studio, &self.slug, rows, Actor::CommandLine).await?;
        studios.keyring.refresh_and_announce().await;
        Ok(self.rows)
    }

    /// Removes what was imported so far.
    ///
    /// # Errors
    /// The database can't be reached: then [`Studios::delete`] does it later.
    pub async fn abort(self) -> Result<(), StudioError> {
        self.studios.delete(&self.slug, Actor::CommandLine).await
    }
}

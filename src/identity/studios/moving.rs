//! A whole studio, out and in: from one installation or database to another. Its keys go with it, as far as they are kept,
//! so that the games that hold them go on working.
//!
//! Lines of JSON: a head that names the form, the studio and the migrations that its tables have had; the rows of its games
//! (with what they have decided) and keys and of its own tables, `{"table": …, "row": …}`; and an end that counts them, so that a file which was cut off
//! is noticed. What the audit says of it stays where it is.

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    model::{Actor, Slug, StudioError},
    service::Studios,
    store::{OwnRows, Snapshot, Table},
};
use crate::platform::db::{Row, StudioId};

/// The form of an export.
const FORM: u32 = 1;

/// Rows that are read or written at once: few, because each may have a recording of 256 KiB.
const ROWS: usize = 64;

const GAME: &str = "game";

const KEY: &str = "api_key";

const RULES: &str = "game_rules";

#[derive(Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Line {
    Head { form: u32, studio: String, migrations: usize },
    Row { table: String, row: Row },
    End { rows: u64 },
}

/// A studio on its way out.
#[derive(Debug)]
pub struct Outgoing {
    snapshot: Snapshot,
    /// Lines that are ready.
    ready: Vec<String>,
    tables: std::vec::IntoIter<Table>,
    table: Option<Table>,
    after: Option<Row>,
    rows: u64,
}

/// A studio on its way in.
#[derive(Debug)]
pub struct Incoming {
    studios: Studios,
    slug: Slug,
    studio: StudioId,
    own: OwnRows,
    table: Option<Table>,
    waiting: Vec<Row>,
    rows: u64,
    ended: bool,
}

fn line(line: &Line) -> Result<String, StudioError> {
    serde_json::to_string(line).map_err(|error| StudioError::NotAnExport(error.to_string()))
}

impl Studios {
    /// Begins to export a studio as it is now.
    ///
    /// # Errors
    /// There is none of that name.
    pub async fn export(&self, slug: &Slug) -> Result<Outgoing, StudioError> {
        let studio = self.studio(slug).await?;
        let snapshot = self.store().snapshot(studio).await?;
        let OwnRows { games, keys, rules } = self.store().own_rows(studio).await?;
        let migrations = self.migrations(studio).await?;
        let mut ready = vec![line(&Line::Head { form: FORM, studio: slug.as_str().to_owned(), migrations })?];
        let mut rows = 0;
        for (table, own) in [(GAME, games), (KEY, keys), (RULES, rules)] {
            for row in own {
                rows += 1;
                ready.push(line(&Line::Row { table: table.to_owned(), row })?);
            }
        }
        let mut tables = Vec::from(Table::ALL).into_iter();
        let table = tables.next();
        Ok(Outgoing { snapshot, ready, tables, table, after: None, rows })
    }

    /// Begins to import a studio under a name that is free here. `head` is the first line.
    ///
    /// # Errors
    /// It is none, or the name is taken.
    pub async fn import(&self, slug: &Slug, head: &str) -> Result<Incoming, StudioError> {
        let Ok(Line::Head { form: FORM, migrations, .. }) = serde_json::from_str(head) else {
            return Err(StudioError::NotAnExport("its first line is not one of this form".to_owned()));
        };
        let studio = self.found(slug, Actor::CommandLine).await?;
        let known = self.migrations(studio).await?;
        let incoming = Incoming {
            studios: self.clone(),
            slug: slug.clone(),
            studio,
            own: OwnRows::default(),
            table: None,
            waiting: Vec::new(),
            rows: 0,
            ended: false,
        };
        if known == migrations {
            return Ok(incoming);
        }
        incoming.undo().await?;
        let told = format!("its tables have had {migrations} migrations, and {known} here: use the same program");
        Err(StudioError::NotAnExport(told))
    }
}

impl Outgoing {
    /// Appends the next lines to `out`; returns how many, none at the end.
    ///
    /// # Errors
    /// The database is away.
    pub async fn next(&mut self, out: &mut Vec<u8>) -> Result<usize, StudioError> {
        while self.ready.is_empty() {
            let Some(table) = self.table else { return Ok(0) };
            let limit = u64::try_from(ROWS).unwrap_or(u64::MAX);
            let page = self.snapshot.rows(table, self.after.as_ref(), limit).await?;
            if let Some(last) = page.last() {
                self.after = Some(last.clone());
                self.rows += u64::try_from(page.len()).unwrap_or_default();
                for row in page {
                    self.ready.push(line(&Line::Row { table: table.name().to_owned(), row })?);
                }
            } else {
                self.after = None;
                self.table = self.tables.next();
                if self.table.is_none() {
                    self.ready.push(json!({ "rows": self.rows }).to_string());
                }
            }
        }
        let lines = self.ready.len();
        for line in self.ready.drain(..) {
            out.extend(line.as_bytes());
            out.push(b'\n');
        }
        Ok(lines)
    }
}

impl Incoming {
    /// Takes the next line.
    ///
    /// # Errors
    /// It is none of an export, or can't be stored.
    pub async fn take(&mut self, line: &str) -> Result<(), StudioError> {
        let wrong = |why: &str| StudioError::NotAnExport(why.to_owned());
        if self.ended {
            return Err(wrong("something stands behind its end"));
        }
        let (name, row) = match serde_json::from_str(line) {
            Ok(Line::Row { table, row }) => (table, row),
            Ok(Line::End { rows }) if rows == self.rows => {
                self.ended = true;
                return Ok(());
            }
            Ok(Line::End { rows }) => return Err(wrong(&format!("of {rows} rows {} came", self.rows))),
            Ok(Line::Head { .. }) => return Err(wrong("a second studio begins in it")),
            Err(error) => return Err(wrong(&format!("row {}: {error}", self.rows + 1))),
        };
        self.rows += 1;
        let own = match name.as_str() {
            GAME => Some(&mut self.own.games),
            KEY => Some(&mut self.own.keys),
            RULES => Some(&mut self.own.rules),
            _ => None,
        };
        if let Some(own) = own {
            own.push(row);
            return Ok(());
        }
        let table = Table::of_name(&name).ok_or_else(|| wrong(&format!("there is no table {name}")))?;
        if self.table != Some(table) || self.waiting.len() >= ROWS {
            self.put().await?;
        }
        self.table = Some(table);
        self.waiting.push(row);
        Ok(())
    }

    async fn put(&mut self) -> Result<(), StudioError> {
        let waiting = std::mem::take(&mut self.waiting);
        let Some(table) = self.table else { return Ok(()) };
        Ok(self.studios.store().put_rows(self.studio, table, &waiting).await?)
    }

    /// All lines were taken: from now on its keys open its games. Returns how many rows came.
    ///
    /// # Errors
    /// There is no end in it, or keys of it are another studio's here.
    pub async fn settle(&mut self) -> Result<u64, StudioError> {
        if !self.ended {
            return Err(StudioError::NotAnExport("it was cut off".to_owned()));
        }
        self.put().await?;
        let own = std::mem::take(&mut self.own);
        self.studios.store().settle(self.studio, &self.slug, own, Actor::CommandLine).await?;
        self.studios.keys_changed().await;
        Ok(self.rows)
    }

    /// Removes what has come so far.
    ///
    /// # Errors
    /// The database is away: then [`Studios::delete`] does it later.
    pub async fn undo(self) -> Result<(), StudioError> {
        self.studios.delete(&self.slug, Actor::CommandLine).await
    }
}

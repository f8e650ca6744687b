//! Files of other programs, as rows of an import. All of it is pure: bytes in, rows out, one at a time, however long the file is.
//!
//! - What a file is shows in what stands in it: the names of its members or columns, never its name.
//! - Columns are found by their names, whatever their order; commas, semicolons and tabs may part them; a byte order mark is skipped.
//! - A bad row is refused with the reason, and the rows after it are read.

mod cells;
mod csv;
mod csv_sources;
mod dates;
mod grouvee;
mod howlongtobeat;
mod items;
mod json_sources;
mod lists;
mod native;
mod playnite;
mod ryot;
mod status;
mod steam;

use std::io::{self, BufRead};

use super::model::{ImportSource, ImportedRow, RefusedRow};

pub use self::native::{CSV_COLUMNS, ExportedTitle, FORMAT, to_csv, to_json};

/// Rows of a file at most.
pub const MAX_ROWS: i32 = 50_000;

/// Bytes of one row at most.
const MAX_ROW_BYTES: usize = 1024 * 1024;

/// Bytes of a game's name that are kept.
const NAME_BYTES: usize = 200;

/// A row, or why it can't be used.
pub type Row = Result<ImportedRow, RefusedRow>;

/// Why a file can't be read.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// It is of no known form.
    #[error("{0}")]
    Unknown(String),
    /// Steam says nothing about a private profile.
    #[error("a private profile")]
    Private,
    /// It breaks off, or is not what it says.
    #[error("{0}")]
    Broken(String),
    /// It is too large.
    #[error("it is too large")]
    TooLarge,
    /// It has too many rows.
    #[error("too many rows")]
    TooManyRows,
    /// Whoever takes the rows wants no more.
    #[error("nobody takes the rows")]
    Stopped,
}

impl From<io::Error> for FileError {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::FileTooLarge { Self::TooLarge } else { Self::Broken(error.to_string()) }
    }
}

/// Takes the rows; `false`: wants no more.
pub type Sink<'a> = dyn FnMut(ImportSource, Row) -> bool + 'a;

/// Reads a file, and gives each of its rows to `sink`. Returns which program wrote it.
///
/// # Errors
/// [`FileError`]; the rows before were given.
pub fn read(mut source: impl BufRead, sink: &mut Sink<'_>) -> Result<ImportSource, FileError> {
    let first = first_byte(&mut source)?;
    match first {
        None => Err(FileError::Unknown("it is empty".to_owned())),
        Some(b'{' | b'[') => json_sources::read(source, sink),
        Some(0xfe | 0xff) => Err(FileError::Unknown("it is UTF-16; save it as UTF-8".to_owned())),
        Some(b'P') if source.fill_buf()?.starts_with(b"PK\x03\x04") => {
            Err(FileError::Unknown("it is a ZIP archive; unpack it first".to_owned()))
        }
        Some(_) => csv_sources::read(source, sink),
    }
}

/// The first byte that is neither white space nor a byte order mark; what is before it is skipped.
fn first_byte(source: &mut impl BufRead) -> io::Result<Option<u8>> {
    const MARK: &[u8] = b"\xef\xbb\xbf";
    let mut is_start = true;
    loop {
        let piece = source.fill_buf()?;
        let Some(first) = piece.first().copied() else { return Ok(None) };
        // The mark may come in pieces.
        if is_start && MARK.first() == Some(&first) {
            let mut mark = [0; 3];
            source.read_exact(&mut mark)?;
            if mark != MARK {
                return Err(io::Error::other("it is neither UTF-8 nor JSON"));
            }
            is_start = false;
            continue;
        }
        if !first.is_ascii_whitespace() {
            return Ok(Some(first));
        }
        is_start = false;
        source.consume(1);
    }
}

/// Counts rows, and gives them on.
struct Numbered<'a, 'b> {
    sink: &'a mut Sink<'b>,
    next: i32,
}

impl<'a, 'b> Numbered<'a, 'b> {
    fn new(sink: &'a mut Sink<'b>) -> Self {
        Self { sink, next: 1 }
    }

    /// Gives on the row that `make` makes of its number.
    fn give(&mut self, source: ImportSource, make: impl FnOnce(i32) -> Row) -> Result<(), FileError> {
        if self.next > MAX_ROWS {
            return Err(FileError::TooManyRows);
        }
        let row = make(self.next);
        self.next += 1;
        if (self.sink)(source, row) { Ok(()) } else { Err(FileError::Stopped) }
    }
}

/// A game's name as it is kept: without white space around it and control characters, cut to a length.
fn clean_name(text: &str) -> String {
    let text: String = text.trim().chars().filter(|letter| !letter.is_control()).collect();
    let mut end = text.len().min(NAME_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default().to_owned()
}

fn refused(number: i32, name: &str, why: impl Into<String>) -> RefusedRow {
    RefusedRow { number, name: clean_name(name), why: why.into() }
}

#[cfg(test)]
mod tests;

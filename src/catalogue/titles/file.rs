//! Files of titles, as `cairn titles import` reads them: tab-separated with a heading, or a JSON object in each line.
//!
//! Columns are found by their names, in any order, and others are ignored: `id` (or `something_id`), `title` or `name`, `alt_title`
//! or `other_names` (with `|` between several), `year`, `release` or `released` (with or without hyphens), `publisher`,
//! `developer`, `platforms` and `genres` (with commas between several). Objects have members of the same names; lists are lists.

use std::fmt;

use super::model::{Company, ExternalId, Facts, Genre, MAX_NAMES, Name, Platform, Record, Released, parse_source};
use crate::platform::{codec::fields::Fields, error::Fault};

/// A line of a file that can't be taken in, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct UnreadableLine(String);

impl From<String> for UnreadableLine {
    fn from(reason: String) -> Self {
        Self(reason)
    }
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Id,
    Name,
    OtherNames,
    Year,
    Released,
    Publisher,
    Developer,
    Platforms,
    Genres,
    Other,
}

impl Column {
    fn of(name: &str) -> Self {
        match name.trim().to_ascii_lowercase().as_str() {
            "title" | "name" => Self::Name,
            "alt_title" | "other_names" => Self::OtherNames,
            "year" => Self::Year,
            "release" | "released" => Self::Released,
            "publisher" => Self::Publisher,
            "developer" => Self::Developer,
            "platform" | "platforms" => Self::Platforms,
            "genre" | "genres" => Self::Genres,
            "id" => Self::Id,
            name if name.ends_with("_id") => Self::Id,
            _ => Self::Other,
        }
    }
}

/// Where the records of a file come from.
#[derive(Clone, Debug)]
pub struct Origin {
    source: String,
    platform: Option<Platform>,
}

impl Origin {
    /// Records of that source; those that name no platform are for `platform`.
    ///
    /// # Errors
    /// What is wrong with the name of the source, in words.
    pub fn new(source: &str, platform: Option<Platform>) -> Result<Self, String> {
        Ok(Self { source: parse_source(source)?, platform })
    }
}

/// Reads the lines of a file.
#[derive(Clone, Debug)]
pub struct LineReader {
    origin: Origin,
    /// `None` where lines are JSON.
    columns: Option<Vec<Column>>,
}

impl fmt::Display for LineReader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.columns.is_some() { "tab-separated" } else { "JSON lines" })
    }
}

/// What is read of a line, before it is a record.
#[derive(Default)]
struct Raw {
    id: String,
    name: String,
    other_names: Vec<String>,
    year: String,
    released: String,
    publisher: String,
    developer: String,
    platforms: Vec<String>,
    genres: Vec<String>,
}

fn date(year: &str, released: &str) -> Result<Option<Released>, String> {
    let (year, released) = (year.trim(), released.trim());
    let parsed = |text: &str| match Released::of_digits(text) {
        Some(date) => Ok(date),
        None => Released::parse(text),
    };
    match (released, year) {
        ("", "") => Ok(None),
        ("", year) => parsed(year).map(Some).map_err(|fault| format!("year {fault}")),
        // What is more than a year may be wrong in old lists, while the year is right.
        (released, year) => match parsed(released) {
            Ok(date) => Ok(Some(date)),
            Err(fault) => Released::parse(year).map(Some).map_err(|_| format!("released {fault}")),
        },
    }
}

impl LineReader {
    /// A reader of the lines after the first, which is the heading; or of all of them, where the first is an object.
    ///
    /// # Errors
    /// The heading has no column `title` or `name`.
    pub fn new(first_line: &str, origin: Origin) -> Result<Self, UnreadableLine> {
        if first_line.trim_start().starts_with('{') {
            return Ok(Self { origin, columns: None });
        }
        let columns: Vec<Column> = first_line.split('\t').map(Column::of).collect();
        if columns.contains(&Column::Name) {
            Ok(Self { origin, columns: Some(columns) })
        } else {
            Err("the first line is neither a heading with a column title or name, nor a JSON object".to_owned().into())
        }
    }

    /// Whether the first line is a record too.
    #[must_use]
    pub fn begins_with_record(&self) -> bool {
        self.columns.is_none()
    }

    /// The record in a line; nothing where the line is empty.
    ///
    /// # Errors
    /// The line is no record.
    pub fn read(&self, line: &str) -> Result<Option<Record>, UnreadableLine> {
        if line.trim().is_empty() {
            return Ok(None);
        }
        let raw = match &self.columns {
            Some(columns) => Self::cells(columns, line),
            None => Self::members(line)?,
        };
        let named = |name: &'static str| move |fault: String| UnreadableLine(format!("{name} {fault}"));
        let external = match raw.id.trim() {
            "" => Vec::new(),
            id => vec![ExternalId::parse(&self.origin.source, id).map_err(named("id"))?],
        };
        let mut other_names = Vec::new();
        for name in raw.other_names.iter().filter(|name| !name.trim().is_empty()) {
            other_names.push(Name::parse(name).map_err(named("other_names"))?);
        }
        let words = |words: &[String]| words.iter().filter(|word| !word.trim().is_empty()).cloned().collect::<Vec<_>>();
        let platforms = words(&raw.platforms).iter().map(|word| Platform::parse(word)).collect::<Result<Vec<_>, _>>();
        let mut platforms = platforms.map_err(named("platforms"))?;
        if platforms.is_empty() {
            platforms.extend(self.origin.platform.clone());
        }
        let genres = words(&raw.genres).iter().map(|word| Genre::parse(word)).collect::<Result<Vec<_>, _>>();
        let facts = Facts {
            name: Name::parse(&raw.name).map_err(named("title"))?,
            other_names,
            released: date(&raw.year, &raw.released)?,
            publisher: Company::parse(&raw.publisher).map_err(named("publisher"))?,
            developer: Company::parse(&raw.developer).map_err(named("developer"))?,
            platforms,
            genres: genres.map_err(named("genres"))?,
        };
        let mut facts = facts.tidy();
        facts.other_names.truncate(MAX_NAMES);
        Ok(Some(Record { external, facts }))
    }

    fn cells(columns: &[Column], line: &str) -> Raw {
        let mut raw = Raw::default();
        let list = |cell: &str, between: char| cell.split(between).map(str::to_owned).collect::<Vec<_>>();
        for (column, cell) in columns.iter().zip(line.split('\t')) {
            match column {
                Column::Id => cell.clone_into(&mut raw.id),
                Column::Name => cell.clone_into(&mut raw.name),
                Column::OtherNames => raw.other_names = list(cell, '|'),
                Column::Year => cell.clone_into(&mut raw.year),
                Column::Released => cell.clone_into(&mut raw.released),
                Column::Publisher => cell.clone_into(&mut raw.publisher),
                Column::Developer => cell.clone_into(&mut raw.developer),
                Column::Platforms => raw.platforms = list(cell, ','),
                Column::Genres => raw.genres = list(cell, ','),
                Column::Other => {}
            }
        }
        raw
    }

    fn members(line: &str) -> Result<Raw, UnreadableLine> {
        let mut fields = Fields::read(line.as_bytes()).map_err(|error| error.to_string())?;
        let taken = |text: &str| Ok(text.to_owned());
        let id = fields.optional_text("id", taken);
        let name = fields.text("name", taken);
        let other_names = fields.optional_texts("other_names", taken);
        let year = fields.optional_integer("year", 0..=9999);
        let released = fields.optional_text("released", taken);
        let publisher = fields.optional_text("publisher", taken);
        let developer = fields.optional_text("developer", taken);
        let platforms = fields.optional_texts("platforms", taken);
        let genres = fields.optional_texts("genres", taken);
        let raw = || {
            Some(Raw {
                id: id?.unwrap_or_default(),
                name: name?,
                other_names: other_names?.unwrap_or_default(),
                year: year?.map(|year| format!("{year:04}")).unwrap_or_default(),
                released: released?.unwrap_or_default(),
                publisher: publisher?.unwrap_or_default(),
                developer: developer?.unwrap_or_default(),
                platforms: platforms?.unwrap_or_default(),
                genres: genres?.unwrap_or_default(),
            })
        };
        let raw = raw();
        fields.done(raw).map_err(|faults| UnreadableLine(Fault::summary(&faults)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(first: &str) -> Result<LineReader, UnreadableLine> {
        LineReader::new(first, Origin::new("list", Some(Platform::parse("pc").unwrap())).unwrap())
    }

    #[test]
    fn columns_are_found_by_name() {
        let read = reader("year\tpcgw_id\tname\tother\tplatforms\talt_title\trelease").unwrap();
        assert!(!read.begins_with_record());
        let record = read.read("1993\t7\tDoom\tx\tSNES,pc98\t毁灭战士|DOOM!\t19931210").unwrap().unwrap();
        assert_eq!(record.external, [ExternalId::parse("list", "7").unwrap()]);
        assert_eq!(record.facts.platforms.iter().map(Platform::as_str).collect::<Vec<_>>(), ["pc98", "snes"]);
        assert_eq!(record.facts.other_names.len(), 1);
        assert_eq!(record.facts.released.unwrap().as_str(), "1993-12-10");
        let record = read.read("1993\t\tDoom").unwrap().unwrap();
        assert_eq!((record.external.len(), record.facts.year()), (0, Some(1993)));
        assert_eq!(record.facts.platforms, [Platform::parse("pc").unwrap()], "that of the file");
        assert_eq!(read.read("").unwrap(), None);
    }

    #[test]
    fn objects_have_members_of_the_same_names() {
        let line = r#"{"id":"7","name":"Doom","year":1993,"platforms":["snes"],"genres":["Shooter"]}"#;
        let read = reader(line).unwrap();
        assert!(read.begins_with_record());
        let record = read.read(line).unwrap().unwrap();
        assert_eq!((record.facts.name.as_str(), record.facts.year()), ("Doom", Some(1993)));
        assert_eq!(record.facts.genres, [Genre::parse("shooter").unwrap()]);
    }

    #[test]
    fn a_line_that_is_no_record_is_refused_with_the_reason() {
        assert!(reader("id\tyear").is_err());
        let read = reader("id\ttitle\tyear").unwrap();
        for (line, word) in [("1\t\t1990", "title"), ("1\tDoom\t99", "year"), ("a b\tDoom\t", "id")] {
            let reason = read.read(line).unwrap_err().to_string();
            assert!(reason.starts_with(word), "{line}: {reason}");
        }
        assert!(reader("{").unwrap().read("{").is_err());
    }

    #[test]
    fn a_wrong_day_leaves_the_year() {
        let read = reader("title\tyear\trelease").unwrap();
        let record = read.read("Doom\t1993\t19931399").unwrap().unwrap();
        assert_eq!(record.facts.released.unwrap().as_str(), "1993");
    }
}

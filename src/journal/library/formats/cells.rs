//! The cells of a row, by the names of their columns.

use std::collections::HashMap;

use super::{FileError, clean_name};
use crate::{catalogue::titles::Platform, journal::library::model::Score};

/// Which column has which name. Names are compared by their letters and digits alone: `Release Date` and `ReleaseDate` are one.
#[derive(Debug)]
pub struct Columns {
    places: HashMap<String, usize>,
    count: usize,
}

fn plain(name: &str) -> String {
    let name = name.trim_start_matches('\u{feff}');
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

impl Columns {
    /// The columns of a header. Of two with one name the first counts.
    pub fn new(names: &[String]) -> Self {
        let mut places = HashMap::new();
        for (place, name) in names.iter().enumerate() {
            places.entry(plain(name)).or_insert(place);
        }
        Self { places, count: names.len() }
    }

    /// Whether all of these are there.
    pub fn have(&self, names: &[&str]) -> bool {
        names.iter().all(|name| self.places.contains_key(*name))
    }

    /// The cells of a record.
    ///
    /// # Errors
    /// It has more fields than there are columns.
    pub fn row<'a>(&'a self, fields: &'a [String]) -> Result<Cells<'a>, String> {
        if fields.len() > self.count {
            return Err(format!("has {} fields, and there are {} columns", fields.len(), self.count));
        }
        Ok(Cells { columns: self, fields })
    }
}

/// The cells of one row.
#[derive(Clone, Copy, Debug)]
pub struct Cells<'a> {
    columns: &'a Columns,
    fields: &'a [String],
}

impl<'a> Cells<'a> {
    /// The text of a cell; empty where there is none.
    pub fn text(&self, column: &str) -> &'a str {
        let place = self.columns.places.get(column);
        place.and_then(|place| self.fields.get(*place)).map_or("", |text| text.trim())
    }

    /// The text of a cell that has one.
    pub fn given(&self, column: &str) -> Option<&'a str> {
        Some(self.text(column)).filter(|text| !text.is_empty())
    }

    /// The game's name.
    ///
    /// # Errors
    /// There is none.
    pub fn name(&self, column: &str) -> Result<String, String> {
        let name = clean_name(self.text(column));
        if name.is_empty() { Err("has no name".to_owned()) } else { Ok(name) }
    }
}

/// A score that was given on a scale of 0 to `most`, on ours.
///
/// # Errors
/// It is no number of that scale.
pub fn score(text: &str, most: u16) -> Result<Score, String> {
    let wrong = || format!("has the rating {text:?}, which is no number of 0 to {most}");
    let number: f64 = text.replace(',', ".").parse().map_err(|_| wrong())?;
    if !(0.0..=f64::from(most)).contains(&number) {
        return Err(wrong());
    }
    let tenths = (number * 1000.0 / f64::from(most)).round();
    // At most a thousand, so nothing is lost.
    let hundredths = format!("{tenths:.0}").parse::<i64>().map_err(|_| wrong())?;
    Score::of((hundredths + 5) / 10).ok_or_else(wrong)
}

/// The catalogue's word for a platform, as far as the text is one.
pub fn platform(text: &str) -> Option<String> {
    Platform::parse(text).ok().map(|platform| platform.as_str().to_owned())
}

/// As [`platform`], of the first of a list.
pub fn first_platform(text: &str) -> Option<String> {
    platform(text.split([',', ';', '\t', '|']).next()?)
}

/// The JSON value in a cell; nothing where it is empty.
///
/// # Errors
/// It is not JSON.
pub fn json(text: &str, column: &str) -> Result<Option<serde_json::Value>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    serde_json::from_str(text).map(Some).map_err(|_| format!("has something in {column} that is not JSON"))
}

/// That no source has these columns.
pub fn unknown(names: &[String]) -> FileError {
    let shown: Vec<String> = names.iter().take(12).map(|name| clean_name(name)).collect();
    FileError::Unknown(format!("its columns are {}", shown.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_of_any_scale_becomes_one_of_100() {
        for (text, most, expected) in [
            ("4.5", 5, 90),
            ("9.0", 10, 90),
            ("76", 100, 76),
            ("0", 5, 0),
            ("5", 5, 100),
            ("3,5", 5, 70),
            ("3.33", 10, 33),
        ] {
            assert_eq!(score(text, most), Ok(Score(expected)), "{text} of {most}");
        }
        for text in ["-1", "6", "x", "NaN", "inf", ""] {
            assert!(score(text, 5).is_err(), "{text}");
        }
    }

    #[test]
    fn columns_are_found_however_their_names_are_written() {
        let columns =
            Columns::new(&["\u{feff}Release Date".to_owned(), "release_date".to_owned(), "Main + Extras".to_owned()]);
        let fields = ["a".to_owned(), "b".to_owned()];
        let row = columns.row(&fields).unwrap();
        assert_eq!((row.text("releasedate"), row.text("mainextras"), row.given("no")), ("a", "", None));
        assert!(columns.row(&vec![String::new(); 4]).is_err());
    }
}

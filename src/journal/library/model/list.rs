//! Lists of a library: what is in them, in which order, and where a page begins.

use super::entry::{Entry, State};
use crate::{
    catalogue::titles::{TitleCard, TitleId},
    platform::named::Named,
};

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// What was changed last.
    #[default]
    Changed,
    /// What was added last.
    Added,
    /// The name.
    Name,
    /// The highest score; what has none comes last.
    Score,
    /// The most time.
    Minutes,
}

impl Named for Sort {
    const SET: &'static str = "LibrarySort";
    const MEMBERS: &'static [Self] = &[Self::Changed, Self::Added, Self::Name, Self::Score, Self::Minutes];

    fn public_name(self) -> &'static str {
        match self {
            Self::Changed => "changed",
            Self::Added => "added",
            Self::Name => "name",
            Self::Score => "score",
            Self::Minutes => "minutes",
        }
    }
}

/// What a list is sorted by, of one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// A number.
    Number(i64),
    /// A folded name.
    Text(String),
}

/// The last entry of a page: where the next one begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// What the list is sorted by.
    pub key: SortKey,
    /// The title.
    pub title: TitleId,
}

impl Cursor {
    /// As text.
    #[must_use]
    pub fn to_text(&self) -> String {
        match &self.key {
            SortKey::Number(number) => format!("{}n{number}", self.title.0),
            SortKey::Text(text) => format!("{}t{text}", self.title.0),
        }
    }

    /// Whether it is one of a list in that order.
    #[must_use]
    pub fn fits(&self, sort: Sort) -> bool {
        (sort == Sort::Name) == matches!(self.key, SortKey::Text(_))
    }

    /// Reads a text.
    #[must_use]
    pub fn of_text(text: &str) -> Option<Self> {
        let at = text.find(['n', 't'])?;
        let (title, key) = (text.get(..at)?, text.get(at..)?);
        let title = TitleId(title.parse().ok()?);
        let key = match key.strip_prefix('n') {
            Some(number) => SortKey::Number(number.parse().ok()?),
            None => SortKey::Text(key.strip_prefix('t')?.to_owned()),
        };
        Some(Self { key, title })
    }
}

/// Which entries are in a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Those in one of these states; empty: in any.
    pub states: Vec<State>,
    /// Those played on this platform.
    pub platform: Option<String>,
    /// Those of this genre.
    pub genre: Option<String>,
    /// Those with a score of at least this.
    pub score_min: Option<u8>,
    /// Those whose name contains this.
    pub name: Option<String>,
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListRequest {
    /// Which entries.
    pub filter: Filter,
    /// In which order.
    pub sort: Sort,
    /// Whether the order is turned around.
    pub reversed: bool,
    /// The last entry of the page before.
    pub after: Option<Cursor>,
    /// Entries at most.
    pub limit: usize,
}

impl ListRequest {
    /// Whether the smallest comes first.
    #[must_use]
    pub fn is_ascending(&self) -> bool {
        (self.sort == Sort::Name) != self.reversed
    }
}

/// An entry with what is shown of its title.
#[derive(Clone, Debug)]
pub struct TitledEntry {
    /// The entry.
    pub entry: Entry,
    /// The title.
    pub card: TitleCard,
}

/// The same in a list, without the history.
#[derive(Clone, Debug)]
pub struct ListedEntry {
    /// The entry.
    pub shown: TitledEntry,
    /// Its place.
    pub cursor: Cursor,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_as_it_was_written() {
        for key in [
            SortKey::Number(-1),
            SortKey::Number(i64::MAX),
            SortKey::Text("nier: n 2 t".to_owned()),
            SortKey::Text(String::new()),
        ] {
            let cursor = Cursor { key, title: TitleId(7) };
            assert_eq!(Cursor::of_text(&cursor.to_text()), Some(cursor));
        }
        for text in ["", "7", "n7", "7nx", "xn7", "7x"] {
            assert_eq!(Cursor::of_text(text), None, "{text}");
        }
    }
}

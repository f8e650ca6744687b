//! Reading the items of a list in a JSON document, one at a time: the list is the whole document, or a member of it.

use std::{
    cell::Cell,
    fmt,
    io::{self, Read},
    rc::Rc,
};

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

use super::{FileError, MAX_ROW_BYTES};

/// What of an item may still be read, while one is being read.
type Budget = Rc<Cell<Option<usize>>>;

/// A source that fails when an item is too long.
struct Bounded<R> {
    source: R,
    budget: Budget,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.source.read(buffer)?;
        if let Some(left) = self.budget.get() {
            let Some(left) = left.checked_sub(length) else {
                return Err(io::Error::other("an item of it is longer than a row may be"));
            };
            self.budget.set(Some(left));
        }
        Ok(length)
    }
}

/// Where items are looked for: `path` is the names of the members that lead to the list.
pub type Path = &'static [&'static str];

/// Takes an item and the path of its list.
pub type Take<'a> = dyn FnMut(Path, Value) -> Result<(), FileError> + 'a;

/// Reads the items of the lists at these paths; the empty path is the document itself. Returns the paths that were there.
///
/// # Errors
/// It is not JSON, or `take` failed.
pub fn read(source: impl Read, paths: &[Path], take: &mut Take<'_>) -> Result<Found, FileError> {
    let budget = Budget::default();
    let mut state = State { paths, take, budget: Rc::clone(&budget), found: Found::default(), failure: None };
    let mut reader = serde_json::Deserializer::from_reader(io::BufReader::new(Bounded { source, budget }));
    let read = Level { state: &mut state, path: Vec::new() }.deserialize(&mut reader).and_then(|()| reader.end());
    if let Some(failure) = state.failure {
        return Err(failure);
    }
    read.map_err(
        |error| if error.is_io() { io::Error::from(error).into() } else { FileError::Broken(error.to_string()) },
    )?;
    Ok(state.found)
}

/// What a document has.
#[derive(Debug, Default)]
pub struct Found {
    /// The lists that were there.
    pub lists: Vec<Path>,
    /// The names of the members of the document.
    pub members: Vec<String>,
    /// The members of the document that are texts or numbers, as text.
    pub texts: Vec<(String, String)>,
}

/// Names of members that are kept, for messages.
const KEPT_NAMES: usize = 12;

struct State<'a, 'b> {
    paths: &'a [Path],
    take: &'a mut Take<'b>,
    budget: Budget,
    found: Found,
    failure: Option<FileError>,
}

struct Level<'s, 'a, 'b> {
    state: &'s mut State<'a, 'b>,
    path: Vec<String>,
}

impl Level<'_, '_, '_> {
    fn list(&self) -> Option<Path> {
        self.state.paths.iter().copied().find(|path| path.iter().copied().eq(self.path.iter().map(String::as_str)))
    }

    fn leads_on(&self) -> bool {
        let starts =
            |path: &Path| path.len() > self.path.len() && path.iter().zip(&self.path).all(|(part, name)| part == name);
        self.state.paths.iter().any(starts)
    }
}

impl<'de> DeserializeSeed<'de> for Level<'_, '_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        if self.list().is_some() || self.leads_on() || self.path.len() == 1 {
            deserializer.deserialize_any(self)
        } else {
            deserializer.deserialize_ignored_any(IgnoredAny).map(drop)
        }
    }
}

impl<'de> Visitor<'de> for Level<'_, '_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list")
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, number: i64) -> Result<(), E> {
        self.keep(&number.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, number: u64) -> Result<(), E> {
        self.keep(&number.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, text: &str) -> Result<(), E> {
        self.keep(text);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        let Some(path) = self.list() else {
            while items.next_element::<IgnoredAny>()?.is_some() {}
            return Ok(());
        };
        self.state.found.lists.push(path);
        loop {
            self.state.budget.set(Some(MAX_ROW_BYTES));
            let Some(item) = items.next_element::<Value>()? else { break };
            self.state.budget.set(None);
            if let Err(failure) = (self.state.take)(path, item) {
                self.state.failure = Some(failure);
                return Err(A::Error::custom("stopped"));
            }
        }
        self.state.budget.set(None);
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<(), A::Error> {
        while let Some(name) = members.next_key::<String>()? {
            if self.path.is_empty() && self.state.found.members.len() < KEPT_NAMES {
                self.state.found.members.push(name.clone());
            }
            let mut path = self.path.clone();
            path.push(name);
            members.next_value_seed(Level { state: &mut *self.state, path })?;
        }
        Ok(())
    }
}

impl Level<'_, '_, '_> {
    fn keep(self, text: &str) {
        if let [name] = &self.path[..]
            && self.state.found.texts.len() < KEPT_NAMES
            && text.len() <= 64
        {
            self.state.found.texts.push((name.clone(), text.to_owned()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(text: &str, paths: &[Path]) -> Result<(Vec<Value>, Found), String> {
        let mut taken = Vec::new();
        let found = read(text.as_bytes(), paths, &mut |_, item| {
            taken.push(item);
            Ok(())
        });
        found.map(|found| (taken, found)).map_err(|error| error.to_string())
    }

    #[test]
    fn the_items_of_the_list_at_a_path_are_read_and_nothing_else() {
        const GAMES: Path = &["response", "games"];
        let (found, _) =
            items(r#"{"a":[1,{"games":[2]}],"response":{"n":1,"games":[3,"x"]},"games":[4]}"#, &[GAMES]).unwrap();
        assert_eq!(found, [Value::from(3), Value::from("x")]);
        let (found, _) = items("[1, 2]", &[&[]]).unwrap();
        assert_eq!(found, [Value::from(1), Value::from(2)]);
        let (found, document) = items(r#"{"format":"x","response":{}}"#, &[GAMES]).unwrap();
        assert!(found.is_empty() && document.lists.is_empty());
        assert_eq!(document.texts, [("format".to_owned(), "x".to_owned())]);
    }

    #[test]
    fn a_document_that_breaks_off_is_broken() {
        for text in ["[1, 2", "{\"a\":", "[1] 2", "[1,,2]"] {
            assert!(items(text, &[&[]]).is_err(), "{text}");
        }
    }

    #[test]
    fn an_item_has_a_bound() {
        let long = format!("[\"{}\"]", "x".repeat(2 * MAX_ROW_BYTES));
        assert!(items(&long, &[&[]]).unwrap_err().contains("longer than a row may be"));
        let beside = format!("{{\"other\":\"{}\",\"games\":[1]}}", "x".repeat(2 * MAX_ROW_BYTES));
        assert_eq!(items(&beside, &[&["games"]]).unwrap().0, [Value::from(1)]);
    }
}

//! Records of others: what a file or a provider says about a title.

use std::fmt;

use serde_json::{Value, json};

use super::{Company, Facts, Genre, Name, Platform, Released};

/// Bytes of the name of a source at most.
const SOURCE_BYTES: usize = 20;

/// Bytes of an id in a source at most.
const EXTERNAL_BYTES: usize = 64;

/// The id that somebody else knows a title by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExternalId {
    source: String,
    external: String,
}

impl ExternalId {
    /// An id in a source.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(source: &str, external: &str) -> Result<Self, String> {
        let source = parse_source(source)?;
        let is_good =
            (1..=EXTERNAL_BYTES).contains(&external.len()) && external.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_good {
            return Err(format!("must be an id of 1 to {EXTERNAL_BYTES} visible ASCII characters"));
        }
        Ok(Self { source, external: external.to_owned() })
    }

    /// The source: `steam`, `rawg` and so on.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The id there.
    #[must_use]
    pub fn external(&self) -> &str {
        &self.external
    }
}

impl fmt::Display for ExternalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.source, self.external)
    }
}

/// The name of a source: 1 to 20 small letters, digits and hyphens.
///
/// # Errors
/// What is wrong with it, in words.
pub fn parse_source(source: &str) -> Result<String, String> {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    if (1..=SOURCE_BYTES).contains(&source.len()) && source.bytes().all(is_plain) {
        Ok(source.to_owned())
    } else {
        Err(format!("must be 1 to {SOURCE_BYTES} small letters, digits and hyphens"))
    }
}

/// What a source says about a title.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// The source's own id first, then others that it knows; may be empty.
    pub external: Vec<ExternalId>,
    /// What it says.
    pub facts: Facts,
}

impl Record {
    /// As JSON, for the queue of records whose title is unclear.
    #[must_use]
    pub fn to_json(&self) -> String {
        let Facts { name, other_names, released, publisher, developer, platforms, genres } = &self.facts;
        let external: Vec<[&str; 2]> = self.external.iter().map(|id| [id.source(), id.external()]).collect();
        json!({
            "external": external,
            "name": name.as_str(),
            "other_names": other_names.iter().map(Name::as_str).collect::<Vec<_>>(),
            "released": released.as_ref().map(Released::as_str),
            "publisher": publisher.as_str(),
            "developer": developer.as_str(),
            "platforms": platforms.iter().map(Platform::as_str).collect::<Vec<_>>(),
            "genres": genres.iter().map(Genre::as_str).collect::<Vec<_>>(),
        })
        .to_string()
    }

    /// The record in JSON that [`Record::to_json`] has written; `None` where it is none.
    #[must_use]
    pub fn of_json(text: &str) -> Option<Self> {
        let value: Value = serde_json::from_str(text).ok()?;
        let text = |name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default();
        let list = |name: &str| value.get(name).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let texts = |name: &str| list(name).iter().filter_map(Value::as_str).collect::<Vec<_>>();
        let id = |pair: &Value| {
            let part = |at: usize| pair.get(at).and_then(Value::as_str);
            ExternalId::parse(part(0)?, part(1)?).ok()
        };
        let facts = Facts {
            name: Name::parse(text("name")).ok()?,
            other_names: texts("other_names").into_iter().filter_map(|name| Name::parse(name).ok()).collect(),
            released: Released::stored(text("released")),
            publisher: Company::parse(text("publisher")).unwrap_or_default(),
            developer: Company::parse(text("developer")).unwrap_or_default(),
            platforms: texts("platforms").into_iter().filter_map(|word| Platform::parse(word).ok()).collect(),
            genres: texts("genres").into_iter().filter_map(|word| Genre::parse(word).ok()).collect(),
        };
        Some(Self { external: list("external").iter().filter_map(id).collect(), facts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_read_as_it_was_written() {
        let record = Record {
            external: vec![ExternalId::parse("steam", "620").unwrap()],
            facts: Facts {
                name: Name::parse("Portal 2").unwrap(),
                other_names: vec![Name::parse("P2").unwrap()],
                released: Released::parse("2011-04").ok(),
                publisher: Company::parse("Valve").unwrap(),
                developer: Company::default(),
                platforms: vec![Platform::parse("pc").unwrap()],
                genres: vec![Genre::parse("puzzle").unwrap()],
            },
        };
        assert_eq!(Record::of_json(&record.to_json()), Some(record));
        assert_eq!(Record::of_json("{}"), None);
    }

    #[test]
    fn ids_of_others_are_short_and_plain() {
        assert!(ExternalId::parse("steam", "620").is_ok());
        for (source, external) in [
            ("", "1"),
            ("Steam", "1"),
            (&*"s".repeat(21), "1"),
            ("steam", ""),
            ("steam", "a b"),
            ("steam", &*"1".repeat(65)),
            ("steam", "é"),
        ] {
            assert!(ExternalId::parse(source, external).is_err(), "{source:?} {external:?}");
        }
    }
}

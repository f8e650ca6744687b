//! Files of JSON: which program wrote them, by the names of their members.

use std::io::Read;

use serde_json::Value;

use super::{
    FileError, Numbered, Sink,
    items::{self, Path},
    native, playnite, refused, ryot, steam,
};
use crate::journal::library::model::{ImportSource, ImportedRow};

/// Where Steam lists games.
const STEAM: Path = &["response", "games"];

/// Where Ryot lists what somebody has seen, read and played.
const RYOT: Path = &["metadata"];

/// Where our own export lists entries.
const NATIVE: Path = &["entries"];

/// A document that is itself a list.
const LIST: Path = &[];

/// What reads an item; an error says why it can't be used.
type ReadItem = fn(&Value) -> Result<ImportedRow, String>;

/// The program of an item, and what reads it.
fn form(path: Path, item: &Value) -> Option<(ImportSource, ReadItem)> {
    match path {
        STEAM => Some((ImportSource::Steam, steam::read_item)),
        RYOT => Some((ImportSource::Ryot, ryot::read_item)),
        NATIVE => Some((ImportSource::Cairn, native::read_item)),
        _ if playnite::is_item(item) => Some((ImportSource::Playnite, playnite::read_item)),
        _ if ryot::is_vglist_item(item) => Some((ImportSource::Vglist, ryot::read_vglist_item)),
        _ if ryot::is_item(item) => Some((ImportSource::Ryot, ryot::read_item)),
        _ => None,
    }
}

/// The name that an item is reported by.
fn name_of(item: &Value) -> &str {
    let places = ["/name", "/Name", "/source_id", "/game/name", "/title"];
    places.iter().find_map(|place| item.pointer(place)?.as_str()).unwrap_or_default()
}

/// Reads a file.
pub fn read(source: impl Read, sink: &mut Sink<'_>) -> Result<ImportSource, FileError> {
    let mut numbered = Numbered::new(sink);
    let mut known: Option<ImportSource> = None;
    let found = items::read(source, &[STEAM, RYOT, NATIVE, LIST], &mut |path, item| {
        let Some((source, read)) = form(path, &item) else {
            let Some(source) = known else {
                let members: Vec<&str> =
                    item.as_object().into_iter().flatten().map(|(name, _)| &**name).take(12).collect();
                return Err(FileError::Unknown(format!("its first item has {}", words(&members))));
            };
            return numbered.give(source, |number| {
                Err(refused(number, name_of(&item), "is of another form than the items before"))
            });
        };
        known = known.or(Some(source));
        numbered.give(source, |number| match read(&item) {
            Ok(row) => Ok(ImportedRow { number, ..row }),
            Err(why) => Err(refused(number, name_of(&item), why)),
        })
    })?;
    if let Some(source) = known {
        return Ok(source);
    }
    let has = |name: &str| found.members.iter().any(|member| member == name);
    match found.lists.first() {
        Some(&STEAM) => Ok(ImportSource::Steam),
        Some(&RYOT) => Ok(ImportSource::Ryot),
        Some(&NATIVE) if native::is_ours(&found.texts) => Ok(ImportSource::Cairn),
        Some(&LIST) => Err(FileError::Unknown("it is a list without items".to_owned())),
        _ if has("response") => Err(FileError::Private),
        _ => {
            let members: Vec<&str> = found.members.iter().map(String::as_str).collect();
            Err(FileError::Unknown(format!("it has {}", words(&members))))
        }
    }
}

fn words(names: &[&str]) -> String {
    if names.is_empty() { "no members".to_owned() } else { format!("the members {}", names.join(", ")) }
}

//! Files with columns: which program wrote them, by the names of the columns.

use std::io::BufRead;

use super::{
    FileError, Numbered, Sink,
    cells::{Cells, Columns, unknown},
    csv::{CsvReader, Record},
    grouvee, howlongtobeat, lists, native, playnite, refused,
};
use crate::journal::library::model::{ImportSource, ImportedRow};

/// What reads a row; an error says why it can't be used.
type ReadRow = fn(&Cells<'_>) -> Result<ImportedRow, String>;

/// A program: the columns by which it is known, that with the game's name, and what reads its rows.
struct Form {
    source: ImportSource,
    columns: &'static [&'static str],
    name: &'static str,
    read: ReadRow,
}

/// The first whose columns are all there.
const FORMS: [Form; 10] = [
    Form {
        source: ImportSource::Cairn,
        columns: &["gameid", "name", "state", "history", "playthroughs"],
        name: "name",
        read: native::read_cells,
    },
    Form {
        source: ImportSource::Grouvee,
        columns: &["name", "shelves", "statuses", "dates"],
        name: "name",
        read: grouvee::read,
    },
    Form {
        source: ImportSource::Howlongtobeat,
        columns: &["title", "platform", "playing", "backlog", "completionist"],
        name: "title",
        read: howlongtobeat::read,
    },
    Form {
        source: ImportSource::Yamtrack,
        columns: &["mediaid", "source", "mediatype", "status"],
        name: "title",
        read: lists::read_yamtrack,
    },
    Form {
        source: ImportSource::Gog,
        columns: &["title", "platformlist", "gamemins"],
        name: "title",
        read: lists::read_gog,
    },
    Form {
        source: ImportSource::Playnite,
        columns: &["name", "timeplayed", "completionstatus"],
        name: "name",
        read: playnite::read_advanced,
    },
    Form {
        source: ImportSource::Playnite,
        columns: &["name", "playtime", "isinstalled"],
        name: "name",
        read: playnite::read_script,
    },
    Form {
        source: ImportSource::Igdb,
        columns: &["id", "game", "url", "category"],
        name: "game",
        read: lists::read_igdb,
    },
    Form {
        source: ImportSource::Backloggd,
        columns: &["title", "rating", "status", "backlog"],
        name: "title",
        read: lists::read_backloggd,
    },
    Form {
        source: ImportSource::Backloggd,
        columns: &["game", "rating", "status"],
        name: "game",
        read: lists::read_backloggd_game,
    },
];

/// Reads a file.
pub fn read(source: impl BufRead, sink: &mut Sink<'_>) -> Result<ImportSource, FileError> {
    let (mut reader, names) = CsvReader::new(source)?;
    let columns = Columns::new(&names);
    let form = FORMS.iter().find(|form| columns.have(form.columns)).ok_or_else(|| unknown(&names))?;
    let mut numbered = Numbered::new(sink);
    while let Some(record) = reader.next()? {
        numbered.give(form.source, |number| {
            let fields = match record {
                Record::Fields(fields) => fields,
                Record::Bad(why) => return Err(refused(number, "", why)),
            };
            let cells = columns.row(&fields).map_err(|why| refused(number, "", why))?;
            let row = (form.read)(&cells).map_err(|why| refused(number, cells.text(form.name), why))?;
            Ok(ImportedRow { number, ..row })
        })?;
    }
    Ok(form.source)
}

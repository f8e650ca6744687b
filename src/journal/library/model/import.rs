//! Imports: what a row of another program's file says, and what became of it.

use serde::{Deserialize, Serialize};

use super::{
    entry::{Grade, Score, State, Target},
    partial_date::PartialDate,
};
use crate::{catalogue::titles::TitleId, identity::people::Audience, platform::named::Named};

/// The id of an import: a UUID without hyphens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportId(pub String);

impl ImportId {
    /// A new id.
    #[must_use]
    pub fn generate() -> Self {
        Self(uuid::Uuid::now_v7().simple().to_string())
    }
}

macro_rules! named {
    ($(#[$about:meta])* $type:ident($set:literal) { $($(#[$what:meta])* $member:ident = $number:literal $name:literal,)* }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $type {
            $($(#[$what])* $member,)*
        }

        impl $type {
            /// Its number in the database.
            #[must_use]
            pub fn number(self) -> i16 {
                match self {
                    $(Self::$member => $number,)*
                }
            }

            /// The member of a number in the database.
            #[must_use]
            pub fn of_number(number: i16) -> Option<Self> {
                Self::MEMBERS.iter().copied().find(|member| member.number() == number)
            }
        }

        impl Named for $type {
            const SET: &'static str = $set;
            const MEMBERS: &'static [Self] = &[$(Self::$member,)*];

            fn public_name(self) -> &'static str {
                match self {
                    $(Self::$member => $name,)*
                }
            }
        }
    };
}

named! {
    /// The program that wrote a file.
    ImportSource("LibraryImportSource") {
        /// Cairn's own export.
        Cairn = 0 "cairn",
        /// Steam's `GetOwnedGames`.
        Steam = 1 "steam",
        /// An export of GOG Galaxy's database.
        Gog = 2 "gog",
        /// Playnite, as JSON or CSV.
        Playnite = 3 "playnite",
        /// Backloggd, by a program that reads its pages.
        Backloggd = 4 "backloggd",
        /// Grouvee.
        Grouvee = 5 "grouvee",
        /// `HowLongToBeat`.
        Howlongtobeat = 6 "howlongtobeat",
        /// A list of IGDB.
        Igdb = 7 "igdb",
        /// Yamtrack.
        Yamtrack = 8 "yamtrack",
        /// Ryot.
        Ryot = 9 "ryot",
        /// vglist.
        Vglist = 10 "vglist",
    }
}

named! {
    /// What an import may do.
    ImportMode("LibraryImportMode") {
        /// It adds what the library does not have, and changes nothing.
        New = 0 "new",
        /// It adds time and playthroughs to what the library has.
        Time = 1 "time",
        /// It does both, and changes states and scores too.
        All = 2 "all",
    }
}

named! {
    /// How far an import is.
    ImportStatus("LibraryImportStatus") {
        /// The file was read; nothing is in the library yet.
        Ready = 0 "ready",
        /// A part of it is in the library.
        Applying = 1 "applying",
        /// All of it is in the library.
        Applied = 2 "applied",
        /// A part of it was taken back.
        Undoing = 3 "undoing",
        /// All of it was taken back.
        Undone = 4 "undone",
    }
}

named! {
    /// What becomes of a row.
    Outcome("LibraryImportOutcome") {
        /// It adds a game to the library.
        New = 0 "new",
        /// It changes an entry.
        Changed = 1 "changed",
        /// It changes nothing.
        Same = 2 "same",
        /// It is not known which game it means.
        Unclear = 3 "unclear",
        /// It can't be used.
        Refused = 4 "refused",
    }
}

/// What a row says by which its game can be found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GameNames {
    /// Its name.
    pub name: String,
    /// The year of its release.
    pub year: Option<i32>,
    /// A platform of it.
    pub platform: Option<String>,
    /// Its ids in other catalogues: which, and the id.
    pub external: Vec<(String, String)>,
    /// Its id in a catalogue of ours.
    pub id: Option<i64>,
}

/// A playthrough of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedPlaythrough {
    /// What tells it from the others of its game in the same source.
    pub key: String,
    /// The platform.
    pub platform: Option<String>,
    /// When it began.
    pub started: Option<PartialDate>,
    /// When it ended.
    pub finished: Option<PartialDate>,
    /// How long it took.
    pub minutes: Option<i32>,
    /// How far it went.
    pub grade: Option<Grade>,
}

/// What a row says about the entry.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImportedEntry {
    /// The state.
    pub state: Option<State>,
    /// The score.
    pub score: Option<Score>,
    /// All of the time.
    pub total: Option<i32>,
    /// The platform on which that time was spent.
    pub platform: Option<String>,
    /// When it was added (Unix time in ms).
    pub added_ms: Option<i64>,
    /// When it was played last (Unix time in ms).
    pub active_ms: Option<i64>,
    /// The playthroughs.
    pub playthroughs: Vec<ImportedPlaythrough>,
    /// What only our own export says.
    pub own: Option<OwnParts>,
}

/// What only our own export says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnParts {
    /// The audience, by its number.
    pub audience: Option<i16>,
    /// The price target.
    pub target: Option<Target>,
    /// The states with their times (Unix time in ms), the oldest first.
    pub history: Vec<(i64, State)>,
}

/// A row that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportedRow {
    /// Its number in the file, from 1.
    pub number: i32,
    /// The game.
    pub game: GameNames,
    /// The entry.
    pub entry: ImportedEntry,
    /// What else it says, which an entry has no place for.
    pub left_out: Vec<&'static str>,
}

/// A row that can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedRow {
    /// Its number in the file, from 1.
    pub number: i32,
    /// The game's name, as far as it is known.
    pub name: String,
    /// Why, in words.
    pub why: String,
}

/// How a file is imported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ImportOptions {
    /// What it may do.
    pub mode: ImportMode,
    /// The state of a new entry whose row says none.
    pub state: Option<State>,
    /// The audience of new entries.
    pub audience: Audience,
}

/// How many rows became what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ImportCounts {
    /// Rows that add a game.
    pub new: i32,
    /// Rows that change an entry.
    pub changed: i32,
    /// Rows that change nothing.
    pub same: i32,
    /// Rows whose game is not known.
    pub unclear: i32,
    /// Rows that can't be used.
    pub refused: i32,
}

impl ImportCounts {
    /// Counts rows more, or less, with that outcome.
    pub fn add(&mut self, outcome: Outcome, rows: i32) {
        let count = match outcome {
            Outcome::New => &mut self.new,
            Outcome::Changed => &mut self.changed,
            Outcome::Same => &mut self.same,
            Outcome::Unclear => &mut self.unclear,
            Outcome::Refused => &mut self.refused,
        };
        *count = count.saturating_add(rows);
    }

    /// All rows.
    #[must_use]
    pub fn total(&self) -> i32 {
        [self.new, self.changed, self.same, self.unclear, self.refused].into_iter().fold(0, i32::saturating_add)
    }
}

/// An import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Its id.
    pub id: ImportId,
    /// The program that wrote the file.
    pub source: ImportSource,
    /// How it is imported.
    pub options: ImportOptions,
    /// How far it is.
    pub status: ImportStatus,
    /// What becomes of its rows.
    pub counts: ImportCounts,
    /// When the file was read (Unix time in ms).
    pub made_ms: i64,
    /// Until when it can be applied, or undone (Unix time in ms).
    pub expires_ms: i64,
}

/// A row of an import, with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ImportRow {
    /// Its number in the file, from 1.
    pub number: i32,
    /// The game's name in the file.
    pub name: String,
    /// What became of it.
    pub outcome: Outcome,
    /// The game, where it is known.
    pub title: Option<TitleId>,
    /// Why, in words; empty where that needs no words.
    pub why: String,
}

/// A page of an import's rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowPage {
    /// Only rows with this outcome.
    pub outcome: Option<Outcome>,
    /// The number of the last row of the page before.
    pub after: i32,
    /// Rows at most.
    pub limit: usize,
}

/// What a person says about an unclear row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// It means that game.
    Game(TitleId),
    /// It is to be left out.
    Skip,
}

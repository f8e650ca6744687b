//! Parameters and bodies of imports and exports.

use poem_openapi::{Object, types::Example};

use crate::{
    catalogue::titles::TitleId,
    http::{
        declaration::{Param, Values},
        params::{QueryParams, QueryReader},
    },
    identity::people::Audience,
    journal::{
        examples,
        library::model::{
            DEFAULT_AUDIENCE, ExportFormat, ImportMode, ImportOptions, LibraryError, Outcome, Resolution, RowPage,
            State,
        },
    },
    platform::{codec::fields::Fields, named::Named},
};

/// Rows of a page at most.
const MAX_ROWS: i64 = 500;

/// Rows of a page where the request does not say.
const DEFAULT_ROWS: i64 = 100;

const MODE: Param = Param {
    name: "mode",
    about: "What the import may do: `all` adds games and changes entries, `new` only adds games, `time` only adds time and \
            playthroughs to entries that are there.",
    values: Values::OneOf(&["all", "new", "time"]),
    example: "new",
};

const STATE: Param = Param {
    name: "state",
    about: "The state of new entries whose rows say none. Absent: `paused` where there is a time, else `wishlist`.",
    values: Values::Text { max_bytes: 9 },
    example: "paused",
};

const AUDIENCE: Param = Param {
    name: "audience",
    about: "Who sees new entries.",
    values: Values::OneOf(&["friends", "public", "private"]),
    example: "private",
};

/// How a file is to be imported.
#[derive(Clone, Copy, Debug)]
pub struct ImportQuery(pub ImportOptions);

impl QueryParams for ImportQuery {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let mode = reader.optional(&MODE, ImportMode::parse).unwrap_or(ImportMode::All);
        let state = reader.optional(&STATE, State::parse);
        let audience = reader.optional(&AUDIENCE, Audience::parse).unwrap_or(DEFAULT_AUDIENCE);
        Some(Self(ImportOptions { mode, state, audience }))
    }
}

const OUTCOME: Param = Param {
    name: "outcome",
    about: "Only rows of which this becomes: `new`, `changed`, `same`, `unclear` or `refused`.",
    values: Values::Text { max_bytes: 7 },
    example: "unclear",
};

const AFTER: Param = Param {
    name: "after",
    about: "The `next` of the page before. Absent: from the start.",
    values: Values::Integer { min: 0, max: 2_147_483_647, default: Some(0) },
    example: "100",
};

const LIMIT: Param = Param {
    name: "limit",
    about: "The most items on the page.",
    values: Values::Integer { min: 1, max: MAX_ROWS, default: Some(DEFAULT_ROWS) },
    example: "100",
};

/// Which rows of an import are requested.
#[derive(Clone, Copy, Debug)]
pub struct RowQuery(pub RowPage);

impl QueryParams for RowQuery {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let outcome = reader.optional(&OUTCOME, Outcome::parse);
        let after = reader.integer(&AFTER).and_then(|after| i32::try_from(after).ok()).unwrap_or_default();
        let limit = reader.integer(&LIMIT).unwrap_or(DEFAULT_ROWS);
        Some(Self(RowPage { outcome, after, limit: usize::try_from(limit).ok()? }))
    }
}

const FORMAT: Param =
    Param { name: "format", about: "The form of the file.", values: Values::OneOf(&["json", "csv"]), example: "csv" };

/// How a library is to be exported.
#[derive(Clone, Copy, Debug)]
pub struct ExportQuery(pub ExportFormat);

impl QueryParams for ExportQuery {
    fn read(reader: &mut QueryReader<'_>) -> Option<Self> {
        let format = reader.optional(&FORMAT, |text| match text {
            "json" => Ok(ExportFormat::Json),
            "csv" => Ok(ExportFormat::Csv),
            _ => Err("must be json or csv".to_owned()),
        });
        Some(Self(format.unwrap_or(ExportFormat::Json)))
    }
}

/// Which game an unclear row means.
#[derive(Debug, Object)]
#[oai(example, rename = "LibraryImportResolution")]
pub struct ResolutionRequest {
    /// The game's id. Absent: the row is to be left out.
    game: Option<String>,
}

impl Example for ResolutionRequest {
    fn example() -> Self {
        Self { game: Some(examples::game()) }
    }
}

impl ResolutionRequest {
    /// Reads a body.
    pub fn read(body: &[u8]) -> Result<Resolution, LibraryError> {
        let mut fields = Fields::read(body)?;
        let game = fields
            .optional_text("game", |text| TitleId::parse(text).map_err(|_| "must be the id of a game".to_owned()));
        fields.refuse_others();
        let resolution = game.map(|game| game.map_or(Resolution::Skip, Resolution::Game));
        fields.done(resolution).map_err(LibraryError::Invalid)
    }
}

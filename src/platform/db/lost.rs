//! Finds data that is not where it must be: some of an installation's files or schemas were restored, and others not. Nothing
//! is made anew in its place, because it would then seem to be there.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use entity::control::identity::{game, studio};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DbErr,
    sea_query::{Expr, ExprTrait, Query},
};

use super::{Target, schema::SchemaError, tenant::StudioId};
use crate::platform::error::{StoreError, with_causes};

/// The file of the control tables.
pub(super) const CONTROL_FILE: &str = "control.sqlite";

/// Something is not where it must be.
#[derive(Debug, thiserror::Error)]
pub enum LostError {
    /// A file can't be opened as a database.
    #[error("{file} can't be used: {cause}")]
    File {
        /// The file.
        file: PathBuf,
        /// What the database says of it.
        cause: String,
    },
    /// A studio has games, but its tables are not there: they were not restored with the control tables.
    #[error(
        "studio {slug} has games, but its data is not there: {place} is missing or empty. Restore it from the backup that the \
         control tables are from, or give the studio up with `cairn studio delete {slug} --confirm {slug}`"
    )]
    Studio {
        /// Its slug.
        slug: String,
        /// Its file, or its schema.
        place: String,
    },
    /// There are studios' tables, but no control tables: those were not restored with them.
    #[error("{control} is missing or empty, but there is {studio}: restore both from the same backup")]
    Control {
        /// The file of the control tables, or their schema.
        control: String,
        /// A studio's file, or its schema.
        studio: String,
    },
    /// The tables of a new studio are there already: they are of a studio that the control tables don't know.
    #[error("{place} is there already, and is no studio's here: move it elsewhere")]
    StudioUnknown {
        /// The file, or the schema.
        place: String,
    },
}

/// An error of the database that says which file it is about.
pub(super) fn named(error: &StoreError, file: PathBuf) -> LostError {
    LostError::File { file, cause: with_causes(error) }
}

/// Where a studio's tables are, in words.
pub(super) fn place(target: &Target, studio: StudioId) -> String {
    match target {
        Target::Sqlite { folder } => folder.join(studio.file()).display().to_string(),
        Target::Postgres { .. } => format!("the schema {}", studio.schema()),
    }
}

pub(super) fn is_missing_or_empty(file: &Path) -> bool {
    !std::fs::metadata(file).is_ok_and(|metadata| metadata.len() > 0)
}

/// Refuses a folder that has studios' files but none of the control tables. Opening that would create it.
pub(super) fn check_folder(folder: &Path) -> Result<(), SchemaError> {
    let control = folder.join(CONTROL_FILE);
    if !is_missing_or_empty(&control) {
        return Ok(());
    }
    let mut files = Vec::<PathBuf>::new();
    for entry in std::fs::read_dir(folder).map_err(|cause| SchemaError::Folder { folder: folder.to_owned(), cause })? {
        files.extend(entry.map(|entry| entry.path()));
    }
    files.sort();
    let is_studio = |file: &PathBuf| {
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let id = name.strip_prefix("studio_").and_then(|rest| rest.strip_suffix(".sqlite"));
        id.is_some_and(|id| id.parse::<i32>().is_ok()) && !is_missing_or_empty(file)
    };
    let text = |path: &Path| path.display().to_string();
    match files.iter().find(|file| is_studio(file)) {
        None => Ok(()),
        Some(studio) => Err(LostError::Control { control: text(&control), studio: text(studio) }.into()),
    }
}

/// As [`check_folder`], of the schemas in which migrations were applied, where none were to the control tables.
pub(super) fn check_schemas(migrated: &BTreeSet<String>) -> Result<(), LostError> {
    match migrated.iter().find(|schema| schema.starts_with("studio_")) {
        None => Ok(()),
        Some(studio) => Err(LostError::Control {
            control: "the schema of the control tables".to_owned(),
            studio: format!("the schema {studio}"),
        }),
    }
}

/// Refuses studios that have games, but whose tables were never created as far as the migrations show that were `applied`. (One
/// without games may have been created by a program that was stopped before its tables were.) Returns the studio of the slug
/// `given_up`, if it is such a one.
pub(super) async fn check_studios(
    target: &Target,
    control: &DatabaseConnection,
    applied: &BTreeMap<StudioId, BTreeSet<String>>,
    given_up: Option<&str>,
) -> Result<Option<StudioId>, SchemaError> {
    let games = Query::select()
        .expr(Expr::val(1))
        .from(game::Entity)
        .and_where(Expr::col((game::Entity, game::Column::Studio)).equals((studio::Entity, studio::Column::Id)))
        .to_owned();
    let with_games = Query::select()
        .columns([studio::Column::Id, studio::Column::Slug])
        .from(studio::Entity)
        .and_where(Expr::exists(games))
        .order_by(studio::Column::Id, sea_orm::Order::Asc)
        .to_owned();
    let mut given_up_studio = None;
    for row in control.query_all(&with_games).await.map_err(StoreError::from)? {
        let column = |error: DbErr| StoreError::from(error);
        let studio = StudioId(row.try_get("", "id").map_err(column)?);
        let slug: String = row.try_get("", "slug").map_err(column)?;
        if applied.get(&studio).is_some_and(|applied| !applied.is_empty()) {
            continue;
        }
        if Some(slug.as_str()) != given_up {
            return Err(LostError::Studio { slug, place: place(target, studio) }.into());
        }
        given_up_studio = Some(studio);
    }
    Ok(given_up_studio)
}

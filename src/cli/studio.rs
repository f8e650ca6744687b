//! `cairn studio`: studios, the tenants of an installation.

use std::{
    fs::File,
    io::{BufRead, Write},
    path::{Path, PathBuf},
};

use serde_json::{Value, json};

use super::{
    CommandResult,
    context::Context,
    print_line,
    table::{Format, Row},
    whole_file, with_services,
};
use crate::{
    app::{Services, open_database_unchecked},
    identity::studios::{Actor, AuditEntry, Slug, StudioImport, StudioStatus, Studios},
    platform::{clock, codec::file::source, db::SchemaState},
    worlds::storage::Storage,
};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Create a studio, with tables of its own. Prints its id.
    #[command(alias = "found")]
    Create {
        /// Its slug, as in URLs: 1 to 40 lower-case letters, digits and hyphens.
        studio: String,
    },
    /// List the studios, with the state of their schemas.
    List(Format),
    /// Export a studio: its games, its keys and all data of its players.
    Export {
        /// The studio.
        studio: String,
        /// Output file, gzipped if its name ends in .gz.
        file: PathBuf,
    },
    /// Import an exported studio. Its keys stay valid.
    Import {
        /// The slug that it gets here, which must be unused.
        studio: String,
        /// The exported file, gzipped if its name ends in .gz.
        file: PathBuf,
    },
    /// Delete a studio with all data of its players. This can't be undone.
    Delete {
        /// The studio.
        studio: String,
        /// The slug again, as a confirmation.
        #[arg(long, value_name = "STUDIO")]
        confirm: String,
    },
    /// Show what each world of a studio stores, and how much it may.
    Storage {
        /// The studio.
        studio: String,
        #[command(flatten)]
        format: Format,
    },
    /// List the audit log of a studio, the newest entries first.
    Audit {
        /// The studio.
        studio: String,
        #[command(flatten)]
        format: Format,
    },
}

pub(super) async fn run(context: &mut Context, command: Command) -> CommandResult {
    match command {
        Command::List(format) => list(context, format).await,
        Command::Create { studio } => with_services(context, async |services| create(services, &studio).await).await,
        Command::Export { studio, file } => {
            with_services(context, async |services| export(services, &studio, &file).await).await
        }
        Command::Import { studio, file } => {
            with_services(context, async |services| import(services, &studio, &file).await).await
        }
        Command::Delete { studio, confirm } if studio == confirm => {
            context.config.database.given_up = Some(studio.clone());
            with_services(context, async |services| delete(services, &studio).await).await
        }
        Command::Delete { studio, .. } => Err(format!("to delete {studio}, add --confirm {studio}").into()),
        Command::Storage { studio, format } => {
            with_services(context, async |services| storage(services, &studio, format).await).await
        }
        Command::Audit { studio, format } => {
            with_services(context, async |services| audit(services, &studio, format).await).await
        }
    }
}

async fn create(services: &Services, studio: &str) -> CommandResult {
    let id = services.studios.create(&Slug::parse(studio)?, Actor::CommandLine).await?;
    print_line(&id.to_string())
}

async fn export(services: &Services, studio: &str, path: &Path) -> CommandResult {
    let mut outgoing = services.studios.export(&Slug::parse(studio)?).await?;
    whole_file::write(path, async |mut sink| {
        let mut page = Vec::new();
        while outgoing.next(&mut page).await? > 0 {
            sink.write_all(&page)?;
            page.clear();
        }
        Ok(sink)
    })
    .await
}

async fn import(services: &Services, studio: &str, path: &Path) -> CommandResult {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut lines = source(path, file).lines();
    let head = lines.next().ok_or("the file is empty")??;
    let head = head.trim_start_matches('\u{feff}');
    let mut incoming = services.studios.import(&Slug::parse(studio)?, head).await?;
    match import_lines(&mut incoming, lines).await {
        Ok(rows) => print_line(&format!("{rows} rows")),
        Err(error) => match incoming.abort().await {
            Ok(()) => Err(error),
            Err(undo_error) => Err(format!("{error}; removing the rows imported so far failed: {undo_error}").into()),
        },
    }
}

async fn import_lines(
    incoming: &mut StudioImport,
    lines: impl Iterator<Item = std::io::Result<String>>,
) -> CommandResult<u64> {
    for line in lines {
        incoming.take(&line?).await?;
    }
    Ok(incoming.finish().await?)
}

async fn delete(services: &Services, studio: &str) -> CommandResult {
    Ok(services.studios.delete(&Slug::parse(studio)?, Actor::CommandLine).await?)
}

async fn audit(services: &Services, studio: &str, format: Format) -> CommandResult {
    let studio = services.studios.studio(&Slug::parse(studio)?).await?;
    let row = |entry: AuditEntry| {
        vec![
            ("at", json!(clock::format(entry.at_ms))),
            ("actor", json!(entry.actor)),
            ("action", json!(entry.action)),
            ("object", json!(entry.object)),
            ("detail", json!(entry.detail)),
        ]
    };
    format.print(services.studios.audit_entries(studio).await?.into_iter().map(row).collect())
}

fn schema_name(state: SchemaState) -> &'static str {
    match state {
        _ if state.is_newer() => "newer",
        _ if state.is_current() => "current",
        _ => "behind",
    }
}

/// A row for each world, and one for all together.
async fn storage(services: &Services, studio: &str, format: Format) -> CommandResult {
    let studio = services.studios.studio(&Slug::parse(studio)?).await?;
    let bounds = services.worlds.bounds();
    let bound = |bound: i64| if bound == i64::MAX { Value::Null } else { json!(bound) };
    let row = |world: String, used: Storage, bounds: Storage| {
        vec![
            ("world", json!(world)),
            ("bytes", json!(used.bytes)),
            ("max_bytes", bound(bounds.bytes)),
            ("scopes", json!(used.scopes)),
            ("max_scopes", bound(bounds.scopes)),
        ]
    };
    let worlds = services.storage.of_studio(studio).await?;
    let total = worlds.iter().fold(Storage::default(), |total, world| total.plus(world.used));
    let mut rows: Vec<Row> = worlds
        .iter()
        .map(|world| row(format!("{}/{}", world.game, world.environment), world.used, bounds.world))
        .collect();
    rows.push(row("all".to_owned(), total, bounds.studio));
    format.print(rows)
}

/// Opens only the database, without starting the features: they would refuse an outdated schema.
async fn list(context: &Context, format: Format) -> CommandResult {
    let row = |listed: StudioStatus| {
        vec![
            ("id", json!(listed.studio.id.0)),
            ("studio", json!(listed.studio.slug)),
            ("schema", json!(schema_name(listed.schema))),
            ("applied", json!(listed.schema.applied)),
            ("pending", json!(listed.schema.pending)),
            ("created_at", json!(clock::format(listed.studio.created_at_ms))),
        ]
    };
    let database = open_database_unchecked(&context.config).await.map_err(|error| context.explain(error.into()))?;
    let studios = Studios::list(&database).await?;
    format.print(studios.into_iter().map(row).collect())
}

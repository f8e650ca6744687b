//! `cairn studio`: who rents a place here.

use std::{
    fs::File,
    io::{BufRead, BufWriter, Write},
    path::{Path, PathBuf},
};

use serde_json::json;

use super::{Outcome, list::Form, on_core, say};
use crate::{
    app::{Core, database_as_it_is},
    config::Config,
    identity::studios::{Actor, AuditEntry, Slug, StudioImport, StudioStatus, Studios},
    platform::{
        clock,
        codec::file::{Sink, source},
    },
};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Found a studio, with tables of its own. Prints its number.
    Found {
        /// Its name in addresses: 1 to 40 small letters, digits and hyphens.
        studio: String,
    },
    /// List the studios, with the state of their tables.
    List(Form),
    /// Export a whole studio: its games, keys and all that its players have left.
    Export {
        /// The studio.
        studio: String,
        /// Where to, gzipped if its name ends in .gz.
        file: PathBuf,
    },
    /// Import a whole studio, whose keys then open its games here.
    Import {
        /// The name that it is to have here, which must be free.
        studio: String,
        /// What was exported, gzipped if its name ends in .gz.
        file: PathBuf,
    },
    /// Delete a studio with all that its players have left. There is no way back.
    Delete {
        /// The studio.
        studio: String,
        /// Its name once more.
        #[arg(long, value_name = "STUDIO")]
        confirm: String,
    },
    /// List what was done to a studio's games and keys, the newest first.
    Audit {
        /// The studio.
        studio: String,
        #[command(flatten)]
        form: Form,
    },
}

pub(super) async fn run(config: &Config, command: Command) -> Outcome {
    match command {
        Command::List(form) => list(config, form).await,
        Command::Found { studio } => on_core(config, async |core| found(core, &studio).await).await,
        Command::Export { studio, file } => on_core(config, async |core| export(core, &studio, &file).await).await,
        Command::Import { studio, file } => on_core(config, async |core| import(core, &studio, &file).await).await,
        Command::Delete { studio, confirm } if studio == confirm => {
            on_core(config, async |core| delete(core, &studio).await).await
        }
        Command::Delete { studio, .. } => Err(format!("to delete {studio}, say --confirm {studio}").into()),
        Command::Audit { studio, form } => on_core(config, async |core| audit(core, &studio, form).await).await,
    }
}

async fn found(core: &Core, studio: &str) -> Outcome {
    let id = core.studios.create(&Slug::parse(studio)?, Actor::CommandLine).await?;
    say(&id.to_string())
}

async fn export(core: &Core, studio: &str, path: &Path) -> Outcome {
    let mut outgoing = core.studios.export(&Slug::parse(studio)?).await?;
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let file = File::create(&part).map_err(|error| format!("{}: {error}", part.display()))?;
    let mut sink = Sink::new(path, BufWriter::new(file));
    let mut page = Vec::new();
    while outgoing.next(&mut page).await? > 0 {
        sink.write_all(&page)?;
        page.clear();
    }
    let file = sink.finish()?.into_inner().map_err(std::io::IntoInnerError::into_error)?;
    file.sync_all()?;
    // Under its own name only now that it is whole.
    Ok(std::fs::rename(&part, path)?)
}

async fn import(core: &Core, studio: &str, path: &Path) -> Outcome {
    let file = File::open(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut lines = source(path, file).lines();
    let head = lines.next().ok_or("the file is empty")??;
    let mut incoming = core.studios.import(&Slug::parse(studio)?, &head).await?;
    match take_all(&mut incoming, lines).await {
        Ok(rows) => say(&format!("{rows} rows")),
        Err(error) => match incoming.abort().await {
            Ok(()) => Err(error),
            Err(left) => Err(format!("{error}; and what has come so far could not be removed: {left}").into()),
        },
    }
}

async fn take_all(
    incoming: &mut StudioImport,
    lines: impl Iterator<Item = std::io::Result<String>>,
) -> Result<u64, Box<dyn std::error::Error + Send + Sync>> {
    for line in lines {
        incoming.take(&line?).await?;
    }
    Ok(incoming.finish().await?)
}

async fn delete(core: &Core, studio: &str) -> Outcome {
    Ok(core.studios.delete(&Slug::parse(studio)?, Actor::CommandLine).await?)
}

async fn audit(core: &Core, studio: &str, form: Form) -> Outcome {
    let studio = core.studios.studio(&Slug::parse(studio)?).await?;
    let line = |deed: AuditEntry| {
        vec![
            ("at", json!(clock::format(deed.at_ms))),
            ("actor", json!(deed.actor)),
            ("action", json!(deed.action)),
            ("object", json!(deed.object)),
            ("detail", json!(deed.detail)),
        ]
    };
    form.print(core.studios.audit_entries(studio).await?.into_iter().map(line).collect())
}

/// Looks without starting anything: what is not up to date would not start.
async fn list(config: &Config, form: Form) -> Outcome {
    let line = |listed: StudioStatus| {
        vec![
            ("id", json!(listed.studio.id.0)),
            ("studio", json!(listed.studio.slug)),
            ("schema", json!(if listed.schema.is_current() { "current" } else { "behind" })),
            ("applied", json!(listed.schema.applied)),
            ("pending", json!(listed.schema.pending)),
            ("created_at", json!(clock::format(listed.studio.created_at_ms))),
        ]
    };
    let studios = Studios::list(&database_as_it_is(config).await?).await?;
    form.print(studios.into_iter().map(line).collect())
}

//! `cairn studio`: who rents a place here.

use serde_json::json;

use super::{Outcome, list::Form, say};
use crate::{
    app::{Core, database_as_it_is},
    config::Config,
    features::studios::{Actor, Deed, Listed, Slug, Studios},
    platform::clock,
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
        Command::Found { studio } => {
            let core = Core::start(config).await?;
            let founded = found(&core, &studio).await;
            core.stop().await;
            founded
        }
        Command::Audit { studio, form } => {
            let core = Core::start(config).await?;
            let shown = audit(&core, &studio, form).await;
            core.stop().await;
            shown
        }
    }
}

async fn found(core: &Core, studio: &str) -> Outcome {
    let id = core.studios.found(&Slug::parse(studio)?, Actor::CommandLine).await?;
    say(&id.to_string())
}

async fn audit(core: &Core, studio: &str, form: Form) -> Outcome {
    let studio = core.studios.studio(&Slug::parse(studio)?).await?;
    let line = |deed: Deed| {
        vec![
            ("at", json!(clock::format(deed.at_ms))),
            ("actor", json!(deed.actor)),
            ("action", json!(deed.action)),
            ("object", json!(deed.object)),
            ("detail", json!(deed.detail)),
        ]
    };
    form.print(core.studios.deeds(studio).await?.into_iter().map(line).collect())
}

/// Looks without starting anything: what is not up to date would not start.
async fn list(config: &Config, form: Form) -> Outcome {
    let line = |listed: Listed| {
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

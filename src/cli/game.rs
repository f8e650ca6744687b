//! `cairn game`: the games of a studio.

use serde_json::json;

use super::{Outcome, list::Form};
use crate::{
    app::Core,
    config::Config,
    features::studios::{Actor, Game, Slug, Title},
    platform::clock,
};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Register a game, with a world for each environment, live and dev.
    Add {
        /// The studio.
        studio: String,
        /// The game's name in addresses: 1 to 40 small letters, digits and hyphens.
        game: String,
        /// Its title; as its name in addresses if absent.
        #[arg(long)]
        name: Option<String>,
    },
    /// List the games of a studio.
    List {
        /// The studio.
        studio: String,
        #[command(flatten)]
        form: Form,
    },
}

pub(super) async fn run(config: &Config, command: Command) -> Outcome {
    let core = Core::start(config).await?;
    let outcome = obey(&core, command).await;
    core.stop().await;
    outcome
}

async fn obey(core: &Core, command: Command) -> Outcome {
    let studios = &core.studios;
    match command {
        Command::Add { studio, game, name } => {
            let studio = studios.studio(&Slug::parse(&studio)?).await?;
            let (slug, name) = (Slug::parse(&game)?, Title::parse(name.as_deref().unwrap_or(&game))?);
            Ok(studios.register(studio, &slug, &name, Actor::CommandLine).await?)
        }
        Command::List { studio, form } => {
            let studio = studios.studio(&Slug::parse(&studio)?).await?;
            let line = |game: Game| {
                vec![
                    ("game", json!(game.slug)),
                    ("name", json!(game.name)),
                    ("created_at", json!(clock::format(game.created_at_ms))),
                ]
            };
            form.print(studios.games(studio).await?.into_iter().map(line).collect())
        }
    }
}

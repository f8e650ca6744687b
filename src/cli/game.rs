//! `cairn game`: the games of a studio.

use std::{io::Read, path::PathBuf};

use serde_json::json;

use super::{Outcome, key::environment, list::Form, on_core, say};
use crate::{
    app::Core,
    config::Config,
    identity::{
        access::Environment,
        studios::{Actor, Game, Slug, StudioError, Title},
    },
    platform::clock,
    traces::settings::{Rules, RulesPatch},
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
    /// Show or change what a game decides about its traces.
    #[command(subcommand)]
    Settings(Settings),
}

#[derive(Debug, clap::Args)]
pub(super) struct World {
    /// The studio.
    studio: String,
    /// The game.
    game: String,
    /// `live` or `dev`.
    #[arg(value_parser = environment)]
    environment: Environment,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Settings {
    /// Print all settings of a game in one environment, as JSON.
    Show(World),
    /// Change the settings that a JSON object names, in the form in which they are shown. Prints all of them.
    Set {
        #[command(flatten)]
        world: World,
        /// A file with the object; standard input if absent.
        file: Option<PathBuf>,
    },
}

pub(super) async fn run(config: &Config, command: Command) -> Outcome {
    on_core(config, async |core| obey(core, command).await).await
}

async fn obey(core: &Core, command: Command) -> Outcome {
    let studios = &core.studios;
    match command {
        Command::Add { studio, game, name } => {
            let studio = studios.studio(&Slug::parse(&studio)?).await?;
            let (slug, name) = (Slug::parse(&game)?, Title::parse(name.as_deref().unwrap_or(&game))?);
            Ok(studios.register_game(studio, &slug, &name, Actor::CommandLine).await?)
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
        Command::Settings(Settings::Show(world)) => {
            let game = world.game(core).await?;
            print(&core.game_settings.rules(game.studio, game.world(world.environment)))
        }
        Command::Settings(Settings::Set { world, file }) => {
            let mut change = Vec::new();
            match file {
                Some(file) => change = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?,
                None => _ = std::io::stdin().read_to_end(&mut change)?,
            }
            let (game, patch) = (world.game(core).await?, RulesPatch::parse(&change)?);
            print(&core.game_settings.update(&game, world.environment, patch, Actor::CommandLine).await?)
        }
    }
}

fn print(rules: &Rules) -> Outcome {
    say(&serde_json::to_string_pretty(rules)?)
}

impl World {
    async fn game(&self, core: &Core) -> Result<Game, StudioError> {
        let studio = core.studios.studio(&Slug::parse(&self.studio)?).await?;
        core.studios.game(studio, &self.game).await
    }
}

//! `cairn game`: the games of a studio.

use std::{io::Read, path::PathBuf};

use serde_json::json;

use super::{CommandResult, context::Context, key::environment, print_line, table::Format, with_services};
use crate::{
    app::Services,
    identity::{
        access::Environment,
        studios::{Actor, Game, Slug, StudioError, Title},
    },
    platform::clock,
    traces::settings::{Rules, RulesPatch},
};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Create a game, with a world for each environment (live and dev).
    #[command(alias = "add")]
    Create {
        /// The studio.
        studio: String,
        /// The slug of the game, as in URLs: 1 to 40 lower-case letters, digits and hyphens.
        game: String,
        /// Its title; defaults to the slug.
        #[arg(long)]
        name: Option<String>,
    },
    /// List the games of a studio.
    List {
        /// The studio.
        studio: String,
        #[command(flatten)]
        format: Format,
    },
    /// Show or change a game's settings.
    #[command(subcommand)]
    Settings(Settings),
}

#[derive(Debug, clap::Args)]
pub(super) struct GameArgs {
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
    Show(GameArgs),
    /// Change the settings that a JSON object names, in the form that `show` prints. Prints all settings.
    Set {
        #[command(flatten)]
        game: GameArgs,
        /// A file with the object; defaults to standard input.
        file: Option<PathBuf>,
    },
}

pub(super) async fn run(context: &Context, command: Command) -> CommandResult {
    with_services(context, async |services| run_on(services, command).await).await
}

async fn run_on(services: &Services, command: Command) -> CommandResult {
    let studios = &services.studios;
    match command {
        Command::Create { studio, game, name } => {
            let studio = studios.studio(&Slug::parse(&studio)?).await?;
            let (slug, name) = (Slug::parse(&game)?, Title::parse(name.as_deref().unwrap_or(&game))?);
            Ok(studios.register_game(studio, &slug, &name, Actor::CommandLine).await?)
        }
        Command::List { studio, format } => {
            let studio = studios.studio(&Slug::parse(&studio)?).await?;
            let row = |game: Game| {
                vec![
                    ("game", json!(game.slug)),
                    ("display_name", json!(game.name)),
                    ("created_at", json!(clock::format(game.created_at_ms))),
                ]
            };
            format.print(studios.games(studio).await?.into_iter().map(row).collect())
        }
        Command::Settings(Settings::Show(arguments)) => {
            let game = arguments.find(services).await?;
            print(&services.game_settings.rules(game.studio, game.world(arguments.environment)))
        }
        Command::Settings(Settings::Set { game: arguments, file }) => {
            let mut change = Vec::new();
            match file {
                Some(file) => change = std::fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?,
                None => _ = std::io::stdin().read_to_end(&mut change)?,
            }
            let (game, change) = (arguments.find(services).await?, RulesPatch::parse(&change)?);
            print(&services.game_settings.update(&game, arguments.environment, change, Actor::CommandLine).await?)
        }
    }
}

fn print(rules: &Rules) -> CommandResult {
    print_line(&serde_json::to_string_pretty(rules)?)
}

impl GameArgs {
    async fn find(&self, services: &Services) -> Result<Game, StudioError> {
        let studio = services.studios.studio(&Slug::parse(&self.studio)?).await?;
        services.studios.game(studio, &self.game).await
    }
}

//! `cairn key`: API keys, which give access to one world of a game.

use serde_json::json;

use super::{
    CommandResult, print_line,
    table::{Format, Row},
    with_services,
};
use crate::{
    app::Services,
    config::Config,
    identity::{
        access::{Environment, KeyKind, Permissions},
        studios::{Actor, Game, Key, NewKey, Slug, Title},
    },
    platform::clock,
};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Create a key and print it. It can't be displayed again.
    #[command(alias = "mint")]
    Create {
        /// The studio.
        studio: String,
        /// The game.
        game: String,
        /// The environment that it gives access to: live or dev.
        #[arg(value_parser = environment)]
        environment: Environment,
        /// publishable: ships inside the game; secret: stays on your servers.
        #[arg(long, default_value = "publishable", value_parser = kind)]
        kind: KeyKind,
        /// Its permissions, separated by commas: read, write, moderate, admin. Defaults to all that its kind may have.
        #[arg(long, alias = "scopes", value_parser = permissions)]
        permissions: Option<Permissions>,
        /// A label of your own.
        #[arg(long, default_value = "")]
        label: String,
    },
    /// List the keys of a studio, or of one game.
    List {
        /// The studio.
        studio: String,
        /// The game.
        game: Option<String>,
        #[command(flatten)]
        format: Format,
    },
    /// Create a key that replaces another, and print it. Both are valid until you revoke the old one.
    Rotate {
        /// The id of the key to replace: the third part of the key.
        id: String,
    },
    /// Revoke a key: all instances refuse it within a second.
    Revoke {
        /// The id of the key: its third part.
        id: String,
    },
}

pub(super) fn environment(text: &str) -> Result<Environment, &'static str> {
    Environment::parse(text).ok_or("must be live or dev")
}

fn kind(text: &str) -> Result<KeyKind, &'static str> {
    KeyKind::parse(text).ok_or("must be publishable or secret")
}

fn permissions(text: &str) -> Result<Permissions, &'static str> {
    Permissions::parse(&text.replace(',', " ")).ok_or("must be some of read, write, moderate, admin")
}

pub(super) async fn run(config: &Config, command: Command) -> CommandResult {
    with_services(config, async |services| run_on(services, command).await).await
}

async fn run_on(services: &Services, command: Command) -> CommandResult {
    let studios = &services.studios;
    match command {
        Command::Create { studio, game, environment, kind, permissions, label } => {
            let studio = studios.studio(&Slug::parse(&studio)?).await?;
            let game = studios.game(studio, &game).await?;
            let (permissions, label) = (permissions.unwrap_or(kind.max_permissions()), Title::parse(&label)?);
            let new = NewKey { environment, kind, permissions, label };
            let key = studios.issue_key(&game, &new, Actor::CommandLine).await?;
            print_line(key.text.expose())
        }
        Command::List { studio, game, format } => {
            let studio = studios.studio(&Slug::parse(&studio)?).await?;
            let games = studios.games(studio).await?;
            let filter = match game {
                Some(game) => Some(studios.game(studio, &game).await?),
                None => None,
            };
            let keys = studios.keys(studio, filter.as_ref()).await?;
            format.print(keys.iter().map(|key| row(key, &games)).collect())
        }
        Command::Rotate { id } => print_line(studios.rotate_key(&id, Actor::CommandLine).await?.text.expose()),
        Command::Revoke { id } => Ok(studios.revoke_key(&id, Actor::CommandLine).await?),
    }
}

fn row(key: &Key, games: &[Game]) -> Row {
    let game = games.iter().find(|game| game.id == key.game).map(|game| game.slug.clone());
    vec![
        ("id", json!(key.id)),
        ("game", json!(game)),
        ("environment", json!(key.environment.name())),
        ("kind", json!(key.kind.name())),
        ("scopes", json!(key.permissions.names().collect::<Vec<_>>())),
        ("label", json!(key.label)),
        ("created_at", json!(clock::format(key.created_at_ms))),
        ("last_used_at", json!(key.last_used_at_ms.map(clock::format))),
        ("revoked_at", json!(key.revoked_at_ms.map(clock::format))),
    ]
}

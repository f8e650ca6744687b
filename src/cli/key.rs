//! `cairn key`: API keys, which give access to one world of a game.

use std::io::{IsTerminal, Write};

use serde_json::json;

use super::{
    CommandResult,
    context::{Context, quoted},
    print_line,
    table::{Format, Row},
    with_services,
    world::{WorldName, parse_game},
};
use crate::{
    app::Services,
    identity::{
        access::{Environment, KeyKind, Permission, Permissions},
        studios::{Actor, Game, Key, NewKey, Slug, Title},
    },
    platform::clock,
};

/// The two forms of `cairn key create`.
const CREATE_USAGE: &str = "cairn key create --game <STUDIO/GAME> [OPTIONS]
       cairn key create <STUDIO> <GAME> <ENVIRONMENT> [OPTIONS]";

/// The world that a new key opens.
#[derive(Debug, clap::Args)]
pub(super) struct KeyWorld {
    /// The studio, which must exist.
    #[arg(required_unless_present = "new_game", value_parser = Slug::parse)]
    studio: Option<Slug>,
    /// The game, which must exist.
    #[arg(required_unless_present = "new_game")]
    game: Option<String>,
    /// The environment: live or dev.
    #[arg(required_unless_present = "new_game", value_parser = environment)]
    environment: Option<Environment>,
    /// The studio and the game, created if they do not exist; instead of the three names.
    #[arg(long = "game", value_name = "STUDIO/GAME", value_parser = parse_game)]
    #[arg(conflicts_with_all = ["studio", "game", "environment"])]
    new_game: Option<(Slug, String)>,
    /// The environment, with --game: live (default) or dev.
    #[arg(long = "environment", value_name = "ENVIRONMENT", value_parser = environment, requires = "new_game")]
    new_environment: Option<Environment>,
}

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Create a key and print it. It can't be displayed again.
    #[command(alias = "mint", override_usage = CREATE_USAGE)]
    Create {
        #[command(flatten)]
        world: KeyWorld,
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

impl KeyWorld {
    /// The name of the world, and whether its game may be created.
    fn name(self) -> CommandResult<(WorldName, bool)> {
        if let Some((studio, game)) = self.new_game {
            let environment = self.new_environment.unwrap_or(Environment::Live);
            return Ok((WorldName { studio, game, environment }, true));
        }
        let (Some(studio), Some(game), Some(environment)) = (self.studio, self.game, self.environment) else {
            return Err("name the game with --game STUDIO/GAME, or with three names: STUDIO GAME ENVIRONMENT".into());
        };
        Ok((WorldName { studio, game, environment }, false))
    }
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

pub(super) async fn run(context: &Context, command: Command) -> CommandResult {
    with_services(context, async |services| run_on(context, services, command).await).await
}

async fn run_on(context: &Context, services: &Services, command: Command) -> CommandResult {
    let studios = &services.studios;
    match command {
        Command::Create { world, kind, permissions, label } => {
            let (name, may_create) = world.name()?;
            let (permissions, label) = (permissions.unwrap_or(kind.max_permissions()), Title::parse(&label)?);
            let (game, created) = if may_create {
                name.find_or_create(services).await?
            } else {
                let studio = studios.studio(&name.studio).await?;
                (studios.game(studio, &name.game).await?, Vec::new())
            };
            let new = NewKey { environment: name.environment, kind, permissions, label };
            let key = studios.issue_key(&game, &new, Actor::CommandLine, None).await?;
            print_line(key.text.expose())?;
            // Scripts that name a studio, a game and an environment expect the key and nothing else.
            if may_create || std::io::stderr().is_terminal() {
                write!(std::io::stderr(), "{}", explanation(context, &name, &created, &new, key.text.expose()))?;
            }
            Ok(())
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
        Command::Rotate { id } => print_line(studios.rotate_key(&id, Actor::CommandLine, None).await?.text.expose()),
        Command::Revoke { id } => Ok(studios.revoke_key(&id, Actor::CommandLine).await?),
    }
}

/// What is said of a new key, beside the key itself.
fn explanation(context: &Context, name: &WorldName, created: &[String], new: &NewKey, key: &str) -> String {
    let WorldName { studio, game, environment } = name;
    let (studio, environment) = (studio.as_str(), environment.name());
    let created = if created.is_empty() { String::new() } else { format!("Created {}.\n", created.join(" and ")) };
    let audience = match new.kind {
        KeyKind::Publishable => "publishable: it may ship inside the game",
        KeyKind::Secret => "secret: it stays on your servers",
    };
    // A secret that goes into a file or a variable is not displayed.
    let is_displayed = new.kind == KeyKind::Publishable || std::io::stdout().is_terminal();
    let example = match context.server() {
        Some(server) if is_displayed && new.permissions.contains(Permission::Read) => format!(
            "To try it, while the server runs ({}):\n\n  curl {} -H 'X-API-Key: {key}'\n\n",
            context.program,
            quoted(&format!("{server}/v1/game"))
        ),
        _ => String::new(),
    };
    format!(
        "{created}The key opens {studio}/{game}, {environment}. It is {audience}.\n\
         It can't be displayed again.\nData: {}\n{example}",
        context.data
    )
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

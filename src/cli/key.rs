//! `cairn key`: what opens a game's world.

use serde_json::json;

use super::{
    Outcome,
    list::{Form, Line},
    on_core, say,
};
use crate::{
    app::Core,
    config::Config,
    identity::{
        access::{Environment, KeyKind, Permissions},
        studios::{Actor, Game, Key, NewKey, Slug, Title},
    },
    platform::clock,
};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Mint a key, and print it: it can't be seen again.
    Mint {
        /// The studio.
        studio: String,
        /// The game.
        game: String,
        /// Which of the game's worlds it opens: live or dev.
        #[arg(value_parser = environment)]
        environment: Environment,
        /// publishable ships inside the game, secret stays with your servers.
        #[arg(long, default_value = "publishable", value_parser = kind)]
        kind: KeyKind,
        /// What it may do, with commas between: read, write, moderate, admin. As much as its kind may, if absent.
        #[arg(long, value_parser = scopes)]
        scopes: Option<Permissions>,
        /// What you call it.
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
        form: Form,
    },
    /// Mint a key that takes another's place, and print it. Both are valid until you revoke the old one.
    Rotate {
        /// The id of the old one: the third part of the key.
        id: String,
    },
    /// Revoke a key: within a second it opens nothing any more.
    Revoke {
        /// Its id: the third part of the key.
        id: String,
    },
}

pub(super) fn environment(text: &str) -> Result<Environment, &'static str> {
    Environment::parse(text).ok_or("must be live or dev")
}

fn kind(text: &str) -> Result<KeyKind, &'static str> {
    KeyKind::parse(text).ok_or("must be publishable or secret")
}

fn scopes(text: &str) -> Result<Permissions, &'static str> {
    Permissions::parse(&text.replace(',', " ")).ok_or("must be some of read, write, moderate, admin")
}

pub(super) async fn run(config: &Config, command: Command) -> Outcome {
    on_core(config, async |core| obey(core, command).await).await
}

async fn obey(core: &Core, command: Command) -> Outcome {
    let studios = &core.studios;
    match command {
        Command::Mint { studio, game, environment, kind, scopes, label } => {
            let studio = studios.studio(&Slug::parse(&studio)?).await?;
            let game = studios.game(studio, &game).await?;
            let (scopes, label) = (scopes.unwrap_or(kind.max_permissions()), Title::parse(&label)?);
            let order = NewKey { environment, kind, permissions: scopes, label };
            let minted = studios.issue_key(&game, &order, Actor::CommandLine).await?;
            say(minted.text.expose())
        }
        Command::List { studio, game, form } => {
            let studio = studios.studio(&Slug::parse(&studio)?).await?;
            let games = studios.games(studio).await?;
            let only = match game {
                Some(game) => Some(studios.game(studio, &game).await?),
                None => None,
            };
            let keys = studios.keys(studio, only.as_ref()).await?;
            form.print(keys.iter().map(|key| line(key, &games)).collect())
        }
        Command::Rotate { id } => say(studios.rotate_key(&id, Actor::CommandLine).await?.text.expose()),
        Command::Revoke { id } => Ok(studios.revoke_key(&id, Actor::CommandLine).await?),
    }
}

fn line(key: &Key, games: &[Game]) -> Line {
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

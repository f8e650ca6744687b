//! The arguments that name the world that a command operates on.

use super::{CommandResult, key::environment};
use crate::{
    app::Services,
    identity::{
        access::Environment,
        studios::{Actor, Game, Slug, StudioError, Title},
    },
    worlds::WorldKey,
};

/// The name of a world.
#[derive(Clone, Debug)]
pub struct WorldName {
    /// The studio.
    pub studio: Slug,
    /// The slug of the game.
    pub game: String,
    /// The environment.
    pub environment: Environment,
}

/// The arguments that name a world.
#[derive(Clone, Debug, clap::Args)]
pub struct WorldArgs {
    /// The world: studio, game, and live or dev. Defaults to the open world.
    #[arg(long, value_name = "STUDIO/GAME/ENVIRONMENT", value_parser = parse, conflicts_with_all = ["studio", "game"])]
    world: Option<WorldName>,
    /// The studio, instead of --world.
    #[arg(long, value_parser = Slug::parse, requires = "game")]
    studio: Option<Slug>,
    /// The game: its name with --studio, or STUDIO/GAME.
    #[arg(long)]
    game: Option<String>,
    /// The environment, with --game: live (default) or dev.
    #[arg(long, value_parser = environment, requires = "game")]
    environment: Option<Environment>,
}

fn parse(text: &str) -> Result<WorldName, String> {
    let names: Vec<&str> = text.split('/').collect();
    let [studio, game, environment] = names.as_slice() else {
        return Err("must be three names separated by slashes".to_owned());
    };
    Ok(WorldName {
        studio: Slug::parse(studio).map_err(|error| error.to_string())?,
        game: (*game).to_owned(),
        environment: Environment::parse(environment).ok_or("the third name must be live or dev")?,
    })
}

/// Reads the name of a game: STUDIO/GAME.
///
/// # Errors
/// What is wrong with it.
pub fn parse_game(text: &str) -> Result<(Slug, String), String> {
    let (studio, game) = text.split_once('/').ok_or("must be two names separated by a slash, STUDIO/GAME")?;
    let game = Slug::parse(game).map_err(|error| error.to_string())?;
    Ok((Slug::parse(studio).map_err(|error| error.to_string())?, game.as_str().to_owned()))
}

impl WorldArgs {
    /// The name in the arguments. `None` is the open world.
    pub fn name(&self) -> CommandResult<Option<WorldName>> {
        let environment = self.environment.unwrap_or(Environment::Live);
        let (studio, game) = match (&self.world, &self.studio, &self.game) {
            (Some(world), ..) => return Ok(Some(world.clone())),
            (None, _, None) => return Ok(None),
            (None, Some(studio), Some(game)) => (studio.clone(), game.clone()),
            (None, None, Some(game)) if game.contains('/') => parse_game(game)?,
            (None, None, Some(game)) => {
                return Err(format!("--game {game}: add --studio STUDIO, or name it --game STUDIO/{game}").into());
            }
        };
        Ok(Some(WorldName { studio, game, environment }))
    }

    /// Looks the world up.
    pub async fn find(&self, services: &Services) -> CommandResult<WorldKey> {
        let Some(WorldName { studio, game, environment }) = self.name()? else { return Ok(services.open_world) };
        let studio = services.studios.studio(&studio).await?;
        let game = services.studios.game(studio, &game).await?;
        Ok(WorldKey::new(studio, game.world(environment)))
    }
}

impl WorldName {
    /// Looks the game up. If it or its studio does not exist, it is created; also returns what was.
    pub async fn find_or_create(&self, services: &Services) -> Result<(Game, Vec<String>), StudioError> {
        let studios = &services.studios;
        let mut created = Vec::new();
        let studio = match studios.studio(&self.studio).await {
            Err(StudioError::StudioNotFound(slug)) => {
                created.push(format!("the studio {slug}"));
                studios.create(&self.studio, Actor::CommandLine).await?
            }
            found => found?,
        };
        let game = match studios.game(studio, &self.game).await {
            Err(StudioError::GameNotFound(slug)) => {
                let (name, title) = (Slug::parse(&slug)?, Title::parse(&slug)?);
                studios.register_game(studio, &name, &title, Actor::CommandLine).await?;
                created.push(format!("the game {slug}"));
                studios.game(studio, &self.game).await?
            }
            found => found?,
        };
        Ok((game, created))
    }
}

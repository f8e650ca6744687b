//! The arguments that name the world that a command operates on.

use super::key::environment;
use crate::{
    app::Services,
    identity::{
        access::Environment,
        studios::{Slug, StudioError},
    },
    worlds::WorldKey,
};

/// The name of a world.
#[derive(Clone, Debug)]
pub struct WorldName {
    studio: Slug,
    game: String,
    environment: Environment,
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
    /// The game, with --studio.
    #[arg(long, requires = "studio")]
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

impl WorldArgs {
    /// Looks the world up.
    pub async fn find(&self, services: &Services) -> Result<WorldKey, StudioError> {
        let (studio, game, environment) = match (&self.world, &self.studio, &self.game) {
            (Some(WorldName { studio, game, environment }), ..) => (studio, game, *environment),
            (None, Some(studio), Some(game)) => (studio, game, self.environment.unwrap_or(Environment::Live)),
            _ => return Ok(services.open_world),
        };
        let studio = services.studios.studio(studio).await?;
        let game = services.studios.game(studio, game).await?;
        Ok(WorldKey::new(studio, game.world(environment)))
    }
}

//! Which world a command is for.

use super::key::environment;
use crate::{
    app::Core,
    identity::{
        access::model::Environment,
        studios::{Slug, StudioError},
    },
    worlds::WorldKey,
};

/// A world by its names.
#[derive(Clone, Debug)]
pub struct World {
    studio: Slug,
    game: String,
    environment: Environment,
}

/// Which world.
#[derive(Clone, Debug, clap::Args)]
pub struct Place {
    /// The world: studio, game, and live or dev. The open world if absent.
    #[arg(long, value_name = "STUDIO/GAME/ENVIRONMENT", value_parser = parse, conflicts_with_all = ["studio", "game"])]
    world: Option<World>,
    /// The same in several words: the studio.
    #[arg(long, value_parser = Slug::parse, requires = "game")]
    studio: Option<Slug>,
    /// Its game.
    #[arg(long, requires = "studio")]
    game: Option<String>,
    /// Which of the game's worlds, `live` if absent.
    #[arg(long, value_parser = environment, requires = "game")]
    environment: Option<Environment>,
}

fn parse(text: &str) -> Result<World, String> {
    let names: Vec<&str> = text.split('/').collect();
    let [studio, game, environment] = names.as_slice() else {
        return Err("must be three names with slashes between".to_owned());
    };
    Ok(World {
        studio: Slug::parse(studio).map_err(|error| error.to_string())?,
        game: (*game).to_owned(),
        environment: Environment::of_name(environment).ok_or("the third name must be live or dev")?,
    })
}

impl Place {
    /// The world.
    pub async fn find(&self, core: &Core) -> Result<WorldKey, StudioError> {
        let (studio, game, environment) = match (&self.world, &self.studio, &self.game) {
            (Some(World { studio, game, environment }), ..) => (studio, game, *environment),
            (None, Some(studio), Some(game)) => (studio, game, self.environment.unwrap_or(Environment::Live)),
            _ => return Ok(core.open_world),
        };
        let studio = core.studios.studio(studio).await?;
        let game = core.studios.game(studio, game).await?;
        Ok(WorldKey::new(studio, game.world(environment)))
    }
}

//! `cairn player`: exports and erases the players of a game.

use clap::Subcommand;
use uuid::Uuid;

use super::{CommandResult, context::Context, print_line, with_services, world::WorldArgs};
use crate::{
    app::Services,
    identity::access::{Actor, Player},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Print all that is stored about a player, as JSON.
    Export {
        /// The player's id.
        player: Uuid,
        #[command(flatten)]
        world: WorldArgs,
    },
    /// Erase a player with everything that is stored about them. It can't be undone.
    Erase {
        /// The player's id.
        player: Uuid,
        /// The player's id again.
        #[arg(long, value_name = "PLAYER")]
        confirm: Uuid,
        #[command(flatten)]
        world: WorldArgs,
    },
}

pub(super) async fn run(context: &Context, command: Command) -> CommandResult {
    with_services(context, async |services| match &command {
        Command::Export { player, world } => {
            let player = find(services, world, *player).await?;
            print_line(&services.erasure.export_json(&player).await?)
        }
        Command::Erase { player, confirm, world } => {
            if player != confirm {
                return Err(format!("--confirm {confirm} is another player than {player}").into());
            }
            let player = find(services, world, *player).await?;
            services.erasure.erase(&player, Some(Actor::CommandLine)).await?;
            for copy in services.database.copies().await? {
                print_line(&format!("{} was made before a migration, and may still hold them.", copy.display()))?;
            }
            Ok(())
        }
    })
    .await
}

async fn find(services: &Services, world: &WorldArgs, id: Uuid) -> CommandResult<Player> {
    let world = world.find(services).await?;
    Ok(Player { studio: world.studio(), world: world.world(), id })
}

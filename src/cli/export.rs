//! `cairn export`: writes all traces of a world to a file.

use std::{
    io::{self, BufWriter, Write},
    path::PathBuf,
};

use super::{CommandResult, context::Context, progress::Progress, whole_file, with_services, world::WorldArgs};
use crate::{app::Services, worlds::WorldKey};

/// Export traces.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Output file, gzipped if its name ends in .gz; - is standard output.
    #[arg(default_value = "-")]
    file: PathBuf,
    #[command(flatten)]
    world: WorldArgs,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    with_services(context, async |services| run_on(services, arguments).await).await
}

async fn run_on(services: &Services, arguments: &Arguments) -> CommandResult {
    let world = arguments.world.find(services).await?;
    if arguments.file.as_os_str() == "-" {
        export(services, world, BufWriter::new(io::stdout())).await.map(drop)
    } else {
        whole_file::write(&arguments.file, async |sink| export(services, world, sink).await).await
    }
}

async fn export<W: Write>(services: &Services, world: WorldKey, mut to: W) -> CommandResult<W> {
    let mut export = services.transfer.export(world, &services.installation.id).await?;
    let mut progress = Progress::new(u64::try_from(export.upto()).ok());
    let mut page = Vec::new();
    loop {
        page.clear();
        let lines = export.next(&mut page).await?;
        if lines == 0 {
            break;
        }
        to.write_all(&page)?;
        progress.set_position(u64::try_from(export.reached())?);
        progress.add_lines(u64::try_from(lines)?);
    }
    to.flush()?;
    progress.print(&progress.summary());
    Ok(to)
}

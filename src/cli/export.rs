//! `cairn export`: writes all traces of a world to a file.

use std::{
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use super::{CommandResult, context::Context, progress::Progress, with_services, world::WorldArgs};
use crate::{
    app::Services,
    platform::{codec::file::Sink, files},
    worlds::WorldKey,
};

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
        to_file(services, world, &arguments.file).await
    }
}

/// Writes to a temporary name first, so that a file of the final name is always complete.
async fn to_file(services: &Services, world: WorldKey, path: &Path) -> CommandResult {
    let file = files::begin_part(path)?;
    let sink = export(services, world, Sink::new(path, BufWriter::new(file))).await?;
    let file = sink.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    Ok(files::finish_part(path, &file)?)
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

//! `cairn export`: all traces, in the native form.

use std::{
    fs::File,
    io::{self, BufWriter, ErrorKind, Write},
    path::{Path, PathBuf},
};

use super::{Outcome, on_core, place::Place, progress::Progress};
use crate::{app::Core, config::Config, platform::codec::file::Sink, worlds::WorldKey};

/// Export traces.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Where to, gzipped if its name ends in .gz; - is the standard output.
    #[arg(default_value = "-")]
    file: PathBuf,
    #[command(flatten)]
    place: Place,
}

pub(super) async fn run(config: &Config, arguments: &Arguments) -> Outcome {
    on_core(config, async |core| run_on(core, arguments).await).await
}

async fn run_on(core: &Core, arguments: &Arguments) -> Outcome {
    let world = arguments.place.find(core).await?;
    if arguments.file.as_os_str() == "-" {
        match export(core, world, BufWriter::new(io::stdout())).await {
            // Whoever reads has had enough.
            Err(error)
                if error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe) =>
            {
                Ok(())
            }
            outcome => outcome.map(drop),
        }
    } else {
        to_file(core, world, &arguments.file).await
    }
}

/// Under another name until it is whole, so that what bears the file's name always is.
async fn to_file(core: &Core, world: WorldKey, path: &Path) -> Outcome {
    let mut part = path.as_os_str().to_owned();
    part.push(".part");
    let file = File::create(&part).map_err(|error| format!("{}: {error}", part.display()))?;
    let sink = export(core, world, Sink::new(path, BufWriter::new(file))).await?;
    let file = sink.finish()?.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.sync_all()?;
    Ok(std::fs::rename(&part, path)?)
}

async fn export<W: Write>(
    core: &Core,
    world: WorldKey,
    mut to: W,
) -> Result<W, Box<dyn std::error::Error + Send + Sync>> {
    let mut walk = core.transfer.walk(world, &core.installation).await?;
    let mut progress = Progress::new(u64::try_from(walk.upto()).ok());
    let mut page = Vec::new();
    loop {
        page.clear();
        let lines = walk.next(&mut page).await?;
        if lines == 0 {
            break;
        }
        to.write_all(&page)?;
        progress.at(u64::try_from(walk.at())?);
        progress.lines(u64::try_from(lines)?);
    }
    to.flush()?;
    progress.tell(&progress.summary());
    Ok(to)
}

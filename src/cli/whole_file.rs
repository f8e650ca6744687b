//! Writes a file that has its name only once it is complete: until then it is called `NAME.part`, and removed if it is not
//! finished.

use std::{
    fs::File,
    io::{self, BufWriter},
    path::Path,
};

use super::{CommandResult, Signals};
use crate::platform::{codec::file::Sink, files};

/// What the content is written to.
pub type FileSink = Sink<BufWriter<File>>;

/// The file under its first name; removed when dropped.
struct Part<'a>(&'a Path);

impl Drop for Part<'_> {
    fn drop(&mut self) {
        // It has its final name by now, or what kept it from that is reported.
        let _renamed = files::remove_part(self.0);
    }
}

/// Writes a file with what `content` writes to the sink and returns. On an error, and on a signal to stop, nothing is left of it,
/// and a file that had the name stays as it was.
pub async fn write(path: &Path, content: impl AsyncFnOnce(FileSink) -> CommandResult<FileSink>) -> CommandResult {
    let mut signals = Signals::listen()?;
    let named = |error: io::Error| format!("{}: {error}", path.display());
    let sink = Sink::new(path, BufWriter::new(files::begin_part(path)?));
    let _part = Part(path);
    let sink = tokio::select! {
        written = content(sink) => written?,
        () = signals.next() => return Err(format!("stopped by a signal; {} was not written", path.display()).into()),
    };
    let file = sink.finish().map_err(named)?.into_inner().map_err(|error| named(error.into_error()))?;
    Ok(files::finish_part(path, &file).map_err(named)?)
}

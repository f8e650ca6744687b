//! `cairn titles`: takes in titles from a file.
//!
//! A thread reads lines; they are stored in slices, so that a running server's writers wait for none of them long. An import that was
//! interrupted is made again: what is there already changes nothing.

use std::{
    fs::File,
    io::{self, BufRead, Read},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use clap::Subcommand;
use indicatif::HumanCount;
use tokio::sync::mpsc;

use super::{CommandResult, context::Context, print_line, progress::Progress, with_services};
use crate::{
    app::Services,
    catalogue::titles::{LineReader, Origin, Platform, Record, SLICE, Taken},
    platform::codec::file,
};

/// A line is no longer.
const LINE_BYTES: u64 = 64 * 1024;

/// Lines that can't be taken in are named one by one, up to so many.
const NAMED_LINES: u64 = 20;

/// Take in titles of the catalogue.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Take in titles from a file: tab-separated with a heading, or a JSON object in each line (docs/journal.md).
    Import(ImportArguments),
}

/// Take in titles from a file.
#[derive(Debug, clap::Args)]
pub(super) struct ImportArguments {
    /// Input file, gzipped if its name ends in .gz; - is standard input.
    file: PathBuf,
    /// The name of the list, to which the ids in it belong: small letters, digits and hyphens.
    #[arg(long, value_name = "NAME")]
    source: String,
    /// The platform of titles for which the file names none.
    #[arg(long, value_name = "PLATFORM")]
    platform: Option<String>,
}

pub(super) async fn run(context: &Context, command: Command) -> CommandResult {
    let Command::Import(arguments) = command;
    with_services(context, async |services| import(services, &arguments).await).await
}

/// A slice of records, with the number of lines that were read for it.
struct Batch {
    records: Vec<Record>,
    lines: u64,
}

/// What became of the records.
#[derive(Default)]
struct Counts {
    new: u64,
    changed: u64,
    same: u64,
    unclear: u64,
}

async fn import(services: &Services, arguments: &ImportArguments) -> CommandResult {
    let platform = arguments.platform.as_deref().map(Platform::parse).transpose();
    let platform = platform.map_err(|fault| format!("--platform {fault}"))?;
    let origin = Origin::new(&arguments.source, platform).map_err(|fault| format!("--source {fault}"))?;
    let name = arguments.file.display();
    let (raw, size): (Box<dyn Read + Send>, Option<u64>) = if arguments.file.as_os_str() == "-" {
        (Box::new(io::stdin()), None)
    } else {
        let file = File::open(&arguments.file).map_err(|error| format!("{name}: {error}"))?;
        // Only regular files have a size; pipes do not.
        let size = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len());
        (Box::new(file), size)
    };
    let progress = Progress::new(size);
    let source = file::source(&arguments.file, progress.wrap_read(raw));
    let progress = Arc::new(Mutex::new(progress));
    let (batches, mut ready) = mpsc::channel(2);
    let reader = Reader { progress: Arc::clone(&progress), refused: 0 };
    let reading = tokio::task::spawn_blocking(move || reader.run(source, origin, &batches));

    let mut counts = Counts::default();
    while let Some(Batch { records, lines }) = ready.recv().await {
        for taken in services.titles.take_in(&records).await? {
            match taken {
                Taken::New(_) => counts.new += 1,
                Taken::Changed(_) => counts.changed += 1,
                Taken::Same(_) => counts.same += 1,
                Taken::Unclear => counts.unclear += 1,
            }
        }
        progress.lock().unwrap_or_else(PoisonError::into_inner).add_lines(lines);
    }
    let outcome = reading.await?;
    let refused = outcome.map_err(|error| in_file(&arguments.file, &error))?;
    let summary = progress.lock().unwrap_or_else(PoisonError::into_inner).summary();
    drop(progress);
    let Counts { new, changed, same, unclear } = counts;
    print_line(&format!(
        "{} new, {} changed, {} the same, {} unclear, {} refused ({summary})",
        HumanCount(new),
        HumanCount(changed),
        HumanCount(same),
        HumanCount(unclear),
        HumanCount(refused)
    ))?;
    if new + changed + same + unclear == 0 && refused > 0 {
        return Err("no line could be taken in".into());
    }
    Ok(())
}

fn in_file(file: &Path, error: &io::Error) -> String {
    format!("{}: {error}", file.display())
}

/// Reads lines, on a thread of its own.
struct Reader {
    progress: Arc<Mutex<Progress>>,
    refused: u64,
}

impl Reader {
    /// Returns how many lines were refused.
    fn run(mut self, mut source: impl BufRead, origin: Origin, batches: &mpsc::Sender<Batch>) -> io::Result<u64> {
        let mut line = Vec::new();
        next_line(&mut source, &mut line)?;
        let first = text_of(&line).map_err(io::Error::other)?;
        let first = first.trim_start_matches('\u{feff}').to_owned();
        let lines = LineReader::new(&first, origin).map_err(io::Error::other)?;
        let mut batch = Batch { records: Vec::with_capacity(SLICE), lines: 1 };
        if lines.begins_with_record() {
            self.take(&lines, 1, Ok(&first), &mut batch);
        }
        let mut number = 1;
        while next_line(&mut source, &mut line)? {
            number += 1;
            batch.lines += 1;
            self.take(&lines, number, text_of(&line), &mut batch);
            if batch.records.len() >= SLICE {
                let full = std::mem::replace(&mut batch, Batch { records: Vec::with_capacity(SLICE), lines: 0 });
                if batches.blocking_send(full).is_err() {
                    // The receiver has failed and returns its error.
                    return Ok(self.refused);
                }
            }
        }
        // If the receiver has failed, it returns its error.
        let _closed = batches.blocking_send(batch);
        Ok(self.refused)
    }

    fn take(&mut self, lines: &LineReader, number: u64, text: Result<&str, String>, batch: &mut Batch) {
        let read = text.and_then(|text| lines.read(text).map_err(|error| error.to_string()));
        match read {
            Ok(record) => batch.records.extend(record),
            Err(reason) => {
                self.refused += 1;
                if self.refused <= NAMED_LINES {
                    let progress = self.progress.lock().unwrap_or_else(PoisonError::into_inner);
                    progress.print(&format!("line {number}: {reason}"));
                }
            }
        }
    }
}

/// Reads the next line, of which no more than [`LINE_BYTES`] are kept; false at the end.
fn next_line(source: &mut impl BufRead, line: &mut Vec<u8>) -> io::Result<bool> {
    line.clear();
    source.by_ref().take(LINE_BYTES).read_until(b'\n', line)?;
    if line.is_empty() {
        return Ok(false);
    }
    let mut rest = Vec::new();
    while line.last() != Some(&b'\n') && source.by_ref().take(LINE_BYTES).read_until(b'\n', &mut rest)? > 0 {
        if rest.last() == Some(&b'\n') {
            break;
        }
        rest.clear();
    }
    Ok(true)
}

fn text_of(line: &[u8]) -> Result<&str, String> {
    let text = std::str::from_utf8(line).map_err(|_| "is not UTF-8".to_owned())?;
    if text.len() >= usize::try_from(LINE_BYTES).unwrap_or(usize::MAX) && !text.ends_with('\n') {
        return Err(format!("is longer than {LINE_BYTES} bytes"));
    }
    Ok(text.trim_end_matches(['\n', '\r']))
}

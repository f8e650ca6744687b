//! `cairn import`: reads traces from a file.
//!
//! A thread reads, validates and compresses lines. Batches are stored in order, each together with the progress of the import,
//! so that an interrupted import can resume. The progress is found by the digest of the input's first line, and used only if
//! the digest of all imported lines still matches. At most a few batches are in memory at once.

use std::{
    fs::File,
    io::{self, BufRead, Read, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use indicatif::HumanCount;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::{CommandResult, context::Context, print_line, progress::Progress, with_services, world::WorldArgs};
use crate::{
    app::Services,
    platform::{
        codec::{deflate::Compressor, file, hex},
        files,
    },
    traces::transfer::{Line, Progress as ImportProgress},
};

/// Lines stored in one transaction, at most. Writers of a running server wait for it: about 50 ms on PostgreSQL.
const BATCH_LINES: usize = 2000;

/// A batch ends with the line that reaches this many bytes.
const BATCH_BYTES: usize = 1024 * 1024;

/// Import traces.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Input file with one trace per line, gzipped if its name ends in .gz; - is standard input.
    file: PathBuf,
    /// Stop at the first invalid line.
    #[arg(long)]
    strict: bool,
    /// Begin at the first line even if an earlier import of this input was interrupted.
    #[arg(long)]
    from_start: bool,
    /// Write invalid lines to this file, unchanged.
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    #[command(flatten)]
    world: WorldArgs,
}

/// Lines to be stored in one transaction, and the progress after them.
struct Batch {
    lines: Vec<Line>,
    progress_after: ImportProgress,
}

/// The result of reading the input.
struct ReadSummary {
    rejected: u64,
    stopped_at: Option<u64>,
    /// Why the input could not be read to its end.
    broken: Option<io::Error>,
}

pub(super) async fn run(context: &Context, arguments: &Arguments) -> CommandResult {
    with_services(context, async |services| import(services, arguments).await).await
}

async fn import(services: &Services, arguments: &Arguments) -> CommandResult {
    let world = arguments.world.find(services).await?;
    let (raw, size): (Box<dyn Read + Send>, Option<u64>) = if arguments.file.as_os_str() == "-" {
        (Box::new(io::stdin()), None)
    } else {
        let file = File::open(&arguments.file).map_err(|error| format!("{}: {error}", arguments.file.display()))?;
        // Only regular files have a size; pipes do not.
        let size = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len());
        (Box::new(file), size)
    };
    let progress = Progress::new(size);
    let mut source = file::source(&arguments.file, progress.wrap_read(raw));
    let mut first = Vec::new();
    let read = source.by_ref().take(max_line_bytes()).read_until(b'\n', &mut first);
    read.map_err(|error| format!("{}: {error}", arguments.file.display()))?;
    let input = hex::of_bytes(&Sha256::digest(&first));
    let source = io::Cursor::new(first).chain(source);

    let done = if arguments.from_start { None } else { services.transfer.import_progress(world, &input).await? };
    let done = done.unwrap_or_default();
    if done.lines > 0 {
        progress.print(&format!("resuming after line {} of an interrupted import", done.lines));
    }
    let rejects = arguments.rejects.as_deref().map(|path| open_rejects(path, done.lines > 0)).transpose()?;
    let progress = Arc::new(Mutex::new(progress));
    let (batches, mut ready) = mpsc::channel(2);
    let mut done_lines = done.lines;
    let reader = Reader { progress: Arc::clone(&progress), rejects, strict: arguments.strict, done };
    let reading = tokio::task::spawn_blocking(move || reader.run(source, &batches));

    let (mut valid, mut new) = (0, 0);
    while let Some(Batch { lines, progress_after }) = ready.recv().await {
        let (count, read) = (u64::try_from(lines.len())?, progress_after.lines - done_lines);
        new += services.transfer.import(world, lines, &input, &progress_after).await?;
        valid += count;
        done_lines = progress_after.lines;
        progress.lock().unwrap_or_else(PoisonError::into_inner).add_lines(read);
    }
    let ReadSummary { rejected, stopped_at, broken } = reading.await??;
    let summary = progress.lock().unwrap_or_else(PoisonError::into_inner).summary();
    drop(progress);
    print_line(&format!(
        "{} new, {} already present, {} rejected ({summary})",
        HumanCount(new),
        HumanCount(valid - new),
        HumanCount(rejected)
    ))?;
    if let Some(line) = stopped_at {
        return Err(format!("stopped at line {line}; the lines before it were imported").into());
    }
    if let Some(error) = broken {
        let file = arguments.file.display();
        return Err(format!("{file}: {error}; line {done_lines} was the last that could be read").into());
    }
    services.transfer.import_done(world, &input).await?;
    if valid == 0 && rejected > 0 { Err("no line could be imported".into()) } else { Ok(()) }
}

fn max_line_bytes() -> u64 {
    u64::try_from(Line::MAX_BYTES).unwrap_or(u64::MAX) + 1
}

fn open_rejects(path: &Path, append: bool) -> Result<File, String> {
    let mut options = files::create_options();
    options.append(append).truncate(!append);
    options.open(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Reads, validates and compresses lines, on a thread of its own.
struct Reader {
    progress: Arc<Mutex<Progress>>,
    rejects: Option<File>,
    strict: bool,
    done: ImportProgress,
}

impl Reader {
    fn run(mut self, mut source: impl BufRead, batches: &mpsc::Sender<Batch>) -> io::Result<ReadSummary> {
        let mut digest = Sha256::new();
        self.skip_done(&mut source, &mut digest)?;
        let mut compressor = Compressor::default();
        let mut summary = ReadSummary { rejected: 0, stopped_at: None, broken: None };
        let (mut number, mut line) = (self.done.lines, Vec::new());
        let (mut lines, mut size_bytes) = (Vec::new(), 0);
        loop {
            line.clear();
            match source.by_ref().take(max_line_bytes()).read_until(b'\n', &mut line) {
                Ok(0) => break,
                Ok(_) => {}
                // What there is of this line may not be all of it.
                Err(error) => {
                    summary.broken = Some(error);
                    break;
                }
            }
            let too_long = line.len() > Line::MAX_BYTES && line.last() != Some(&b'\n');
            let parsed = match Line::content(&line) {
                _ if too_long => Err(format!("longer than {} bytes", Line::MAX_BYTES)),
                [] => Ok(None),
                content => Line::read(content, &mut compressor).map(Some).map_err(|error| error.to_string()),
            };
            match parsed {
                Ok(line) => lines.extend(line),
                Err(reason) => {
                    summary.rejected += 1;
                    self.reject(number + 1, &reason, &line)?;
                    if self.strict {
                        summary.stopped_at = Some(number + 1);
                        break;
                    }
                }
            }
            number += 1;
            digest.update(&line);
            if too_long {
                self.skip_rest(&mut source, &mut digest)?;
            }
            size_bytes += line.len();
            if lines.len() >= BATCH_LINES || size_bytes >= BATCH_BYTES {
                size_bytes = 0;
                let progress_after =
                    ImportProgress { lines: number, digest: hex::of_bytes(&digest.clone().finalize()) };
                if batches.blocking_send(Batch { lines: std::mem::take(&mut lines), progress_after }).is_err() {
                    // The receiver has failed and returns its error.
                    return Ok(summary);
                }
            }
        }
        let progress_after = ImportProgress { lines: number, digest: hex::of_bytes(&digest.finalize()) };
        // If the receiver has failed, it returns its error.
        let _closed = batches.blocking_send(Batch { lines, progress_after });
        Ok(summary)
    }

    /// Skips the lines that an earlier import has stored, and checks that they have not changed.
    fn skip_done(&self, source: &mut impl BufRead, digest: &mut Sha256) -> io::Result<()> {
        for _ in 0..self.done.lines {
            while !skip_chunk(source, |chunk| digest.update(chunk))? {}
        }
        if self.done.lines > 0 && hex::of_bytes(&digest.clone().finalize()) != self.done.digest {
            return Err(io::Error::other(format!(
                "the first {} lines differ from those that the interrupted import has stored; with --from-start all lines \
                 are imported as they are now, and those without a source_id are imported again",
                self.done.lines
            )));
        }
        Ok(())
    }

    fn reject(&mut self, number: u64, reason: &str, line: &[u8]) -> io::Result<()> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).print(&format!("line {number}: {reason}"));
        let Some(rejects) = &mut self.rejects else { return Ok(()) };
        rejects.write_all(line)
    }

    /// Skips the rest of a line that is too long, and copies it to the rejects.
    fn skip_rest(&mut self, source: &mut impl BufRead, digest: &mut Sha256) -> io::Result<()> {
        let mut written = Ok(());
        let mut keep = |chunk: &[u8]| {
            digest.update(chunk);
            if let (Some(rejects), Ok(())) = (&mut self.rejects, &written) {
                written = rejects.write_all(chunk);
            }
        };
        while !skip_chunk(source, &mut keep)? {}
        written
    }
}

/// Skips the buffered part of a line. Returns true at the end of the line or of the input.
fn skip_chunk(source: &mut impl BufRead, mut inspect: impl FnMut(&[u8])) -> io::Result<bool> {
    let chunk = source.fill_buf()?;
    let end = chunk.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
    let length = end.unwrap_or(chunk.len());
    inspect(chunk.get(..length).unwrap_or_default());
    source.consume(length);
    Ok(end.is_some() || length == 0)
}

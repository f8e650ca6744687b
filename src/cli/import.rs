//! `cairn import`: traces from elsewhere, in the native form.
//!
//! A thread reads, checks and packs; batches are stored as they come, each with how far the input has been read, so that
//! an import that was cut short goes on from there. Its row is found by the input's first line, and trusted only if the
//! digest of all lines that are done is still the same. At no time are more than a few batches in memory.

use std::{
    fs::{File, OpenOptions},
    io::{self, BufRead, Read, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use indicatif::HumanCount;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use super::{Outcome, on_core, place::Place, progress::Progress, say};
use crate::{
    app::Core,
    config::Config,
    platform::codec::{deflate::Compressor, file, hex},
    traces::transfer::{Line, Progress as Upto},
};

/// Lines that are stored in one transaction, at most: so few that the writers of a running server, who wait for it, hardly
/// notice (some 50 ms on PostgreSQL).
const BATCH_LINES: usize = 2000;

/// Bytes of lines that are stored in one transaction, about.
const BATCH_BYTES: usize = 1024 * 1024;

/// Import traces.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// A file with one trace a line, gzipped if its name ends in .gz; - is the standard input.
    file: PathBuf,
    /// Stop at the first line that can't be taken.
    #[arg(long)]
    strict: bool,
    /// Begin at the first line, also where an earlier import of this input was cut short.
    #[arg(long)]
    from_start: bool,
    /// Write the lines that can't be taken into this file, as they are.
    #[arg(long, value_name = "FILE")]
    rejects: Option<PathBuf>,
    #[command(flatten)]
    place: Place,
}

/// What has been read, up to and with a line.
struct Batch {
    lines: Vec<Line>,
    upto: Upto,
}

/// What came of reading.
struct Finding {
    rejected: u64,
    stopped_at: Option<u64>,
}

pub(super) async fn run(config: &Config, arguments: &Arguments) -> Outcome {
    on_core(config, async |core| import(core, arguments).await).await
}

async fn import(core: &Core, arguments: &Arguments) -> Outcome {
    let world = arguments.place.find(core).await?;
    let (raw, size): (Box<dyn Read + Send>, Option<u64>) = if arguments.file.as_os_str() == "-" {
        (Box::new(io::stdin()), None)
    } else {
        let file = File::open(&arguments.file).map_err(|error| format!("{}: {error}", arguments.file.display()))?;
        // What is no regular file, a pipe say, does not tell its size.
        let size = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len());
        (Box::new(file), size)
    };
    let progress = Progress::new(size);
    let mut source = file::source(&arguments.file, progress.through(raw));
    let mut first = Vec::new();
    source.by_ref().take(most_bytes()).read_until(b'\n', &mut first)?;
    let input = hex::of_bytes(&Sha256::digest(&first));
    let source = io::Cursor::new(first).chain(source);

    let done = if arguments.from_start { None } else { core.transfer.import_progress(world, &input).await? };
    let done = done.unwrap_or_default();
    if done.lines > 0 {
        progress.tell(&format!("going on after line {}, where an earlier import was cut short", done.lines));
    }
    let rejects = arguments.rejects.as_deref().map(|path| open_rejects(path, done.lines > 0)).transpose()?;
    let progress = Arc::new(Mutex::new(progress));
    let (batches, mut ready) = mpsc::channel(2);
    let reader = Reader { progress: Arc::clone(&progress), rejects, strict: arguments.strict, done };
    let reading = tokio::task::spawn_blocking(move || reader.run(source, &batches));

    let (mut taken, mut new) = (0, 0);
    while let Some(Batch { lines, upto }) = ready.recv().await {
        let count = u64::try_from(lines.len())?;
        new += core.transfer.import(world, lines, &input, &upto).await?;
        taken += count;
        progress.lock().unwrap_or_else(PoisonError::into_inner).lines(count);
    }
    let Finding { rejected, stopped_at } = reading.await??;
    let summary = progress.lock().unwrap_or_else(PoisonError::into_inner).summary();
    drop(progress);
    say(&format!(
        "{} new, {} there already, {} rejected ({summary})",
        HumanCount(new),
        HumanCount(taken - new),
        HumanCount(rejected)
    ))?;
    if let Some(line) = stopped_at {
        return Err(format!("stopped at line {line}; what stands before it was imported").into());
    }
    Ok(core.transfer.import_done(world, &input).await?)
}

fn most_bytes() -> u64 {
    u64::try_from(Line::MOST_BYTES).unwrap_or(u64::MAX) + 1
}

fn open_rejects(path: &Path, more: bool) -> Result<File, String> {
    let mut options = OpenOptions::new();
    options.create(true).write(true).append(more).truncate(!more);
    options.open(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Reads, checks and packs lines, on a thread of its own.
struct Reader {
    progress: Arc<Mutex<Progress>>,
    rejects: Option<File>,
    strict: bool,
    done: Upto,
}

impl Reader {
    fn run(mut self, mut source: impl BufRead, batches: &mpsc::Sender<Batch>) -> io::Result<Finding> {
        let mut digest = Sha256::new();
        self.pass_over_done(&mut source, &mut digest)?;
        let mut compressor = Compressor::default();
        let mut finding = Finding { rejected: 0, stopped_at: None };
        let (mut number, mut line) = (self.done.lines, Vec::new());
        let (mut lines, mut size_bytes) = (Vec::new(), 0);
        loop {
            line.clear();
            if source.by_ref().take(most_bytes()).read_until(b'\n', &mut line)? == 0 {
                break;
            }
            let too_long = line.len() > Line::MOST_BYTES && line.last() != Some(&b'\n');
            let outcome = if too_long {
                Err(format!("longer than {} bytes", Line::MOST_BYTES))
            } else if line.trim_ascii().is_empty() {
                Ok(None)
            } else {
                Line::read(line.trim_ascii(), &mut compressor).map(Some).map_err(|error| error.to_string())
            };
            match outcome {
                Ok(one) => lines.extend(one),
                Err(reason) => {
                    finding.rejected += 1;
                    self.reject(number + 1, &reason, &line)?;
                    if self.strict {
                        finding.stopped_at = Some(number + 1);
                        break;
                    }
                }
            }
            number += 1;
            digest.update(&line);
            if too_long {
                self.pass_over_rest(&mut source, &mut digest)?;
            }
            size_bytes += line.len();
            if lines.len() >= BATCH_LINES || size_bytes >= BATCH_BYTES {
                size_bytes = 0;
                let upto = Upto { lines: number, digest: hex::of_bytes(&digest.clone().finalize()) };
                if batches.blocking_send(Batch { lines: std::mem::take(&mut lines), upto }).is_err() {
                    // Storing has failed, and will say why.
                    return Ok(finding);
                }
            }
        }
        let upto = Upto { lines: number, digest: hex::of_bytes(&digest.finalize()) };
        // Should storing have failed, it will say why.
        let _failed = batches.blocking_send(Batch { lines, upto });
        Ok(finding)
    }

    /// Passes over the lines that an earlier import has done, if they are still the same.
    fn pass_over_done(&self, source: &mut impl BufRead, digest: &mut Sha256) -> io::Result<()> {
        for _ in 0..self.done.lines {
            while !pass_over_piece(source, |piece| digest.update(piece))? {}
        }
        if self.done.lines > 0 && hex::of_bytes(&digest.clone().finalize()) != self.done.digest {
            return Err(io::Error::other(format!(
                "the first {} lines are no longer those that an earlier import has stored before it was cut short; \
                 with --from-start all lines are imported as they are now, and those without a source_id once more",
                self.done.lines
            )));
        }
        Ok(())
    }

    fn reject(&mut self, number: u64, reason: &str, line: &[u8]) -> io::Result<()> {
        self.progress.lock().unwrap_or_else(PoisonError::into_inner).tell(&format!("line {number}: {reason}"));
        let Some(rejects) = &mut self.rejects else { return Ok(()) };
        rejects.write_all(line)
    }

    /// Passes over the rest of a line that is too long; it goes to the rejects in pieces.
    fn pass_over_rest(&mut self, source: &mut impl BufRead, digest: &mut Sha256) -> io::Result<()> {
        let mut written = Ok(());
        let mut keep = |piece: &[u8]| {
            digest.update(piece);
            if let (Some(rejects), Ok(())) = (&mut self.rejects, &written) {
                written = rejects.write_all(piece);
            }
        };
        while !pass_over_piece(source, &mut keep)? {}
        written
    }
}

/// Passes over what is at hand of a line; true at its end, or the input's.
fn pass_over_piece(source: &mut impl BufRead, mut see: impl FnMut(&[u8])) -> io::Result<bool> {
    let piece = source.fill_buf()?;
    let end = piece.iter().position(|byte| *byte == b'\n').map(|at| at + 1);
    let length = end.unwrap_or(piece.len());
    see(piece.get(..length).unwrap_or_default());
    source.consume(length);
    Ok(end.is_some() || length == 0)
}

//! Progress of long commands on standard error: a bar on a terminal, a line every few seconds elsewhere.

use std::{
    io::{IsTerminal, Read, Write},
    time::{Duration, Instant},
};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Time between two lines where there is no terminal.
const LINE_INTERVAL: Duration = Duration::from_secs(5);

/// The progress of a command, in steps (bytes or ids) of a total that may be unknown, and in lines.
pub struct Progress {
    bar: ProgressBar,
    on_terminal: bool,
    started: Instant,
    last_printed: Instant,
    lines: u64,
}

impl Progress {
    /// Progress of `total` steps, if that is known.
    pub fn new(total: Option<u64>) -> Self {
        let on_terminal = std::io::stderr().is_terminal();
        let target = if on_terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let template = match total {
            Some(_) => "{wide_bar} {percent:>3}%  {msg}  {eta} left",
            None => "{spinner} {msg}",
        };
        let bar = ProgressBar::with_draw_target(total, target);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        let now = Instant::now();
        Self { bar, on_terminal, started: now, last_printed: now, lines: 0 }
    }

    /// Counts bytes read through the returned reader as steps.
    pub fn wrap_read<R: Read>(&self, raw: R) -> impl Read + use<R> {
        self.bar.wrap_read(raw)
    }

    /// Sets the number of steps done.
    pub fn set_position(&self, step: u64) {
        self.bar.set_position(step);
    }

    /// Adds to the number of lines done.
    pub fn add_lines(&mut self, more: u64) {
        self.lines += more;
        self.bar.set_message(self.summary());
        if !self.on_terminal && self.last_printed.elapsed() >= LINE_INTERVAL {
            self.last_printed = Instant::now();
            let left = self.bar.length().map(|_| format!(", about {} left", HumanDuration(self.bar.eta())));
            self.print(&format!("{}{}", self.summary(), left.unwrap_or_default()));
        }
    }

    /// The number of lines so far, with their rate.
    pub fn summary(&self) -> String {
        let elapsed_ms = self.started.elapsed().as_millis().max(1);
        let rate = u64::try_from(u128::from(self.lines) * 1000 / elapsed_ms).unwrap_or(u64::MAX);
        format!("{} lines, {}/s", HumanCount(self.lines), HumanCount(rate))
    }

    /// Prints a line that stays above the bar.
    pub fn print(&self, text: &str) {
        self.bar.suspend(|| {
            // Nothing can be done if standard error is closed.
            let _closed = writeln!(std::io::stderr(), "cairn: {text}");
        });
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

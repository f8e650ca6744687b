//! How far a long command has come, on standard error: a bar on a terminal, a line now and then elsewhere.

use std::{
    io::{IsTerminal, Read, Write},
    time::{Duration, Instant},
};

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Between two lines where there is no terminal.
const PAUSE: Duration = Duration::from_secs(5);

/// How far a command has come, in bytes or ids of a known or unknown whole, and in lines.
pub struct Progress {
    bar: ProgressBar,
    on_terminal: bool,
    began: Instant,
    told: Instant,
    lines: u64,
}

impl Progress {
    /// Of `whole` steps, where that is known.
    pub fn new(whole: Option<u64>) -> Self {
        let on_terminal = std::io::stderr().is_terminal();
        let target = if on_terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let template = match whole {
            Some(_) => "{wide_bar} {percent:>3}%  {msg}  {eta} left",
            None => "{spinner} {msg}",
        };
        let bar = ProgressBar::with_draw_target(whole, target);
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        let now = Instant::now();
        Self { bar, on_terminal, began: now, told: now, lines: 0 }
    }

    /// Counts what is read through it as steps.
    pub fn through<R: Read>(&self, raw: R) -> impl Read + use<R> {
        self.bar.wrap_read(raw)
    }

    /// So many steps are done.
    pub fn at(&self, step: u64) {
        self.bar.set_position(step);
    }

    /// So many more lines are done.
    pub fn lines(&mut self, more: u64) {
        self.lines += more;
        self.bar.set_message(self.summary());
        if !self.on_terminal && self.told.elapsed() >= PAUSE {
            self.told = Instant::now();
            let left = self.bar.length().map(|_| format!(", about {} left", HumanDuration(self.bar.eta())));
            self.tell(&format!("{}{}", self.summary(), left.unwrap_or_default()));
        }
    }

    /// Lines so far, with their rate.
    pub fn summary(&self) -> String {
        let took_ms = self.began.elapsed().as_millis().max(1);
        let rate = u64::try_from(u128::from(self.lines) * 1000 / took_ms).unwrap_or(u64::MAX);
        format!("{} lines, {}/s", HumanCount(self.lines), HumanCount(rate))
    }

    /// Says something that stays.
    pub fn tell(&self, text: &str) {
        self.bar.suspend(|| {
            // Nobody is left to tell if standard error is closed.
            let _closed = writeln!(std::io::stderr(), "cairn: {text}");
        });
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

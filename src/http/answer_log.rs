//! Which answers get a line in the log of their own: so many a minute of each status, so that refused requests can't fill it.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use crate::platform::clock;

/// Lines a minute for the answers of one status that clients are to blame for.
const LINES: u32 = 10;

/// Statuses of refusals of which one line a minute says enough.
const ONE_LINE: [u16; 1] = [429];

/// Counts lines. For statuses that a client can cause at will: 4xx, and 503, which an outage causes for each request.
#[derive(Debug, Default)]
pub struct AnswerLog(Mutex<BTreeMap<u16, Minute>>);

/// The answers of a status in the minute of that number.
#[derive(Clone, Copy, Debug, Default)]
struct Minute {
    number: i64,
    lines: u32,
    left_out: u64,
}

impl AnswerLog {
    /// Whether an answer gets a line. Writes how many did not in an earlier minute.
    #[inline]
    pub fn has_line(&self, status: u16) -> bool {
        (!(400..500).contains(&status) && status != 503) || self.is_within_lines(status)
    }

    fn is_within_lines(&self, status: u16) -> bool {
        let now = now();
        let mut statuses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = statuses.entry(status).or_default();
        if minute.number != now {
            report(status, minute.left_out);
            *minute = Minute { number: now, ..Minute::default() };
        }
        let lines = if ONE_LINE.contains(&status) { 1 } else { LINES };
        if minute.lines < lines {
            minute.lines += 1;
            return true;
        }
        minute.left_out += 1;
        false
    }

    /// Writes each minute how many answers got no line.
    pub async fn report_each_minute(&self) {
        loop {
            tokio::time::sleep(Duration::from_mins(1)).await;
            self.report();
        }
    }

    /// Writes how many answers of earlier minutes got no line.
    fn report(&self) {
        let now = now();
        let mut statuses = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        statuses.retain(|status, minute| {
            if minute.number != now {
                report(*status, minute.left_out);
            }
            minute.number == now
        });
    }
}

fn now() -> i64 {
    clock::now_ms().div_euclid(60_000)
}

fn report(status: u16, left_out: u64) {
    if left_out > 0 {
        tracing::warn!(status, count = left_out, "answered more requests in a minute, without a line for each");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_each_refusal_a_few_a_minute_have_a_line_and_of_others_all() {
        let log = AnswerLog::default();
        let lines = |status| (0..1000).filter(|_| log.has_line(status)).count();
        // The minute may turn once meanwhile.
        assert!((1..=2).contains(&lines(429)));
        for status in [400, 401, 404, 503] {
            assert!((10..=20).contains(&lines(status)), "{status}");
        }
        for status in [200, 500, 502] {
            assert_eq!(lines(status), 1000, "{status}");
        }
        let left_out: u64 = log.0.lock().unwrap().values().map(|minute| minute.left_out).sum();
        assert!(left_out > 3000, "{left_out}");
    }
}

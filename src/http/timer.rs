//! The timer of one connection.
//!
//! hyper sets a deadline for the headers of each request and cancels it when they have arrived, which is nearly always
//! at once. Registering each with tokio's timer wheel and removing it again costs a tenth of a short request. This
//! timer leaves its entry in the wheel, and checks the deadline only when the entry fires.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use hyper::rt::{Sleep, Timer};

use super::connections::Phase;

type Entry = Pin<Box<tokio::time::Sleep>>;

/// A timer for one connection, made for one sleep at a time. A second one at the same time works, at the usual cost. While
/// there is one, the connection waits for the headers of a request.
#[derive(Clone, Debug)]
pub struct ConnectionTimer {
    phase: Arc<Phase>,
    /// The entry that stays in the wheel between two sleeps.
    spare: Arc<Mutex<Option<Entry>>>,
}

impl ConnectionTimer {
    /// The timer of a connection.
    #[must_use]
    pub fn new(phase: Arc<Phase>) -> Self {
        Self { phase, spare: Arc::default() }
    }
}

impl Timer for ConnectionTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(Instant::now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        self.phase.begin_waiting(deadline);
        let spare = self.spare.lock().unwrap_or_else(PoisonError::into_inner).take();
        // An entry that fires after the deadline can't be used.
        let entry = spare.filter(|entry| entry.deadline().into_std() <= deadline);
        let entry = entry.unwrap_or_else(|| Box::pin(tokio::time::sleep_until(deadline.into())));
        let (phase, spare) = (Arc::clone(&self.phase), Arc::clone(&self.spare));
        Box::pin(Sleeping { entry: Some(entry), deadline, phase, spare })
    }
}

/// A sleep until the deadline.
struct Sleeping {
    /// Fires at the deadline or before; present until this is dropped.
    entry: Option<Entry>,
    deadline: Instant,
    phase: Arc<Phase>,
    spare: Arc<Mutex<Option<Entry>>>,
}

impl Sleep for Sleeping {}

impl Future for Sleeping {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let deadline = self.deadline;
        let Some(entry) = &mut self.entry else { return Poll::Ready(()) };
        while entry.as_mut().poll(context).is_ready() {
            if Instant::now() >= deadline {
                return Poll::Ready(());
            }
            entry.as_mut().reset(deadline.into());
        }
        Poll::Pending
    }
}

impl Drop for Sleeping {
    fn drop(&mut self) {
        self.phase.end_waiting();
        *self.spare.lock().unwrap_or_else(PoisonError::into_inner) = self.entry.take();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[tokio::test]
    async fn a_sleep_ends_at_its_own_deadline_whatever_was_left() {
        let phase = Phase::new(Instant::now());
        let timer = ConnectionTimer::new(Arc::clone(&phase));
        for (left, asked) in [(5, 40), (40, 5), (5, 5)] {
            drop(timer.sleep(left * MS));
            let began = Instant::now();
            let sleep = timer.sleep(asked * MS);
            assert!(phase.is_waiting());
            sleep.await;
            assert!(!phase.is_waiting());
            let took = began.elapsed();
            assert!(took >= asked * MS, "{left}, {asked}: {took:?}");
            // Far below what a mistake would give, and far above what a busy machine does.
            assert!(took < asked * MS + Duration::from_secs(5), "{left}, {asked}: {took:?}");
        }
        drop(timer.sleep(Duration::from_hours(1)));
        let began = Instant::now();
        timer.sleep(MS).await;
        assert!(began.elapsed() < Duration::from_mins(1));
    }
}

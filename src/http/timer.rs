//! The timer of one connection.
//!
//! hyper sets a deadline for the headers of each request and takes it back when they are there, which is nearly always at
//! once. Putting each into the wheel of tokio's timer and taking it out again costs a tenth of a short request. This timer
//! leaves the one it has in the wheel, and looks at the deadline only when that one goes off.

use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use hyper::rt::{Sleep, Timer};

type Set = Pin<Box<tokio::time::Sleep>>;

/// Sleeps one at a time, for one connection. Another at the same time is right too, and costs what it costs.
#[derive(Clone, Debug, Default)]
pub struct ConnectionTimer {
    /// What is in the wheel for nobody.
    left: Arc<Mutex<Option<Set>>>,
}

impl Timer for ConnectionTimer {
    fn sleep(&self, duration: Duration) -> Pin<Box<dyn Sleep>> {
        self.sleep_until(Instant::now() + duration)
    }

    fn sleep_until(&self, deadline: Instant) -> Pin<Box<dyn Sleep>> {
        let left = self.left.lock().unwrap_or_else(PoisonError::into_inner).take();
        // One that goes off later than it should is of no use.
        let set = left.filter(|set| set.deadline().into_std() <= deadline);
        let set = set.unwrap_or_else(|| Box::pin(tokio::time::sleep_until(deadline.into())));
        Box::pin(Sleeping { set: Some(set), deadline, left: Arc::clone(&self.left) })
    }
}

/// Until the deadline.
struct Sleeping {
    /// Goes off at the deadline, or before; there until this is dropped.
    set: Option<Set>,
    deadline: Instant,
    left: Arc<Mutex<Option<Set>>>,
}

impl Sleep for Sleeping {}

impl Future for Sleeping {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let deadline = self.deadline;
        let Some(set) = &mut self.set else { return Poll::Ready(()) };
        while set.as_mut().poll(context).is_ready() {
            if Instant::now() >= deadline {
                return Poll::Ready(());
            }
            set.as_mut().reset(deadline.into());
        }
        Poll::Pending
    }
}

impl Drop for Sleeping {
    fn drop(&mut self) {
        *self.left.lock().unwrap_or_else(PoisonError::into_inner) = self.set.take();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[tokio::test]
    async fn a_sleep_ends_at_its_own_deadline_whatever_was_left() {
        let timer = ConnectionTimer::default();
        for (left, asked) in [(5, 40), (40, 5), (5, 5)] {
            drop(timer.sleep(left * MS));
            let began = Instant::now();
            timer.sleep(asked * MS).await;
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

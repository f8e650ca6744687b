//! Turns at the reading connections that all studios share. While there are more queries than connections, the studios that have
//! some take turns: one studio's load makes another's query wait for one place, not for all that queue before it.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

use super::tenant::StudioId;

/// Hands out turns. Cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Turns(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    free: usize,
    /// The queries that wait, by studio, in the order of turns; each studio once, and none without queries.
    waiting: VecDeque<(StudioId, VecDeque<oneshot::Sender<()>>)>,
}

/// A place at the connections, until it is dropped.
#[derive(Debug)]
pub struct Turn(Turns);

/// A query that waits; a place that it was given and did not take is given on.
struct Waiting {
    turns: Turns,
    given: oneshot::Receiver<()>,
}

impl Turns {
    /// So many at once.
    pub fn new(places: usize) -> Self {
        Self(Arc::new(Mutex::new(State { free: places.max(1), waiting: VecDeque::new() })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a turn.
    pub async fn take(&self, studio: StudioId) -> Turn {
        if let Some(mut waiting) = self.queue(studio) {
            // It is never closed: what waits is in the queue until it is given a place.
            let _given = (&mut waiting.given).await;
            // Its place is the turn's now.
            waiting.given = oneshot::channel().1;
        }
        Turn(self.clone())
    }

    /// Takes a free place, or queues.
    fn queue(&self, studio: StudioId) -> Option<Waiting> {
        let mut state = self.state();
        if state.free > 0 {
            state.free -= 1;
            return None;
        }
        let (place, given) = oneshot::channel();
        match state.waiting.iter_mut().find(|(waiting, _)| *waiting == studio) {
            Some((_, queries)) => queries.push_back(place),
            None => state.waiting.push_back((studio, VecDeque::from([place]))),
        }
        drop(state);
        Some(Waiting { turns: self.clone(), given })
    }

    /// Gives a place to the studio whose turn it is.
    fn give(&self) {
        let mut state = self.state();
        while let Some((studio, mut queries)) = state.waiting.pop_front() {
            let query = queries.pop_front();
            if !queries.is_empty() {
                state.waiting.push_back((studio, queries));
            }
            // Fails where the query no longer waits.
            if query.is_some_and(|query| query.send(()).is_ok()) {
                return;
            }
        }
        state.free += 1;
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.give();
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if self.given.try_recv().is_ok() {
            self.turns.give();
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    const BUSY: StudioId = StudioId(1);
    const QUIET: StudioId = StudioId(2);

    #[test]
    fn a_quiet_studio_waits_for_one_place_however_many_queries_a_busy_one_has() {
        let turns = Turns::new(2);
        let mut running: VecDeque<Turn> = (0..2).filter_map(|_| turns.take(BUSY).now_or_never()).collect();
        assert_eq!(running.len(), 2);
        let mut queued: Vec<_> = (0..100).map(|_| Box::pin(turns.take(BUSY))).collect();
        assert!(queued.iter_mut().all(|query| query.now_or_never().is_none()));
        let mut quiet = Box::pin(turns.take(QUIET));
        assert!((&mut quiet).now_or_never().is_none());
        drop(running.pop_front());
        assert!((&mut quiet).now_or_never().is_none(), "the busy one was first");
        drop(running.pop_front());
        assert!(quiet.now_or_never().is_some());
    }

    #[test]
    fn places_that_are_not_taken_are_given_on_and_none_is_lost() {
        let turns = Turns::new(1);
        let running = turns.take(BUSY).now_or_never().unwrap();
        let mut queries: Vec<_> = (0..3).map(|_| Box::pin(turns.take(BUSY))).collect();
        for query in &mut queries {
            assert!(query.now_or_never().is_none());
        }
        drop(queries.remove(1));
        drop(running);
        // The first was given the place, and is dropped before it looks.
        drop(queries.remove(0));
        assert!((&mut queries[0]).now_or_never().is_some());
        drop(queries);
        assert_eq!(turns.state().free, 1);
    }
}

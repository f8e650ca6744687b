//! A queue for something costly that only a few may do at once: those who wait get it in turn, each once, so that who asks for
//! much waits for their own requests and not others for theirs.

use std::{
    collections::{HashMap, VecDeque},
    hash::Hash,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

/// A queue in which each of `K` that waits is next once before another is twice. Cheap to clone.
#[derive(Debug)]
pub struct FairQueue<K: Eq + Hash + Clone>(Arc<Mutex<State<K>>>);

impl<K: Eq + Hash + Clone> Clone for FairQueue<K> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

#[derive(Debug)]
struct State<K: Eq + Hash + Clone> {
    free: usize,
    /// Whose turn is next; each that waits is here once.
    turns: VecDeque<K>,
    waiting: HashMap<K, VecDeque<oneshot::Sender<Turn<K>>>>,
}

/// The turn of one that waited. When it is dropped, the next one has theirs.
#[derive(Debug)]
pub struct Turn<K: Eq + Hash + Clone>(Option<FairQueue<K>>);

impl<K: Eq + Hash + Clone> FairQueue<K> {
    /// A queue in which so many have their turn at once.
    #[must_use]
    pub fn new(count: usize) -> Self {
        Self(Arc::new(Mutex::new(State { free: count, turns: VecDeque::new(), waiting: HashMap::new() })))
    }

    fn state(&self) -> MutexGuard<'_, State<K>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a turn of `whose`.
    pub async fn wait(&self, whose: K) -> Turn<K> {
        let receiver = {
            let mut state = self.state();
            if state.free > 0 {
                state.free -= 1;
                return Turn(Some(self.clone()));
            }
            let (sender, receiver) = oneshot::channel();
            let own = state.waiting.entry(whose.clone()).or_default();
            let is_first = own.is_empty();
            own.push_back(sender);
            if is_first {
                state.turns.push_back(whose);
            }
            receiver
        };
        // A sender is only dropped when it has sent, or with all of this.
        receiver.await.unwrap_or(Turn(None))
    }

    /// The sender of the one whose turn is next; if nobody waits, there is room.
    fn next(&self) -> Option<oneshot::Sender<Turn<K>>> {
        let mut state = self.state();
        let Some(whose) = state.turns.pop_front() else {
            state.free += 1;
            return None;
        };
        let own = state.waiting.get_mut(&whose)?;
        let sender = own.pop_front();
        if own.is_empty() {
            state.waiting.remove(&whose);
        } else {
            state.turns.push_back(whose);
        }
        sender
    }
}

impl<K: Eq + Hash + Clone> Drop for Turn<K> {
    fn drop(&mut self) {
        let Some(queue) = self.0.take() else { return };
        while let Some(sender) = queue.next() {
            match sender.send(Self(Some(queue.clone()))) {
                Ok(()) => return,
                // That one waits no longer.
                Err(mut unsent) => drop(unsent.0.take()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use futures_util::{FutureExt, future::join_all};

    use super::*;

    #[tokio::test]
    async fn each_is_next_in_turn() {
        let queue = FairQueue::new(1);
        let held = queue.wait("greedy").await;
        let order = Mutex::new(Vec::new());
        let ask = async |whose: &'static str| {
            let turn = queue.wait(whose).await;
            order.lock().unwrap().push(whose);
            drop(turn);
        };
        let greedy = join_all((0..20).map(|_| ask("greedy")));
        let (first, second) = (ask("first"), ask("second"));
        let mut all = std::pin::pin!(async { tokio::join!(greedy, first, second) });
        assert!(all.as_mut().now_or_never().is_none(), "one at a time");
        drop(held);
        all.await;
        let order = order.lock().unwrap();
        assert_eq!(order.len(), 22);
        assert_eq!(order[..3], ["greedy", "first", "second"]);
    }

    #[tokio::test]
    async fn who_waits_no_longer_keeps_nobody_out() {
        let queue = FairQueue::new(2);
        let held = [queue.wait(0).await, queue.wait(0).await];
        for whose in 0..10 {
            assert!(tokio::time::timeout(Duration::from_millis(1), queue.wait(whose)).await.is_err());
        }
        drop(held);
        let both = [queue.wait(1).now_or_never(), queue.wait(1).now_or_never()];
        assert!(both.iter().all(Option::is_some) && queue.wait(1).now_or_never().is_none());
    }
}

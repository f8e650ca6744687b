//! The requests that wait for a change in a world, each for those that it shows: of its scopes, and of its player's inbox.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::Notify;

use crate::worlds::{ScopeKey, WorldChange, WorldKey};

/// What a request waits for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Topic {
    /// A change in any scope.
    World,
    /// A change in a scope.
    Scope(ScopeKey),
    /// A new item in a player's inbox.
    Inbox(String),
}

type Waiting = HashMap<u64, Arc<Notify>>;

#[derive(Debug, Default)]
struct Inner {
    worlds: HashMap<WorldKey, HashMap<Topic, Waiting>>,
    next_id: u64,
}

/// The requests that wait. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Subscriptions(Arc<Mutex<Inner>>);

/// A request that waits, until it is dropped.
#[derive(Debug)]
pub struct Subscription {
    subscriptions: Subscriptions,
    world: WorldKey,
    topics: Vec<Topic>,
    id: u64,
    changed: Arc<Notify>,
}

impl Subscriptions {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes the requests that wait for what has changed.
    pub fn notify(&self, WorldChange { world, scopes, silent, .. }: WorldChange<'_>) {
        let inner = self.inner();
        let Some(waiting) = inner.worlds.get(&world) else { return };
        let wake =
            |waiting: Option<&Waiting>| waiting.into_iter().flat_map(HashMap::values).for_each(|one| one.notify_one());
        let (Some(scopes), Some(silent)) = (scopes, silent) else {
            return waiting.values().for_each(|waiting| wake(Some(waiting)));
        };
        wake(waiting.get(&Topic::World));
        for scope in scopes.union(&silent.scopes) {
            wake(waiting.get(&Topic::Scope(scope.clone())));
        }
        for player in &silent.inboxes {
            wake(waiting.get(&Topic::Inbox(player.clone())));
        }
    }

    /// Waits from now on for changes in these scopes, or in all without any, and in the inbox of a player.
    pub fn subscribe(&self, world: WorldKey, scopes: &[ScopeKey], inbox: Option<String>) -> Subscription {
        let mut topics: Vec<Topic> = scopes.iter().cloned().map(Topic::Scope).collect();
        if topics.is_empty() {
            topics.push(Topic::World);
        }
        topics.extend(inbox.map(Topic::Inbox));
        let changed = Arc::new(Notify::new());
        let mut inner = self.inner();
        let id = inner.next_id;
        inner.next_id += 1;
        let of_world = inner.worlds.entry(world).or_default();
        for topic in &topics {
            of_world.entry(topic.clone()).or_default().insert(id, Arc::clone(&changed));
        }
        drop(inner);
        Subscription { subscriptions: self.clone(), world, topics, id, changed }
    }
}

impl Subscription {
    /// Returns when there was a change since it was last called, or since the subscription began.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut inner = self.subscriptions.inner();
        let Some(of_world) = inner.worlds.get_mut(&self.world) else { return };
        for topic in &self.topics {
            if let Some(waiting) = of_world.get_mut(topic) {
                waiting.remove(&self.id);
                if waiting.is_empty() {
                    of_world.remove(topic);
                }
            }
        }
        if of_world.is_empty() {
            inner.worlds.remove(&self.world);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use futures_util::FutureExt;

    use super::*;
    use crate::{platform::db::StudioId, worlds::SilentChanges};

    #[test]
    fn a_change_wakes_those_who_are_shown_it_and_no_others() {
        let subscriptions = Subscriptions::default();
        let [world, elsewhere] = [1, 2].map(|world| WorldKey::new(StudioId(1), world));
        let scopes = |names: &[&str]| -> Vec<ScopeKey> { names.iter().map(|name| ScopeKey::stored(name)).collect() };
        let waiting = [
            ("everything", subscriptions.subscribe(world, &[], None)),
            ("a and b", subscriptions.subscribe(world, &scopes(&["a", "b"]), None)),
            ("c", subscriptions.subscribe(world, &scopes(&["c"]), None)),
            ("c, and Ann's inbox", subscriptions.subscribe(world, &scopes(&["c"]), Some("ann".to_owned()))),
            ("another world", subscriptions.subscribe(elsewhere, &scopes(&["a"]), None)),
        ];
        let woken = |touched: Option<&[&str]>, silent: Option<(&[&str], &[&str])>| -> Vec<&str> {
            let touched: Option<BTreeSet<ScopeKey>> = touched.map(|names| scopes(names).into_iter().collect());
            let silent = silent.map(|(rated, players)| SilentChanges {
                scopes: scopes(rated).into_iter().collect(),
                inboxes: players.iter().map(|player| (*player).to_owned()).collect(),
            });
            let (scopes, silent) = (touched.as_ref(), silent.as_ref());
            let change = WorldChange { world, revision: 1, scopes, silent, alters_existing: false, rewound: false };
            subscriptions.notify(change);
            let is_woken = |subscription: &Subscription| subscription.changed().now_or_never().is_some();
            waiting.iter().filter(|(_, waiting)| is_woken(waiting)).map(|(name, _)| *name).collect()
        };
        assert_eq!(woken(Some(&["b"]), Some((&[], &[]))), ["everything", "a and b"]);
        assert_eq!(woken(Some(&[]), Some((&["a"], &[]))), ["everything", "a and b"]);
        assert_eq!(woken(Some(&["d"]), Some((&["d"], &["ann"]))), ["everything", "c, and Ann's inbox"]);
        assert_eq!(woken(Some(&["d"]), Some((&[], &["bob"]))), ["everything"]);
        let of_world = ["everything", "a and b", "c", "c, and Ann's inbox"];
        assert_eq!(woken(None, None), of_world);
        assert_eq!(
            woken(Some(&["d"]), None),
            of_world,
            "an announcement of an older version does not say who is to be woken"
        );
        drop(waiting);
        assert!(subscriptions.inner().worlds.is_empty());
    }
}

//! The open connections: how many each network may have, and which are closed where there are too many.
//!
//! A connection *waits* while the headers of its next request are not complete: nothing was asked, or only half of it. Where a
//! network, or all together, have as many connections as they may, those that have waited longest are closed in favour of new
//! ones, as nobody misses them much; so half-sent requests keep nobody out. Where none waits, a new connection gets a place in
//! the *reserve*, in which only the health checks are answered.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::task::AbortHandle;

use super::client::TrustedProxies;
use crate::platform::{
    network::Network,
    network_shares::{NetworkShares, Share},
};

/// Places for connections beyond the limits.
const RESERVE: usize = 64;

/// Of so many connections one more is closed at a time, so that not each new one looks through all.
const CLOSED_PART: usize = 64;

/// What one connection is doing, shared by those that serve it.
#[derive(Debug)]
pub struct Phase {
    base: Instant,
    /// Milliseconds from `base`, plus one, to the deadline of the headers; 0: a request is in progress.
    waits_until: AtomicU64,
    /// Whether the client may still be sending a body that nobody reads.
    unread: AtomicBool,
}

impl Phase {
    /// That of a new connection, which waits. Times are compared with `base`.
    #[must_use]
    pub fn new(base: Instant) -> Arc<Self> {
        // Until it is first looked at, none has waited less.
        Arc::new(Self { base, waits_until: AtomicU64::new(u64::MAX), unread: AtomicBool::new(false) })
    }

    /// It waits until a deadline. Of two, the one with the earlier deadline has waited longer.
    pub fn begin_waiting(&self, deadline: Instant) {
        let since = deadline.saturating_duration_since(self.base);
        let ms = since.as_secs().saturating_mul(1000).saturating_add(since.subsec_millis().into());
        self.waits_until.store(ms.saturating_add(1), Ordering::Relaxed);
    }

    /// The headers of a request are complete.
    pub fn end_waiting(&self) {
        self.waits_until.store(0, Ordering::Relaxed);
    }

    fn waits_until(&self) -> Option<u64> {
        Some(self.waits_until.load(Ordering::Relaxed)).filter(|since| *since > 0)
    }

    /// Whether it waits.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.waits_until().is_some()
    }

    /// The client may still be sending what nobody reads.
    pub fn leave_unread(&self) {
        self.unread.store(true, Ordering::Relaxed);
    }

    /// Whether the client may still be sending what nobody reads.
    #[must_use]
    pub fn is_left_unread(&self) -> bool {
        self.unread.load(Ordering::Relaxed)
    }
}

/// The open connections of a listener. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Connections(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    base: Instant,
    limit: usize,
    shares: NetworkShares,
    proxies: TrustedProxies,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    last_id: u64,
    usual: HashMap<u64, Entry>,
    reserve: HashMap<u64, Entry>,
}

#[derive(Debug)]
struct Entry {
    phase: Arc<Phase>,
    peer: IpAddr,
    /// `None`: a trusted proxy's, which brings the requests of many networks.
    _share: Option<Share>,
    task: Option<AbortHandle>,
}

/// The place of one connection; free again when it is dropped.
#[derive(Debug)]
pub struct Place {
    connections: Connections,
    id: u64,
    /// What the connection is doing.
    pub phase: Arc<Phase>,
    /// Whether only health checks are answered.
    pub is_reserve: bool,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.connections.open();
        let places = if self.is_reserve { &mut open.reserve } else { &mut open.usual };
        places.remove(&self.id);
    }
}

impl Connections {
    /// At most `limit` at once, and `per_network` of one network (0: no bound), unless that is a trusted proxy.
    #[must_use]
    pub fn new(limit: usize, per_network: u64, proxies: TrustedProxies) -> Self {
        let shares = NetworkShares::new(per_network);
        Self(Arc::new(Inner { base: Instant::now(), limit, shares, proxies, open: Mutex::default() }))
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.0.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place for a new connection; `None` where there is not even one in the reserve.
    #[must_use]
    pub fn admit(&self, peer: IpAddr) -> Option<Place> {
        let peer = peer.to_canonical();
        let mut open = self.open();
        let share = if self.0.proxies.trust(peer) { Some(None) } else { self.share(&mut open, peer).map(Some) };
        let limit = self.0.limit;
        let usual = share.filter(|_| open.usual.len() < limit || close_waiting(&mut open.usual, limit, |_| true));
        let is_reserve = usual.is_none();
        if is_reserve && open.reserve.len() >= RESERVE && !close_waiting(&mut open.reserve, 1, |_| true) {
            return None;
        }
        open.last_id += 1;
        let (id, phase) = (open.last_id, Phase::new(self.0.base));
        let entry = Entry { phase: Arc::clone(&phase), peer, _share: usual.flatten(), task: None };
        let places = if is_reserve { &mut open.reserve } else { &mut open.usual };
        places.insert(id, entry);
        Some(Place { connections: self.clone(), id, phase, is_reserve })
    }

    /// A share for one more connection of a network.
    fn share(&self, open: &mut Open, peer: IpAddr) -> Option<Share> {
        let take = || self.0.shares.take(peer, 1);
        take().or_else(|| {
            let own = |other: IpAddr| Network::subscriber(other) == Network::subscriber(peer);
            let of_site = |other: IpAddr| Network::site(other) == Network::site(peer);
            let has_closed = close_waiting(&mut open.usual, 1, own) || close_waiting(&mut open.usual, 1, of_site);
            has_closed.then(take).flatten()
        })
    }

    /// Names the task that serves a connection, which ends where the connection is closed.
    pub fn serve(&self, id: u64, task: AbortHandle) {
        let mut open = self.open();
        let open = &mut *open;
        match open.usual.get_mut(&id).or_else(|| open.reserve.get_mut(&id)) {
            Some(entry) => entry.task = Some(task),
            // It was closed meanwhile, or has ended.
            None => task.abort(),
        }
    }

    /// Closes some of the connections that wait, as there are no file handles left.
    pub fn close_some(&self) {
        let mut open = self.open();
        let count = open.usual.len();
        close_waiting(&mut open.usual, count, |_| true);
    }
}

impl Place {
    /// Its number.
    #[must_use]
    pub fn id(&self) -> u64 {
        self.id
    }
}

/// Closes connections of these peers that have waited longest: one, and a part of `count`. Returns whether there were any.
fn close_waiting(places: &mut HashMap<u64, Entry>, count: usize, of: impl Fn(IpAddr) -> bool) -> bool {
    let waiting = places.iter().filter(|(_, entry)| of(entry.peer));
    let mut waiting: Vec<(u64, u64)> =
        waiting.filter_map(|(id, entry)| Some((entry.phase.waits_until()?, *id))).collect();
    if waiting.is_empty() {
        return false;
    }
    let closed = (1 + count / CLOSED_PART).min(waiting.len());
    if closed < waiting.len() {
        waiting.select_nth_unstable(closed);
    }
    for (_, id) in waiting.into_iter().take(closed) {
        // Its share is free at once; the task ends soon.
        if let Some(task) = places.remove(&id).and_then(|entry| entry.task) {
            task.abort();
        }
    }
    true
}

/// The time for which the rest of a body that nobody reads is discarded, so that the client reads the answer before it
/// meets a closed connection.
pub const LINGER: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;

    fn connections(limit: usize, per_network: u64) -> Connections {
        Connections::new(limit, per_network, TrustedProxies(vec!["127.0.0.0/8".parse().unwrap()]))
    }

    fn admit(connections: &Connections, peer: &str) -> Place {
        connections.admit(peer.parse().unwrap()).expect("a place")
    }

    /// How many connections there are, without the reserve.
    fn count(connections: &Connections) -> usize {
        connections.open().usual.len()
    }

    #[test]
    fn a_network_has_its_bound_of_connections_and_loses_the_one_that_waits() {
        let connections = connections(100, 2);
        let (first, second) = (admit(&connections, "203.0.113.1"), admit(&connections, "203.0.113.1"));
        first.phase.end_waiting();
        let third = admit(&connections, "203.0.113.1");
        assert!(!third.is_reserve && count(&connections) == 2);
        third.phase.end_waiting();
        drop(second);
        assert_eq!(count(&connections), 2, "the second one is closed already");
        assert!(admit(&connections, "203.0.113.1").is_reserve, "none of them waits");
        assert!(!admit(&connections, "203.0.113.2").is_reserve, "another network has its own");
        drop(first);
        assert!(!admit(&connections, "203.0.113.1").is_reserve);
    }

    #[test]
    fn a_trusted_proxy_has_no_bound_but_that_of_all() {
        let connections = connections(4, 1);
        let places: Vec<Place> = (0..4).map(|_| admit(&connections, "127.0.0.1")).collect();
        for place in &places {
            place.phase.end_waiting();
        }
        assert!(places.iter().all(|place| !place.is_reserve) && admit(&connections, "127.0.0.1").is_reserve);
    }

    #[test]
    fn half_sent_requests_keep_nobody_out() {
        let connections = connections(10, 0);
        let mut waiting: Vec<Place> = (0..500).map(|_| admit(&connections, "203.0.113.1")).collect();
        assert!(waiting.iter().all(|place| !place.is_reserve) && count(&connections) == 10);
        waiting.drain(..490).for_each(drop);
        for place in &waiting {
            place.phase.end_waiting();
        }
        let reserve: Vec<Place> = (0..500).map(|_| admit(&connections, "203.0.113.2")).collect();
        assert!(reserve.iter().all(|place| place.is_reserve));
        assert_eq!(connections.open().reserve.len(), RESERVE);
        for place in &reserve {
            place.phase.end_waiting();
        }
        assert!(connections.admit("203.0.113.3".parse().unwrap()).is_none(), "there is an end");
    }
}

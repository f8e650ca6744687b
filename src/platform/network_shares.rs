//! What networks hold at present of something that all share: connections, requests in progress, bytes of bodies.
//!
//! Each network has a bound of its own, the wider ones of IPv6 that of a few subscribers. Where there is a total too, one
//! network may hold at most a part of what it leaves free: few networks can't take all of it, and a newcomer finds room.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::network::Network;

/// A network holds at most one part of so many of what it leaves free.
const FREE_PARTS: u64 = 4;

/// The shares of networks in something. Cheap to clone.
#[derive(Clone, Debug)]
pub struct NetworkShares(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// Of one subscriber; 0: no bound.
    per_network: u64,
    /// Of all together; `None`: no bound.
    total: Option<u64>,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    total: u64,
    /// Only networks that hold something.
    by_network: HashMap<Network, u64>,
}

/// What one holder holds for a network; given back when it is dropped.
#[derive(Debug)]
pub struct Share {
    shares: NetworkShares,
    address: IpAddr,
    amount: u64,
}

impl NetworkShares {
    /// Shares of at most `per_network` for each subscriber; 0: no bound.
    #[must_use]
    pub fn new(per_network: u64) -> Self {
        Self(Arc::new(Inner { per_network, total: None, held: Mutex::default() }))
    }

    /// The same, of something of which there is only so much.
    #[must_use]
    pub fn of_total(total: u64, per_network: u64) -> Self {
        Self(Arc::new(Inner { per_network, total: Some(total), held: Mutex::default() }))
    }

    /// A share of `amount` for the networks at an address; `None` where one of them would hold too much.
    #[must_use]
    pub fn take(&self, address: IpAddr, amount: u64) -> Option<Share> {
        let mut share = Share { shares: self.clone(), address, amount: 0 };
        share.grow(amount).then_some(share)
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_unbounded(&self) -> bool {
        self.0.per_network == 0 && self.0.total.is_none()
    }
}

impl Inner {
    /// Whether a network that holds so much may take so much more.
    fn allows(&self, network: Network, held: u64, more: u64, held_by_all: u64) -> bool {
        let after = held.saturating_add(more);
        let bound = self.per_network.saturating_mul(network.allowance().into());
        let free = self.total.map(|total| total.checked_sub(held_by_all.saturating_add(more)));
        match free {
            Some(None) => false,
            _ if self.per_network == 0 => true,
            Some(Some(free)) => after <= bound.min(free / FREE_PARTS),
            None => after <= bound,
        }
    }
}

impl Share {
    /// Takes more; returns whether that is allowed.
    #[must_use]
    pub fn grow(&mut self, more: u64) -> bool {
        if more == 0 || self.shares.is_unbounded() {
            return true;
        }
        let mut held = self.shares.held();
        let of = |network: &Network, held: &Held| held.by_network.get(network).copied().unwrap_or_default();
        let allowed = Network::nested(self.address)
            .all(|network| self.shares.0.allows(network, of(&network, &held), more, held.total));
        if !allowed {
            return false;
        }
        for network in Network::nested(self.address) {
            *held.by_network.entry(network).or_default() += more;
        }
        held.total += more;
        self.amount += more;
        true
    }

    /// Gives back what exceeds `amount`.
    pub fn shrink_to(&mut self, amount: u64) {
        let less = self.amount.saturating_sub(amount);
        if less == 0 {
            return;
        }
        let mut held = self.shares.held();
        held.total = held.total.saturating_sub(less);
        for network in Network::nested(self.address) {
            let left = held.by_network.get(&network).copied().unwrap_or_default().saturating_sub(less);
            if left == 0 {
                held.by_network.remove(&network);
            } else {
                held.by_network.insert(network, left);
            }
        }
        self.amount = self.amount.min(amount);
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.shrink_to(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    /// How much the subscriber at an address holds.
    fn held_at(shares: &NetworkShares, address: IpAddr) -> u64 {
        shares.held().by_network.get(&Network::subscriber(address)).copied().unwrap_or_default()
    }

    #[test]
    fn a_network_holds_no_more_than_its_bound_and_gets_back_what_it_gives() {
        let shares = NetworkShares::new(2);
        let [one, other] = [at("203.0.113.1"), at("203.0.113.2")];
        let mut held: Vec<Share> = (0..2).map(|_| shares.take(one, 1).unwrap()).collect();
        assert!(shares.take(one, 1).is_none());
        assert!(shares.take(other, 2).is_some(), "another network has its own");
        held.pop();
        assert_eq!(held_at(&shares, one), 1);
        assert!(shares.take(one, 1).is_some());
        drop(held);
        assert!(shares.held().by_network.is_empty() && shares.held().total == 0);
    }

    #[test]
    fn the_subnets_of_a_household_or_site_have_a_bound_together() {
        let shares = NetworkShares::new(1);
        let takes = |address: String| shares.take(at(&address), 1);
        let household: Vec<Share> = (0..256).filter_map(|subnet| takes(format!("2001:db8:1:{subnet:x}::1"))).collect();
        assert_eq!(household.len(), 4);
        let site: Vec<Share> =
            (1..256).filter_map(|household| takes(format!("2001:db8:1:{household:x}00::1"))).collect();
        assert_eq!(household.len() + site.len(), 16);
        assert!(takes("2001:db8:2::1".to_owned()).is_some());
    }

    #[test]
    fn few_networks_cannot_take_all_of_a_total() {
        let shares = NetworkShares::of_total(1 << 20, 1 << 20);
        let mut held = Vec::new();
        for network in 0..20 {
            let address = at(&format!("203.0.113.{network}"));
            let mut share = shares.take(address, 1 << 10).expect("a newcomer finds room");
            while share.grow(1) {}
            held.push(share);
        }
        assert!(held[0].amount >= (1 << 20) / 5, "{}", held[0].amount);
        let mut of_first = shares.take(at("203.0.113.0"), 0).unwrap();
        assert!(!of_first.grow(1), "nor does a second holder of the same network");
    }

    #[test]
    fn without_a_bound_by_network_one_may_take_all_and_no_more() {
        let shares = NetworkShares::of_total(10, 0);
        let all = shares.take(at("203.0.113.1"), 10).unwrap();
        assert!(shares.take(at("203.0.113.2"), 1).is_none());
        drop(all);
        assert!(shares.take(at("203.0.113.2"), 1).is_some());
    }

    #[test]
    fn without_a_bound_nothing_is_counted() {
        let shares = NetworkShares::new(0);
        let share = shares.take(at("203.0.113.1"), u64::MAX).unwrap();
        assert_eq!((share.amount, held_at(&shares, share.address)), (0, 0));
    }

    #[test]
    fn a_share_shrinks_and_never_grows_by_that() {
        let shares = NetworkShares::new(10);
        let mut share = shares.take(at("203.0.113.1"), 8).unwrap();
        for (to, left) in [(9, 8), (3, 3), (0, 0)] {
            share.shrink_to(to);
            assert_eq!((share.amount, held_at(&shares, share.address)), (left, left));
        }
    }
}

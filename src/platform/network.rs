//! Networks of clients: the unit in which strangers are counted.
//!
//! An IPv4 address is one network. Of IPv6 each subscriber has at least a /64, a household often a /56 and a site a /48 (RFC
//! 6177), so whoever has a wide one can take another /64 for each request. What is bounded by network is therefore counted for
//! all three ([`Network::nested`]), and the wider ones have the bounds of a few subscribers ([`Network::allowance`]).

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
};

/// How wide an IPv6 network is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NetworkSize {
    /// A /64.
    Subscriber,
    /// A /56.
    Household,
    /// A /48.
    Site,
}

impl NetworkSize {
    /// All of them, from the narrowest to the widest.
    pub const ALL: [Self; 3] = [Self::Subscriber, Self::Household, Self::Site];

    /// The length of its prefix in bits.
    #[must_use]
    pub fn bits(self) -> u32 {
        match self {
            Self::Subscriber => 64,
            Self::Household => 56,
            Self::Site => 48,
        }
    }
}

/// The network of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Network {
    address: IpAddr,
    /// Of IPv4 always [`NetworkSize::Subscriber`].
    size: NetworkSize,
}

impl Network {
    /// The network of that size at an address. Of IPv4 it is the address, whatever the size.
    #[must_use]
    pub fn of(address: IpAddr, size: NetworkSize) -> Self {
        match address.to_canonical() {
            IpAddr::V6(six) => {
                let host_bits = u128::BITS.saturating_sub(size.bits());
                let prefix = six.to_bits() & (u128::MAX << host_bits);
                Self { address: Ipv6Addr::from_bits(prefix).into(), size }
            }
            four @ IpAddr::V4(_) => Self { address: four, size: NetworkSize::Subscriber },
        }
    }

    /// The subscriber at an address: the IPv4 address, or the /64.
    #[must_use]
    pub fn subscriber(address: IpAddr) -> Self {
        Self::of(address, NetworkSize::Subscriber)
    }

    /// The widest network at an address: the IPv4 address, or the /48. Strangers in different ones have nothing in common.
    #[must_use]
    pub fn site(address: IpAddr) -> Self {
        Self::of(address, NetworkSize::Site)
    }

    /// The networks that an address counts for, the narrowest first: one of IPv4, three of IPv6.
    pub fn nested(address: IpAddr) -> impl Iterator<Item = Self> {
        let is_six = address.to_canonical().is_ipv6();
        let sizes = NetworkSize::ALL.into_iter().take(if is_six { NetworkSize::ALL.len() } else { 1 });
        sizes.map(move |size| Self::of(address, size))
    }

    /// How many subscribers' bounds it has together.
    #[must_use]
    pub fn allowance(self) -> u32 {
        match self.size {
            NetworkSize::Subscriber => 1,
            NetworkSize::Household => 4,
            NetworkSize::Site => 16,
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.address {
            IpAddr::V4(four) => four.fmt(f),
            IpAddr::V6(six) => write!(f, "{six}/{}", self.size.bits()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(text: &str) -> Vec<String> {
        Network::nested(text.parse().unwrap()).map(|network| network.to_string()).collect()
    }

    #[test]
    fn an_ipv6_address_counts_for_three_networks_and_an_ipv4_address_for_itself() {
        assert_eq!(nested("2001:db8:1:2:3:4:5:6"), ["2001:db8:1:2::/64", "2001:db8:1::/56", "2001:db8:1::/48"]);
        assert_eq!(nested("2001:db8:1:ffff::1"), ["2001:db8:1:ffff::/64", "2001:db8:1:ff00::/56", "2001:db8:1::/48"]);
        assert_eq!(nested("203.0.113.9"), ["203.0.113.9"]);
        assert_eq!(nested("::ffff:203.0.113.9"), ["203.0.113.9"], "an IPv4 address in IPv6's form");
    }

    #[test]
    fn networks_of_different_sizes_differ_and_the_wider_ones_have_more() {
        let of = |size| Network::of("2001:db8::1".parse().unwrap(), size);
        let allowances = NetworkSize::ALL.map(|size| of(size).allowance());
        assert_eq!(of(NetworkSize::Site), Network::site("2001:db8:0:ffff::9".parse().unwrap()));
        assert_ne!(of(NetworkSize::Site), of(NetworkSize::Household));
        assert!(allowances.is_sorted() && allowances[0] == 1, "{allowances:?}");
    }
}

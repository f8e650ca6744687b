//! Network addresses of subscribers.

use std::net::{IpAddr, Ipv6Addr};

/// The network of the subscriber at an address: the address itself for IPv4, its /64 for IPv6, since an IPv6 subscriber
/// has at least a /64.
#[must_use]
pub fn subscriber_network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => Ipv6Addr::from_bits(six.to_bits() & !u128::from(u64::MAX)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_subscriber_is_one_64_bit_network() {
        let network = |text: &str| subscriber_network(text.parse().unwrap()).to_string();
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(network("203.0.113.9"), "203.0.113.9");
    }
}

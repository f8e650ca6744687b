//! Email addresses.

use std::fmt;

use lettre::Address;

/// Longest address in bytes (RFC 5321 4.5.3.1.3, less the angle brackets).
const MAX_BYTES: usize = 254;

/// A valid email address, in the spelling in which it was given.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailAddress(Address);

impl EmailAddress {
    /// Parses an address. ASCII only: not every mail server accepts more, and two Unicode spellings of one name would be
    /// two accounts. An international domain can be given as `xn--…`.
    ///
    /// # Errors
    /// What is wrong with it, for the user.
    pub fn parse(raw: &str) -> Result<Self, String> {
        if raw.len() > MAX_BYTES {
            return Err(format!("is {} bytes long; at most {MAX_BYTES}", raw.len()));
        }
        if !raw.is_ascii() {
            return Err("must be ASCII; an international domain can be written as xn--…".to_owned());
        }
        raw.parse().map(Self).map_err(|_| "is not an e-mail address".to_owned())
    }

    /// The address as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }

    /// The address in lower case, which identifies it. RFC 5321 lets the part before the `@` be case-sensitive, but no mail
    /// service uses that, and somebody who could register `Ann@` beside `ann@` could impersonate her.
    #[must_use]
    pub fn key(&self) -> String {
        self.as_str().to_ascii_lowercase()
    }

    /// The part before the `@`.
    #[must_use]
    pub fn local_part(&self) -> &str {
        self.0.user()
    }

    pub(super) fn address(&self) -> &Address {
        &self.0
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Hides the address: it is personal data, which stays out of logs.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<address>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_addresses_are_accepted_and_everything_else_is_refused() {
        let longest = format!("{}@{}.{}.{}.example", "a".repeat(64), "b".repeat(63), "c".repeat(63), "d".repeat(53));
        assert_eq!(longest.len(), 254);
        for good in ["ann@example.org", "Ann.B+tag@Example.ORG", "a@localhost", &longest] {
            assert_eq!(EmailAddress::parse(good).unwrap().as_str(), good);
        }
        let too_long = format!("{}@{}.{}.{}.example", "a".repeat(64), "b".repeat(63), "c".repeat(63), "d".repeat(54));
        for bad in [
            "",
            "ann",
            "ann@",
            "@example.org",
            "a b@example.org",
            "ann@example.org\r\nBcc: x@y.z",
            "änn@x.y",
            "ann@exämple.org",
            "ann@example.org, b@example.org",
            "Ann <ann@example.org>",
            " ann@example.org",
            &too_long,
        ] {
            assert!(EmailAddress::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn spellings_of_one_address_have_one_key() {
        assert_eq!(EmailAddress::parse("Ann@Example.ORG").unwrap().key(), "ann@example.org");
    }
}

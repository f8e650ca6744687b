//! E-mail addresses.

use std::fmt;

use lettre::Address;

/// Bytes of an address, at most (RFC 5321 4.5.3.1.3, less the brackets around it).
const ADDRESS_BYTES: usize = 254;

/// An address that a letter can be sent to, as it was given.
#[derive(Clone, PartialEq, Eq)]
pub struct EmailAddress(Address);

impl EmailAddress {
    /// The address in that text. ASCII only: not every mail server takes more, and two spellings of one name in Unicode
    /// would be two accounts. An international domain can be given as `xn--…`.
    ///
    /// # Errors
    /// What is wrong with it, in words.
    pub fn parse(raw: &str) -> Result<Self, String> {
        if raw.len() > ADDRESS_BYTES {
            return Err(format!("is {} bytes long; at most {ADDRESS_BYTES}", raw.len()));
        }
        if !raw.is_ascii() {
            return Err("must be ASCII; an international domain can be written as xn--…".to_owned());
        }
        raw.parse().map(Self).map_err(|_| "is not an e-mail address".to_owned())
    }

    /// As it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }

    /// What all spellings of the address have in common. The part before the `@` might by the book be told apart by case;
    /// no mail service does, and whoever could register `Ann@` beside `ann@` could pass for her.
    #[must_use]
    pub fn key(&self) -> String {
        self.as_str().to_ascii_lowercase()
    }

    /// What stands before the `@`.
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

/// An address is somebody's: it stays out of logs.
impl fmt::Debug for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<address>")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_texts() {
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

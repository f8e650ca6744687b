//! The short code that links a player to an account: the game shows it, and the user enters it where they are signed in.

use crate::platform::{
    secret::Secret,
    token::{self, NoRandomness},
};

/// Symbols of a code, of 5 bits each. It is short because it is typed by hand; that is enough because it is valid for minutes
/// and attempts are limited.
const SYMBOLS: usize = 8;

/// A code in its canonical form, however it was typed.
#[derive(Clone, Debug)]
pub struct LinkCode(Secret);

impl LinkCode {
    /// A new random code.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn generate() -> Result<Self, NoRandomness> {
        Ok(Self(Secret::new(token::random_text(SYMBOLS)?)))
    }

    /// The code that somebody typed: in either case, with or without the hyphen, and with letters in place of the digits
    /// that they look like (Crockford's base 32). Any text gives a code; one that was never created is not found.
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let canonical = |letter: char| match letter.to_ascii_lowercase() {
            '-' | ' ' => None,
            'o' => Some('0'),
            'i' | 'l' => Some('1'),
            other => Some(other),
        };
        Self(Secret::new(text.trim().chars().filter_map(canonical).collect::<String>()))
    }

    /// The form to show: `7M2K-Q0V9`.
    #[must_use]
    pub fn display(&self) -> String {
        let capitals = self.0.expose().to_ascii_uppercase();
        let (first, second) = capitals.split_at_checked(SYMBOLS / 2).unwrap_or((&capitals, ""));
        format!("{first}-{second}")
    }

    /// The digest that is stored.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        token::digest(self.0.expose())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_the_same_however_it_is_typed() {
        let code = LinkCode::generate().unwrap();
        let shown = code.display();
        assert_eq!((shown.len(), shown.find('-')), (9, Some(4)));
        for typed in
            [shown.clone(), shown.replace('-', ""), shown.to_lowercase(), format!(" {}\n", shown.replace('-', " "))]
        {
            assert_eq!(LinkCode::parse(&typed).digest(), code.digest(), "{typed:?}");
        }
        assert_eq!(LinkCode::parse("OiLo-0000").digest(), LinkCode::parse("01100000").digest());
        assert_ne!(LinkCode::parse("0110-0000").digest(), LinkCode::parse("0110-0001").digest());
    }
}

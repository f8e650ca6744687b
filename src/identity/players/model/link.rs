//! The short code by which a player is linked to an account: shown in the game, typed where the user is signed in.

use crate::platform::{
    secret::Secret,
    token::{self, NoRandomness},
};

/// Symbols of a code: 40 bits. Few, because it is typed; enough, because it lasts minutes and few are tried.
const SYMBOLS: usize = 8;

/// A code as it is compared: in one form, however it was typed.
#[derive(Clone, Debug)]
pub struct LinkCode(Secret);

impl LinkCode {
    /// A new one.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn draw() -> Result<Self, NoRandomness> {
        Ok(Self(Secret::new(token::random_text(SYMBOLS)?)))
    }

    /// The code in what somebody typed: capitals or not, with or without the hyphen, and with letters for the digits that
    /// they look like (Crockford's base 32).
    #[must_use]
    pub fn typed(text: &str) -> Self {
        let plain = |letter: char| match letter.to_ascii_lowercase() {
            '-' | ' ' => None,
            'o' => Some('0'),
            'i' | 'l' => Some('1'),
            other => Some(other),
        };
        Self(Secret::new(text.trim().chars().filter_map(plain).collect::<String>()))
    }

    /// As it is shown: `7M2K-Q0V9`.
    #[must_use]
    pub fn shown(&self) -> String {
        let capitals = self.0.expose().to_ascii_uppercase();
        let (first, second) = capitals.split_at_checked(SYMBOLS / 2).unwrap_or((&capitals, ""));
        format!("{first}-{second}")
    }

    /// What is kept of it.
    #[must_use]
    pub fn digest(&self) -> [u8; 32] {
        token::digest(self.0.expose())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_known_however_it_is_typed() {
        let code = LinkCode::draw().unwrap();
        let shown = code.shown();
        assert_eq!((shown.len(), shown.find('-')), (9, Some(4)));
        for typed in
            [shown.clone(), shown.replace('-', ""), shown.to_lowercase(), format!(" {}\n", shown.replace('-', " "))]
        {
            assert_eq!(LinkCode::typed(&typed).digest(), code.digest(), "{typed:?}");
        }
        assert_eq!(LinkCode::typed("OiLo-0000").digest(), LinkCode::typed("01100000").digest());
        assert_ne!(LinkCode::typed("0110-0000").digest(), LinkCode::typed("0110-0001").digest());
    }
}

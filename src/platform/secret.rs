//! Texts that must not be seen: passwords, URLs with passwords in them, keys; and where new ones come from.

use std::fmt;

use serde::Deserialize;

/// A text that never shows itself in a log.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// A secret of that text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text, for the one who opens the door with it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// True when there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

/// The system's random source does not answer.
#[derive(Debug, thiserror::Error)]
#[error("the system's random source: {0}")]
pub struct NoRandomness(getrandom::Error);

/// The symbols of [`random_text`]: Crockford's base 32, small, without letters that are taken for digits. They need no
/// escaping anywhere, and a double click marks them whole.
pub const SYMBOLS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A text of so many [`SYMBOLS`] from the system's random source: 5 bits each.
///
/// # Errors
/// [`NoRandomness`].
pub fn random_text(symbols: usize) -> Result<String, NoRandomness> {
    let mut bytes = vec![0; symbols];
    getrandom::fill(&mut bytes).map_err(NoRandomness)?;
    let symbol = |byte: u8| SYMBOLS.get(usize::from(byte % 32)).map(|symbol| char::from(*symbol));
    Ok(bytes.into_iter().filter_map(symbol).collect())
}

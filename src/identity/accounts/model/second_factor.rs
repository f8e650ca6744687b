//! Second factors: what is stored of them, and the codes that a user enters.

use crate::platform::{secret::Secret, token};

/// Recovery codes of an account.
pub const RECOVERY_CODES: usize = 10;

/// Symbols of a recovery code, of 5 bits each: its digest can't be guessed either.
const RECOVERY_SYMBOLS: usize = 16;

/// Symbols that stand together where a recovery code is shown.
const GROUP: usize = 4;

/// Digits of a code from an authenticator app.
const DIGITS: usize = 6;

/// The second factor of an account, as its user sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SecondFactor {
    /// Since when it is asked for, in ms since the Unix epoch; nothing where it is not.
    pub since_ms: Option<i64>,
    /// The recovery codes that were not used.
    pub recovery_codes_left: u64,
}

/// A second factor as the database has it.
#[derive(Clone, Debug)]
pub struct StoredFactor {
    /// The shared secret, sealed.
    pub sealed: String,
    /// When it was drawn, in ms since the Unix epoch.
    pub begun_at_ms: i64,
    /// Since when it is asked for, in ms since the Unix epoch; nothing until it is confirmed.
    pub since_ms: Option<i64>,
    /// The last step of which a code was used.
    pub used_step: i64,
}

/// What an authenticator app is given.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// The shared secret in base 32, to be typed.
    pub secret: Secret,
    /// The same as an `otpauth:` URL, to be shown as a QR code.
    pub url: Secret,
    /// Until when it can be confirmed, in ms since the Unix epoch.
    pub expires_at_ms: i64,
}

/// What stands between a right password and a session, where the account has a second factor.
#[derive(Clone, Debug)]
pub struct SignInChallenge {
    /// What has to be sent with the code.
    pub challenge: Secret,
    /// Until when, in ms since the Unix epoch.
    pub expires_at_ms: i64,
}

/// A code that a user enters as the second factor.
#[derive(Clone, Debug)]
pub enum FactorCode {
    /// From an authenticator app.
    App(u32),
    /// One of the recovery codes, in the form of its digest.
    Recovery(Secret),
}

impl FactorCode {
    /// Parses a code as people type it: with spaces and hyphens, in any case.
    ///
    /// # Errors
    /// It is neither kind of code.
    pub fn parse(text: &str) -> Result<Self, String> {
        let symbols: String = text.chars().filter(|char| !char.is_whitespace() && *char != '-').collect();
        let symbols = symbols.to_ascii_lowercase();
        let is_of = |length, alphabet: &[u8]| symbols.len() == length && symbols.bytes().all(|b| alphabet.contains(&b));
        if is_of(DIGITS, b"0123456789")
            && let Ok(code) = symbols.parse()
        {
            return Ok(Self::App(code));
        }
        if is_of(RECOVERY_SYMBOLS, token::SYMBOLS) {
            return Ok(Self::Recovery(Secret::new(symbols)));
        }
        Err(format!("is neither the {DIGITS} digits of an app nor a recovery code of {RECOVERY_SYMBOLS} symbols"))
    }
}

/// Draws the recovery codes of an account, as they are shown.
///
/// # Errors
/// The system gives no random bytes.
pub fn draw_recovery_codes() -> Result<Vec<Secret>, token::NoRandomness> {
    let draw = |_| {
        let symbols = token::random_text(RECOVERY_SYMBOLS)?;
        let (mut shown, symbols) = (String::new(), symbols.chars());
        for (at, symbol) in symbols.enumerate() {
            if at > 0 && at % GROUP == 0 {
                shown.push('-');
            }
            shown.push(symbol);
        }
        Ok(Secret::new(shown))
    };
    (0..RECOVERY_CODES).map(draw).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        for app in ["123456", " 123 456 ", "123-456"] {
            assert!(matches!(FactorCode::parse(app), Ok(FactorCode::App(123_456))), "{app}");
        }
        assert!(matches!(FactorCode::parse("000007"), Ok(FactorCode::App(7))));
        for code in draw_recovery_codes().unwrap() {
            let plain = code.expose().replace('-', "");
            assert_eq!((code.expose().len(), plain.len()), (19, 16));
            for typed in [code.expose().to_owned(), plain.to_uppercase(), plain.clone()] {
                assert!(matches!(FactorCode::parse(&typed), Ok(FactorCode::Recovery(read)) if read.expose() == plain));
            }
        }
        for wrong in ["", "12345", "1234567", "12345a", "١٢٣٤٥٦", "uuuu-uuuu-uuuu-uuuu", "1234-5678-9abc-def"] {
            assert!(FactorCode::parse(wrong).is_err(), "{wrong}");
        }
    }
}

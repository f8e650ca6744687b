//! Time-based one-time passwords (RFC 6238) in the form that authenticator apps agree on: HMAC-SHA-1, steps of 30 seconds, six
//! digits. Only this module computes them.

use std::{fmt, ops::RangeInclusive};

use ring::hmac;

use super::token::{self, NoRandomness};

/// Seconds of a step.
pub const STEP_SECS: u32 = 30;

/// Digits of a code.
pub const DIGITS: u32 = 6;

/// Bytes of a secret: as long as the hash's output (RFC 4226, 4, R6).
const SECRET_BYTES: usize = 20;

/// The alphabet of base 32 (RFC 4648, 6), in which apps take secrets.
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Steps around the present one of which a code is accepted: clocks differ, and typing takes a while.
const WINDOW: RangeInclusive<i64> = -1..=1;

/// What an app and this server share.
#[derive(Clone, PartialEq, Eq)]
pub struct TotpSecret([u8; SECRET_BYTES]);

impl fmt::Debug for TotpSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TotpSecret").finish_non_exhaustive()
    }
}

impl TotpSecret {
    /// A random one.
    ///
    /// # Errors
    /// The system gives no random bytes.
    pub fn draw() -> Result<Self, NoRandomness> {
        Ok(Self(token::bytes()?))
    }

    /// The secret in base 32, as apps take it.
    #[must_use]
    pub fn base32(&self) -> String {
        // Five bytes make eight digits, and the length is a multiple of five.
        let of_group = |bytes: &[u8]| {
            let bits = bytes.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
            (0..8).rev().filter_map(move |digit| {
                let value = usize::try_from(bits >> (5 * digit) & 31).ok()?;
                ALPHABET.get(value).map(|symbol| char::from(*symbol))
            })
        };
        self.0.chunks(5).flat_map(of_group).collect()
    }

    /// The secret that [`TotpSecret::base32`] has written; `None` for another text.
    #[must_use]
    pub fn from_base32(text: &str) -> Option<Self> {
        let mut bytes = Vec::with_capacity(SECRET_BYTES);
        for group in text.as_bytes().chunks(8) {
            let bits = group.iter().try_fold(0_u64, |bits, symbol| {
                let value = ALPHABET.iter().position(|known| known == symbol)?;
                Some(bits << 5 | u64::try_from(value).ok()?)
            })?;
            bytes.extend_from_slice(bits.to_be_bytes().get(3..)?);
        }
        bytes.try_into().ok().map(Self)
    }

    /// The code of a step (RFC 4226, 5.3).
    #[must_use]
    pub fn code(&self, step: i64) -> u32 {
        let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &self.0);
        let tag = hmac::sign(&key, &step.to_be_bytes());
        let offset = tag.as_ref().last().map_or(0, |last| usize::from(last & 0xf));
        let four = tag.as_ref().get(offset..).and_then(|rest| rest.first_chunk::<4>()).copied().unwrap_or_default();
        (u32::from_be_bytes(four) & 0x7fff_ffff) % 10_u32.pow(DIGITS)
    }

    /// The step of which that is the code, of those that are accepted at a time in seconds since the Unix epoch and come after a
    /// step that was used.
    #[must_use]
    pub fn matching_step(&self, code: u32, now_secs: i64, used_step: i64) -> Option<i64> {
        let present = now_secs.div_euclid(i64::from(STEP_SECS));
        WINDOW.map(|offset| present + offset).find(|step| *step > used_step && self.code(*step) == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rfc() -> TotpSecret {
        TotpSecret(*b"12345678901234567890")
    }

    /// RFC 6238, appendix B, the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_rfc() {
        for (secs, code) in [
            (59, 287_082),
            (1_111_111_109, 81_804),
            (1_111_111_111, 50_471),
            (1_234_567_890, 5_924),
            (2_000_000_000, 279_037),
            (20_000_000_000, 353_130),
        ] {
            assert_eq!(rfc().code(secs / 30), code, "{secs}");
        }
    }

    #[test]
    fn a_secret_is_written_in_base_32_and_read_again() {
        assert_eq!(rfc().base32(), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(TotpSecret::from_base32(&rfc().base32()), Some(rfc()));
        let drawn = TotpSecret::draw().unwrap();
        assert_eq!(TotpSecret::from_base32(&drawn.base32()), Some(drawn));
        for other in ["", "GEZDGNBV", "gezdgnbvgy3tqojqgezdgnbvgy3tqojq", "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1"] {
            assert_eq!(TotpSecret::from_base32(other), None, "{other}");
        }
    }

    #[test]
    fn a_code_is_accepted_one_step_early_and_late_and_not_after_a_later_one() {
        let (secret, now) = (rfc(), 1_111_111_111);
        let present = now / 30;
        let matching = |step: i64, used| secret.matching_step(secret.code(step), now, used);
        for (step, is_accepted) in [(-2, false), (-1, true), (0, true), (1, true), (2, false)] {
            let step = present + step;
            assert_eq!(matching(step, 0), is_accepted.then_some(step), "{step}");
        }
        assert_eq!(matching(present, present), None, "it was used");
        assert_eq!(matching(present - 1, present), None, "a later one was used");
        assert_eq!(matching(present + 1, present), Some(present + 1));
    }
}

//! Decimal numbers as providers write them, read exactly.

/// The digits of a text as a number; none are 0.
fn digits(text: &str) -> Option<i64> {
    if text.is_empty() {
        return Some(0);
    }
    // `parse` would take a sign.
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

/// Reads digits, perhaps followed by a point and up to `places` digits, as a number of the last of these places. No sign, no exponent, no blanks: what is written otherwise
/// is not understood rather than misunderstood.
#[must_use]
pub fn parse_decimal(text: &str, places: u32) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let written = u32::try_from(part.len()).ok()?;
    if whole.is_empty() || part.is_empty() || written > places {
        return None;
    }
    let unit = 10_i64.checked_pow(places)?;
    let part = digits(part)?.checked_mul(10_i64.checked_pow(places - written)?)?;
    digits(whole)?.checked_mul(unit)?.checked_add(part)
}

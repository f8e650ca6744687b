//! Bytes as hexadecimal digits.

use std::fmt::Write as _;

/// The bytes as two lower-case digits each.
#[must_use]
pub fn of_bytes(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Writing to a string can't fail.
        let _whole = write!(text, "{byte:02x}");
    }
    text
}

/// The bytes of a text of hexadecimal digits; `None` where it is not one.
#[must_use]
pub fn to_bytes(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let pairs = text.as_bytes().chunks(2);
    pairs.map(|pair| if let [high, low] = pair { Some(digit(*high)? << 4 | digit(*low)?) } else { None }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back() {
        let bytes: Vec<u8> = (0..=255).collect();
        assert_eq!(to_bytes(&of_bytes(&bytes)), Some(bytes));
        assert_eq!((to_bytes("0"), to_bytes("0g")), (None, None));
    }
}

//! Numbers as programs print them, as integers and back to the same text.
//!
//! A column of numbers that one program printed has one style: so many decimals, trailing zeros kept or not. With the
//! style known, each text is an integer: the number times ten to the power of the decimals. What no style gives back
//! byte for byte is not taken.

use std::io::Write;

/// Digits that a number may have: every such integer is exact in 50 bits.
const DIGITS: usize = 15;

/// `-0`, which no integer is: beyond every number of 15 digits, and small enough for two differences.
const NEGATIVE_ZERO: i64 = -(1 << 60);

/// What is done with zeros at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Zeros {
    /// Kept: `1.50`, as C's `%.2f` prints.
    Kept,
    /// Left out but for the first decimal: `1.5`, `3.0`, as Python, Rust's `{:?}` and Godot print.
    One,
    /// Left out: `1.5`, `3`, as JavaScript prints.
    None,
}

/// How the numbers of a column are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Decimals at most; 0 to 15.
    pub decimals: u8,
    /// What is done with zeros at the end.
    pub zeros: Zeros,
    /// Whether numbers below 0.0001 are printed like `2.5e-05`, as Python does.
    pub exponents: bool,
}

/// A text read as a number: `digits` without the point, `decimals` of them behind it.
struct Parsed {
    negative: bool,
    digits: i64,
    decimals: u8,
    exponent: bool,
}

fn parse(text: &str) -> Option<Parsed> {
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (number, exponent) = rest.split_once("e-").map_or((rest, None), |(number, exponent)| (number, Some(exponent)));
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let plain = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !plain(whole) || !plain(fraction) || whole.len() + fraction.len() > DIGITS {
        return None;
    }
    let mut digits: i64 = 0;
    for byte in whole.bytes().chain(fraction.bytes()) {
        digits = digits * 10 + i64::from(byte - b'0');
    }
    let shift: u8 = exponent.map_or(Some(0), |exponent| exponent.parse().ok())?;
    let decimals = u8::try_from(fraction.len()).ok()?.checked_add(shift)?;
    (usize::from(decimals) <= DIGITS).then_some(Parsed { negative, digits, decimals, exponent: exponent.is_some() })
}

fn power_of_ten(exponent: u8) -> i64 {
    10_i64.pow(u32::from(exponent))
}

impl Style {
    /// The integers of a column, and the style that makes its texts of them; none when there is no such style.
    pub fn of<'a>(column: impl Iterator<Item = &'a str> + Clone) -> Option<(Self, Vec<i64>)> {
        let mut style = Self { decimals: 0, zeros: Zeros::Kept, exponents: false };
        let mut fewest = u8::MAX;
        for text in column.clone() {
            let parsed = parse(text)?;
            style.decimals = style.decimals.max(parsed.decimals);
            style.exponents |= parsed.exponent;
            fewest = fewest.min(parsed.decimals);
        }
        if fewest < style.decimals {
            style.zeros = if fewest == 0 { Zeros::None } else { Zeros::One };
        }
        let mut again = Vec::with_capacity(24);
        let integers = column.map(|text| {
            let parsed = parse(text)?;
            let scaled = parsed.digits.checked_mul(power_of_ten(style.decimals - parsed.decimals))?;
            let integer = match (scaled, parsed.negative) {
                (0, true) => NEGATIVE_ZERO,
                (_, true) => -scaled,
                (_, false) => scaled,
            };
            again.clear();
            style.write(integer, &mut again);
            (scaled < power_of_ten(15) && again == text.as_bytes()).then_some(integer)
        });
        let integers = integers.collect::<Option<_>>()?;
        Some((style, integers))
    }

    /// Writes the text of an integer.
    pub fn write(self, integer: i64, out: &mut Vec<u8>) {
        let magnitude = if integer == NEGATIVE_ZERO { 0 } else { integer.unsigned_abs() };
        if integer < 0 {
            out.push(b'-');
        }
        let unit = power_of_ten(self.decimals).unsigned_abs();
        // Writing into memory can't fail.
        if self.exponents && magnitude != 0 && magnitude.saturating_mul(10_000) < unit {
            let digits = magnitude.to_string();
            let exponent = usize::from(self.decimals) + 1 - digits.len();
            let (first, rest) = digits.split_at(1);
            let rest = rest.trim_end_matches('0');
            let point = if rest.is_empty() { "" } else { "." };
            let _written = write!(out, "{first}{point}{rest}e-{exponent:02}");
            return;
        }
        let _written = write!(out, "{}", magnitude / unit);
        if self.decimals == 0 {
            return;
        }
        let start = out.len();
        let _written = write!(out, ".{:0width$}", magnitude % unit, width = usize::from(self.decimals));
        let shortest = match self.zeros {
            Zeros::Kept => return,
            Zeros::One => start + 2,
            Zeros::None => start + 1,
        };
        while out.len() > shortest && out.last() == Some(&b'0') {
            out.pop();
        }
        if out.last() == Some(&b'.') {
            out.pop();
        }
    }

    /// The style as two bytes.
    #[must_use]
    pub fn to_bytes(self) -> [u8; 2] {
        let zeros = match self.zeros {
            Zeros::Kept => 0,
            Zeros::One => 1,
            Zeros::None => 2,
        };
        [self.decimals, zeros | u8::from(self.exponents) << 2]
    }

    /// The style that these bytes stand for.
    #[must_use]
    pub fn of_bytes([decimals, flags]: [u8; 2]) -> Option<Self> {
        let zeros = match flags & 3 {
            0 => Zeros::Kept,
            1 => Zeros::One,
            2 => Zeros::None,
            _ => return None,
        };
        let style = Self { decimals, zeros, exponents: flags & 4 != 0 };
        (usize::from(decimals) <= DIGITS && flags < 8).then_some(style)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn round(column: &[&str]) -> Option<Vec<String>> {
        let (style, integers) = Style::of(column.iter().copied())?;
        let style = Style::of_bytes(style.to_bytes()).unwrap();
        let texts = integers.into_iter().map(|integer| {
            let mut out = Vec::new();
            style.write(integer, &mut out);
            String::from_utf8(out).unwrap()
        });
        Some(texts.collect())
    }

    #[test]
    fn the_styles_of_common_programs_are_known() {
        for column in [
            &["1.50", "-0.25", "10.00", "-0.00"][..],
            &["1.5", "-0.25", "10.0", "-0.0", "0.0"],
            &["1.5", "3", "-7", "0"],
            &["5e-06", "2.3e-05", "0.0001", "-1.25e-05", "12.5", "0.0"],
            &["999999999999999", "-1"],
        ] {
            assert_eq!(round(column).as_deref(), Some(&column.iter().map(ToString::to_string).collect::<Vec<_>>()[..]));
        }
    }

    #[test]
    fn what_no_style_gives_back_is_not_taken() {
        for text in
            ["", "-", "x", "1.", ".5", "+1", " 1", "1e5", "01", "1.5e-05x", "nan", "1234567890123456", "5e-6", "0e-07"]
        {
            assert_eq!(round(&[text]), None, "{text}");
        }
        assert_eq!(round(&["1.50", "3", "2.5"]), None, "two styles");
    }

    proptest! {
        #[test]
        fn what_is_taken_comes_back(column in prop::collection::vec("-?[0-9]{1,4}(\\.[0-9]{1,7})?(e-0[1-9])?", 1..8)) {
            let texts: Vec<&str> = column.iter().map(String::as_str).collect();
            if let Some(again) = round(&texts) {
                prop_assert_eq!(again, column);
            }
        }

        #[test]
        fn what_python_and_c_print_is_taken(numbers in prop::collection::vec(-1e6_f64..1e6, 1..20)) {
            let fixed: Vec<String> = numbers.iter().map(|number| format!("{number:.3}")).collect();
            let short: Vec<String> = numbers.iter().map(|number| format!("{:?}", (number * 1e4).round() / 1e4)).collect();
            for column in [fixed, short] {
                let texts: Vec<&str> = column.iter().map(String::as_str).collect();
                prop_assert_eq!(round(&texts), Some(column.clone()));
            }
        }
    }
}

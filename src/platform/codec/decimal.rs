//! Numbers as programs print them, as integers and back to the same text.
//!
//! A column of numbers that one program printed has one style: so many decimals, trailing zeros kept or not. With the
//! style known, each text is an integer: the number times ten to the power of the decimals. What no style gives back
//! byte for byte is not taken.

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

/// A text read as a number: `digits` without the point, `fraction` of them behind it, and an exponent below nought.
struct Parsed {
    negative: bool,
    digits: i64,
    fraction: u8,
    ends_in_zero: bool,
    exponent: Option<u8>,
}

impl Parsed {
    /// The decimals that are needed to write it without an exponent.
    fn decimals(&self) -> u8 {
        self.fraction + self.exponent.unwrap_or(0)
    }
}

fn parse(text: &str) -> Option<Parsed> {
    let (negative, rest) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
    let (mut digits, mut count, mut point, mut exponent) = (0_i64, 0, None, None);
    let mut last = b'0';
    for (at, byte) in rest.bytes().enumerate() {
        match byte {
            b'0'..=b'9' if count < DIGITS => {
                digits = digits * 10 + i64::from(byte - b'0');
                count += 1;
                last = byte;
            }
            b'.' if count > 0 && point.is_none() => point = Some(count),
            b'e' => {
                exponent = Some(rest.get(at + 1..)?.strip_prefix('-')?.parse::<u8>().ok()?);
                break;
            }
            _ => return None,
        }
    }
    let whole = point.unwrap_or(count);
    let bad_zeros = whole > 1 && rest.starts_with('0');
    if count == 0 || point == Some(count) || bad_zeros {
        return None;
    }
    let fraction = u8::try_from(count - whole).ok()?;
    let parsed = Parsed { negative, digits, fraction, ends_in_zero: last == b'0', exponent };
    let decimals = usize::from(fraction) + usize::from(exponent.unwrap_or(0));
    (decimals <= DIGITS).then_some(parsed)
}

fn power_of_ten(exponent: u8) -> i64 {
    10_i64.pow(u32::from(exponent))
}

/// Writes at least `width` digits.
fn put_digits(mut number: u64, width: usize, out: &mut Vec<u8>) {
    let start = out.len();
    while number > 0 || out.len() < start + width {
        out.push(b'0' + u8::try_from(number % 10).unwrap_or_default());
        number /= 10;
    }
    if let Some(digits) = out.get_mut(start..) {
        digits.reverse();
    }
}

impl Style {
    /// The integers of a column, and the style that makes its texts of them; none when there is no such style.
    pub fn of<'a>(column: impl Iterator<Item = &'a str> + Clone) -> Option<(Self, Vec<i64>)> {
        let parsed: Vec<Parsed> = column.clone().map(parse).collect::<Option<_>>()?;
        let mut style = Self { decimals: 0, zeros: Zeros::Kept, exponents: false };
        let mut fewest = u8::MAX;
        for number in &parsed {
            style.decimals = style.decimals.max(number.decimals());
            style.exponents |= number.exponent.is_some();
            fewest = fewest.min(number.decimals());
        }
        if fewest < style.decimals {
            style.zeros = if fewest == 0 { Zeros::None } else { Zeros::One };
        }
        let integers = parsed.iter().zip(column).map(|(number, text)| style.integer(number, text));
        let integers = integers.collect::<Option<_>>()?;
        Some((style, integers))
    }

    /// The integer from which this style makes that text again.
    fn integer(self, number: &Parsed, text: &str) -> Option<i64> {
        let scaled = number.digits.checked_mul(power_of_ten(self.decimals - number.decimals()))?;
        if scaled >= power_of_ten(15) {
            return None;
        }
        let integer = match (scaled, number.negative) {
            (0, true) => NEGATIVE_ZERO,
            (_, true) => -scaled,
            (_, false) => scaled,
        };
        let gives_back = if number.exponent.is_some() || self.has_exponent(scaled.unsigned_abs()) {
            let mut again = Vec::with_capacity(24);
            self.write(integer, &mut again);
            again == text.as_bytes()
        } else {
            match self.zeros {
                Zeros::Kept => number.fraction == self.decimals,
                Zeros::One => number.fraction == 1 || (number.fraction > 1 && !number.ends_in_zero),
                Zeros::None => number.fraction == 0 || !number.ends_in_zero,
            }
        };
        gives_back.then_some(integer)
    }

    fn has_exponent(self, magnitude: u64) -> bool {
        let unit = power_of_ten(self.decimals).unsigned_abs();
        self.exponents && magnitude != 0 && magnitude.saturating_mul(10_000) < unit
    }

    /// Writes the text of an integer.
    pub fn write(self, integer: i64, out: &mut Vec<u8>) {
        let magnitude = if integer == NEGATIVE_ZERO { 0 } else { integer.unsigned_abs() };
        if integer < 0 {
            out.push(b'-');
        }
        if self.has_exponent(magnitude) {
            let digits = magnitude.to_string();
            let exponent = usize::from(self.decimals) + 1 - digits.len();
            let (first, rest) = digits.split_at(1);
            let rest = rest.trim_end_matches('0');
            let point = if rest.is_empty() { "" } else { "." };
            out.extend(format!("{first}{point}{rest}e-{exponent:02}").into_bytes());
            return;
        }
        let unit = power_of_ten(self.decimals).unsigned_abs();
        put_digits(magnitude / unit, 1, out);
        if self.decimals == 0 {
            return;
        }
        out.push(b'.');
        let start = out.len();
        put_digits(magnitude % unit, usize::from(self.decimals), out);
        let shortest = match self.zeros {
            Zeros::Kept => return,
            Zeros::One => start + 1,
            Zeros::None => start,
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

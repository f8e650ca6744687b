//! Converts numbers as programs print them to integers and back to the same text.
//!
//! A column of numbers that one program printed has one style: its number of decimals, and whether trailing zeros are
//! kept. With the style known, each text is an integer: the number times ten to the power of the decimals. A column
//! that no style reproduces byte for byte is not converted.

/// Digits of a number at most: every such integer fits in 50 bits.
const DIGITS: usize = 15;

/// Stands for `-0`, which is not an integer: beyond every number of 15 digits, and small enough for second differences.
const NEGATIVE_ZERO: i64 = -(1 << 60);

/// How trailing zeros are printed.
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
    /// How trailing zeros are printed.
    pub zeros: Zeros,
    /// Whether numbers below 0.0001 are printed like `2.5e-05`, as Python does.
    pub exponents: bool,
}

/// A number as it was written, with what is needed to reproduce the text.
#[derive(Clone, Copy, Debug)]
pub struct Number {
    /// Its digits, without the point.
    digits: i64,
    /// How many of them follow the point.
    fraction: u8,
    /// `e-05` is 5; 0 where there is no exponent.
    exponent: u8,
    negative: bool,
    ends_in_zero: bool,
}

impl Number {
    /// The decimals that are needed to write it without an exponent.
    fn decimals(self) -> u8 {
        self.fraction + self.exponent
    }
}

/// Reads comma-separated numbers and passes each to `put`; returns how many there are. `None` where one has an unknown
/// form, or `put` refuses it.
pub fn read_list(text: &[u8], mut put: impl FnMut(Number) -> Option<()>) -> Option<usize> {
    let (mut rest, mut count) = (text, 0);
    loop {
        let (number, after) = read(rest)?;
        put(number)?;
        count += 1;
        match after.split_first() {
            None => return Some(count),
            Some((b',', after)) => rest = after,
            Some(_) => return None,
        }
    }
}

/// The number at the start of a text, and what follows it.
fn read(text: &[u8]) -> Option<(Number, &[u8])> {
    let (negative, text) = text.strip_prefix(b"-").map_or((false, text), |text| (true, text));
    let (whole, rest) = read_digits(0, text);
    let whole_digits = text.len() - rest.len();
    if whole_digits == 0 || (whole_digits > 1 && text.first() == Some(&b'0')) {
        return None;
    }
    let (mut digits, mut rest, mut fraction) = (whole, rest, 0);
    if let Some((b'.', behind)) = rest.split_first() {
        (digits, rest) = read_digits(whole, behind);
        fraction = behind.len() - rest.len();
        if fraction == 0 {
            return None;
        }
    }
    // Longer numbers may have overflowed, but are refused here.
    if whole_digits + fraction > DIGITS {
        return None;
    }
    let ends_in_zero = digits % 10 == 0;
    let mut exponent = 0;
    if let [b'e', after @ ..] = rest {
        // Two exponent digits, a first digit that is not 0, and no trailing zeros: Python prints other forms
        // differently.
        let [b'-', tens @ b'0'..=b'9', ones @ b'0'..=b'9', after @ ..] = after else { return None };
        exponent = (tens - b'0') * 10 + (ones - b'0');
        let plain = whole_digits == 1 && whole != 0 && !(fraction > 0 && ends_in_zero);
        if exponent == 0 || !plain {
            return None;
        }
        rest = after;
    }
    let number = Number { digits, fraction: u8::try_from(fraction).ok()?, exponent, negative, ends_in_zero };
    (usize::from(number.decimals()) <= DIGITS).then_some((number, rest))
}

fn read_digits(before: i64, text: &[u8]) -> (i64, &[u8]) {
    let (mut digits, mut rest) = (before, text);
    while let Some((byte @ b'0'..=b'9', after)) = rest.split_first() {
        digits = digits.wrapping_mul(10).wrapping_add(i64::from(byte - b'0'));
        rest = after;
    }
    (digits, rest)
}

const POWERS_OF_TEN: [i64; DIGITS + 1] = [
    1,
    10,
    100,
    1_000,
    10_000,
    100_000,
    1_000_000,
    10_000_000,
    100_000_000,
    1_000_000_000,
    10_000_000_000,
    100_000_000_000,
    1_000_000_000_000,
    10_000_000_000_000,
    100_000_000_000_000,
    1_000_000_000_000_000,
];

fn power_of_ten(exponent: u8) -> i64 {
    POWERS_OF_TEN.get(usize::from(exponent)).copied().unwrap_or(i64::MAX)
}

/// Removes trailing zeros of the fraction, except its first `kept` digits; then the point, where nothing follows it.
fn trim(out: &mut Vec<u8>, kept: usize) {
    let zeros = out.iter().rev().take_while(|&&digit| digit == b'0').count();
    let digits = out.iter().rev().take_while(|&&digit| digit != b'.').count();
    out.truncate(out.len() - zeros.min(digits.saturating_sub(kept)));
    if out.last() == Some(&b'.') {
        out.pop();
    }
}

/// A column of numbers.
#[derive(Debug)]
pub struct Column {
    numbers: Vec<Number>,
    most_decimals: u8,
    fewest_decimals: u8,
    exponents: bool,
}

impl Column {
    /// An empty column with room for that many numbers.
    #[must_use]
    pub fn with_capacity(numbers: usize) -> Self {
        Self { numbers: Vec::with_capacity(numbers), most_decimals: 0, fewest_decimals: u8::MAX, exponents: false }
    }

    /// Appends a number.
    pub fn push(&mut self, number: Number) {
        let decimals = number.decimals();
        self.most_decimals = self.most_decimals.max(decimals);
        self.fewest_decimals = self.fewest_decimals.min(decimals);
        self.exponents |= number.exponent > 0;
        self.numbers.push(number);
    }

    /// The style that reproduces the texts of the column, and the integers from which it does; `None` where there is no
    /// such style.
    #[must_use]
    pub fn integers(&self) -> Option<(Style, Vec<i64>)> {
        let zeros = match self.fewest_decimals {
            fewest if fewest >= self.most_decimals => Zeros::Kept,
            0 => Zeros::None,
            _ => Zeros::One,
        };
        let style = Style { decimals: self.most_decimals, zeros, exponents: self.exponents };
        let mut integers = Vec::with_capacity(self.numbers.len());
        for number in &self.numbers {
            integers.push(style.integer(*number)?);
        }
        Some((style, integers))
    }
}

impl Style {
    /// The integer from which this style reproduces that number's text.
    fn integer(self, number: Number) -> Option<i64> {
        let scaled = number.digits.checked_mul(power_of_ten(self.decimals - number.decimals()))?;
        if scaled >= power_of_ten(15) || self.has_exponent(scaled) != (number.exponent > 0) {
            return None;
        }
        let gives_back = number.exponent > 0
            || match self.zeros {
                Zeros::Kept => number.fraction == self.decimals,
                Zeros::One => number.fraction == 1 || (number.fraction > 1 && !number.ends_in_zero),
                Zeros::None => number.fraction == 0 || !number.ends_in_zero,
            };
        let integer = match (scaled, number.negative) {
            (0, true) => NEGATIVE_ZERO,
            (_, true) => -scaled,
            (_, false) => scaled,
        };
        gives_back.then_some(integer)
    }

    fn has_exponent(self, magnitude: i64) -> bool {
        self.exponents && magnitude != 0 && magnitude.saturating_mul(10_000) < power_of_ten(self.decimals)
    }

    /// Writes the text of an integer.
    pub fn write(self, integer: i64, out: &mut Vec<u8>) {
        let magnitude = if integer == NEGATIVE_ZERO { 0 } else { integer.saturating_abs() };
        if integer < 0 {
            out.push(b'-');
        }
        let mut buffer = itoa::Buffer::new();
        let digits = buffer.format(magnitude).as_bytes();
        let decimals = usize::from(self.decimals);
        if self.has_exponent(magnitude) {
            let exponent = decimals + 1 - digits.len();
            let (first, rest) = digits.split_at(1);
            out.extend(first);
            out.push(b'.');
            out.extend(rest);
            trim(out, 0);
            out.extend(format!("e-{exponent:02}").into_bytes());
            return;
        }
        if digits.len() > decimals {
            let (whole, fraction) = digits.split_at(digits.len() - decimals);
            out.extend(whole);
            if decimals == 0 {
                return;
            }
            out.push(b'.');
            out.extend(fraction);
        } else {
            out.extend(b"0.");
            out.extend(std::iter::repeat_n(b'0', decimals - digits.len()));
            out.extend(digits);
        }
        match self.zeros {
            Zeros::Kept => {}
            Zeros::One => trim(out, 1),
            Zeros::None => trim(out, 0),
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

    /// The style of these bytes.
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
        let mut numbers = Column::with_capacity(column.len());
        for text in column {
            let push = |number| {
                numbers.push(number);
                Some(())
            };
            read_list(text.as_bytes(), push).filter(|count| *count == 1)?;
        }
        let (style, integers) = numbers.integers()?;
        let style = Style::of_bytes(style.to_bytes()).unwrap();
        let texts = integers.into_iter().map(|integer| {
            let mut out = Vec::new();
            style.write(integer, &mut out);
            String::from_utf8(out).unwrap()
        });
        Some(texts.collect())
    }

    #[test]
    fn the_styles_of_common_programs_are_recognised() {
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
    fn what_no_style_reproduces_is_refused() {
        for text in
            ["", "-", "x", "1.", ".5", "+1", " 1", "1e5", "01", "1.5e-05x", "nan", "1234567890123456", "5e-6", "0e-07"]
        {
            assert_eq!(round(&[text]), None, "{text}");
        }
        assert_eq!(round(&["1.50", "3", "2.5"]), None, "two styles");
    }

    proptest! {
        #[test]
        fn what_is_converted_comes_back(column in prop::collection::vec("-?[0-9]{1,4}(\\.[0-9]{1,7})?(e-0[1-9])?", 1..8)) {
            let texts: Vec<&str> = column.iter().map(String::as_str).collect();
            if let Some(again) = round(&texts) {
                prop_assert_eq!(again, column);
            }
        }

        #[test]
        fn what_python_and_c_print_is_converted(numbers in prop::collection::vec(-1e6_f64..1e6, 1..20)) {
            let fixed: Vec<String> = numbers.iter().map(|number| format!("{number:.3}")).collect();
            let short: Vec<String> = numbers.iter().map(|number| format!("{:?}", (number * 1e4).round() / 1e4)).collect();
            for column in [fixed, short] {
                let texts: Vec<&str> = column.iter().map(String::as_str).collect();
                prop_assert_eq!(round(&texts), Some(column.clone()));
            }
        }
    }
}

//! Rice codes: a compact form of integers that are mostly small (R. F. Rice, JPL 79-22, 1979).
//!
//! Integers are coded in blocks of 32, each with its best parameter, so that large values affect only their own block.
//! Bits fill bytes from the least significant up.

use super::{
    bits::BitWriter,
    varint::{unzigzag, zigzag},
};

/// Integers in a block.
const BLOCK: usize = 32;

/// Bits of a block's parameter.
const PARAMETER_BITS: u32 = 6;

/// A quotient of this size or more is not written in unary: the whole integer follows.
const ESCAPE: u64 = 24;

/// The number of ones that mark such an integer.
const ESCAPE_BITS: u32 = 24;

/// The size of a block in bits with a parameter. `all` is the bitwise or of its codes.
fn size_bits(codes: &[u64], all: u64, parameter: u32) -> u64 {
    let plain = |quotient: u64| quotient + 1 + u64::from(parameter);
    if all >> parameter < ESCAPE {
        return codes.iter().map(|&code| plain(code >> parameter)).sum();
    }
    let size = |&code: &u64| match code >> parameter {
        quotient if quotient < ESCAPE => plain(quotient),
        _ => ESCAPE + 64,
    };
    codes.iter().map(size).sum()
}

/// The best parameter of a block, or nearly so: starts with that of the mean and goes down as long as the size shrinks.
/// Outliers make the mean too high, never too low.
fn best_parameter(codes: &[u64]) -> u32 {
    let all = codes.iter().fold(0, |all, &code| all | code);
    let sum = codes.iter().fold(0, |sum: u64, &code| sum.saturating_add(code));
    let mean = sum / u64::try_from(codes.len()).unwrap_or(1).max(1);
    let mut parameter = (u64::BITS - mean.leading_zeros()).min(63);
    let mut least = size_bits(codes, all, parameter);
    while let Some(lower) = parameter.checked_sub(1) {
        let fewer = size_bits(codes, all, lower);
        if fewer > least {
            break;
        }
        (parameter, least) = (lower, fewer);
    }
    parameter
}

/// Writes integers.
#[derive(Debug, Default)]
pub struct Writer(BitWriter);

impl Writer {
    /// Writes integers in blocks.
    pub fn integers(&mut self, integers: &[i64]) {
        for block in integers.chunks(BLOCK) {
            let mut codes = [0; BLOCK];
            for (code, &integer) in codes.iter_mut().zip(block) {
                *code = zigzag(integer);
            }
            let codes = codes.get(..block.len()).unwrap_or_default();
            let parameter = best_parameter(codes);
            self.0.put(u64::from(parameter), PARAMETER_BITS);
            let low = (1 << parameter) - 1;
            for &code in codes {
                let quotient = code >> parameter;
                if quotient < ESCAPE {
                    let ones = u32::try_from(quotient).unwrap_or_default();
                    let (head, length) = ((1 << ones) - 1, ones + 1);
                    if length + parameter <= 32 {
                        self.0.put(head | (code & low) << length, length + parameter);
                    } else {
                        self.0.put(head, length);
                        self.0.put_long(code & low, parameter);
                    }
                } else {
                    self.0.put((1 << ESCAPE) - 1, ESCAPE_BITS);
                    self.0.put_long(code, u64::BITS);
                }
            }
        }
    }

    /// The bytes, the last one padded with zeros.
    #[must_use]
    pub fn finish(self) -> Vec<u8> {
        self.0.finish()
    }
}

/// Reads bits.
#[derive(Debug)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    held: u64,
    count: u32,
}

impl<'a> Reader<'a> {
    /// A reader of these bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, held: 0, count: 0 }
    }

    /// Loads at least 32 bits, or all that are left.
    fn fill(&mut self) {
        if self.count > 32 {
            return;
        }
        if let Some((four, rest)) = self.bytes.split_first_chunk::<4>() {
            self.held |= u64::from(u32::from_le_bytes(*four)) << self.count;
            self.count += 32;
            self.bytes = rest;
            return;
        }
        while let Some((&byte, rest)) = self.bytes.split_first().filter(|_| self.count <= 32) {
            self.held |= u64::from(byte) << self.count;
            self.count += 8;
            self.bytes = rest;
        }
    }

    /// The next bits, at most 32.
    fn take(&mut self, count: u32) -> Option<u64> {
        self.fill();
        self.count = self.count.checked_sub(count)?;
        let value = self.held & ((1 << count) - 1);
        self.held >>= count;
        Some(value)
    }

    fn take_long(&mut self, count: u32) -> Option<u64> {
        if count > 32 {
            let low = self.take(32)?;
            return Some(low | self.take(count - 32)? << 32);
        }
        self.take(count)
    }

    /// The number of ones before the next zero, which is consumed too; at most [`ESCAPE`], after which there is no
    /// zero.
    fn take_ones(&mut self) -> Option<u64> {
        self.fill();
        let ones = self.held.trailing_ones().min(ESCAPE_BITS);
        let taken = if ones == ESCAPE_BITS { ones } else { ones + 1 };
        self.count = self.count.checked_sub(taken)?;
        self.held >>= taken;
        Some(u64::from(ones))
    }

    /// The next `count` integers; `None` where there are fewer.
    pub fn integers(&mut self, count: usize) -> Option<Vec<i64>> {
        let mut integers = Vec::new();
        while integers.len() < count {
            let parameter = u32::try_from(self.take(PARAMETER_BITS)?).ok()?;
            for _ in 0..BLOCK.min(count - integers.len()) {
                let quotient = self.take_ones()?;
                let code = if quotient == ESCAPE {
                    self.take_long(u64::BITS)?
                } else {
                    quotient.checked_shl(parameter)? | self.take_long(parameter)?
                };
                integers.push(unzigzag(code));
            }
        }
        Some(integers)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn integers_come_back(small in prop::collection::vec(-50_i64..50, 0..100), any in prop::collection::vec(any::<i64>(), 0..70)) {
            let mut writer = Writer::default();
            writer.integers(&small);
            writer.integers(&any);
            let bytes = writer.finish();
            let mut reader = Reader::new(&bytes);
            prop_assert_eq!(reader.integers(small.len()), Some(small));
            prop_assert_eq!(reader.integers(any.len()), Some(any));
        }

        #[test]
        fn reading_arbitrary_bytes_does_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let _whatever = Reader::new(&bytes).integers(1000);
        }
    }
}

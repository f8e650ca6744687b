//! Rice codes: small integers in few bits, when most are small (R. F. Rice, JPL 79-22, 1979).
//!
//! Integers are coded in blocks of 32, each with the parameter that suits it best, so that a calm stretch costs little and
//! a wild one does not spoil it. Bits fill bytes from the lowest up.

/// Integers in a block.
const BLOCK: usize = 32;

/// Bits of a block's parameter.
const PARAMETER_BITS: u32 = 6;

/// A quotient this long is not written in ones: the integer follows whole.
const ESCAPE: u64 = 24;

/// Signed to unsigned, small to small.
fn zigzag(integer: i64) -> u64 {
    ((integer << 1) ^ (integer >> 63)).cast_unsigned()
}

fn unzigzag(code: u64) -> i64 {
    (code >> 1).cast_signed() ^ -(code & 1).cast_signed()
}

/// How many bits a block takes with a parameter.
fn bits(block: &[i64], parameter: u32) -> u64 {
    let one = |&integer: &i64| match zigzag(integer) >> parameter {
        quotient if quotient < ESCAPE => quotient + 1 + u64::from(parameter),
        _ => ESCAPE + 64,
    };
    block.iter().map(one).sum()
}

/// Writes bits.
#[derive(Debug, Default)]
pub struct Writer {
    out: Vec<u8>,
    held: u128,
    count: u32,
}

impl Writer {
    fn put(&mut self, value: u64, count: u32) {
        self.held |= u128::from(value) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.out.push(self.held.to_le_bytes()[0]);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    /// Codes integers.
    pub fn integers(&mut self, integers: &[i64]) {
        for block in integers.chunks(BLOCK) {
            // The best parameter lies near the size of the middle one; trying all would cost more than it saves.
            let mut codes: Vec<u64> = block.iter().map(|&integer| zigzag(integer)).collect();
            let half = codes.len() / 2;
            let (_, &mut middle, _) = codes.select_nth_unstable(half);
            let about = (u64::BITS - middle.leading_zeros()).saturating_sub(1);
            let candidates = about.saturating_sub(1)..=(about + 1).min(63);
            let parameter = candidates.min_by_key(|&parameter| bits(block, parameter)).unwrap_or(about);
            self.put(u64::from(parameter), PARAMETER_BITS);
            for &integer in block {
                let code = zigzag(integer);
                let quotient = code >> parameter;
                if quotient < ESCAPE {
                    let ones = u32::try_from(quotient).unwrap_or_default();
                    self.put((1 << ones) - 1, ones + 1);
                    self.put(code & ((1 << parameter) - 1), parameter);
                } else {
                    self.put((1 << ESCAPE) - 1, u32::try_from(ESCAPE).unwrap_or_default());
                    self.put(code, u64::BITS);
                }
            }
        }
    }

    /// The bytes, the last one filled up with zeros.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        if self.count > 0 {
            self.put(0, 8 - self.count);
        }
        self.out
    }
}

/// Reads bits.
#[derive(Debug)]
pub struct Reader<'a> {
    bytes: std::slice::Iter<'a, u8>,
    held: u128,
    count: u32,
}

impl<'a> Reader<'a> {
    /// Reads from there.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes: bytes.iter(), held: 0, count: 0 }
    }

    fn take(&mut self, count: u32) -> Option<u64> {
        while self.count < count {
            self.held |= u128::from(*self.bytes.next()?) << self.count;
            self.count += 8;
        }
        let mask = (1_u128 << count) - 1;
        let value = u64::try_from(self.held & mask).ok();
        self.held >>= count;
        self.count -= count;
        value
    }

    /// The next integers; none when there are fewer.
    pub fn integers(&mut self, count: usize) -> Option<Vec<i64>> {
        let mut integers = Vec::new();
        while integers.len() < count {
            let parameter = u32::try_from(self.take(PARAMETER_BITS)?).ok()?;
            for _ in 0..BLOCK.min(count - integers.len()) {
                let mut quotient = 0;
                while quotient < ESCAPE && self.take(1)? == 1 {
                    quotient += 1;
                }
                let code = if quotient == ESCAPE {
                    self.take(u64::BITS)?
                } else {
                    quotient.checked_shl(parameter)? | self.take(parameter)?
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
        fn any_bytes_can_be_read_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            let _whatever = Reader::new(&bytes).integers(1000);
        }
    }
}

//! Variable-length integers (LEB128): seven bits a byte, the lowest first; the highest bit is set in all bytes but the
//! last. Signed integers are zigzag-coded first: 0, -1, 1, -2, 2 become 0, 1, 2, 3, 4.

/// Maps signed integers to unsigned ones, small to small.
#[must_use]
pub fn zigzag(integer: i64) -> u64 {
    ((integer << 1) ^ (integer >> 63)).cast_unsigned()
}

/// The inverse of [`zigzag`].
#[must_use]
pub fn unzigzag(code: u64) -> i64 {
    (code >> 1).cast_signed() ^ -(code & 1).cast_signed()
}

/// Appends an integer.
pub fn put(out: &mut Vec<u8>, mut integer: u64) {
    while integer > 0x7f {
        let [low, ..] = integer.to_le_bytes();
        out.push(low | 0x80);
        integer >>= 7;
    }
    let [low, ..] = integer.to_le_bytes();
    out.push(low);
}

/// Appends a signed integer.
pub fn put_signed(out: &mut Vec<u8>, integer: i64) {
    put(out, zigzag(integer));
}

/// Reads integers and bytes.
#[derive(Debug)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// A reader of these bytes.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next integer; `None` where the bytes end, or it has more than 64 bits.
    #[inline]
    pub fn take(&mut self) -> Option<u64> {
        let (&first, rest) = self.0.split_first()?;
        self.0 = rest;
        if first < 0x80 { Some(u64::from(first)) } else { self.take_long(u64::from(first & 0x7f)) }
    }

    fn take_long(&mut self, mut integer: u64) -> Option<u64> {
        for shift in (7..u64::BITS).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            let bits = u64::from(byte & 0x7f);
            integer |= bits << shift;
            if byte < 0x80 {
                return (integer >> shift == bits).then_some(integer);
            }
        }
        None
    }

    /// The next signed integer.
    #[inline]
    pub fn take_signed(&mut self) -> Option<i64> {
        self.take().map(unzigzag)
    }

    /// The next integer, if it is at most `most`.
    pub fn take_within(&mut self, most: usize) -> Option<usize> {
        self.take().and_then(|integer| usize::try_from(integer).ok()).filter(|integer| *integer <= most)
    }

    /// The next bytes.
    pub fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    /// The number of bytes left.
    #[must_use]
    pub fn left(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn small_ones_are_short() {
        for (integer, bytes) in [(0, &[0][..]), (-1, &[1]), (63, &[0x7e]), (-64, &[0x7f]), (64, &[0x80, 1])] {
            let mut out = Vec::new();
            put_signed(&mut out, integer);
            assert_eq!(out, bytes);
        }
    }

    #[test]
    fn incomplete_and_overlong_integers_are_refused() {
        for bytes in
            [&[][..], &[0x80], &[0xff; 9], &[0xff; 10], &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]]
        {
            assert_eq!(Reader::new(bytes).take(), None, "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn integers_come_back(integers in prop::collection::vec(any::<i64>(), 0..50), shift in 0_u32..64) {
            let integers: Vec<i64> = integers.into_iter().map(|integer| integer >> shift).collect();
            let mut out = Vec::new();
            for integer in &integers {
                put_signed(&mut out, *integer);
            }
            let mut reader = Reader::new(&out);
            for integer in integers {
                prop_assert_eq!(reader.take_signed(), Some(integer));
            }
            prop_assert_eq!(reader.left(), 0);
        }
    }
}

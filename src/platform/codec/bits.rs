//! Packs bits into bytes, least significant bit first, as in deflate (RFC 1951, 3.1.1).

/// Writes bits.
#[derive(Debug, Default)]
pub struct BitWriter {
    out: Vec<u8>,
    held: u64,
    /// The number of bits in `held`: below 32 between two calls.
    count: u32,
}

impl BitWriter {
    /// A writer with room for that many bytes.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self { out: Vec::with_capacity(bytes), held: 0, count: 0 }
    }

    /// Writes the lowest `count` bits, at most 32, of a value that has no others.
    #[inline]
    pub fn put(&mut self, value: u64, count: u32) {
        self.held |= value << self.count;
        self.count += count;
        if self.count >= 32 {
            let [a, b, c, d, ..] = self.held.to_le_bytes();
            self.out.extend([a, b, c, d]);
            self.held >>= 32;
            self.count -= 32;
        }
    }

    /// As [`BitWriter::put`], of at most 64 bits.
    #[inline]
    pub fn put_long(&mut self, value: u64, count: u32) {
        if count > 32 {
            self.put(value & u64::from(u32::MAX), 32);
            self.put(value >> 32, count - 32);
        } else {
            self.put(value, count);
        }
    }

    /// The bytes, the last one padded with zeros.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        let rest = self.held.to_le_bytes();
        self.out.extend(rest.iter().take(usize::try_from(self.count.div_ceil(8)).unwrap_or_default()));
        self.out
    }
}

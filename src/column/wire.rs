//! Numbers as bytes: how rows and summaries are written into chunks and states, and read back with every bound checked.

/// Appends an unsigned number in groups of seven bits, low ones first (LEB128).
pub fn put_unsigned(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    out.push(value.to_le_bytes()[0]);
}

/// Appends a signed number so that small ones of either sign are short (zigzag).
pub fn put_signed(out: &mut Vec<u8>, value: i64) {
    put_unsigned(out, ((value << 1) ^ (value >> 63)).cast_unsigned());
}

/// Appends bytes behind their length.
pub fn put_bytes(out: &mut Vec<u8>, bytes: &[u8]) {
    put_unsigned(out, bytes.len() as u64);
    out.extend_from_slice(bytes);
}

/// Reads what the functions above have written; everything is `None` where the bytes end too early or make no sense.
#[derive(Debug, Clone)]
pub struct Input<'a>(&'a [u8]);

impl<'a> Input<'a> {
    /// Starts at the first byte.
    #[must_use]
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether everything was read.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What was not read yet.
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.0
    }

    /// The next `count` bytes.
    pub fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    /// The next eight bytes as they are.
    pub fn word(&mut self) -> Option<u64> {
        let (word, rest) = self.0.split_first_chunk::<8>()?;
        self.0 = rest;
        Some(u64::from_le_bytes(*word))
    }

    /// An unsigned number.
    #[inline]
    pub fn unsigned(&mut self) -> Option<u64> {
        if let Some((&byte, rest)) = self.0.split_first()
            && byte < 0x80
        {
            self.0 = rest;
            return Some(byte.into());
        }
        let near = self.0.first_chunk().and_then(|word| short(u64::from_le_bytes(*word)));
        let (value, length) = near.or_else(|| long(self.0))?;
        self.0 = &self.0[length..];
        Some(value)
    }

    /// Moves past so many numbers of either kind: each ends with a byte below 0x80.
    pub fn skip_numbers(&mut self, mut count: usize) -> Option<()> {
        // Eight bytes end at most eight numbers, so those that go on belong to one that is skipped, too.
        while count >= 8 {
            let word = self.word()?;
            count -= (!word & 0x8080_8080_8080_8080).count_ones() as usize;
        }
        while count > 0 {
            count -= usize::from(self.take(1)?[0] < 0x80);
        }
        Some(())
    }

    /// A signed number.
    pub fn signed(&mut self) -> Option<i64> {
        let value = self.unsigned()?;
        Some((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }

    /// A number that counts things that take at least one byte each of what is left, so that a hostile one is refused
    /// before anything is allocated for it.
    pub fn count(&mut self) -> Option<usize> {
        let count = usize::try_from(self.unsigned()?).ok()?;
        (count <= self.0.len()).then_some(count)
    }

    /// Bytes behind their length.
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let count = self.count()?;
        self.take(count)
    }
}

/// The number of up to eight bytes at the beginning of a word, and its length: all groups of seven bits are moved together.
fn short(word: u64) -> Option<(u64, usize)> {
    let ends = !word & 0x8080_8080_8080_8080;
    let length = ends.trailing_zeros() / 8 + 1;
    let groups = word & (ends ^ ends.wrapping_sub(1)) & 0x7f7f_7f7f_7f7f_7f7f;
    let pairs = (groups & 0x007f_007f_007f_007f) | ((groups & 0x7f00_7f00_7f00_7f00) >> 1);
    let fours = (pairs & 0x0000_3fff_0000_3fff) | ((pairs & 0x3fff_0000_3fff_0000) >> 2);
    let value = (fours & 0x0fff_ffff) | ((fours & 0x0fff_ffff_0000_0000) >> 4);
    (ends != 0).then_some((value, length as usize))
}

/// The same for a number of any length, and near the end of the bytes.
fn long(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0;
    for (at, &byte) in bytes.iter().enumerate().take(10) {
        value |= u64::from(byte & 0x7f) << (7 * at);
        if byte < 0x80 {
            return Some((value, at + 1));
        }
    }
    None
}

/// Appends one bit for each item, eight to a byte, low ones first.
pub fn put_bits(out: &mut Vec<u8>, bits: impl Iterator<Item = bool>) {
    let mut used = 8;
    for bit in bits {
        if used == 8 {
            out.push(0);
            used = 0;
        }
        if bit && let Some(last) = out.last_mut() {
            *last |= 1 << used;
        }
        used += 1;
    }
}

/// Whether the bit of an item is set.
#[must_use]
pub fn bit(bits: &[u8], item: usize) -> bool {
    bits[item / 8] & (1 << (item % 8)) != 0
}

#[cfg(test)]
mod tests {
    use super::{Input, bit, long, put_bits, put_bytes, put_signed, put_unsigned, short};
    use proptest::prelude::{any, prop_assert_eq, proptest};

    proptest! {
        #[test]
        fn short_numbers_are_read_as_long_ones_are(word in any::<[u8; 8]>(), shift in 0..64_u32, value in any::<u64>()) {
            prop_assert_eq!(short(u64::from_le_bytes(word)), long(&word));
            let mut out = Vec::new();
            put_unsigned(&mut out, value >> shift);
            let length = out.len();
            for behind in [&b""[..], b"\xff\x01", b"12345678"] {
                out.truncate(length);
                out.extend_from_slice(behind);
                let mut input = Input::new(&out);
                prop_assert_eq!((input.unsigned(), input.rest()), (Some(value >> shift), behind));
            }
        }
    }

    #[test]
    fn reads_what_it_wrote() {
        let unsigned = [0, 1, 127, 128, 1 << 40, u64::MAX];
        let signed = [0, -1, 1, 63, -64, i64::MIN, i64::MAX];
        let mut out = Vec::new();
        unsigned.iter().for_each(|&value| put_unsigned(&mut out, value));
        signed.iter().for_each(|&value| put_signed(&mut out, value));
        put_bytes(&mut out, b"abc");
        let mut input = Input::new(&out);
        assert!(unsigned.iter().all(|&value| input.unsigned() == Some(value)));
        assert!(signed.iter().all(|&value| input.signed() == Some(value)));
        assert_eq!((input.bytes(), input.is_empty()), (Some(&b"abc"[..]), true));
        assert_eq!(
            (input.unsigned(), Input::new(&[200; 12]).unsigned(), Input::new(&[9, 1]).bytes()),
            (None, None, None)
        );
        let mut bits = Vec::new();
        put_bits(&mut bits, (0..11).map(|item| item % 3 == 0));
        assert!((0..11).all(|item| bit(&bits, item) == (item % 3 == 0)) && bits.len() == 2);
    }
}

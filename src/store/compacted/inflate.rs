//! Takes the data of one member of a gzip file apart: DEFLATE, as RFC 1951 says it.

#![expect(clippy::cast_possible_truncation, reason = "what is cut was masked, or is a symbol known to be small")]

/// The longest code of any alphabet, in bits.
const LONGEST: usize = 15;

/// How the lengths of the lengths' codes are ordered.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// The least length of each length code, and how many bits more it has.
#[rustfmt::skip]
const LENGTHS: [(u16, u8); 29] = [
    (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0), (11, 1), (13, 1), (15, 1), (17, 1),
    (19, 2), (23, 2), (27, 2), (31, 2), (35, 3), (43, 3), (51, 3), (59, 3), (67, 4), (83, 4), (99, 4), (115, 4),
    (131, 5), (163, 5), (195, 5), (227, 5), (258, 0),
];

/// The least distance of each distance code, and how many bits more it has.
#[rustfmt::skip]
const DISTANCES: [(u16, u8); 30] = [
    (1, 0), (2, 0), (3, 0), (4, 0), (5, 1), (7, 1), (9, 2), (13, 2), (17, 3), (25, 3), (33, 4), (49, 4),
    (65, 5), (97, 5), (129, 6), (193, 6), (257, 7), (385, 7), (513, 8), (769, 8), (1025, 9), (1537, 9),
    (2049, 10), (3073, 10), (4097, 11), (6145, 11), (8193, 12), (12289, 12), (16385, 13), (24577, 13),
];

/// Ends a block.
const END: u16 = 256;

/// The bytes that `input` stands for, when it is whole and they are exactly `size`.
pub(super) fn inflate(input: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut bits = Bits { input, at: 0, held: 0, count: 0 };
    let mut out = Vec::with_capacity(size);
    loop {
        let last = bits.take(1)? == 1;
        match bits.take(2)? {
            0 => stored(&mut bits, &mut out, size)?,
            1 => coded(&mut bits, &mut out, size, &fixed()?)?,
            2 => {
                let codes = dynamic(&mut bits)?;
                coded(&mut bits, &mut out, size, &codes)?;
            }
            _ => return None,
        }
        if last {
            return (out.len() == size).then_some(out);
        }
    }
}

/// The input bit by bit, the lowest of each byte first.
struct Bits<'a> {
    input: &'a [u8],
    at: usize,
    held: u64,
    count: usize,
}

impl Bits<'_> {
    /// Holds at least 56 bits, or all that are left.
    fn fill(&mut self) {
        if let Some(next) = self.input.get(self.at..).and_then(<[u8]>::first_chunk::<8>) {
            self.held |= u64::from_le_bytes(*next) << self.count;
            let taken = (63 - self.count) / 8;
            self.at += taken;
            self.count += taken * 8;
            self.held &= u64::MAX >> (64 - self.count);
        } else {
            while self.count < 56
                && let Some(&byte) = self.input.get(self.at)
            {
                self.held |= u64::from(byte) << self.count;
                self.at += 1;
                self.count += 8;
            }
        }
    }

    /// The next `count` bits, at most 16.
    fn take(&mut self, count: usize) -> Option<usize> {
        if self.count < count {
            self.fill();
        }
        let left = self.count.checked_sub(count)?;
        let value = low(self.held, count);
        self.held >>= count;
        self.count = left;
        Some(value)
    }

    /// Goes to the next whole byte of the input; gives what is left from there on.
    fn bytes(&mut self) -> &[u8] {
        self.at -= self.count / 8;
        (self.held, self.count) = (0, 0);
        &self.input[self.at..]
    }
}

/// The lowest bits of a number, at most 16.
const fn low(held: u64, count: usize) -> usize {
    (held & ((1 << count) - 1)) as u16 as usize
}

/// What each sequence of bits begins with: a symbol and how many bits it has, 0 where it is no code.
struct Codes {
    bits: usize,
    table: Vec<(u16, u8)>,
}

impl Codes {
    /// From the length of each symbol's code; `None` when there are more codes than such lengths leave room for.
    fn new(lengths: &[u8]) -> Option<Self> {
        let mut counts = [0_usize; LONGEST + 1];
        lengths.iter().for_each(|&length| counts[usize::from(length)] += 1);
        counts[0] = 0;
        let bits = counts.iter().rposition(|&count| count > 0).unwrap_or(1);
        let mut next = [0_usize; LONGEST + 2];
        for length in 1..=bits {
            next[length + 1] = (next[length] + counts[length]) << 1;
            if next[length] + counts[length] > 1 << length {
                return None;
            }
        }
        let mut table = vec![(0, 0); 1 << bits];
        for (symbol, &length) in (0_u16..).zip(lengths).filter(|(_, length)| **length > 0) {
            let length = usize::from(length);
            // Codes stand in the input with their highest bit first.
            let code = next[length].reverse_bits() >> (usize::BITS as usize - length);
            next[length] += 1;
            table[code..].iter_mut().step_by(1 << length).for_each(|entry| *entry = (symbol, length as u8));
        }
        Some(Self { bits, table })
    }

    fn read(&self, bits: &mut Bits<'_>) -> Option<u16> {
        if bits.count < self.bits {
            bits.fill();
        }
        let (symbol, length) = self.table[low(bits.held, self.bits)];
        let length = usize::from(length);
        bits.count = bits.count.checked_sub(length).filter(|_| length > 0)?;
        bits.held >>= length;
        Some(symbol)
    }
}

/// The codes of literals and lengths, and those of distances.
type Alphabets = (Codes, Codes);

fn fixed() -> Option<Alphabets> {
    let mut lengths = [8; 288];
    lengths[144..256].fill(9);
    lengths[256..280].fill(7);
    Some((Codes::new(&lengths)?, Codes::new(&[5; 30])?))
}

fn dynamic(bits: &mut Bits<'_>) -> Option<Alphabets> {
    let (literals, distances) = (257 + bits.take(5)?, 1 + bits.take(5)?);
    let given = 4 + bits.take(4)?;
    let mut first = [0; 19];
    for &place in &ORDER[..given] {
        first[place] = bits.take(3)? as u8;
    }
    let first = Codes::new(&first)?;
    let mut lengths: Vec<u8> = Vec::with_capacity(literals + distances);
    while lengths.len() < literals + distances {
        let (length, times) = match first.read(bits)? {
            16 => (*lengths.last()?, 3 + bits.take(2)?),
            17 => (0, 3 + bits.take(3)?),
            18 => (0, 11 + bits.take(7)?),
            length => (length as u8, 1),
        };
        lengths.resize(lengths.len() + times, length);
    }
    let (literals, distances) = lengths.split_at_checked(literals).filter(|(_, rest)| rest.len() == distances)?;
    Some((Codes::new(literals)?, Codes::new(distances)?))
}

/// Bytes as they are.
fn stored(bits: &mut Bits<'_>, out: &mut Vec<u8>, size: usize) -> Option<()> {
    bits.take(bits.count % 8)?;
    let (head, rest) = bits.bytes().split_first_chunk::<4>()?;
    let length = u16::from_le_bytes([head[0], head[1]]);
    let inverse = u16::from_le_bytes([head[2], head[3]]);
    let text = rest.get(..usize::from(length)).filter(|text| length == !inverse && out.len() + text.len() <= size)?;
    out.extend_from_slice(text);
    bits.at += 4 + usize::from(length);
    Some(())
}

fn coded(bits: &mut Bits<'_>, out: &mut Vec<u8>, size: usize, (literals, distances): &Alphabets) -> Option<()> {
    loop {
        match literals.read(bits)? {
            END => return Some(()),
            literal @ 0..END if out.len() < size => out.push(literal as u8),
            code @ 257.. => {
                let (least, more) = *LENGTHS.get(usize::from(code) - 257)?;
                let length = usize::from(least) + bits.take(more.into())?;
                let (least, more) = *DISTANCES.get(usize::from(distances.read(bits)?))?;
                let distance = usize::from(least) + bits.take(more.into())?;
                let from = out.len().checked_sub(distance).filter(|_| out.len() + length <= size)?;
                repeat(out, from, length);
            }
            _ => return None,
        }
    }
}

/// Appends what stands at `from`; it may reach into what it appends.
fn repeat(out: &mut Vec<u8>, from: usize, mut length: usize) {
    while length > 0 {
        let there = (out.len() - from).min(length);
        out.extend_from_within(from..from + there);
        length -= there;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::inflate;

    /// With the codes that the format knows by itself.
    const FIXED: &[u8] = &[
        0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x57, 0xc8, 0x40, 0x27, 0x75, 0x14, 0x94, 0x8a, 0xb3, 0x33, 0x73, 0x72, 0x94,
        0xac, 0x94, 0x52, 0x52, 0x0b, 0x72, 0xf2, 0x2b, 0x95, 0x00,
    ];

    /// With codes of its own: forty objects of a skill and a number, as zlib packs them.
    const DYNAMIC: &[u8] = &[
        0x75, 0xd0, 0xbb, 0x0d, 0x02, 0x41, 0x10, 0x04, 0xd1, 0x5c, 0xd6, 0xc6, 0xd8, 0xf9, 0xed, 0xcc, 0x5c, 0x3c,
        0x60, 0x20, 0x4e, 0x80, 0x84, 0x85, 0x4e, 0x97, 0x3b, 0x09, 0x50, 0x6e, 0x97, 0xd4, 0xc6, 0x3b, 0xc6, 0xe7,
        0x71, 0xdf, 0xf7, 0xb1, 0x8d, 0xeb, 0xed, 0xbd, 0xbf, 0xbe, 0xe3, 0x32, 0x9e, 0x63, 0x9b, 0xe7, 0xf1, 0x77,
        0x6f, 0x69, 0x28, 0x65, 0x05, 0x25, 0x23, 0xa1, 0xac, 0x5c, 0x50, 0xa2, 0x83, 0x8a, 0x38, 0x14, 0x37, 0x83,
        0x62, 0xa1, 0x50, 0x34, 0x05, 0x8a, 0x34, 0x19, 0xc8, 0x24, 0x03, 0x25, 0x82, 0x76, 0x22, 0xa8, 0x45, 0x04,
        0x59, 0x44, 0x90, 0x93, 0x08, 0x96, 0x12, 0x41, 0x38, 0x11, 0xf8, 0x22, 0x02, 0x2b, 0x22, 0xd0, 0x46, 0x02,
        0x21, 0x03, 0x31, 0x32, 0x08, 0x22, 0xe8, 0x24, 0x82, 0x6a, 0x22, 0x28, 0x21, 0x82, 0x34, 0x22, 0x58, 0x41,
        0x04, 0x91, 0x44, 0xe0, 0x45, 0x04, 0x3e, 0x89, 0xc0, 0x94, 0x08, 0xd4, 0xc9, 0x40, 0x16, 0x1a, 0x10, 0x01,
        0x01, 0xb4, 0x2a, 0x5e, 0xc9, 0xf9, 0x03,
    ];

    fn forty() -> String {
        let each: Vec<String> =
            (0..40).map(|i| format!("{{\"skill\":\"deploy\",\"n\":{}}}", i * 7919 % 1000)).collect();
        each.concat()
    }

    #[test]
    fn each_kind_of_block_gives_what_was_packed() {
        let text = "hello hello hello hello, \"skill\":\"deploy\"";
        assert_eq!(inflate(FIXED, text.len()).as_deref(), Some(text.as_bytes()));
        assert_eq!(inflate(DYNAMIC, forty().len()), Some(forty().into_bytes()));
        assert_eq!(inflate(&[1, 3, 0, 0xfc, 0xff, b'a', b'b', b'c'], 3), Some(b"abc".to_vec()));
        assert_eq!(inflate(&[3, 0], 0), Some(Vec::new()));
    }

    #[test]
    fn another_size_or_a_missing_end_is_nothing() {
        let size = forty().len();
        assert_eq!([inflate(DYNAMIC, size - 1), inflate(DYNAMIC, size + 1)], [None, None]);
        (0..DYNAMIC.len()).for_each(|end| assert_eq!(inflate(&DYNAMIC[..end], size), None));
        assert_eq!(inflate(&[1, 3, 0, 0xfc, 0xfe, b'a', b'b', b'c'], 3), None);
        assert_eq!(inflate(&[7], 0), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_taken_without_harm(bytes in prop::collection::vec(any::<u8>(), 0..300), size in 0_usize..5000) {
            prop_assert!(inflate(&bytes, size).is_none_or(|out| out.len() == size));
        }

        #[test]
        fn one_changed_bit_does_no_harm(at in 0..DYNAMIC.len() * 8) {
            let mut bytes = DYNAMIC.to_vec();
            bytes[at / 8] ^= 1 << (at % 8);
            let size = forty().len();
            prop_assert!(inflate(&bytes, size).is_none_or(|out| out.len() == size));
        }
    }
}

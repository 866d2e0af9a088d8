//! Sieves: places in a text whose bytes may begin a pattern, found 64 at a time and by vector instructions where there
//! are any.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "aarch64")]
mod neon;

/// How many bytes one mask covers.
pub(super) const BLOCK: usize = 64;
/// How many masks are made at a time.
const MASKS: usize = 16;

/// How many bytes are looked at for one mask: its block, and what the last places in it need of the next one.
pub(super) const WINDOW: usize = BLOCK + 16;

/// What each of `N` bytes in a row may be, for eight groups of patterns at once: a place stays when there is a group
/// that has all of them.
///
/// A byte belongs to a group when both its halves do, so that a group also has bytes that nobody put into it. A group
/// with any letter has it in both cases.
pub(super) struct Sieve<const N: usize> {
    /// The groups of the lower and of the upper half of each byte, one bit for each.
    low: [[u8; 16]; N],
    high: [[u8; 16]; N],
}

impl<const N: usize> Sieve<N> {
    pub(super) const fn new() -> Self {
        Self { low: [[0; 16]; N], high: [[0; 16]; N] }
    }

    /// Puts a byte into a group; not one of the first control characters, so that no group has the zero byte.
    pub(super) const fn add(&mut self, place: usize, byte: u8, group: usize) {
        assert!(byte >= 16, "zero bytes stand for what is behind a text");
        let bit = 1 << group;
        let (low, high) = ((byte & 15) as usize, (byte >> 4) as usize);
        self.low[place][low] |= bit;
        self.high[place][high] |= bit;
        if byte.is_ascii_alphabetic() {
            self.high[place][high ^ 2] |= bit;
        }
    }

    /// The groups that have the bytes at `at`, one bit for each.
    pub(super) fn groups(&self, text: &[u8], at: usize) -> u8 {
        let Some(bytes) = text.get(at..).and_then(|rest| rest.first_chunk::<N>()) else { return 0 };
        let halves = self.low.iter().zip(&self.high).zip(bytes);
        halves.fold(u8::MAX, |groups, ((low, high), byte)| {
            groups & low[usize::from(byte & 15)] & high[usize::from(byte >> 4)]
        })
    }

    /// Calls `visit` with the offset of a block and its mask, one bit for each place that stays.
    ///
    /// The visitor says where the next block is that it wants to see: the next one or any further on.
    pub(super) fn blocks(&self, text: &[u8], mut visit: impl FnMut(usize, u64) -> Option<usize>) {
        let mut masks = [0; MASKS];
        let mut from = 0;
        while from < text.len() {
            self.fill(text, from, &mut masks);
            let end = text.len().min(from + MASKS * BLOCK);
            let mut at = from;
            while at < end {
                match visit(at, masks[(at - from) / BLOCK]) {
                    Some(next) => at = next,
                    None => return,
                }
            }
            from = at;
        }
    }

    /// The mask of the block that a window begins with.
    pub(super) fn first_block(&self, window: &[u8; WINDOW]) -> u64 {
        let mut mask = 0;
        self.fill(window, 0, std::slice::from_mut(&mut mask));
        mask
    }

    /// One mask for each block of the text from `from`, as many as there are and `masks` holds.
    fn fill(&self, text: &[u8], from: usize, masks: &mut [u64]) {
        #[cfg(target_arch = "x86_64")]
        if std::arch::is_x86_feature_detected!("avx2") {
            // SAFETY: the processor has the instructions.
            return unsafe { avx2::fill(self, text, from, masks) };
        }
        #[cfg(target_arch = "aarch64")]
        return neon::fill(self, text, from, masks);
        #[cfg(not(target_arch = "aarch64"))]
        self.fill_portably(text, from, masks);
    }

    #[cfg(any(test, not(target_arch = "aarch64")))]
    fn fill_portably(&self, text: &[u8], from: usize, masks: &mut [u64]) {
        for (mask, at) in masks.iter_mut().zip((from..text.len()).step_by(BLOCK)) {
            *mask = (0..BLOCK).fold(0, |bits, place| bits | u64::from(self.groups(text, at + place) != 0) << place);
        }
    }
}

/// The first block of a text and what follows it; behind a text are zero bytes, which no group has.
#[inline]
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
fn window<'a>(text: &'a [u8], padded: &'a mut [u8; WINDOW]) -> &'a [u8; WINDOW] {
    if let Some(window) = text.first_chunk() {
        return window;
    }
    *padded = [0; WINDOW];
    padded[..text.len()].copy_from_slice(text);
    padded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{BLOCK, MASKS, Sieve};

    /// A sieve of the given bytes, one of them for each place of each group in turn.
    fn sieve<const N: usize>(bytes: &[u8]) -> Sieve<N> {
        let mut sieve = Sieve::new();
        for (index, &byte) in bytes.iter().enumerate() {
            sieve.add(index % N, byte, index / N % 8);
        }
        sieve
    }

    /// The places that stay, by the masks of blocks.
    fn places<const N: usize>(sieve: &Sieve<N>, text: &[u8]) -> Vec<usize> {
        let mut places = Vec::new();
        sieve.blocks(text, |at, bits| {
            places.extend((0..BLOCK).filter(|place| bits >> place & 1 != 0).map(|place| at + place));
            Some(at + BLOCK)
        });
        places
    }

    fn alike<const N: usize>(bytes: &[u8], text: &[u8]) -> Result<(), TestCaseError> {
        let sieve = sieve::<N>(bytes);
        let wanted: Vec<_> = (0..text.len()).filter(|&at| sieve.groups(text, at) != 0).collect();
        prop_assert_eq!(places(&sieve, text), wanted);
        for from in (0..text.len()).step_by(BLOCK) {
            let (mut masks, mut portable) = ([0; MASKS], [0; MASKS]);
            sieve.fill(text, from, &mut masks);
            sieve.fill_portably(text, from, &mut portable);
            prop_assert_eq!(masks, portable);
        }
        Ok(())
    }

    #[test]
    fn what_was_put_in_stays_in_both_cases() {
        let sieve = sieve::<3>(b"key:\\/");
        for (text, groups) in [("key", 1), ("KeY", 1), ("KEY", 1), (":\\/", 2), ("ke", 0), ("kez", 0), ("", 0)] {
            assert_eq!(sieve.groups(text.as_bytes(), 0), groups, "{text}");
        }
    }

    #[test]
    fn visitors_may_skip_and_stop() {
        let text = [b'a'; 5000];
        let mut seen = Vec::new();
        sieve::<1>(b"a").blocks(&text, |at, bits| {
            seen.push((at, bits));
            let next = [BLOCK, 3 * BLOCK, 30 * BLOCK][seen.len() - 1..].first();
            (seen.len() < 3).then(|| at + next.unwrap_or(&BLOCK))
        });
        assert_eq!(seen, [(0, u64::MAX), (BLOCK, u64::MAX), (4 * BLOCK, u64::MAX)]);
    }

    proptest! {
        #![proptest_config(crate::redact::tests::config())]

        #[test]
        fn vectors_find_what_bytes_find(
            bytes in prop::collection::vec(16u8.., 0..30),
            text in prop::collection::vec(prop_oneof![any::<u8>(), 0x60u8..0x70], 0..2500),
            cut in 0usize..80,
        ) {
            let text = &text[cut.min(text.len())..];
            alike::<3>(&bytes, text)?;
            alike::<1>(&bytes, text)?;
        }
    }
}

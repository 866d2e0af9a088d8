//! Long runs of word bytes, found 64 bytes at a time.

use super::bytes::{WORD, run_end};
use super::sieve::{BLOCK, Sieve, WINDOW};

/// Calls `visit` with every maximal run of at least `LEAST` word bytes (at most 64), until it returns false.
///
/// Ordinary text is full of short words whose ends nobody can predict, so blocks are turned into masks without branches.
pub(super) fn long_runs<const LEAST: u32>(text: &[u8], mut visit: impl FnMut(usize, usize) -> bool) {
    // `carry` word bytes stand right before the block; what is before `from` has been visited.
    let (mut from, mut carry) = (0, 0);
    WORDS.blocks(text, |at, bits| {
        // Most blocks have no long run in them, which shows at once: one would fill a byte of this mask or of the last.
        if LEAST >= 16 && carry < 8 && !has_full_byte(bits) {
            carry = bits.leading_ones();
            return Some(at + BLOCK);
        }
        let mut bits = bits & u64::MAX.unbounded_shl(width(from, at));
        let lead = bits.trailing_ones();
        if carry > 0 && carry + lead >= LEAST {
            let start = at - carry as usize;
            from = run_end(text, at, WORD);
            if !visit(start, from) {
                return None;
            }
            bits &= u64::MAX.unbounded_shl(width(from, at));
        }
        while let start @ 0..64 = starts::<LEAST>(bits).trailing_zeros() {
            let start = at + start as usize;
            from = run_end(text, start, WORD);
            if !visit(start, from) {
                return None;
            }
            bits &= u64::MAX.unbounded_shl(width(from, at));
        }
        carry = bits.leading_ones();
        let next = at + BLOCK;
        // Blocks that lie inside of a run need not be looked at.
        Some(if from > next + BLOCK { from / BLOCK * BLOCK } else { next })
    });
}

/// Whether the block that a window begins with has a run of at least `LEAST` word bytes.
pub(super) fn has_long_run<const LEAST: u32>(window: &[u8; WINDOW]) -> bool {
    starts::<LEAST>(WORDS.first_block(window)) != 0
}

/// Whether eight bits in a row are set, from a multiple of eight on.
const fn has_full_byte(bits: u64) -> bool {
    let (ones, tops) = (u64::MAX / 255, (u64::MAX / 255) << 7);
    (!bits).wrapping_sub(ones) & bits & tops != 0
}

/// How many bits of the block at `at` lie before `from`.
fn width(from: usize, at: usize) -> u32 {
    u32::try_from(from.saturating_sub(at)).unwrap_or(u32::MAX)
}

/// The word bytes.
static WORDS: Sieve<1> = words();

const fn words() -> Sieve<1> {
    let mut sieve = Sieve::new();
    let mut byte = 0;
    while byte < 128 {
        if super::bytes::is(byte, WORD) {
            let group = match byte {
                b'_' => 3,
                b'-' => 4,
                b'0'..=b'9' => 2,
                _ => (byte >> 4 & 1) as usize,
            };
            sieve.add(0, byte, group);
        }
        byte += 1;
    }
    sieve
}

/// The bits at which `LEAST` bits in a row begin.
const fn starts<const LEAST: u32>(mut bits: u64) -> u64 {
    let mut have = 1;
    while have < LEAST {
        let step = if have < LEAST - have { have } else { LEAST - have };
        bits &= bits >> step;
        have += step;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::{WORD, WORDS, long_runs};
    use crate::redact::bytes::is;

    fn runs<const LEAST: u32>(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        long_runs::<LEAST>(text.as_bytes(), |start, end| {
            found.push(&text[start..end]);
            true
        });
        found
    }

    #[test]
    fn finds_long_runs() {
        assert_eq!(runs::<4>("ab abcd abc.abcde"), ["abcd", "abcde"]);
        assert_eq!(runs::<4>("abcd"), ["abcd"]);
        assert_eq!(runs::<4>("abc"), [""; 0]);
        assert_eq!(runs::<4>("....abcdefghij....a_-9@`[{"), ["abcdefghij", "a_-9"]);
        let long = "x".repeat(300);
        assert_eq!(runs::<20>(&format!("{long} {long}.{long}")), [&long; 3]);
    }

    #[test]
    fn the_sieve_has_the_word_bytes_and_no_others() {
        for byte in 0..=u8::MAX {
            assert_eq!(WORDS.groups(&[byte], 0) != 0, is(byte, WORD), "{byte:#x}");
        }
    }

    proptest::proptest! {
        #![proptest_config(crate::redact::tests::config())]

        #[test]
        fn finds_runs_around_every_border(shift in 0usize..140, length in 0usize..200, next in 0usize..30) {
            let text = format!("{}{}.{}", ".".repeat(shift), "x".repeat(length), "y".repeat(next));
            let wanted: Vec<_> = text.split('.').filter(|run| run.len() >= 20).collect();
            proptest::prop_assert_eq!(runs::<20>(&text), wanted);
        }

        #[test]
        fn finds_what_splitting_finds(text in "([a-z]{0,30}[. ]{1,3}){0,20}[a-z]{0,90}") {
            let wanted = |least| text.split(['.', ' ']).filter(|run| run.len() >= least).collect::<Vec<_>>();
            proptest::prop_assert_eq!(runs::<20>(&text), wanted(20));
            proptest::prop_assert_eq!(runs::<7>(&text), wanted(7));
            proptest::prop_assert_eq!(runs::<1>(&text), wanted(1));
        }
    }
}

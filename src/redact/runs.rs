//! Long runs of word bytes, found 64 bytes at a time.

use super::bytes::{WORD, run_end};

/// Calls `visit` with every maximal run of at least `LEAST` word bytes (at most 64), until it returns false.
///
/// Ordinary text is full of short words whose ends nobody can predict, so blocks are turned into masks without branches.
pub(super) fn long_runs<const LEAST: u32>(text: &[u8], mut visit: impl FnMut(usize, usize) -> bool) {
    // `carry` word bytes stand right before the block at `at`; what is before `from` has been visited.
    let (mut at, mut from, mut carry) = (0, 0, 0);
    while at < text.len() {
        let mut bits = mask(text, at) & (u64::MAX.unbounded_shl(width(from, at)));
        let lead = bits.trailing_ones();
        if carry > 0 && carry + lead >= LEAST {
            let start = at - carry as usize;
            from = run_end(text, at, WORD);
            if !visit(start, from) {
                return;
            }
            bits &= u64::MAX.unbounded_shl(width(from, at));
        }
        while let start @ 0..64 = starts::<LEAST>(bits).trailing_zeros() {
            let start = at + start as usize;
            from = run_end(text, start, WORD);
            if !visit(start, from) {
                return;
            }
            bits &= u64::MAX.unbounded_shl(width(from, at));
        }
        carry = bits.leading_ones();
        at += 64;
        // Blocks that lie inside of a run need not be looked at.
        if from > at + 64 {
            at = from / 64 * 64;
        }
    }
}

/// How many bits of the block at `at` lie before `from`.
fn width(from: usize, at: usize) -> u32 {
    u32::try_from(from.saturating_sub(at)).unwrap_or(u32::MAX)
}

/// One bit for each of the 64 bytes at `at`: whether it is a word byte.
#[inline]
fn mask(text: &[u8], at: usize) -> u64 {
    let flags =
        text[at..].first_chunk::<64>().map_or_else(|| padded(&text[at..]).map(is_word), |block| block.map(is_word));
    let (bytes, _) = flags.as_chunks::<8>();
    bytes.iter().rev().fold(0, |bits, bytes| bits << 8 | gather(u64::from_le_bytes(*bytes)))
}

/// The last bytes of a text, and nothing behind them.
fn padded(rest: &[u8]) -> [u8; 64] {
    let mut block = [0; 64];
    block[..rest.len()].copy_from_slice(rest);
    block
}

/// Moves the lowest bit of each byte into the lowest byte.
const fn gather(flags: u64) -> u64 {
    flags.wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// As the table of classes has it, but in a form that compilers turn into vector instructions.
#[inline]
#[expect(
    clippy::needless_bitwise_bool,
    reason = "a lazy operator is a branch, and branches are no vector instructions"
)]
fn is_word(byte: u8) -> u8 {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    let digit = byte.wrapping_sub(b'0') < 10;
    u8::from(letter | digit | (byte == b'_') | (byte == b'-'))
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
    use super::long_runs;

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

    proptest::proptest! {
        #[test]
        fn finds_what_splitting_finds(text in "([a-z]{0,30}[. ]{1,3}){0,20}[a-z]{0,90}") {
            let wanted = |least| text.split(['.', ' ']).filter(|run| run.len() >= least).collect::<Vec<_>>();
            proptest::prop_assert_eq!(runs::<20>(&text), wanted(20));
            proptest::prop_assert_eq!(runs::<7>(&text), wanted(7));
            proptest::prop_assert_eq!(runs::<1>(&text), wanted(1));
        }
    }
}

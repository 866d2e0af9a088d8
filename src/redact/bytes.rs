//! Classes of bytes, and runs of them.

/// ASCII letters, digits, `_` and `-`: what keys and base64url are made of.
pub(super) const WORD: u8 = 1;
/// Both alphabets of base64, without padding.
pub(super) const BASE64: u8 = 1 << 1;
/// ASCII letters and digits.
pub(super) const ALNUM: u8 = 1 << 2;
/// Hexadecimal digits in lower case.
pub(super) const HEX: u8 = 1 << 3;
/// Capitals and digits.
pub(super) const UPPER: u8 = 1 << 4;
/// What a bearer credential may consist of.
pub(super) const CREDENTIAL: u8 = 1 << 5;
/// What a name in running text may consist of.
pub(super) const NAME: u8 = 1 << 6;
/// Word bytes, `.` and `~`.
pub(super) const DOTTED: u8 = 1 << 7;

static CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        let alnum = byte.is_ascii_alphanumeric();
        let dash = matches!(byte, b'_' | b'-');
        let mut class = 0;
        if alnum {
            class |= ALNUM;
        }
        if alnum || dash {
            class |= WORD | NAME | DOTTED | CREDENTIAL | BASE64;
        }
        if matches!(byte, b'+' | b'/') {
            class |= BASE64 | CREDENTIAL;
        }
        if matches!(byte, b'=') {
            class |= CREDENTIAL;
        }
        if matches!(byte, b'.') {
            class |= CREDENTIAL | NAME | DOTTED;
        }
        if matches!(byte, b'~') {
            class |= CREDENTIAL | DOTTED;
        }
        if matches!(byte, b'0'..=b'9' | b'a'..=b'f') {
            class |= HEX;
        }
        if matches!(byte, b'0'..=b'9' | b'A'..=b'Z') {
            class |= UPPER;
        }
        table[byte as usize] = class;
        byte += 1;
    }
    table
}

/// Whether a byte belongs to any of the classes.
pub(super) fn is(byte: u8, class: u8) -> bool {
    CLASSES[usize::from(byte)] & class != 0
}

/// The end of the run of a class that begins at `at`.
pub(super) fn run_end(text: &[u8], at: usize, class: u8) -> usize {
    text[at..].iter().position(|&byte| !is(byte, class)).map_or(text.len(), |found| at + found)
}

/// The start of the run of a class that ends at `at`, looking at most `most` bytes back.
pub(super) fn run_start(text: &[u8], at: usize, class: u8, most: usize) -> usize {
    let least = at.saturating_sub(most);
    (least..at).rev().take_while(|&index| is(text[index], class)).last().unwrap_or(at)
}

/// Whether the text at `at` is `word`, which is in lower case, in any case.
pub(super) fn is_at(text: &[u8], at: usize, word: &[u8]) -> bool {
    text.get(at..at + word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word))
}

/// Whether `word`, which is in lower case, occurs in a short text in any case.
pub(super) fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|found| found.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::{WORD, run_start};

    #[test]
    fn looks_back_no_further_than_told() {
        assert_eq!(run_start(b"a.bcd", 5, WORD, 2), 3);
        assert_eq!(run_start(b"a.bcd", 5, WORD, 9), 2);
    }
}

//! Classes of bytes, and runs of them.

/// ASCII letters, digits, `_` and `-`: what keys and base64url are made of.
pub(super) const WORD: u16 = 1;
/// Both alphabets of base64, without padding.
pub(super) const BASE64: u16 = 1 << 1;
/// ASCII letters and digits.
pub(super) const ALNUM: u16 = 1 << 2;
/// Hexadecimal digits in lower case.
pub(super) const HEX: u16 = 1 << 3;
/// Capitals and digits.
pub(super) const UPPER: u16 = 1 << 4;
/// What a bearer credential may consist of.
pub(super) const CREDENTIAL: u16 = 1 << 5;
/// What a name in running text may consist of.
pub(super) const NAME: u16 = 1 << 6;
/// Word bytes, `.` and `~`.
pub(super) const DOTTED: u16 = 1 << 7;
/// What the path of a webhook may consist of, in raw JSON too.
pub(super) const PATH: u16 = 1 << 8;

static CLASSES: [u16; 256] = classes();

const fn classes() -> [u16; 256] {
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
        if alnum || dash || matches!(byte, b'.' | b'@' | b'/' | b'\\') {
            class |= PATH;
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
pub(super) const fn is(byte: u8, class: u16) -> bool {
    CLASSES[byte as usize] & class != 0
}

/// The end of the run of a class that begins at `at`.
pub(super) fn run_end(text: &[u8], at: usize, class: u16) -> usize {
    text[at..].iter().position(|&byte| !is(byte, class)).map_or(text.len(), |found| at + found)
}

/// The start of the run of a class that ends at `at`, looking at most `most` bytes back.
pub(super) fn run_start(text: &[u8], at: usize, class: u16, most: usize) -> usize {
    let least = at.saturating_sub(most);
    (least..at).rev().take_while(|&index| is(text[index], class)).last().unwrap_or(at)
}

/// Whether the text at `at` is `word`, which is in lower case, in any case.
pub(super) fn is_at(text: &[u8], at: usize, word: &[u8]) -> bool {
    let same = |(found, wanted): (&u8, &u8)| found.to_ascii_lowercase() == *wanted;
    text.get(at..at + word.len()).is_some_and(|found| found.iter().zip(word).all(same))
}

/// Where the spaces and tabs at `at` end.
pub(super) fn skip_blanks(text: &[u8], at: usize) -> usize {
    at + text[at..].iter().take(16).take_while(|&&byte| matches!(byte, b' ' | b'\t')).count()
}

/// Whether any byte is of a kind: 16 at a time and without branches, because hostile text has the same bytes looked at
/// again and again.
#[inline]
pub(super) fn any(text: &[u8], is: impl Fn(u8) -> bool) -> bool {
    let among = |bytes: &[u8]| bytes.iter().fold(false, |found, &byte| found | is(byte));
    match text.last_chunk::<16>() {
        Some(last) => text.as_chunks::<16>().0.iter().any(|bytes| among(bytes)) || among(last),
        None => among(text),
    }
}

/// The first byte of a kind, found the same way where it is not near.
#[inline]
pub(super) fn find(text: &[u8], is: impl Fn(u8) -> bool) -> Option<usize> {
    let near = text.len().min(8);
    text[..near].iter().position(|&byte| is(byte)).or_else(|| {
        let chunks = text[near..].as_chunks::<16>().0.iter();
        let none = |bytes: &&[u8; 16]| !bytes.iter().fold(false, |found, &byte| found | is(byte));
        let from = near + chunks.take_while(none).count() * 16;
        text[from..].iter().position(|&byte| is(byte)).map(|found| from + found)
    })
}

pub(super) fn has_digit(text: &[u8]) -> bool {
    any(text, |byte| byte.is_ascii_digit())
}

/// Whether there are letters in both cases.
pub(super) fn has_both_cases(text: &[u8]) -> bool {
    any(text, |byte| byte.is_ascii_lowercase()) && any(text, |byte| byte.is_ascii_uppercase())
}

/// Whether `word`, which is in lower case, occurs in a short text in any case.
pub(super) fn contains(text: &[u8], word: &[u8]) -> bool {
    text.windows(word.len()).any(|found| found.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::{WORD, any, run_start};

    #[test]
    fn any_byte_counts_wherever_it_stands() {
        for length in 0..70 {
            let mut text = vec![b'a'; length];
            assert!(!any(&text, |byte| byte == b'b'), "{length}");
            for at in 0..length {
                text[at] = b'b';
                assert!(any(&text, |byte| byte == b'b'), "{at} of {length}");
                text[at] = b'a';
            }
        }
    }

    #[test]
    fn looks_back_no_further_than_told() {
        assert_eq!(run_start(b"a.bcd", 5, WORD, 2), 3);
        assert_eq!(run_start(b"a.bcd", 5, WORD, 9), 2);
    }
}

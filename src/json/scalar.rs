//! What JSON text has besides containers: strings, numbers and words, walked over several bytes at a time.
//!
//! The error is the offset of the first byte that no JSON text could have there.

use super::lanes::{first_other_than_digit, first_special};

/// Walks over a string, a number, `true`, `false` or `null`.
#[inline]
pub(super) fn skip_scalar(text: &[u8], at: usize) -> Result<usize, usize> {
    match text.get(at) {
        Some(b'"') => skip_string(text, at),
        Some(b'-' | b'0'..=b'9') => skip_number(text, at),
        Some(b't') => skip_word(text, at, b"true"),
        Some(b'f') => skip_word(text, at, b"false"),
        Some(b'n') => skip_word(text, at, b"null"),
        _ => Err(at),
    }
}

/// Walks over the string whose opening quote is at `open`.
#[inline]
pub(super) fn skip_string(text: &[u8], open: usize) -> Result<usize, usize> {
    let mut at = open + 1;
    loop {
        at = skip_plain(text, at);
        match text.get(at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => at = skip_escape(text, at)?,
            _ => return Err(at),
        }
    }
}

/// Offset of the first quote, backslash or control character at or after `at`, sixteen bytes at a time.
#[inline]
fn skip_plain(text: &[u8], mut at: usize) -> usize {
    while let Some(bytes) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let place = first_special(bytes);
        if place < bytes.len() {
            return at + place;
        }
        at += bytes.len();
    }
    while text.get(at).is_some_and(|&byte| byte >= 0x20 && byte != b'"' && byte != b'\\') {
        at += 1;
    }
    at
}

/// Walks over the escape whose backslash is at `at`.
fn skip_escape(text: &[u8], at: usize) -> Result<usize, usize> {
    match text.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Ok(at + 2),
        Some(b'u') => {
            let wrong = (at + 2..at + 6).find(|&i| !text.get(i).is_some_and(u8::is_ascii_hexdigit));
            wrong.map_or(Ok(at + 6), Err)
        }
        _ => Err(at + 1),
    }
}

#[inline]
fn skip_word(text: &[u8], at: usize, word: &[u8]) -> Result<usize, usize> {
    if text[at..].starts_with(word) {
        return Ok(at + word.len());
    }
    let wrong = word.iter().enumerate().find(|&(i, byte)| text.get(at + i) != Some(byte));
    Err(wrong.map_or(at, |(i, _)| at + i))
}

/// Offset of the first byte at or after `at` that is no digit.
#[inline]
fn skip_digits(text: &[u8], mut at: usize) -> usize {
    while let Some(bytes) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let place = first_other_than_digit(bytes);
        if place < bytes.len() {
            return at + place;
        }
        at += bytes.len();
    }
    while matches!(text.get(at), Some(b'0'..=b'9')) {
        at += 1;
    }
    at
}

/// Walks over at least one digit.
#[inline]
fn skip_some_digits(text: &[u8], at: usize) -> Result<usize, usize> {
    let end = skip_digits(text, at);
    if end > at { Ok(end) } else { Err(at) }
}

#[inline]
fn skip_number(text: &[u8], mut at: usize) -> Result<usize, usize> {
    if text[at] == b'-' {
        at += 1;
    }
    at = if text.get(at) == Some(&b'0') { at + 1 } else { skip_some_digits(text, at)? };
    if text.get(at) == Some(&b'.') {
        at = skip_some_digits(text, at + 1)?;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        at += 1;
        if matches!(text.get(at), Some(b'+' | b'-')) {
            at += 1;
        }
        at = skip_some_digits(text, at)?;
    }
    Ok(at)
}

#[cfg(test)]
mod tests {
    use super::{skip_digits, skip_plain};

    #[test]
    fn stops_in_a_string_where_it_is_special() {
        for length in 0..40 {
            for special in [b'"', b'\\', 0x1f, 0, b'a', 0x20, 0x7f, 0x80, 0xff, b'#', b'[', b']'] {
                let mut text = vec![b'x'; length];
                text.push(special);
                text.extend([0xc3; 9]);
                let stop = if special < 0x20 || special == b'"' || special == b'\\' { length } else { text.len() };
                assert_eq!(skip_plain(&text, 0), stop, "{special} behind {length}");
            }
        }
    }

    #[test]
    fn stops_behind_the_last_digit() {
        for length in 0..40 {
            for other in (0..=u8::MAX).filter(|byte| !byte.is_ascii_digit()) {
                for behind in [b'7', 0xff, 0] {
                    let mut text: Vec<u8> = (0..length).map(|i| b'0' + (i % 10)).collect();
                    text.push(other);
                    text.extend([behind; 9]);
                    let expected = usize::from(length);
                    assert_eq!(skip_digits(&text, 0), expected, "{other} behind {length}");
                    assert_eq!(skip_digits(&text[..expected], 0), expected);
                }
            }
        }
    }
}

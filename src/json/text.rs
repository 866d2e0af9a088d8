//! The text of JSON strings: decoding to WTF-8, and measures in UTF-16 units.

use std::borrow::Cow;

use memchr::memchr;

/// The text of a JSON string token (quotes included), as WTF-8.
///
/// The token must have passed the scanner. Invalid UTF-8 becomes U+FFFD, as when JavaScript reads the file.
#[must_use]
pub fn decode(token: &[u8]) -> Cow<'_, [u8]> {
    let inner = &token[1..token.len() - 1];
    if inner.is_ascii() && !inner.contains(&b'\\') {
        return Cow::Borrowed(inner);
    }
    match memchr(b'\\', inner) {
        None => decode_lossy(inner),
        Some(first) => Cow::Owned(unescape(&decode_lossy(inner), first)),
    }
}

/// The text of a key token, to be compared with an ASCII name: like [`decode`], but invalid UTF-8 stays as it is.
#[must_use]
pub fn key_name(token: &[u8]) -> Cow<'_, [u8]> {
    let inner = &token[1..token.len() - 1];
    if inner.contains(&b'\\') { decode(token) } else { Cow::Borrowed(inner) }
}

/// Bytes as JavaScript would read them: each invalid sequence becomes U+FFFD.
#[must_use]
pub fn decode_lossy(bytes: &[u8]) -> Cow<'_, [u8]> {
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(text) => Cow::Borrowed(text.as_bytes()),
        Cow::Owned(text) => Cow::Owned(text.into_bytes()),
    }
}

fn unescape(inner: &[u8], first: usize) -> Vec<u8> {
    // An invalid sequence before `first` may have grown; start where nothing can have moved.
    let mut at = if inner.get(first) == Some(&b'\\') { first } else { 0 };
    let mut out = Vec::with_capacity(inner.len());
    out.extend_from_slice(&inner[..at]);
    while let Some(found) = memchr(b'\\', &inner[at..]) {
        out.extend_from_slice(&inner[at..at + found]);
        at += found;
        let plain = match inner[at + 1] {
            b'u' => {
                append_unit(&mut out, hex(&inner[at + 2..at + 6]));
                at += 6;
                continue;
            }
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            other => other,
        };
        out.push(plain);
        at += 2;
    }
    out.extend_from_slice(&inner[at..]);
    out
}

fn hex(digits: &[u8]) -> u16 {
    digits.iter().fold(0, |value, &digit| {
        let digit = (digit as char).to_digit(16).unwrap_or(0);
        (value << 4) | u16::try_from(digit).unwrap_or(0)
    })
}

/// Appends a UTF-16 unit; a low surrogate joins a high one that stands right before it.
fn append_unit(out: &mut Vec<u8>, unit: u16) {
    if (0xdc00..=0xdfff).contains(&unit)
        && let [.., 0xed, second @ 0xa0..=0xaf, third] = out[..]
    {
        let high = (u32::from(second & 0x0f) << 6) | u32::from(third & 0x3f);
        let point = 0x10000 + (high << 10) + u32::from(unit - 0xdc00);
        out.truncate(out.len() - 3);
        append_point(out, point);
    } else {
        append_point(out, u32::from(unit));
    }
}

#[expect(clippy::cast_possible_truncation, reason = "each byte is masked to its bits")]
pub(super) fn append_point(out: &mut Vec<u8>, point: u32) {
    let tail = |shift: u32| 0x80 | ((point >> shift) & 0x3f) as u8;
    match point {
        0..=0x7f => out.push(point as u8),
        0x80..=0x7ff => out.extend([0xc0 | (point >> 6) as u8, tail(0)]),
        0x800..=0xffff => out.extend([0xe0 | (point >> 12) as u8, tail(6), tail(0)]),
        _ => out.extend([0xf0 | (point >> 18) as u8, tail(12), tail(6), tail(0)]),
    }
}

/// Appends JSON text that has passed the scanner without the white space between its tokens.
pub fn append_compact(out: &mut Vec<u8>, text: &[u8]) {
    let mut in_string = false;
    let mut escaped = false;
    for &byte in text {
        if in_string || !byte.is_ascii_whitespace() {
            out.push(byte);
        }
        if escaped {
            escaped = false;
        } else if byte == b'"' {
            in_string = !in_string;
        } else {
            escaped = in_string && byte == b'\\';
        }
    }
}

/// Length of WTF-8 `text` in UTF-16 units, which is what JavaScript's `length` counts.
#[must_use]
pub fn utf16_len(text: &[u8]) -> usize {
    text.iter().map(|&byte| units(byte)).sum()
}

/// UTF-16 units that begin at this byte of WTF-8: none at a continuation byte, two at a four-byte lead.
const fn units(byte: u8) -> usize {
    match byte {
        0x80..=0xbf => 0,
        0xf0..=0xff => 2,
        _ => 1,
    }
}

/// The longest prefix of at most `limit` UTF-16 units that does not end inside a surrogate pair.
#[must_use]
pub fn truncate_utf16(text: &[u8], limit: usize) -> &[u8] {
    if text.len() <= limit {
        return text;
    }
    let mut taken = 0;
    for (at, &byte) in text.iter().enumerate() {
        taken += units(byte);
        if taken > limit {
            return &text[..at];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::{decode, truncate_utf16, utf16_len};
    use crate::json::quote;

    fn round(token: &str) -> String {
        quote(&decode(token.as_bytes()))
    }

    #[test]
    fn quotes_as_json_stringify() {
        assert_eq!(round(r#""a\"b\\c\/\b\f\n\r\té\u0001""#), r#""a\"b\\c/\b\f\n\r\té\u0001""#);
        assert_eq!(round(r#""\ud83d\udca5""#), "\"💥\"");
        assert_eq!(round(r#""\ud800x\udc00\uD83D""#), r#""\ud800x\udc00\ud83d""#);
        assert_eq!(quote(&decode(b"\"\xff\\n\"")), "\"\u{fffd}\\n\"");
    }

    #[test]
    fn compacts_between_tokens_only() {
        let mut out = Vec::new();
        super::append_compact(&mut out, b" { \"a b\" :\n[ 1,\t\"c \\\" d\\\\\" , { } ] }");
        assert_eq!(out, br#"{"a b":[1,"c \" d\\",{}]}"#);
    }

    #[test]
    fn measures_utf16() {
        let text = "aé💥".as_bytes();
        assert_eq!(utf16_len(text), 4);
        assert_eq!(truncate_utf16(text, 3), "aé".as_bytes());
        assert_eq!(truncate_utf16(text, 2), "aé".as_bytes());
        assert_eq!(truncate_utf16(text, 4), text);
    }
}

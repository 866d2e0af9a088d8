//! Writing JSON strings, byte for byte as `JSON.stringify` does.

use super::text::append_point;

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x80 * ONES;

/// The high bit of each byte that is not ASCII, a control character, a quote or a backslash. Bits above the lowest one that
/// is set may be wrong, because subtraction borrows (S. E. Anderson, "Bit Twiddling Hacks", "hasless").
const fn specials(word: u64) -> u64 {
    let quotes = word ^ (b'"' as u64 * ONES);
    let backslashes = word ^ (b'\\' as u64 * ONES);
    let low = word.wrapping_sub(0x20 * ONES) & !word;
    let same = (quotes.wrapping_sub(ONES) & !quotes) | (backslashes.wrapping_sub(ONES) & !backslashes);
    (word | low | same) & HIGHS
}

/// How many bytes come before the first that is not ASCII or cannot stand in a JSON string as it is.
fn plain_length(text: &[u8]) -> usize {
    let (words, rest) = text.as_chunks::<8>();
    for (index, &word) in words.iter().enumerate() {
        let found = specials(u64::from_le_bytes(word));
        if found != 0 {
            return index * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let is_special = |&byte: &u8| !(0x20..0x80).contains(&byte) || byte == b'"' || byte == b'\\';
    text.len() - rest.len() + rest.iter().position(is_special).unwrap_or(rest.len())
}

/// Appends WTF-8 `text` as a JSON string.
pub fn append_quoted(out: &mut Vec<u8>, mut text: &[u8]) {
    out.reserve(text.len() + 2);
    out.push(b'"');
    loop {
        let plain = plain_length(text);
        out.extend_from_slice(&text[..plain]);
        text = &text[plain..];
        let taken = match *text {
            [] => break,
            [0xed, second @ 0xa0..=0xbf, third @ 0x80..=0xbf, ..] => {
                append_escape(out, 0xd000 | (u16::from(second & 0x3f) << 6) | u16::from(third & 0x3f));
                3
            }
            [byte @ 0x80..=0xff, ..] => {
                out.push(byte);
                1
            }
            [byte, ..] => {
                append_escaped(out, byte);
                1
            }
        };
        text = &text[taken..];
    }
    out.push(b'"');
}

/// Appends UTF-16 text as a JSON string.
pub fn append_quoted_units(out: &mut Vec<u8>, units: &[u16]) {
    out.reserve(units.len() + 2);
    out.push(b'"');
    let mut block = [0; 32];
    let mut at = 0;
    while at < units.len() {
        let taken = narrow(&units[at..], &mut block);
        let plain = plain_length(&block[..taken]);
        out.extend_from_slice(&block[..plain]);
        at += plain;
        if plain < taken || taken == 0 {
            at += append_unit(out, &units[at..]);
        }
    }
    out.push(b'"');
}

/// Copies units that are ASCII into a block; gives how many: all that fit, or none.
#[expect(clippy::cast_possible_truncation, reason = "each unit is below 0x80")]
fn narrow(units: &[u16], block: &mut [u8; 32]) -> usize {
    let count = units.len().min(block.len());
    let mut all = 0;
    // Without an early end the compiler makes vectors of this.
    for (byte, &unit) in block.iter_mut().zip(&units[..count]) {
        all |= unit;
        *byte = unit as u8;
    }
    if all < 0x80 { count } else { 0 }
}

/// Appends what the first unit stands for, with the second one when they are a pair; gives how many it took.
fn append_unit(out: &mut Vec<u8>, units: &[u16]) -> usize {
    let unit = units[0];
    match unit {
        0..0x80 => match unit.to_le_bytes()[0] {
            byte @ (b'"' | b'\\' | 0..0x20) => append_escaped(out, byte),
            byte => out.push(byte),
        },
        0xd800..=0xdfff => {
            let second = units.get(1).copied().unwrap_or(0);
            if unit < 0xdc00 && (0xdc00..=0xdfff).contains(&second) {
                append_point(out, 0x10000 + (u32::from(unit - 0xd800) << 10) + u32::from(second - 0xdc00));
                return 2;
            }
            append_escape(out, unit);
        }
        _ => append_point(out, unit.into()),
    }
    1
}

/// Appends an ASCII character that cannot stand in a JSON string as it is.
fn append_escaped(out: &mut Vec<u8>, byte: u8) {
    match byte {
        b'"' => out.extend(b"\\\""),
        b'\\' => out.extend(b"\\\\"),
        0x08 => out.extend(b"\\b"),
        0x0c => out.extend(b"\\f"),
        b'\n' => out.extend(b"\\n"),
        b'\r' => out.extend(b"\\r"),
        b'\t' => out.extend(b"\\t"),
        control => append_escape(out, control.into()),
    }
}

fn append_escape(out: &mut Vec<u8>, unit: u16) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    out.extend(b"\\u");
    for shift in [12, 8, 4, 0] {
        out.push(DIGITS[usize::from((unit >> shift) & 0xf)]);
    }
}

/// Appends JSON text as a JSON string. JSON text holds no control characters and no bare surrogates.
pub fn append_quoted_json(out: &mut Vec<u8>, mut text: &[u8]) {
    out.reserve(text.len() + text.len() / 4 + 2);
    out.push(b'"');
    while let Some(at) = memchr::memchr2(b'"', b'\\', text) {
        out.extend_from_slice(&text[..at]);
        out.extend_from_slice(&[b'\\', text[at]]);
        text = &text[at + 1..];
    }
    out.extend_from_slice(text);
    out.push(b'"');
}

/// WTF-8 `text` as a JSON string.
///
/// ```
/// use obs_native::json::{decode, quote};
///
/// assert_eq!(quote(&decode(br#""\u0061\ud800""#)), r#""a\ud800""#);
/// ```
#[must_use]
pub fn quote(text: &[u8]) -> String {
    let mut out = Vec::with_capacity(text.len() + 2);
    append_quoted(&mut out, text);
    // Quoting escapes the only non-UTF-8 that WTF-8 has, so nothing is replaced here.
    String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{append_quoted, append_quoted_units};

    /// Unit by unit, straight from ECMA-262's `QuoteJSONString`.
    fn naive(units: &[u16]) -> String {
        use std::fmt::Write;
        let mut out = String::from('"');
        for each in char::decode_utf16(units.iter().copied()) {
            match each {
                Ok('"') => out.push_str("\\\""),
                Ok('\\') => out.push_str("\\\\"),
                Ok('\u{8}') => out.push_str("\\b"),
                Ok('\u{c}') => out.push_str("\\f"),
                Ok('\n') => out.push_str("\\n"),
                Ok('\r') => out.push_str("\\r"),
                Ok('\t') => out.push_str("\\t"),
                Ok(control) if control < ' ' => write!(out, "\\u{:04x}", control as u32).unwrap(),
                Ok(other) => out.push(other),
                Err(lone) => write!(out, "\\u{:04x}", lone.unpaired_surrogate()).unwrap(),
            }
        }
        out + "\""
    }

    fn unit() -> impl Strategy<Value = u16> {
        prop_oneof![
            8 => 0x20_u16..0x7f,
            1 => Just(u16::from(b'"')),
            1 => Just(u16::from(b'\\')),
            1 => 0_u16..0x20,
            1 => 0x7f_u16..0x900,
            1 => 0xd7f0_u16..0xe010,
            1 => any::<u16>(),
        ]
    }

    proptest! {
        #[test]
        fn both_quote_as_the_standard_says(units in prop::collection::vec(unit(), 0..120)) {
            let expected = naive(&units);
            let mut out = Vec::new();
            append_quoted_units(&mut out, &units);
            prop_assert_eq!(String::from_utf8_lossy(&out), &*expected);
            out.clear();
            append_quoted(&mut out, &crate::json::decode(expected.as_bytes()));
            prop_assert_eq!(String::from_utf8_lossy(&out), &*expected);
        }
    }
}

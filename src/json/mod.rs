//! What JSON text is: a scanner that accepts exactly what `JSON.parse` accepts, and the text of strings and numbers.
//!
//! Text is kept as bytes. A decoded string is WTF-8: UTF-8 in which a lone surrogate (`"\ud800"`, which JavaScript
//! writes and reads) is encoded as if it were a character, so that every JavaScript string has exactly one form.

mod members;
mod scan;
mod text;

pub use members::{Elements, Members};
pub use scan::{Fault, Progress, read_object, skip_value, skip_whitespace, whole_value};
pub use text::{append_compact, append_quoted, decode, decode_lossy, key_name, quote, truncate_utf16, utf16_len};

/// Whether a JSON value is falsy in JavaScript: `null`, `false`, a zero or the empty string.
#[must_use]
pub fn is_falsy(value: &[u8]) -> bool {
    match value {
        b"null" | b"false" | b"\"\"" => true,
        [b'-' | b'0'..=b'9', ..] => number(value) == Some(0.0),
        _ => false,
    }
}

/// A string value's text (WTF-8); the JSON text of any other value.
#[must_use]
pub fn decode_value(value: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    if value.first() == Some(&b'"') { decode(value) } else { std::borrow::Cow::Borrowed(value) }
}

/// The number that a JSON value is, infinite where JavaScript's would be; `None` when it is not a number.
#[must_use]
pub fn number(value: &[u8]) -> Option<f64> {
    if !matches!(value.first(), Some(b'-' | b'0'..=b'9')) {
        return None;
    }
    plain_number(value).or_else(|| std::str::from_utf8(value).ok()?.parse().ok())
}

/// A number without an exponent and with at most 15 digits. Both its digits and the power of ten are exact as `f64`, so the
/// quotient is the nearest one (W. D. Clinger, "How to Read Floating Point Numbers Accurately").
fn plain_number(value: &[u8]) -> Option<f64> {
    const DIGITS: usize = 15;
    const POWERS: [f64; DIGITS + 1] =
        [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];
    let (negative, digits) = value.strip_prefix(b"-").map_or((false, value), |digits| (true, digits));
    if digits.len() > DIGITS + 1 {
        return None;
    }
    let (mut number, mut behind_point) = (0_u64, None);
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                number = number * 10 + u64::from(byte - b'0');
                behind_point = behind_point.map(|count: usize| count + 1);
            }
            b'.' => behind_point = Some(0),
            _ => return None,
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "fifteen digits are below 2^53")]
    let quotient = number as f64 / POWERS.get(behind_point.unwrap_or(0))?;
    (digits.len() <= DIGITS || behind_point.is_some()).then_some(if negative { -quotient } else { quotient })
}

#[cfg(test)]
mod tests {
    use super::{number, plain_number};

    #[test]
    fn reads_numbers_as_the_standard_library_does() {
        let mut seed = 1_u64;
        let mut taken = 0;
        for _ in 0..100_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let digits = (seed >> 7).to_string();
            let (last, point) = ((seed >> 60) as usize, (seed >> 33) as usize % 9);
            let (whole, fraction) = digits[..=last].split_at(point.min(last));
            let sign = if seed & 64 == 0 { "-" } else { "" };
            let whole = whole.trim_start_matches('0');
            let text = format!("{sign}{}.{fraction}0", if whole.is_empty() { "0" } else { whole });
            let expected: f64 = text.parse().unwrap();
            assert_eq!(number(text.as_bytes()).map(f64::to_bits), Some(expected.to_bits()), "{text}");
            taken += u32::from(plain_number(text.as_bytes()).is_some());
        }
        assert!(taken > 50_000, "{taken}");
        assert_eq!(number(b"-0").map(f64::to_bits), Some((-0.0_f64).to_bits()));
        assert_eq!(number(b"9007199254740993"), Some(9_007_199_254_740_992.0));
        assert_eq!((number(b"1e999"), number(b"true")), (Some(f64::INFINITY), None));
    }
}

//! What JSON text is: a scanner that accepts exactly what `JSON.parse` accepts, and the text of strings and numbers.
//!
//! Text is kept as bytes. A decoded string is WTF-8: UTF-8 in which a lone surrogate (`"\ud800"`, which JavaScript
//! writes and reads) is encoded as if it were a character, so that every JavaScript string has exactly one form.

mod members;
mod quote;
mod scan;
mod text;

pub use members::{Elements, Members};
pub use quote::{append_quoted, append_quoted_json, append_quoted_units, quote};
pub use scan::{Fault, Progress, read_object, read_object_with, skip_value, skip_whitespace, whole_value};
pub use text::{append_compact, decode, decode_lossy, key_name, truncate_utf16, utf16_len};

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

/// A number without an exponent and with at most 19 digits: a whole number divided by a power of ten.
fn plain_number(value: &[u8]) -> Option<f64> {
    const DIGITS: usize = 19;
    let (negative, digits) = value.strip_prefix(b"-").map_or((false, value), |digits| (true, digits));
    if digits.len() > DIGITS + 1 {
        return None;
    }
    let (mut number, mut behind_point) = (0_u64, None);
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                number = number.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
                behind_point = behind_point.map(|count: u32| count + 1);
            }
            b'.' => behind_point = Some(0),
            _ => return None,
        }
    }
    if digits.len() > DIGITS && behind_point.is_none() {
        return None;
    }
    let nearest = nearest_quotient(number, 10_u64.checked_pow(behind_point.unwrap_or(0))?);
    Some(if negative { -nearest } else { nearest })
}

/// The `f64` nearest to a quotient. Below 2^53 both numbers are exact as `f64`, and so is a power of ten up to 10^22, which
/// makes it one division (W. D. Clinger, "How to Read Floating Point Numbers Accurately"). Larger ones are divided as whole
/// numbers with more bits than an `f64` has, of which the last tells whether anything is left over; that decides a tie.
#[expect(clippy::cast_precision_loss, reason = "either exact, or meant to round")]
fn nearest_quotient(number: u64, power: u64) -> f64 {
    const TWO_TO_65: f64 = 36_893_488_147_419_103_232.0;
    if number < 1 << 53 || power == 1 {
        return number as f64 / power as f64;
    }
    let (numerator, power) = (u128::from(number) << 64, u128::from(power));
    let quotient = numerator / power;
    let left_over = numerator != quotient * power;
    ((quotient << 1) | u128::from(left_over)) as f64 / TWO_TO_65
}

#[cfg(test)]
mod tests {
    use super::{number, plain_number};

    #[test]
    fn reads_numbers_as_the_standard_library_does() {
        let mut seed = 1_u64;
        let mut taken = 0;
        for _ in 0..200_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let digits = format!("{:020}", seed ^ (seed >> 31));
            let count = 1 + (seed >> 33) as usize % 20;
            let (whole, fraction) = digits[20 - count..].split_at((seed >> 40) as usize % count);
            let sign = if seed & 64 == 0 { "-" } else { "" };
            let whole = whole.trim_start_matches('0');
            let text = format!("{sign}{}.{fraction}0", if whole.is_empty() { "0" } else { whole });
            let expected: f64 = text.parse().unwrap();
            assert_eq!(number(text.as_bytes()).map(f64::to_bits), Some(expected.to_bits()), "{text}");
            taken += u32::from(plain_number(text.as_bytes()).is_some());
        }
        assert!(taken > 100_000, "{taken}");
        assert_eq!(number(b"-0").map(f64::to_bits), Some((-0.0_f64).to_bits()));
        assert_eq!(number(b"9007199254740993"), Some(9_007_199_254_740_992.0));
        // Halfway between two neighbours, and the least bit above and below it.
        for text in ["900719925474099.25", "4503599627370497.500", "4503599627370497.501", "4503599627370497.499"] {
            assert_eq!(number(text.as_bytes()), text.parse().ok(), "{text}");
        }
        for number in (0..100_000_u32).map(|i| (f64::from(i) + 0.5) / f64::from(i % 977 + 3)) {
            assert_eq!(super::number(number.to_string().as_bytes()), Some(number));
        }
        assert_eq!((number(b"1e999"), number(b"true")), (Some(f64::INFINITY), None));
    }
}

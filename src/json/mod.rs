//! What JSON text is: a scanner that accepts exactly what `JSON.parse` accepts, and the text of strings and numbers.
//!
//! Text is kept as bytes. A decoded string is WTF-8: UTF-8 in which a lone surrogate (`"\ud800"`, which JavaScript
//! writes and reads) is encoded as if it were a character, so that every JavaScript string has exactly one form.

mod members;
mod scan;
mod text;

pub use members::{Elements, Members};
pub use scan::{Fault, Progress, read_object, read_object_with, skip_value, skip_whitespace, whole_value};
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
    std::str::from_utf8(value).ok()?.parse().ok()
}

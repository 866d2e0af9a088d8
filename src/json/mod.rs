//! What JSON text is: a scanner that accepts exactly what `JSON.parse` accepts, and the text of strings and numbers.
//!
//! Text is kept as bytes. A decoded string is WTF-8: UTF-8 in which a lone surrogate (`"\ud800"`, which JavaScript
//! writes and reads) is encoded as if it were a character, so that every JavaScript string has exactly one form.

mod cursor;
mod lanes;
mod members;
mod number;
mod quote;
mod scalar;
mod scan;
mod shape;
mod text;

pub use cursor::Cursor;
pub use members::{Elements, Members};
pub use number::number;
pub use quote::{append_quoted, append_quoted_json, append_quoted_units, quote};
pub use scan::{Fault, Progress, read_object, read_object_with, skip_value, skip_whitespace, whole_value};
pub use shape::Shape;
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

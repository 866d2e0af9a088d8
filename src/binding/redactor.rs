//! The handle with which the command line redacts files, and the face what it says in errors.

use napi::Env;
use napi::bindgen_prelude::{Buffer, BufferSlice};
use napi_derive::napi;
use serde_json::json;

use super::text::Text;
use super::unwinding;
use crate::monitor::{LineRedactor, Redacted};

/// What was found in a piece of a file.
#[napi(object, object_from_js = false)]
pub struct RedactedPiece<'env> {
    /// JSON array of `[line, kind]`, lines counted from 1.
    pub found: String,
    /// The piece without its secrets, when it has any.
    pub text: Option<BufferSlice<'env>>,
    /// Lines that are no text of UTF-8.
    pub unreadable: f64,
}

/// Redacts one file by the standard rules.
#[napi]
pub struct NativeRedactor {
    lines: LineRedactor,
}

/// The text is copied into memory of JavaScript's: what belongs to an addon is given back only between two turns of the
/// event loop, and a large file is read in one.
fn piece<'env>(env: &'env Env, redacted: &Redacted) -> napi::Result<RedactedPiece<'env>> {
    let found = redacted.hits.iter().map(|hit| json!([hit.line, hit.kind])).collect::<serde_json::Value>();
    let text = redacted.text.as_deref().map(|text| BufferSlice::copy_from(env, text)).transpose()?;
    #[expect(clippy::cast_precision_loss, reason = "a piece has far fewer lines than 2^53")]
    let unreadable = redacted.unreadable as f64;
    Ok(RedactedPiece { found: found.to_string(), text, unreadable })
}

#[napi]
impl NativeRedactor {
    /// A redactor at the start of a file.
    #[napi(constructor, catch_unwind)]
    pub fn new() -> Self {
        unwinding::keep_quiet();
        Self { lines: LineRedactor::default() }
    }

    /// Redacts the next lines of the file, each with its newline.
    #[napi(catch_unwind)]
    pub fn lines<'env>(&mut self, env: &'env Env, piece: Buffer) -> napi::Result<RedactedPiece<'env>> {
        self::piece(env, &self.lines.lines(&piece))
    }

    /// Redacts a whole file that is one JSON value, or gives `null` when it is not.
    #[napi(catch_unwind)]
    pub fn document<'env>(&self, env: &'env Env, text: Buffer) -> napi::Result<Option<RedactedPiece<'env>>> {
        self.lines.document(&text).map(|redacted| piece(env, &redacted)).transpose()
    }

    /// A text without its secrets.
    #[napi(catch_unwind)]
    pub fn text(&self, text: Text) -> String {
        String::from_utf8_lossy(&self.lines.text(text.as_bytes())).into_owned()
    }
}

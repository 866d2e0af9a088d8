//! The handle with which the command line redacts files, and the face what it says in errors.

use napi::bindgen_prelude::Buffer;
use napi_derive::napi;
use serde_json::json;

use super::text::Text;
use crate::monitor::{LineRedactor, Redacted};

/// What was found in a piece of a file.
#[napi(object)]
pub struct RedactedPiece {
    /// JSON array of `[line, kind]`, lines counted from 1.
    pub found: String,
    /// The piece without its secrets, when it has any.
    pub text: Option<Buffer>,
}

/// Redacts one file by the standard rules.
#[napi]
pub struct NativeRedactor {
    lines: LineRedactor,
}

impl From<Redacted> for RedactedPiece {
    fn from(redacted: Redacted) -> Self {
        let found = redacted.hits.iter().map(|hit| json!([hit.line, hit.kind])).collect::<serde_json::Value>();
        Self { found: found.to_string(), text: redacted.text.map(Buffer::from) }
    }
}

#[napi]
impl NativeRedactor {
    /// A redactor at the start of a file.
    #[napi(constructor, catch_unwind)]
    pub fn new() -> Self {
        Self { lines: LineRedactor::default() }
    }

    /// Redacts the next lines of the file, each with its newline.
    #[napi(catch_unwind)]
    pub fn lines(&mut self, piece: Buffer) -> RedactedPiece {
        self.lines.lines(&piece).into()
    }

    /// Redacts a whole file that is one JSON value, or gives `null` when it is not.
    #[napi(catch_unwind)]
    pub fn document(&self, text: Buffer) -> Option<RedactedPiece> {
        self.lines.document(&text).map(RedactedPiece::from)
    }

    /// A text without its secrets.
    #[napi(catch_unwind)]
    pub fn text(&self, text: Text) -> String {
        String::from_utf8_lossy(&self.lines.text(text.as_bytes())).into_owned()
    }
}

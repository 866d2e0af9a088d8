//! Keeps secrets out of everything that is written: JSON or text in, safe text out.

mod clean;
mod names;
mod walk;

use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;

const REPLACEMENT: &[u8] = b"\"[REDACTED]\"";
const FAILED: &[u8] = b"\"[REDACTED:error]\"";

/// Replaces secrets; built once, shared freely.
#[derive(Debug, Default)]
pub struct Redactor {}

impl Redactor {
    /// The redactor without any settings of the user.
    #[must_use]
    pub fn standard() -> &'static Self {
        static STANDARD: LazyLock<Redactor> = LazyLock::new(Redactor::default);
        &STANDARD
    }

    /// A JSON value without its secrets; the same text when there are none.
    #[must_use]
    pub fn json<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        let mut edits = Edits { text, ranges: Vec::new() };
        match walk::walk(text, &mut edits) {
            Err(_) => Cow::Borrowed(FAILED),
            Ok(()) if edits.ranges.is_empty() => Cow::Borrowed(text),
            Ok(()) => Cow::Owned(edits.apply()),
        }
    }

    /// A decoded string without its secrets; the same text when there are none.
    #[must_use]
    pub fn text<'a>(&self, text: &'a [u8]) -> Cow<'a, [u8]> {
        Cow::Borrowed(text)
    }

    /// An error text fit to be stored: without secrets, paths and credentials. Cutting it is the caller's part.
    #[must_use]
    pub fn clean_error(&self, text: &[u8]) -> Vec<u8> {
        clean::clean(&self.text(text))
    }
}

struct Edits<'a> {
    text: &'a [u8],
    ranges: Vec<Range<usize>>,
}

impl walk::Visitor for Edits<'_> {
    fn secret(&mut self, value: Range<usize>) {
        if &self.text[value.clone()] != REPLACEMENT {
            self.ranges.push(value);
        }
    }

    fn string(&mut self, _token: Range<usize>, _key: bool) {}
}

impl Edits<'_> {
    fn apply(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(self.text.len());
        let mut copied = 0;
        for range in &self.ranges {
            out.extend_from_slice(&self.text[copied..range.start]);
            out.extend_from_slice(REPLACEMENT);
            copied = range.end;
        }
        out.extend_from_slice(&self.text[copied..]);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::Redactor;

    fn json(text: &str) -> String {
        String::from_utf8(Redactor::standard().json(text.as_bytes()).into_owned()).unwrap()
    }

    #[test]
    fn key_rule_as_recorded() {
        for (text, wanted) in [
            (
                r#"{"apiKey":"sk-123","nested":{"Password":"p","list":[{"secretThing":1},{"ok":true}]},"n":1.5}"#,
                r#"{"apiKey":"[REDACTED]","nested":{"Password":"[REDACTED]","list":[{"secretThing":"[REDACTED]"},{"ok":true}]},"n":1.5}"#,
            ),
            (
                r#"{"user_token":"t","credentials":{"a":1},"text":"ünïcode ☃ 💥"}"#,
                r#"{"user_token":"[REDACTED]","credentials":"[REDACTED]","text":"ünïcode ☃ 💥"}"#,
            ),
        ] {
            assert_eq!(json(text), wanted);
            assert_eq!(json(wanted), wanted);
        }
    }

    #[test]
    fn measures_keep_their_numbers() {
        for (text, wanted) in [
            (
                r#"{"max_tokens":5,"tokenCount":true,"tokens":"abc"}"#,
                r#"{"max_tokens":5,"tokenCount":true,"tokens":"[REDACTED]"}"#,
            ),
            (
                r#"{"token_usage":{"in":1,"out":[2,"x",null,{"p":-3,"password":4}],"e":{},"f":[]}}"#,
                r#"{"token_usage":{"in":1,"out":[2,"[REDACTED]","[REDACTED]",{"p":-3,"password":"[REDACTED]"}],"e":{},"f":[]}}"#,
            ),
            (r#"{"tokenizer":"bpe","author":"x"}"#, r#"{"tokenizer":"bpe","author":"x"}"#),
            (r#"{"pass\u0077ord" : [1, 2] , "b":2}"#, r#"{"pass\u0077ord" : "[REDACTED]" , "b":2}"#),
        ] {
            assert_eq!(json(text), wanted);
        }
    }

    #[test]
    fn what_is_not_json_fails_closed() {
        for text in ["", "{", "[1,]", "{\"a\":1,}", "[1 2]", "{\"a\" 1}", "{]", "{} {}", "1 x"] {
            assert_eq!(json(text), r#""[REDACTED:error]""#);
        }
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        assert_eq!(json(&deep), deep);
    }
}

/// Rules that a caller adds.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Settings {}

/// A rule that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("a rule for redaction cannot be used")]
pub struct Error;

impl Error {
    pub fn code(&self) -> &'static str {
        "OBS_BAD_PATTERN"
    }
}

impl Redactor {
    pub fn new(_: &Settings) -> Result<Self, Error> {
        Ok(Self::default())
    }
}

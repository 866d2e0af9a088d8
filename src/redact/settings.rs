//! What a user may set, and what is wrong with it when it cannot be used.

use serde::Deserialize;

/// What to redact beyond the standard rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Settings {
    /// Names of keys whose values are secrets; case, `-`, `_`, `.` and spaces make no difference.
    pub keys: Vec<String>,
    /// What to replace in strings.
    pub patterns: Vec<Pattern>,
    /// What to leave as it is although a rule takes it for a secret: matched against the secret, or the key's name.
    pub allow: Vec<Pattern>,
    /// What takes a secret's place; `[REDACTED]` when absent.
    pub replacement: Option<String>,
}

/// A regular expression of JavaScript.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Pattern {
    /// Its `source`.
    pub source: String,
    /// Its `flags`.
    pub flags: String,
}

/// Why settings cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// A pattern is not one that can be matched in linear time.
    #[error("redact.{list}[{index}] /{source_text}/{flags}: {reason}")]
    Pattern {
        /// The list it stands in, `patterns` or `allow`.
        list: &'static str,
        /// Its place in the list.
        index: usize,
        /// The pattern as given.
        source_text: String,
        /// Its flags as given.
        flags: String,
        /// What is wrong, and what was wanted.
        reason: String,
    },
    /// A key is empty.
    #[error("redact.keys[{index}] is {key:?}, which should have at least one letter or digit")]
    Key {
        /// Its place in the list.
        index: usize,
        /// The key as given.
        key: String,
    },
    /// A list is too long.
    #[error("redact.{list} has {count} entries, which should be at most {most}")]
    TooMany {
        /// The list.
        list: &'static str,
        /// How many entries it has.
        count: usize,
        /// How many it may have.
        most: usize,
    },
    /// The replacement would itself be redacted.
    #[error("redact.replacement {0:?} looks like a secret itself; it should be a short word such as \"[REDACTED]\"")]
    Replacement(String),
    /// The keys could not be turned into a search.
    #[error("redact.keys cannot be searched for: {0}")]
    Keys(String),
}

impl Error {
    /// A stable name of the error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Pattern { .. } => "ERR_REDACT_PATTERN",
            Self::Key { .. } | Self::Keys(_) => "ERR_REDACT_KEY",
            Self::TooMany { .. } => "ERR_REDACT_TOO_MANY",
            Self::Replacement(_) => "ERR_REDACT_REPLACEMENT",
        }
    }
}

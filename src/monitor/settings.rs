//! What a caller can set.

use serde::Deserialize;

use crate::redact;
use crate::store::Durability;

/// A record may have this many bytes before its large strings are cut.
const MAX_RECORD_BYTES: usize = 256 * 1024;

/// Settings of a monitor; absent ones stay as they are.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// When records have to be in their files.
    pub durability: Option<Durability>,
    /// Whether nothing is written.
    pub disabled: Option<bool>,
    /// Lines longer than this are cut, bytes.
    pub max_record_bytes: usize,
    /// Rules for redaction beside the built-in ones.
    pub redact: Option<redact::Settings>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { durability: None, disabled: None, max_record_bytes: MAX_RECORD_BYTES, redact: None }
    }
}

//! What a caller can set.

use serde::Deserialize;

use crate::redact;
use crate::store::Durability;

/// Settings of a monitor; absent ones stay as they are.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// When records have to be in their files.
    pub durability: Option<Durability>,
    /// Whether nothing is written.
    pub disabled: Option<bool>,
    /// Lines longer than this are cut, bytes.
    pub max_record_bytes: Option<usize>,
    /// Rules for redaction beside the built-in ones.
    pub redact: Option<redact::Settings>,
}

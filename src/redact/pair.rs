//! A name in running text and where its value begins.

use super::plausible::Form;

/// The kind of what a name in running text gives away.
pub(super) const NAMED: &str = "named-value";
/// How much of a value is judged.
pub(super) const SAMPLE: usize = 256;

/// A name in running text, and where its value begins.
pub(super) struct Pair {
    pub(super) name: (usize, usize),
    /// The first byte of the value, behind its quote if it has one.
    pub(super) value: usize,
    /// The quote that opens the value, and how many backslashes come before it.
    pub(super) quote: Option<(u8, usize)>,
    pub(super) form: Form,
}

//! Finds the CUJ that a command of Bash runs.

use std::fmt;
use std::sync::Arc;

use regex::bytes::Regex;

use super::line::Text;

/// Finds the id of the CUJ that a command runs.
///
/// ```
/// use obs_native::transcript::CujFinder;
/// use regex::bytes::Regex;
///
/// let finder = CujFinder::from(Regex::new(r"run-cuj\S*\s+(CUJ-\d+)").unwrap());
/// assert_eq!(finder.find(b"node run-cuj.mjs CUJ-001").as_deref(), Some(&b"CUJ-001"[..]));
/// ```
#[derive(Clone)]
pub struct CujFinder(Arc<Find>);

type Find = dyn Fn(&[u8]) -> Option<Text> + Send + Sync;

impl fmt::Debug for CujFinder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("CujFinder")
    }
}

impl CujFinder {
    /// One that knows how to look.
    pub fn new(find: impl Fn(&[u8]) -> Option<Text> + Send + Sync + 'static) -> Self {
        Self(Arc::new(find))
    }

    /// The id, if the command runs a CUJ.
    #[must_use]
    pub fn find(&self, command: &[u8]) -> Option<Text> {
        (self.0)(command)
    }
}

/// What an expression finds: its first group, or all of it.
#[must_use]
pub fn found_by(expression: &Regex, command: &[u8]) -> Option<Text> {
    let found = expression.captures(command)?;
    Some(found.get(1).or_else(|| found.get(0))?.as_bytes().into())
}

impl From<Regex> for CujFinder {
    fn from(expression: Regex) -> Self {
        Self::new(move |command| found_by(&expression, command))
    }
}

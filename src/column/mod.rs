//! The columns in memory: what questions need of each record, kept per id in blocks with their sums; pure data.

mod executions;
mod names;
mod progress;
mod providers;
mod series;
mod skills;
mod sum;

pub use executions::{Executions, Failure};
pub use names::Names;
pub use progress::{Progress, Run};
pub use providers::{Provider, Providers};
pub use series::{Row, Series, Summary};
pub use skills::{SkillField, SkillRow, Skills};
pub use sum::Sum;

/// Where a line stands in its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// Offset of its first byte.
    pub offset: u64,
    /// Length without the newline.
    pub length: u32,
}

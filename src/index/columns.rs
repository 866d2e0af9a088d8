//! Which record each set of columns is made of.

use crate::column::{Executions, Progress, Providers, Skills, Span, State};
use crate::event::{CujExecution, ProgressEvent, ProviderCall, Record, SkillInvocation};

/// Columns that take one kind of record.
pub trait Columns: State + Default + Send {
    /// The kind of record.
    type Record<'a>: Record<'a> + Send;

    /// Appends a record that stands at `span`.
    fn push(&mut self, record: &Self::Record<'_>, span: Span);
}

impl Columns for Executions {
    type Record<'a> = CujExecution<'a>;

    fn push(&mut self, record: &CujExecution<'_>, span: Span) {
        Self::push(self, record, span);
    }
}

impl Columns for Skills {
    type Record<'a> = SkillInvocation<'a>;

    fn push(&mut self, record: &SkillInvocation<'_>, span: Span) {
        Self::push(self, record, span);
    }
}

impl Columns for Progress {
    type Record<'a> = ProgressEvent<'a>;

    fn push(&mut self, record: &ProgressEvent<'_>, span: Span) {
        Self::push(self, record, span);
    }
}

impl Columns for Providers {
    type Record<'a> = ProviderCall<'a>;

    fn push(&mut self, record: &ProviderCall<'_>, span: Span) {
        Self::push(self, record, span);
    }
}

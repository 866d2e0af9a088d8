//! Which record each set of columns is made of.

use super::Tokens;
use crate::column::{
    CallRow, ExecutionResources, ExecutionRow, Executions, FailedExecutions, FailedRow, InvocationRow, Progress,
    Providers, Skills, Span, State,
};
use crate::event::{CujExecution, CujResources, ProgressEvent, ProviderCall, Record, Resources, SkillInvocation};

/// Columns that take one kind of record.
pub trait Columns: State + Default + Send + 'static {
    /// The kind of record.
    type Record<'a>: Record<'a>;

    /// What is kept of a record, with the numbers of its names among the tokens of the lines around it.
    type Row: Send;

    /// What is kept of a record that stands at `span`.
    fn row(record: &Self::Record<'_>, span: Span, tokens: &mut Tokens) -> Self::Row;

    /// The number of a name, given as a JSON value.
    fn intern(&mut self, token: &[u8]) -> u32;

    /// Appends what was kept of a record; `numbers` are the columns' own numbers of the tokens.
    fn push(&mut self, row: Self::Row, numbers: &[u32]);
}

impl Columns for Executions {
    type Record<'a> = CujExecution<'a>;
    type Row = (u32, ExecutionRow);

    fn row(record: &CujExecution<'_>, span: Span, tokens: &mut Tokens) -> Self::Row {
        (tokens.intern(record.cuj_id), ExecutionRow::new(record, span))
    }

    fn intern(&mut self, token: &[u8]) -> u32 {
        Self::intern(self, token)
    }

    fn push(&mut self, (token, row): Self::Row, numbers: &[u32]) {
        Self::push(self, numbers[token as usize], row);
    }
}

impl Columns for FailedExecutions {
    type Record<'a> = CujExecution<'a>;
    type Row = (u32, FailedRow);

    fn row(record: &CujExecution<'_>, span: Span, tokens: &mut Tokens) -> Self::Row {
        (tokens.intern(record.cuj_id), FailedRow::new(record, span))
    }

    fn intern(&mut self, token: &[u8]) -> u32 {
        Self::intern(self, token)
    }

    fn push(&mut self, (token, row): Self::Row, numbers: &[u32]) {
        Self::push(self, numbers[token as usize], row);
    }
}

impl Columns for ExecutionResources {
    type Record<'a> = CujResources<'a>;
    type Row = (u32, Option<i64>, Option<Resources>);

    fn row(record: &CujResources<'_>, _: Span, tokens: &mut Tokens) -> Self::Row {
        (tokens.intern(record.cuj_id), record.at, record.resources)
    }

    fn intern(&mut self, token: &[u8]) -> u32 {
        Self::intern(self, token)
    }

    fn push(&mut self, (token, at, resources): Self::Row, numbers: &[u32]) {
        Self::push(self, numbers[token as usize], at, resources);
    }
}

impl Columns for Skills {
    type Record<'a> = SkillInvocation<'a>;
    type Row = InvocationRow;

    fn row(record: &SkillInvocation<'_>, span: Span, tokens: &mut Tokens) -> Self::Row {
        InvocationRow::new(record, span, |token| tokens.intern(token))
    }

    fn intern(&mut self, token: &[u8]) -> u32 {
        Self::intern(self, token)
    }

    fn push(&mut self, row: Self::Row, numbers: &[u32]) {
        Self::push(self, row, |token| numbers[token as usize]);
    }
}

impl Columns for Progress {
    type Record<'a> = ProgressEvent<'a>;
    type Row = (u32, Option<i64>, Span);

    fn row(record: &ProgressEvent<'_>, span: Span, tokens: &mut Tokens) -> Self::Row {
        (tokens.intern(record.run_id.unwrap_or(b"undefined")), record.at, span)
    }

    fn intern(&mut self, token: &[u8]) -> u32 {
        Self::intern(self, token)
    }

    fn push(&mut self, (token, at, span): Self::Row, numbers: &[u32]) {
        Self::push(self, numbers[token as usize], at, span);
    }
}

impl Columns for Providers {
    type Record<'a> = ProviderCall<'a>;
    type Row = (u32, CallRow);

    fn row(record: &ProviderCall<'_>, span: Span, tokens: &mut Tokens) -> Self::Row {
        (tokens.intern(record.provider), CallRow::new(record, span))
    }

    fn intern(&mut self, token: &[u8]) -> u32 {
        Self::intern(self, token)
    }

    fn push(&mut self, (token, row): Self::Row, numbers: &[u32]) {
        Self::push(self, numbers[token as usize], row);
    }
}

//! The skill invocations of one day file, a column for each field that questions filter or group by.

use super::{Names, Span};
use crate::event::SkillInvocation;

/// Stands for an absent field.
const NONE: u32 = u32::MAX;

/// One invocation; names are numbers of their column's table.
#[derive(Debug, Clone, Copy)]
pub struct SkillRow {
    /// Epoch ms; `None` when unreadable.
    pub at: Option<i64>,
    /// Where its line stands.
    pub span: Span,
    /// Milliseconds; NaN when not a finite number.
    pub duration_ms: f64,
    /// Whether the answer came from a cache.
    pub cache_hit: bool,
    skill: u32,
    agent: u32,
    result: u32,
    run: u32,
    cuj: u32,
}

/// The fields that filters compare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SkillField {
    /// `skill`
    Skill,
    /// `agent`
    Agent,
    /// `result`
    Result,
    /// `run_id`
    Run,
    /// `cuj_id`
    Cuj,
}

/// Invocations in the order of the file.
#[derive(Debug, Default)]
pub struct Skills {
    names: Names,
    rows: Vec<SkillRow>,
}

impl Skills {
    /// Appends an invocation that stands at `span`.
    pub fn push(&mut self, invocation: &SkillInvocation<'_>, span: Span) {
        let mut intern = |value: Option<&[u8]>| value.map_or(NONE, |value| self.names.intern(value));
        let row = SkillRow {
            at: invocation.at,
            span,
            duration_ms: invocation.duration_ms,
            cache_hit: invocation.cache_hit,
            skill: intern(Some(invocation.skill)),
            agent: intern(invocation.agent),
            result: intern(invocation.result),
            run: intern(invocation.run_id),
            cuj: intern(invocation.cuj_id),
        };
        self.rows.push(row);
    }

    /// All rows.
    #[must_use]
    pub fn rows(&self) -> &[SkillRow] {
        &self.rows
    }

    /// The number that a field must have to equal a JSON value; `None` when no row has it.
    #[must_use]
    pub fn number(&self, value: &[u8]) -> Option<u32> {
        self.names.find(value)
    }

    /// A field's text (WTF-8), `undefined` where it is absent.
    #[must_use]
    pub fn text(&self, number: u32) -> &[u8] {
        if number == NONE { b"undefined" } else { self.names.text(number) }
    }
}

impl SkillRow {
    /// The number of a field's name.
    #[must_use]
    pub const fn field(&self, field: SkillField) -> u32 {
        match field {
            SkillField::Skill => self.skill,
            SkillField::Agent => self.agent,
            SkillField::Result => self.result,
            SkillField::Run => self.run,
            SkillField::Cuj => self.cuj,
        }
    }
}

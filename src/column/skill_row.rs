//! One skill invocation; names are numbers of its file's table.

use super::Span;
use super::chunks::{CHUNK_ROWS, Cell};
use super::entry::{group_hash, put_spans, spans};
use super::names::is_same_name;
use super::row::{put_times, times};
use super::summary::Summary;
use super::wire::{Input, bit, put_bits, put_unsigned};
use crate::event::{Resources, SkillInvocation, error_name};

/// Stands for an absent field.
pub(super) const NONE: u32 = u32::MAX;

/// The fields that filters compare and totals group by.
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

/// One invocation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SkillRow {
    /// Epoch ms; `None` when unreadable.
    pub at: Option<i64>,
    /// Where its line stands.
    pub span: Span,
    /// Milliseconds; NaN when not a finite number.
    pub duration_ms: f64,
    /// Whether the answer came from a cache.
    pub cache_hit: bool,
    /// The number of each field's name, in the order of [`SkillField`].
    pub(super) fields: [u32; 5],
}

impl SkillRow {
    /// The number of a field's name.
    #[must_use]
    pub const fn field(&self, field: SkillField) -> u32 {
        self.fields[field as usize]
    }
}

impl Cell for SkillRow {
    fn add_to(&self, summary: &mut Summary) {
        summary.add(self.at, summary.serials.map_or(0, |(_, last)| last + 1));
    }

    fn encode(rows: &[Self], out: &mut Vec<u8>) {
        put_unsigned(out, rows.len() as u64);
        put_bits(out, rows.iter().map(|row| row.cache_hit));
        put_times(out, rows.iter().map(|row| row.at));
        put_spans(out, rows.iter().map(|row| row.span));
        for row in rows {
            out.extend_from_slice(&row.duration_ms.to_bits().to_le_bytes());
            row.fields.iter().for_each(|&number| put_unsigned(out, u64::from(number.wrapping_add(1))));
        }
    }

    fn decode(bytes: &[u8]) -> Option<Vec<Self>> {
        let mut input = Input::new(bytes);
        let count = input.count().filter(|&count| count <= CHUNK_ROWS)?;
        let hits = input.take(count.div_ceil(8))?;
        let (times, spans) = (times(&mut input, count)?, spans(&mut input, count)?);
        let mut rows = Vec::with_capacity(count);
        for (index, (at, span)) in times.into_iter().zip(spans).enumerate() {
            let duration_ms = f64::from_bits(input.word()?);
            let mut fields = [NONE; 5];
            for field in &mut fields {
                *field = u32::try_from(input.unsigned()?).ok()?.wrapping_sub(1);
            }
            rows.push(Self { at, span, duration_ms, cache_hit: bit(hits, index), fields });
        }
        input.is_empty().then_some(rows)
    }
}

/// What is kept of an invocation.
#[derive(Debug, Clone, Copy)]
pub struct InvocationRow {
    pub(super) row: SkillRow,
    pub(super) resources: Option<Resources>,
    /// The hash of what its error is grouped by, if it failed.
    pub(super) failure: Option<u64>,
}

impl InvocationRow {
    /// What is kept of an invocation that stands at `span`; `intern` gives the numbers of its fields' values.
    pub fn new(invocation: &SkillInvocation<'_>, span: Span, mut intern: impl FnMut(&[u8]) -> u32) -> Self {
        let fields =
            [Some(invocation.skill), invocation.agent, invocation.result, invocation.run_id, invocation.cuj_id]
                .map(|value| value.map_or(NONE, &mut intern));
        let (at, duration_ms, cache_hit) = (invocation.at, invocation.duration_ms, invocation.cache_hit);
        let failed = invocation.result.is_some_and(|result| is_same_name(result, b"\"failure\""));
        let failure = failed.then(|| group_hash(&error_name(invocation.error)));
        Self { row: SkillRow { at, span, duration_ms, cache_hit, fields }, resources: invocation.resources, failure }
    }
}

#[cfg(test)]
mod tests {
    use super::{Cell, NONE, SkillRow, Span};

    #[test]
    fn decodes_what_it_encoded() {
        let row = |i: u32| SkillRow {
            at: (i % 4 != 0).then_some(i64::from(i)),
            span: Span { offset: u64::from(i) * 300, length: 299 },
            duration_ms: f64::from(i) * 0.05,
            cache_hit: i % 3 == 0,
            fields: [i, i % 2, 0, NONE, 7],
        };
        let rows: Vec<SkillRow> = (0..100).map(row).collect();
        let mut bytes = Vec::new();
        SkillRow::encode(&rows, &mut bytes);
        assert_eq!(SkillRow::decode(&bytes).as_ref(), Some(&rows));
        assert!((0..bytes.len()).all(|cut| SkillRow::decode(&bytes[..cut]).is_none()));
    }
}

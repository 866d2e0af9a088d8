//! The slowest invocations, and what is told of one.

use super::tables::{SCHEMA, told};
use super::{Answer, Monitor};
use crate::aggregate::{Period, SkillFilter};
use crate::column::{SkillField, SkillRow, Skills};
use crate::error::Result;
use crate::event::{SkillError, time};
use crate::index::View;
use crate::report::{SkillCall, Slowest, Text};

impl Monitor {
    /// The slowest `limit` invocations of a period; of one skill, a JSON value, only where one is named.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn slowest_calls(&self, skill: Option<&[u8]>, limit: usize, period: &Period) -> Result<Slowest> {
        let fields = skill.map(|skill| (SkillField::Skill, skill.to_vec())).into_iter().collect();
        let filter = SkillFilter { fields, from: period.from(), to: period.to(), limit: None };
        let found = self.visit_period(period.from(), period, |view| {
            let Some(selection) = filter.prepare(view.columns) else { return Ok(Vec::new()) };
            let mut rows = Vec::new();
            selection.visit(view.columns, &*view.chunks, |row| {
                rows.extend(row.duration_ms.is_finite().then_some(*row));
                true
            })?;
            slowest_first(&mut rows, limit, |row| row.duration_ms);
            rows.iter().map(|row| Ok((row.duration_ms, call(view, row)?))).collect::<Answer<Vec<_>>>()
        })?;
        let mut calls: Vec<_> = found.into_iter().flatten().collect();
        slowest_first(&mut calls, limit, |(duration, _)| *duration);
        Ok(Slowest {
            schema: SCHEMA,
            from: period.from().map(time::iso),
            to: time::iso(period.end()),
            calls: calls.into_iter().map(|(_, call)| call).collect(),
        })
    }
}

fn slowest_first<T>(all: &mut Vec<T>, limit: usize, duration: impl Fn(&T) -> f64) {
    all.sort_by(|a, b| duration(b).total_cmp(&duration(a)));
    all.truncate(limit);
}

/// What is told of an invocation; its error is fetched from the file.
pub(super) fn call(view: &mut View<'_, Skills>, row: &SkillRow) -> Answer<SkillCall> {
    let skills = view.columns;
    let name = |field: SkillField| {
        let number = row.field(field);
        (!skills.names().is_none(number)).then(|| Text::string(skills.text(number)))
    };
    let error = view.lines.record(row.span, |_: &SkillError<'_>| true)?;
    Ok(SkillCall {
        at: row.at.map(time::iso),
        skill: Text::string(skills.text(row.field(SkillField::Skill))),
        agent: name(SkillField::Agent),
        result: name(SkillField::Result),
        duration_ms: Some(row.duration_ms).filter(|ms| ms.is_finite()),
        cache_hit: row.cache_hit,
        run_id: name(SkillField::Run),
        cuj_id: name(SkillField::Cuj),
        error: error.and_then(|error| told(error.error).map(Text::value)),
    })
}

//! The tables of skills, agents, CUJs and providers over a period.

use super::{Answer, Monitor};
use crate::aggregate::{self, Period, PickedCuj, PickedProvider, SkillFilter, Usage};
use crate::column::{Executions, SkillField, is_same_name};
use crate::error::Result;
use crate::event::{CujExecution, ErrorKind, ProviderCall, time};
use crate::index::Lines;
use crate::json;
use crate::report::{CujRow, ErrorKinds, FailureSeen, ProviderRow, Table, Text, UsageRow};
use crate::store::Target;

/// The version of the shapes.
pub(super) const SCHEMA: u32 = 1;

fn table<R>(period: &Period, rows: Vec<R>) -> Table<R> {
    Table {
        schema: SCHEMA,
        from: period.from().map(time::iso),
        to: time::iso(period.end()),
        before_from: period.before().map(|(from, _)| time::iso(from)),
        rows,
    }
}

/// Whether the error of a record says something.
pub(super) fn told(error: Option<&[u8]>) -> Option<&[u8]> {
    error.filter(|error| !json::is_falsy(error))
}

pub(super) fn kind_of(error: Option<&[u8]>) -> ErrorKind {
    told(error).map_or(ErrorKind::Other, |error| ErrorKind::of(&json::decode_value(error)))
}

impl Monitor {
    /// How much skills or agents were used, `by` one or two fields (see [`Usage::by`]); with `skill`, a JSON value, only that.
    ///
    /// # Errors
    /// When a file cannot be read; this holds for every table.
    pub fn usage_table(&self, by: &str, skill: Option<&[u8]>, period: &Period) -> Result<Table<UsageRow>> {
        let mut usage = Usage::by(by, *period);
        let fields = skill.map(|skill| (SkillField::Skill, skill.to_vec())).into_iter().collect();
        let from = period.before().map(|(from, _)| from);
        let rows = SkillFilter { fields, from, to: period.to(), limit: None };
        self.visit_period(from, period, |view| {
            if let Some(selection) = rows.prepare(view.columns) {
                usage.add(view.columns, &*view.chunks, &selection)?;
            }
            Ok(())
        })?;
        Ok(table(period, usage.finish()))
    }

    /// The CUJs; with `only`, a JSON value, that one. Each tells of its last `strip` executions whether they succeeded.
    ///
    /// # Errors
    /// See [`Self::usage_table`].
    pub fn cuj_table(&self, only: Option<&[u8]>, strip: usize, period: &Period) -> Result<Table<CujRow>> {
        let rows = self.ask(&Target::Executions, &self.root().index.executions, |view| {
            let picked = aggregate::cuj_rows(view.columns, &*view.chunks, (only, strip), period)?;
            let with_failure = |picked: PickedCuj| Ok(with_last_failure(picked, &mut view.lines)?);
            picked.into_iter().map(with_failure).collect::<Answer<Vec<_>>>()
        })?;
        Ok(table(period, rows))
    }

    /// The providers.
    ///
    /// # Errors
    /// See [`Self::usage_table`].
    pub fn provider_table(&self, period: &Period) -> Result<Table<ProviderRow>> {
        let rows = self.ask(&Target::Providers, &self.root().index.providers, |view| {
            let picked = aggregate::provider_rows(view.columns, &*view.chunks, period)?;
            let with_kinds = |picked: PickedProvider| Ok(with_error_kinds(picked, &mut view.lines)?);
            picked.into_iter().map(with_kinds).collect::<Answer<Vec<_>>>()
        })?;
        Ok(table(period, rows))
    }
}

fn with_last_failure(picked: PickedCuj, lines: &mut Lines<'_>) -> std::io::Result<CujRow> {
    let PickedCuj { mut row, last_failure } = picked;
    let Some(span) = last_failure else { return Ok(row) };
    let cuj_id = row.cuj_id.clone();
    let of_cuj = |execution: &CujExecution<'_>| {
        Executions::is_about(cuj_id.as_json().as_bytes(), execution.cuj_id) || execution.cuj_id.first() != Some(&b'"')
    };
    row.last_failure = lines.record(span, of_cuj)?.map(|execution: CujExecution<'_>| FailureSeen {
        at: execution.at.map(time::iso),
        error: told(execution.error).map(Text::value),
        kind: kind_of(execution.error).name(),
    });
    Ok(row)
}

fn with_error_kinds(picked: PickedProvider, lines: &mut Lines<'_>) -> std::io::Result<ProviderRow> {
    let PickedProvider { mut row, errors, last_failure } = picked;
    let name = row.provider.clone();
    let of_provider = |call: &ProviderCall<'_>| {
        is_same_name(call.provider, name.as_json().as_bytes()) || call.provider.first() != Some(&b'"')
    };
    let mut last = None;
    for span in errors {
        let Some(call) = lines.record(span, of_provider)? else { continue };
        let kind = kind_of(call.error);
        count(&mut row.kinds, kind);
        last = Some((told(call.error).map(Text::value), kind));
    }
    let kinds = &mut row.kinds;
    let named = kinds.overloaded + kinds.rate_limit + kinds.auth + kinds.timeout;
    kinds.other = row.calls.failed.saturating_sub(named);
    row.last_failure = last_failure.map(|(at, has_error)| {
        let (error, kind) = last.filter(|_| has_error).unwrap_or((None, ErrorKind::Other));
        FailureSeen { at: at.map(time::iso), error, kind: kind.name() }
    });
    Ok(row)
}

const fn count(kinds: &mut ErrorKinds, kind: ErrorKind) {
    let one = match kind {
        ErrorKind::Overloaded => &mut kinds.overloaded,
        ErrorKind::RateLimit => &mut kinds.rate_limit,
        ErrorKind::Auth => &mut kinds.auth,
        ErrorKind::Timeout => &mut kinds.timeout,
        ErrorKind::Other => &mut kinds.other,
    };
    *one += 1;
}

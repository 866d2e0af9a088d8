//! Executions or calls over time, of whatever is asked about.

use std::collections::HashMap;

use super::Monitor;
use super::named_runs::{failed_before, runs_of};
use super::tables::SCHEMA;
use crate::aggregate::{Cut, Moment, Period, SkillFilter, Slice, timeline};
use crate::column::{Executions, Providers, Row, SkillField, SkillRow, Skills};
use crate::error::Result;
use crate::event::time;
use crate::report::{Text, Timeline, TimelineCall};
use crate::store::Target;

/// A period in parts, and the runs of those that are listed, where they are asked for.
type Answered = (Cut, Option<Vec<Option<Text>>>);

impl Monitor {
    /// What a `cuj`, `skill`, `agent` or `provider`, named by a JSON value, or all of a kind, came to over time.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn timeline(&self, kind: &str, name: Option<&[u8]>, slice: &Slice, period: &Period) -> Result<Timeline> {
        let (kind, (cut, runs)) = match kind {
            "skill" => ("skill", self.invoked(SkillField::Skill, name, slice, period)?),
            "agent" => ("agent", self.invoked(SkillField::Agent, name, slice, period)?),
            "provider" => ("provider", self.called(name, slice, period)?),
            _ => ("cuj", self.executed(name, slice, period)?),
        };
        let named = |place: usize| runs.as_ref().map(|runs| runs.get(place).cloned().flatten());
        let call = |(place, moment): (usize, &Moment)| TimelineCall {
            at: time::iso(moment.at),
            success: moment.success,
            duration_ms: Some(moment.duration_ms).filter(|ms| ms.is_finite()),
            run_id: named(place),
        };
        let last = cut.last.iter().enumerate().map(call).collect();
        Ok(Timeline {
            schema: SCHEMA,
            kind,
            name: name.map(Text::value),
            from: period.from().map(time::iso),
            to: time::iso(period.end()),
            edges_ms: cut.edges,
            parts: cut.parts,
            total: cut.total,
            last,
        })
    }

    fn executed(&self, cuj_id: Option<&[u8]>, slice: &Slice, period: &Period) -> Result<Answered> {
        self.ask(&Target::Executions, &self.root().index.executions, |view| {
            let mut moments = Vec::new();
            for series in view.columns.chosen(cuj_id.unwrap_or(b"null")) {
                series.visit(&*view.chunks, period.range(), |row| moments.extend(moment(row)))?;
            }
            let cut = timeline(&[moments], period, slice);
            let failures: Vec<_> = view.columns.failures(b"null").iter().collect();
            let known = |serial| failed_before(&failures, &*view.chunks, serial);
            let runs = slice.runs.then(|| runs_of::<Executions>(&cut.last, known, &mut view.lines)).transpose()?;
            Ok((cut, runs))
        })
    }

    fn called(&self, provider: Option<&[u8]>, slice: &Slice, period: &Period) -> Result<Answered> {
        self.ask(&Target::Providers, &self.root().index.providers, |view| {
            let mut moments = Vec::new();
            let wanted = provider.map(crate::json::decode_value);
            for (name, calls) in view.columns.iter() {
                if wanted.as_ref().is_none_or(|wanted| **wanted == *name) {
                    let visit = |row: &Row| moments.extend(moment(row));
                    calls.calls.visit(&*view.chunks, period.range(), |row| row.at, visit)?;
                }
            }
            let cut = timeline(&[moments], period, slice);
            let failures: Vec<_> = view.columns.iter().map(|(_, calls)| calls.errors).collect();
            let known = |serial| failed_before(&failures, &*view.chunks, serial);
            let runs = slice.runs.then(|| runs_of::<Providers>(&cut.last, known, &mut view.lines)).transpose()?;
            Ok((cut, runs))
        })
    }

    fn invoked(&self, field: SkillField, name: Option<&[u8]>, slice: &Slice, period: &Period) -> Result<Answered> {
        let fields = name.map(|name| (field, name.to_vec())).into_iter().collect();
        let filter = SkillFilter { fields, from: period.from(), to: period.to(), limit: None };
        let mut files = 0;
        let found = self.visit_period(period.from(), period, |view| {
            let skills = view.columns;
            // Files come in the order of their days, and one may come again.
            files += 1;
            let mut number = files << 32;
            let Some(selection) = filter.prepare(skills) else { return Ok((Vec::new(), Vec::new())) };
            let results = [&b"\"success\""[..], b"\"failure\""].map(|result| skills.number(result));
            let (mut moments, mut runs) = (Vec::new(), Vec::new());
            selection.visit(skills, &*view.chunks, |row| {
                if let Some(moment) = invocation(row, results, number).filter(|moment| period.holds(Some(moment.at))) {
                    number += 1;
                    moments.push(moment);
                    if let Some(run) = slice.runs.then(|| run_of(skills, row)).flatten() {
                        runs.push((moment.row, run));
                    }
                }
                true
            })?;
            Ok((moments, runs))
        })?;
        let (moments, named): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        let cut = timeline(&moments, period, slice);
        let named: HashMap<u64, Text> = named.into_iter().flatten().collect();
        let runs = slice.runs.then(|| cut.last.iter().map(|moment| named.get(&moment.row).cloned()).collect());
        Ok((cut, runs))
    }
}

fn moment(row: &Row) -> Option<Moment> {
    let Row { serial, success, duration_ms, .. } = *row;
    row.at.map(|at| Moment { at, success: Some(success), duration_ms, row: serial })
}

/// With the numbers that the results `success` and `failure` have in the file.
fn invocation(row: &SkillRow, [success, failure]: [Option<u32>; 2], number: u64) -> Option<Moment> {
    let result = Some(row.field(SkillField::Result));
    let said = if result == success { Some(true) } else { (result == failure).then_some(false) };
    row.at.map(|at| Moment { at, success: said, duration_ms: row.duration_ms, row: number })
}

fn run_of(skills: &Skills, row: &SkillRow) -> Option<Text> {
    let number = row.field(SkillField::Run);
    (!skills.names().is_none(number)).then(|| Text::string(skills.text(number)))
}

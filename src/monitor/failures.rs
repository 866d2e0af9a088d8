//! Failures of every kind of record, grouped by what their errors say.

use std::collections::HashMap;

use super::tables::{SCHEMA, told};
use super::{Answer, Monitor};
use crate::aggregate::{Period, SkillFilter, entries_of};
use crate::column::{Executions, InOrder, Providers, SkillField, Skills};
use crate::error::Result;
use crate::event::{CujExecution, ErrorKind, ProviderCall, SkillError, grouping_text, time};
use crate::index::View;
use crate::json;
use crate::report::{FailureGroup, Failures, Subject, Text};
use crate::store::Target;

const UNKNOWN: &[u8] = b"Unknown error";

/// How many of those who failed a group names.
const MOST_SUBJECTS: usize = 5;

/// Which failures a question is about: of one kind of record, and of one name (WTF-8) among them.
#[derive(Debug, Clone, Default)]
pub struct Failing {
    /// `cuj`, `skill` or `provider`; `None` for all.
    pub source: Option<&'static str>,
    /// The CUJ, skill or provider.
    pub name: Option<Vec<u8>>,
}

impl Failing {
    /// Of the kind with this name, about `name`, a JSON value; of every kind where it is unknown.
    #[must_use]
    pub fn new(source: Option<&str>, name: Option<&[u8]>) -> Self {
        let known = ["cuj", "skill", "provider"];
        let source = source.and_then(|source| known.into_iter().find(|known| *known == source));
        Self { source, name: name.map(|name| json::decode_value(name).into_owned()) }
    }

    fn asks_for(&self, source: &str) -> bool {
        self.source.is_none_or(|asked| asked == source)
    }

    fn is_about(&self, name: &[u8]) -> bool {
        self.name.as_deref().is_none_or(|asked| asked == name)
    }
}

/// Some failures that say the same.
#[derive(Debug, Default)]
struct Group {
    count: u64,
    times: Option<(i64, i64)>,
    example: Vec<u8>,
    subjects: InOrder<u64>,
}

/// One failure, or several of the same text.
#[derive(Debug, Clone, Copy)]
struct Met<'a> {
    who: &'a [u8],
    count: u64,
    times: Option<(i64, i64)>,
}

impl<'a> Met<'a> {
    fn once(who: &'a [u8], at: Option<i64>) -> Self {
        Self { who, count: 1, times: at.map(|at| (at, at)) }
    }
}

/// The groups of one kind of record, by their text.
#[derive(Debug, Default)]
struct Groups(InOrder<Group>);

impl Groups {
    fn add(&mut self, met: Met<'_>, error: Option<&[u8]>) {
        let decoded = told(error).map(json::decode_value);
        let error = decoded.as_deref().unwrap_or(UNKNOWN);
        let group = self.0.of(&grouping_text(error));
        if group.count == 0 {
            group.example = error.to_vec();
        }
        group.add(met);
    }

    /// Adds the groups of a later file.
    fn merge(&mut self, later: Self) {
        for (text, theirs) in later.0 {
            let group = self.0.of(&text);
            if group.count == 0 {
                group.example = theirs.example;
            }
            group.count += theirs.count;
            group.times = joined(group.times, theirs.times);
            for (who, count) in theirs.subjects {
                *group.subjects.of(&who) += count;
            }
        }
    }

    fn into_reports(self, source: &'static str) -> impl Iterator<Item = (Option<i64>, FailureGroup)> {
        self.0.into_iter().map(move |(text, group)| (group.times.map(|(_, last)| last), group.report(source, &text)))
    }
}

impl Group {
    fn add(&mut self, met: Met<'_>) {
        self.count += met.count;
        self.times = joined(self.times, met.times);
        *self.subjects.of(met.who) += met.count;
    }

    fn report(self, source: &'static str, text: &[u8]) -> FailureGroup {
        let mut subjects: Vec<Subject> =
            self.subjects.into_iter().map(|(name, count)| Subject { name: Text::string(&name), count }).collect();
        subjects.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.name.cmp(&b.name)));
        let subject_count = subjects.len() as u64;
        subjects.truncate(MOST_SUBJECTS);
        FailureGroup {
            source,
            text: Text::string(text),
            kind: ErrorKind::of(&self.example).name(),
            count: self.count,
            first_seen: self.times.map(|(first, _)| time::iso(first)),
            last_seen: self.times.map(|(_, last)| time::iso(last)),
            example: Text::string(&self.example),
            subjects,
            subject_count,
        }
    }
}

fn joined(one: Option<(i64, i64)>, other: Option<(i64, i64)>) -> Option<(i64, i64)> {
    match (one, other) {
        (Some(one), Some(other)) => Some((one.0.min(other.0), one.1.max(other.1))),
        (one, other) => one.or(other),
    }
}

impl Monitor {
    /// The failures of a period, the most frequent `limit` groups of them.
    ///
    /// # Errors
    /// When a file cannot be read; this holds for every question here.
    pub fn failure_groups(&self, failing: &Failing, limit: usize, period: &Period) -> Result<Failures> {
        let mut all = Vec::new();
        if failing.asks_for("cuj") {
            let groups = self.ask(&Target::Executions, &self.root().index.executions, |view| {
                failed_executions(view, failing, period)
            })?;
            all.extend(groups.into_reports("cuj"));
        }
        if failing.asks_for("skill") {
            let mut groups = Groups::default();
            let found = self.visit_period(period.from(), period, |view| failed_invocations(view, failing, period))?;
            found.into_iter().for_each(|later| groups.merge(later));
            all.extend(groups.into_reports("skill"));
        }
        if failing.asks_for("provider") {
            let groups =
                self.ask(&Target::Providers, &self.root().index.providers, |view| failed_calls(view, failing, period))?;
            all.extend(groups.into_reports("provider"));
        }
        let order = |(last, group): &(Option<i64>, FailureGroup)| {
            (std::cmp::Reverse((group.count, *last)), group.source, group.text.clone())
        };
        all.sort_by_cached_key(order);
        Ok(Failures {
            schema: SCHEMA,
            from: period.from().map(time::iso),
            to: time::iso(period.end()),
            total: all.iter().map(|(_, group)| group.count).sum(),
            group_count: all.len() as u64,
            groups: all.into_iter().take(limit).map(|(_, group)| group).collect(),
        })
    }
}

/// Errors are kept as hashes, so that one line is fetched for each text of a CUJ.
fn failed_executions(view: &mut View<'_, Executions>, failing: &Failing, period: &Period) -> Answer<Groups> {
    let mut groups = Groups::default();
    let executions = view.columns;
    for ((name, _), failures) in executions.iter().zip(executions.failures(b"null")) {
        if !failing.is_about(name) {
            continue;
        }
        let mut places = HashMap::new();
        let mut texts = Vec::new();
        for entry in entries_of(failures, &*view.chunks, period.range())? {
            let place = *places.entry(entry.hash).or_insert_with(|| {
                texts.push((entry.span, Met { who: name, count: 0, times: None }));
                texts.len() - 1
            });
            let met = &mut texts[place].1;
            met.count += 1;
            met.times = joined(met.times, entry.at.map(|at| (at, at)));
        }
        for (span, met) in texts {
            if let Some(execution) = view.lines.record(span, |execution: &CujExecution<'_>| !execution.success)? {
                groups.add(met, execution.error);
            }
        }
    }
    Ok(groups)
}

fn failed_invocations(view: &mut View<'_, Skills>, failing: &Failing, period: &Period) -> Answer<Groups> {
    let mut groups = Groups::default();
    let skills = view.columns;
    let failed = SkillFilter {
        fields: vec![(SkillField::Result, b"\"failure\"".to_vec())],
        from: period.from(),
        to: period.to(),
        limit: None,
    };
    let Some(selection) = failed.prepare(skills) else { return Ok(groups) };
    let mut rows = Vec::new();
    selection.visit(skills, &*view.chunks, |row| {
        rows.extend(failing.is_about(skills.text(row.field(SkillField::Skill))).then_some(*row));
        true
    })?;
    for row in rows {
        let who = skills.text(row.field(SkillField::Skill));
        if let Some(failure) = view.lines.record(row.span, |_: &SkillError<'_>| true)? {
            groups.add(Met::once(who, row.at), failure.error);
        }
    }
    Ok(groups)
}

fn failed_calls(view: &mut View<'_, Providers>, failing: &Failing, period: &Period) -> Answer<Groups> {
    let mut groups = Groups::default();
    for (name, provider) in view.columns.iter() {
        if !failing.is_about(name) {
            continue;
        }
        let errors = entries_of(provider.errors, &*view.chunks, period.range())?;
        let mut with_error = errors.iter().map(|error| error.serial).peekable();
        provider.calls.visit(
            &*view.chunks,
            period.range(),
            |row| row.at,
            |row| {
                if !row.success && with_error.next_if_eq(&row.serial).is_none() {
                    groups.add(Met::once(name, row.at), None);
                }
            },
        )?;
        for error in errors {
            if let Some(call) = view.lines.record(error.span, |call: &ProviderCall<'_>| !call.success)? {
                groups.add(Met::once(name, error.at), call.error);
            }
        }
    }
    Ok(groups)
}

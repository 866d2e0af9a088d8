//! Failures of every kind of record, grouped by what their errors say.

use std::collections::HashMap;

use super::failure_groups::{Groups, Met, joined};
use super::tables::SCHEMA;
use super::{Answer, Monitor};
use crate::aggregate::{Chosen, Period, Tally, most_frequent};
use crate::column::{Chunks, Entry, FailedExecutions, Provider, Providers, Row, Skills, Source, group_hash};
use crate::error::Result;
use crate::event::{CujExecution, ProviderCall, SkillError, UNKNOWN_ERROR, time};
use crate::index::View;
use crate::json;
use crate::report::{FailureGroup, Failures};
use crate::store::Target;

/// The kinds of records that tell of failures.
const SOURCES: [&str; 3] = ["cuj", "skill", "provider"];

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
        let source = source.and_then(|source| SOURCES.into_iter().find(|known| *known == source));
        Self { source, name: name.map(|name| json::decode_value(name).into_owned()) }
    }

    fn asks_for(&self, source: &str) -> bool {
        self.source.is_none_or(|asked| asked == source)
    }

    fn is_about(&self, name: &[u8]) -> bool {
        self.name.as_deref().is_none_or(|asked| asked == name)
    }
}

impl Monitor {
    /// The failures of a period, the most frequent `limit` groups of them.
    ///
    /// # Errors
    /// When a file cannot be read; this holds for every question here.
    pub fn failure_groups(&self, failing: &Failing, limit: usize, period: &Period) -> Result<Failures> {
        let asked: Vec<&'static str> = SOURCES.into_iter().filter(|source| failing.asks_for(source)).collect();
        let tallies: Vec<Tally> =
            asked.iter().map(|source| self.tally(source, failing, period)).collect::<Result<_>>()?;
        let mut all = Vec::new();
        for (source, chosen) in asked.into_iter().zip(most_frequent(&tallies, limit)) {
            all.extend(self.groups(source, &Wanted { failing, chosen: &chosen, period })?.into_reports(source));
        }
        let order = |(last, group): &(Option<i64>, FailureGroup)| {
            (std::cmp::Reverse((group.count, *last)), group.source, group.text.clone())
        };
        all.sort_by_cached_key(order);
        Ok(Failures {
            schema: SCHEMA,
            from: period.from().map(time::iso),
            to: time::iso(period.end()),
            total: tallies.iter().map(Tally::total).sum(),
            group_count: tallies.iter().map(Tally::groups).sum(),
            groups: all.into_iter().take(limit).map(|(_, group)| group).collect(),
        })
    }

    fn tally(&self, source: &str, failing: &Failing, period: &Period) -> Result<Tally> {
        let (root, window) = (self.root(), period.range());
        let mut tally = Tally::default();
        match source {
            "cuj" => self.ask(&Target::Executions, &root.index.failed_executions, |view| {
                let mut tally = Tally::default();
                for (_, failures) in view.columns.iter().filter(|(name, _)| failing.is_about(name)) {
                    tally.add_all(failures, &*view.chunks, window)?;
                }
                Ok(tally)
            }),
            "provider" => self.ask(&Target::Providers, &root.index.providers, |view| {
                let mut tally = Tally::default();
                for (_, provider) in view.columns.iter().filter(|(name, _)| failing.is_about(name)) {
                    tally.add_all(provider.errors, &*view.chunks, window)?;
                    untold(provider, &*view.chunks, period, |row| tally.add(group_hash(UNKNOWN_ERROR), row.at))?;
                }
                Ok(tally)
            }),
            _ => {
                let days = self.visit_period(period.from(), period, |view| {
                    let mut tally = Tally::default();
                    for (_, failures) in view.columns.iter_failures().filter(|(who, _)| failing.is_about(who)) {
                        tally.add_all(failures, &*view.chunks, window)?;
                    }
                    Ok(tally)
                })?;
                days.into_iter().for_each(|day| tally.merge(day));
                Ok(tally)
            }
        }
    }

    fn groups(&self, source: &str, wanted: &Wanted<'_>) -> Result<Groups> {
        let (root, period) = (self.root(), wanted.period);
        match source {
            "cuj" => {
                self.ask(&Target::Executions, &root.index.failed_executions, |view| failed_executions(view, wanted))
            }
            "provider" => self.ask(&Target::Providers, &root.index.providers, |view| failed_calls(view, wanted)),
            _ => {
                let mut groups = Groups::default();
                let days = self.visit_period(period.from(), period, |view| failed_invocations(view, wanted))?;
                days.into_iter().for_each(|later| groups.merge(later));
                Ok(groups)
            }
        }
    }
}

/// The groups that are to be shown.
struct Wanted<'a> {
    failing: &'a Failing,
    chosen: &'a Chosen,
    period: &'a Period,
}

/// Visits the failed calls of a provider that have no error.
fn untold(provider: Provider<'_>, source: &dyn Source, period: &Period, mut visit: impl FnMut(&Row)) -> Answer<()> {
    let mut with_error = Vec::new();
    provider.errors.visit(source, period.range(), |row| row.at, |error| with_error.push(error.serial))?;
    let mut with_error = with_error.into_iter().peekable();
    let failed = |row: &Row| {
        if !row.success && with_error.next_if_eq(&row.serial).is_none() {
            visit(row);
        }
    };
    provider.calls.visit(source, period.range(), |row| row.at, failed)?;
    Ok(())
}

/// Failures of one name that are grouped alike: the first of them in the order of the file, and what they come to.
struct Alike<'a> {
    first: Entry,
    met: Met<'a>,
}

/// What errors are grouped by is kept as hashes, so that one line has to be fetched for each group of a name.
fn alike<'a>(
    who: &'a [u8],
    failures: &Chunks<Entry>,
    source: &dyn Source,
    wanted: &Wanted<'_>,
) -> Answer<Vec<Alike<'a>>> {
    let mut places = HashMap::new();
    let mut all: Vec<Alike<'a>> = Vec::new();
    let add = |entry: &Entry| {
        if !wanted.chosen.contains(&entry.group) {
            return;
        }
        let place = *places.entry(entry.group).or_insert_with(|| {
            all.push(Alike { first: *entry, met: Met { who, count: 0, times: None } });
            all.len() - 1
        });
        let met = &mut all[place].met;
        met.count += 1;
        met.times = joined(met.times, entry.at.map(|at| (at, at)));
    };
    failures.visit(source, wanted.period.range(), |entry| entry.at, add)?;
    Ok(all)
}

fn failed_executions(view: &mut View<'_, FailedExecutions>, wanted: &Wanted<'_>) -> Answer<Groups> {
    let mut groups = Groups::default();
    for (name, failures) in view.columns.iter().filter(|(name, _)| wanted.failing.is_about(name)) {
        for Alike { first, met } in alike(name, failures, &*view.chunks, wanted)? {
            if let Some(execution) = view.lines.record(first.span, |execution: &CujExecution<'_>| !execution.success)? {
                groups.add(met, execution.error);
            }
        }
    }
    Ok(groups)
}

fn failed_invocations(view: &mut View<'_, Skills>, wanted: &Wanted<'_>) -> Answer<Groups> {
    let mut groups = Groups::default();
    let mut found = Vec::new();
    for (who, failures) in view.columns.iter_failures().filter(|(who, _)| wanted.failing.is_about(who)) {
        found.append(&mut alike(who, failures, &*view.chunks, wanted)?);
    }
    // The example of a group is the first in the file, whichever skill failed with it.
    found.sort_by_key(|alike| alike.first.serial);
    for Alike { first, met } in found {
        if let Some(failure) = view.lines.record(first.span, |_: &SkillError<'_>| true)? {
            groups.add(met, failure.error);
        }
    }
    Ok(groups)
}

fn failed_calls(view: &mut View<'_, Providers>, wanted: &Wanted<'_>) -> Answer<Groups> {
    let mut groups = Groups::default();
    for (name, provider) in view.columns.iter() {
        if !wanted.failing.is_about(name) {
            continue;
        }
        if wanted.chosen.contains(&group_hash(UNKNOWN_ERROR)) {
            untold(provider, &*view.chunks, wanted.period, |row| groups.add(Met::once(name, row.at), None))?;
        }
        for Alike { first, met } in alike(name, provider.errors, &*view.chunks, wanted)? {
            if let Some(call) = view.lines.record(first.span, |call: &ProviderCall<'_>| !call.success)? {
                groups.add(met, call.error);
            }
        }
    }
    Ok(groups)
}

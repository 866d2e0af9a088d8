//! Failures of one kind of record by what their errors say.

use super::tables::told;
use crate::column::InOrder;
use crate::event::{ErrorKind, UNKNOWN_ERROR, grouping_text, time};
use crate::json;
use crate::report::{FailureGroup, Subject, Text};

/// How many of those who failed a group names.
const MOST_SUBJECTS: usize = 5;

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
pub(super) struct Met<'a> {
    pub who: &'a [u8],
    pub count: u64,
    pub times: Option<(i64, i64)>,
}

impl<'a> Met<'a> {
    pub fn once(who: &'a [u8], at: Option<i64>) -> Self {
        Self { who, count: 1, times: at.map(|at| (at, at)) }
    }
}

/// The groups of one kind of record, by their text.
#[derive(Debug, Default)]
pub(super) struct Groups(InOrder<Group>);

impl Groups {
    pub fn add(&mut self, met: Met<'_>, error: Option<&[u8]>) {
        let decoded = told(error).map(json::decode_value);
        let error = decoded.as_deref().unwrap_or(UNKNOWN_ERROR);
        let group = self.0.of(&grouping_text(error));
        if group.count == 0 {
            group.example = error.to_vec();
        }
        group.add(met);
    }

    /// Adds the groups of a later file.
    pub fn merge(&mut self, later: Self) {
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

    pub fn into_reports(self, source: &'static str) -> impl Iterator<Item = (Option<i64>, FailureGroup)> {
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

pub(super) fn joined(one: Option<(i64, i64)>, other: Option<(i64, i64)>) -> Option<(i64, i64)> {
    match (one, other) {
        (Some(one), Some(other)) => Some((one.0.min(other.0), one.1.max(other.1))),
        (one, other) => one.or(other),
    }
}

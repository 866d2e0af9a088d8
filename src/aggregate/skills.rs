//! Questions about skill invocations: which rows match, and what they add up to.

use std::collections::HashMap;

use crate::column::{SkillField, SkillRow, Skills, Sum};
use crate::report::{AgentStatistics, ByName, SkillStatistics, Statistics, Text, average};

/// What a question asks for; fields are JSON values that must be equal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SkillFilter {
    /// Fields and the value that each must have.
    pub fields: Vec<(SkillField, Vec<u8>)>,
    /// Earliest and latest time, both inclusive, epoch ms. With a limit on either side rows without a time do not match.
    pub from: Option<i64>,
    /// See `from`.
    pub to: Option<i64>,
    /// At most this many rows.
    pub limit: Option<usize>,
}

/// A filter made ready for one day file.
#[derive(Debug)]
pub struct Selection {
    fields: Vec<(SkillField, u32)>,
    from: Option<i64>,
    to: Option<i64>,
}

const KINDS: [SkillField; 5] =
    [SkillField::Skill, SkillField::Agent, SkillField::Result, SkillField::Run, SkillField::Cuj];

impl SkillFilter {
    /// Looks up the filter's values in a file's names; `None` when no row can match.
    #[must_use]
    pub fn prepare(&self, skills: &Skills) -> Option<Selection> {
        let fields = self.fields.iter().map(|(field, value)| Some((*field, skills.number(value)?)));
        Some(Selection { fields: fields.collect::<Option<_>>()?, from: self.from, to: self.to })
    }

    /// Whether the filter limits the time.
    #[must_use]
    pub const fn has_range(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }

    /// The field that a documented filter name stands for.
    #[must_use]
    pub fn field(name: &str) -> Option<SkillField> {
        let place = ["skill", "agent", "result", "runId", "cujId"].iter().position(|&known| known == name)?;
        Some(KINDS[place])
    }
}

impl Selection {
    /// Whether a row matches.
    #[must_use]
    pub fn matches(&self, row: &SkillRow) -> bool {
        let in_range = match row.at {
            Some(at) => self.from.is_none_or(|from| at >= from) && self.to.is_none_or(|to| at <= to),
            None => self.from.is_none() && self.to.is_none(),
        };
        in_range && self.fields.iter().all(|&(field, number)| row.field(field) == number)
    }
}

#[derive(Debug, Default)]
struct Group {
    count: u64,
    failures: u64,
    cache_hits: u64,
    duration_ms: Sum,
}

/// Groups by name over several files, in order of first appearance.
#[derive(Debug, Default)]
struct Groups {
    places: HashMap<Box<[u8]>, usize>,
    groups: Vec<(Box<[u8]>, Group)>,
    /// The place of each of the present file's names, so that a row costs no look-up by text.
    known: Vec<Option<usize>>,
}

impl Groups {
    fn next_file(&mut self) {
        self.known.clear();
    }

    fn group(&mut self, skills: &Skills, number: u32) -> &mut Group {
        let index = if number == u32::MAX { 0 } else { number as usize + 1 };
        if index >= self.known.len() {
            self.known.resize(index + 1, None);
        }
        let place = *self.known[index].get_or_insert_with(|| {
            let name = skills.text(number);
            *self.places.entry(name.into()).or_insert_with(|| {
                self.groups.push((name.into(), Group::default()));
                self.groups.len() - 1
            })
        });
        &mut self.groups[place].1
    }

    fn into_report<V>(self, report: impl Fn(&Group) -> V) -> ByName<V> {
        ByName(self.groups.iter().map(|(name, group)| (Text::string(name), report(group))).collect())
    }
}

/// Adds up rows of several day files.
#[derive(Debug, Default)]
pub struct StatisticsBuilder {
    all: Group,
    successful: u64,
    by_skill: Groups,
    by_agent: Groups,
    by_cuj: Groups,
    results: [Option<u32>; 2],
    empty: Vec<u32>,
}

impl StatisticsBuilder {
    /// Goes on with rows of another file.
    pub fn next_file(&mut self, skills: &Skills) {
        self.results = [b"\"success\"".as_slice(), b"\"failure\""].map(|result| skills.number(result));
        self.empty =
            [b"null".as_slice(), b"\"\"", b"0", b"false"].iter().filter_map(|value| skills.number(value)).collect();
        [&mut self.by_skill, &mut self.by_agent, &mut self.by_cuj].into_iter().for_each(Groups::next_file);
    }

    /// Adds a row of that file.
    pub fn add(&mut self, skills: &Skills, row: &SkillRow) {
        let result = Some(row.field(SkillField::Result));
        let failed = u64::from(result == self.results[1]);
        self.successful += u64::from(result == self.results[0]);
        let cuj = row.field(SkillField::Cuj);
        let without_cuj = cuj == u32::MAX || self.empty.contains(&cuj);
        let add = |group: &mut Group| {
            group.count += 1;
            group.failures += failed;
            group.cache_hits += u64::from(row.cache_hit);
            group.duration_ms.add(row.duration_ms);
        };
        add(&mut self.all);
        add(self.by_skill.group(skills, row.field(SkillField::Skill)));
        add(self.by_agent.group(skills, row.field(SkillField::Agent)));
        if !without_cuj {
            add(self.by_cuj.group(skills, cuj));
        }
    }

    /// The totals.
    #[must_use]
    pub fn finish(self) -> Statistics {
        let share = |group: &Group| AgentStatistics { count: group.count, duration_ms: group.duration_ms.value() };
        let total_duration_ms = self.all.duration_ms.value();
        Statistics {
            total_invocations: self.all.count,
            successful: self.successful,
            failed: self.all.failures,
            cache_hits: self.all.cache_hits,
            total_duration_ms,
            avg_duration_ms: average(total_duration_ms, self.all.count),
            by_skill: self.by_skill.into_report(|group| SkillStatistics {
                count: group.count,
                duration_ms: group.duration_ms.value(),
                failures: group.failures,
                cache_hits: group.cache_hits,
            }),
            by_agent: self.by_agent.into_report(share),
            by_cuj: self.by_cuj.into_report(share),
        }
    }
}

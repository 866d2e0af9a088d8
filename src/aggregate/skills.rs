//! Questions about skill invocations: which rows match, and what they add up to.

use std::collections::HashMap;

use crate::column::{Damaged, Group, Overlap, SkillField, SkillRow, Skills, Source, Totals};
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
    /// Visits the matching rows in the order of the file, as long as `visit` says true.
    ///
    /// # Errors
    /// When a chunk is damaged.
    pub fn visit(
        &self,
        skills: &Skills,
        source: &dyn Source,
        mut visit: impl FnMut(&SkillRow) -> bool,
    ) -> Result<(), Damaged> {
        for part in skills.rows().parts() {
            if self.has_range() && part.summary.overlap(self.earliest(), self.end()) == Overlap::None {
                continue;
            }
            let rows = part.rows(source)?;
            if !rows.iter().filter(|row| self.matches(row)).all(&mut visit) {
                break;
            }
        }
        Ok(())
    }

    /// Whether every row of a file matches.
    fn takes_all(&self, skills: &Skills) -> bool {
        let whole =
            || skills.rows().parts().all(|part| part.summary.overlap(self.earliest(), self.end()) == Overlap::Whole);
        self.fields.is_empty() && (!self.has_range() || whole())
    }

    const fn has_range(&self) -> bool {
        self.from.is_some() || self.to.is_some()
    }

    fn earliest(&self) -> i64 {
        self.from.unwrap_or(i64::MIN)
    }

    fn end(&self) -> i64 {
        self.to.map_or(i64::MAX, |to| to.saturating_add(1))
    }

    fn matches(&self, row: &SkillRow) -> bool {
        let in_range = match row.at {
            Some(at) => self.from.is_none_or(|from| at >= from) && self.to.is_none_or(|to| at <= to),
            None => self.from.is_none() && self.to.is_none(),
        };
        in_range && self.fields.iter().all(|&(field, number)| row.field(field) == number)
    }
}

/// Groups by name over several files, in order of first appearance.
#[derive(Debug, Default)]
struct Groups {
    places: HashMap<Box<[u8]>, usize>,
    groups: Vec<(Box<[u8]>, Group)>,
}

impl Groups {
    fn merge(&mut self, name: &[u8], group: &Group) {
        let place = *self.places.entry(name.into()).or_insert_with(|| {
            self.groups.push((name.into(), Group::default()));
            self.groups.len() - 1
        });
        self.groups[place].1.merge(group);
    }

    fn into_report<V>(self, report: impl Fn(&Group) -> V) -> ByName<V> {
        ByName(self.groups.iter().map(|(name, group)| (Text::string(name), report(group))).collect())
    }
}

/// Adds up rows of several day files.
#[derive(Debug, Default)]
pub struct StatisticsBuilder {
    all: Group,
    by: [Groups; 3],
}

impl StatisticsBuilder {
    /// Adds the first `limit` matching rows of a file; gives how many they were.
    ///
    /// # Errors
    /// When a chunk is damaged.
    pub fn add(
        &mut self,
        skills: &Skills,
        source: &dyn Source,
        selection: &Selection,
        limit: usize,
    ) -> Result<usize, Damaged> {
        let all = skills.totals().all.count;
        if selection.takes_all(skills) && limit as u64 >= all {
            self.merge(skills, skills.totals());
            return Ok(usize::try_from(all).unwrap_or(usize::MAX));
        }
        let mut totals = Totals::default();
        let mut count = 0;
        if limit > 0 {
            selection.visit(skills, source, |row| {
                totals.add(skills.names(), row);
                count += 1;
                count < limit
            })?;
        }
        self.merge(skills, &totals);
        Ok(count)
    }

    fn merge(&mut self, skills: &Skills, totals: &Totals) {
        self.all.merge(&totals.all);
        for (groups, list) in self.by.iter_mut().zip(&totals.by) {
            list.iter().for_each(|(number, group)| groups.merge(skills.text(*number), group));
        }
    }

    /// The totals.
    #[must_use]
    pub fn finish(self) -> Statistics {
        let share = |group: &Group| AgentStatistics { count: group.count, duration_ms: group.duration_ms.value() };
        let total_duration_ms = self.all.duration_ms.value();
        let [by_skill, by_agent, by_cuj] = self.by;
        Statistics {
            total_invocations: self.all.count,
            successful: self.all.successful,
            failed: self.all.failures,
            cache_hits: self.all.cache_hits,
            total_duration_ms,
            avg_duration_ms: average(total_duration_ms, self.all.count),
            by_skill: by_skill.into_report(|group| SkillStatistics {
                count: group.count,
                duration_ms: group.duration_ms.value(),
                failures: group.failures,
                cache_hits: group.cache_hits,
            }),
            by_agent: by_agent.into_report(share),
            by_cuj: by_cuj.into_report(share),
        }
    }
}

//! What skill invocations add up to over several day files, and how fast the skills were.

use std::borrow::Cow;
use std::collections::HashMap;

use super::Selection;
use crate::column::{Damaged, Durations, Group, SkillField, Skills, Source, Totals, add_at};
use crate::report::{AgentStatistics, ByName, SkillPerformance, SkillStatistics, Statistics, Text, average, ratio};

/// The percentiles of a skill's performance.
const PERCENTAGES: [f64; 4] = [50.0, 90.0, 95.0, 99.0];

/// What a percentile from a histogram of three digits is off by at most, as a share of itself.
const HISTOGRAM_ERROR: f64 = 0.001;

/// Groups by name over several files, in order of first appearance.
#[derive(Debug, Default)]
struct Groups {
    places: HashMap<Box<[u8]>, usize>,
    groups: Vec<(Box<[u8]>, Group)>,
}

impl Groups {
    /// Adds to the group of a name, and gives the group's place.
    fn merge(&mut self, name: &[u8], group: &Group) -> usize {
        let place = *self.places.entry(name.into()).or_insert_with(|| {
            self.groups.push((name.into(), Group::default()));
            self.groups.len() - 1
        });
        self.groups[place].1.merge(group);
        place
    }

    fn into_report<V>(self, report: impl Fn(&Group) -> V) -> ByName<V> {
        ByName(self.groups.iter().map(|(name, group)| (Text::string(name), report(group))).collect())
    }
}

/// What some rows of one file add up to.
#[derive(Debug)]
pub struct FileStatistics<'a> {
    skills: &'a Skills,
    totals: Cow<'a, Totals>,
    durations: FileDurations,
}

#[derive(Debug)]
enum FileDurations {
    /// Nobody asks for them.
    None,
    /// Those of the whole file, which the columns keep.
    Whole,
    /// Those of the rows, by the place of their skill in the totals.
    Rows(Vec<Durations>),
}

impl FileStatistics<'_> {
    /// How many rows.
    #[must_use]
    pub fn count(&self) -> usize {
        usize::try_from(self.totals.all.count).unwrap_or(usize::MAX)
    }
}

/// Adds up rows of several day files.
#[derive(Debug, Default)]
pub struct StatisticsBuilder {
    all: Group,
    by: [Groups; 3],
    /// By the place of the skill's group; only when percentiles will be asked for.
    durations: Option<Vec<Durations>>,
}

impl StatisticsBuilder {
    /// One that can tell percentiles too.
    #[must_use]
    pub fn with_durations() -> Self {
        Self { durations: Some(Vec::new()), ..Self::default() }
    }

    /// What the first `limit` matching rows of a file add up to.
    ///
    /// # Errors
    /// When a chunk is damaged.
    pub fn collect<'a>(
        &self,
        skills: &'a Skills,
        source: &dyn Source,
        selection: &Selection,
        limit: usize,
    ) -> Result<FileStatistics<'a>, Damaged> {
        if selection.takes_all(skills) && limit as u64 >= skills.totals().all.count {
            let durations = if self.durations.is_some() { FileDurations::Whole } else { FileDurations::None };
            if self.durations.is_some() {
                drop(skills.durations(source)?);
            }
            return Ok(FileStatistics { skills, totals: Cow::Borrowed(skills.totals()), durations });
        }
        let mut totals = Totals::default();
        let mut durations = self.durations.is_some().then(Vec::new);
        let mut count = 0;
        if limit > 0 {
            selection.visit(skills, source, |row| {
                totals.add(skills.names(), row);
                if let Some(durations) = &mut durations {
                    add_at(durations, totals.place(row.field(SkillField::Skill)), row.duration_ms);
                }
                count += 1;
                count < limit
            })?;
        }
        let durations = durations.map_or(FileDurations::None, FileDurations::Rows);
        Ok(FileStatistics { skills, totals: Cow::Owned(totals), durations })
    }

    /// Adds what was collected from a file.
    ///
    /// # Errors
    /// When a chunk is damaged; then nothing was added.
    pub fn add(&mut self, file: &FileStatistics<'_>, source: &dyn Source) -> Result<(), Damaged> {
        let FileStatistics { skills, totals, durations } = file;
        let whole = if matches!(durations, FileDurations::Whole) { Some(skills.durations(source)?) } else { None };
        let theirs = match durations {
            FileDurations::Rows(rows) => rows.as_slice(),
            _ => whole.as_deref().map_or(&[][..], |day| day.by_skill()),
        };
        self.all.merge(&totals.all);
        for (list, (groups, theirs_by)) in self.by.iter_mut().zip(&totals.by).enumerate() {
            for (index, (number, group)) in theirs_by.iter().enumerate() {
                let place = groups.merge(skills.text(*number), group);
                if let (0, Some(own), Some(theirs)) = (list, &mut self.durations, theirs.get(index)) {
                    merge_at(own, place, theirs);
                }
            }
        }
        Ok(())
    }

    /// Adds what another builder, of the same making, has added up over files that come later.
    pub fn merge(&mut self, later: &Self) {
        self.all.merge(&later.all);
        for (list, (groups, theirs)) in self.by.iter_mut().zip(&later.by).enumerate() {
            for (index, (name, group)) in theirs.groups.iter().enumerate() {
                let place = groups.merge(name, group);
                let durations = later.durations.as_ref().and_then(|all| all.get(index));
                if let (0, Some(own), Some(theirs)) = (list, &mut self.durations, durations) {
                    merge_at(own, place, theirs);
                }
            }
        }
    }

    /// How fast each skill was; without percentiles unless they were collected.
    #[must_use]
    pub fn performance(&self) -> ByName<SkillPerformance> {
        let none = Durations::default();
        let groups = self.by[0].groups.iter().enumerate();
        let entry = |(place, (name, group)): (usize, &(Box<[u8]>, Group))| {
            let durations = self.durations.as_ref().and_then(|all| all.get(place)).unwrap_or(&none);
            (Text::string(name), performance(group, durations))
        };
        ByName(groups.map(entry).collect())
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

fn merge_at(all: &mut Vec<Durations>, place: usize, durations: &Durations) {
    if place >= all.len() {
        all.resize_with(place + 1, Durations::default);
    }
    all[place].merge(durations);
}

fn performance(group: &Group, durations: &Durations) -> SkillPerformance {
    let ranks = durations.ranks(PERCENTAGES);
    let [p50_ms, p90_ms, p95_ms, p99_ms] = ranks.percentiles;
    let (min_ms, max_ms) = ranks.extremes;
    SkillPerformance {
        count: group.count,
        success_rate: ratio(group.successful, group.count),
        cache_hit_rate: ratio(group.cache_hits, group.count),
        mean_ms: average(group.duration_ms.value(), group.count),
        p50_ms,
        p90_ms,
        p95_ms,
        p99_ms,
        min_ms,
        max_ms,
        method: if ranks.approximate { "hdr" } else { "exact" },
        error_bound: if ranks.approximate { HISTOGRAM_ERROR } else { 0.0 },
    }
}

//! How much skills and agents were used in a period, against the one before: the rows of day files, added up by name.

use std::collections::HashMap;

use super::usage_sum::Sum;
use super::{Period, Selection, chance};
use crate::column::{Damaged, Group, SkillField, SkillRow, Skills, Source};
use crate::event::time;
use crate::report::{Text, UsageBefore, UsageKey, UsageRow, ratio};

/// A sparkline has so many parts.
const PARTS: i64 = 20;

fn lies_in((from, to): (i64, i64), at: Option<i64>) -> bool {
    at.is_some_and(|at| from <= at && at < to)
}

/// One name, or two, in both periods.
#[derive(Debug, Default)]
struct Used {
    now: Sum,
    before: Sum,
    /// Different skills of an agent, only where agents are asked for.
    skills: Vec<Box<[u8]>>,
}

/// A name as JSON text; `None` where the record names nothing.
type Name = Option<Text>;

/// The places of numbers that were met. Where rows are told apart by one field, a row costs no search.
#[derive(Debug, Default)]
struct Places {
    of_one: Vec<Option<usize>>,
    of_two: HashMap<Numbers, usize>,
}

impl Places {
    fn of(&mut self, numbers: Numbers, new: impl FnOnce() -> usize) -> usize {
        let [one, other] = numbers;
        // An absent field has the largest number; its place stands first.
        let index = one.wrapping_add(1) as usize;
        if other != ONE_FIELD {
            return *self.of_two.entry(numbers).or_insert_with(new);
        }
        if index >= self.of_one.len() {
            self.of_one.resize(index + 1, None);
        }
        *self.of_one[index].get_or_insert_with(new)
    }
}

/// Adds up invocations by one or two of their fields.
#[derive(Debug)]
pub struct Usage {
    fields: &'static [SkillField],
    period: Period,
    places: HashMap<Vec<Option<Box<[u8]>>>, usize>,
    all: Vec<(Vec<Name>, Used)>,
}

/// What the numbers of a row's fields are in its own file.
type Numbers = [u32; 2];

/// Stands for the number of a second field where there is none; no file has as many names.
const ONE_FIELD: u32 = u32::MAX - 1;

impl Usage {
    /// By the fields that `name` stands for: `skill`, `agent`, or a skill with `skill_agent`, `skill_cuj` or `skill_run`.
    #[must_use]
    pub fn by(name: &str, period: Period) -> Self {
        let fields: &[SkillField] = match name {
            "agent" => &[SkillField::Agent],
            "skill_agent" => &[SkillField::Skill, SkillField::Agent],
            "skill_cuj" => &[SkillField::Skill, SkillField::Cuj],
            "skill_run" => &[SkillField::Skill, SkillField::Run],
            _ => &[SkillField::Skill],
        };
        Self { fields, period, places: HashMap::new(), all: Vec::new() }
    }

    /// Adds the rows of one day file that are selected.
    ///
    /// # Errors
    /// When a chunk is damaged; then nothing was added.
    pub fn add(&mut self, skills: &Skills, source: &dyn Source, selection: &Selection) -> Result<(), Damaged> {
        let mut places = Places::default();
        let mut found: Vec<(Numbers, Used, Vec<u32>)> = Vec::new();
        let [success, failure] = [&b"\"success\""[..], b"\"failure\""].map(|result| skills.number(result));
        let agents = self.fields == [SkillField::Agent];
        let (range, earlier) = (self.period.range(), self.period.before());
        selection.visit(skills, source, |row| {
            let inside = range.is_none_or(|range| lies_in(range, row.at));
            if inside || earlier.is_some_and(|earlier| lies_in(earlier, row.at)) {
                let numbers = self.numbers(row);
                let place = places.of(numbers, || {
                    found.push((numbers, Used::default(), Vec::new()));
                    found.len() - 1
                });
                let (_, used, seen) = &mut found[place];
                let result = Some(row.field(SkillField::Result));
                let sum = if inside { &mut used.now } else { &mut used.before };
                sum.add(row, result == success, result == failure);
                if inside {
                    sum.note(row, result == failure);
                }
                let skill = row.field(SkillField::Skill);
                if agents && inside && !seen.contains(&skill) {
                    seen.push(skill);
                }
            }
            true
        })?;
        for (numbers, mut used, seen) in found {
            used.skills = seen.into_iter().map(|skill| skills.text(skill).into()).collect();
            self.merge(skills, numbers, used);
        }
        Ok(())
    }

    fn numbers(&self, row: &SkillRow) -> Numbers {
        [0, 1].map(|place| self.fields.get(place).map_or(ONE_FIELD, |&field| row.field(field)))
    }

    fn merge(&mut self, skills: &Skills, numbers: Numbers, later: Used) {
        let named = |&number: &u32| (!skills.names().is_none(number)).then(|| Box::from(skills.text(number)));
        let key: Vec<Option<Box<[u8]>>> = numbers[..self.fields.len()].iter().map(named).collect();
        let names = key.iter().map(|name| name.as_deref().map(Text::string)).collect();
        let place = *self.places.entry(key).or_insert_with(|| {
            self.all.push((names, Used::default()));
            self.all.len() - 1
        });
        let used = &mut self.all[place].1;
        used.now.merge(later.now);
        used.before.merge(later.before);
        let new = later.skills.into_iter().filter(|skill| !used.skills.contains(skill)).collect::<Vec<_>>();
        used.skills.extend(new);
    }

    /// The rows of the table.
    #[must_use]
    pub fn finish(self) -> Vec<UsageRow> {
        let earliest = self.all.iter().filter_map(|(_, used)| Some(used.now.seen?.0)).min();
        let start = self.period.from().or(earliest).unwrap_or(0);
        let mut rows: Vec<UsageRow> = Vec::with_capacity(self.all.len());
        for (names, used) in self.all {
            rows.push(row(key(self.fields, names, used.skills.len()), &used, self.period, start));
        }
        rows.sort_by_key(|row| std::cmp::Reverse(row.calls));
        rows
    }
}

fn key(fields: &[SkillField], names: Vec<Name>, skills: usize) -> UsageKey {
    let mut key = UsageKey::default();
    for (field, name) in fields.iter().zip(names) {
        match field {
            SkillField::Agent => key.agent = Some(name),
            SkillField::Cuj => key.cuj_id = Some(name),
            SkillField::Run => key.run_id = Some(name),
            _ => key.skill = name,
        }
    }
    key.skills = (fields == [SkillField::Agent]).then_some(skills as u64);
    key
}

fn row(of: UsageKey, used: &Used, period: Period, start: i64) -> UsageRow {
    let Used { now, before, .. } = used;
    let Group { count: calls, successful, failures: failed, cache_hits, .. } = now.group;
    let (p50_ms, p95_ms, error_bound) = now.percentiles();
    let before_rate = ratio(before.group.successful, before.group.count);
    UsageRow {
        of,
        calls,
        successful,
        failed,
        success_rate: ratio(successful, calls),
        cache_hits,
        p50_ms,
        p95_ms,
        error_bound,
        first_used: now.seen.map(|(first, _)| time::iso(first)),
        last_used: now.last().or_else(|| before.last()).map(time::iso),
        spark: spread(&now.times[0], start, period.end()),
        spark_failed: spread(&now.times[1], start, period.end()),
        before: period.before().map(|_| UsageBefore {
            calls: before.group.count,
            successful: before.group.successful,
            failed: before.group.failures,
            success_rate: before_rate,
            p95_ms: before.percentiles().1,
        }),
        chance: (calls > 0 && before.group.count > 0)
            .then(|| chance((successful, calls), (before.group.successful, before.group.count))),
    }
}

/// How many of the times fall into each part of a stretch; what lies outside is counted at its end.
fn spread(times: &[i64], start: i64, end: i64) -> Vec<u64> {
    let mut parts = vec![0; 20];
    // Times are those of a `Date`, so that twenty times their difference is far from overflowing.
    let length = end.saturating_sub(start).saturating_add(1).max(1);
    for at in times {
        let part = (at.saturating_sub(start).saturating_mul(PARTS) / length).clamp(0, PARTS - 1);
        parts[usize::try_from(part).unwrap_or(0)] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn each_time_falls_into_one_part() {
        let parts = spread(&[0, 4, 5, 99, 100, -7], 0, 99);
        assert_eq!((parts[0], parts[1], parts[19], parts.iter().sum::<u64>()), (3, 1, 2, 6));
        assert_eq!(spread(&[7], 7, 7)[0], 1);
    }
}

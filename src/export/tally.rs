//! What all records of one name add up to, taken from the columns.

use super::{Bounds, Distribution};
use crate::column::{Damaged, Executions, Providers, Row, SkillField, SkillRow, Skills, Source};

/// What the records of one name add up to.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    /// Those that succeeded.
    pub succeeded: u64,
    /// Those that failed.
    pub failed: u64,
    /// Those with another result.
    pub other: u64,
    /// Those that were answered from a cache.
    pub cache_hits: u64,
    /// How long they took.
    pub durations: Distribution,
    /// The latest readable time, epoch ms.
    pub last: Option<i64>,
}

/// Tallies by name (WTF-8), in order of first appearance.
pub type Named = Vec<(Box<[u8]>, Tally)>;

impl Tally {
    /// Adds another one over the same bounds.
    pub fn merge(&mut self, other: &Self) {
        self.succeeded += other.succeeded;
        self.failed += other.failed;
        self.other += other.other;
        self.cache_hits += other.cache_hits;
        self.durations.merge(&other.durations);
        self.last = self.last.max(other.last);
    }

    fn add(&mut self, row: &Row, bounds: &Bounds) {
        self.succeeded += u64::from(row.success);
        self.failed += u64::from(!row.success);
        self.durations.add(bounds, row.duration_ms);
        self.last = self.last.max(row.at);
    }
}

/// The executions by CUJ.
///
/// # Errors
/// When a chunk is damaged; this holds for all of these.
pub fn executions(executions: &Executions, source: &dyn Source, bounds: &Bounds) -> Result<Named, Damaged> {
    let mut named = Named::new();
    for (name, series) in executions.iter() {
        let mut tally = Tally::default();
        for part in series.parts() {
            part.rows(source)?.iter().for_each(|row| tally.add(row, bounds));
        }
        named.push((name.into(), tally));
    }
    Ok(named)
}

/// The calls by provider.
///
/// # Errors
/// See [`executions`].
pub fn calls(providers: &Providers, source: &dyn Source, bounds: &Bounds) -> Result<Named, Damaged> {
    let mut named = Named::new();
    for (name, provider) in providers.iter() {
        let mut tally = Tally::default();
        provider.calls.visit(source, None, |row| row.at, |row| tally.add(row, bounds))?;
        named.push((name.into(), tally));
    }
    Ok(named)
}

/// The invocations of one day file by skill and by agent, each over bounds of its own.
///
/// # Errors
/// See [`executions`].
pub fn invocations(skills: &Skills, source: &dyn Source, bounds: [&Bounds; 2]) -> Result<[Named; 2], Damaged> {
    let [success, failure] = [&b"\"success\""[..], b"\"failure\""].map(|result| skills.number(result));
    let mut groups = [SkillField::Skill, SkillField::Agent].map(|field| (field, ByNumber::default()));
    skills.rows().visit(
        source,
        None,
        |row| row.at,
        |row| {
            let result = Some(row.field(SkillField::Result));
            let outcome = (result == success, result == failure);
            for ((field, tallies), bounds) in groups.iter_mut().zip(bounds) {
                add(tallies.of(row.field(*field)), row, outcome, bounds);
            }
        },
    )?;
    Ok(groups.map(|(_, tallies)| tallies.named(skills)))
}

fn add(tally: &mut Tally, row: &SkillRow, (success, failure): (bool, bool), bounds: &Bounds) {
    tally.succeeded += u64::from(success);
    tally.failed += u64::from(failure);
    tally.other += u64::from(!success && !failure);
    tally.cache_hits += u64::from(row.cache_hit);
    tally.durations.add(bounds, row.duration_ms);
    tally.last = tally.last.max(row.at);
}

/// Tallies by the numbers of names, in order of first appearance.
#[derive(Debug, Default)]
struct ByNumber {
    /// For each number its place and one more; an absent field, the largest number, stands first.
    places: Vec<usize>,
    tallies: Vec<(u32, Tally)>,
}

impl ByNumber {
    fn of(&mut self, number: u32) -> &mut Tally {
        let index = number.wrapping_add(1) as usize;
        if index >= self.places.len() {
            self.places.resize(index + 1, 0);
        }
        if self.places[index] == 0 {
            self.tallies.push((number, Tally::default()));
            self.places[index] = self.tallies.len();
        }
        &mut self.tallies[self.places[index] - 1].1
    }

    fn named(self, skills: &Skills) -> Named {
        self.tallies.into_iter().map(|(number, tally)| (skills.text(number).into(), tally)).collect()
    }
}

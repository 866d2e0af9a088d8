//! How often failures occurred that say the same, by hashes of what they say, so that texts are needed of the most frequent
//! ones alone.

use std::collections::{HashMap, HashSet};
use std::hash::BuildHasherDefault;

use super::failures::AsItIs;
use crate::column::{Chunks, Damaged, Entry, Source};

/// Failures by the hash of what they are grouped by: how many, and when the last was.
#[derive(Debug, Clone, Default)]
pub struct Tally(HashMap<u64, (u64, Option<i64>), BuildHasherDefault<AsItIs>>);

/// Hashes of groups.
pub type Chosen = HashSet<u64, BuildHasherDefault<AsItIs>>;

impl Tally {
    /// Counts one failure.
    pub fn add(&mut self, group: u64, at: Option<i64>) {
        self.put(group, (1, at));
    }

    /// Counts the failures of a window, or all.
    ///
    /// # Errors
    /// When a chunk is damaged; then some may have been counted.
    pub fn add_all(
        &mut self,
        failures: &Chunks<Entry>,
        source: &dyn Source,
        window: Option<(i64, i64)>,
    ) -> Result<(), Damaged> {
        failures.visit(source, window, |entry| entry.at, |entry| self.add(entry.group, entry.at))
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: Self) {
        other.0.into_iter().for_each(|(group, counted)| self.put(group, counted));
    }

    fn put(&mut self, group: u64, (count, at): (u64, Option<i64>)) {
        let (all, last) = self.0.entry(group).or_default();
        *all += count;
        *last = at.max(*last);
    }

    /// How many failures there are.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.values().map(|(count, _)| count).sum()
    }

    /// How many groups there are.
    #[must_use]
    pub fn groups(&self) -> u64 {
        self.0.len() as u64
    }
}

/// Of several tallies together the `limit` groups that are the most frequent, of the same number those that were met last; and
/// all that are equal to the last of them in both. One set for each tally.
#[must_use]
pub fn most_frequent(tallies: &[Tally], limit: usize) -> Vec<Chosen> {
    let mut counted: Vec<(u64, Option<i64>)> = tallies.iter().flat_map(|tally| tally.0.values()).copied().collect();
    let least = match limit.checked_sub(1) {
        None => Some((u64::MAX, None)),
        Some(last) if last < counted.len() => Some(*counted.select_nth_unstable_by(last, |a, b| b.cmp(a)).1),
        Some(_) => None,
    };
    let of = |tally: &Tally| {
        let enough = |counted: &(u64, Option<i64>)| least.is_none_or(|least| *counted >= least);
        tally.0.iter().filter(|(_, counted)| enough(counted)).map(|(&group, _)| group).collect()
    };
    tallies.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::{Tally, most_frequent};

    #[test]
    fn the_most_frequent_are_chosen_and_all_that_tie_with_the_last_of_them() {
        let mut tallies = [Tally::default(), Tally::default()];
        for (which, group, times, at) in [(0, 1, 3, 5), (0, 2, 1, 9), (0, 3, 1, 8), (1, 4, 1, 8), (1, 5, 2, 1)] {
            (0..times).for_each(|_| tallies[which].add(group, Some(at)));
        }
        let chosen = |limit: usize| {
            let sets = most_frequent(&tallies, limit);
            let mut groups: Vec<u64> = sets.into_iter().flatten().collect();
            groups.sort_unstable();
            groups
        };
        assert_eq!(chosen(0), [0_u64; 0]);
        assert_eq!((chosen(1), chosen(2), chosen(3)), (vec![1], vec![1, 5], vec![1, 2, 5]));
        assert_eq!((chosen(4), chosen(9)), (vec![1, 2, 3, 4, 5], vec![1, 2, 3, 4, 5]));
        assert_eq!((tallies[0].total(), tallies[0].groups()), (5, 3));
    }
}

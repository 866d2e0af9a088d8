//! Tallies by label: the names that came first each have one, the others share one.

use std::collections::{HashMap, HashSet};

use super::label::is_too_long;
use super::{Named, OTHER, Tally, label_of};

/// Tallies by label, in order of first appearance.
#[derive(Debug, Default)]
pub struct Tallies {
    all: Vec<(String, Tally)>,
    places: HashMap<String, usize>,
    keep: HashSet<String>,
    free: usize,
    folded: HashSet<String>,
}

impl Tallies {
    /// None yet. `most` names will have a tally of their own, and those to `keep` too. Who comes first stays, whatever comes
    /// later: a counter never falls because another name became more frequent.
    #[must_use]
    pub fn new(most: usize, keep: &[String]) -> Self {
        let keep = keep.iter().map(|name| label_of(name.as_bytes())).collect();
        Self { free: most, keep, ..Self::default() }
    }

    /// Adds the tallies of some names; `clean` takes secrets out of a name.
    pub fn add(&mut self, named: Named, clean: impl Fn(&[u8]) -> Vec<u8>) {
        for (name, tally) in named {
            let label = self.fitting(label_of(&clean(&name)));
            let place = self.place(label);
            self.all[place].1.merge(&tally);
        }
    }

    fn fitting(&mut self, label: String) -> String {
        if label == OTHER || self.places.contains_key(&label) {
            return label;
        }
        let kept = self.keep.contains(&label);
        if is_too_long(&label) || (!kept && self.free == 0) {
            self.folded.insert(label);
            return OTHER.to_owned();
        }
        self.free -= usize::from(!kept);
        label
    }

    fn place(&mut self, label: String) -> usize {
        *self.places.entry(label).or_insert_with_key(|label| {
            self.all.push((label.clone(), Tally::default()));
            self.all.len() - 1
        })
    }

    /// Labels with their tallies.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Tally)> {
        self.all.iter().map(|(label, tally)| (label.as_str(), tally))
    }

    /// How many names share the tally of the others.
    #[must_use]
    pub fn folded(&self) -> usize {
        self.folded.len()
    }
}

#[cfg(test)]
mod tests {
    use super::{Named, OTHER, Tallies, Tally};

    fn one(name: &str) -> Named {
        vec![(name.as_bytes().into(), Tally { succeeded: 1, ..Tally::default() })]
    }

    #[test]
    fn names_beyond_the_limit_share_a_tally_and_nothing_is_lost() {
        let mut tallies = Tallies::new(2, &["kept".to_owned()]);
        let long = "x".repeat(1025);
        for name in ["a", OTHER, "b", "c", "kept", "a", "d", "c", &long, "b\u{7}", "kept"] {
            tallies.add(one(name), <[u8]>::to_vec);
        }
        let found: Vec<_> = tallies.iter().map(|(label, tally)| (label, tally.succeeded)).collect();
        assert_eq!(found, [("a", 2), (OTHER, 6), ("b", 1), ("kept", 2)]);
        assert_eq!(tallies.folded(), 4);
    }

    #[test]
    fn names_that_become_one_label_have_one_tally() {
        let mut tallies = Tallies::new(9, &[]);
        for name in ["a\u{1}", "a\u{2}", "a\u{fffd}"] {
            tallies.add(one(name), <[u8]>::to_vec);
        }
        assert_eq!(
            tallies.iter().map(|(label, tally)| (label, tally.succeeded)).collect::<Vec<_>>(),
            [("a\u{fffd}", 3)]
        );
    }
}

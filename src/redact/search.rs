//! Searches that find every place of many patterns in a text, those inside of one another too.

use aho_corasick::automaton::Automaton;
#[cfg(not(feature = "program"))]
use aho_corasick::dfa::DFA as Machine;
// A process that lives for some milliseconds searches less text than it would take to make the faster one.
#[cfg(feature = "program")]
use aho_corasick::nfa::contiguous::NFA as Machine;
use aho_corasick::{Anchored, PatternID};

/// A search for many patterns.
pub(super) struct Search(Machine);

impl Search {
    /// `None` when there are too many patterns.
    pub(super) fn new<'a>(patterns: impl IntoIterator<Item = &'a str>, any_case: bool) -> Option<Self> {
        Machine::builder().ascii_case_insensitive(any_case).build(patterns).ok().map(Self)
    }

    /// Whether `wanted` is true of any place: of the number of the pattern and of the end of the place.
    ///
    /// The crate's own iterators take longer to begin than most of these texts take to be searched.
    pub(super) fn any(&self, text: &[u8], mut wanted: impl FnMut(usize, usize) -> bool) -> bool {
        let Ok(mut state) = self.0.start_state(Anchored::No) else { return true };
        text.iter().enumerate().any(|(at, &byte)| {
            state = self.0.next_state(Anchored::No, state, byte);
            // Most states are not special, and no state is more than a match.
            self.0.is_special(state)
                && self.0.is_match(state)
                && (0..self.0.match_len(state)).any(|index| {
                    let pattern: PatternID = self.0.match_pattern(state, index);
                    wanted(pattern.as_usize(), at + 1)
                })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Search;

    #[test]
    fn finds_places_inside_of_one_another() {
        let patterns = ["abc", "b", "bc", "C"];
        let found = |text: &str, any_case| {
            let mut found = Vec::new();
            let search = Search::new(patterns, any_case).unwrap();
            assert!(!search.any(text.as_bytes(), |pattern, end| {
                found.push((end, patterns[pattern]));
                false
            }));
            found.sort_unstable();
            found
        };
        assert_eq!(found("xabcb", false), [(3, "b"), (4, "abc"), (4, "bc"), (5, "b")]);
        assert_eq!(found("aBc", true), [(2, "b"), (3, "C"), (3, "abc"), (3, "bc")]);
        assert_eq!(found("", true), []);
    }

    #[test]
    fn stops_where_told() {
        let mut count = 0;
        assert!(Search::new(["a"], false).unwrap().any(b"aaa", |_, end| {
            count += 1;
            end == 2
        }));
        assert_eq!(count, 2);
    }
}

//! Finds the words of the table in a text, in any case.

use super::sieve::{BLOCK, Sieve, WINDOW};
use super::table::{Groups, RARER_WORDS, WORDS, Word};

/// Calls `visit` with the start of each word of the table, those of each half of it in order, until it returns false.
pub(super) fn each_word(text: &[u8], mut visit: impl FnMut(usize, &Word) -> bool) {
    let _ = each_of(&RARE, &WORDS, text, &mut visit) && each_of(&RARER, &RARER_WORDS, text, &mut visit);
}

/// Whether any of the words may stand in the block that a window begins with.
pub(super) fn may_have_word(window: &[u8; WINDOW]) -> bool {
    RARE.first_block(window) | RARER.first_block(window) != 0
}

fn each_of(sieve: &Sieve<3>, words: &Groups, text: &[u8], visit: &mut impl FnMut(usize, &Word) -> bool) -> bool {
    let mut goes_on = true;
    sieve.blocks(text, |block, mut bits| {
        while bits != 0 {
            let at = block + bits.trailing_zeros() as usize;
            bits &= bits - 1;
            let mut groups = sieve.groups(text, at);
            while groups != 0 {
                for word in words[groups.trailing_zeros() as usize] {
                    if let Some(start) = at.checked_sub(word.rare)
                        && word.is_at(text, start)
                        && !visit(start, word)
                    {
                        goes_on = false;
                        return None;
                    }
                }
                groups &= groups - 1;
            }
        }
        Some(block + BLOCK)
    });
    goes_on
}

/// The rare bytes of the words.
static RARE: Sieve<3> = rare(&WORDS);
static RARER: Sieve<3> = rare(&RARER_WORDS);

const fn rare(words: &Groups) -> Sieve<3> {
    let mut sieve = Sieve::new();
    let mut group = 0;
    while group < words.len() {
        let mut index = 0;
        while index < words[group].len() {
            let word = &words[group][index];
            let mut place = 0;
            while place < 3 {
                sieve.add(place, word.text.as_bytes()[word.rare + place], group);
                place += 1;
            }
            index += 1;
        }
        group += 1;
    }
    sieve
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{RARER_WORDS, WORDS, Word, each_word};

    fn words() -> impl Iterator<Item = &'static Word> + Clone {
        WORDS.iter().chain(&RARER_WORDS).copied().flatten()
    }

    fn found(text: &[u8]) -> Vec<(usize, &'static str)> {
        let mut found = Vec::new();
        each_word(text, |start, word| {
            found.push((start, word.text));
            true
        });
        found.sort_unstable();
        found
    }

    /// What is found by a look for each word at each place.
    fn found_slowly(text: &[u8]) -> Vec<(usize, &'static str)> {
        let words = words().map(|word| word.text);
        let at = |start: usize, word: &str| {
            text[start..].get(..word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
        };
        let mut found: Vec<_> = (0..text.len())
            .flat_map(|start| words.clone().filter(move |word| at(start, word)).map(move |word| (start, word)))
            .collect();
        found.sort_unstable();
        found
    }

    fn mixed(word: &str) -> String {
        word.char_indices().map(|(at, char)| if at % 2 == 0 { char.to_ascii_uppercase() } else { char }).collect()
    }

    #[test]
    fn every_word_is_found_at_every_offset_in_any_case_to_both_ends() {
        for word in words() {
            for written in [word.text.to_owned(), word.text.to_ascii_uppercase(), mixed(word.text)] {
                for before in 0..140 {
                    for after in [0, 1, 2, 30, 64, 100] {
                        let text = ".".repeat(before) + &written + &"x".repeat(after);
                        assert!(
                            found(text.as_bytes()).contains(&(before, word.text)),
                            "{written:?} at {before}, {after} behind it"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn a_visitor_can_stop() {
        let mut count = 0;
        each_word(b"token token token", |_, _| {
            count += 1;
            count < 2
        });
        assert_eq!(count, 2);
    }

    fn piece() -> impl Strategy<Value = Vec<u8>> {
        let words: Vec<_> = words().map(|word| word.text).collect();
        let word = prop::sample::select(words);
        prop_oneof![
            2 => word.clone().prop_map(|word| word.as_bytes().to_vec()),
            1 => word.clone().prop_map(|word| mixed(word).into_bytes()),
            1 => (word, 0usize..12).prop_map(|(word, cut)| word.as_bytes()[cut.min(word.len())..].to_vec()),
            1 => prop::collection::vec(any::<u8>(), 0..40),
            1 => "[a-z :/\\\\.-]{0,80}".prop_map(String::into_bytes),
        ]
    }

    proptest! {
        #![proptest_config(crate::redact::tests::config())]

        #[test]
        fn finds_what_a_slow_look_finds(pieces in prop::collection::vec(piece(), 0..60)) {
            let text = pieces.concat();
            prop_assert_eq!(found(&text), found_slowly(&text));
        }
    }
}

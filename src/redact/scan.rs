//! One look at one text: every rule of the table is tried where its prefix or word stands.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind, packed};
use memchr::memchr2;

use super::runs::long_runs;
use super::spans::Span;
use super::table::{PREFIXES, WORDS};
use super::{encoded, hidden, places, prefixes};

/// The shortest run of word bytes that can hold a prefixed secret or hide one.
const LONG: u32 = 20;
/// How far before such a run its prefix may begin: the longest prefix.
const LEAD: usize = 16;

/// What a scan is told about its text.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Setting {
    /// The text is JSON as it stands in the file: any doubt counts as a finding, and the first one is enough.
    pub(super) raw: bool,
    /// Somewhere in the record is the id of an AWS key, so that its secret may be near.
    pub(super) aws: bool,
    /// How many encodings have been taken off so far.
    pub(super) depth: u8,
}

/// Up to where each kind of stretch that is looked at as a whole has been looked at.
#[derive(Default)]
pub(super) struct Done {
    pub(super) image: usize,
    pub(super) base64: usize,
    pub(super) block: usize,
    pub(super) escape: bool,
    /// The last stretches whose end was looked for: bare values, lines.
    pub(super) bare: (usize, usize),
    pub(super) line: (usize, usize),
    /// The last look at whether a quote closes a key: from where, to which quote, the answer.
    pub(super) odd_key: (usize, usize, bool),
    /// The last name of a count that is in no key: from where the same is true up to where, and its depth in strings.
    pub(super) in_key: (usize, usize, usize),
}

/// The state of one look at a text.
pub(super) struct Scan<'a> {
    pub(super) text: &'a [u8],
    pub(super) setting: Setting,
    pub(super) spans: Vec<Span>,
    /// Runs whose end is known, one for each class.
    pub(super) reach: prefixes::Reach,
    /// What lies before these has been dealt with: images, runs of base64, blocks of PEM, escapes.
    pub(super) done: Done,
}

/// Finds every secret in a text by the rules of the table.
pub(super) fn find(text: &[u8], setting: Setting) -> Vec<Span> {
    let mut scan = Scan { text, setting, spans: Vec::new(), reach: prefixes::Reach::default(), done: Done::default() };
    scan.words();
    scan.runs();
    scan.marks();
    let aws = setting.aws || scan.spans.iter().any(|span| span.kind == prefixes::AWS);
    if aws && !setting.raw {
        prefixes::aws_secrets(&mut scan);
    }
    scan.spans
}

impl Scan<'_> {
    /// Notes a secret.
    pub(super) fn mark(&mut self, start: usize, end: usize, kind: &'static str) {
        self.spans.push(Span { start, end, kind });
    }

    /// Whether nothing further can change the answer.
    pub(super) fn is_done(&self) -> bool {
        self.setting.raw && !self.spans.is_empty()
    }

    fn words(&mut self) {
        let folded = self.text.to_ascii_lowercase();
        let mut at = 0;
        while let Some((start, pattern)) = WORD_SEARCH.next(&folded, at) {
            WORDS[pattern].1(self, start);
            if self.is_done() {
                return;
            }
            at = start + 1;
        }
    }

    fn runs(&mut self) {
        let text = self.text;
        if self.is_done() {
            return;
        }
        long_runs::<LONG>(text, |start, end| {
            if !hidden::is_image(self, start) {
                self.prefixes(start, end);
                hidden::base64(self, start, end);
            }
            !self.is_done()
        });
    }

    /// Tries the prefixes whose body begins inside a run.
    fn prefixes(&mut self, start: usize, end: usize) {
        if prefixes::is_ordinary(self.text, start, end) {
            return;
        }
        prefixes::discord(self, start, end);
        let joined = start > 0 && prefixes::is_joint(self.text.get(start - 1));
        let from = if joined { start.saturating_sub(LEAD) } else { start };
        let Some(automaton) = &*PREFIX_SEARCH else {
            // Blind without its automaton, the rule takes every long run for a secret.
            return self.mark(start, end, "unknown");
        };
        let mut jwt_tried = false;
        for found in automaton.find_overlapping_iter(&self.text[from..end]) {
            let body = from + found.end();
            let rule = &PREFIXES[found.pattern().as_usize()];
            let jwt = rule.kind == "jwt";
            // The first `eyJ` of a run decides for the later ones, whose dots are the same.
            if body >= start && !(jwt && jwt_tried) {
                jwt_tried |= jwt;
                prefixes::check(self, rule, from + found.start(), body);
            }
        }
    }

    /// Tries what stands at `%` and `~`.
    fn marks(&mut self) {
        let text = self.text;
        let (mut at, mut percent) = (0, false);
        while let Some(found) = memchr2(b'%', b'~', &text[at..]) {
            if self.is_done() {
                return;
            }
            at += found;
            if text[at] == b'~' {
                places::azure(self, at);
            } else if !percent && encoded::is_percent(text, at) {
                percent = true;
                encoded::look_in(self, encoded::percent);
            }
            at += 1;
        }
    }
}

/// Finds the words of the table in a text in lower case, by vector instructions where there are any.
enum WordSearch {
    Packed(packed::Searcher),
    Automaton(AhoCorasick),
    Blind,
}

static WORD_SEARCH: LazyLock<WordSearch> = LazyLock::new(|| {
    let words = WORDS.iter().map(|(word, _)| word);
    match packed::Searcher::new(words.clone()) {
        Some(searcher) => WordSearch::Packed(searcher),
        None => AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostFirst)
            .build(words)
            .map_or(WordSearch::Blind, WordSearch::Automaton),
    }
});

impl WordSearch {
    /// The next word at or after `at`: its offset and its place in the table.
    fn next(&self, text: &[u8], at: usize) -> Option<(usize, usize)> {
        let found = match self {
            Self::Packed(searcher) => searcher.find_in(text, (at..text.len()).into()),
            Self::Automaton(automaton) => automaton.find(aho_corasick::Input::new(text).range(at..)),
            // Every place is then a word's, which only makes the look slow.
            Self::Blind => return (at..text.len()).find_map(|start| word_at(text, start).map(|word| (start, word))),
        };
        found.map(|found| (found.start(), found.pattern().as_usize()))
    }
}

fn word_at(text: &[u8], at: usize) -> Option<usize> {
    WORDS.iter().position(|(word, _)| text[at..].starts_with(word.as_bytes()))
}

static PREFIX_SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let prefixes = PREFIXES.iter().map(|rule| rule.text);
    AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).match_kind(MatchKind::Standard).build(prefixes).ok()
});

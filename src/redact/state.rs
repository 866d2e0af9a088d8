//! The state of one look at a text, which every rule reads and adds to.

use super::ahead::Ahead;
use super::bytes::run_end;
use super::names::{Name, judge};
use super::spans::Span;

/// How many clients the table of clients may have.
pub(super) const CLIENTS: usize = 24;

/// At how many places a quick look at raw JSON looks, at most.
const LOOKS: usize = 1024;

/// Finds every secret in a text. Rules that unwrap a text are given it, so that none of them knows the others.
pub(super) type Find = fn(&[u8], Setting) -> Vec<Span>;

/// The last run of each class whose end was looked for, so that a run full of prefixes is walked over once.
#[derive(Default)]
pub(super) struct Reach {
    runs: [(usize, usize); 16],
}

impl Reach {
    /// The end of the run of a class that goes on at `at`.
    pub(super) fn end(&mut self, text: &[u8], at: usize, class: u16) -> usize {
        let run = &mut self.runs[class.trailing_zeros() as usize & 15];
        if !(run.0..run.1).contains(&at) {
            *run = (at, run_end(text, at, class));
        }
        run.1
    }
}

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
    /// The last run behind `;base64,`: up to where, and whether it is an image.
    pub(super) image: (usize, bool),
    pub(super) base64: usize,
    pub(super) block: usize,
    pub(super) escape: bool,
    /// The last stretches whose end was looked for: bare values, those in a query, and lines.
    pub(super) bare: [(usize, usize); 2],
    pub(super) line: (usize, usize),
    /// The last look at whether a quote closes a key: from where, to which quote, the answer.
    pub(super) odd_key: (usize, usize, bool),
    /// The last name of a count that is in no key: from where the same is true up to where, and its depth in strings.
    pub(super) in_key: (usize, usize, usize),
    /// Up to where the options of each client were looked at, by its place in the table of clients.
    pub(super) clients: [usize; CLIENTS],
    /// The last name, or as much of it as a word in it makes matter.
    pub(super) name: (usize, usize),
}

/// The state of one look at a text.
pub(super) struct Scan<'a> {
    pub(super) text: &'a [u8],
    pub(super) setting: Setting,
    pub(super) spans: Vec<Span>,
    /// Runs whose end is known, one for each class.
    pub(super) reach: Reach,
    /// What lies before these has been dealt with: images, runs of base64, blocks of PEM, escapes.
    pub(super) done: Done,
    /// What is known of the bytes that values are made of.
    pub(super) ahead: Ahead,
    /// Finds the secrets of a text that was unwrapped.
    pub(super) find: Find,
    /// At how many places a rule has looked.
    looks: usize,
    /// The two names that were judged last.
    judged: [(&'a [u8], Name); 2],
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a [u8], setting: Setting, find: Find) -> Self {
        let (reach, done, ahead) = (Reach::default(), Done::default(), Ahead::default());
        Self { text, setting, spans: Vec::new(), reach, done, ahead, find, looks: 0, judged: [(b"", Name::Plain); 2] }
    }

    /// Notes a secret.
    pub(super) fn mark(&mut self, start: usize, end: usize, kind: &'static str) {
        self.spans.push(Span { start, end, kind });
    }

    /// What a name says about its value; the last answers are kept, because names come again.
    pub(super) fn judge(&mut self, name: &'a [u8]) -> Name {
        if self.judged[0].0 != name {
            // Names that take turns are judged once each.
            self.judged.swap(0, 1);
            if self.judged[0].0 != name {
                self.judged[0] = (name, judge(name));
            }
        }
        self.judged[0].1
    }

    /// Counts a place that a rule looks at. Raw JSON with so many of them is not worth a quick look: the walk sees each of them
    /// once more.
    pub(super) fn looked(&mut self) {
        self.looks += 1;
        if self.setting.raw && self.looks == LOOKS {
            self.mark(0, self.text.len(), "unsure");
        }
    }

    /// Whether nothing further can change the answer.
    pub(super) fn is_done(&self) -> bool {
        self.setting.raw && !self.spans.is_empty()
    }
}

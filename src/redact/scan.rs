//! One look at one text: every rule of the table is tried where its prefix or word stands.

use std::sync::LazyLock;

use memchr::{memchr2, memchr2_iter};

use super::bytes::{CREDENTIAL, is};
use super::formats::PREFIXES;
use super::names::{Name, judge};
use super::runs::long_runs;
use super::search::Search;
use super::spans::Span;
use super::words::each_word;
use super::{clients, encoded, hidden, places, prefixes};

/// The shortest run of word bytes that can hold a prefixed secret or hide one.
const LONG: u32 = 20;
/// The shortest body of a prefixed secret.
const SHORTEST: usize = 9;
/// How far before such a run its prefix may begin: the longest prefix.
const LEAD: usize = 20;

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
    pub(super) bare: (usize, usize, bool),
    pub(super) line: (usize, usize),
    /// The last look at whether a quote closes a key: from where, to which quote, the answer.
    pub(super) odd_key: (usize, usize, bool),
    /// The last name of a count that is in no key: from where the same is true up to where, and its depth in strings.
    pub(super) in_key: (usize, usize, usize),
    /// Up to where the options of each client were looked at, by its place in the table of clients.
    pub(super) clients: [usize; clients::COUNT],
    /// The last name, or as much of it as a word in it makes matter.
    pub(super) name: (usize, usize),
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
    /// The name that was judged last.
    judged: (&'a [u8], Name),
}

/// Finds every secret in a text by the rules of the table.
pub(super) fn find(text: &[u8], setting: Setting) -> Vec<Span> {
    let mut scan = Scan::new(text, setting);
    scan.words();
    scan.runs();
    scan.marks();
    let aws = setting.aws || scan.spans.iter().any(|span| span.kind == prefixes::AWS);
    if aws && !setting.raw {
        prefixes::aws_secrets(&mut scan);
    }
    scan.spans
}

/// Whether raw JSON may hold a secret.
pub(super) fn is_doubtful(text: &[u8]) -> bool {
    !find(text, Setting { raw: true, ..Setting::default() }).is_empty()
}

/// Where a text has anything that a rule looks at, in ascending order; it is clean where it has nothing of the kind.
#[expect(clippy::stable_sort_primitive, reason = "it merges parts that are in order, which the other one does not")]
pub(super) fn places(text: &[u8]) -> Vec<usize> {
    let mut places = Vec::new();
    each_word(text, |start, _| {
        places.push(start);
        true
    });
    long_runs::<LONG>(text, |start, _| {
        places.push(start);
        true
    });
    places.extend(memchr2_iter(b'%', b'~', text));
    places.sort();
    places
}

impl<'a> Scan<'a> {
    pub(super) fn new(text: &'a [u8], setting: Setting) -> Self {
        let (reach, done) = (prefixes::Reach::default(), Done::default());
        Self { text, setting, spans: Vec::new(), reach, done, judged: (b"", Name::Plain) }
    }

    /// Notes a secret.
    pub(super) fn mark(&mut self, start: usize, end: usize, kind: &'static str) {
        self.spans.push(Span { start, end, kind });
    }

    /// What a name says about its value; the last answer is kept, because names come again.
    pub(super) fn judge(&mut self, name: &'a [u8]) -> Name {
        if self.judged.0 != name {
            self.judged = (name, judge(name));
        }
        self.judged.1
    }

    /// Whether nothing further can change the answer.
    pub(super) fn is_done(&self) -> bool {
        self.setting.raw && !self.spans.is_empty()
    }

    fn words(&mut self) {
        each_word(self.text, |start, word| {
            (word.check)(self, start);
            !self.is_done()
        });
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
        prefixes::telegram(self, start, end);
        let joined = start > 0 && prefixes::is_joint(self.text.get(start - 1));
        let from = if joined { start.saturating_sub(LEAD) } else { start };
        let Some(search) = &*PREFIX_SEARCH else {
            // Blind without its search, the rule takes every long run for a secret.
            return self.mark(start, end, "unknown");
        };
        // A body that ends with the run begins some bytes before.
        let goes_on = self.text.get(end).is_some_and(|&byte| is(byte, CREDENTIAL));
        let last = if goes_on { end } else { end - SHORTEST };
        let mut jwt_tried = false;
        search.any(&self.text[from..last], |index, body| {
            let (rule, body) = (&PREFIXES[index], from + body);
            let jwt = rule.kind == "jwt";
            // The first `eyJ` of a run decides for the later ones, whose dots are the same.
            if body >= start && !(jwt && jwt_tried) {
                jwt_tried |= jwt;
                prefixes::check(self, rule, body - rule.text.len(), body);
            }
            false
        });
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

static PREFIX_SEARCH: LazyLock<Option<Search>> =
    LazyLock::new(|| Search::new(PREFIXES.iter().map(|rule| rule.text), false));

#[cfg(test)]
mod tests {
    use super::{LEAD, LONG, PREFIXES, SHORTEST};

    #[test]
    fn the_limits_are_those_of_the_table() {
        for rule in PREFIXES {
            assert!(rule.least >= SHORTEST && rule.text.len() <= LEAD, "{}", rule.text);
            // A dot ends the run before the body.
            let lead = if rule.text.ends_with('.') { 0 } else { rule.text.len() };
            assert!(lead + rule.least >= LONG as usize, "{} is not looked at", rule.text);
        }
        assert!(SHORTEST < LONG as usize);
    }
}

//! One look at one text: every rule of the table is tried where its prefix or word stands.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::{memchr2, memchr2_iter};

use super::bytes::{CREDENTIAL, UPPER, any, is};
use super::formats::{AWS, PREFIXES};
use super::runs::{has_long_run, long_runs};
use super::search::Search;
use super::sieve::{BLOCK, WINDOW};
use super::spans::Span;
use super::state::{Scan, Setting};
use super::words::{each_word, may_have_word};
use super::{encoded, hidden, pairs, places, prefixes};

/// The shortest run of word bytes that can hold a prefixed secret or hide one.
const LONG: u32 = 20;
/// The shortest body of a prefixed secret.
const SHORTEST: usize = 9;
/// How far before such a run its prefix may begin: the longest prefix.
const LEAD: usize = 20;

/// Finds every secret in a text by the rules of the table.
pub(super) fn find(text: &[u8], setting: Setting) -> Vec<Span> {
    if !setting.aws && is_quiet(text) {
        return Vec::new();
    }
    let mut scan = Scan::new(text, setting, find);
    scan.words();
    scan.runs();
    scan.marks();
    let aws = setting.aws || scan.spans.iter().any(|span| span.kind == AWS);
    if aws && !setting.raw {
        prefixes::aws_secrets(&mut scan);
    }
    scan.spans
}

/// Whether a text is short and has nothing that a rule looks at: then all of the above is not worth its beginning.
fn is_quiet(text: &[u8]) -> bool {
    if text.len() > BLOCK {
        return false;
    }
    let mut window = [0; WINDOW];
    window[..text.len()].copy_from_slice(text);
    !may_have_word(&window) && !has_long_run::<LONG>(&window) && memchr2(b'%', b'~', text).is_none()
}

/// Finds the values of names that the user wants to be secret, where those names stand.
pub(super) fn find_named(
    text: &[u8],
    names: impl Iterator<Item = Range<usize>>,
    is_named: impl Fn(&[u8]) -> bool,
) -> Vec<Span> {
    let mut scan = Scan::new(text, Setting::default(), find);
    names.for_each(|name| pairs::of_user(&mut scan, &name, &is_named));
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

impl Scan<'_> {
    fn words(&mut self) {
        each_word(self.text, |start, word| {
            self.looked();
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
            self.looked();
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
            self.looked();
            let jwt = rule.kind == "jwt";
            // The first `eyJ` of a run decides for the later ones, whose dots are the same.
            if body >= start && !(jwt && jwt_tried) {
                jwt_tried |= jwt;
                prefixes::check(self, rule, body - rule.text.len(), body);
            }
            self.is_done()
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

/// Whether the id of an AWS key stands in a text, so that its secret may be anywhere in it.
pub(super) fn has_aws_id(text: &[u8]) -> bool {
    let seems = memchr::memchr_iter(b'A', text).any(|at| {
        let id = text.get(at..at + 20).unwrap_or_default();
        matches!(id, [_, b'K' | b'S' | b'B', b'I', b'A', ..] | [_, b'C', b'C', b'A', ..])
            && !any(id, |byte| !is(byte, UPPER))
    });
    seems && find(text, Setting::default()).iter().any(|span| span.kind == AWS)
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

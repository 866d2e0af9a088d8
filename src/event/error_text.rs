//! What an error text says: the kind of failure, and what it has in common with others like it.

use std::borrow::Cow;

use crate::json;
use crate::redact;

/// What is grouped by is cut at this many UTF-16 units.
const LONGEST: usize = 200;

/// A word with so many digits is an id, a time or a measure.
const DIGITS: usize = 4;

/// The kind of failure that an error tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// No room: 503, 529.
    Overloaded,
    /// Too many requests: 429.
    RateLimit,
    /// Not allowed: 401, 403.
    Auth,
    /// Too slow: 408, 504.
    Timeout,
    /// Anything else.
    Other,
}

use ErrorKind::{Auth, Other, Overloaded, RateLimit, Timeout};

const CODES: [(&str, ErrorKind); 7] = [
    ("529", Overloaded),
    ("503", Overloaded),
    ("429", RateLimit),
    ("401", Auth),
    ("403", Auth),
    ("408", Timeout),
    ("504", Timeout),
];

const WORDS: [(&str, ErrorKind); 20] = [
    ("rate limit", RateLimit),
    ("rate_limit", RateLimit),
    ("rate-limit", RateLimit),
    ("ratelimit", RateLimit),
    ("too many requests", RateLimit),
    ("quota", RateLimit),
    ("overloaded", Overloaded),
    ("at capacity", Overloaded),
    ("unavailable", Overloaded),
    ("unauthori", Auth),
    ("authentication", Auth),
    ("api key", Auth),
    ("api_key", Auth),
    ("forbidden", Auth),
    ("permission denied", Auth),
    ("permission_error", Auth),
    ("timeout", Timeout),
    ("timed out", Timeout),
    ("etimedout", Timeout),
    ("deadline", Timeout),
];

impl ErrorKind {
    /// The kind of an error's text. A status code says it, or else the words do.
    ///
    /// ```
    /// use obs_native::event::ErrorKind;
    ///
    /// assert_eq!(ErrorKind::of(b"Rate limited and/or overloaded (529)"), ErrorKind::Overloaded);
    /// assert_eq!(ErrorKind::of(b"Timeout after 503 ms"), ErrorKind::Timeout);
    /// ```
    #[must_use]
    pub fn of(text: &[u8]) -> Self {
        let text = String::from_utf8_lossy(text).to_ascii_lowercase();
        let code = CODES.iter().find(|(code, _)| has_code(&text, code));
        code.or_else(|| WORDS.iter().find(|(word, _)| text.contains(word))).map_or(Other, |&(_, kind)| kind)
    }

    /// Its name in answers.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Overloaded => "overloaded",
            RateLimit => "rate_limit",
            Auth => "auth",
            Timeout => "timeout",
            Other => "other",
        }
    }
}

/// Whether a number stands in the text by itself and is no measure.
fn has_code(text: &str, code: &str) -> bool {
    text.match_indices(code).any(|(at, _)| {
        let (before, after) = (&text[..at], &text[at + code.len()..]);
        let joined = |char: char| char.is_alphanumeric() || char == '.' || char == '_';
        let stands =
            !before.ends_with(joined) && !after.starts_with(|char: char| char.is_alphanumeric() || char == '_');
        let fraction = after.starts_with('.') && after[1..].starts_with(|char: char| char.is_ascii_digit());
        stands && !fraction && unit(after.as_bytes()).is_none()
    })
}

/// The length of a unit of time at the beginning of a text, with the space before it.
fn unit(after: &[u8]) -> Option<usize> {
    let space = usize::from(after.first() == Some(&b' '));
    let rest = &after[space..];
    let units: [&[u8]; 6] = [b"milliseconds", b"seconds", b"second", b"msec", b"ms", b"s"];
    let found = units.into_iter().find(|unit| rest.starts_with(unit))?;
    let ends = rest.get(found.len()).is_none_or(|next| !next.is_ascii_alphanumeric());
    ends.then_some(space + found.len())
}

/// What an error has in common with others like it: paths, credentials, ids, times and measures are replaced, and it is cut.
///
/// ```
/// use obs_native::event::grouping_text;
///
/// assert_eq!(*grouping_text(b"Timeout after 812 ms, request req-8812a0"), *b"Timeout after # ms, request #");
/// assert_eq!(*grouping_text(b"HTTP 529 from /srv/a.js"), *b"HTTP 529 from [PATH]");
/// ```
#[must_use]
pub fn grouping_text(text: &[u8]) -> Cow<'_, [u8]> {
    let text = masked(redact::without_places(text));
    let kept = json::truncate_utf16(&text, LONGEST).len();
    if kept == text.len() {
        return text;
    }
    Cow::Owned(text[..kept].to_vec())
}

/// Only words with digits change, and most texts have few: the rest is copied in stretches, or not at all.
fn masked(text: Cow<'_, [u8]>) -> Cow<'_, [u8]> {
    let mut out = Vec::new();
    let (mut copied, mut seen) = (0, 0);
    while let Some(digit) = text[seen..].iter().position(u8::is_ascii_digit).map(|ahead| seen + ahead) {
        let start = digit - text[seen..digit].iter().rev().take_while(|byte| is_word(**byte)).count();
        seen = word_end(&text, start);
        if let Some(length) = varying(&text[start..seen], &text[seen..]) {
            out.reserve(if copied == 0 { text.len() } else { 0 });
            out.extend_from_slice(&text[copied..start]);
            out.push(b'#');
            copied = start + length;
        }
    }
    if copied == 0 {
        return text;
    }
    out.extend_from_slice(&text[copied..]);
    Cow::Owned(out)
}

const fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// Where the word ends that begins at `at`: letters, digits, `_` and `-`, and `.` and `:` between digits.
fn word_end(text: &[u8], at: usize) -> usize {
    let digit = |place: usize| text.get(place).is_some_and(u8::is_ascii_digit);
    let mut end = at;
    while let Some(&byte) = text.get(end) {
        let inner = matches!(byte, b'.' | b':') && end > at && digit(end - 1) && digit(end + 1);
        if !(is_word(byte) || inner) {
            break;
        }
        end += 1;
    }
    end
}

/// How much of a word differs from one failure to the next: the number of a measure, or all of an id or a time.
fn varying(word: &[u8], after: &[u8]) -> Option<usize> {
    let number = word.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    let rest = &word[number..];
    let measured = number > 0 && if rest.is_empty() { unit(after).is_some() } else { unit(rest) == Some(rest.len()) };
    if measured {
        return Some(number);
    }
    let digits = word.iter().filter(|byte| byte.is_ascii_digit()).count();
    (digits >= DIGITS).then_some(word.len())
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::{ErrorKind, grouping_text, masked, varying, word_end};

    #[test]
    fn what_differs_from_one_failure_to_the_next_is_left_out() {
        let grouped = |text: &str| String::from_utf8(grouping_text(text.as_bytes()).into_owned()).unwrap();
        for (text, wanted) in [
            ("Timeout after 8000ms", "Timeout after #ms"),
            ("Timeout after 900ms", "Timeout after #ms"),
            ("took 1.5 s", "took # s"),
            ("at 2026-11-25T10:11:12.123Z", "at #"),
            ("id 3f2504e0-4f89-11d3-9a0c-0305e82c3301 gone", "id # gone"),
            ("connect ECONNREFUSED 127.0.0.1:8080", "connect ECONNREFUSED #"),
            ("HTTP 529, try 3 of 5", "HTTP 529, try 3 of 5"),
            ("naïve 💥 12345", "naïve 💥 #"),
            ("utf-8 only", "utf-8 only"),
            ("12s 2026 a1b2c3d4: 1:2.3ms", "#s # #: 1:2.3ms"),
            ("", ""),
        ] {
            assert_eq!(grouped(text), wanted);
        }
        assert_eq!(grouped(&"x ".repeat(500)).len(), 200);
    }

    /// Word by word, from the first byte to the last.
    fn naive(text: &[u8]) -> Vec<u8> {
        let (mut out, mut at) = (Vec::new(), 0);
        while at < text.len() {
            let end = word_end(text, at);
            let masked = varying(&text[at..end], &text[end..]).unwrap_or(0);
            if masked > 0 {
                out.push(b'#');
            }
            let end = end.max(at + 1);
            out.extend_from_slice(&text[at + masked..end]);
            at = end;
        }
        out
    }

    proptest::proptest! {
        #[test]
        fn what_is_copied_in_stretches_is_the_same_as_word_by_word(text in "[a0-9.:_ smé-]{0,40}") {
            assert_eq!(*masked(Cow::Borrowed(text.as_bytes())), *naive(text.as_bytes()));
        }
    }

    #[test]
    fn kinds() {
        for (text, wanted) in [
            ("429 Too Many Requests", "rate_limit"),
            ("insufficient quota", "rate_limit"),
            ("Overloaded", "overloaded"),
            ("HTTP 503", "overloaded"),
            ("Error: 401 {\"type\":\"error\"}", "auth"),
            ("invalid x-api-key, wrong API key", "auth"),
            ("ETIMEDOUT", "timeout"),
            ("Request timed out", "timeout"),
            ("failed after 429 ms", "other"),
            ("line 1429", "other"),
            ("version 4.29.503.1", "other"),
            ("", "other"),
        ] {
            assert_eq!(ErrorKind::of(text.as_bytes()).name(), wanted, "{text}");
        }
    }
}

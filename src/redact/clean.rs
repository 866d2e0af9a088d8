//! The cleaning of error texts that follows redaction: paths, bearer credentials and `token=` lose their detail.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memchr2_iter};

/// A text without paths and credentials that follow a word for them; what it may hold of other secrets stays.
///
/// ```
/// use obs_native::redact::without_places;
///
/// assert_eq!(*without_places(b"cannot open /home/me/x.js"), *b"cannot open [PATH]");
/// ```
#[must_use]
pub fn without_places(text: &[u8]) -> Cow<'_, [u8]> {
    clean(text)
}

/// Cleans a text that has been redacted: paths, then `Bearer X`, then `token=X`. Most texts hold none of these, and a look for
/// what each of them must have is quicker than looking for it at every byte.
pub(super) fn clean(text: &[u8]) -> Cow<'_, [u8]> {
    let mut text = Cow::Borrowed(text);
    if memchr(b'\\', &text).is_some() {
        text = Cow::Owned(replace(&text, windows_path, b"[PATH]"));
    }
    if memchr(b'/', &text).is_some() {
        text = Cow::Owned(replace(&text, unix_path, b"[PATH]"));
    }
    if has_word(&text, b"bearer") {
        text = Cow::Owned(replace(&text, bearer, b"Bearer [REDACTED]"));
    }
    if memchr2(b'=', b':', &text).is_some() && has_word(&text, b"token") {
        text = Cow::Owned(replace(&text, token, b"token=[REDACTED]"));
    }
    text
}

/// Whether a word of small letters stands somewhere, in letters of any size.
fn has_word(text: &[u8], wanted: &[u8]) -> bool {
    memchr2_iter(wanted[0], wanted[0].to_ascii_uppercase(), text).any(|at| word(text, at, wanted).is_some())
}

/// Replaces every stretch that `find` recognises from left to right; it says where a stretch starting at `at` ends.
fn replace(text: &[u8], find: fn(&[u8], usize) -> Option<usize>, with: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        if let Some(end) = find(text, at) {
            out.extend_from_slice(with);
            at = end;
        } else {
            out.push(text[at]);
            at += 1;
        }
    }
    out
}

/// A letter, `:\` and path characters.
fn windows_path(text: &[u8], at: usize) -> Option<usize> {
    let drive = text[at].is_ascii_alphabetic() && text[at + 1..].starts_with(b":\\");
    if drive { path_characters(text, at + 3) } else { None }
}

/// A slash and path characters.
fn unix_path(text: &[u8], at: usize) -> Option<usize> {
    if text[at] == b'/' { path_characters(text, at + 1) } else { None }
}

fn path_characters(text: &[u8], at: usize) -> Option<usize> {
    let is_path = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'/' | b'\\' | b'.' | b'-');
    non_empty(at, at + text[at..].iter().take_while(|byte| is_path(byte)).count())
}

fn bearer(text: &[u8], at: usize) -> Option<usize> {
    let after = word(text, at, b"bearer")?;
    credential(text, non_empty(after, skip_space(text, after))?)
}

fn token(text: &[u8], at: usize) -> Option<usize> {
    let sign = word(text, at, b"token")?;
    if !matches!(text.get(sign), Some(b'=' | b':')) {
        return None;
    }
    credential(text, skip_space(text, sign + 1))
}

fn word(text: &[u8], at: usize, word: &[u8]) -> Option<usize> {
    let end = at + word.len();
    text.get(at..end)?.eq_ignore_ascii_case(word).then_some(end)
}

/// The end of at least one character up to white space, a quote or a comma.
fn credential(text: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    while at < text.len() && !matches!(text[at], b'"' | b'\'' | b'`' | b',') && space(text, at) == 0 {
        at += 1;
    }
    non_empty(start, at)
}

fn non_empty(start: usize, end: usize) -> Option<usize> {
    (end > start).then_some(end)
}

fn skip_space(text: &[u8], mut at: usize) -> usize {
    while at < text.len() {
        match space(text, at) {
            0 => break,
            length => at += length,
        }
    }
    at
}

/// Length in bytes of the white space character at `at`, as `\s` of JavaScript has it; 0 when it is another one.
pub(super) fn space(text: &[u8], at: usize) -> usize {
    match text[at..] {
        [b'\t'..=b'\r' | b' ', ..] => 1,
        [0xc2, 0xa0, ..] => 2,
        [0xe1, 0x9a, 0x80, ..]
        | [0xe2, 0x80, 0x80..=0x8a | 0xa8 | 0xa9 | 0xaf, ..]
        | [0xe2, 0x81, 0x9f, ..]
        | [0xe3, 0x80, 0x80, ..]
        | [0xef, 0xbb, 0xbf, ..] => 3,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    fn clean(text: &str) -> String {
        String::from_utf8(super::clean(text.as_bytes()).into_owned()).unwrap()
    }

    #[test]
    fn as_recorded() {
        for (text, wanted) in [
            ("C:\\Users\\dev\\agent\\tools\\run.mjs not found", "[PATH] not found"),
            (
                "Cannot read properties of undefined (reading 'agents')",
                "Cannot read properties of undefined (reading 'agents')",
            ),
            (
                "ENOENT: no such file or directory, open /home/ci/agent/.claude/workflows/plan.yaml",
                "ENOENT: no such file or directory, open [PATH]",
            ),
            ("Rate limited and/or overloaded (529)", "Rate limited and[PATH] overloaded (529)"),
            (
                "Request failed: Authorization: Bearer eyJhbGciOiJIUzI1NiJ9_x-y rejected",
                "Request failed: Authorization: Bearer [REDACTED] rejected",
            ),
            (
                "Schema validation failed: system_architecture.schema.json",
                "Schema validation failed: system_architecture.schema.json",
            ),
            ("TOKEN= zzz bad", "token=[REDACTED] bad"),
            ("token: tok_9-8_7 expired", "token=[REDACTED] expired"),
            ("token=abc123DEF rejected by upstream", "token=[REDACTED] rejected by upstream"),
            ("naïve ünïcode ☃ 💥 failure in /srv/ünï/path", "naïve ünïcode ☃ 💥 failure in [PATH]ünï[PATH]"),
        ] {
            assert_eq!(clean(text), wanted);
        }
    }

    #[test]
    fn borders() {
        for (text, wanted) in [
            ("/", "/"),
            ("a / b", "a / b"),
            ("C:\\", "C:\\"),
            ("C:/x", "C:[PATH]"),
            ("bearer\u{feff}abc,d", "Bearer [REDACTED],d"),
            ("bearer\u{85}abc", "bearer\u{85}abc"),
            ("Bearer ", "Bearer "),
            ("bearerx", "bearerx"),
            ("BEARER \"a\"", "BEARER \"a\""),
            ("token =x", "token =x"),
            ("token=", "token="),
            ("mytoken:\u{a0}\u{2003}x'y'", "mytoken=[REDACTED]'y'"),
        ] {
            assert_eq!(clean(text), wanted);
        }
    }
}

//! What only the walk can judge: places in raw JSON where escapes and quotes hide what a name or value is.

use super::names::{Name, judge, measures_tokens};
use super::pairs::{NAMED, Pair, skip_blanks};
use super::scan::Scan;
use crate::json::skip_whitespace;

/// Whether a quoted name in raw JSON is a key that needs judging, or the name of a header in an array or object.
pub(super) fn is_key(scan: &mut Scan<'_>, name: (usize, usize), at: usize) -> bool {
    let text = scan.text;
    let secret = || judge(&text[name.0..name.1]) != Name::Plain;
    match text.get(at) {
        Some(b':') if is_count(text, skip_blanks(text, at + 1)) => !measures_tokens(&text[name.0..name.1]) && secret(),
        // Strings of JSON end here; white space before the comma is anybody's.
        Some(b':' | b'=' | b',' | b'}' | b']' | b'\\' | b'\n' | b'\r' | b'"') => secret(),
        _ => is_odd_key(scan, name.1),
    }
}

fn is_count(text: &[u8], at: usize) -> bool {
    matches!(text.get(at), Some(b'-' | b'0'..=b'9' | b't' | b'f'))
}

/// Whether one of the next quotes closes a key: then the name goes on with bytes that names in text do not have.
pub(super) fn is_odd_key(scan: &mut Scan<'_>, from: usize) -> bool {
    let text = scan.text;
    let (first, last, answer) = scan.done.odd_key;
    // Between the same two quotes the answer is the same.
    if (first..last).contains(&from) {
        return answer;
    }
    let mut next = text.len();
    let mut answer = false;
    for quote in memchr::memchr_iter(b'"', &text[from..]).map(|quote| from + quote).take(4) {
        next = next.min(quote + 1);
        answer = text.get(skip_whitespace(text, quote + 1)) == Some(&b':');
        // A quote that nothing escapes ends the string.
        if answer || quote == 0 || text[quote - 1] != b'\\' {
            break;
        }
    }
    scan.done.odd_key = (from, next, answer);
    answer
}

/// How many bytes of a name in raw JSON may belong to an escape before it, as the `n` of `\nname` does.
pub(super) fn escape_letters(scan: &Scan<'_>, start: usize) -> usize {
    let escape = scan.setting.raw && start > 0 && scan.text[start - 1] == b'\\';
    match scan.text.get(start) {
        Some(b'u') if escape => 5,
        Some(b'b' | b'f' | b'n' | b'r' | b't') if escape => 1,
        _ => 0,
    }
}

/// Whether a value in raw JSON goes on behind a backslash, which is no white space or quote that ends it.
pub(super) fn is_cut(scan: &Scan<'_>, end: usize) -> bool {
    let escape = scan.setting.raw && scan.text.get(end) == Some(&b'\\');
    escape && !matches!(scan.text.get(end + 1), Some(b'n' | b'r' | b't' | b'"'))
}

/// Marks a pair in raw JSON that only the walk can judge.
pub(super) fn doubt(scan: &mut Scan<'_>, pair: &Pair) {
    doubt_name(scan, pair.name);
}

/// Marks a name in raw JSON when it is one of a secret, because only the walk sees whether a value follows it.
pub(super) fn doubt_name(scan: &mut Scan<'_>, (start, end): (usize, usize)) {
    if judge(&scan.text[start..end]) != Name::Plain {
        scan.mark(start, end, NAMED);
    }
}

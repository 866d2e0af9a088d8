//! What only the walk can judge: places in raw JSON where escapes and quotes hide what a name or value is.

use super::bytes::skip_blanks;
use super::names::{Name, judge};
use super::pair::{NAMED, Pair};
use super::state::Scan;
use crate::json::skip_whitespace;

/// How many quotes are looked at to find the ends of the strings around a name; rather than more, the walk is taken.
const QUOTES: usize = 256;

/// Whether a quoted name in raw JSON is a key that needs judging, or the name of a header in an array or object.
pub(super) fn is_key(scan: &mut Scan<'_>, name: (usize, usize), at: usize) -> bool {
    let text = scan.text;
    let judged = || judge(&text[name.0..name.1]);
    match text.get(at) {
        Some(b':') if is_count(text, skip_blanks(text, at + 1)) => {
            // The letters of other alphabets belong to a key as well.
            let goes_on = name.0 > 0 && !text[name.0 - 1].is_ascii();
            match judged() {
                Name::Plain => false,
                Name::Secret => true,
                Name::Measure => goes_on || is_in_key(scan, name.1),
            }
        }
        // Strings of JSON end here; white space before the comma is anybody's.
        Some(b':' | b'=' | b',' | b'}' | b']' | b'\\' | b'\n' | b'\r' | b'"') => judged() != Name::Plain,
        _ => is_odd_key(scan, name.1),
    }
}

/// Whether the word at `at` is the last one of a key such as `"max_tokens":`, which counts tokens, with a number or
/// boolean behind it: what [`is_key`] finds too, but these are in every second record.
pub(super) fn is_token_count(text: &[u8], at: usize) -> bool {
    let apart = at > 0 && matches!(text[at - 1], b'_' | b'-' | b'"');
    apart && text[at..].starts_with(b"tokens\":") && is_count(text, skip_blanks(text, at + 8))
}

/// Whether the value at `at` is a number or boolean to its end: in a string of JSON a token may begin like one.
fn is_count(text: &[u8], at: usize) -> bool {
    let length = match text.get(at..) {
        Some([b't', b'r', b'u', b'e', ..]) => 4,
        Some([b'f', b'a', b'l', b's', b'e', ..]) => 5,
        Some(rest) => rest.iter().take_while(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'.')).count(),
        None => 0,
    };
    let ends = match text[(at + length).min(text.len())..] {
        [] | [b',' | b'}' | b']' | b'"' | b' ' | b'\t' | b'\n' | b'\r', ..] => true,
        [b'\\', next, ..] => ends_value(next),
        _ => false,
    };
    length > 0 && ends
}

/// Whether any string around the name that ends at `from` is a key: then the count behind the name is not its value.
fn is_in_key(scan: &mut Scan<'_>, from: usize) -> bool {
    let text = scan.text;
    let escapes = text[from..].iter().take_while(|&&byte| byte == b'\\').count();
    // Other quotes stand in a string of any depth.
    let mut depth = if text.get(from + escapes) == Some(&b'"') { escapes } else { usize::MAX };
    let (first, last, known) = scan.done.in_key;
    if depth == known && (first..last).contains(&from) {
        return false;
    }
    let (name, mut end) = (depth, None);
    for quote in memchr::memchr_iter(b'"', &text[from..]).map(|quote| from + quote).take(QUOTES) {
        let escapes = text[from..quote].iter().rev().take_while(|&&byte| byte == b'\\').count();
        if escapes < depth {
            if matches!(text.get(skip_whitespace(text, quote + 1)), Some(b':' | b'\\')) {
                return true;
            }
            depth = escapes;
            end.get_or_insert(quote);
        }
        if depth == 0 {
            scan.done.in_key = (from, end.unwrap_or(from), name);
            return false;
        }
    }
    true
}

/// Whether the escape of this letter is white space or a quote that ends a value.
const fn ends_value(escape: u8) -> bool {
    matches!(escape, b'n' | b'r' | b't' | b'"')
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
    escape && !scan.text.get(end + 1).is_some_and(|&escape| ends_value(escape))
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

#[cfg(test)]
mod tests {
    use super::is_token_count;
    use crate::redact::names::{Name, judge};
    use crate::redact::scan::is_doubtful;

    #[test]
    fn a_count_inside_of_a_key_says_nothing_about_its_value() {
        for (text, wanted) in [
            (r#"{"a":"{\"max_tokens\":12,\"b\":\"c\"}","d":1}"#, false),
            (r#"{"a":"{\"max_tokens\":12}"}"#, false),
            (r#"{"a":"{\"max_tokens\":12a1b2c3d4e5f6a7b8}"}"#, true),
            (r#"["{\"max_tokens\":12}","{\"max_tokens\":12}"]"#, false),
            (r#"{"{\"max_tokens\":12}":"c"}"#, true),
            (r#"{"{\"max_tokens\":12}" :"c"}"#, true),
            (r#"{"a":"{\"{\\\"max_tokens\\\":12}\":\"c\"}"}"#, true),
            (r#"{"a":"{\"b\":\"{\\\"max_tokens\\\":12}\"}"}"#, false),
            (r#"{"a":"x = {'max_tokens':12}"}"#, false),
            (r#"{"x = {'max_tokens':12}":"c"}"#, true),
            (
                r#"["{\"max_tokens\":12,\"b\":{\"max_tokens\":12}}","{\"max_tokens\":12}",{"{\"max_tokens\":1}":"c"}]"#,
                true,
            ),
        ] {
            assert_eq!(is_doubtful(text.as_bytes()), wanted, "{text}");
        }
    }

    #[test]
    fn counts_of_tokens_are_those_that_the_name_and_the_value_show() {
        for (text, wanted) in [
            (r#""tokens":1"#, true),
            (r#""max_tokens": -1"#, true),
            (r#""a-tokens":true"#, true),
            (r#""tokens":"1""#, false),
            (r#""tokens":null"#, false),
            (r#""tokens":12a1b2c3d4e5f6a7b8"#, false),
            (r#""tokens":truea1b2c3d4e5f6a7b8"#, false),
            (r#""tokens":1.5}"#, true),
            (r#""tokens":12\n"#, true),
            (r#""tokens":12\/"#, false),
            (r#""tokens" :1"#, false),
            (r#""xtokens":1"#, false),
            (r#""TOKENS":1"#, false),
            (r#""tokens_x":1"#, false),
            (r#"tokens":1"#, false),
        ] {
            let at = text.to_ascii_lowercase().find("token").unwrap();
            assert_eq!(is_token_count(text.as_bytes(), at), wanted, "{text}");
            if wanted {
                let name = text.split('"').nth(1).unwrap();
                assert_eq!(judge(name.as_bytes()), Name::Measure, "{text}");
                assert!(!is_doubtful(text.as_bytes()), "{text}");
            }
        }
    }
}

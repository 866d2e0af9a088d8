//! Where a value in running text ends.

use super::bytes::{NAME, is, run_end, run_start, skip_blanks};
use super::state::Scan;

/// How far a name behind a comma or the like is followed, to see whether another pair begins there.
const REACH: usize = 64;

/// The name before the value that begins at `value`, behind its sign, blanks and quotes.
pub(super) fn name_before(text: &[u8], value: usize) -> &[u8] {
    let between = |byte: &&u8| matches!(byte, b'"' | b'\'' | b'`' | b'\\' | b' ' | b'\t' | b'=' | b':' | b'>');
    let end = value - text[..value].iter().rev().take(32).take_while(between).count();
    &text[run_start(text, end, NAME, REACH)..end]
}

/// The end of a value in quotes: the quote that closes it, or the end of the line. `escapes` is how many backslashes stand
/// before the opening quote; one more level of escapes doubles them and adds one.
pub(super) fn quoted_end(text: &[u8], start: usize, (quote, escapes): (u8, usize)) -> usize {
    let mut backslashes = 0;
    for (at, &byte) in text.iter().enumerate().skip(start) {
        match byte {
            b'\\' => backslashes += 1,
            b'\n' => return at,
            _ if byte == quote && backslashes <= escapes => return at - backslashes,
            _ if byte == quote && backslashes % (2 * (escapes + 1)) == escapes => return at - escapes,
            _ => backslashes = 0,
        }
    }
    text.len()
}

/// The end of a value without quotes. Which bytes belong to it cannot be known; rather too much goes than too little, up to
/// white space, except where the text shows that a list of pairs goes on. In a URL's query `&` ends a value.
pub(super) fn bare_end(scan: &mut Scan<'_>, start: usize, query: bool) -> usize {
    let (text, raw) = (scan.text, scan.setting.raw);
    let (first, last) = scan.done.bare[usize::from(query)];
    if (first..=last).contains(&start) && last > 0 {
        return last;
    }
    let mut open = 0_u32;
    let mut end = start;
    while end < text.len() && !ends(text, end, &mut open, (query, raw)) {
        end += 1;
    }
    // A full stop ends the sentence.
    if end > start + 1 && text[end - 1] == b'.' && is_gap(text, end, raw) {
        end -= 1;
    }
    scan.done.bare[usize::from(query)] = (start, end);
    end
}

/// The end of a value in a list such as `Server=db;Password=two words;Timeout=5`, where only `;` ends one: behind the `;`
/// before the name at `name` and before the next pair or the list's end. `end` is the end that white space gives.
pub(super) fn list_end(text: &[u8], name: usize, end: usize, raw: bool) -> usize {
    if name == 0 || text[name - 1] != b';' || text.get(end) != Some(&b' ') {
        return end;
    }
    let near = &text[end..text.len().min(end + REACH)];
    let Some(found) = near.iter().position(|byte| matches!(byte, b';' | b'=' | b'"' | b'\'' | b'\n' | b'\\')) else {
        return end;
    };
    let next = end + found;
    let listed = text[next] == b';' && (is_gap(text, next + 1, raw) || is_pair(text, next + 1));
    // An escape in raw JSON may be the sign; whether it is, only the walk sees.
    if listed || raw && text[next] == b'\\' { next } else { end }
}

fn ends(text: &[u8], at: usize, open: &mut u32, (query, raw): (bool, bool)) -> bool {
    match text[at] {
        b'"' | b'<' | b'>' => true,
        // Quotes around the whole pair close it; one in the middle of a word does not.
        b'\'' | b'`' => !text.get(at + 1).is_some_and(u8::is_ascii_alphanumeric),
        b'&' => query || text.get(at + 1) == Some(&b'&') || is_gap(text, at + 1, raw) || is_pair(text, at + 1),
        b',' | b';' | b'|' => is_gap(text, at + 1, raw) || is_pair(text, at + 1),
        b'(' | b'[' | b'{' => {
            *open += 1;
            false
        }
        b')' | b']' | b'}' => {
            let closes = *open == 0;
            *open = open.saturating_sub(1);
            closes
        }
        b'\\' => raw,
        b'!'..=b'~' => false,
        _ => super::clean::space(text, at) > 0,
    }
}

/// Whether a value cannot go on at `at`: white space, a quote, or the end. An escape in raw JSON may be anything.
fn is_gap(text: &[u8], at: usize, raw: bool) -> bool {
    match text.get(at) {
        None | Some(b'"' | b'\'' | b'`' | b')' | b']' | b'}') => true,
        Some(b'\\') => !raw,
        Some(b'!'..=b'~') => false,
        Some(_) => super::clean::space(text, at) > 0,
    }
}

/// Whether another name and its sign stand at `at`.
fn is_pair(text: &[u8], at: usize) -> bool {
    let start = skip_blanks(text, at);
    if !text.get(start).is_some_and(|&byte| is(byte, NAME)) {
        return false;
    }
    let end = run_end(&text[..text.len().min(start + REACH)], start, NAME);
    match text.get(end) {
        Some(b'=') => true,
        Some(b':') => matches!(text.get(end + 1), Some(b' ' | b'"' | b'\'')),
        _ => false,
    }
}

//! Names and their values in running text: `password=…`, `"token": "…"`, `--api-key …`, `<secret>…`.

use std::ops::Range;

use super::ahead::Value;
use super::bytes::{NAME, is_at, run_end, run_start, skip_blanks};
use super::ends::{bare_end, list_end, quoted_end};
use super::netrc;
use super::pair::{NAMED, Pair, SAMPLE};
use super::placeholder::is_placeholder;
use super::plausible::{Form, is_secret};
use super::raw::{doubt, doubt_name, escape_letters, is_cut, is_key, is_odd_key, is_token_count};
use super::state::Scan;

/// How far a name is followed to either side.
const REACH: usize = 64;
/// A name with one of the words that make names secret.
pub(super) fn named(scan: &mut Scan<'_>, at: usize) {
    if scan.setting.raw && is_token_count(scan.text, at) {
        return;
    }
    if let Some(pair) = parse(scan, at, at + 1) {
        value(scan, &pair);
    } else {
        netrc::password(scan, at);
    }
}

/// A name that the user wants to be secret: whatever stands behind it goes, unless that stands for a value.
pub(super) fn of_user(scan: &mut Scan<'_>, name: &Range<usize>, is_named: &impl Fn(&[u8]) -> bool) {
    let text = scan.text;
    let Some(pair) = parse(scan, name.start, name.end) else { return };
    let end = match pair.quote {
        Some(quote) => quoted_end(text, pair.value, quote),
        None => bare_end(scan, pair.value, pair.form == Form::Query),
    };
    if is_named(&text[pair.name.0..pair.name.1]) && pair.form != Form::Told && !is_placeholder(&text[pair.value..end]) {
        scan.mark(pair.value, end, "custom");
    }
}

/// `key`, which is secret behind a few other words.
pub(super) fn key(scan: &mut Scan<'_>, at: usize) {
    let text = scan.text;
    let gap = usize::from(at > 0 && matches!(text[at - 1], b'_' | b'-' | b'.' | b' '));
    let before = &text[..at - gap];
    let known = [&b"api"[..], b"private", b"access", b"account"];
    let word = known.iter().find(|word| before.len() >= word.len() && is_at(text, before.len() - word.len(), word));
    if let Some(word) = word
        && let Some(pair) = parse(scan, before.len() - word.len(), at + 3)
    {
        value(scan, &pair);
    }
}

/// `phrase`, which is secret behind `pass`.
pub(super) fn phrase(scan: &mut Scan<'_>, at: usize) {
    let gap = usize::from(at > 0 && matches!(scan.text[at - 1], b'_' | b'-' | b'.' | b' '));
    if at >= 4 + gap
        && is_at(scan.text, at - gap - 4, b"pass")
        && let Some(pair) = parse(scan, at - gap - 4, at + 6)
    {
        value(scan, &pair);
    }
}

/// `connection`, which is secret before `string`.
pub(super) fn connection(scan: &mut Scan<'_>, at: usize) {
    let gap = usize::from(matches!(scan.text.get(at + 10), Some(b'_' | b'-' | b'.' | b' ')));
    if is_at(scan.text, at + 10 + gap, b"string")
        && let Some(pair) = parse(scan, at, at + 16 + gap)
    {
        value(scan, &pair);
    }
}

/// Reads the sign behind the name around `start..end` and finds its value.
///
/// In raw JSON a key that may hold a secret is marked at once: the walk will judge it.
pub(super) fn parse(scan: &mut Scan<'_>, start: usize, end: usize) -> Option<Pair> {
    let text = scan.text;
    let (start, end) = name_around(scan, start, end);
    let mut at = end;
    let quoted = skip_quote(text, &mut at).is_some();
    // `x["name"] = …` is code, `"name": …` is data.
    let indexed = quoted && text.get(at) == Some(&b']');
    at += usize::from(indexed);
    let blank = skip_blanks(text, at);
    let sign = sign(text, blank, start + escape_letters(scan, start), quoted);
    if scan.setting.raw {
        let doubt = if quoted { is_key(scan, (start, end), blank) } else { is_odd_key(scan, end) };
        if doubt {
            scan.mark(start, end, "key");
        }
        if doubt || quoted {
            return None;
        }
        if sign.is_none() && text.get(blank) == Some(&b'\\') {
            // The escape may be the blank before the sign.
            doubt_name(scan, (start, end));
            return None;
        }
    }
    // Prose says it in words.
    let told = sign.is_none() && !quoted && blank > end;
    if told && scan.setting.raw && told_in_words(text, blank, b'\\').is_some() {
        // The escape may be the blank before the value.
        doubt_name(scan, (start, end));
        return None;
    }
    let after = blank
        + sign.or_else(|| {
            if told { told_in_words(text, blank, b'\t').or_else(|| told_in_words(text, blank, b' ')) } else { None }
        })?;
    let mut value = skip_blanks(text, after);
    let tight = blank == end && value == after;
    let quote = skip_quote(text, &mut value);
    let count = text.get(value).is_some_and(u8::is_ascii_digit);
    let form = match (quoted && !indexed, quote.is_some()) {
        (true, data) if data || count => Form::QuotedName,
        (_, true) if text[after - 1] == b':' => Form::QuotedValue,
        (_, true) => Form::Assigned,
        _ if start > 0 && matches!(text[start - 1], b'?' | b'&') && tight => Form::Query,
        _ if told => Form::Told,
        _ if tight && text[blank] == b'=' => Form::Tight,
        _ => Form::Loose,
    };
    Some(Pair { name: (start, end), value, quote, form })
}

/// The name around the word `start..end`, as far as it is followed.
fn name_around(scan: &mut Scan<'_>, start: usize, end: usize) -> (usize, usize) {
    let text = scan.text;
    let (first, last) = &mut scan.done.name;
    if !(*first..*last).contains(&start) {
        // A later word reaches no further back than this one.
        *first = run_start(text, start, NAME, REACH);
        *last = run_end(text, start, NAME);
    }
    // A blank inside of the word ends the run, and begins another one.
    let last = if end <= *last { *last } else { run_end(&text[..text.len().min(end + REACH)], end, NAME) };
    ((*first).max(start.saturating_sub(REACH)), last.min(end + REACH))
}

/// The length of the sign between a name and its value: `=`, `:`, `=>`, `:=`, the `>` of a tag, or the blank behind
/// a flag.
fn sign(text: &[u8], at: usize, start: usize, quoted: bool) -> Option<usize> {
    let tag = !quoted && start > 0 && text[start - 1] == b'<';
    let flag = !quoted && text.get(start) == Some(&b'-');
    match text.get(at..)? {
        [b'=', b'=', ..] | [b':', b':', ..] => None,
        [b'=', b'>', ..] | [b':', b'=', ..] => Some(2),
        [b'=' | b':', ..] => Some(1),
        [b'>', ..] if tag => Some(1),
        [first, ..] if flag && matches!(text[at - 1], b' ' | b'\t') && *first != b'-' => Some(0),
        _ => None,
    }
}

/// The length of the words between a name and its value with this byte behind them: `password is …`.
fn told_in_words(text: &[u8], at: usize, behind: u8) -> Option<usize> {
    let words = [&b"is"[..], b"was", b"is:", b"was:"];
    let word = words.iter().find(|word| is_at(text, at, word) && text.get(at + word.len()) == Some(&behind))?;
    Some(word.len() + 1)
}

/// Moves past a quote and the backslashes before it.
fn skip_quote(text: &[u8], at: &mut usize) -> Option<(u8, usize)> {
    let escapes = text[*at..].iter().take(8).take_while(|&&byte| byte == b'\\').count();
    let quote = *text.get(*at + escapes)?;
    let known = matches!(quote, b'"' | b'\'' | b'`');
    known.then(|| {
        *at += escapes + 1;
        (quote, escapes)
    })
}

/// Marks the value of a pair when it looks like a secret.
pub(super) fn value(scan: &mut Scan<'_>, pair: &Pair) {
    let text = scan.text;
    let escape = scan.setting.raw && text.get(pair.value) == Some(&b'\\');
    let mut judged = usize::MAX;
    let end = match pair.quote {
        // The escape may be the blank before the value.
        None if escape => return doubt(scan, pair),
        Some(_) if scan.setting.raw => return doubt(scan, pair),
        Some(quote) => quoted_end(text, pair.value, quote),
        None => {
            let end = bare_end(scan, pair.value, pair.form == Form::Query);
            judged = end;
            list_end(text, pair.name.0, end, scan.setting.raw)
        }
    };
    if is_cut(scan, end) {
        return doubt(scan, pair);
    }
    // The value of `a=b=c` has been judged with the first name.
    if scan.spans.last().is_some_and(|last| last.kind == NAMED && last.end == end) {
        return;
    }
    // What a value is shows at its beginning; hostile text may repeat long ones.
    let sample = end.min(judged).min(pair.value + SAMPLE);
    let escaped = escape_letters(scan, pair.name.0);
    let mut named = |start| {
        let name = &text[start..pair.name.1];
        let judged = scan.judge(name);
        let value = Value::new(text, (pair.value, sample), &scan.ahead);
        is_secret(name, judged, value, text.get(sample).copied(), pair.form)
    };
    if named(pair.name.0) || escaped > 0 && named((pair.name.0 + escaped).min(pair.name.1)) {
        scan.mark(pair.value, end, NAMED);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{NAME, REACH, name_around, run_end, run_start};
    use crate::redact::state::{Scan, Setting};

    proptest! {
        #![proptest_config(crate::redact::tests::config())]

        #[test]
        fn a_name_is_the_same_whatever_was_looked_at_before(
            pieces in prop::collection::vec(prop_oneof!["token", "[a-z_.-]{0,70}", "[ =:]"], 0..20),
            lengths in prop::collection::vec(1usize..12, 1..20),
        ) {
            let text = pieces.concat();
            let mut scan = Scan::new(text.as_bytes(), Setting::default(), |_, _| Vec::new());
            let mut start = 0;
            for length in lengths.iter().cycle() {
                start += length / 2 + 1;
                let end = start + length;
                if end > text.len() {
                    break;
                }
                let limit = text.len().min(end + REACH);
                let text = text.as_bytes();
                let wanted = (run_start(text, start, NAME, REACH), run_end(&text[..limit], end, NAME));
                prop_assert_eq!(name_around(&mut scan, start, end), wanted);
            }
        }
    }
}

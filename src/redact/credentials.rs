//! Credentials of HTTP: `Bearer …`, `Basic …`, `Authorization: …`, `Cookie: …`.

use super::ahead::{Kind, Value};
use super::bytes::{CREDENTIAL, find, has_both_cases, has_digit};
use super::ends::{bare_end, quoted_end};
use super::hidden;
use super::names::mentions_secret;
use super::pair::{Pair, SAMPLE};
use super::pairs::{parse, value as value_of};
use super::placeholder::is_placeholder;
use super::plausible::Form;
use super::raw::{doubt, is_cut};
use super::state::Scan;

/// Schemes whose credential is one word.
const SCHEMES: [&str; 8] = ["bearer", "basic", "token", "apikey", "negotiate", "key", "bot", "oauth"];
/// Schemes whose credential is the rest of the line.
const LONG_SCHEMES: [&str; 4] = ["digest", "aws4-hmac-sha256", "hawk", "sharedkey"];

/// `Bearer X`, where X looks like chance.
pub(super) fn bearer(scan: &mut Scan<'_>, at: usize) {
    let Some((start, end)) = credential(scan, at + 6) else { return };
    let found = &scan.text[start..end];
    if found.len() >= 8 && has_digit(found) || found.len() >= 20 && has_both_cases(found) {
        scan.mark(start, end, "bearer");
    }
}

/// `Basic X`, where X is base64 of `user:pass`.
pub(super) fn basic(scan: &mut Scan<'_>, at: usize) {
    let Some((start, end)) = credential(scan, at + 5) else { return };
    if end < start + 4 {
        return;
    }
    // A user's name is short, and the credential may be long.
    let decoded = hidden::decode(&scan.text[start..end.min(start + 400)]);
    let legible = decoded.iter().take_while(|&&byte| byte >= 0x20 && byte != 0x7f).count();
    if decoded[..legible].contains(&b':') && std::str::from_utf8(&decoded[..legible.min(4)]).is_ok() {
        scan.mark(start, end, "basic");
    }
}

/// The run of credential bytes behind a scheme and its separator.
fn credential(scan: &mut Scan<'_>, at: usize) -> Option<(usize, usize)> {
    let text = scan.text;
    let start = match text.get(at..)? {
        [b' ' | b'\t', rest @ ..] => at + 1 + rest.iter().take(16).take_while(|&&byte| byte == b' ').count(),
        [b'%', b'2', b'0', ..] => at + 3,
        [b'+', ..] => at + 1,
        [b'\\', b't', ..] if scan.setting.raw => at + 2,
        _ => return None,
    };
    let end = scan.reach.end(text, start, CREDENTIAL);
    if scan.setting.raw && text[end..].starts_with(b"\\/") {
        scan.mark(start, end, "bearer");
        return None;
    }
    Some((start, end))
}

/// `Authorization: X`, whatever X looks like; the name of its scheme stays.
pub(super) fn authorization(scan: &mut Scan<'_>, at: usize) {
    let Some(pair) = parse(scan, at, at + 13) else { return };
    let text = scan.text;
    let line = value_end(scan, &pair);
    if is_cut(scan, line) {
        return doubt(scan, &pair);
    }
    let word_end = bare_end(scan, pair.value, false).min(line);
    let word = &text[pair.value..word_end];
    let is = |schemes: &[&str]| schemes.iter().any(|scheme| word.eq_ignore_ascii_case(scheme.as_bytes()));
    let rest = word_end + text[word_end..line].iter().take(16).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let (start, end) = if is(&SCHEMES) {
        (rest, bare_end(scan, rest, false).min(line))
    } else if is(&LONG_SCHEMES) {
        (rest, line)
    } else if opaque(Value::new(text, (pair.value, word_end.min(pair.value + SAMPLE)), &scan.ahead), pair.form) {
        (pair.value, word_end)
    } else {
        return;
    };
    let found = &text[start..end.min(start + SAMPLE)];
    let named = mentions_secret(found) && !has_digit(found);
    if found.len() >= 3 && !is_placeholder(found) && !named {
        scan.mark(start, end, "authorization");
    }
}

fn opaque(value: Value<'_>, form: Form) -> bool {
    let length = value.bytes().len();
    let formed = length >= 8 && value.has(Kind::Digit) || length >= 20 && !value.has(Kind::Dot);
    (formed || form == Form::QuotedName) && !value.has(Kind::Call)
}

/// `Cookie: a=b; c=d`, to the end of the line or of the quotes around it.
pub(super) fn cookie(scan: &mut Scan<'_>, at: usize) {
    let Some(pair) = parse(scan, at, at + 6) else { return };
    let end = value_end(scan, &pair);
    if is_cut(scan, end) {
        return doubt(scan, &pair);
    }
    let sample = Value::new(scan.text, (pair.value, end.min(pair.value + SAMPLE)), &scan.ahead);
    let value = sample.bytes();
    let set = memchr::memchr(b'=', value).is_some_and(|sign| sign > 0 && sign + 1 < value.len());
    let data = set || pair.form == Form::QuotedName && has_digit(value);
    if data && !sample.has(Kind::Block) && !is_placeholder(value) {
        scan.mark(pair.value, end, "cookie");
    } else {
        value_of(scan, &pair);
    }
}

/// The end of a header's value: its quote, a quote around the whole header, or the line's end.
fn value_end(scan: &mut Scan<'_>, pair: &Pair) -> usize {
    let text = scan.text;
    if let Some(quote) = pair.quote {
        return quoted_end(text, pair.value, quote);
    }
    let (first, last) = scan.done.line;
    if (first..=last).contains(&pair.value) && last > 0 {
        return last;
    }
    let ends = |byte: u8| matches!(byte, b'"' | b'\'' | b'`' | b'\n' | b'\r') || scan.setting.raw && byte == b'\\';
    let end = find(&text[pair.value..], ends).map_or(text.len(), |found| pair.value + found);
    scan.done.line = (pair.value, end);
    end
}

//! Secrets that a prefix of their own gives away.

use super::bytes::{ALNUM, BASE64, WORD, any, has_both_cases, has_digit, is, run_end};
use super::formats::{Prefix, Proof};
use super::hidden::is_image;
use super::state::Scan;

/// How much of a body is looked at for proof; enough to see chance at work.
const SAMPLE: usize = 96;

/// Whether no prefix can stand in a run: it is a hash or a UUID, or an identifier in camel case.
///
/// A prefix reaches out of a run only by a `.` or `~`. Without digits and separators only keys of chance letters remain,
/// and chance does not put so few capitals among them.
pub(super) fn is_ordinary(text: &[u8], start: usize, end: usize) -> bool {
    if is_joint(start.checked_sub(1).and_then(|before| text.get(before))) {
        return false;
    }
    let run = &text[start..end];
    let letters = || !any(run, |byte| !byte.is_ascii_alphabetic()) && !is_joint(text.get(end)) && capitals(run) < 8;
    !any(run, |byte| !matches!(byte, b'0'..=b'9' | b'a'..=b'f' | b'-')) || letters()
}

fn capitals(run: &[u8]) -> usize {
    run.chunks(255).map(|run| usize::from(run.iter().map(|byte| u8::from(byte.is_ascii_uppercase())).sum::<u8>())).sum()
}

/// Whether a byte joins the parts of a secret.
pub(super) fn is_joint(byte: Option<&u8>) -> bool {
    matches!(byte, Some(b'.' | b'~'))
}

/// Tries one rule whose prefix stands at `start` and whose body at `body`.
pub(super) fn check(scan: &mut Scan<'_>, rule: &Prefix, start: usize, body: usize) {
    let text = scan.text;
    let end = scan.reach.end(text, body, rule.body);
    if end < body + rule.least {
        return;
    }
    let sample = &text[body..end.min(body + SAMPLE)];
    let end = match rule.proof {
        Proof::None => Some(end),
        Proof::Digit => has_digit(sample).then_some(end),
        Proof::DigitOrLong => (end - body >= 30 || has_digit(sample) || is_mixed(sample, 20)).then_some(end),
        Proof::Stretch => has_stretch(sample, 8).then_some(end),
        Proof::Random => is_random(scan, start, sample).then_some(end),
        Proof::Bounded => (end - body <= 128 && has_variety(sample)).then_some(end),
        Proof::Apart => {
            let blob = scan.reach.end(text, body, BASE64) > body + 200;
            (!blob && end - body <= 128 && has_variety(sample)).then_some(end)
        }
        Proof::Jwt => jwt(text, body),
        Proof::TwoParts => second_part(text, scan.reach.end(text, body, WORD)),
    };
    if let Some(end) = end {
        scan.mark(start, end, rule.kind);
    }
}

/// Whether a sample is more than a repetition, as the zeros of programs in base64 are.
fn has_variety(text: &[u8]) -> bool {
    let mut seen = [0_u64; 2];
    text.iter().take(32).for_each(|byte| seen[usize::from(byte >> 6 & 1)] |= 1 << (byte & 0x3f));
    seen[0].count_ones() + seen[1].count_ones() >= 6
}

/// Whether a sample of at least `least` bytes has letters in both cases: chance may leave a key without a digit.
fn is_mixed(text: &[u8], least: usize) -> bool {
    text.len() >= least && has_both_cases(text)
}

/// Whether letters and digits follow each other for `least` bytes, with both among them or letters in both cases.
fn has_stretch(text: &[u8], least: usize) -> bool {
    let mut start = 0;
    while let Some(part) = text.get(start..start + least) {
        // The last byte that ends a stretch says how far the next one can be.
        if let Some(last) = part.iter().rposition(|&byte| !is(byte, ALNUM)) {
            start += last + 1;
            continue;
        }
        let part = &text[start..run_end(text, start, ALNUM)];
        let small = any(part, |byte| byte.is_ascii_lowercase());
        let capital = any(part, |byte| byte.is_ascii_uppercase());
        if u8::from(has_digit(part)) + u8::from(small) + u8::from(capital) >= 2 {
            return true;
        }
        start += part.len() + 1;
    }
    false
}

/// `sk-` ends many words (`task-`, `risk-`), all with a vowel before it; behind those the body must prove more.
fn is_random(scan: &Scan<'_>, start: usize, body: &[u8]) -> bool {
    let vowel = start > 0 && matches!(scan.text[start - 1].to_ascii_lowercase(), b'a' | b'e' | b'i' | b'o' | b'u');
    if !vowel || scan.setting.raw {
        return (has_digit(body) || is_mixed(body, 40)) && has_stretch(body, 16);
    }
    has_both_cases(body) && has_digit(body) && has_stretch(body, 30)
}

/// A Telegram bot's token, which is the whole run `start..end`: the number of the bot and a colon come before it.
pub(super) fn telegram(scan: &mut Scan<'_>, start: usize, end: usize) {
    let Some((b':', before)) = scan.text[..start].split_last() else { return };
    let number = before.iter().rev().take(8).filter(|byte| byte.is_ascii_digit()).count() == 8;
    if number && end - start >= 32 && scan.text[start..].starts_with(b"AA") {
        scan.mark(start, end, "telegram-token");
    }
}

/// The end of a token of three parts, or five when it is encrypted, of which the first begins before `body`.
fn jwt(text: &[u8], body: usize) -> Option<usize> {
    let head = run_end(text, body, WORD);
    let mut end = part_end(text, head)?;
    if head < body + 9 || end < head + 5 {
        return None;
    }
    for _ in 0..3 {
        match part_end(text, end) {
            Some(next) => end = next,
            None => break,
        }
    }
    Some(end)
}

/// The end of the part behind a dot at `dot`.
fn part_end(text: &[u8], dot: usize) -> Option<usize> {
    (text.get(dot) == Some(&b'.')).then(|| run_end(text, dot + 1, WORD))
}

fn second_part(text: &[u8], dot: usize) -> Option<usize> {
    part_end(text, dot).filter(|&end| end > dot + 16)
}

/// A Discord bot's token: three parts, of which the first is at the end of the run `start..end`.
pub(super) fn discord(scan: &mut Scan<'_>, start: usize, end: usize) {
    let text = scan.text;
    let Some(middle) = part_end(text, end) else { return };
    if !(end + 6..=end + 8).contains(&middle) {
        return;
    }
    let length = (24..=28).rev().find(|length| {
        let first = (start + length <= end).then(|| text[end - length]);
        matches!(first, Some(b'M' | b'N' | b'O'))
    });
    if let (Some(length), Some(last)) = (length, part_end(text, middle))
        && last > middle + 27
    {
        scan.mark(end - length, last, "discord-token");
    }
}

/// Secrets of AWS keys: forty bytes of base64 that chance has mixed, which no prefix marks.
pub(super) fn aws_secrets(scan: &mut Scan<'_>) {
    let text = scan.text;
    let mut at = 0;
    scan.done.image = (0, false);
    while let Some(found) = text[at..].iter().position(|&byte| is(byte, BASE64)) {
        let start = at + found;
        let end = run_end(text, start, BASE64);
        let body = &text[start..end];
        // A byte may be glued to either side, or the rest of a path.
        if (40..=80).contains(&body.len()) && mixed(body) && !is_image(scan, start) {
            scan.mark(start, end, "aws-secret");
        }
        at = end;
    }
}

fn mixed(text: &[u8]) -> bool {
    let count = |kind: fn(&u8) -> bool| text.iter().filter(|byte| kind(byte)).count();
    count(u8::is_ascii_lowercase) >= 4
        && count(u8::is_ascii_uppercase) >= 4
        && count(|byte| !byte.is_ascii_alphabetic()) >= 2
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::has_stretch;

    /// Every stretch, one after the other.
    fn has_stretch_naively(text: &[u8], least: usize) -> bool {
        text.split(|byte| !byte.is_ascii_alphanumeric()).filter(|part| part.len() >= least).any(|part| {
            let has = |kind: fn(&u8) -> bool| u8::from(part.iter().any(kind));
            has(u8::is_ascii_digit) + has(u8::is_ascii_lowercase) + has(u8::is_ascii_uppercase) >= 2
        })
    }

    proptest! {
        #![proptest_config(crate::redact::tests::config())]

        #[test]
        fn stretches_are_found_wherever_they_stand(text in "([a-z]{0,9}|[A1-]{0,3}){0,9}", least in 1usize..9) {
            prop_assert_eq!(has_stretch(text.as_bytes(), least), has_stretch_naively(text.as_bytes(), least));
        }
    }
}

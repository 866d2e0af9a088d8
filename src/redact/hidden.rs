//! Text hidden in base64, and the images that are let be.

use super::bytes::{BASE64, any, is, run_end, run_start};
use super::encoded::DEPTH;
use super::state::{Scan, Setting};

/// How many groups of four in a row must decode to ASCII before a run is worth decoding: no secret is shorter.
const GROUPS: usize = 4;
/// The shortest line that base64 is broken into.
const LINE: usize = 60;
/// Marks a byte that is in neither alphabet.
const NONE: u8 = 0xff;

static SEXTETS: [u8; 256] = sextets();

const fn sextets() -> [u8; 256] {
    let alphabet = *b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut table = [NONE; 256];
    let mut value = 0;
    while value < 64 {
        table[alphabet[value as usize] as usize] = value;
        value += 1;
    }
    table[b'-' as usize] = 62;
    table[b'_' as usize] = 63;
    table
}

fn sextet(byte: u8) -> u8 {
    SEXTETS[usize::from(byte)]
}

/// Whether the long run that begins at `start` belongs to the base64 of an image.
pub(super) fn is_image(scan: &mut Scan<'_>, start: usize) -> bool {
    let text = scan.text;
    let (end, image) = scan.done.image;
    if start < end {
        return image;
    }
    let first = run_start(text, start, BASE64, LINE);
    let before = &text[..first];
    if !before.ends_with(b";base64,") {
        return false;
    }
    let tail = &before[before.len().saturating_sub(LINE)..];
    // An image of text may say anything.
    let declared =
        tail.windows(11).any(|window| window == b"data:image/") && !tail.windows(4).any(|window| window == b"/svg");
    let end = run_end(text, start, BASE64);
    // Addresses of data have no `-` and `_` in them; what has is something else that was put there.
    let image = declared && !any(&text[first..end], |byte| matches!(byte, b'-' | b'_'));
    scan.done.image = (end, image);
    image
}

/// Looks for secrets in what the run around `start..end` says when it is base64.
pub(super) fn base64(scan: &mut Scan<'_>, start: usize, end: usize) {
    if start < scan.done.base64 || scan.setting.depth >= DEPTH || !may_hide(&scan.text[start..end]) {
        return;
    }
    if scan.setting.raw {
        return scan.mark(start, end, "encoded");
    }
    let from = run_start(scan.text, start, BASE64, start - scan.done.base64);
    let (sextets, places) = collect(scan.text, from);
    scan.done.base64 = places.last().map_or(end, |last| last + 1);
    for offset in 0..4.min(sextets.len()) {
        if !may_hide_at(&sextets[offset..], |&sextet| sextet) {
            continue;
        }
        let setting = Setting { depth: scan.setting.depth + 1, ..scan.setting };
        for span in (scan.find)(&unpack(&sextets[offset..]), setting) {
            let first = places[offset + span.start / 3 * 4];
            let last = places[(offset + span.end.div_ceil(3) * 4).min(places.len()) - 1];
            scan.mark(first, last + 1, span.kind);
        }
    }
}

/// The sextets of a run, across line breaks when its lines are long, and where each came from.
fn collect(text: &[u8], from: usize) -> (Vec<u8>, Vec<usize>) {
    let (mut sextets, mut places) = (Vec::new(), Vec::new());
    let mut at = from;
    loop {
        let end = run_end(text, at, BASE64);
        sextets.extend(text[at..end].iter().map(|&byte| sextet(byte)));
        places.extend(at..end);
        let next = match text[end..] {
            [b'\n', ..] => end + 1,
            [b'\r', b'\n', ..] => end + 2,
            _ => return (sextets, places),
        };
        if end - at < LINE || !text.get(next).is_some_and(|&byte| is(byte, BASE64)) {
            return (sextets, places);
        }
        at = next;
    }
}

/// Whether a run of base64 has, at any alignment, a stretch of ASCII.
fn may_hide(run: &[u8]) -> bool {
    (0..4.min(run.len())).any(|offset| may_hide_at(&run[offset..], |&byte| sextet(byte)))
}

/// Whether some groups in a row decode to ASCII; looks at the last of them first to skip ahead.
fn may_hide_at(run: &[u8], sextet: impl Fn(&u8) -> u8) -> bool {
    let is_ascii = |group: usize| {
        let at = group * 4;
        sextet(&run[at]) & 0x20 == 0 && sextet(&run[at + 1]) & 0x08 == 0 && sextet(&run[at + 2]) & 0x02 == 0
    };
    let groups = run.len() / 4;
    let mut first = 0;
    while first + GROUPS <= groups {
        match (first..first + GROUPS).rev().find(|&group| !is_ascii(group)) {
            Some(group) => first = group + 1,
            None => return true,
        }
    }
    false
}

/// The bytes of a run of sextets, those of a last incomplete group too.
fn unpack(sextets: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(sextets.len() / 4 * 3 + 3);
    for group in sextets.chunks(4) {
        let bits = group.iter().enumerate().fold(0, |bits, (at, &value)| bits | u32::from(value) << (18 - 6 * at));
        let bytes = bits.to_be_bytes();
        out.extend_from_slice(&bytes[1..group.len().max(1)]);
    }
    out
}

/// The bytes that a text means as base64, as far as it is base64.
pub(super) fn decode(text: &[u8]) -> Vec<u8> {
    let sextets: Vec<u8> = text.iter().map(|&byte| sextet(byte)).take_while(|&value| value != NONE).collect();
    unpack(&sextets)
}

#[cfg(test)]
mod tests {
    use super::{decode, may_hide};

    #[test]
    fn decodes() {
        assert_eq!(decode(b"dXNlcjpwYXNz"), b"user:pass");
        assert_eq!(decode(b"dXNlcjpwYXM="), b"user:pas");
        assert_eq!(decode(b"dXNlcjpwYQ=="), b"user:pa");
        assert_eq!(decode(b""), b"");
    }

    #[test]
    fn sees_ascii_at_every_alignment() {
        assert!(may_hide(b"dXNlcjpwYXNzd29yZHM"));
        assert!(may_hide(b"zdXNlcjpwYXNzd29yZHM"));
        assert!(may_hide(b"zzzdXNlcjpwYXNzd29yZHM"));
        assert!(!may_hide(b"recordProviderHealthMetricsForTheDay"));
        assert!(!may_hide(b"550e8400-e29b-41d4-a716-446655440000"));
    }
}

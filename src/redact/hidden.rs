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
    let run = Run::read(scan.text, from);
    scan.done.base64 = run.place(run.sextets.len() - 1) + 1;
    for offset in 0..4.min(run.sextets.len()) {
        let sextets = &run.sextets[offset..];
        if !may_hide_at(sextets, |sextet| sextet) {
            continue;
        }
        let setting = Setting { depth: scan.setting.depth + 1, ..scan.setting };
        for span in (scan.find)(&unpack(sextets), setting) {
            let last = (offset + span.end.div_ceil(3) * 4).min(run.sextets.len()) - 1;
            scan.mark(run.place(offset + span.start / 3 * 4), run.place(last) + 1, span.kind);
        }
    }
}

/// A run of base64 across line breaks.
struct Run {
    sextets: Vec<u8>,
    from: usize,
    /// For each line behind the first one its first sextet, and where that stands in the text.
    lines: Vec<(usize, usize)>,
}

impl Run {
    /// Goes on behind a line break when the line before it is long.
    fn read(text: &[u8], from: usize) -> Self {
        let mut run = Self { sextets: Vec::new(), from, lines: Vec::new() };
        let mut at = from;
        loop {
            let end = run_end(text, at, BASE64);
            run.sextets.extend(text[at..end].iter().map(|&byte| sextet(byte)));
            let next = match text[end..] {
                [b'\n', ..] => end + 1,
                [b'\r', b'\n', ..] => end + 2,
                _ => return run,
            };
            if end - at < LINE || !text.get(next).is_some_and(|&byte| is(byte, BASE64)) {
                return run;
            }
            at = next;
            run.lines.push((run.sextets.len(), at));
        }
    }

    /// Where a sextet stands in the text.
    fn place(&self, index: usize) -> usize {
        let line = self.lines.partition_point(|&(first, _)| first <= index);
        let (first, at) = self.lines[..line].last().copied().unwrap_or((0, self.from));
        at + index - first
    }
}

/// Whether a run of base64 has, at any alignment, a stretch of ASCII.
fn may_hide(run: &[u8]) -> bool {
    (0..4.min(run.len())).any(|offset| may_hide_at(&run[offset..], sextet))
}

/// Whether some groups in a row decode to ASCII; looks at the last of them first to skip ahead.
fn may_hide_at(run: &[u8], sextet: impl Fn(u8) -> u8) -> bool {
    let groups = run.as_chunks::<4>().0;
    let is_zero = |group: &[u8; 4]| group.iter().all(|&byte| sextet(byte) == 0);
    let is_ascii = |&[first, second, third, _]: &[u8; 4]| {
        sextet(first) & 0x20 == 0 && sextet(second) & 0x08 == 0 && sextet(third) & 0x02 == 0
    };
    let mut first = 0;
    while let Some(next) = groups.get(first..first + GROUPS) {
        match next.iter().rposition(|group| !is_ascii(group)) {
            Some(group) => first += group + 1,
            // Nothing but zeros is what the gaps of programs consist of.
            None if next.iter().all(is_zero) => first += 1,
            None => return true,
        }
    }
    false
}

/// The bytes of a run of sextets, those of a last incomplete group too.
fn unpack(sextets: &[u8]) -> Vec<u8> {
    let join = |group: &[u8]| {
        group.iter().enumerate().fold(0, |bits, (at, &value)| bits | u32::from(value) << (26 - 6 * at)).to_be_bytes()
    };
    let (groups, rest) = sextets.as_chunks::<4>();
    let mut out = Vec::with_capacity(sextets.len() / 4 * 3 + 4);
    for group in groups {
        let [first, second, third, _] = join(group);
        out.extend_from_slice(&[first, second, third]);
    }
    out.extend_from_slice(&join(rest)[..rest.len().saturating_sub(1)]);
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

//! Text behind a spelling that leaves most of it legible: percent encoding and JSON escapes.

use super::state::{Scan, Setting};

/// How many encodings are taken off one another.
pub(super) const DEPTH: u8 = 2;

/// A text without one kind of escapes, and for each of its bytes the place where it came from.
pub(super) struct View {
    text: Vec<u8>,
    from: Vec<u32>,
}

/// Looks for secrets in a view of the scan's text, and marks where they came from.
pub(super) fn look_in(scan: &mut Scan<'_>, view: fn(&[u8]) -> View) {
    if scan.setting.raw {
        return scan.mark(0, scan.text.len(), "encoded");
    }
    if scan.setting.depth >= DEPTH {
        return;
    }
    let Ok(length) = u32::try_from(scan.text.len()) else {
        // Nobody records texts of gigabytes; they go as a whole.
        return scan.mark(0, scan.text.len(), "encoded");
    };
    let mut view = view(scan.text);
    view.from.push(length);
    let setting = Setting { depth: scan.setting.depth + 1, ..scan.setting };
    for span in (scan.find)(&view.text, setting) {
        let place = |at: usize| view.from[at] as usize;
        scan.mark(place(span.start), place(span.end), span.kind);
    }
}

/// Whether an encoded printable ASCII character stands at `at`.
pub(super) fn is_percent(text: &[u8], at: usize) -> bool {
    matches!(text.get(at..at + 3), Some([b'%', b'2'..=b'7', low]) if low.is_ascii_hexdigit())
}

/// The text with encoded ASCII characters decoded.
pub(super) fn percent(text: &[u8]) -> View {
    decode(text, b'%', |at| if is_percent(text, at) { Some((hex(text[at + 1], text[at + 2]), 3)) } else { None })
}

/// Whether an escaped printable ASCII character stands at `at`.
pub(super) fn is_escape(text: &[u8], at: usize) -> bool {
    matches!(text.get(at..at + 6), Some([b'\\', b'u', b'0', b'0', b'2'..=b'7', low]) if low.is_ascii_hexdigit())
}

/// The text with escaped ASCII characters and slashes decoded.
pub(super) fn escapes(text: &[u8]) -> View {
    decode(text, b'\\', |at| match text.get(at + 1) {
        _ if is_escape(text, at) => Some((hex(text[at + 4], text[at + 5]), 6)),
        Some(b'/') => Some((b'/', 2)),
        _ => None,
    })
}

/// `mark` begins an escape; `at_escape` gives what the one at an offset stands for, and its length.
fn decode(text: &[u8], mark: u8, at_escape: impl Fn(usize) -> Option<(u8, usize)>) -> View {
    let mut view = View { text: Vec::with_capacity(text.len()), from: Vec::with_capacity(text.len() + 1) };
    let mut at = 0;
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    while at < text.len() {
        if text[at] == mark {
            let (byte, length) = at_escape(at).unwrap_or((mark, 1));
            view.text.push(byte);
            view.from.push(number(at));
            at += length;
        }
        let plain = memchr::memchr(mark, &text[at..]).unwrap_or(text.len() - at);
        view.text.extend_from_slice(&text[at..at + plain]);
        view.from.extend(number(at)..number(at + plain));
        at += plain;
    }
    view
}

fn hex(high: u8, low: u8) -> u8 {
    let digit = |byte: u8| (byte as char).to_digit(16).and_then(|digit| u8::try_from(digit).ok()).unwrap_or(0);
    digit(high) << 4 | digit(low)
}

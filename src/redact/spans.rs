//! Stretches of a text that are secrets, and the text without them.

use super::bytes::{CREDENTIAL, is};

/// A stretch of a text that one rule takes for a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
    /// The name of the rule's kind.
    pub(super) kind: &'static str,
}

/// Replaces what the spans cover; overlapping and touching spans are replaced once. `None` when nothing changes.
///
/// Every rule looks at the same text and the union of what they found is replaced: the order of rules cannot matter. Where
/// that was done before (`again`), what touches a replacement is more of what was replaced, and goes with all of its word:
/// else a long one would be taken away piece by piece, with a look at the whole text for each.
pub(super) fn replace(text: &[u8], spans: &mut [Span], replacement: &[u8], again: bool) -> Option<Vec<u8>> {
    // What each rule found is in order mostly, and is merged.
    spans.sort_by_key(|span| (span.start, span.end));
    let mut out = Vec::with_capacity(text.len());
    let (mut copied, mut changed, mut index) = (0, false, 0);
    while index < spans.len() {
        let (mut start, mut end) = (spans[index].start, spans[index].end);
        while index < spans.len() && spans[index].start <= end {
            end = end.max(spans[index].end);
            index += 1;
            let last = spans.get(index).is_none_or(|next| next.start > end);
            if last && again && (text[..start].ends_with(replacement) || text[end..].starts_with(replacement)) {
                start -= text[copied..start].iter().rev().take_while(|&&byte| goes_on(byte)).count();
                end += text[end..].iter().take_while(|&&byte| goes_on(byte)).count();
            }
        }
        changed |= &text[start..end] != replacement;
        out.extend_from_slice(&text[copied..start]);
        out.extend_from_slice(replacement);
        copied = end;
    }
    out.extend_from_slice(&text[copied..]);
    changed.then_some(out)
}

/// Whether a byte may belong to a secret's word, spelled out or in an encoding.
fn goes_on(byte: u8) -> bool {
    is(byte, CREDENTIAL) || matches!(byte, b'%' | b'\\')
}

#[cfg(test)]
mod tests {
    use super::{Span, replace};

    #[test]
    fn replaces_the_union() {
        let span = |start, end| Span { start, end, kind: "x" };
        let mut spans = [span(4, 6), span(1, 3), span(2, 4), span(8, 9)];
        assert_eq!(replace(b"0123456789", &mut spans, b"#", false).as_deref(), Some(&b"0#67#9"[..]));
        assert_eq!(replace(b"a#b", &mut [span(1, 2)], b"#", false), None);
        assert_eq!(replace(b"ab", &mut [], b"#", false), None);
    }

    #[test]
    fn what_touches_a_replacement_goes_with_its_word() {
        let span = |start, end| Span { start, end, kind: "x" };
        for (spans, wanted) in [
            (&mut [span(4, 6)][..], "a ##bg"),
            (&mut [span(5, 6), span(8, 9)], "a ##b#"),
            (&mut [span(7, 8)], "a cdef##"),
            (&mut [span(3, 4)], "a c#ef#bg"),
        ] {
            let found = replace(b"a cdef#bg", spans, b"#", true).unwrap();
            assert_eq!(String::from_utf8(found).unwrap(), wanted);
        }
        assert_eq!(replace(b"a cdef#bg", &mut [span(5, 6)], b"#", false).as_deref(), Some(&b"a cde##bg"[..]));
    }

    proptest::proptest! {
        #[test]
        fn the_order_of_rules_does_not_matter(found in proptest::collection::vec((0usize..40, 1usize..9), 0..9)) {
            let text: Vec<u8> = (0..50).collect();
            let mut spans: Vec<_> = found.iter().map(|&(at, length)| Span { start: at, end: at + length, kind: "x" }).collect();
            let forwards = replace(&text, &mut spans.clone(), b"#", false);
            spans.reverse();
            proptest::prop_assert_eq!(forwards, replace(&text, &mut spans, b"#", false));
        }
    }
}

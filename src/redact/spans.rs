//! Stretches of a text that are secrets, and the text without them.

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
/// Every rule looks at the same text and the union of what they found is replaced: the order of rules cannot matter.
pub(super) fn replace(text: &[u8], spans: &mut [Span], replacement: &[u8]) -> Option<Vec<u8>> {
    spans.sort_unstable_by_key(|span| (span.start, span.end));
    let mut out = Vec::with_capacity(text.len());
    let (mut copied, mut changed, mut index) = (0, false, 0);
    while index < spans.len() {
        let (start, mut end) = (spans[index].start, spans[index].end);
        index += 1;
        while index < spans.len() && spans[index].start <= end {
            end = end.max(spans[index].end);
            index += 1;
        }
        changed |= &text[start..end] != replacement;
        out.extend_from_slice(&text[copied..start]);
        out.extend_from_slice(replacement);
        copied = end;
    }
    out.extend_from_slice(&text[copied..]);
    changed.then_some(out)
}

#[cfg(test)]
mod tests {
    use super::{Span, replace};

    #[test]
    fn replaces_the_union() {
        let span = |start, end| Span { start, end, kind: "x" };
        let mut spans = [span(4, 6), span(1, 3), span(2, 4), span(8, 9)];
        assert_eq!(replace(b"0123456789", &mut spans, b"#").as_deref(), Some(&b"0#67#9"[..]));
        assert_eq!(replace(b"a#b", &mut [span(1, 2)], b"#"), None);
        assert_eq!(replace(b"ab", &mut [], b"#"), None);
    }

    proptest::proptest! {
        #[test]
        fn the_order_of_rules_does_not_matter(found in proptest::collection::vec((0usize..40, 1usize..9), 0..9)) {
            let text: Vec<u8> = (0..50).collect();
            let mut spans: Vec<_> = found.iter().map(|&(at, length)| Span { start: at, end: at + length, kind: "x" }).collect();
            let forwards = replace(&text, &mut spans.clone(), b"#");
            spans.reverse();
            proptest::prop_assert_eq!(forwards, replace(&text, &mut spans, b"#"));
        }
    }
}

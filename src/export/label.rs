//! A recorded name as the value of a label.

/// Stands for all names beyond the limit.
pub const OTHER: &str = "__other__";

/// A label's value has at most so many bytes; a longer name is one of the others.
const MOST_BYTES: usize = 1024;

/// The value that a name (WTF-8) becomes: a lone surrogate is replaced, and so are all control characters but the newline,
/// which some parsers end at or a terminal obeys.
#[must_use]
pub fn label_of(name: &[u8]) -> String {
    let mut bytes = name.to_vec();
    for at in 1..bytes.len().saturating_sub(1) {
        // Only a surrogate has these two bytes; it is as long as what replaces it.
        if bytes[at - 1] == 0xed && bytes[at] >= 0xa0 {
            bytes[at - 1..=at + 1].copy_from_slice("\u{fffd}".as_bytes());
        }
    }
    let shown = |mark: char| if mark.is_control() && mark != '\n' { char::REPLACEMENT_CHARACTER } else { mark };
    String::from_utf8_lossy(&bytes).chars().map(shown).collect()
}

pub(super) const fn is_too_long(label: &str) -> bool {
    label.len() > MOST_BYTES
}

/// Appends a value between quotes.
pub(super) fn append_quoted(out: &mut String, label: &str) {
    out.push('"');
    for mark in label.chars() {
        match mark {
            '\\' => out.push_str("\\\\"),
            '"' => out.push_str("\\\""),
            '\n' => out.push_str("\\n"),
            other => out.push(other),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::{append_quoted, label_of};

    #[test]
    fn only_three_marks_are_escaped_and_controls_are_replaced() {
        let mut out = String::new();
        append_quoted(&mut out, &label_of("a\\b\"c\nd\u{0}\u{1b}[31m\u{9b}☃{}=,# 𝄞".as_bytes()));
        assert_eq!(out, "\"a\\\\b\\\"c\\nd\u{fffd}\u{fffd}[31m\u{fffd}☃{}=,# 𝄞\"");
    }

    #[test]
    fn a_lone_surrogate_becomes_one_mark() {
        assert_eq!(label_of(b"a\xed\xa0\x80\xed\xbf\xbfb\xed\x9f\xbf\xff"), "a\u{fffd}\u{fffd}b\u{d7ff}\u{fffd}");
        assert_eq!(label_of(b"\xed\xa0"), "\u{fffd}\u{fffd}");
    }
}

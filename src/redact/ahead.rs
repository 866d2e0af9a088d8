//! Where the next byte of a kind stands, remembered: hostile text begins a value at each of its words, and all of those values
//! reach over the same bytes, which are walked over once.

use std::cell::Cell;

use once_cell::unsync::OnceCell;

/// What is looked for. Each kind remembers its own last look.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// What may end the first part of a value: `,`, `;`, `&`, `|`.
    Part,
    Digit,
    /// A digit too, for a second look behind the first one.
    Another,
    /// What people put into passwords.
    Special,
    /// What code has between its words.
    Code,
    /// What words joined by `-`, `_`, `.` and `:` do not have.
    NoWord,
    /// What names in code and what joins them do not have.
    NoName,
    /// What begins a call, an index, a block or a template.
    Call,
    /// The same, but for `[`.
    Block,
    Dot,
    /// A quote, a backslash, or what is no more than a blank.
    Gap,
    /// What ends the part of a URL that names a user and a host.
    Slash,
    /// The same in raw JSON.
    RawSlash,
    /// What makes a pattern or a template of a path.
    Pattern,
    /// `??`.
    Choice,
    /// `${`, `$(`, `{{`.
    Template,
}

const KINDS: usize = Kind::Template as usize + 1;

/// The kinds that each byte is of, or begins.
static TABLE: [u16; 256] = table();

const fn ends_authority(byte: u8) -> bool {
    matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'`' | b'<' | b'>' | b' ' | b'\t' | b'\r' | b'\n')
}

const fn table() -> [u16; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        #[expect(clippy::cast_possible_truncation, reason = "it is below 256")]
        let byte = index as u8;
        let joins = matches!(byte, b'_' | b'.' | b':');
        let kinds = [
            (Kind::Part, matches!(byte, b',' | b';' | b'&' | b'|')),
            (Kind::Digit, byte.is_ascii_digit()),
            (Kind::Another, byte.is_ascii_digit()),
            (Kind::Special, matches!(byte, b'!' | b'@' | b'#' | b'$' | b'%' | b'^' | b'*' | b'+')),
            (Kind::Code, matches!(byte, b'(' | b')' | b'{' | b'}' | b'=' | b'.' | b'[')),
            (Kind::NoWord, !byte.is_ascii_alphabetic() && !joins && byte != b'-'),
            (Kind::NoName, !byte.is_ascii_alphanumeric() && !joins && !matches!(byte, b'$' | b'?' | b'!')),
            (Kind::Call, matches!(byte, b'(' | b'[' | b'{' | b'$')),
            (Kind::Block, matches!(byte, b'(' | b'{' | b'$')),
            (Kind::Dot, byte == b'.'),
            (Kind::Gap, matches!(byte, b'"' | b'\'' | b'`' | b'\\' | 0..=b' ')),
            (Kind::Slash, ends_authority(byte)),
            (Kind::RawSlash, ends_authority(byte) || byte == b'\\'),
            (Kind::Pattern, matches!(byte, b'{' | b'|' | b'(' | b'\\')),
            (Kind::Choice, byte == b'?'),
            (Kind::Template, matches!(byte, b'$' | b'{')),
        ];
        let mut at = 0;
        while at < kinds.len() {
            table[index] |= (kinds[at].1 as u16) << kinds[at].0 as u16;
            at += 1;
        }
        index += 1;
    }
    table
}

/// What is known of a text; most texts are of no value of which anything has to be known.
#[derive(Debug, Default)]
pub(super) struct Ahead(OnceCell<Box<Known>>);

impl Ahead {
    fn known(&self) -> &Known {
        self.0.get_or_init(Box::default)
    }
}

/// For each kind, that there is none of it from the first offset up to the second.
#[derive(Debug, Default)]
struct Known {
    none: [Cell<(usize, usize)>; KINDS],
    /// That every part of a dotted name from the first offset up to the second is one; both are behind a dot.
    parts: Cell<(usize, usize)>,
}

/// A stretch of a text, and what is known of the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'a> {
    text: &'a [u8],
    start: usize,
    end: usize,
    ahead: &'a Ahead,
}

impl<'a> Value<'a> {
    /// `ahead` is that of the text.
    pub(super) const fn new(text: &'a [u8], (start, end): (usize, usize), ahead: &'a Ahead) -> Self {
        Self { text, start, end, ahead }
    }

    pub(super) fn bytes(&self) -> &'a [u8] {
        &self.text[self.start..self.end]
    }

    /// Without white space around it.
    pub(super) fn trimmed(self) -> Self {
        let start = self.end - self.bytes().trim_ascii_start().len();
        Self { start, end: start + self.bytes().trim_ascii().len(), ..self }
    }

    /// As much of it as comes before the first of a kind.
    pub(super) fn before(self, kind: Kind) -> Self {
        Self { end: self.next(self.start, kind), ..self }
    }

    pub(super) fn has(&self, kind: Kind) -> bool {
        self.next(self.start, kind) < self.end
    }

    pub(super) fn has_two_digits(&self) -> bool {
        let first = self.next(self.start, Kind::Digit);
        first < self.end && self.next(first + 1, Kind::Another) < self.end
    }

    /// Whether it consists of two parts or more with dots between them, all of which are of the kind.
    pub(super) fn is_dotted(&self, is_part: impl Fn(&[u8]) -> bool) -> bool {
        let end_of = |start| memchr::memchr(b'.', &self.text[start..self.end]).map(|found| start + found);
        let Some(dot) = end_of(self.start).filter(|&dot| is_part(&self.text[self.start..dot])) else { return false };
        let (first, last) = self.ahead.known().parts.get();
        let known = (first..=last).contains(&(dot + 1));
        let (first, mut at) = if known { (first, last) } else { (dot + 1, dot + 1) };
        if at >= self.end {
            // The last part is cut off, and there is something of it.
            return self.text[self.end - 1] != b'.';
        }
        loop {
            let dot = end_of(at);
            let holds = is_part(&self.text[at..dot.unwrap_or(self.end)]);
            let Some(dot) = dot.filter(|_| holds) else {
                self.ahead.known().parts.set((first, at));
                return holds;
            };
            at = dot + 1;
        }
    }

    /// The first place of a kind from `from` on; the end when there is none.
    fn next(&self, from: usize, kind: Kind) -> usize {
        let none = &self.ahead.known().none[kind as usize];
        let (first, last) = none.get();
        let (first, from) = if (first..=last).contains(&from) { (first, last) } else { (from, from) };
        if from >= self.end {
            return self.end;
        }
        let found = (from..self.end).find(|&at| is(&self.text[..self.end], at, kind));
        // The second byte of a pair may stand behind the end.
        let pair = matches!(kind, Kind::Choice | Kind::Template);
        none.set((first, found.unwrap_or(self.end - usize::from(pair))));
        found.unwrap_or(self.end)
    }
}

/// Whether the byte at `at` is of a kind.
#[inline]
fn is(text: &[u8], at: usize, kind: Kind) -> bool {
    let seems = TABLE[usize::from(text[at])] >> kind as u16 & 1 != 0;
    seems
        && match kind {
            Kind::Choice => text[at..].starts_with(b"??"),
            Kind::Template => matches!(text[at..], [b'$', b'{' | b'(', ..] | [b'{', b'{', ..]),
            _ => true,
        }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Ahead, Kind, Value, is};

    const ALL: [Kind; super::KINDS] = [
        Kind::Part,
        Kind::Digit,
        Kind::Another,
        Kind::Special,
        Kind::Code,
        Kind::NoWord,
        Kind::NoName,
        Kind::Call,
        Kind::Block,
        Kind::Dot,
        Kind::Gap,
        Kind::Slash,
        Kind::RawSlash,
        Kind::Pattern,
        Kind::Choice,
        Kind::Template,
    ];

    fn is_part(part: &[u8]) -> bool {
        !part.is_empty() && part.len() < 4 && !part[0].is_ascii_digit()
    }

    proptest! {
        #![proptest_config(crate::redact::tests::config())]

        #[test]
        fn what_was_seen_before_changes_no_answer(
            text in "[a1.,:=?${(/ ]{0,40}",
            looks in prop::collection::vec((0usize..40, 0usize..40), 1..40),
        ) {
            let (text, ahead) = (text.as_bytes(), Ahead::default());
            for (first, second) in looks {
                let (start, end) = (first.min(second).min(text.len()), first.max(second).min(text.len()));
                let value = Value::new(text, (start, end), &ahead);
                for kind in ALL {
                    let wanted = (start..end).find(|&at| is(&text[..end], at, kind));
                    prop_assert_eq!(value.has(kind), wanted.is_some(), "{:?} in {}..{}", kind, start, end);
                    prop_assert_eq!(value.before(kind).bytes(), &text[start..wanted.unwrap_or(end)], "{:?}", kind);
                }
                let digits = value.bytes().iter().filter(|byte| byte.is_ascii_digit()).count();
                prop_assert_eq!(value.has_two_digits(), digits >= 2);
                let parts = value.bytes().split(|&byte| byte == b'.');
                prop_assert_eq!(value.is_dotted(is_part), parts.clone().count() > 1 && parts.clone().all(is_part));
                prop_assert_eq!(value.trimmed().bytes(), value.bytes().trim_ascii());
            }
        }
    }
}

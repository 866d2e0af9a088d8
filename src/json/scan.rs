//! The scanner: walks JSON text without recursion and says where it ends or where it breaks.

use super::scalar::{skip_scalar, skip_string};

/// Where and how a scan broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// Offset of the first byte that no JSON text could have there; the length of the text when it just ends too early.
    pub at: usize,
    /// Offset of the quote that opened the string in which the scan broke, when it broke in one.
    pub open_string: Option<usize>,
}

/// Which containers are open, a bit for each; only nesting deeper than 64 takes memory.
#[derive(Default)]
struct Open {
    objects: u64,
    depth: usize,
    outer: Vec<u64>,
}

impl Open {
    #[inline]
    fn push(&mut self, object: bool) {
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.outer.push(self.objects);
        }
        self.objects = (self.objects << 1) | u64::from(object);
        self.depth += 1;
    }

    #[inline]
    fn pop(&mut self) {
        self.objects >>= 1;
        self.depth -= 1;
        if self.depth > 0 && self.depth.is_multiple_of(64) {
            self.objects = self.outer.pop().unwrap_or_default();
        }
    }

    /// Whether the innermost container is an object; `None` when none is open.
    #[inline]
    const fn in_object(&self) -> Option<bool> {
        if self.depth == 0 { None } else { Some(self.objects & 1 == 1) }
    }
}

/// Receives the steps of a scan; the unit type ignores them.
pub trait Progress {
    /// A string that is a key has been read: `text[start..end]`, quotes included, inside `depth` containers of the value.
    fn key(&mut self, _start: usize, _end: usize, _depth: usize) {}
    /// A string that is a value has been read: `text[start..end]`, quotes included.
    fn string(&mut self, _start: usize, _end: usize) {}
    /// A value that is no container has been read, a string too: `text[start..end]`.
    fn scalar(&mut self, _start: usize, _end: usize) {}
}

impl Progress for () {}

/// Offset of the first byte at or after `at` that is not JSON white space.
#[must_use]
pub fn skip_whitespace(text: &[u8], mut at: usize) -> usize {
    while matches!(text.get(at), Some(b' ' | b'\t' | b'\n' | b'\r')) {
        at += 1;
    }
    at
}

/// Checks that `text` is one JSON value with nothing but white space around it; gives the value's range.
///
/// ```
/// use obs_native::json::whole_value;
///
/// assert_eq!(whole_value(b" [1] "), Ok(1..4));
/// assert_eq!(whole_value(b"[1,]").map_err(|fault| fault.at), Err(3));
/// ```
///
/// # Errors
/// Where the text stops being JSON.
pub fn whole_value(text: &[u8]) -> Result<std::ops::Range<usize>, Fault> {
    let start = skip_whitespace(text, 0);
    let end = skip_value(text, start, &mut ())?;
    only_whitespace(text, end)?;
    Ok(start..end)
}

/// Checks that `text` is one JSON object with nothing but white space around it, and hands over its members on the way.
///
/// One pass does both, so a member may be handed over before a later fault is found.
///
/// # Errors
/// Where the text stops being a JSON object.
pub fn read_object<'a>(text: &'a [u8], mut member: impl FnMut(&'a [u8], &'a [u8])) -> Result<(), Fault> {
    read_object_with(text, &mut (), |(), key, value| member(key, value))
}

/// The same; `progress` receives the steps inside the members' values and is handed over with each member.
///
/// # Errors
/// Where the text stops being a JSON object.
pub fn read_object_with<'a, P: Progress>(
    text: &'a [u8],
    progress: &mut P,
    mut member: impl FnMut(&mut P, &'a [u8], &'a [u8]),
) -> Result<(), Fault> {
    let mut at = skip_whitespace(text, 0);
    if text.get(at) != Some(&b'{') {
        return Err(broken(at));
    }
    at = skip_whitespace(text, at + 1);
    if text.get(at) == Some(&b'}') {
        return only_whitespace(text, at + 1);
    }
    loop {
        let colon = skip_key(text, at)?;
        let value = skip_whitespace(text, colon.value);
        let end = skip_value(text, value, progress)?;
        member(progress, &text[at..colon.key_end], &text[value..end]);
        at = skip_whitespace(text, end);
        match text.get(at) {
            Some(b',') => at = skip_whitespace(text, at + 1),
            Some(b'}') => return only_whitespace(text, at + 1),
            _ => return Err(broken(at)),
        }
    }
}

pub(super) fn only_whitespace(text: &[u8], at: usize) -> Result<(), Fault> {
    match skip_whitespace(text, at) {
        rest if rest == text.len() => Ok(()),
        rest => Err(broken(rest)),
    }
}

/// Walks over the JSON value that starts at `start` and gives the offset behind it.
///
/// # Errors
/// Where the text stops being JSON. Nesting has no limit, as in `JSON.parse`.
pub fn skip_value<P: Progress>(text: &[u8], start: usize, progress: &mut P) -> Result<usize, Fault> {
    let mut open = Open::default();
    let mut at = start;
    'value: loop {
        at = skip_whitespace(text, at);
        match text.get(at) {
            Some(b'{') => {
                at = skip_whitespace(text, at + 1);
                if text.get(at) == Some(&b'}') {
                    at += 1;
                } else {
                    open.push(true);
                    at = pass_key(text, at, progress, open.depth)?;
                    continue 'value;
                }
            }
            Some(b'[') => {
                at = skip_whitespace(text, at + 1);
                if text.get(at) == Some(&b']') {
                    at += 1;
                } else {
                    open.push(false);
                    continue 'value;
                }
            }
            Some(b'"') => {
                let end = skip_string(text, at).map_err(|wrong| broken_string(at, wrong))?;
                progress.string(at, end);
                progress.scalar(at, end);
                at = end;
            }
            _ => {
                let end = skip_scalar(text, at).map_err(broken)?;
                progress.scalar(at, end);
                at = end;
            }
        }
        // A value has ended; close what it completes.
        loop {
            let Some(in_object) = open.in_object() else { return Ok(at) };
            at = skip_whitespace(text, at);
            match (in_object, text.get(at)) {
                (true, Some(b',')) => {
                    at = pass_key(text, skip_whitespace(text, at + 1), progress, open.depth)?;
                    continue 'value;
                }
                (false, Some(b',')) => {
                    at += 1;
                    continue 'value;
                }
                (true, Some(b'}')) | (false, Some(b']')) => {
                    open.pop();
                    at += 1;
                }
                _ => return Err(broken(at)),
            }
        }
    }
}

pub(super) const fn broken(at: usize) -> Fault {
    Fault { at, open_string: None }
}

const fn broken_string(open: usize, at: usize) -> Fault {
    Fault { at, open_string: Some(open) }
}

/// Where a key and its colon end.
pub(super) struct Colon {
    pub key_end: usize,
    /// Behind the colon.
    pub value: usize,
}

/// Walks over `"key" :`.
#[inline]
pub(super) fn skip_key(text: &[u8], at: usize) -> Result<Colon, Fault> {
    tell_key(text, at, |_| {})
}

/// The same; tells where the key ends before it looks for the colon.
#[inline]
fn tell_key(text: &[u8], at: usize, tell: impl FnOnce(usize)) -> Result<Colon, Fault> {
    if text.get(at) != Some(&b'"') {
        return Err(broken(at));
    }
    let key_end = skip_string(text, at).map_err(|wrong| broken_string(at, wrong))?;
    tell(key_end);
    let colon = skip_whitespace(text, key_end);
    if text.get(colon) == Some(&b':') { Ok(Colon { key_end, value: colon + 1 }) } else { Err(broken(colon)) }
}

fn pass_key<P: Progress>(text: &[u8], at: usize, progress: &mut P, depth: usize) -> Result<usize, Fault> {
    tell_key(text, at, |end| progress.key(at, end, depth)).map(|colon| colon.value)
}

#[cfg(test)]
mod tests {
    use super::{Fault, whole_value};

    #[test]
    fn accepts_what_json_parse_accepts() {
        for text in [
            "{}",
            " [1 , -0.5e+3, \"\\ud800\"]\r",
            "\"a\u{2028}\"",
            "0",
            "-0",
            "1E9",
            "true",
            "{\"a\":{\"b\":[null]}}",
            "[[],{}]",
            "1e999",
        ] {
            assert!(whole_value(text.as_bytes()).is_ok(), "{text}");
        }
        assert!(whole_value(b"\"\xff\"").is_ok(), "invalid UTF-8 reads as U+FFFD");
        assert!(whole_value("[".repeat(100_000).as_bytes()).is_err());
        for depth in [63, 64, 65, 127, 128, 129, 1000] {
            let nested = format!("{}1{}", "[{\"a\":".repeat(depth), "}]".repeat(depth));
            assert!(whole_value(nested.as_bytes()).is_ok(), "{depth}");
            assert!(whole_value(nested.replacen("}]}]", "}]]}", 1).as_bytes()).is_err(), "{depth}");
        }
    }

    #[test]
    fn refuses_what_json_parse_refuses() {
        for text in [
            "",
            "{",
            "[1,]",
            "{\"a\":1,}",
            "01",
            "1.",
            ".5",
            "+1",
            "-",
            "1e",
            "nul",
            "'a'",
            "\"\t\"",
            "\"\\x\"",
            "\"\\u12g4\"",
            "{a:1}",
            "{} {}",
            "\u{feff}{}",
            "NaN",
            "[1 2]",
            "{\"a\" 1}",
            "tru",
            "\"",
            "]",
            "{]",
        ] {
            assert!(whole_value(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn tells_where_it_broke() {
        assert_eq!(whole_value(b"{\"a\":1{"), Err(Fault { at: 6, open_string: None }));
        assert_eq!(whole_value(b"{\"a\":\"x"), Err(Fault { at: 7, open_string: Some(5) }));
        assert_eq!(whole_value(b"{\"a\":\"x\\{"), Err(Fault { at: 8, open_string: Some(5) }));
    }
}

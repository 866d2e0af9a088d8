//! The top level of a container, one entry at a time, as slices of its own text.

use super::scan::{skip_value, skip_whitespace};

/// Iterates over the members of an object that has passed the scanner: `(key token, value text)`.
///
/// ```
/// use obs_native::json::Members;
///
/// assert_eq!(Members::new(br#"{"a":[1]}"#).next(), Some((&br#""a""#[..], &b"[1]"[..])));
/// ```
#[derive(Debug, Clone)]
pub struct Members<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Members<'a> {
    /// Starts at an object's text; anything else has no members.
    #[must_use]
    pub const fn new(object: &'a [u8]) -> Self {
        Self { text: object, at: if matches!(object, [b'{', ..]) { 1 } else { object.len() } }
    }
}

impl Members<'_> {
    /// Offset behind the last member that was given.
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.at
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a [u8], &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let key = next_value(self.text, self.at)?;
        let colon = skip_whitespace(self.text, key.end);
        let value = next_value(self.text, colon + 1)?;
        self.at = value.end;
        Some((&self.text[key], &self.text[value]))
    }
}

/// Iterates over the elements of an array that has passed the scanner.
#[derive(Debug, Clone)]
pub struct Elements<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Elements<'a> {
    /// Starts at an array's text; anything else has no elements.
    #[must_use]
    pub const fn new(array: &'a [u8]) -> Self {
        Self { text: array, at: if matches!(array, [b'[', ..]) { 1 } else { array.len() } }
    }
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<Self::Item> {
        let value = next_value(self.text, self.at)?;
        self.at = value.end;
        Some(&self.text[value])
    }
}

/// The value at or behind `at`, past white space and a comma; `None` at the container's end.
fn next_value(text: &[u8], at: usize) -> Option<std::ops::Range<usize>> {
    let mut start = skip_whitespace(text, at);
    if text.get(start) == Some(&b',') {
        start = skip_whitespace(text, start + 1);
    }
    let end = skip_value(text, start, &mut ()).ok()?;
    Some(start..end)
}

#[cfg(test)]
mod tests {
    use super::{Elements, Members};

    #[test]
    fn walks_one_level() {
        let object = br#"{ "a" : [1, {"x": 2}] , "b":"c,d" }"#;
        let members: Vec<_> = Members::new(object).collect();
        assert_eq!(members, [(&b"\"a\""[..], &b"[1, {\"x\": 2}]"[..]), (b"\"b\"", b"\"c,d\"")]);
        let elements: Vec<_> = Elements::new(b"[ 1 ,[2,3], null]").collect();
        assert_eq!(elements, [&b"1"[..], b"[2,3]", b"null"]);
        assert_eq!(Members::new(b"{}").count() + Elements::new(b"[ ]").count() + Members::new(b"1").count(), 0);
    }
}

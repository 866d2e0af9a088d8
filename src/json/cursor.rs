//! Walks over JSON text once: into the containers that are asked for, over everything else.

use std::borrow::Cow;

use super::scan::{Fault, broken, only_whitespace, skip_key, skip_value, skip_whitespace};
use super::text::key_name;

/// A place in JSON text, right before a value.
///
/// ```
/// use obs_native::json::Cursor;
///
/// let (mut found, text) = (None, br#"{"a":{"b":[1,2]},"c":"long"}"#);
/// Cursor::read_object(text, |cursor, key| {
///     if &*key == b"a" {
///         [found] = cursor.pick(["b"])?;
///         return Ok(());
///     }
///     cursor.skip().map(drop)
/// })?;
/// assert_eq!(found, Some(&b"[1,2]"[..]));
/// # Ok::<(), obs_native::json::Fault>(())
/// ```
#[derive(Debug)]
pub struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    /// Walks over a text that is one object with nothing but white space around it. `member` is called at each value, with
    /// the text of its key, and has to walk over exactly that.
    ///
    /// # Errors
    /// Where the text stops being a JSON object; members may have been handed over before.
    pub fn read_object(
        text: &'a [u8],
        member: impl FnMut(&mut Self, Cow<'a, [u8]>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let mut cursor = Self { text, at: skip_whitespace(text, 0) };
        cursor.members(member)?;
        only_whitespace(text, cursor.at)
    }

    /// The value's first byte.
    #[must_use]
    pub fn first(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Walks over the value and gives its text.
    ///
    /// # Errors
    /// Where the text stops being JSON, as of all that follow.
    #[inline]
    pub fn skip(&mut self) -> Result<&'a [u8], Fault> {
        let start = self.at;
        self.at = skip_value(self.text, start, &mut ())?;
        Ok(&self.text[start..self.at])
    }

    /// Walks over the value in steps, and gives its text.
    ///
    /// # Errors
    /// As [`Self::skip`], and what `walk` says.
    pub fn within(&mut self, walk: impl FnOnce(&mut Self) -> Result<(), Fault>) -> Result<&'a [u8], Fault> {
        let start = self.at;
        walk(self)?;
        Ok(&self.text[start..self.at])
    }

    /// Walks over an object, as [`Self::read_object`] does.
    ///
    /// # Errors
    /// When the value is no object, too.
    pub fn members(
        &mut self,
        mut member: impl FnMut(&mut Self, Cow<'a, [u8]>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let text = self.text;
        self.entries(*b"{}", |cursor| {
            let colon = skip_key(text, cursor.at)?;
            let key = key_name(&text[cursor.at..colon.key_end]);
            cursor.at = skip_whitespace(text, colon.value);
            member(cursor, key)
        })
    }

    /// Walks over an array; `element` is called at each value and has to walk over it.
    ///
    /// # Errors
    /// When the value is no array, too.
    pub fn elements(&mut self, element: impl FnMut(&mut Self) -> Result<(), Fault>) -> Result<(), Fault> {
        self.entries(*b"[]", element)
    }

    /// The values of keys of an object, the last one where a key stands twice; of any other value, none.
    ///
    /// # Errors
    /// As [`Self::skip`].
    pub fn pick<const N: usize>(&mut self, keys: [&str; N]) -> Result<[Option<&'a [u8]>; N], Fault> {
        let mut found = [None; N];
        if self.first() != Some(b'{') {
            return self.skip().map(|_| found);
        }
        self.members(|cursor, key| {
            let value = cursor.skip()?;
            if let Some(place) = keys.iter().position(|name| name.as_bytes() == &*key) {
                found[place] = Some(value);
            }
            Ok(())
        })?;
        Ok(found)
    }

    /// Walks over a container between these two bytes; `entry` is called at what stands between its commas.
    fn entries(
        &mut self,
        [open, close]: [u8; 2],
        mut entry: impl FnMut(&mut Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        if self.first() != Some(open) {
            return Err(broken(self.at));
        }
        self.at = skip_whitespace(self.text, self.at + 1);
        if self.first() == Some(close) {
            self.at += 1;
            return Ok(());
        }
        loop {
            entry(self)?;
            let end = skip_whitespace(self.text, self.at);
            match self.text.get(end) {
                Some(b',') => self.at = skip_whitespace(self.text, end + 1),
                Some(&byte) if byte == close => {
                    self.at = end + 1;
                    return Ok(());
                }
                _ => return Err(broken(end)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Cursor;
    use crate::json::{Elements, Members, whole_value};

    fn add_key(out: &mut String, key: &[u8]) {
        out.push_str(&String::from_utf8_lossy(key));
        out.push(':');
    }

    /// Everything that a walk into all containers finds, as text.
    fn walk(cursor: &mut Cursor<'_>, out: &mut String) -> Result<(), super::Fault> {
        match cursor.first() {
            Some(b'{') => cursor.members(|cursor, key| {
                add_key(out, &key);
                walk(cursor, out)
            }),
            Some(b'[') => cursor.elements(|cursor| {
                out.push('-');
                walk(cursor, out)
            }),
            _ => cursor.skip().map(|value| out.push_str(&String::from_utf8_lossy(value))),
        }?;
        out.push(';');
        Ok(())
    }

    /// The same by what takes valid text apart.
    fn walk_valid(value: &[u8], out: &mut String) {
        match value[0] {
            b'{' => Members::new(value).for_each(|(key, value)| {
                add_key(out, &crate::json::key_name(key));
                walk_valid(value, out);
            }),
            b'[' => Elements::new(value).for_each(|value| {
                out.push('-');
                walk_valid(value, out);
            }),
            _ => out.push_str(&String::from_utf8_lossy(value)),
        }
        out.push(';');
    }

    #[test]
    fn accepts_what_the_scanner_accepts_and_finds_the_same() {
        const SAMPLE: &[u8] = b" {\"a\" : [1, {\"b\":\"x\\\"y\"} ,[]], \"\\u0063\":{}, \"d\":null , \"e\":-1.5e3}\n";
        let mut texts = vec![SAMPLE.to_vec()];
        for at in 0..SAMPLE.len() {
            texts.push(SAMPLE[..at].to_vec());
            for byte in *b"{}[],:\"\\ 0x\n" {
                let mut text = SAMPLE.to_vec();
                text[at] = byte;
                texts.push(text.clone());
                text.insert(at, b'}');
                texts.push(text);
            }
        }
        for text in texts {
            let mut out = String::new();
            let walked = Cursor::read_object(&text, |cursor, key| {
                add_key(&mut out, &key);
                walk(cursor, &mut out)
            });
            let whole = whole_value(&text).ok().filter(|range| text[range.start] == b'{');
            assert_eq!(walked.is_ok(), whole.is_some(), "{}", String::from_utf8_lossy(&text));
            if let Some(range) = whole {
                let mut wanted = String::new();
                walk_valid(&text[range], &mut wanted);
                assert_eq!(out + ";", wanted);
            }
        }
    }
}

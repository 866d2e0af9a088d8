//! Lines of UTF-16 in a file of UTF-8, as other programs append them: read, and written as they were.

/// A line of UTF-16: its text, and what is needed to write it again.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wide {
    pub text: String,
    little: bool,
    /// A byte of the line ends around it, which are cut at the byte of the newline.
    first: bool,
    last: bool,
}

impl Wide {
    /// Reads a line that looks like UTF-16 of mostly ASCII, and is it throughout.
    pub fn read(line: &[u8]) -> Option<Self> {
        let zeros = memchr::memchr_iter(0, line).count();
        if line.len() < 8 || zeros * 3 < line.len() {
            return None;
        }
        if line.len() % 2 == 0 {
            let little = line.iter().skip(1).step_by(2).filter(|&&byte| byte == 0).count() * 2 >= zeros;
            return Self::of(line, little, (false, false));
        }
        // The other half of a newline's unit: before the line in one byte order, behind it in the other.
        let first = (line[0] == 0).then(|| Self::of(line, true, (true, false))).flatten();
        first.or_else(|| (line.last() == Some(&0)).then(|| Self::of(line, false, (false, true))).flatten())
    }

    fn of(line: &[u8], little: bool, (first, last): (bool, bool)) -> Option<Self> {
        let units = &line[usize::from(first)..line.len() - usize::from(last)];
        let unit = |pair: &[u8]| {
            let pair = [pair[0], pair[1]];
            if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
        };
        let text = char::decode_utf16(units.chunks_exact(2).map(unit)).collect::<Result<String, _>>().ok()?;
        Some(Self { text, little, first, last })
    }

    /// The line with another text.
    pub fn write(&self, text: &str) -> Vec<u8> {
        let unit = |unit: u16| if self.little { unit.to_le_bytes() } else { unit.to_be_bytes() };
        let mut line = vec![0; usize::from(self.first)];
        line.extend(text.encode_utf16().flat_map(unit));
        line.extend(self.last.then_some(0));
        line
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Wide;

    fn utf16(text: &str, little: bool) -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    }

    proptest! {
        #[test]
        fn lines_of_a_file_come_back_as_they_were(lines in prop::collection::vec("[ -~éñ💥]{0,3}[ -~]{12,40}", 1..5), little: bool) {
            let file = utf16(&(lines.join("\r\n") + "\r\n"), little);
            for (line, text) in file.split(|&byte| byte == b'\n').zip(&lines) {
                let wide = Wide::read(line).unwrap();
                // Where the byte order cannot be known, letters beyond Latin may be taken for others, and come back all the same.
                prop_assert!(!text.is_ascii() || wide.text.trim_end_matches('\r') == text);
                prop_assert_eq!(wide.write(&wide.text), line);
            }
        }

        #[test]
        fn nothing_panics(line: Vec<u8>) {
            if let Some(wide) = Wide::read(&line) {
                prop_assert_eq!(wide.write(&wide.text), line);
            }
        }
    }

    #[test]
    fn plain_lines_and_binary_ones_are_not_it() {
        for line in [&b"{\"a\":1}"[..], b"", b"\0\0\0\0", b"a\0b\0", b"a\0b\0\0\xd8c\0d\0"] {
            assert_eq!(Wide::read(line), None);
        }
    }
}

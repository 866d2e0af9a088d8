//! A JSON reader of the tests' own, which accepts what `JSON.parse` accepts: the last of duplicate keys wins, lone
//! surrogates are allowed, numbers may be infinite.
#![allow(dead_code, reason = "each test crate uses a part")]

/// A JSON value; text is UTF-16, as in JavaScript.
#[derive(Clone)]
pub enum Json {
    Null,
    Bool(bool),
    Number(f64),
    Text(Vec<u16>),
    Array(Vec<Json>),
    Object(Vec<(Vec<u16>, Json)>),
}

impl std::fmt::Debug for Json {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => value.fmt(f),
            Self::Number(value) => value.fmt(f),
            Self::Text(units) => String::from_utf16_lossy(units).fmt(f),
            Self::Array(values) => f.debug_list().entries(values).finish(),
            Self::Object(members) => f
                .debug_map()
                .entries(members.iter().map(|(key, value)| (String::from_utf16_lossy(key), value)))
                .finish(),
        }
    }
}

impl PartialEq for Json {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Null, Self::Null) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            // Sums over several ids are added in another order than the lines of the file.
            (Self::Number(a), Self::Number(b)) => {
                a == b || (a - b).abs() <= a.abs() * 1e-13 || (a.is_nan() && b.is_nan())
            }
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Array(a), Self::Array(b)) => a == b,
            (Self::Object(a), Self::Object(b)) => a == b,
            _ => false,
        }
    }
}

pub fn text(text: &str) -> Json {
    Json::Text(text.encode_utf16().collect())
}

pub fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
    Json::Object(members.into_iter().map(|(key, value)| (key.encode_utf16().collect(), value)).collect())
}

pub fn count(count: usize) -> Json {
    Json::Number(count as f64)
}

impl Json {
    /// Reads a whole text; invalid UTF-8 reads as U+FFFD, as when JavaScript reads a file.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let chars: Vec<char> = String::from_utf8_lossy(bytes).chars().collect();
        let mut reader = Reader { chars: &chars, at: 0 };
        let value = reader.value()?;
        reader.blank();
        (reader.at == chars.len()).then_some(value)
    }

    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Object(members) = self else { return None };
        members.iter().find(|(own, _)| own.iter().copied().eq(key.encode_utf16())).map(|(_, value)| value)
    }

    pub fn is_truthy(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Bool(value) => *value,
            Self::Number(value) => *value != 0.0,
            Self::Text(value) => !value.is_empty(),
            Self::Array(_) | Self::Object(_) => true,
        }
    }
}

struct Reader<'a> {
    chars: &'a [char],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
            self.at += 1;
        }
    }

    fn take(&mut self, wanted: char) -> Option<()> {
        (self.peek()? == wanted).then(|| self.at += 1)
    }

    fn word(&mut self, word: &str, value: Json) -> Option<Json> {
        word.chars().try_for_each(|wanted| self.take(wanted))?;
        Some(value)
    }

    fn value(&mut self) -> Option<Json> {
        self.blank();
        match self.peek()? {
            'n' => self.word("null", Json::Null),
            't' => self.word("true", Json::Bool(true)),
            'f' => self.word("false", Json::Bool(false)),
            '"' => self.string().map(Json::Text),
            '[' => self.array(),
            '{' => self.object(),
            _ => self.number(),
        }
    }

    fn array(&mut self) -> Option<Json> {
        self.take('[')?;
        let mut values = Vec::new();
        self.blank();
        if self.take(']').is_some() {
            return Some(Json::Array(values));
        }
        loop {
            values.push(self.value()?);
            self.blank();
            if self.take(']').is_some() {
                return Some(Json::Array(values));
            }
            self.take(',')?;
        }
    }

    fn object(&mut self) -> Option<Json> {
        self.take('{')?;
        let mut members: Vec<(Vec<u16>, Json)> = Vec::new();
        self.blank();
        if self.take('}').is_some() {
            return Some(Json::Object(members));
        }
        loop {
            self.blank();
            let key = self.string()?;
            self.blank();
            self.take(':')?;
            let value = self.value()?;
            match members.iter_mut().find(|(own, _)| *own == key) {
                Some(member) => member.1 = value,
                None => members.push((key, value)),
            }
            self.blank();
            if self.take('}').is_some() {
                return Some(Json::Object(members));
            }
            self.take(',')?;
        }
    }

    fn string(&mut self) -> Option<Vec<u16>> {
        self.take('"')?;
        let mut units = Vec::new();
        loop {
            let next = self.peek()?;
            self.at += 1;
            match next {
                '"' => return Some(units),
                '\\' => units.push(self.escape()?),
                '\0'..='\x1f' => return None,
                other => units.extend_from_slice(other.encode_utf16(&mut [0; 2])),
            }
        }
    }

    fn escape(&mut self) -> Option<u16> {
        let escaped = self.peek()?;
        self.at += 1;
        Some(match escaped {
            '"' | '\\' | '/' => escaped as u16,
            'b' => 8,
            'f' => 12,
            'n' => 10,
            'r' => 13,
            't' => 9,
            'u' => {
                let digits: String = self.chars.get(self.at..self.at + 4)?.iter().collect();
                self.at += 4;
                if !digits.chars().all(|digit| digit.is_ascii_hexdigit()) {
                    return None;
                }
                u16::from_str_radix(&digits, 16).ok()?
            }
            _ => return None,
        })
    }

    fn digits(&mut self) -> Option<()> {
        let start = self.at;
        while self.peek().is_some_and(|digit| digit.is_ascii_digit()) {
            self.at += 1;
        }
        (self.at > start).then_some(())
    }

    fn number(&mut self) -> Option<Json> {
        let start = self.at;
        let _ = self.take('-');
        if self.take('0').is_none() {
            self.digits()?;
        }
        if self.take('.').is_some() {
            self.digits()?;
        }
        if self.take('e').or_else(|| self.take('E')).is_some() {
            let _ = self.take('+').or_else(|| self.take('-'));
            self.digits()?;
        }
        let digits: String = self.chars[start..self.at].iter().collect();
        digits.parse().ok().map(Json::Number)
    }
}

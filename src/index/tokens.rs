//! The names in a piece of lines as small numbers, by how they are written: threads number those of their own lines, and
//! only each new one has to be looked up among all names of the file.

use std::collections::HashMap;

/// How many of the last names are found without hashing them.
const RECENT: usize = 64;

/// JSON values, numbered in order of first appearance; another spelling of a value has another number.
///
/// ```
/// use obs_native::index::Tokens;
///
/// let mut tokens = Tokens::default();
/// assert_eq!([br#""a""#, br#""b""#, br#""a""#].map(|token| tokens.intern(token)), [0, 1, 0]);
/// assert_eq!(tokens.all()[1].as_ref(), br#""b""#);
/// ```
#[derive(Debug)]
pub struct Tokens {
    numbers: HashMap<Box<[u8]>, u32>,
    all: Vec<Box<[u8]>>,
    recent: [u32; RECENT],
}

impl Default for Tokens {
    fn default() -> Self {
        Self { numbers: HashMap::new(), all: Vec::new(), recent: [0; RECENT] }
    }
}

/// Where a name is looked for first: its last characters mostly tell it from the others.
fn place_of(token: &[u8]) -> usize {
    let end = token.last_chunk::<4>().map_or(0, |end| u32::from_le_bytes(*end));
    (end.wrapping_mul(0x9e37_79b1) >> 26) as usize % RECENT
}

impl Tokens {
    /// The number of a value, a new one at its first appearance.
    pub fn intern(&mut self, token: &[u8]) -> u32 {
        let place = place_of(token);
        let recent = self.recent[place];
        if self.all.get(recent as usize).is_some_and(|known| **known == *token) {
            return recent;
        }
        let number = self.numbers.get(token).copied().unwrap_or_else(|| self.add(token));
        self.recent[place] = number;
        number
    }

    fn add(&mut self, token: &[u8]) -> u32 {
        let number = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.numbers.insert(token.into(), number);
        self.all.push(token.into());
        number
    }

    /// The values by their numbers.
    #[must_use]
    pub fn all(&self) -> &[Box<[u8]>] {
        &self.all
    }
}

//! Which object keys name a secret, and which only count tokens.

use std::sync::LazyLock;

use regex::bytes::{Regex, RegexBuilder};

use super::search::Search;
use super::settings::Error;

/// What the name of an object's key says about its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// Nothing: the value is looked into like any other.
    Plain,
    /// It measures tokens: numbers and booleans stay, other leaves are secrets.
    Measure,
    /// Its value is a secret, whatever its type.
    Secret,
}

/// A word that makes a name secret, and the continuations that make it part of a harmless word.
struct Word {
    text: &'static str,
    harmless: &'static [&'static str],
}

const fn word(text: &'static str) -> Word {
    Word { text, harmless: &[] }
}

/// The word that is harmless in names of measures.
const TOKEN: &str = "token";

/// Every word that makes a key's value a secret; one separator in a word stands for any one, or none.
const WORDS: &[Word] = &[
    Word { text: "password", harmless: &["less"] },
    Word { text: TOKEN, harmless: &["iz", "is"] },
    Word { text: "secret", harmless: &["ar"] },
    word("api_key"),
    word("credentials"),
    word("passwd"),
    word("pwd"),
    word("pass_phrase"),
    word("authorization"),
    word("cookie"),
    word("private_key"),
    word("access_key"),
    word("account_key"),
    word("connection_string"),
];

const SEPARATORS: [&str; 5] = ["", "_", "-", ".", " "];

/// Words that, next to `token`, make a name a measure.
const MEASURES: [&str; 27] = [
    "count",
    "usage",
    "limit",
    "budget",
    "max",
    "min",
    "total",
    "avg",
    "per",
    "mean",
    "median",
    "sum",
    "num",
    "rate",
    "cost",
    "price",
    "latency",
    "first",
    "inter",
    "ms",
    "seconds",
    "duration",
    "throughput",
    "speed",
    "length",
    "size",
    "window",
];

/// The words in all their spellings, as one search; the second list leads from a spelling to its word.
static SPELLINGS: LazyLock<Option<(Search, Vec<usize>)>> = LazyLock::new(|| {
    let mut spellings = Vec::new();
    let mut origin = Vec::new();
    for (index, word) in WORDS.iter().enumerate() {
        for spelling in spell(word.text) {
            spellings.push(spelling);
            origin.push(index);
        }
    }
    Search::new(spellings.iter().map(String::as_str), true).map(|search| (search, origin))
});

fn spell(word: &str) -> Vec<String> {
    if word.contains('_') { SEPARATORS.map(|separator| word.replace('_', separator)).into() } else { vec![word.into()] }
}

/// Judges the decoded name of a key.
pub(super) fn judge(name: &[u8]) -> Name {
    // Without its search the rule would be blind, so it fails closed.
    let Some((search, origin)) = &*SPELLINGS else { return Name::Secret };
    let mut token = false;
    let other = search.any(name, |spelling, end| {
        let word = &WORDS[origin[spelling]];
        let found = !goes_on(word, name, end);
        token |= found;
        found && word.text != TOKEN
    });
    match token {
        _ if other => Name::Secret,
        false => Name::Plain,
        true if measures_tokens(name) => Name::Measure,
        true => Name::Secret,
    }
}

/// Whether a text has one of the words in it, not as a part of a harmless one.
pub(super) fn mentions_secret(text: &[u8]) -> bool {
    let Some((search, origin)) = &*SPELLINGS else { return true };
    search.any(text, |spelling, end| !goes_on(&WORDS[origin[spelling]], text, end))
}

/// Whether a word that ends at `end` is only a part of a harmless one: `tokenizer`, but not the two words of `tokenIsolated`.
fn goes_on(word: &Word, text: &[u8], end: usize) -> bool {
    let border = end < text.len() && is_camel_border(text, end);
    !border && word.harmless.iter().any(|tail| starts_with(&text[end..], tail))
}

/// The user's keys without what makes no difference, and a search for each of them however its words are joined.
pub(super) fn custom(keys: &[String]) -> Result<(Vec<Vec<u8>>, Option<Regex>), Error> {
    if keys.is_empty() {
        return Ok((Vec::new(), None));
    }
    let mut plain = Vec::with_capacity(keys.len());
    let mut spellings = Vec::with_capacity(keys.len());
    for (index, key) in keys.iter().enumerate() {
        if words(key.as_bytes()).next().is_none() {
            return Err(Error::Key { index, key: key.clone() });
        }
        let letters = key.chars().filter(|char| !char.is_ascii() || !is_separator(u8::try_from(*char).unwrap_or(0)));
        let letters: Vec<String> = letters.map(|char| regex::escape(char.encode_utf8(&mut [0; 4]))).collect();
        spellings.push(letters.join("[-_. ]?"));
        plain.push(fold(key.as_bytes()).collect());
    }
    if keys.iter().any(|key| !key.is_ascii()) {
        // In JSON it may be escaped.
        spellings.push(r"\\u".to_owned());
    }
    let search = RegexBuilder::new(&spellings.join("|")).case_insensitive(true).size_limit(SEARCH_BYTES).build();
    search.map(|search| (plain, Some(search))).map_err(|error| Error::Keys(error.to_string()))
}

/// How large the search for the user's keys may be.
const SEARCH_BYTES: usize = 4 << 20;

/// Whether a name is one of the user's keys.
pub(super) fn is_custom(keys: &[Vec<u8>], name: &[u8]) -> bool {
    keys.iter().any(|key| fold(name).eq(key.iter().copied()))
}

fn fold(name: &[u8]) -> impl Iterator<Item = u8> {
    name.iter().filter(|byte| !is_separator(**byte)).map(u8::to_ascii_lowercase)
}

fn starts_with(text: &[u8], prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}

/// Whether a name that has no other word of a secret counts or measures tokens: it has the word `tokens`, or `token` together
/// with a word of measure.
fn measures_tokens(name: &[u8]) -> bool {
    let (mut one, mut measure) = (false, false);
    let same = |word: &[u8], known: &str| word.len() == known.len() && starts_with(word, known);
    for word in words(name) {
        if starts_with(word, TOKEN) && matches!(&word[TOKEN.len()..], [] | [b's' | b'S']) {
            one = true;
            measure |= word.len() > TOKEN.len();
        } else {
            measure = measure || MEASURES.iter().any(|known| same(word, known));
        }
    }
    one && measure
}

/// The words of a name: split at `_`, `-`, `.` and their like, and at the borders of camel case (`maxTokens`, `APIToken`).
fn words(name: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + name.get(at..)?.iter().position(|byte| !ends_word(*byte))?;
        at = start + 1;
        while at < name.len() && !ends_word(name[at]) && !is_camel_border(name, at) {
            at += 1;
        }
        Some(&name[start..at])
    })
}

const fn ends_word(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric()
}

const fn is_separator(byte: u8) -> bool {
    matches!(byte, b'_' | b'-' | b'.' | b' ')
}

/// Whether a new word of camel case begins at `at`, which has a byte before it.
fn is_camel_border(name: &[u8], at: usize) -> bool {
    let capital = name[at].is_ascii_uppercase();
    let next_is_small = name.get(at + 1).is_some_and(u8::is_ascii_lowercase);
    // The plural of an acronym (`maxTOKENs`) is not worth a rule of its own.
    capital && (!name[at - 1].is_ascii_uppercase() || next_is_small)
}

#[cfg(test)]
pub(super) mod tests {
    use super::{Name, WORDS, judge, spell};

    /// Every spelling of every word.
    pub(in crate::redact) fn spellings() -> Vec<String> {
        WORDS.iter().flat_map(|word| spell(word.text)).collect()
    }

    #[test]
    fn secret_names() {
        for name in [
            "password",
            "Password",
            "user_token",
            "secretThing",
            "apiKey",
            "API_KEY",
            "credentials",
            "x-api-key",
            "passwd",
            "dbPwd",
            "passphrase",
            "passPhrase",
            "Authorization",
            "set-cookie",
            "cookies",
            "privateKey",
            "PRIVATE_KEY",
            "aws access key",
            "connectionString",
            "connection-string",
            "sessionToken",
            "tokenizer_secret",
            "token_id",
            "maxtoken",
            "api.key",
        ] {
            assert_eq!(judge(name.as_bytes()), Name::Secret, "{name}");
        }
    }

    #[test]
    fn harmless_names() {
        for name in [
            "tokenizer",
            "detokenize",
            "tokenization",
            "Tokenised",
            "passwordless",
            "secretary",
            "secretariat",
            "author",
            "authenticated",
            "monkey",
            "keyboard",
            "private",
            "access",
            "connection",
            "api",
            "key",
            "",
        ] {
            assert_eq!(judge(name.as_bytes()), Name::Plain, "{name}");
        }
    }

    #[test]
    fn measures() {
        for name in [
            "max_tokens",
            "inputTokens",
            "TOTAL_TOKENS",
            "cache_read_input_tokens",
            "tokenCount",
            "token-limit",
            "avg.token.cost",
            "tokensPerSecond",
            "minTokenLength",
            "TokenBudget",
            "tokens",
        ] {
            assert_eq!(judge(name.as_bytes()), Name::Measure, "{name}");
        }
    }
}

//! Names and values that stand side by side: `["authorization", "xyz"]`, `["--token", "xyz"]`.

use super::ahead::{Ahead, Value};
use super::bytes::{NAME, has_digit, is};
use super::names::{Name, judge};
use super::plausible::{Form, is_secret, names_a_place};

/// Longer strings name nothing.
const LONGEST: usize = 64;

/// Whether a string can be a name, and one of a secret.
pub(super) fn names_secret(name: &[u8]) -> bool {
    name.len() <= LONGEST && name.iter().all(|&byte| is(byte, NAME)) && judge(name) == Name::Secret
}

/// Whether a string names the value behind it in an array. The value is decoded text, or JSON when it is no string;
/// `place` is its place in the array, and `last` whether it is the last one.
pub(super) fn is_pair(name: &[u8], value: &[u8], place: usize, last: bool) -> bool {
    if !names_secret(name) {
        return false;
    }
    if name.starts_with(b"-") {
        // An option follows, or the file that has the secret.
        let option = matches!(value, [b'-', b'-' | b'a'..=b'z' | b'A'..=b'Z', ..]) && !has_digit(value);
        let file = matches!(value, [b'/' | b'.', ..])
            && (names_a_place(name) || value.contains(&b'.') || value[1..].contains(&b'/'));
        return !name.contains(&b'=') && !option && !file;
    }
    let alone = place == 1 && last;
    if is_header(name) {
        // Lists of names of headers look the same.
        return place % 2 == 1 && if alone { !is_header(value) } else { !is_name(value) };
    }
    alone && is_secret(name, Name::Secret, Value::new(value, (0, value.len()), &Ahead::default()), None, Form::Loose)
}

fn is_header(name: &[u8]) -> bool {
    let known = [&b"authorization"[..], b"cookie"].iter().any(|word| name.eq_ignore_ascii_case(word));
    known || (name.contains(&b'-') && is_name(name))
}

/// Whether a text is made like the name of a header: words of letters, joined by `-`.
fn is_name(text: &[u8]) -> bool {
    text.iter().all(|&byte| byte.is_ascii_alphabetic() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::is_pair;

    #[test]
    fn pairs_and_lists() {
        let pair = |name: &str, value: &str, place, last| is_pair(name.as_bytes(), value.as_bytes(), place, last);
        assert!(pair("authorization", "xyz", 1, true));
        assert!(pair("X-Api-Key", "abc", 1, true));
        assert!(pair("Authorization", "Bearer x1", 3, false));
        assert!(pair("--token", "abc", 4, true));
        assert!(pair("password", "hunter2", 1, true));
        assert!(!pair("Authorization", "Content-Type", 1, true));
        assert!(!pair("Authorization", "Host", 1, false));
        assert!(!pair("password", "username", 1, true));
        assert!(!pair("accept", "xyz", 1, true));
        assert!(!pair("--token-file", "/run/token", 1, true));
        assert!(!pair("--token", "--verbose", 1, true));
        assert!(pair("--password", "-x9", 1, true));
        assert!(pair("--api-key", "/a8Fk3", 1, true));
    }
}

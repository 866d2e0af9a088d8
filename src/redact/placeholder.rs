//! What stands in the place of a secret without being one: templates, stars, and words such as `required`.

/// Longer values are none of the words.
const LONGEST: usize = 9;

/// Whether a value is a word that says something about a secret instead of being one.
pub(super) fn says_something(value: &[u8]) -> bool {
    let mut small = [0; LONGEST];
    let Some(small) = small.get_mut(..value.len()) else { return false };
    small.copy_from_slice(value);
    small.make_ascii_lowercase();
    matches!(
        &*small,
        b"null"
            | b"undefined"
            | b"none"
            | b"nil"
            | b"true"
            | b"false"
            | b"string"
            | b"number"
            | b"boolean"
            | b"bool"
            | b"str"
            | b"int"
            | b"any"
            | b"unknown"
            | b"object"
            | b"void"
            | b"never"
            | b"bytes"
            | b"optional"
            | b"required"
            | b"missing"
            | b"invalid"
            | b"expired"
            | b"empty"
            | b"bearer"
            | b"basic"
            | b"text"
            | b"hidden"
            | b"redacted"
            | b"oauth"
            | b"oauth2"
            | b"jwt"
            | b"array"
            | b"function"
            | b"await"
            | b"new"
            | b"env"
            | b"config"
            | b"self"
            | b"this"
            | b"header"
            | b"query"
            | b"body"
            | b"type"
    )
}

/// Whether a text is empty, or stands for a secret instead of being one: `${PASS}`, `<pass>`, `***`, `{pass}`.
pub(super) fn is_placeholder(text: &[u8]) -> bool {
    let shouted = |name: &[u8]| name.iter().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'0'..=b'9'));
    match text {
        [] | [b'<' | b'{' | b'[' | b'(', ..] | b"..." => true,
        [b'*', ..] => text.iter().all(|&byte| byte == b'*'),
        [b'$', second, ..] => matches!(second, b'{' | b'(') || second.is_ascii_uppercase() && shouted(&text[1..]),
        [b'%', second, ..] => {
            matches!(second, b's' | b'd' | b'v' | b'(' | b'{')
                || second.is_ascii_uppercase() && shouted(text[1..].strip_suffix(b"%").unwrap_or(&text[1..]))
        }
        _ => false,
    }
}

//! What stands in the place of a secret without being one: templates, stars, and words such as `required`.

/// Values that say something about a secret instead of being one.
const WORDS: &[&str] = &[
    "null",
    "undefined",
    "none",
    "nil",
    "true",
    "false",
    "string",
    "number",
    "boolean",
    "bool",
    "str",
    "int",
    "any",
    "unknown",
    "object",
    "void",
    "never",
    "bytes",
    "optional",
    "required",
    "missing",
    "invalid",
    "expired",
    "empty",
    "bearer",
    "basic",
    "text",
    "hidden",
    "redacted",
    "oauth",
    "oauth2",
    "jwt",
    "array",
    "function",
    "await",
    "new",
    "env",
    "config",
    "self",
    "this",
    "header",
    "query",
    "body",
    "type",
];

/// How long the longest of them is.
const LONGEST: usize = {
    let (mut longest, mut index) = (0, 0);
    while index < WORDS.len() {
        if WORDS[index].len() > longest {
            longest = WORDS[index].len();
        }
        index += 1;
    }
    longest
};

/// Whether a value is a word that says something about a secret.
pub(super) fn says_something(value: &[u8]) -> bool {
    value.len() <= LONGEST && WORDS.iter().any(|word| value.eq_ignore_ascii_case(word.as_bytes()))
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

//! Whether the value of a name in running text is a secret, or code and prose about one.

use memchr::{memchr_iter, memchr2_iter};

use super::bytes::{any, has_digit};
use super::names::{Name, mentions_secret};
use super::placeholder::{is_placeholder, says_something};

/// How a name and its value are written; the more a form is used for data, the less its value must prove.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// `"name": value`, as in JSON.
    QuotedName,
    /// `name: "value"`, as in code and settings.
    QuotedValue,
    /// `name = "value"`, as in shells.
    Assigned,
    /// `?name=value`.
    Query,
    /// `name=value`.
    Tight,
    /// `name: value`, `name = value`, `--name value`.
    Loose,
    /// `name is value`.
    Told,
}

/// Whether a value is a secret; `judged` is what its name says, and `next` the byte behind it.
pub(super) fn is_secret(name: &[u8], judged: Name, value: &[u8], next: Option<u8>, form: Form) -> bool {
    let value = value.trim_ascii();
    let known = is_placeholder(value) || is_directory(name) && is_path(value);
    // In `token=null;options` more than the value may have been taken for it.
    let end = value.iter().position(|byte| matches!(byte, b',' | b';' | b'&' | b'|')).unwrap_or(value.len());
    let head = &value[..end];
    if known || says_something(head) {
        return false;
    }
    match judged {
        Name::Plain => false,
        Name::Measure => head.len() >= 16 && has_both(head) && !is_code(head, value.get(end).copied().or(next)),
        Name::Secret => match form {
            Form::QuotedName => quoted_name(name, value, next),
            Form::QuotedValue => quoted_value(name, value, false),
            Form::Assigned => quoted_value(name, value, true),
            Form::Query => true,
            // With more behind its first part a value must show by that alone that it is one, or this is code.
            Form::Tight if head.len() >= 4 => tight(name, head, value.get(end).copied().or(next)),
            Form::Tight => is_password(name) && !is_list_of_code(value) && tight(name, value, next),
            Form::Loose if head.len() < 4 => false,
            Form::Loose => loose(name, value, next) || is_header(name) && header(value, next),
            Form::Told => loose(name, value, next),
        },
    }
}

/// The name is quoted, as in JSON that stands in a text; prose, code and versions are let be.
fn quoted_name(name: &[u8], value: &[u8], next: Option<u8>) -> bool {
    let spaces = memchr_iter(b' ', value).count();
    if has_digit(value) {
        let range = matches!(value, [b'^' | b'~' | b'>', ..]);
        return (is_password(name) && !range || spaces == 0) && !(is_version(value) && (range || !is_password(name)));
    }
    // People choose words for passwords; other secrets are made by chance, in ASCII.
    let words = !is_password(name) && (spaces > 0 || !value.is_ascii() || talks_of_secrets(value));
    spaces < 2 && !words && !is_code(value, next)
}

/// Whether a value is the version of something named like a secret: `"js-tokens": "^4.0.0"`.
fn is_version(value: &[u8]) -> bool {
    let part =
        |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'^' | b'~' | b'<' | b'>' | b'=' | b' ' | b'x');
    value.contains(&b'.') && value.iter().all(part)
}

/// A value in quotes behind a name without; where a sign gives it to the name, words with spaces are a pass phrase.
fn quoted_value(name: &[u8], value: &[u8], assigned: bool) -> bool {
    let phrase = assigned && (ends_as_password(name) || is_shouted(name)) && !talks_of_secrets(value);
    let spaced = !phrase && any(value, |byte| byte.is_ascii_whitespace());
    let place = matches!(value, [b'/' | b'.' | b'~' | b'#' | b'@', ..])
        || memchr_iter(b':', value).any(|at| value[at..].starts_with(b"://"));
    let least = if assigned && ends_as_password(name) { 3 } else { 4 };
    if value.len() < least || spaced || place || has_template(value) {
        return false;
    }
    if has_digit(value) {
        return value.len() >= 6 || is_password(name);
    }
    let password = if is_words(value) { ends_as_password(name) } else { is_password(name) };
    (phrase || password) && !talks_of_secrets(value)
}

/// Whether a short part before a comma or the like is followed by code: `e,t.next()`.
fn is_list_of_code(value: &[u8]) -> bool {
    any(value, |byte| matches!(byte, b'(' | b')' | b'{' | b'}' | b'=' | b'.' | b'['))
}

fn tight(name: &[u8], value: &[u8], next: Option<u8>) -> bool {
    // In code a word behind `=` is a variable, and more of the code follows.
    let alone = || !matches!(next, Some(b',' | b';' | b')' | b']' | b'}' | b'.' | b'(' | b'['));
    let chance = || {
        has_digit(value)
            || !talks_of_secrets(value)
                && (is_password(name) || is_shouted(name) || !is_words(value) || value.len() >= 6 && alone())
    };
    let number = || value.iter().all(u8::is_ascii_digit) && matches!(next, Some(b';' | b',' | b')' | b'}'));
    value.len() >= 4 && chance() && !number() && !is_expression(name, value, next)
}

fn loose(name: &[u8], value: &[u8], next: Option<u8>) -> bool {
    let expression = value.first() == Some(&b'/') && any(value, |byte| matches!(byte, b'{' | b'|' | b'(' | b'\\'));
    if value.len() < 6 || expression {
        return false;
    }
    let special = any(value, |byte| matches!(byte, b'!' | b'@' | b'#' | b'$' | b'%' | b'^' | b'*' | b'+'));
    let strong = is_password(name) && (special || has_digit(value));
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    (strong || value.len() >= 8 && has_both(value) && digits >= 2) && !is_expression(name, value, next)
}

/// Whether a value says how a secret is come by instead of being one.
fn is_expression(name: &[u8], value: &[u8], next: Option<u8>) -> bool {
    is_code(value, next) || has_template(value) || names_a_place(name)
}

/// Whether a name is that of an HTTP header of somebody's own.
fn is_header(name: &[u8]) -> bool {
    matches!(name, [b'x' | b'X', b'-', ..])
}

/// A header's value is alone on its line.
fn header(value: &[u8], next: Option<u8>) -> bool {
    let alone = !matches!(next, Some(b' ' | b'\t'));
    value.len() >= 4 && alone && !has_template(value) && !talks_of_secrets(value)
}

fn has_both(value: &[u8]) -> bool {
    has_digit(value) && any(value, |byte| byte.is_ascii_alphabetic())
}

/// Whether a value is an expression: a call, an index, or names joined by dots.
fn is_code(value: &[u8], next: Option<u8>) -> bool {
    let name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.' | b'?' | b'!' | b':');
    let names = value.iter().take_while(|byte| name(byte)).count();
    let begins = value.first().is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'$' | b'!'));
    let follows = value.get(names).copied().or(next);
    // Braces that close again and are followed by more are those of a password.
    let called = matches!(follows, Some(b'(' | b'[')) || follows == Some(b'{') && !value.contains(&b'}');
    // JWTs and keys have dots too, but with digits everywhere.
    let head = &value[..names];
    let whole = matches!(value.get(names), None | Some(b'='));
    let dotted = whole && head.contains(&b'.') && head.split(|&byte| byte == b'.').all(is_identifier);
    begins && (called || dotted || memchr_iter(b'?', value).any(|at| value[at..].starts_with(b"??")))
}

fn is_identifier(part: &[u8]) -> bool {
    let digits = part.iter().filter(|byte| byte.is_ascii_digit()).count();
    !part.is_empty() && part.len() < 24 && digits <= 2 && !part[0].is_ascii_digit()
}

fn has_template(value: &[u8]) -> bool {
    memchr2_iter(b'$', b'{', value).any(|at| matches!(value[at..], [b'$', b'{' | b'(', ..] | [b'{', b'{', ..]))
}

/// Whether a value consists of words only: letters of one case at a time, joined by `-`, `_` and spaces.
fn is_words(value: &[u8]) -> bool {
    value.iter().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'-' | b'.' | b':'))
}

/// Whether a value is itself the name of a secret: `token=access_token`, `your-api-key`.
fn talks_of_secrets(value: &[u8]) -> bool {
    mentions_secret(&value[..value.len().min(64)])
}

/// Whether a name means what people choose and type, which need not look random.
fn is_password(name: &[u8]) -> bool {
    [&b"passw"[..], b"pwd", b"phrase", b"secret"].iter().any(|word| super::bytes::contains(name, word))
}

fn ends_as_password(name: &[u8]) -> bool {
    [&b"password"[..], b"passwd", b"pwd", b"phrase", b"secret"]
        .iter()
        .any(|word| name.len() >= word.len() && name[name.len() - word.len()..].eq_ignore_ascii_case(word))
}

/// Whether a name is written like an environment variable.
fn is_shouted(name: &[u8]) -> bool {
    !name.iter().any(u8::is_ascii_lowercase)
}

/// Whether a name is that of the place where something is kept.
pub(super) fn names_a_place(name: &[u8]) -> bool {
    [&b"file"[..], b"path", b"url", b"uri", b"dir", b"endpoint"]
        .iter()
        .any(|word| name.len() >= word.len() && name[name.len() - word.len()..].eq_ignore_ascii_case(word))
}

/// Whether a name is that of the working directory of a shell.
pub(super) fn is_directory(name: &[u8]) -> bool {
    name == b"PWD" || name == b"OLDPWD"
}

/// Whether a value is an absolute path.
pub(super) fn is_path(value: &[u8]) -> bool {
    match value {
        [b'/', ..] => true,
        [drive, b':', b'/' | b'\\', ..] => drive.is_ascii_alphabetic(),
        _ => false,
    }
}

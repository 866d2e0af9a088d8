//! Whether the value of a name in running text is a secret, or code and prose about one.

use memchr::memchr_iter;

use super::ahead::{Kind, Value};
use super::bytes::{any, is_at};
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
pub(super) fn is_secret(name: &[u8], judged: Name, value: Value<'_>, next: Option<u8>, form: Form) -> bool {
    let value = value.trimmed();
    let bytes = value.bytes();
    if judged == Name::Plain || is_placeholder(bytes) || is_directory(name) && is_path(bytes) {
        return false;
    }
    // In `token=null;options` more than the value may have been taken for it.
    let first = value.before(Kind::Part);
    let head = first.bytes();
    let behind = || bytes.get(head.len()).copied().or(next);
    if says_something(head) {
        return false;
    }
    match judged {
        Name::Plain => false,
        Name::Measure => head.len() >= 16 && has_both(first) && !is_code(first, behind()),
        Name::Secret => match form {
            Form::QuotedName => quoted_name(name, value, next),
            Form::QuotedValue => quoted_value(name, value, false),
            Form::Assigned => quoted_value(name, value, true),
            Form::Query => true,
            // With more behind its first part a value must show by that alone that it is one, or this is code.
            Form::Tight if head.len() >= 4 => tight(name, first, behind()),
            Form::Tight => is_password(name) && !value.has(Kind::Code) && tight(name, value, next),
            Form::Loose if head.len() < 4 => false,
            Form::Loose => loose(name, value, next) || is_header(name) && header(value, next),
            Form::Told => loose(name, value, next),
        },
    }
}

/// The name is quoted, as in JSON that stands in a text; prose, code and versions are let be.
fn quoted_name(name: &[u8], value: Value<'_>, next: Option<u8>) -> bool {
    let bytes = value.bytes();
    let spaces = memchr_iter(b' ', bytes).count();
    if value.has(Kind::Digit) {
        let range = matches!(bytes, [b'^' | b'~' | b'>', ..]);
        return (is_password(name) && !range || spaces == 0) && !(is_version(bytes) && (range || !is_password(name)));
    }
    // People choose words for passwords; other secrets are made by chance, in ASCII.
    let words = !is_password(name) && (spaces > 0 || !bytes.is_ascii() || talks_of_secrets(bytes));
    spaces < 2 && !words && !is_code(value, next)
}

/// Whether a value is the version of something named like a secret: `"js-tokens": "^4.0.0"`.
fn is_version(value: &[u8]) -> bool {
    let part =
        |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'^' | b'~' | b'<' | b'>' | b'=' | b' ' | b'x');
    value.contains(&b'.') && value.iter().all(part)
}

/// A value in quotes behind a name without; where a sign gives it to the name, words with spaces are a pass phrase.
fn quoted_value(name: &[u8], value: Value<'_>, assigned: bool) -> bool {
    let bytes = value.bytes();
    let phrase = assigned && (ends_as_password(name) || is_shouted(name)) && !talks_of_secrets(bytes);
    let spaced = !phrase && any(bytes, |byte| byte.is_ascii_whitespace());
    let place = matches!(bytes, [b'/' | b'.' | b'~' | b'#' | b'@', ..])
        || memchr_iter(b':', bytes).any(|at| bytes[at..].starts_with(b"://"));
    let least = if assigned && ends_as_password(name) { 3 } else { 4 };
    if bytes.len() < least || spaced || place || value.has(Kind::Template) {
        return false;
    }
    if value.has(Kind::Digit) {
        return bytes.len() >= 6 || is_password(name);
    }
    let password = if is_words(value) { ends_as_password(name) } else { is_password(name) };
    (phrase || password) && !talks_of_secrets(bytes)
}

fn tight(name: &[u8], value: Value<'_>, next: Option<u8>) -> bool {
    let bytes = value.bytes();
    // In code a word behind `=` is a variable, and more of the code follows.
    let alone = || !matches!(next, Some(b',' | b';' | b')' | b']' | b'}' | b'.' | b'(' | b'['));
    let chance = || {
        value.has(Kind::Digit)
            || !talks_of_secrets(bytes)
                && (is_password(name) || is_shouted(name) || !is_words(value) || bytes.len() >= 6 && alone())
    };
    let number = || bytes.iter().all(u8::is_ascii_digit) && matches!(next, Some(b';' | b',' | b')' | b'}'));
    bytes.len() >= 4 && chance() && !number() && !is_expression(name, value, next)
}

fn loose(name: &[u8], value: Value<'_>, next: Option<u8>) -> bool {
    let bytes = value.bytes();
    let expression = bytes.first() == Some(&b'/') && value.has(Kind::Pattern);
    if bytes.len() < 6 || expression {
        return false;
    }
    let strong = (value.has(Kind::Special) || value.has(Kind::Digit)) && is_password(name);
    (strong || bytes.len() >= 8 && has_both(value) && value.has_two_digits()) && !is_expression(name, value, next)
}

/// Whether a value says how a secret is come by instead of being one.
fn is_expression(name: &[u8], value: Value<'_>, next: Option<u8>) -> bool {
    names_a_place(name) || is_code(value, next) || value.has(Kind::Template)
}

/// Whether a name is that of an HTTP header of somebody's own.
fn is_header(name: &[u8]) -> bool {
    matches!(name, [b'x' | b'X', b'-', ..])
}

/// A header's value is alone on its line.
fn header(value: Value<'_>, next: Option<u8>) -> bool {
    let alone = !matches!(next, Some(b' ' | b'\t'));
    alone && value.bytes().len() >= 4 && !value.has(Kind::Template) && !talks_of_secrets(value.bytes())
}

fn has_both(value: Value<'_>) -> bool {
    value.has(Kind::Digit) && any(value.bytes(), |byte| byte.is_ascii_alphabetic())
}

/// Whether a value is an expression: a call, an index, or names joined by dots.
fn is_code(value: Value<'_>, next: Option<u8>) -> bool {
    let bytes = value.bytes();
    let begins = bytes.first().is_some_and(|byte| byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'$' | b'!'));
    if !begins {
        return false;
    }
    let names = value.before(Kind::NoName);
    let behind = bytes.get(names.bytes().len()).copied();
    let follows = behind.or(next);
    // Braces that close again and are followed by more are those of a password.
    let called = matches!(follows, Some(b'(' | b'[')) || follows == Some(b'{') && !bytes.contains(&b'}');
    // JWTs and keys have dots too, but with digits everywhere.
    let dotted = || matches!(behind, None | Some(b'=')) && names.is_dotted(is_identifier);
    called || dotted() || value.has(Kind::Choice)
}

fn is_identifier(part: &[u8]) -> bool {
    let digits = || part.iter().filter(|byte| byte.is_ascii_digit()).count();
    !part.is_empty() && part.len() < 24 && !part[0].is_ascii_digit() && digits() <= 2
}

/// Whether a value consists of words only: letters of one case at a time, joined by `-`, `_` and spaces.
fn is_words(value: Value<'_>) -> bool {
    !value.has(Kind::NoWord)
}

/// Whether a value is itself the name of a secret: `token=access_token`, `your-api-key`.
fn talks_of_secrets(value: &[u8]) -> bool {
    mentions_secret(&value[..value.len().min(64)])
}

/// Whether a name means what people choose and type, which need not look random.
fn is_password(name: &[u8]) -> bool {
    let words = [&b"passw"[..], b"pwd", b"phrase", b"secret"];
    let begins = |&(_, &byte): &(usize, &u8)| matches!(byte, b'p' | b'P' | b's' | b'S');
    name.iter().enumerate().filter(begins).any(|(at, _)| words.iter().any(|word| is_at(name, at, word)))
}

/// Whether a name ends with one of some words, which are in lower case, in any case.
fn ends_with(name: &[u8], words: &[&str]) -> bool {
    words.iter().any(|word| name.len().checked_sub(word.len()).is_some_and(|at| is_at(name, at, word.as_bytes())))
}

fn ends_as_password(name: &[u8]) -> bool {
    ends_with(name, &["password", "passwd", "pwd", "phrase", "secret"])
}

/// Whether a name is written like an environment variable.
fn is_shouted(name: &[u8]) -> bool {
    !name.iter().any(u8::is_ascii_lowercase)
}

/// Whether a name is that of the place where something is kept.
pub(super) fn names_a_place(name: &[u8]) -> bool {
    ends_with(name, &["file", "path", "url", "uri", "dir", "endpoint"])
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

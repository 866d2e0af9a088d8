//! Secrets that stand at a certain place: user info and webhooks in URLs, blocks of PEM, Azure's client secrets.

use memchr::memmem;

use super::ahead::{Kind, Value};
use super::bytes::{DOTTED, PATH, any, contains, find, has_digit};
use super::encoded;
use super::placeholder::is_placeholder;
use super::state::Scan;

/// `scheme://user:pass@host`, from its `://`.
pub(super) fn url(scan: &mut Scan<'_>, at: usize) {
    user_info(scan, at + 3);
}

/// The same behind JSON escapes: `:\/\/`, or `:\\/\\/` one level further in.
pub(super) fn escaped_url(scan: &mut Scan<'_>, at: usize) {
    let slash = skip_backslashes(scan.text, at + 1);
    if scan.text.get(slash) == Some(&b'/') {
        let second = skip_backslashes(scan.text, slash + 1);
        if scan.text.get(second) == Some(&b'/') {
            user_info(scan, second + 1);
        }
    }
}

fn skip_backslashes(text: &[u8], at: usize) -> usize {
    // Nobody escapes deeper; the limit keeps hostile text linear.
    at + text[at..].iter().take(8).take_while(|&&byte| byte == b'\\').count()
}

fn user_info(scan: &mut Scan<'_>, start: usize) {
    let text = scan.text;
    let raw = scan.setting.raw;
    let kind = if raw { Kind::RawSlash } else { Kind::Slash };
    let authority = Value::new(text, (start, text.len()), &scan.ahead).before(kind).bytes();
    let length = authority.len();
    if raw
        && matches!(text[start + length..], [b'\\', escape, ..] if !matches!(escape, b'n' | b'r' | b't' | b'"' | b'/'))
    {
        return scan.mark(start, start + length, "url-user");
    }
    if length == 0 {
        return;
    }
    let Some(at) = memchr::memrchr(b'@', authority).or_else(|| late_at(scan, start, length)) else { return };
    let info = &text[start..start + at];
    let (user, pass) = match memchr::memchr(b':', info) {
        Some(colon) => (&info[..colon], Some(colon + 1)),
        None => (info, None),
    };
    if let Some(pass) = pass.filter(|&pass| !is_placeholder(&info[pass..])) {
        scan.mark(start + pass, start + at, "url-password");
    }
    // Some services take the token for the user's name.
    if user.len() >= 16 && has_digit(user) && !is_placeholder(user) {
        scan.mark(start, start + user.len(), "url-user");
    }
}

/// How far a password in a URL is followed behind a byte that ends one in a valid URL.
const REACH: usize = 128;

/// The `@` behind a password with a `/`, `?` or `#` in it, as people write them who do not escape it. Where digits follow the
/// colon they are a port, and the `@` belongs to a path.
fn late_at(scan: &Scan<'_>, start: usize, length: usize) -> Option<usize> {
    let text = &scan.text[start..scan.text.len().min(start + length + REACH)];
    let colon = memchr::memchr(b':', &text[..length])?;
    let port = text[colon + 1..length].iter().all(u8::is_ascii_digit);
    if colon == 0 || port || !matches!(text.get(length), Some(b'/' | b'?' | b'#')) {
        return None;
    }
    let ends = |byte| matches!(byte, b'"' | b'\'' | b'`' | b'<' | b'>' | b' ' | b'\t' | b'\r' | b'\n' | b'\\');
    let at = memchr::memchr(b'@', &text[length..])? + length;
    let whole = text.get(at + 1).is_some_and(u8::is_ascii_alphanumeric) && !any(&text[..at], ends);
    whole.then_some(at)
}

/// The signature of a signed URL, from its parameter's name: `X-Amz-Signature=…`, `&sig=…`.
pub(super) fn signature(scan: &mut Scan<'_>, at: usize) {
    let text = scan.text;
    let name = super::bytes::run_start(text, at, super::bytes::NAME, 32);
    if name == 0 || !matches!(text[name - 1], b'?' | b'&' | b';') {
        return;
    }
    let Some(sign) = memchr::memchr(b'=', &text[at..(at + 16).min(text.len())]) else { return };
    let start = at + sign + 1;
    let ends = |byte: u8| {
        matches!(byte, b'&' | b'#' | b'"' | b'\'' | b'`' | b'<' | b'>' | b')' | b'?' | b';' | b'\\') || byte <= b' '
    };
    let rest = &text[start..text.len().min(start + 1024)];
    let length = find(rest, ends).unwrap_or(rest.len());
    let cut = scan.setting.raw && text.get(start + length) == Some(&b'\\');
    if length >= 16 || cut {
        scan.mark(start, start + length, "url-signature");
    }
}

/// A line of `.pgpass`, from its port on: `host:5432:database:user:password`.
pub(super) fn pgpass(scan: &mut Scan<'_>, at: usize) {
    let text = scan.text;
    if at == 0 || !(text[at - 1].is_ascii_alphanumeric() || text[at - 1] == b'*') {
        return;
    }
    let rest = Value::new(text, (at, text.len()), &scan.ahead).before(Kind::Gap);
    let end = at + rest.bytes().len();
    // Names of databases and users are short, passwords need not be.
    let mut fields = memchr::memchr_iter(b':', &text[at + 6..end.min(at + 96)]);
    let (Some(_), Some(user)) = (fields.next(), fields.next()) else { return };
    let start = at + 6 + user + 1;
    if start < end || scan.setting.raw {
        scan.mark(start, end, "pgpass");
    }
}

/// The credential of a registry in `.npmrc`: `:_auth=…`.
pub(super) fn auth(scan: &mut Scan<'_>, at: usize) {
    let end = scan.reach.end(scan.text, at + 6, super::bytes::BASE64);
    if end >= at + 14 {
        let padding = scan.text[end..].iter().take(2).take_while(|&&byte| byte == b'=').count();
        scan.mark(at + 6, end + padding, "npm-auth");
    }
}

/// The path of a webhook's URL, which is all it takes to use it.
pub(super) fn webhook(scan: &mut Scan<'_>, at: usize) {
    let text = scan.text;
    let end = scan.reach.end(text, at, PATH).min(at + 256);
    // The second slash ends `/webhooks/` and `hooks.slack.com/services/`.
    let Some(slash) = memchr::memchr_iter(b'/', &text[at..end]).nth(1) else { return };
    let start = at + slash + 1;
    if end >= start + 20 && has_digit(&text[start..end]) {
        scan.mark(start, end, "webhook");
    }
}

/// A block of PEM or PGP, from the `--BEGIN` of its first line to its last line, or to the end of the text.
pub(super) fn block(scan: &mut Scan<'_>, at: usize) {
    let text = scan.text;
    if at < 3 || &text[at - 3..at] != b"---" || at < scan.done.block {
        return;
    }
    // In raw JSON each byte of the label may be an escape of six.
    let reach = if scan.setting.raw { 480 } else { 80 };
    let label = &text[at + 7..(at + reach).min(text.len())];
    let Some(length) = memmem::find(label, b"-----") else { return };
    let label = &label[..length];
    let private = [&b"key"[..], b"pgp", b"message"].iter().any(|word| contains(label, word));
    let public = [&b"public"[..], b"certificate", b"signature", b"signed"].iter().any(|word| contains(label, word));
    if !private || public && !scan.setting.raw {
        return;
    }
    let end = block_end(text, at + 7 + length);
    scan.done.block = end;
    scan.mark(at - 3, end, "private-key");
}

fn block_end(text: &[u8], at: usize) -> usize {
    let Some(found) = memmem::find(&text[at..], b"-----END") else { return text.len() };
    let label = at + found + 8;
    let near = &text[label..(label + 80).min(text.len())];
    memmem::find(near, b"-----").map_or(label + near.len(), |dashes| label + dashes + 5)
}

/// An escaped letter: what it spells is looked at as a whole, once.
pub(super) fn escape(scan: &mut Scan<'_>, at: usize) {
    if !scan.done.escape && encoded::is_escape(scan.text, at) {
        scan.done.escape = true;
        encoded::look_in(scan, encoded::escapes);
    }
}

/// An Azure client secret, from the `~` behind its fifth byte.
pub(super) fn azure(scan: &mut Scan<'_>, at: usize) {
    let text = scan.text;
    let head = at >= 5 && text[at - 1] == b'Q' && text[at - 2].is_ascii_digit();
    if !head {
        return;
    }
    let end = scan.reach.end(text, at + 1, DOTTED);
    if end >= at + 28 {
        scan.mark(at - 5, end, "azure-secret");
    }
}

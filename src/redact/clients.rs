//! Secrets on the command lines of common clients: `curl -u user:pass`, `mysql -pPASS`, `sshpass -p PASS`.

use super::bytes::is_at;
use super::places::is_placeholder;
use super::scan::Scan;

/// How a client takes its secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// In the same word as the option.
    Glued,
    /// In the next word.
    Next,
    /// Behind the colon of `user:password`, in the same word or the next.
    User,
}

/// An option of a client that takes a secret. As the manuals of these programs say, read 2026-11.
struct Client {
    command: &'static [u8],
    option: &'static [u8],
    takes: Takes,
}

const fn client(command: &'static str, option: &'static str, takes: Takes) -> Client {
    Client { command: command.as_bytes(), option: option.as_bytes(), takes }
}

/// Every client; each command is a word of the table of rules.
const CLIENTS: &[Client] = &[
    client("curl ", "-u", Takes::User),
    client("curl ", "--user", Takes::User),
    client("curl ", "-U", Takes::User),
    client("curl ", "--proxy-user", Takes::User),
    client("mysql", "-p", Takes::Glued),
    client("sshpass", "-p", Takes::Next),
    client("sshpass", "-p", Takes::Glued),
    client("redis-cli", "-a", Takes::Next),
    client("docker login", "-p", Takes::Next),
    client("podman login", "-p", Takes::Next),
    client("mongo", "-p", Takes::Next),
];

/// How far an option may be behind its command, and a value may go on.
const REACH: usize = 512;

/// The line of a client, from its command on.
pub(super) fn line(scan: &mut Scan<'_>, at: usize) {
    let text = scan.text;
    let end = (at + REACH).min(text.len());
    let end = text[at..end].iter().position(|&byte| byte == b'\n').map_or(end, |found| at + found);
    let mut start = at;
    while start < end {
        let word = word_end(text, start, end);
        for client in CLIENTS.iter().filter(|client| is_at(text, at, client.command)) {
            option(scan, client, (start, word), end);
        }
        start = word + 1;
    }
}

/// The end of the shell's word at `start`, with the quotes in it.
fn word_end(text: &[u8], start: usize, end: usize) -> usize {
    let mut quote = None;
    for (at, &byte) in text[..end].iter().enumerate().skip(start) {
        match (byte, quote) {
            (b'"' | b'\'', None) => quote = Some(byte),
            (_, Some(open)) if byte == open => quote = None,
            (b' ' | b'\t', None) => return at,
            _ => {}
        }
    }
    end
}

/// Marks the secret of an option when the word is one.
fn option(scan: &mut Scan<'_>, client: &Client, (start, word): (usize, usize), line: usize) {
    let text = scan.text;
    let Some(glued) = text[start..word].strip_prefix(client.option) else { return };
    let glued = word - glued.len();
    let next = word + text[word..line].iter().take_while(|&&byte| byte == b' ').count();
    let next = (next, word_end(text, next.min(line), line));
    let long = client.option.starts_with(b"--");
    let (from, to) = match client.takes {
        Takes::Glued if glued < word => (glued, word),
        Takes::Next | Takes::User if glued == word => next,
        Takes::User if !long || text[glued] == b'=' => (glued + usize::from(long), word),
        _ => return,
    };
    // Quotes and escapes in raw JSON may be those of a value.
    if scan.setting.raw && from < to && text[from..to].iter().any(|byte| matches!(byte, b'\\' | b'"')) {
        return scan.mark(from, to, "client-password");
    }
    let (from, to) = unquoted(text, (from, to));
    let from = match client.takes {
        Takes::User => match text[from..to].iter().position(|&byte| byte == b':') {
            Some(colon) => from + colon + 1,
            None => return,
        },
        _ => from,
    };
    let value = &text[from..to];
    if !value.is_empty() && !value.starts_with(b"-") && !value.starts_with(b"$") && !is_placeholder(value) {
        scan.mark(from, to, "client-password");
    }
}

/// The word without quotes around it, and without what ends a sentence or closes a quotation of the whole line.
fn unquoted(text: &[u8], (start, end): (usize, usize)) -> (usize, usize) {
    match text[start..end] {
        [open @ (b'"' | b'\''), .., close] if open == close => (start + 1, end - 1),
        [.., b'`' | b'"' | b'\'' | b',' | b';' | b')'] => (start, end - 1),
        _ => (start, end),
    }
}

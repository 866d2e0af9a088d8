//! Secrets on the command lines of common clients: `curl -u user:pass`, `mysql -pPASS`, `sshpass -p PASS`.

use super::bytes::is_at;
use super::placeholder::is_placeholder;
use super::state;
use super::state::Scan;

/// How a client takes its secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// In the same word as the option.
    Glued,
    /// In the next word.
    Next,
    /// Behind the colon of `user:password`, in the same word or the next.
    User,
    /// Behind the `%` of `user%password`, in the next word.
    Percent,
}

/// A client, and its options that take a secret. As the manuals of these programs say, read 2026-11.
struct Client {
    command: &'static [u8],
    options: &'static [Opt],
}

struct Opt {
    text: &'static [u8],
    takes: Takes,
}

const fn client(command: &'static str, options: &'static [Opt]) -> Client {
    Client { command: command.as_bytes(), options }
}

const fn opt(text: &'static str, takes: Takes) -> Opt {
    Opt { text: text.as_bytes(), takes }
}

/// Every client; each command is a word of the table of rules.
const CLIENTS: &[Client] = &[
    client(
        "curl",
        &[opt("-u", Takes::User), opt("--user", Takes::User), opt("-U", Takes::User), opt("--proxy-user", Takes::User)],
    ),
    client("mysql", &[opt("-p", Takes::Glued)]),
    client("sshpass", &[opt("-p", Takes::Next), opt("-p", Takes::Glued)]),
    client("redis-cli", &[opt("-a", Takes::Next)]),
    client("docker login", &[opt("-p", Takes::Next)]),
    client("podman login", &[opt("-p", Takes::Next)]),
    client("mongo", &[opt("-p", Takes::Next)]),
    client("ldap", &[opt("-w", Takes::Next)]),
    client("smbclient", &[opt("-U", Takes::Percent)]),
];

const _: () = assert!(CLIENTS.len() <= state::CLIENTS, "each client has a place in the state of a scan");

/// How far an option may be behind its command, and a value may go on.
const REACH: usize = 2048;

/// The line of a client, from its command on.
pub(super) fn line(scan: &mut Scan<'_>, at: usize) {
    let text = scan.text;
    let first = text[at].to_ascii_lowercase();
    let named = |client: &Client| client.command[0] == first && is_at(text, at, client.command);
    let Some(place) = CLIENTS.iter().position(named) else { return };
    // A command may stand in the arguments of one like it, whose options are its own.
    let mut start = at.max(scan.done.clients[place]);
    let end = (at + REACH).min(text.len()).max(start);
    let mut newlines = memchr::memchr_iter(b'\n', &text[start..end]).map(|found| start + found);
    let end = newlines.find(|&newline| !is_continued(text, newline)).unwrap_or(end);
    scan.done.clients[place] = end;
    while let Some(dash) = memchr::memchr(b'-', &text[start..end]).map(|found| start + found) {
        start = dash + 1;
        if is_blank(text[dash - 1]) || ends_in_escaped_blank(scan, dash) {
            let word = word_end(text, dash, end);
            CLIENTS[place].options.iter().for_each(|opt| option(scan, opt, (dash, word), end));
            start = word.max(start);
        }
    }
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// Whether a shell goes on with the next line: by what stands before its end in POSIX shells, PowerShell and cmd.
fn is_continued(text: &[u8], newline: usize) -> bool {
    let line = text[..newline].strip_suffix(b"\r").unwrap_or(&text[..newline]);
    matches!(line, [.., b'\\' | b'`' | b'^'])
}

/// Whether an escape of raw JSON ends here that is a blank.
fn ends_in_escaped_blank(scan: &Scan<'_>, at: usize) -> bool {
    scan.setting.raw && matches!(scan.text[..at], [.., b'\\', b't' | b'n' | b'r'])
}

/// The end of the shell's word at `start`, with the quotes in it.
fn word_end(text: &[u8], start: usize, end: usize) -> usize {
    let mut quote = None;
    for (at, &byte) in text[..end].iter().enumerate().skip(start) {
        match (byte, quote) {
            (b'"' | b'\'', None) => quote = Some(byte),
            (_, Some(open)) if byte == open => quote = None,
            (byte, None) if is_blank(byte) => return at,
            _ => {}
        }
    }
    end
}

/// Where the next word begins, perhaps on the next line.
fn next_word(text: &[u8], mut at: usize, end: usize) -> usize {
    while at < end {
        let goes_on = matches!(text[at + 1..end], [b'\n', ..] | [b'\r', b'\n', ..]);
        match text[at] {
            blank if is_blank(blank) => at += 1,
            b'\\' | b'`' | b'^' if goes_on => at += 1,
            _ => break,
        }
    }
    at
}

/// Marks the secret of an option when the word is one.
fn option(scan: &mut Scan<'_>, opt: &Opt, (start, word): (usize, usize), line: usize) {
    let text = scan.text;
    let raw_end = memchr::memchr(b'\\', &text[start..word]).filter(|_| scan.setting.raw).map(|found| start + found);
    let Some(length) = option_length(&text[start..raw_end.unwrap_or(word)], opt) else { return };
    let glued = start + length;
    if raw_end == Some(glued) {
        // The escape may be the blank behind the option.
        return scan.mark(start, word, "client-password");
    }
    let next = next_word(text, word, line);
    let next = (next, word_end(text, next, line));
    let long = opt.text.starts_with(b"--");
    let (from, to) = match opt.takes {
        Takes::Glued if glued < word => (glued, word),
        Takes::Next | Takes::User | Takes::Percent if glued == word => next,
        Takes::User if !long || text[glued] == b'=' => (glued + usize::from(long), word),
        _ => return,
    };
    // Quotes and escapes in raw JSON may be those of a value.
    if scan.setting.raw && from < to && text[from..to].iter().any(|byte| matches!(byte, b'\\' | b'"')) {
        return scan.mark(from, to, "client-password");
    }
    let (from, to) = unquoted(text, (from, to));
    let from = match opt.takes {
        Takes::User | Takes::Percent => {
            let sign = if opt.takes == Takes::User { b':' } else { b'%' };
            let Some(found) = memchr::memchr(sign, &text[from..to]) else { return };
            from + found + 1
        }
        Takes::Next | Takes::Glued => from,
    };
    let value = &text[from..to];
    if !value.is_empty() && !value.starts_with(b"-") && !value.starts_with(b"$") && !is_placeholder(value) {
        scan.mark(from, to, "client-password");
    }
}

/// How long the option at the beginning of a word is, if the word begins with it; short ones may be joined: `-su`.
fn option_length(word: &[u8], opt: &Opt) -> Option<usize> {
    if word.starts_with(opt.text) {
        return Some(opt.text.len());
    }
    let joined = opt.takes == Takes::User && word.len() <= 8 && word.first() == Some(&b'-');
    let letters = joined && word[1..].iter().all(u8::is_ascii_alphabetic) && word.last() == opt.text.last();
    (letters && opt.text.len() == 2).then_some(word.len())
}

/// The word without quotes around it, and without what ends a sentence or closes a quotation of the whole line.
fn unquoted(text: &[u8], (start, end): (usize, usize)) -> (usize, usize) {
    match text[start..end] {
        [open @ (b'"' | b'\''), .., close] if open == close => (start + 1, end - 1),
        [.., b'`' | b'"' | b'\'' | b',' | b';' | b')'] => (start, end - 1),
        _ => (start, end),
    }
}

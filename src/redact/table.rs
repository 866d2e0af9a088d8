//! The table of words that a secret may stand behind, and what is done where one stands.

use super::bytes::is_at;
use super::state::Scan;
use super::{clients, credentials, pairs, places};

/// What is done where a word stands: the scan and the offset of the word.
pub(super) type Check = fn(&mut Scan<'_>, usize);

/// A word behind or around which a secret may stand.
pub(super) struct Word {
    /// The word, in lower case.
    pub(super) text: &'static str,
    /// Where in it the three bytes stand that are the rarest in records and in code: they are looked for first.
    pub(super) rare: usize,
    pub(super) check: Check,
    folded: Folded,
}

/// A word as one number, so that no loop compares it: its bytes, what makes letters small, and the bytes that count.
struct Folded {
    bytes: u128,
    small: u128,
    counts: u128,
}

impl Word {
    /// Whether the word stands at `at`, in any case.
    #[inline]
    pub(super) fn is_at(&self, text: &[u8], at: usize) -> bool {
        let Some(bytes) = text.get(at..).and_then(<[u8]>::first_chunk) else {
            return is_at(text, at, self.text.as_bytes());
        };
        let Folded { bytes: wanted, small, counts } = self.folded;
        (u128::from_le_bytes(*bytes) | small) & counts == wanted
    }
}

const fn word(text: &'static str, rare: usize, check: Check) -> Word {
    let (mut folded, mut at) = (Folded { bytes: 0, small: 0, counts: 0 }, text.len());
    assert!(at <= 16, "a word is one number");
    while at > 0 {
        at -= 1;
        let byte = text.as_bytes()[at];
        folded.bytes = folded.bytes << 8 | byte as u128;
        folded.small = folded.small << 8 | if byte.is_ascii_alphabetic() { 0x20 } else { 0 };
        folded.counts = folded.counts << 8 | 0xff;
    }
    Word { text, rare, check, folded }
}

/// Words in groups whose rare bytes are mixed up by the sieve without much harm (see `words.rs`).
pub(super) type Groups = [&'static [Word]; 8];

/// The words of names, headers and addresses.
pub(super) const WORDS: Groups = [
    &[word("key", 0, pairs::key), word("bearer", 0, credentials::bearer)],
    &[word("token", 1, pairs::named), word("connection", 3, pairs::connection)],
    &[word("passw", 2, pairs::named), word("--begin", 0, places::block)],
    &[word("secret", 1, pairs::named), word("phrase", 0, pairs::phrase), word("hooks.slack", 2, places::webhook)],
    &[word("pwd", 0, pairs::named), word("\\u00", 1, places::escape)],
    &[word("credentials", 2, pairs::named), word("cookie", 0, credentials::cookie)],
    &[
        word("basic", 2, credentials::basic),
        word("/webhooks/", 0, places::webhook),
        word("/webhookb2/", 0, places::webhook),
    ],
    &[
        word("://", 0, places::url),
        word(":\\/", 0, places::escaped_url),
        word(":\\\\", 0, places::escaped_url),
        word("authorization", 7, credentials::authorization),
    ],
];

/// The words of command lines, of files of clients and of parameters, which are rare: a sieve of their own keeps those of
/// names sharp.
pub(super) const RARER_WORDS: Groups = [
    &[
        word("_auth=", 3, places::auth),
        word("sig=", 1, places::signature),
        word("signature=", 7, places::signature),
        word("hmac=", 2, places::signature),
    ],
    &[word("sshpass", 1, clients::line), word("podman login", 1, clients::line)],
    &[word("mysql", 2, clients::line), word("smbclient", 0, clients::line)],
    &[word("mongo", 2, clients::line)],
    &[word("curl", 1, clients::line)],
    &[word("redis-cli", 4, clients::line)],
    &[word("docker login", 2, clients::line)],
    &[word(":5432:", 1, places::pgpass), word("ldap", 0, clients::line)],
];

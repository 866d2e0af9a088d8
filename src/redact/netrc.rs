//! Passwords of `.netrc`, which have no sign before them.

use super::bytes::{is_at, skip_blanks};
use super::ends::bare_end;
use super::pair::NAMED;
use super::state::Scan;

/// How far before its password a user is looked for.
const REACH: usize = 64;

/// `login me password X`, a line of `.netrc`; from the `passw` of its last name.
pub(super) fn password(scan: &mut Scan<'_>, at: usize) {
    let text = scan.text;
    if !is_at(text, at, b"password ") || !is_login(&text[at.saturating_sub(REACH)..at]) {
        return;
    }
    let start = skip_blanks(text, at + 9);
    let end = bare_end(scan, start, false);
    if end > start {
        scan.mark(start, end, NAMED);
    }
}

/// Whether a text ends in `login ` and one word, or none.
fn is_login(text: &[u8]) -> bool {
    let before_word = || {
        let word = text.trim_ascii_end();
        &word[..word.iter().rposition(u8::is_ascii_whitespace).map_or(0, |blank| blank + 1)]
    };
    [text, before_word()].iter().any(|text| {
        let login = text.trim_ascii_end();
        text.get(login.len()) == Some(&b' ') && login.ends_with(b"login")
    })
}

#[cfg(test)]
mod tests {
    use super::is_login;

    #[test]
    fn a_login_has_one_word_or_none_behind_it() {
        for (text, wanted) in [
            ("login me ", true),
            ("machine x login me\n", true),
            ("login  me  ", true),
            ("login ", true),
            ("mylogin me ", true),
            ("login login ", true),
            ("login me too ", false),
            ("login", false),
            ("login\tme ", false),
            ("logins me ", false),
            ("", false),
        ] {
            assert_eq!(is_login(text.as_bytes()), wanted, "{text:?}");
        }
    }
}

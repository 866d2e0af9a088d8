//! Words for one line of a terminal: what would drive the terminal is taken out of what records say, and nothing is too long.

/// Whether a character could drive a terminal, or turn or break a line; the table of `lib/visible.js`.
const fn is_unsafe(letter: char) -> bool {
    matches!(letter,
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{61c}' | '\u{200e}' | '\u{200f}'
        | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Text of a record on one line, at most `most` columns wide.
pub(super) fn plain(text: &str, most: usize) -> String {
    let safe: String = text.chars().take(1000).map(|letter| if is_unsafe(letter) { ' ' } else { letter }).collect();
    cut(safe.trim(), most)
}

/// Columns that a letter may take, rather too many than too few.
fn width_of(letter: char) -> usize {
    match letter {
        '\0'..='\u{10ff}' | '\u{2010}'..='\u{2027}' => 1,
        _ => 2,
    }
}

/// Columns that a text may take.
pub(super) fn width(text: &str) -> usize {
    text.chars().map(width_of).sum()
}

/// A text in at most `most` columns; `…` stands for what is left out.
pub(super) fn cut(text: &str, most: usize) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut used = 1;
    for letter in text.chars() {
        used += width_of(letter);
        if used > most {
            break;
        }
        out.push(letter);
    }
    if most > 0 {
        out.push('…');
    }
    out
}

/// Whole seconds, and no more than two units: `42s`, `1m 12s`, `2h 05m`, `3d 04h`.
pub(super) fn span(ms: i64) -> String {
    let seconds = ms.max(0) / 1000;
    match seconds {
        ..60 => format!("{seconds}s"),
        60..3600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{}h {:02}m", seconds / 3600, seconds / 60 % 60),
        _ => format!("{}d {:02}h", seconds / 86_400, seconds / 3600 % 24),
    }
}

/// A share in whole percent; all of it only when nothing is missing.
pub(super) fn percent(good: u64, total: u64) -> u64 {
    let rounded = (200 * good + total) / (2 * total.max(1));
    if good < total { rounded.min(99) } else { rounded }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{cut, percent, plain, span, width};

    proptest! {
        #[test]
        fn what_is_shown_of_records_fits_and_drives_no_terminal(text in any::<String>(), most in 0_usize..60) {
            let shown = plain(&text, most);
            prop_assert!(width(&shown) <= most);
            prop_assert!(shown.chars().all(|letter| !letter.is_control()), "{shown:?}");
            prop_assert_eq!(cut(&shown, most), shown);
        }
    }

    #[test]
    fn spans_and_shares_are_short_and_never_too_good() {
        assert_eq!([0, 59_999, 60_000, 7_500_000, 273_600_000].map(span), ["0s", "59s", "1m 00s", "2h 05m", "3d 04h"]);
        assert_eq!(
            [(0, 0), (999, 1000), (1000, 1000), (1, 2)].map(|(good, total)| percent(good, total)),
            [0, 99, 100, 50]
        );
    }
}

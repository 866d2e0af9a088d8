//! What a response would have cost at the list prices of the API. A price that is not in the table is never guessed.
//!
//! Source: <https://platform.claude.com/docs/en/about-claude/pricing> and the pages of the models, as of [`PRICES`]. To bring it up
//! to date, add rows (a price that changed keeps its old row, and gets one more with the day of the change) and set the date.

use super::metadata::Tokens;

/// The day on which the table was last compared with its source.
pub const PRICES: &str = "2026-11-30";

/// Nanodollars for a token: input, written to the cache for five minutes, for an hour, read from it, output. A dollar for a
/// million tokens is 1000 of them, so every list price is a whole number.
type Rates = [u64; 5];

/// A model, the day from which the row holds, how long a prompt it is for, in tokens, and its rates.
type Row = (&'static str, i64, u64, Rates);

const ALWAYS: i64 = i64::MIN;
const ANY: u64 = u64::MAX;

const FABLE_5: Rates = [10_000, 12_500, 20_000, 1000, 50_000];
const FABLE_5_1: Rates = [10_000, 12_500, 20_000, 250, 50_000];
const OPUS_4: Rates = [15_000, 18_750, 30_000, 1500, 75_000];
const OPUS_4_5: Rates = [5000, 6250, 10_000, 500, 25_000];
const SONNET_4: Rates = [3000, 3750, 6000, 300, 15_000];
const SONNET_5: Rates = [2000, 2500, 4000, 200, 10_000];

/// Longer prompts had prices of their own in their first weeks, or for a beta, which are not known here.
const LONG: u64 = 200_000;

const TABLE: [Row; 29] = [
    ("claude-fable-5-2", ALWAYS, ANY, [8000, 10_000, 16_000, 200, 40_000]),
    ("claude-fable-5-1", ALWAYS, ANY, FABLE_5_1),
    ("claude-mythos-5-1", ALWAYS, ANY, FABLE_5_1),
    ("claude-fable-5", ALWAYS, ANY, FABLE_5),
    ("claude-mythos-5", ALWAYS, ANY, FABLE_5),
    ("claude-opus-5-5", ALWAYS, ANY, [4000, 5000, 8000, 200, 20_000]),
    ("claude-opus-5", ALWAYS, ANY, OPUS_4_5),
    ("claude-opus-4-8", ALWAYS, ANY, OPUS_4_5),
    ("claude-opus-4-7", ALWAYS, ANY, OPUS_4_5),
    ("claude-opus-4-6", ALWAYS, LONG, OPUS_4_5),
    ("claude-opus-4-6", day(2026, 3, 21), ANY, OPUS_4_5),
    ("claude-opus-4-5", ALWAYS, ANY, OPUS_4_5),
    ("claude-opus-4-1", ALWAYS, ANY, OPUS_4),
    ("claude-opus-4", ALWAYS, ANY, OPUS_4),
    ("claude-3-opus", ALWAYS, ANY, OPUS_4),
    ("claude-sonnet-5-5", ALWAYS, ANY, SONNET_5),
    ("claude-sonnet-5-5", day(2026, 10, 7), ANY, [2000, 2500, 4000, 100, 10_000]),
    ("claude-sonnet-5", ALWAYS, ANY, SONNET_5),
    ("claude-sonnet-4-6", ALWAYS, LONG, SONNET_4),
    ("claude-sonnet-4-6", day(2026, 3, 21), ANY, SONNET_4),
    ("claude-sonnet-4-5", ALWAYS, LONG, SONNET_4),
    ("claude-sonnet-4", ALWAYS, LONG, SONNET_4),
    ("claude-3-7-sonnet", ALWAYS, ANY, SONNET_4),
    ("claude-3-5-sonnet", ALWAYS, ANY, SONNET_4),
    ("claude-haiku-5-5", ALWAYS, 100_000, [100, 125, 200, 10, 500]),
    ("claude-haiku-5-5", ALWAYS, ANY, [500, 625, 1000, 50, 2500]),
    ("claude-haiku-4-5", ALWAYS, ANY, [1000, 1250, 2000, 100, 5000]),
    ("claude-3-5-haiku", ALWAYS, ANY, [800, 1000, 1600, 80, 4000]),
    ("claude-3-haiku", ALWAYS, ANY, [250, 300, 500, 30, 1250]),
];

/// What a response cost in nanodollars; `None` where no row is about it, or it was answered in a way with prices of its own.
pub(super) fn cost(model: &[u8], at: i64, tokens: &Tokens) -> Option<u64> {
    if tokens.special {
        return None;
    }
    let [input, output, written, read] = tokens.counts;
    let hour = tokens.hour.min(written);
    let [price, short, long, cached, answer] =
        rates(plain(model), at, input.saturating_add(written).saturating_add(read))?;
    let parts = [(input, price), (written - hour, short), (hour, long), (read, cached), (output, answer)];
    parts.iter().try_fold(0_u64, |sum, &(count, rate)| sum.checked_add(count.checked_mul(rate)?))
}

/// Of the rows that hold at a time the latest, and of these the one for the shortest prompts that this one is among.
fn rates(model: &[u8], at: i64, prompt: u64) -> Option<Rates> {
    let rows = || TABLE.iter().filter(|row| row.0.as_bytes() == model && row.1 <= at);
    let latest = rows().map(|row| row.1).max()?;
    let fitting = rows().filter(|row| row.1 == latest && prompt <= row.2);
    fitting.min_by_key(|row| row.2).map(|row| row.3)
}

/// The model's own name: without what a gateway puts in front, and without dates, versions and windows behind, as in
/// `us.anthropic.claude-sonnet-4-5-20250929-v1:0`, `claude-opus-4-5@20251101` and `claude-opus-4-8[1m]`.
fn plain(model: &[u8]) -> &[u8] {
    let start = memchr::memmem::rfind(model, b"claude-").unwrap_or(0);
    let mut name = &model[start..];
    name = name.strip_suffix(b"[1m]").unwrap_or(name);
    if let Some(at) = memchr::memmem::rfind(name, b"-v")
        .filter(|&at| name[at + 2..].iter().all(|byte| matches!(byte, b'0'..=b'9' | b':')))
    {
        name = &name[..at];
    }
    let dated = name.len().checked_sub(9).map(|at| name.split_at(at));
    if let Some((before, date)) = dated
        && matches!(date[0], b'-' | b'@')
        && date[1..].iter().all(u8::is_ascii_digit)
    {
        name = before;
    }
    name.strip_suffix(b"-0").unwrap_or(name)
}

/// The first moment of a day in UTC, epoch ms.
const fn day(year: i64, month: i64, day: i64) -> i64 {
    // Years that begin in March have their leap day at their end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1;
    (days - 719_468) * 86_400_000
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(counts: [u64; 4], hour: u64) -> Tokens {
        Tokens { counts, hour, special: false }
    }

    #[test]
    fn days_begin_when_they_do() {
        assert_eq!(day(1970, 1, 1), 0);
        assert_eq!(day(2000, 2, 29), 951_782_400_000);
        assert_eq!(day(2026, 10, 7), 1_791_331_200_000);
        assert_eq!(day(2024, 12, 31) + 86_400_000, day(2025, 1, 1));
    }

    #[test]
    fn names_are_those_of_the_table() {
        for (name, wanted) in [
            ("claude-opus-4-8", "claude-opus-4-8"),
            ("claude-opus-4-8[1m]", "claude-opus-4-8"),
            ("claude-sonnet-4-5-20250929", "claude-sonnet-4-5"),
            ("us.anthropic.claude-sonnet-4-5-20250929-v1:0", "claude-sonnet-4-5"),
            ("anthropic/claude-opus-4-5@20251101", "claude-opus-4-5"),
            ("claude-opus-4-20250514", "claude-opus-4"),
            ("claude-sonnet-4-0", "claude-sonnet-4"),
            ("claude-3-5-haiku-20241022", "claude-3-5-haiku"),
            ("gpt-5", "gpt-5"),
            ("", ""),
        ] {
            assert_eq!(plain(name.as_bytes()), wanted.as_bytes(), "{name}");
        }
    }

    #[test]
    fn each_kind_of_token_has_its_price() {
        let price = |model: &str, counts, hour| cost(model.as_bytes(), day(2026, 11, 1), &tokens(counts, hour));
        assert_eq!(price("claude-opus-4-8", [1_000_000, 0, 0, 0], 0), Some(5_000_000_000));
        assert_eq!(price("claude-opus-4-8", [0, 1_000_000, 0, 0], 0), Some(25_000_000_000));
        assert_eq!(price("claude-opus-4-8", [0, 0, 1_000_000, 0], 0), Some(6_250_000_000));
        assert_eq!(price("claude-opus-4-8", [0, 0, 1_000_000, 0], 400_000), Some(7_750_000_000));
        assert_eq!(price("claude-opus-4-8", [0, 0, 10, 0], 4000), Some(100_000));
        assert_eq!(price("claude-opus-4-8", [0, 0, 0, 1_000_000], 0), Some(500_000_000));
        assert_eq!(price("claude-opus-4-9", [1, 1, 1, 1], 0), None);
        assert_eq!(price("claude-opus-4-8", [u64::MAX, 0, 0, 0], 0), None);
    }

    #[test]
    fn a_price_is_of_its_time_and_of_the_length_of_the_prompt() {
        let read = |at| cost(b"claude-sonnet-5-5", at, &tokens([0, 0, 0, 1000], 0));
        assert_eq!((read(day(2026, 10, 7) - 1), read(day(2026, 10, 7))), (Some(200_000), Some(100_000)));
        let haiku = |prompt| cost(b"claude-haiku-5-5", day(2026, 11, 1), &tokens([prompt, 10, 0, 0], 0));
        assert_eq!(haiku(100_000), Some(100_000 * 100 + 10 * 500));
        assert_eq!(haiku(100_001), Some(100_001 * 500 + 10 * 2500));
        let opus = |at, prompt| cost(b"claude-opus-4-6", at, &tokens([prompt, 0, 0, 0], 0));
        assert_eq!(opus(day(2026, 3, 1), 200_001), None);
        assert_eq!(opus(day(2026, 3, 1), 200_000), opus(day(2026, 4, 1), 200_000));
        assert!(opus(day(2026, 4, 1), 200_001).is_some());
    }

    #[test]
    fn what_was_answered_in_another_way_has_no_price() {
        let special = Tokens { special: true, ..tokens([1, 1, 1, 1], 0) };
        assert_eq!(cost(b"claude-opus-4-8", 0, &special), None);
    }

    #[test]
    fn the_table_says_each_thing_once_and_rates_stand_in_their_order() {
        for (place, row) in TABLE.iter().enumerate() {
            assert!(TABLE[..place].iter().all(|other| (other.0, other.1, other.2) != (row.0, row.1, row.2)), "{row:?}");
            let [input, short, long, read, output] = row.3;
            assert!(read < input && input < short && short < long && long < output, "{row:?}");
        }
    }
}

//! Points in time as records hold them: epoch milliseconds, ISO text, UTC days.

use chrono::{DateTime, Datelike, NaiveDate};

use crate::json;

/// Milliseconds in a day.
pub const DAY_MS: i64 = 86_400_000;

/// The largest distance from 1970 that a JavaScript `Date` can hold (ECMA-262, "Time Values and Time Range").
const LIMIT: f64 = 8.64e15;

/// The earliest time that a `Date` can hold, epoch ms.
pub const EARLIEST: i64 = -8_640_000_000_000_000;

/// Beyond this, in the year 262,135, a clock is not followed: no day of the years after 262,142 can be written.
const FARTHEST: f64 = 8.21e15;

/// The time of a record that is made at a caller's `Date.now()`, held within the times that can be written.
#[must_use]
pub fn of_record(now: f64) -> i64 {
    from_js(now.clamp(-FARTHEST, FARTHEST))
}

/// A caller's `Date.now()` as whole milliseconds, held within what a `Date` can be.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "clamped to a range that fits")]
pub fn from_js(now: f64) -> i64 {
    if now.is_nan() { 0 } else { now.clamp(-LIMIT, LIMIT).trunc() as i64 }
}

/// The UTC day that a time falls in, counted from 1970.
#[must_use]
pub const fn day_of(ms: i64) -> i64 {
    ms.div_euclid(DAY_MS)
}

fn date_of(day: i64) -> NaiveDate {
    let date = DateTime::from_timestamp_millis(day.saturating_mul(DAY_MS)).map(|time| time.date_naive());
    date.unwrap_or(if day < 0 { NaiveDate::MIN } else { NaiveDate::MAX })
}

/// A UTC day as `YYYY-MM-DD`, with a sign and six digits outside the years 0 to 9999, as `toISOString` writes it.
#[must_use]
pub fn day_text(day: i64) -> String {
    let date = date_of(day);
    let (year, month, day) = (date.year(), date.month(), date.day());
    match year {
        0..=9999 => format!("{year:04}-{month:02}-{day:02}"),
        _ => format!("{}{:06}-{month:02}-{day:02}", if year < 0 { '-' } else { '+' }, year.unsigned_abs()),
    }
}

/// The UTC day that `YYYY-MM-DD` names.
#[must_use]
pub fn parse_day(text: &str) -> Option<i64> {
    let (date, rest) = read_date(text.as_bytes())?;
    rest.is_empty().then(|| date.signed_duration_since(NaiveDate::default()).num_days())
}

/// Writes ISO text, keeping the day's text from one call to the next because most records share it.
#[derive(Debug, Clone)]
pub struct IsoWriter {
    day: i64,
    text: String,
}

impl Default for IsoWriter {
    fn default() -> Self {
        Self { day: 0, text: day_text(0) }
    }
}

impl IsoWriter {
    /// Appends `YYYY-MM-DDTHH:MM:SS.mmmZ`.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "each digit is below ten")]
    pub fn append(&mut self, out: &mut Vec<u8>, ms: i64) {
        let day = day_of(ms);
        if day != self.day {
            *self = Self { day, text: day_text(day) };
        }
        let rest = ms.rem_euclid(DAY_MS);
        let digit = |unit: i64, base: i64| b'0' + (rest / unit % base) as u8;
        out.extend_from_slice(self.text.as_bytes());
        out.extend_from_slice(&[
            b'T',
            digit(36_000_000, 3),
            b'0' + (rest / 3_600_000 % 10) as u8,
            b':',
            digit(600_000, 6),
            digit(60_000, 10),
            b':',
            digit(10_000, 6),
            digit(1_000, 10),
            b'.',
            digit(100, 10),
            digit(10, 10),
            digit(1, 10),
            b'Z',
        ]);
    }
}

/// A time, epoch ms, as ISO text: what `new Date(ms).toISOString()` gives.
#[must_use]
pub fn iso(ms: i64) -> String {
    let mut out = Vec::with_capacity(24);
    IsoWriter::default().append(&mut out, ms);
    String::from_utf8_lossy(&out).into_owned()
}

/// The time that a JSON value in a file stands for: a number is epoch ms, text is RFC 3339; `None` when unreadable.
#[must_use]
pub fn read(value: &[u8]) -> Option<i64> {
    match value.first()? {
        b'"' => read_usual(value).or_else(|| parse(&json::decode(value))),
        _ => json::number(value).filter(|ms| ms.abs() <= LIMIT).map(from_js),
    }
}

/// Reads the form that this package and JavaScript write, `"YYYY-MM-DDTHH:MM:SS.mmmZ"`, which most lines have.
fn read_usual(token: &[u8]) -> Option<i64> {
    const FIRST: Form = Form::new(b"\"0000-00-00T00:0");
    const LAST: Form = Form::new(b"0T00:00:00.000Z\"");
    let token: &[u8; 26] = token.try_into().ok()?;
    if !(FIRST.fits(token.first_chunk()?) && LAST.fits(token.last_chunk()?)) {
        return None;
    }
    let digit = |at: usize| i64::from(token[at] & 0x0f);
    let two = |at: usize| digit(at) * 10 + digit(at + 1);
    let (year, month, day) = (two(1) * 100 + two(3), two(6), two(9));
    let (hour, minute, second) = (two(12), two(15), two(18));
    let ms = two(21) * 10 + digit(23);
    // Days of months differ; those that not every month has are left to the calendar.
    let sound = (1..=12).contains(&month) && (1..=28).contains(&day) && hour < 24 && minute < 60 && second < 60;
    let time = ((hour * 60 + minute) * 60 + second) * 1000 + ms;
    sound.then(|| (days_before(year, month) + day - 1) * DAY_MS + time)
}

/// Sixteen characters, in which a zero stands for any digit.
struct Form {
    text: u128,
    /// 15 where any digit may stand.
    digits: u128,
}

impl Form {
    const fn new(text: &[u8; 16]) -> Self {
        let mut digits = [0; 16];
        let mut at = 0;
        while at < text.len() {
            digits[at] = if text[at] == b'0' { 0x0f } else { 0 };
            at += 1;
        }
        Self { text: u128::from_le_bytes(*text), digits: u128::from_le_bytes(digits) }
    }

    const fn fits(&self, text: &[u8; 16]) -> bool {
        // What is left of a digit is below ten, and six more is below sixteen; nothing may be left of the others.
        let rest = u128::from_le_bytes(*text) ^ self.text;
        let sixes = self.digits / 15 * 6;
        (rest | rest.wrapping_add(sixes)) & !self.digits == 0
    }
}

/// Days from 1970 to the first of a month, with years that begin in March so that the leap day is the last of them
/// (H. Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`).
const fn days_before(year: i64, month: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let month = (month + 9) % 12;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + (153 * month + 2) / 5 - 719_468
}

/// Reads RFC 3339 text as epoch ms; without a zone it is UTC, without a time it is midnight. `None` for anything else.
///
/// ```
/// use obs_native::event::time::{iso, parse};
///
/// assert_eq!(parse(b"2026-01-09T17:30:00+05:30").map(iso), Some("2026-01-09T12:00:00.000Z".to_owned()));
/// ```
#[must_use]
pub fn parse(text: &[u8]) -> Option<i64> {
    let (date, rest) = read_date(text)?;
    let midnight = date.signed_duration_since(NaiveDate::default()).num_milliseconds();
    let (time, zone) = match rest {
        [] => (0, rest),
        [b'T' | b't' | b' ', rest @ ..] => read_time(rest)?,
        _ => return None,
    };
    let ms = midnight + time - read_zone(zone)?;
    #[expect(clippy::cast_precision_loss, reason = "dates of six-digit years are far below 2^53")]
    let within = (ms as f64).abs() <= LIMIT;
    within.then_some(ms)
}

fn read_date(text: &[u8]) -> Option<(NaiveDate, &[u8])> {
    let (sign, digits, text) = match text {
        [b'+', rest @ ..] => (1, 6, rest),
        [b'-', rest @ ..] => (-1, 6, rest),
        _ => (1, 4, text),
    };
    let (year, rest) = read_digits(text, digits)?;
    let (month, rest) = read_digits(rest.strip_prefix(b"-")?, 2)?;
    let (day, rest) = read_digits(rest.strip_prefix(b"-")?, 2)?;
    let year = i32::try_from(sign * year).ok()?;
    let date = NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)?;
    Some((date, rest))
}

fn read_time(text: &[u8]) -> Option<(i64, &[u8])> {
    let (hour, rest) = read_digits(text, 2)?;
    let (minute, rest) = read_digits(rest.strip_prefix(b":")?, 2)?;
    let (second, mut rest) = read_digits(rest.strip_prefix(b":")?, 2)?;
    let mut ms = 0;
    if let [b'.', fraction @ ..] = rest {
        let length = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
        if length == 0 {
            return None;
        }
        ms = [100, 10, 1].iter().zip(&fraction[..length]).map(|(unit, digit)| unit * i64::from(digit - b'0')).sum();
        rest = &fraction[length..];
    }
    // A leap second reads as the second after it.
    let valid = hour < 24 && minute < 60 && second <= 60;
    valid.then_some((((hour * 60 + minute) * 60 + second) * 1000 + ms, rest))
}

/// Milliseconds that the zone is ahead of UTC.
fn read_zone(text: &[u8]) -> Option<i64> {
    let (sign, rest) = match text {
        [] | [b'Z' | b'z'] => return Some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hour, rest) = read_digits(rest, 2)?;
    let (minute, rest) = read_digits(rest.strip_prefix(b":").unwrap_or(rest), 2)?;
    (rest.is_empty() && hour < 24 && minute < 60).then_some(sign * (hour * 60 + minute) * 60_000)
}

fn read_digits(text: &[u8], count: usize) -> Option<(i64, &[u8])> {
    let (digits, rest) = text.split_at_checked(count)?;
    let value =
        digits.iter().try_fold(0, |value, byte| byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0')))?;
    Some((value, rest))
}

#[cfg(test)]
mod tests {
    use super::{day_of, day_text, iso, parse, parse_day, read};

    #[test]
    fn writes_as_to_iso_string() {
        assert_eq!(iso(0), "1970-01-01T00:00:00.000Z");
        assert_eq!(iso(1_767_977_312_275), "2026-01-09T16:48:32.275Z");
        assert_eq!(iso(-1), "1969-12-31T23:59:59.999Z");
        assert_eq!(iso(253_402_300_800_000), "+010000-01-01T00:00:00.000Z");
        assert_eq!(day_text(day_of(-62_198_755_200_000)), "-000001-01-01");
    }

    #[test]
    fn reads_rfc_3339() {
        let noon = 1_767_960_000_000;
        for text in [
            "2026-01-09T12:00:00Z",
            "2026-01-09t12:00:00.000z",
            "2026-01-09 12:00:00",
            "2026-01-09T17:30:00+05:30",
            "2026-01-09T08:00:00.0000001-04:00",
        ] {
            assert_eq!(parse(text.as_bytes()), Some(noon), "{text}");
        }
        assert_eq!(parse(b"2026-01-09"), Some(noon - 43_200_000));
        for text in [
            "",
            "yesterday",
            "2026-13-01T00:00:00Z",
            "2026-02-30T00:00:00Z",
            "2026-01-09T24:00:00Z",
            "2026",
            "2026-01-09T12:00Z",
        ] {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse(iso(253_402_300_800_000).as_bytes()), Some(253_402_300_800_000));
    }

    #[test]
    fn reads_the_usual_form_as_any_other() {
        for day in (-720_000..2_900_000).step_by(17) {
            let text = iso(day * super::DAY_MS + 12_345_678);
            let usual = super::read_usual(format!("\"{text}\"").as_bytes());
            assert!(usual.is_none_or(|ms| Some(ms) == parse(text.as_bytes())), "{text}");
            assert!(usual.is_some() || text.len() != 24 || &text[8..10] > "28", "{text}");
        }
    }

    #[test]
    fn reads_a_quoted_time_as_one_without_quotes_also_where_there_is_no_such_day_or_the_zone_is_half_an_hour_off() {
        for text in [
            "2026-02-30T00:00:00.000Z",
            "2026-02-29T00:00:00.000Z",
            "2024-02-29T00:00:00.000Z",
            "2026-04-31T12:00:00.000Z",
            "2026-00-01T00:00:00.000Z",
            "2026-01-00T00:00:00.000Z",
            "2026-01-09T24:00:00.000Z",
            "2026-01-09T12:60:00.000Z",
            "2026-01-09T12:00:00.000-03:30",
            "2026-01-09T12:00:00.000+05:45",
        ] {
            assert_eq!(read(format!("\"{text}\"").as_bytes()), parse(text.as_bytes()), "{text}");
        }
        let noon = 1_767_960_000_000;
        assert_eq!(read(b"\"2026-01-09T12:00:00.000-03:30\""), Some(noon + 3 * 3_600_000 + 1_800_000));
        assert_eq!(read(b"\"2026-01-09T12:00:00.000+05:45\""), Some(noon - 5 * 3_600_000 - 2_700_000));
        assert_eq!(read(b"\"2026-02-30T00:00:00.000Z\""), None);
    }

    #[test]
    fn reads_values() {
        assert_eq!(read(b"1777982375000.9"), Some(1_777_982_375_000));
        assert_eq!(read(b"1e999"), None);
        assert_eq!(read(b"null"), None);
        assert_eq!(read(b"\"2026-01-09T12:00:00\\u005a\""), Some(1_767_960_000_000));
        assert_eq!(parse_day("2026-01-09"), Some(20_462));
        assert_eq!(parse_day("2026-01-09x"), None);
    }
}

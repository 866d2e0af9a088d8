//! Lines that are on record already lose their secrets and nothing else.

mod redact_corpus;

use obs_native::json::whole_value;
use obs_native::redact::Redactor;
use obs_native::redact::{LineRedactor, Redacted};
use redact_corpus::{Chance, Secret, quote, secrets};

fn redact(text: &[u8]) -> Redacted {
    LineRedactor::default().lines(text)
}

/// Writes `<PRIVATE>` out as the first line of a key: no scanner should take this file for one that holds keys.
fn spelled(text: &str) -> String {
    let label =
        |mark: &str, word: &str| format!("-----{mark} {word}{}-----", if word == "CERTIFICATE" { "" } else { " KEY" });
    ["RSA PRIVATE", "PRIVATE", "CERTIFICATE"].iter().fold(text.to_owned(), |text, word| {
        text.replace(&format!("<{word}>"), &label("BEGIN", word)).replace(&format!("</{word}>"), &label("END", word))
    })
}

fn lines(text: &[u8]) -> Vec<&[u8]> {
    text.split_inclusive(|&byte| byte == b'\n').collect()
}

/// A line with a secret in it, of one of the shapes that files have.
fn holding(chance: &mut Chance, secret: &str) -> String {
    let record = format!("{{\"note\":{},\"n\":1}}", quote(&format!("tried {secret} and failed")));
    match chance.below(4) {
        0 => record,
        1 => format!("{record}\r"),
        // A writer that died in the middle, and one that was in a hurry.
        2 => record[..record.len() - 2].to_owned(),
        _ => format!("{{\"skill\":\"x\",\"par{record}"),
    }
}

/// A file of lines with and without secrets, and for each line its secret.
fn file(chance: &mut Chance, all: &[Secret]) -> (Vec<u8>, Vec<Option<String>>) {
    let clean = ["{\"a\":1,\"max_tokens\":5}", "", "not json", "{\"torn\":", "\u{feff}{}", "{\"b\": [1, 2]}\r", "{}"];
    let (mut text, mut held) = (Vec::new(), Vec::new());
    for _ in 0..30 {
        let secret = loop {
            let secret = &all[chance.below(all.len())];
            // How many secrets are recognised is the matter of another test.
            if !Redactor::standard().findings(quote(&secret.text()).as_bytes()).is_empty() {
                break secret;
            }
        };
        let line =
            if chance.below(3) == 0 { holding(chance, &secret.text()) } else { (*chance.pick(&clean)).to_owned() };
        // Where a secret has line ends of its own, quoting has made them escapes.
        held.push(line.contains("tried").then(|| secret.body.clone()));
        text.extend_from_slice(line.as_bytes());
        text.push(b'\n');
    }
    if chance.below(2) == 0 {
        text.pop();
    }
    (text, held)
}

#[test]
fn lines_keep_their_number_order_and_bytes() {
    for seed in 0..300 {
        let mut chance = Chance::new(seed);
        let all = secrets(&mut chance);
        let (text, held) = file(&mut chance, &all);
        let redacted = redact(&text);
        let after = redacted.text.clone().unwrap_or_else(|| text.clone());
        assert_eq!(lines(&after).len(), lines(&text).len(), "seed {seed}");
        for (number, ((before, now), secret)) in lines(&text).iter().zip(lines(&after)).zip(&held).enumerate() {
            let hit = redacted.hits.iter().any(|hit| hit.line == number as u64 + 1);
            assert_eq!(hit, *before != now, "seed {seed}, line {number}");
            assert_eq!(whole_value(before).is_ok(), whole_value(now).is_ok(), "seed {seed}, line {number}");
            let Some(secret) = secret else {
                assert!(!hit, "seed {seed}: {}", String::from_utf8_lossy(before));
                continue;
            };
            let third = secret.len() / 3;
            let shown = String::from_utf8_lossy(now);
            assert!(!shown.contains(&secret[third..secret.len() - third]), "seed {seed}: {shown}");
        }
        assert_eq!(redact(&after), Redacted::default(), "seed {seed}: twice");
    }
}

#[test]
fn pieces_do_not_matter() {
    for seed in 0..100 {
        let mut chance = Chance::new(seed);
        let all = secrets(&mut chance);
        let (mut text, _) = file(&mut chance, &all);
        text.extend_from_slice(spelled("\n<PRIVATE>\nMIIEvQIBADANBgkqhkiG9w0B\nAQEFAASC\n</PRIVATE>\n").as_bytes());
        let whole = redact(&text);
        let (mut redactor, mut joined, mut hits) = (LineRedactor::default(), Vec::new(), Vec::new());
        let mut rest = lines(&text);
        while !rest.is_empty() {
            let piece: Vec<u8> = rest.drain(..(1 + chance.below(5)).min(rest.len())).flatten().copied().collect();
            let redacted = redactor.lines(&piece);
            hits.extend(redacted.hits);
            joined.extend(redacted.text.unwrap_or(piece));
        }
        assert_eq!((Some(joined), hits), (whole.text, whole.hits), "seed {seed}");
    }
}

#[test]
fn a_key_over_several_lines_is_taken_out_whole() {
    for (given, wanted) in [
        (
            "a\n<RSA PRIVATE>\nDEK-Info: AES,0\n\nAAAAB3NzaC1yc2E\nAAAA\n</RSA PRIVATE> b\nc\n",
            "a\n[REDACTED]\n[REDACTED]\n\n[REDACTED]\n[REDACTED]\n[REDACTED] b\nc\n",
        ),
        // Without its end it ends where a line cannot be part of it.
        ("<PRIVATE>\nAAAA\n{\"a\":1}\nAAAA\n", "[REDACTED]\n[REDACTED]\n{\"a\":1}\nAAAA\n"),
        (
            "<PRIVATE>\r\nAAAA\r\n{\"k\":\"<PRIVATE>AAAA</PRIVATE>\"}\r\n",
            "[REDACTED]\r\n[REDACTED]\r\n{\"k\":\"[REDACTED]\"}\r\n",
        ),
        ("<CERTIFICATE>\nAAAA\n</CERTIFICATE>\n", ""),
    ] {
        let text = redact(spelled(given).as_bytes()).text.unwrap_or_default();
        assert_eq!(String::from_utf8(text).unwrap(), wanted);
    }
}

#[test]
fn a_document_is_redacted_as_one_value() {
    let text = b"{\n  \"a\": 1,\n  \"password\": \"x\",\n  \"token\": {\n    \"b\": 2\n  },\n  \"c\": \"\"\n}\n";
    let found = LineRedactor::default().document(text).unwrap();
    assert_eq!(found.hits.iter().map(|hit| hit.line).collect::<Vec<_>>(), [3, 4]);
    let wanted = "{\n  \"a\": 1,\n  \"password\": \"[REDACTED]\",\n  \"token\": \"[REDACTED]\",\n  \"c\": \"\"\n}\n";
    assert_eq!(found.text.as_deref(), Some(wanted.as_bytes()));
    assert_eq!(LineRedactor::default().document(wanted.as_bytes()), Some(Redacted::default()));
    assert_eq!(LineRedactor::default().document(b"{}\n{}\n"), None);
}

/// A line of two bytes a letter, with text of one byte in it that is a secret itself: both go at the first time.
#[test]
fn what_is_wide_only_without_its_secret_is_looked_at_again() {
    let mut line: Vec<u8> = "\u{feff}{\"password\":\"x1y2z3x1y".encode_utf16().flat_map(u16::to_le_bytes).collect();
    line.extend_from_slice(&b"password=".repeat(10));
    line.extend("z2z3\"}".encode_utf16().flat_map(u16::to_le_bytes).skip(1));
    line.extend_from_slice(b"\n\x01");
    let clean = redact(&line).text.unwrap();
    assert_eq!(redact(&clean).text, None, "{}", clean.escape_ascii());
}

/// The mark with which a file of UTF-16 begins stays when a secret on its line goes.
#[test]
fn a_wide_line_keeps_its_mark() {
    let wide = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let clean = redact(&wide("\u{feff}{\"password\":\"hunter2hunter2\"}")).text.unwrap();
    assert_eq!(clean, wide("\u{feff}{\"password\":\"[REDACTED]\"}"));
}

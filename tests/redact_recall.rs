//! Every kind of secret in every place, with every byte before and behind it: none may come out.

mod redact_corpus;

use std::collections::BTreeMap;

use obs_native::json::whole_value;
use obs_native::redact::{Pattern, Redactor, Settings};
use redact_corpus::{AFTER, BEFORE, Chance, Secret, base64, percent, quote, secrets};

type Place = (&'static str, fn(&str) -> String);

/// Where a text is put; each place makes a JSON value of it.
const PLACES: [Place; 22] = [
    ("value", |text| format!("{{\"note\":{}}}", quote(text))),
    ("sentence", |text| format!("{{\"note\":{}}}", quote(&format!("tried {text} and failed")))),
    ("object key", |text| format!("{{{}:1}}", quote(text))),
    ("nested 64 deep", |text| format!("{}{}{}", "{\"a\":[".repeat(64), quote(text), "]}".repeat(64))),
    ("array", |text| format!("[1,{},null]", quote(text))),
    ("url query", |text| quote(&format!("GET https://example.com/x?q={text}&y=1"))),
    ("url fragment", |text| quote(&format!("https://example.com/x#{text}"))),
    ("url, percent-encoded", |text| quote(&format!("https://example.com/x?q={}&y=1", percent(text)))),
    ("stack", |text| quote(&format!("Error: {text}\n    at run (/srv/app/run.js:10:5)\n    at main"))),
    ("argv", |text| format!("[\"run\",\"--note\",{}]", quote(text))),
    ("header pair", |text| format!("[[\"accept\",\"*\"],[\"x-note\",{}]]", quote(text))),
    ("k=v text", |text| quote(&format!("a=1 note={text} b=2"))),
    ("file name", |text| quote(&format!("/tmp/{text}/out.log"))),
    ("json in string", |text| quote(&format!("{{\"note\":{}}}", quote(text)))),
    ("json in string, 2 levels", |text| quote(&quote(&format!("{{\"note\":{}}}", quote(text))))),
    ("json in string, 3 levels", |text| quote(&quote(&format!("[{}]", quote(&format!("[{}]", quote(text))))))),
    ("broken json in string", |text| quote(&format!("{{\"note\":{}", quote(text)))),
    ("unicode escapes", |text| {
        let escaped = |char: char| {
            if char.is_ascii_alphanumeric() {
                format!("\\u{:04x}", u32::from(char))
            } else {
                quote(&char.to_string()).trim_matches('"').to_owned()
            }
        };
        let escaped: String =
            text.chars().map(|char| if char == '"' { "\\\"".into() } else { escaped(char) }).collect();
        format!("\"{escaped}\"")
    }),
    ("escaped slashes", |text| quote(text).replace('/', "\\/")),
    ("base64", |text| quote(&format!("data {} end", base64(format!("text {text} text").as_bytes(), false)))),
    ("base64url", |text| quote(&format!("data {} end", base64(format!("text {text} text").as_bytes(), true)))),
    ("base64 twice", |text| quote(&base64(base64(text.as_bytes(), false).as_bytes(), false))),
];

/// What must not be in the output: the middle of the secret, in every spelling that the place may leave.
fn middles(secret: &Secret, before: &str, place: &str) -> Vec<String> {
    let third = secret.body.len() / 3;
    let plain = secret.body[third..secret.body.len() - third].to_owned();
    let mut all = vec![percent(&plain), plain.clone(), plain.replace('\n', "\\n")];
    if place == "base64" || place == "base64url" {
        let lead = format!("text {before}{}{}", secret.before, &secret.body[..third]);
        let cut = (3 - lead.len() % 3) % 3;
        let whole = &plain[cut..plain.len() - (plain.len() - cut) % 3];
        all.push(base64(whole.as_bytes(), place == "base64url"));
    }
    all
}

#[derive(Default)]
struct Tally {
    cases: usize,
    leaks: Vec<String>,
}

fn tally(table: &mut BTreeMap<String, Tally>, key: &str, leak: Option<&String>) {
    let row = table.entry(key.to_owned()).or_default();
    row.cases += 1;
    row.leaks.extend(leak.cloned());
}

fn print(title: &str, table: &BTreeMap<String, Tally>) {
    println!("\n{title:28} {:>7} {:>7} {:>9}", "cases", "leaks", "recall");
    for (key, row) in table {
        let kept = u32::try_from(row.cases - row.leaks.len()).unwrap();
        let recall = 100.0 * f64::from(kept) / f64::from(u32::try_from(row.cases).unwrap());
        println!("{key:28} {:7} {:7} {recall:8.3} %", row.cases, row.leaks.len());
    }
}

#[test]
fn nothing_leaks() {
    let redactor = Redactor::standard();
    let never = Pattern { source: "no text has this in it".into(), flags: String::new() };
    let thorough = Redactor::new(&Settings { patterns: vec![never], ..Settings::default() }).unwrap();
    let (mut kinds, mut places) = (BTreeMap::new(), BTreeMap::new());
    let mut leaks = Vec::new();
    for secret in secrets(&mut Chance::new(7)) {
        for (place, put) in PLACES {
            for before in BEFORE {
                for after in AFTER {
                    let given = put(&format!("{before}{}{after}", secret.text()));
                    let output = redactor.json(given.as_bytes());
                    let text = String::from_utf8_lossy(&output);
                    let leaked = middles(&secret, before, place).iter().any(|middle| text.contains(middle));
                    let leak = leaked.then(|| format!("{} in {place}: {given} -> {text}", secret.kind));
                    tally(&mut kinds, secret.kind, leak.as_ref());
                    tally(&mut places, place, leak.as_ref());
                    leaks.extend(leak);
                    assert!(whole_value(&output).is_ok(), "{given} -> {text}");
                    assert_eq!(redactor.json(&output), output, "twice: {given} -> {text}");
                    assert_eq!(thorough.json(given.as_bytes()), output, "the filter missed {given}");
                }
            }
        }
    }
    print("kind", &kinds);
    print("place", &places);
    let cases: usize = places.values().map(|row| row.cases).sum();
    println!("\n{cases} cases, {} leaks", leaks.len());
    assert!(cases >= 15_000);
    for leak in leaks.iter().step_by(leaks.len() / 40 + 1) {
        println!("{leak}");
    }
    assert!(leaks.is_empty());
}

fn spell(text: &[u8], byte: fn(u8) -> String) -> String {
    text.iter().map(|&each| byte(each)).collect()
}

/// Spellings that are not decoded. That something of them is masked is luck, and measured so that it can be told; of a
/// secret in two pieces that is one of them.
const BEST_EFFORT: [Place; 7] = [
    ("hex", |text| quote(&spell(text.as_bytes(), |byte| format!("{byte:02x}")))),
    ("html entities", |text| quote(&spell(text.as_bytes(), |byte| format!("&#{byte};")))),
    ("utf-16 in base64", |text| {
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        quote(&base64(&units, false))
    }),
    ("base64, 3 times", |text| {
        quote(&base64(base64(base64(text.as_bytes(), false).as_bytes(), false).as_bytes(), false))
    }),
    ("spaces between letters", |text| quote(&spell(text.as_bytes(), |byte| format!("{} ", char::from(byte))))),
    ("split by a line break", |text| quote(&format!("{}\r\n{}", &text[..text.len() / 2], &text[text.len() / 2..]))),
    ("split by a zero width", |text| quote(&format!("{}\u{200b}{}", &text[..text.len() / 2], &text[text.len() / 2..]))),
];

#[test]
fn best_effort_is_measured() {
    let secrets = secrets(&mut Chance::new(7));
    println!("\n{:28} {:>7} {:>9}", "not decoded", "cases", "touched");
    for (place, put) in BEST_EFFORT {
        let changed = secrets.iter().filter(|secret| {
            let given = put(&secret.text());
            Redactor::standard().json(given.as_bytes()) != given.as_bytes()
        });
        println!("{place:28} {:7} {:8} %", secrets.len(), 100 * changed.count() / secrets.len());
    }
}

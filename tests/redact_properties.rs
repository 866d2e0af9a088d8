//! What holds for every text: valid JSON comes out, twice is once, the filter hides nothing.

mod redact_corpus;

use obs_native::json::whole_value;
use obs_native::redact::{Pattern, Redactor, Settings};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use redact_corpus::{Chance, base64, percent, quote, secrets};

/// A redactor that walks every text instead of trusting its first look.
fn thorough() -> Redactor {
    let never = Pattern { source: "no text has this in it".into(), flags: String::new() };
    Redactor::new(&Settings { patterns: vec![never], ..Settings::default() }).unwrap()
}

/// Pieces of texts that make rules meet each other.
fn piece() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "token",
        "tokens",
        "max_tokens",
        "password",
        "secret",
        "api_key",
        "authorization",
        "cookie",
        "Bearer ",
        "Basic ",
        "=",
        ":",
        ": ",
        "\"",
        "'",
        "\\",
        "\\\"",
        "\\n",
        "\n",
        " ",
        ",",
        "{",
        "}",
        "[",
        "]",
        "<",
        ">",
        "&",
        "?",
        "://",
        "@",
        "/",
        "\\/",
        ".",
        "-",
        "_",
        "~",
        "%",
        "%3A",
        "%2F",
        "%25",
        "\\u0073",
        "\\u00",
        "sk-",
        "ghp_",
        "AKIA",
        "eyJ",
        "SG.",
        "8Q~",
        "-----BEGIN ",
        "RSA PRIVATE KEY",
        "-----",
        "-----END ",
        "data:image/png;base64,",
        "hooks.slack.com/services/",
        "[REDACTED]",
        "null",
        "true",
        "123",
        "hunter2",
        "abc",
        "é",
        "\u{feff}",
        "\u{d7ff}",
        "--token ",
        "name",
        "value",
        "AKIAIOSFODNN7EXAMPLE",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
        "task-",
    ]);
    let secret = (0usize..60).prop_map(|index| {
        let all = secrets(&mut Chance::new(3));
        all[index % all.len()].text()
    });
    prop_oneof![
        6 => words.prop_map(str::to_owned),
        2 => "[a-zA-Z0-9_-]{0,50}",
        1 => secret,
        1 => ".{0,8}",
    ]
}

fn text() -> impl Strategy<Value = String> {
    let plain = prop::collection::vec(piece(), 0..12).prop_map(|pieces| pieces.concat());
    plain.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            inner.clone().prop_map(|text| base64(text.as_bytes(), false)),
            inner.clone().prop_map(|text| quote(&text)),
            inner.clone().prop_map(|text| percent(&text)),
            (inner.clone(), inner).prop_map(|(first, second)| first + &second),
        ]
    })
}

fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => text().prop_map(|text| quote(&text)),
        1 => prop::sample::select(vec!["1", "-0.5e3", "true", "false", "null", "{}", "[]"]).prop_map(str::to_owned),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((text(), inner.clone()), 0..4).prop_map(|members| {
                let members: Vec<_> = members.iter().map(|(key, value)| format!("{}: {value}", quote(key))).collect();
                format!("{{{}}}", members.join(" , "))
            }),
            inner.prop_map(|value| quote(&value)),
        ]
    })
}

fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

/// The same cases each time, so that a failure comes back; `OBS_SEED` makes others, `OBS_LONG=1` makes more and random ones.
fn config() -> ProptestConfig {
    let long = std::env::var_os("OBS_LONG").is_some_and(|value| value == "1");
    let seed = std::env::var("OBS_SEED").ok().and_then(|seed| seed.parse().ok());
    let rng_seed = if long && seed.is_none() { RngSeed::Random } else { RngSeed::Fixed(seed.unwrap_or(1)) };
    let cases = if long { 300_000 } else { 3000 };
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn json_stays_json_and_twice_is_once(given in json()) {
        let redactor = Redactor::standard();
        let once = redactor.json(given.as_bytes());
        prop_assert!(whole_value(&once).is_ok(), "{given} -> {}", shown(&once));
        let twice = redactor.json(&once);
        prop_assert_eq!(shown(&twice), shown(&once));
        prop_assert_eq!(shown(&thorough().json(given.as_bytes())), shown(&once));
    }

    #[test]
    fn text_twice_is_once(given in text()) {
        let redactor = Redactor::standard();
        let once = redactor.text(given.as_bytes());
        let twice = redactor.text(&once);
        prop_assert_eq!(shown(&twice), shown(&once));
        let _ = redactor.clean_error(given.as_bytes());
        let _ = redactor.findings(given.as_bytes());
    }

    #[test]
    fn any_bytes_are_survived(given in prop::collection::vec(any::<u8>(), 0..200)) {
        let redactor = Redactor::standard();
        prop_assert_ne!(shown(&redactor.text(&given)), "[REDACTED:error]");
        let _ = redactor.json(&given);
        let _ = redactor.clean_error(&given);
    }

    #[test]
    fn findings_are_what_changes(given in json()) {
        let redactor = Redactor::standard();
        let changed = redactor.json(given.as_bytes()) != given.as_bytes();
        prop_assert_eq!(!redactor.findings(given.as_bytes()).is_empty(), changed, "{}", given);
    }
}

//! The redactor as a whole, on small examples.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::scan::{find, is_doubtful, places};
use super::state::Setting;
use super::{Error, Pattern, Redactor, Settings, names};

/// Stands in for a rule that fails.
pub(super) fn trip(text: &[u8]) {
    assert!(text != b"trip the rules of ghp_0123456789abcdefghijklmnopqrstuvwxyz");
}

/// The same cases each time, so that a failure comes back; `OBS_SEED` makes others, `OBS_LONG=1` makes more and random ones.
pub(super) fn config() -> ProptestConfig {
    let long = std::env::var_os("OBS_LONG").is_some_and(|value| value == "1");
    let seed = std::env::var("OBS_SEED").ok().and_then(|seed| seed.parse().ok());
    let rng_seed = if long && seed.is_none() { RngSeed::Random } else { RngSeed::Fixed(seed.unwrap_or(1)) };
    let cases = if long { 100_000 } else { 1000 };
    ProptestConfig { cases, rng_seed, failure_persistence: None, ..ProptestConfig::default() }
}

fn json(text: &str) -> String {
    String::from_utf8(Redactor::standard().json(text.as_bytes()).into_owned()).unwrap()
}

#[test]
fn key_rule_as_recorded() {
    for (text, wanted) in [
        (
            r#"{"apiKey":"sk-123","nested":{"Password":"p","list":[{"secretThing":1},{"ok":true}]},"n":1.5}"#,
            r#"{"apiKey":"[REDACTED]","nested":{"Password":"[REDACTED]","list":[{"secretThing":"[REDACTED]"},{"ok":true}]},"n":1.5}"#,
        ),
        (
            r#"{"user_token":"t","credentials":{"a":1},"text":"ünïcode ☃ 💥"}"#,
            r#"{"user_token":"[REDACTED]","credentials":"[REDACTED]","text":"ünïcode ☃ 💥"}"#,
        ),
    ] {
        assert_eq!(json(text), wanted);
        assert_eq!(json(wanted), wanted);
    }
}

#[test]
fn measures_keep_their_numbers() {
    for (text, wanted) in [
        (
            r#"{"max_tokens":5,"tokenCount":true,"tokens":"abc"}"#,
            r#"{"max_tokens":5,"tokenCount":true,"tokens":"[REDACTED]"}"#,
        ),
        (
            r#"{"token_usage":{"in":1,"out":[2,"x",null,{"p":-3,"password":4}],"e":{},"f":[]}}"#,
            r#"{"token_usage":{"in":1,"out":[2,"[REDACTED]","[REDACTED]",{"p":-3,"password":"[REDACTED]"}],"e":{},"f":[]}}"#,
        ),
        (r#"{"tokenizer":"bpe","author":"x"}"#, r#"{"tokenizer":"bpe","author":"x"}"#),
        (r#"{"pass\u0077ord" : [1, 2] , "b":2}"#, r#"{"pass\u0077ord" : "[REDACTED]" , "b":2}"#),
    ] {
        assert_eq!(json(text), wanted);
    }
}

#[test]
fn what_is_not_json_fails_closed() {
    for text in ["{", "[1,]", "{\"a\":1,}", "[1 2]", "{\"a\" 1}", "{]", "{} {}", "1 x"] {
        let secret = text.to_owned() + "\"ghp_0123456789abcdefghijklmnopqrstuvwxyz\"";
        assert_eq!(json(&secret), r#""[REDACTED:error]""#);
    }
    let deep = "[".repeat(100_000) + &"]".repeat(100_000);
    assert_eq!(json(&deep), deep);
}

fn text(text: &str) -> String {
    String::from_utf8(Redactor::standard().text(text.as_bytes()).into_owned()).unwrap()
}

#[test]
fn only_the_secret_goes() {
    for (given, wanted) in [
        ("key sk-ant-api03-AbC123dEf456 here", "key [REDACTED] here"),
        ("nghp_0123456789abcdefghijklmnopqrstuvwxyz.", "n[REDACTED]."),
        ("postgres://me:hunter2@db:5432/x?y=1", "postgres://me:[REDACTED]@db:5432/x?y=1"),
        ("curl -H 'Authorization: Bearer abc' https://x", "curl -H 'Authorization: Bearer [REDACTED]' https://x"),
        ("Authorization: Basic dXNlcjpwYXNz, ok", "Authorization: Basic [REDACTED], ok"),
        ("a Basic dXNlcjpwYXNz b", "a Basic [REDACTED] b"),
        ("GET /x?api_key=abc&y=2", "GET /x?api_key=[REDACTED]&y=2"),
        ("password: hunter2\nnext", "password: [REDACTED]\nnext"),
        ("--token abc12345 --x", "--token [REDACTED] --x"),
        ("Cookie: sid=abc; x=y\nnext", "Cookie: [REDACTED]\nnext"),
        (r#"failed: {"password":"a b","n":1"#, r#"failed: {"password":"[REDACTED]","n":1"#),
        (r#"x {\"api_key\":\"abc\"}"#, r#"x {\"api_key\":\"[REDACTED]\"}"#),
        ("<password>hunter2</password>", "<password>[REDACTED]</password>"),
        ("a\n-----BEGIN RSA PRIVATE KEY-----\nMIIabc\n-----END RSA PRIVATE KEY-----\nb", "a\n[REDACTED]\nb"),
        (r"a -----BEGIN PRIVATE KEY-----\nMIIabc", "a [REDACTED]"),
        ("token = getToken()", "token = getToken()"),
        ("API token parameter is required", "API token parameter is required"),
        (r#"{"a":"[1]","password":5}"#, r#"{"a":"[1]","password":"[REDACTED]"}"#),
        (r"embedded \u0073k-ant-api03-AbC123dEf456 x", "embedded [REDACTED] x"),
        ("https://x/%73k-ant-api03-AbC123dEf456?y", "https://x/[REDACTED]?y"),
        ("u=postgres%3A%2F%2Fme%3Ahunter2%40db", "u=postgres%3A%2F%2Fme%3A[REDACTED]%40db"),
    ] {
        assert_eq!(text(given), wanted);
        assert_eq!(text(wanted), wanted, "twice");
    }
}

#[test]
fn base64_is_looked_into() {
    // {"a":1,"key":"sk-ant-api03-AbC123dEf456"} and the same once more.
    let once = "eyJhIjoxLCJrZXkiOiJzay1hbnQtYXBpMDMtQWJDMTIzZEVmNDU2In0=";
    let twice = "ZXlKaElqb3hMQ0pyWlhraU9pSnpheTFoYm5RdFlYQnBNRE10UVdKRE1USXpaRVZtTkRVMkluMD0=";
    assert_eq!(text(&format!("a {once} b")), "a eyJhIjoxLCJrZXki[REDACTED]In0= b");
    assert!(text(&format!("a {twice} b")).contains("[REDACTED]"));
    let image = format!("data:image/png;base64,{once}");
    assert_eq!(text(&image), image);
    // What no base64 of an address has in it.
    let key = "data:image/png;base64,ghp_a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8";
    assert_eq!(text(key), "data:image/png;base64,[REDACTED]");
}

#[test]
fn places_in_json() {
    for (given, wanted) in [
        (r#"["authorization","xyz"]"#, r#"["authorization","[REDACTED]"]"#),
        (r#"{"h":[["x-api-key","xyz"],["accept","y"]]}"#, r#"{"h":[["x-api-key","[REDACTED]"],["accept","y"]]}"#),
        (r#"[{"name":"authorization","value":"xyz"}]"#, r#"[{"name":"authorization","value":"[REDACTED]"}]"#),
        (r#"[{"value":["x",1],"name":"cookie"}]"#, r#"[{"value":"[REDACTED]","name":"cookie"}]"#),
        (r#"{"env":[{"k":"DB_PASSWORD","v":"xyz"}]}"#, r#"{"env":[{"k":"DB_PASSWORD","v":"[REDACTED]"}]}"#),
        (r#"{"k":"model","v":"password reset"}"#, r#"{"k":"model","v":"password reset"}"#),
        (r#"{"argv":["x","--token","abc"]}"#, r#"{"argv":["x","--token","[REDACTED]"]}"#),
        (r#"{"sk-ant-api03-AbC123dEf456":1}"#, r#"{"[REDACTED]":1}"#),
        (r#"{"p":"{\"password\":\"x\",\"b\":[1]}"}"#, r#"{"p":"{\"password\":\"[REDACTED]\",\"b\":[1]}"}"#),
        (r#"{"a":"\u0073k-ant-api03-AbC123dEf456"}"#, r#"{"a":"[REDACTED]"}"#),
        (r#"{"a":"x:\/\/me:hunter2@h"}"#, r#"{"a":"x://me:[REDACTED]@h"}"#),
        (r#"{"a":"\nghp_0123456789abcdefghijklmnopqrstuvwxyz"}"#, r#"{"a":"\n[REDACTED]"}"#),
        (r#"["AKIAIOSFODNN7EXAMPLE","wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"]"#, r#"["[REDACTED]","[REDACTED]"]"#),
    ] {
        assert_eq!(json(given), wanted);
        assert_eq!(json(wanted), wanted, "twice");
    }
}

#[test]
fn settings_change_what_is_redacted() {
    let pattern = |source: &str| Pattern { source: source.into(), flags: String::new() };
    let redactor = Redactor::new(&Settings {
        keys: vec!["internalRef".into()],
        patterns: vec![pattern(r"acme-\d+")],
        allow: vec![pattern("^public_token$"), pattern("EXAMPLE")],
        replacement: Some("***".into()),
    })
    .unwrap();
    let json = |text: &str| String::from_utf8(redactor.json(text.as_bytes()).into_owned()).unwrap();
    assert_eq!(
        json(r#"{"internal_ref":1,"a":"acme-12!","public_token":"x","b":"AKIAIOSFODNN7EXAMPLE","token":"x"}"#),
        r#"{"internal_ref":"***","a":"***!","public_token":"x","b":"AKIAIOSFODNN7EXAMPLE","token":"***"}"#
    );
    let wrong = |settings: &Settings| Redactor::new(settings).unwrap_err();
    let key = wrong(&Settings { keys: vec!["-".into()], ..Settings::default() });
    assert_eq!(key, Error::Key { index: 0, key: "-".into() });
    let secret = Some("ghp_0123456789abcdefghijklmnopqrstuvwxyz".into());
    assert_eq!(wrong(&Settings { replacement: secret, ..Settings::default() }).code(), "ERR_REDACT_REPLACEMENT");
}

#[test]
fn a_rule_that_fails_lets_nothing_through() {
    let secret = "trip the rules of ghp_0123456789abcdefghijklmnopqrstuvwxyz";
    assert_eq!(text(secret), "[REDACTED:error]");
    assert_eq!(json(&format!("[\"{secret}\"]")), "\"[REDACTED:error]\"");
}

#[test]
fn findings_never_hold_the_secret() {
    let found = Redactor::standard().findings(br#"{"a":"x ghp_0123456789abcdefghijklmnopqrstuvwxyz","token":1}"#);
    let kinds: Vec<_> = found.iter().map(|found| (found.kind, found.range.clone())).collect();
    assert_eq!(kinds, [("github-token", 5..49), ("named-key", 58..59)]);
}

#[test]
fn a_key_of_the_user_is_found_behind_escapes() {
    let redactor =
        Redactor::new(&Settings { keys: vec!["\u{43a}\u{43b}\u{44e}\u{447}".into()], ..Settings::default() }).unwrap();
    for name in ["\u{43a}\u{43b}\u{44e}\u{447}", r"\u043a\u043b\u044e\u0447", r"\u043A\u043b\u044e\u0447"] {
        let clean = redactor.json(format!("{{\"{name}\":1,\"token\":2}}").as_bytes()).into_owned();
        assert_eq!(
            String::from_utf8(clean).unwrap(),
            format!("{{\"{name}\":\"[REDACTED]\",\"token\":\"[REDACTED]\"}}")
        );
        let alone = redactor.json(format!("{{\"{name}\":1}}").as_bytes()).into_owned();
        assert_eq!(String::from_utf8(alone).unwrap(), format!("{{\"{name}\":\"[REDACTED]\"}}"));
    }
}

#[test]
fn every_name_of_a_secret_has_a_place_that_rules_look_at() {
    for spelling in names::tests::spellings() {
        assert!(!places(spelling.as_bytes()).is_empty(), "{spelling}");
    }
}

#[test]
fn raw_json_with_very_many_places_is_walked() {
    let quiet = r#"{"a":"the tokens of a key"}"#;
    assert!(!is_doubtful(quiet.as_bytes()));
    let many = format!("[\"{}\"]", "the tokens of a key ".repeat(1024));
    assert!(is_doubtful(many.as_bytes()));
    assert_eq!(json(&many), many);
}

fn mixture() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[a-zA-Z0-9_-]{0,30}",
        2 => "[ -~]{0,12}",
        1 => prop::sample::select(vec!["token", "key", "://", "\\u0041", "%41", "~", "Bearer ", "eyJ", "AKIA", "sk-"])
            .prop_map(str::to_owned),
        1 => ".{0,6}",
        1 => "abc8Q~[a-z.]{25,40}",
    ];
    prop::collection::vec(piece, 0..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_text_without_places_is_clean(text in mixture()) {
        let places = places(text.as_bytes());
        prop_assert!(places.is_sorted());
        if places.is_empty() {
            for raw in [true, false] {
                prop_assert_eq!(find(text.as_bytes(), Setting { raw, ..Setting::default() }), []);
            }
        }
    }
}

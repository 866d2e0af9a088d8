//! Every name of a secret, in every spelling and form: its value may not come out.

mod redact_corpus;

use std::collections::BTreeMap;

use obs_native::redact::Redactor;
use redact_corpus::quote;

const WORDS: [&[&str]; 16] = [
    &["password"],
    &["passwd"],
    &["pwd"],
    &["pass", "phrase"],
    &["secret"],
    &["token"],
    &["api", "key"],
    &["credentials"],
    &["authorization"],
    &["cookie"],
    &["set", "cookie"],
    &["private", "key"],
    &["access", "key"],
    &["connection", "string"],
    &["x", "api", "key"],
    &["session", "token"],
];

fn capital(word: &str) -> String {
    word[..1].to_uppercase() + &word[1..]
}

/// A name in every spelling, alone and with a word before or behind it.
fn spellings(words: &[&str]) -> Vec<String> {
    let mut all = Vec::new();
    for words in [words.to_vec(), [&["db"], words].concat(), [words, &["v2"]].concat()] {
        let mut camel = words[0].to_owned();
        camel.extend(words[1..].iter().map(|word| capital(word)));
        let joined = ["_", "-", "", "."].map(|separator| words.join(separator));
        all.extend(joined.iter().map(|name| name.to_uppercase()));
        all.extend(joined);
        all.push(capital(&camel));
        all.push(camel);
    }
    all
}

type Form = (&'static str, fn(&str, &str) -> String);

/// Forms in which any value is a secret.
const JSON: [Form; 8] = [
    ("key", |name, value| format!("{{{}:{}}}", quote(name), quote(value))),
    ("key, spaced", |name, value| format!("{{ {} : {} }}", quote(name), quote(value))),
    ("key, nested value", |name, value| format!("{{{}:[1,{{\"a\":{}}}]}}", quote(name), quote(value))),
    ("key, 64 deep", |name, value| {
        format!("{}{{{}:{}}}{}", "{\"a\":[".repeat(64), quote(name), quote(value), "]}".repeat(64))
    }),
    ("key, json in string", |name, value| quote(&format!("{{{}:{}}}", quote(name), quote(value)))),
    ("key, 3 levels of strings", |name, value| {
        quote(&format!("[{}]", quote(&quote(&format!("{{{}:{}}}", quote(name), quote(value))))))
    }),
    ("name and value", |name, value| format!("[{{\"name\":{},\"value\":{}}}]", quote(name), quote(value))),
    ("escaped key", |name, value| format!("{{\"\\u{:04x}{}\":{}}}", name.as_bytes()[0], &name[1..], quote(value))),
];

/// Forms in running text, where a value must look like one.
const TEXT: [Form; 11] = [
    ("name=value", |name, value| format!("run {name}={value} now")),
    ("name: value", |name, value| format!("{name}: {value}")),
    ("name = value", |name, value| format!("{name} = {value}\n")),
    ("name=\"value\"", |name, value| format!("x.{name}=\"{value}\";")),
    ("name: 'value'", |name, value| format!("{{ {name}: '{value}' }}")),
    ("broken json", |name, value| format!("got {{\"{name}\":\"{value}\",\"a\"")),
    ("broken json, escaped", |name, value| format!("got {{\\\"{name}\\\": \\\"{value}\\\",\\\"a\\\"")),
    ("url query", |name, value| format!("GET /x?a=1&{name}={value}&b=2")),
    ("flag", |name, value| format!("run --{name} {value} --verbose")),
    ("tag", |name, value| format!("<{name}>{value}</{name}>")),
    ("name => value", |name, value| format!("'{name}' => '{value}',")),
];

#[test]
fn no_named_value_leaks() {
    let mut table: BTreeMap<&str, (usize, Vec<String>)> = BTreeMap::new();
    let mut check = |form, given: String, value: &str| {
        let output = Redactor::standard().json(given.as_bytes());
        let text = String::from_utf8_lossy(&output);
        let row = table.entry(form).or_default();
        row.0 += 1;
        if text.contains(value) {
            row.1.push(format!("{given} -> {text}"));
        }
        assert_eq!(Redactor::standard().json(&output), output, "twice: {given}");
    };
    for words in WORDS {
        for name in spellings(words) {
            for (form, put) in JSON {
                for value in ["xyzzy", "hunter2X9", "two words, and more", "päss/wörd"] {
                    check(form, put(&name, value), value);
                }
            }
            for (form, put) in TEXT {
                for value in ["hunter2X9pq", "a8F3kd92LmQ0zz41", "tok_9-8_7"] {
                    check(form, quote(&put(&name, value)), value);
                }
            }
        }
    }
    println!("\n{:28} {:>7} {:>7}", "form", "cases", "leaks");
    for (form, (cases, leaks)) in &table {
        println!("{form:28} {cases:7} {:7}", leaks.len());
    }
    let leaks: Vec<_> = table.values().flat_map(|row| &row.1).collect();
    leaks.iter().step_by(leaks.len() / 60 + 1).for_each(|leak| println!("{leak}"));
    assert!(leaks.is_empty());
}

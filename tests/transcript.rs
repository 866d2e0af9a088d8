//! Transcripts: whatever stands in their lines, nothing breaks, and every event can be recorded.

use obs_native::json::whole_value;
use obs_native::transcript::{Fact, SETTLED_MS, Session, read};
use proptest::prelude::*;
use regex::bytes::Regex;

/// A JSON value such as a line may hold where something else was expected.
fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("false".to_owned()),
        Just("9007199254740991".to_owned()),
        Just("-1e999".to_owned()),
        prop::sample::select(vec![
            "",
            "Skill",
            "Agent",
            "Bash",
            "t1",
            "t2",
            "a1",
            "tool_use",
            "tool_result",
            "text",
            "Exit code 1",
            "/deploy",
            "\\ud800",
            "[Request interrupted by user]",
            "Base directory for this skill: /x/.claude/skills/y",
            "async_launched",
            "<synthetic>",
            "<command-name>/deploy</command-name>",
            "<command-name>",
            "The user doesn't want to",
            "run-cuj CUJ-1",
            "claude-x",
            "2026-07-12T11:00:00Z",
            "+275760-09-13T00:00:00.000Z",
            "-271821-04-20T00:00:00.000Z",
        ])
        .prop_map(|text| format!("\"{text}\"")),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let key = prop::sample::select(vec![
            "type",
            "id",
            "name",
            "input",
            "skill",
            "command",
            "subagent_type",
            "content",
            "text",
            "tool_use_id",
            "is_error",
            "usage",
            "output_tokens",
            "input_tokens",
            "model",
            "success",
            "agentId",
            "status",
            "message",
            "connection",
            "code",
            "commandName",
        ]);
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec((key, inner), 0..5).prop_map(|members| {
                let members: Vec<String> = members.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

fn line() -> impl Strategy<Value = String> {
    let kind = prop::sample::select(vec!["\"assistant\"", "\"user\"", "\"system\"", "\"mode\"", "null"]);
    let key = prop::sample::select(vec![
        "uuid",
        "sessionId",
        "timestamp",
        "version",
        "isSidechain",
        "agentId",
        "requestId",
        "isApiErrorMessage",
        "attributionSkill",
        "isMeta",
        "toolUseResult",
        "subtype",
        "error",
        "toolDenialKind",
        "isCompactSummary",
        "cwd",
        "message",
    ]);
    (kind, value(), prop::collection::vec((key, value()), 0..8)).prop_map(|(kind, message, more)| {
        let more: Vec<String> = more.iter().map(|(key, value)| format!(",\"{key}\":{value}")).collect();
        let more = more.concat();
        format!("{{\"type\":{kind},\"timestamp\":\"2026-07-12T11:00:00Z\",\"message\":{message}{more}}}")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn events_of_odd_lines_are_records(lines in prop::collection::vec(line(), 1..12), agent in any::<bool>()) {
        let mut session = Session::new(Regex::new(r"run-cuj\S*\s+(CUJ-\d+)").unwrap());
        session.begin_file(agent.then(|| Box::from(*b"a1")));
        for line in &lines {
            prop_assert!(whole_value(line.as_bytes()).is_ok(), "{line}");
            let fact = read(line.as_bytes());
            prop_assert!(!matches!(fact, Fact::Damaged), "{line}");
            session.take(fact);
        }
        for event in session.finish(i64::MAX - SETTLED_MS).events {
            let fields = event.fields(event.error.as_deref());
            prop_assert!(whole_value(&fields).is_ok(), "{}", String::from_utf8_lossy(&fields));
            prop_assert!(event.duration_ms.is_none_or(|duration| duration >= 0));
            prop_assert!(!event.id.is_empty() && !event.name.is_empty());
        }
    }

    #[test]
    fn bytes_that_are_no_json_are_damaged(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        prop_assert_eq!(matches!(read(&bytes), Fact::Damaged), !bytes.trim_ascii().starts_with(b"{") || whole_value(&bytes).is_err());
    }
}

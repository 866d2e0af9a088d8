//! What one record costs, printed by `cargo test --release -- --ignored --nocapture bench_redact`.

use std::fmt::Write;
use std::hint::black_box;
use std::time::Instant;

use obs_native::redact::Redactor;

const PLAIN: &str = r#"{"timestamp":"2026-02-03T08:00:19.818Z","type":"skill_invocation","skill":"claude-md-generator","params":"{\"files\":[\"a.js\",\"b.js\"],\"depth\":1}","result":"success","duration_ms":3108.43,"cache_hit":false,"agent":"planner","run_id":"run-8","cuj_id":"CUJ-003","error":null,"metadata":{"note":"wrote plan"}}"#;
const UUID: &str = r#"{"timestamp":"2026-02-03T08:00:19.818Z","type":"skill_invocation","skill":"claude-md-generator","params":"{\"path\":\"/home/ci/agent/src/index.ts\"}","result":"success","duration_ms":3108.43,"run_id":"550e8400-e29b-41d4-a716-446655440000","cuj_id":"CUJ-003","error":null,"metadata":{"commit":"4f1d2c3b4a5968778695a4b3c2d1e0f123456789"}}"#;
const USAGE: &str = r#"{"timestamp":"2026-02-03T08:00:19.818Z","cuj_id":"CUJ-009","success":true,"duration_ms":54566,"error":null,"metadata":{"model":"large","usage":{"input_tokens":1234,"output_tokens":567,"cache_read_input_tokens":89,"cache_creation_input_tokens":0,"total_tokens":1801},"max_tokens":4096,"note":"done"}}"#;
const CODE: &str = r"export async function load(path, options = {}) {\n  const text = await fs.readFile(path, 'utf8');\n  if (!text.trim()) return [];\n  const rows = text.split('\\n').filter(Boolean).map((line) => JSON.parse(line));\n  for (const row of rows) {\n    row.key = `${row.id}:${row.kind}`;\n    row.total = (row.count ?? 0) * (options.factor || 1);\n  }\n  // the last row may be incomplete, see handleIncompleteRowsGracefully\n  return rows.sort((a, b) => a.total - b.total).slice(0, options.limit);\n}\n\n";

fn record(code: &str) -> String {
    let mut text = String::from(r#"{"skill":"edit","params":{"path":"/src/a.ts","code":""#);
    while text.len() < 4096 {
        text.push_str(code);
    }
    text.push_str(r#""},"result":"success"}"#);
    text
}

fn best(text: &str) -> f64 {
    let redactor = Redactor::standard();
    let rounds = u32::try_from(2_000_000 / text.len().max(200)).unwrap_or(1);
    let run = || {
        let start = Instant::now();
        for _ in 0..rounds {
            black_box(redactor.json(black_box(text.as_bytes())));
        }
        start.elapsed().as_secs_f64() / f64::from(rounds) * 1e9
    };
    (0..7).map(|_| run()).fold(f64::INFINITY, f64::min)
}

#[test]
#[ignore = "prints timings"]
fn bench_redact() {
    let code = record(CODE);
    let token = record(&CODE.replace("row.key", "const token = await getToken(); row.key"));
    let secret = PLAIN.replace("wrote plan", "wrote ghp_0123456789abcdefghijklmnopqrstuvwxyz");
    let mut out = String::new();
    for (name, text) in [
        ("plain", PLAIN),
        ("uuid and sha", UUID),
        ("token usage", USAGE),
        ("4 KiB code", &code),
        ("4 KiB code, token", &token),
        ("a secret", &secret),
    ] {
        let changed = Redactor::standard().json(text.as_bytes()) != text.as_bytes();
        let _ = writeln!(
            out,
            "{name:20} {:5} bytes {:8.0} ns{}",
            text.len(),
            best(text),
            if changed { " changed" } else { "" }
        );
    }
    println!("{out}");
}

//! The laws of rooms that read bytes from outside, over a small corpus and random mutations of it. `npm run fuzz` goes on for as
//! long as it is told, and `fuzz/` has the same laws for a fuzzer that sees which branches are taken.
#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    reason = "a test panics when it is wrong, and its numbers are small"
)]

#[path = "support/fault_disk.rs"]
mod fault_disk;
#[path = "support/json.rs"]
mod json;
#[path = "support/laws.rs"]
mod laws;
#[path = "support/seeds.rs"]
mod seeds;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use laws::{LAWS, Law};
use seeds::{Random, long};

/// Runs of each law in `npm test`, a hundred times as many with `OBS_LONG=1`; `OBS_FUZZ_SECONDS` counts seconds instead.
const RUNS: u64 = 1500;

/// No input grows beyond this.
const LONGEST: usize = 4000;

/// Bytes that mean something to one of the rooms.
const WORDS: [&[u8]; 40] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b"\"",
    b":",
    b",",
    b"\\",
    b"\\u",
    b"\\ud83d",
    b"\\udca5",
    b"\\u0000",
    b"null",
    b"true",
    b"false",
    b"-0",
    b"1e999",
    b"0.1",
    b"\n",
    b"\r",
    b"\0",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\xed\xa0\x80",
    b"\xf0\x9f\x92\xa5",
    b"\"timestamp\":1767977312275",
    b"\"cuj_id\":\"A\"",
    b"\"metadata\":{",
    b"2026-02-29",
    b"T23:59:60.999",
    b"+275760-09-13",
    b"-05:30",
    b"Z",
    b"password=",
    b"Bearer ",
    b"ghp_",
    b"://user:secret@",
    b"-----BEGIN ",
    b"token",
    b"tool_use",
];

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name)
}

/// The files of a corpus, in the order of their names.
fn corpus(name: &str) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(folder(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|path| (path.display().to_string(), fs::read(&path).unwrap())).collect()
}

/// A few changes of one input, sometimes with a piece of another one.
fn mutated(random: &mut Random, inputs: &[Vec<u8>]) -> Vec<u8> {
    let mut input = random.pick(inputs).clone();
    for _ in 0..=random.below(6) {
        let at = random.below(input.len() + 1);
        let end = (at + random.below(12)).min(input.len());
        let piece: Vec<u8> = match random.below(9) {
            0 => vec![random.next().to_le_bytes()[0]],
            1 | 2 => random.pick(&WORDS).to_vec(),
            3 => input[at..end].repeat(random.below(4)),
            4 => {
                let other = random.pick(inputs);
                let from = random.below(other.len() + 1);
                other[from..(from + random.below(60)).min(other.len())].to_vec()
            }
            5 => input[at..end].iter().map(|byte| byte ^ (1 << random.below(8))).collect(),
            6 => random.pick(&WORDS).repeat(random.below(40)),
            7 => format!("{}", random.next().cast_signed() >> random.below(64)).into_bytes(),
            _ => Vec::new(),
        };
        // In place of what stands there, or before it.
        let end = if random.once_in(2) { end } else { at };
        input.splice(at..end, piece);
        input.truncate(LONGEST);
    }
    input
}

/// Holds a law against an input, and names the input where it is broken.
fn hold((name, law): Law, input: &[u8], what: &str) {
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| law(input))) {
        let file = std::env::temp_dir().join(format!("obs-fuzz-{name}"));
        let _ = fs::write(&file, input);
        eprintln!("the law {name} does not hold for {what}; the input is in {}", file.display());
        std::panic::resume_unwind(panic);
    }
}

fn run(name: &str) {
    let law = *LAWS.iter().find(|(own, _)| *own == name).unwrap();
    let files = corpus(name);
    assert!(files.len() > 2, "a corpus of {} files", files.len());
    for (path, input) in &files {
        hold(law, input, path);
    }
    let inputs: Vec<Vec<u8>> = files.into_iter().map(|(_, input)| input).collect();
    let seconds = std::env::var("OBS_FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    let given = std::env::var("OBS_TEST_SEED").ok().and_then(|seed| seed.parse::<u64>().ok());
    // Each of these reads a megabyte of data.
    let runs = if name == "cache" { RUNS / 5 } else { RUNS };
    let (begun, runs) = (Instant::now(), if long() { runs * 100 } else { runs });
    // Another beginning each time; a failure names the seed of its input.
    let first = given.unwrap_or_else(|| std::process::id().into()) * 1_000_000_007;
    let mut count = 0;
    while seconds.map_or(count < runs, |seconds| begun.elapsed() < Duration::from_secs(seconds)) {
        let seed = given.map_or(first + count, |seed| seed);
        let input = mutated(&mut Random::new(seed), &inputs);
        hold(law, &input, &format!("OBS_TEST_SEED={seed}"));
        count += 1;
        if given.is_some() {
            break;
        }
    }
    println!("{name}: {count} inputs in {:.1} s", begun.elapsed().as_secs_f64());
}

macro_rules! laws {
    ($($name:ident),*) => {
        $(
            #[test]
            fn $name() {
                run(stringify!($name));
            }
        )*

        #[test]
        fn every_law_is_run_and_has_a_target() {
            let names = LAWS.map(|(name, _)| name);
            assert_eq!(names.as_slice(), [$(stringify!($name)),*]);
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            for name in names {
                assert!(root.join("fuzz/targets").join(format!("{name}.rs")).exists(), "{name}");
            }
        }
    };
}

laws!(json, apart, reader, redact, redact_lines, cache, time, packed, transcript);

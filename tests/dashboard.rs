//! What the dashboard keeps of past days never shows: its skills are those of the question that reads every row.
#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "a test panics when it is wrong, and its numbers are small"
)]

#[path = "support/seeds.rs"]
mod seeds;

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use obs_native::aggregate::{self, SkillFilter};
use obs_native::event::time;
use obs_native::monitor::Monitor;
use obs_native::report::SkillEntry;
use seeds::{Random, each_seed};

const NOON: i64 = 1_767_960_000_000;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
const WINDOWS: [(&str, i64); 3] = [("1h", HOUR_MS), ("24h", DAY_MS), ("7d", 7 * DAY_MS)];
const SKILLS: [&str; 5] = ["reader", "writer", "planner", "__proto__", "toString"];

/// Durations are quarters of a millisecond, so that sums are exact in any order.
fn line(random: &mut Random, at: i64) -> String {
    let rare = format!("rare {}", random.below(60));
    let skill = if random.once_in(30) { &rare } else { SKILLS[random.below(SKILLS.len())] };
    let result = ["success", "failure", "partial"][random.below(3)];
    let duration = random.below(100_000) as f64 / 4.0;
    let timestamp = if random.below(500) == 0 { "\"never\"".into() } else { format!("\"{}\"", time::iso(at)) };
    let mut line = String::new();
    let _ = writeln!(
        line,
        r#"{{"timestamp":{timestamp},"type":"skill_invocation","skill":"{skill}","result":"{result}","duration_ms":{duration},"cache_hit":false,"agent":"a","run_id":null,"cuj_id":null,"error":null,"metadata":{{}}}}"#
    );
    line
}

fn add(root: &Path, day: i64, lines: &str) {
    let folder = root.join(".claude/context/logs");
    fs::create_dir_all(&folder).unwrap();
    let name = format!("skill-invocations-{}.jsonl", time::day_text(day));
    let file = OpenOptions::new().create(true).append(true).open(folder.join(name));
    file.unwrap().write_all(lines.as_bytes()).unwrap();
}

/// The entries equal those of the questions that read every row that a window takes in.
fn check(monitor: &Monitor, now: i64) {
    let dashboard = monitor.dashboard(now as f64).unwrap();
    let entry = |label: String| {
        let found = dashboard.skills.0.iter().find(|(name, _)| name.as_json() == format!("\"{label}\""));
        found.unwrap().1.clone()
    };
    for (name, length) in WINDOWS {
        let filter = SkillFilter { from: Some(now - length), ..SkillFilter::default() };
        let performance = monitor.skill_performance(None, &filter, now as f64).unwrap();
        assert_eq!(entry(format!("{name}_performance")), SkillEntry::Performance(performance), "{name} at {now}");
        let statistics = monitor.statistics(None, &filter, now as f64).unwrap();
        assert_eq!(entry(name.into()), SkillEntry::Window(aggregate::skill_window(statistics)), "{name} at {now}");
    }
}

/// A past or present moment, mostly one after the other; some rows are late and stand in the file of another day.
fn moment(random: &mut Random, now: i64) -> (i64, i64) {
    let at = now - random.below(1000) as i64;
    match random.below(8) {
        0 => (time::day_of(at - DAY_MS), at - DAY_MS + random.below(HOUR_MS as usize) as i64),
        1 => (time::day_of(at), at - random.below(9 * DAY_MS as usize) as i64),
        _ => (time::day_of(at), at),
    }
}

#[test]
fn the_skills_of_the_dashboard_are_those_of_the_rows() {
    each_seed(8, |seed| {
        let mut random = Random::new(seed);
        let root = tempfile::tempdir().unwrap();
        let monitor = Monitor::open(root.path());
        let mut now = NOON + random.below(DAY_MS as usize) as i64;
        for back in (0..9).rev() {
            let day = time::day_of(now) - back;
            let rows = random.below(3000) as i64;
            let lines: String = (0..rows).map(|row| line(&mut random, day * DAY_MS + row * DAY_MS / rows)).collect();
            add(root.path(), day, &lines);
        }
        for _ in 0..25 {
            now += [10, 60_000, HOUR_MS, 5 * HOUR_MS][random.below(4)];
            let (day, at) = moment(&mut random, now);
            let text = line(&mut random, at);
            match random.below(12) {
                0 => fs::write(path_of(root.path(), day), &text).unwrap(),
                1 => drop(fs::remove_file(path_of(root.path(), day))),
                2 => monitor.close(),
                _ => add(root.path(), day, &text),
            }
            check(&monitor, now);
        }
    });
}

fn path_of(root: &Path, day: i64) -> std::path::PathBuf {
    root.join(".claude/context/logs").join(format!("skill-invocations-{}.jsonl", time::day_text(day)))
}

//! The columns in memory never show: after any history of the files every answer is that of reading them anew.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "a test panics when it is wrong, and its numbers are small"
)]

#[path = "support/apart.rs"]
mod apart;
#[path = "support/fault_disk.rs"]
mod fault_disk;
#[path = "support/fields.rs"]
mod fields;
#[path = "support/json.rs"]
mod json;
#[path = "support/rescan.rs"]
mod rescan;
#[path = "support/seeds.rs"]
mod seeds;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fault_disk::{FaultDisk, Other};
use json::{Json, text};
use obs_native::aggregate::{Resets, SkillFilter};
use obs_native::monitor::{Monitor, Stream as Followed};
use rescan::{EXECUTIONS, Filter, PROGRESS, PROVIDERS, SKILLS, Scan, Stream};
use seeds::{Random, each_seed};

const ROOT: &str = "/project";
const NOW: i64 = 1_767_977_312_275;
const DAY_MS: i64 = 86_400_000;

const IDS: [&str; 4] = ["CUJ-1", "__proto__", "\\ud800x", "\\u0043UJ-1"];
const PROVIDER_NAMES: [&str; 3] = ["anthropic", "openai", "constructor"];
const RUNS: [&str; 2] = ["run-1", "run-2"];
const SKILL_NAMES: [&str; 3] = ["reader", "writer", "toString"];

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

struct World {
    disk: FaultDisk,
    /// Two processes' worth of monitors; the second one writes only.
    monitors: [Monitor; 2],
    random: Random,
    now: i64,
    /// Lines that the full disk refused, by file.
    pending: Vec<(PathBuf, Vec<u8>)>,
    full: bool,
    serial: u64,
}

fn file(name: &str) -> PathBuf {
    Path::new(ROOT).join(".claude/context").join(name)
}

fn day_file(day: i64) -> PathBuf {
    let date = chrono::DateTime::from_timestamp_millis(day * DAY_MS).unwrap().format("%Y-%m-%d");
    file(&format!("logs/skill-invocations-{date}.jsonl"))
}

impl World {
    fn new(seed: u64) -> Self {
        let disk = FaultDisk::new(Path::new(ROOT));
        // Changes are dated after every clock jump, so that no file counts as too old for a range.
        disk.set_time(i128::from(NOW) * 3_000_000);
        let mut random = Random::new(seed);
        if random.once_in(2) {
            disk.reuse_inodes();
        }
        let open = || Monitor::on(Arc::new(disk.clone()), Path::new(ROOT));
        Self { monitors: [open(), open()], disk, random, now: NOW, pending: Vec::new(), full: false, serial: 0 }
    }

    fn streams(&self) -> [(Stream, PathBuf); 4] {
        [
            (EXECUTIONS, file("analytics/cuj-metrics.jsonl")),
            (PROVIDERS, file("analytics/provider-health.jsonl")),
            (PROGRESS, file("logs/progress.jsonl")),
            (SKILLS, day_file(self.now.div_euclid(DAY_MS))),
        ]
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.random.below(from.len())]
    }

    fn number(&mut self) -> String {
        let plain = self.random.below(4000);
        match self.random.below(12) {
            0 => "1e999".to_owned(),
            1 => "\"12\"".to_owned(),
            2 => "null".to_owned(),
            3 => format!("-{plain}"),
            4 => format!("{plain}.25"),
            _ => plain.to_string(),
        }
    }

    fn error(&mut self) -> String {
        let number = self.random.below(14);
        match self.random.below(5) {
            0 => "null".to_owned(),
            1 => "\"\"".to_owned(),
            2 => format!("\"t\\u0069meout {number}\""),
            _ => format!("\"timeout {number}\""),
        }
    }

    /// Records through a monitor.
    fn record(&mut self) {
        let second = usize::from(self.random.once_in(3));
        let kind = self.random.below(4);
        let (stream, path) = self.streams()[kind].clone();
        let (number, error, success) = (self.number(), self.error(), self.pick(&["true", "false"]));
        let number = number.replace("\"12\"", "12").replace("1e999", "null");
        let now = self.now as f64;
        let fields = match stream.id {
            Some("cuj_id") => fields::execution(&quoted(self.pick(&IDS)), success, &number, &error, "{}"),
            Some("provider") => fields::call(&quoted(self.pick(&PROVIDER_NAMES)), success, &number, &error),
            None => fields::event(&quoted(self.pick(&RUNS)), &number),
            Some(_) => {
                let (name, result) =
                    (quoted(self.pick(&SKILL_NAMES)), quoted(self.pick(&["success", "failure", "other"])));
                fields::skill(&name, &result, &number, success, self.pick(&["null", "\"CUJ-1\""]))
            }
        };
        let monitor = &self.monitors[second];
        match stream.id {
            Some("cuj_id") => monitor.record_execution(fields.as_bytes(), now),
            Some("provider") => monitor.record_provider_call(fields.as_bytes(), now),
            None => monitor.record_progress(fields.as_bytes(), now),
            Some(_) => monitor.record_skill(None, fields.as_bytes(), now),
        }
        .unwrap();
        if self.full {
            // Only what the first monitor holds is seen by it.
            if second == 0 {
                self.pending.push((path, monitor.last_record().into_bytes()));
            }
        }
    }

    /// A line as another program may write it.
    fn line(&mut self, stream: Stream) -> String {
        self.serial += 1;
        let near = self.now - 3_600_000 + self.random.below(90) as i64 * 60_000 - self.random.below(3) as i64 * DAY_MS;
        // A clock without its battery, and one that is ahead.
        let at = *self.random.pick(&[near, near, near, near, near, near, near, 1000, self.now + 400 * DAY_MS]);
        let iso = chrono::DateTime::from_timestamp_millis(at).unwrap().format("%Y-%m-%dT%H:%M:%S%.3f").to_string();
        let stamp = match self.random.below(10) {
            0 => "\"yesterday\"".to_owned(),
            1 => format!("\"{iso}\""),
            2 => at.to_string(),
            3 => format!("\"{iso}+05:30\""),
            4 => "null".to_owned(),
            _ => format!("\"{iso}Z\""),
        };
        let (number, error, success) =
            (self.number(), self.error(), self.pick(&["true", "false", "0", "\"no\"", "null"]));
        let serial = self.serial;
        match stream.id {
            Some("cuj_id") => {
                let id = self.pick(&IDS);
                let extra = if self.random.once_in(8) {
                    format!(",\"duration_ms\":{number},\"cuj_id\":\"CUJ-1\"")
                } else {
                    String::new()
                };
                format!(
                    "{{\"timestamp\":{stamp},\"cuj_id\":\"{id}\",\"success\":{success},\"duration_ms\":{number},\"error\":{error},\"metadata\":{{\"n\":{serial}}}{extra}}}"
                )
            }
            Some("provider") => {
                let id = self.pick(&PROVIDER_NAMES);
                format!(
                    "{{\"timestamp\":{stamp},\"iso_timestamp\":\"{iso}Z\",\"provider\":\"{id}\",\"success\":{success},\"latency_ms\":{number},\"error\":{error}}}"
                )
            }
            None => {
                let run = self.pick(&RUNS);
                format!(
                    "{{\"timestamp\":{stamp},\"iso_timestamp\":\"{iso}Z\",\"run_id\":\"{run}\",\"step\":{serial},\"status\":\"running\",\"percentage\":5}}"
                )
            }
            Some(_) => {
                let (skill, result) = (self.pick(&SKILL_NAMES), self.pick(&["success", "failure"]));
                let agent = if self.random.once_in(4) { "" } else { ",\"agent\":\"main\"" };
                format!(
                    "{{\"timestamp\":{stamp},\"type\":\"skill_invocation\",\"skill\":\"{skill}\",\"params\":\"{{}}\",\"result\":\"{result}\",\"duration_ms\":{number},\"cache_hit\":{success}{agent},\"cuj_id\":null}}"
                )
            }
        }
    }

    /// What another program appends.
    fn foreign(&mut self, stream: Stream) -> Vec<u8> {
        let line = self.line(stream);
        let cut = 1 + self.random.below(line.len());
        let half = String::from_utf8_lossy(&line.as_bytes()[..cut]).into_owned();
        match self.random.below(16) {
            0 => half,
            1 => line,
            2 => "\n".to_owned(),
            3 => format!("{half}{}\n", self.line(stream)),
            4 => format!("{line}{}\n", self.line(stream)),
            5 => format!("\0\0\0{line}\n"),
            6 => format!("{line}\r\n"),
            7 => "\r\n \n\t\n".to_owned(),
            8 => self
                .pick(&[
                    "[1,2]\n",
                    "{}\n",
                    "null\n",
                    "\u{feff}{}\n",
                    "{\"cuj_id\":\"\"}\n",
                    "}\n",
                    "\x0c\n",
                    " ",
                    "\x0c",
                ])
                .to_owned(),
            9 => format!("{{\"metadata\":{{\"in\":{line}}}}}\n"),
            10 => format!("{half}\n"),
            11 => format!("{}\n", line.replace("\"metadata\"", "\"meta\\u0064ata\"")),
            _ => format!("{line}\n"),
        }
        .into_bytes()
    }

    fn step(&mut self) {
        let at = self.random.below(4);
        let (stream, path) = self.streams()[at].clone();
        let content = self.disk.content(&path);
        let act = match self.random.below(26) {
            0..7 => return self.record(),
            7 => {
                // Clock jumps, also over midnight and back.
                self.now +=
                    [DAY_MS, -DAY_MS, 3_600_000, -3_600_000, 1, 40 * DAY_MS, -40 * DAY_MS][self.random.below(7)];
                return;
            }
            8 => {
                self.disk.tick(60);
                return;
            }
            9 => return self.toggle_full(),
            10 => Other::Rename(path.clone(), path.with_extension("1")),
            11 => Other::Remove(path),
            12 => Other::Write(path, content[..self.random.below(content.len() + 1)].to_vec()),
            13 => {
                // Cut and written anew, longer than before.
                let mut new = Vec::new();
                while new.len() <= content.len() {
                    new.extend(self.line(stream).into_bytes());
                    new.push(b'\n');
                }
                Other::Write(path, new)
            }
            14 | 15 => {
                // As long as before, with another content.
                let mut new = content;
                for byte in &mut new {
                    if byte.is_ascii_digit() && self.random.once_in(8) {
                        *byte = b'1' + (*byte - b'0') % 9;
                    }
                }
                if self.random.once_in(2) {
                    self.disk.act(&Other::Remove(path.clone()));
                }
                Other::Write(path, new)
            }
            16 => {
                let new = path.with_extension("new");
                self.disk.act(&Other::Write(
                    new.clone(),
                    String::from_utf8_lossy(&content).replace("true", "null").into_bytes(),
                ));
                Other::Rename(new, path)
            }
            17 => {
                self.monitors[0].close();
                return;
            }
            _ => Other::Append(path, self.foreign(stream)),
        };
        self.disk.act(&act);
    }

    fn toggle_full(&mut self) {
        self.full = !self.full;
        self.disk.set_free(self.full.then_some(0));
        if !self.full {
            self.monitors.iter().for_each(Monitor::flush);
            self.pending.clear();
        }
    }

    fn scan(&self, stream: Stream, path: &Path) -> Scan {
        let mut scan = Scan::of(stream, &self.disk.content(path));
        let waiting = self.pending.iter().filter(|(own, _)| own == path);
        scan.records.extend(waiting.filter_map(|(_, line)| Json::read(line)));
        scan
    }

    fn check(&self) {
        // What waits in the second monitor comes into the files whenever it tries again, so it tries before the look.
        self.monitors[1].flush();
        let now = self.now as f64;
        let monitor = &self.monitors[0];
        let [(_, executions), (_, providers), (_, progress), (_, today)] = self.streams();
        self.check_executions(&self.scan(EXECUTIONS, &executions), now);
        let calls = self.scan(PROVIDERS, &providers);
        let none = Resets::default();
        same("all providers", &monitor.all_provider_health(&none).unwrap(), &rescan::all_provider_health(&calls));
        for name in PROVIDER_NAMES {
            let health = monitor.provider_health(format!("\"{name}\"").as_bytes(), &none).unwrap();
            same("provider", &health, &rescan::provider_health(&calls, &text(name)));
        }
        let events = self.scan(PROGRESS, &progress);
        same_pieces(
            "history",
            &monitor.progress_history(None, None).unwrap(),
            &rescan::progress_history(&events, None, usize::MAX),
        );
        for run in RUNS {
            let id = format!("\"{run}\"");
            let found = monitor.progress_history(Some(id.as_bytes()), Some(3)).unwrap();
            let expected = rescan::progress_history(&events, Some(&text(run)), 3);
            same_pieces("history of a run", &found, &expected);
            let current = monitor.current_progress(id.as_bytes()).unwrap();
            let Json::Array(all) = rescan::progress_history(&events, Some(&text(run)), usize::MAX) else { panic!() };
            assert_eq!(current.map(|text| Json::read(text.as_bytes()).unwrap()).as_ref(), all.last(), "current");
        }
        self.check_skills(&today, now);
    }

    fn check_executions(&self, scan: &Scan, now: f64) {
        let monitor = &self.monitors[0];
        for window in [None, Some(0.0), Some(3_600_000.0), Some(86_400_000.0), Some(1.0)] {
            same("all metrics", &monitor.all_metrics(window, now).unwrap(), &rescan::all_metrics(scan, window, now));
            for token in IDS.map(|id| format!("\"{id}\"")).into_iter().chain(["null".into(), "\"\"".into()]) {
                let id = Json::read(token.as_bytes()).unwrap();
                let token = token.as_bytes();
                same(
                    "rate",
                    &monitor.success_rate(token, window, now).unwrap(),
                    &rescan::success_rate(scan, &id, window, now),
                );
                same(
                    "failures",
                    &monitor.failures(token, window, now).unwrap(),
                    &rescan::failures(scan, &id, window, now),
                );
                let expected = rescan::percentiles(scan, &id, window, now);
                same("percentiles", &monitor.percentiles(token, window, now).unwrap(), &expected);
            }
        }
        for (token, id) in [("\"CUJ-1\"", text("CUJ-1")), ("null", Json::Null)] {
            let expected = rescan::trending(scan, &id, 6, 900_000.5, now);
            same("trending", &monitor.trending(token.as_bytes(), 6, 900_000.5, now).unwrap(), &expected);
        }
    }

    fn check_skills(&self, today: &Path, now: f64) {
        let monitor = &self.monitors[0];
        let mut paths: Vec<PathBuf> = self.disk.files().into_keys().collect();
        paths.extend(self.pending.iter().map(|(path, _)| path.clone()));
        paths.retain(|path| {
            path.to_string_lossy().contains("skill-invocations-") && path.extension().unwrap() == "jsonl"
        });
        paths.sort();
        paths.dedup();
        let all: Vec<Scan> = paths.iter().map(|path| self.scan(SKILLS, path)).collect();
        let one = [self.scan(SKILLS, today)];
        let (from, to) = (Some(self.now - 2 * DAY_MS), Some(self.now - 1_800_000));
        // No program puts a record into the file of a later day.
        let last = day_file((self.now - 1_800_000).div_euclid(DAY_MS));
        let until: Vec<Scan> = paths.iter().filter(|path| **path <= last).map(|path| self.scan(SKILLS, path)).collect();
        let far = Some(-8_640_000_000_000_000);
        let fields = |key: &'static str, value: &str| vec![(key, text(value))];
        let filters = [
            ("today", &one[..], Filter::default()),
            ("today limited", &one, Filter { limit: Some(2), ..Filter::default() }),
            ("by skill", &one, Filter { fields: fields("skill", "reader"), ..Filter::default() }),
            ("all", &all, Filter { from: far, ..Filter::default() }),
            ("from", &all, Filter { from, ..Filter::default() }),
            ("range", &until, Filter { from, to, fields: fields("result", "success"), limit: Some(3) }),
        ];
        for (name, days, filter) in filters {
            let named = |(key, value): &(&str, Json)| {
                let Json::Text(units) = value else { panic!() };
                (SkillFilter::field(key).unwrap(), format!("\"{}\"", String::from_utf16_lossy(units)).into_bytes())
            };
            let asked = SkillFilter {
                fields: filter.fields.iter().map(named).collect(),
                from: filter.from,
                to: filter.to,
                limit: filter.limit,
            };
            let expected = rescan::query_logs(days, &filter).into_iter().cloned().collect();
            same_pieces(name, &monitor.query_logs(None, &asked, now).unwrap(), &Json::Array(expected));
            same(name, &monitor.statistics(None, &asked, now).unwrap(), &rescan::statistics(days, &filter));
        }
        self.check_skipped(&all);
    }

    /// By now every file was asked.
    fn check_skipped(&self, skills: &[Scan]) {
        if self.pending.is_empty() {
            let streams = self.streams();
            let rest = streams[..3].iter().map(|(stream, path)| self.scan(*stream, path).skipped).sum::<usize>();
            let skipped = rest + skills.iter().map(|scan| scan.skipped).sum::<usize>();
            assert_eq!(self.monitors[0].health().skipped_lines, skipped as u64, "skipped lines");
        }
    }
}

fn same(what: &str, found: &impl serde::Serialize, expected: &Json) {
    let found = serde_json::to_string(found).unwrap();
    assert_eq!(Json::read(found.as_bytes()).as_ref(), Some(expected), "{what}");
}

fn same_pieces(what: &str, pieces: &[String], expected: &Json) {
    let all = pieces.iter().flat_map(|piece| match Json::read(piece.as_bytes()) {
        Some(Json::Array(values)) => values,
        other => panic!("{what}: {other:?}"),
    });
    assert_eq!(&Json::Array(all.collect()), expected, "{what}");
}

#[test]
fn i3_i4_i5_w13_every_answer_equals_that_of_a_rescan_after_each_step() {
    each_seed(10_000, |seed| {
        let mut world = World::new(seed);
        for _ in 0..=world.random.below(7) {
            for _ in 0..=world.random.below(3) {
                world.step();
            }
            let shown = Shown(&world);
            world.check();
            std::mem::forget(shown);
        }
    });
}

/// Shows the files when a check panics.
struct Shown<'a>(&'a World);

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        for (path, content) in self.0.disk.files() {
            eprintln!("{}\n{}", path.display(), String::from_utf8_lossy(&content));
        }
    }
}

#[test]
fn i3_i5_a_reset_hides_the_calls_before_it_until_the_file_is_another_one() {
    let disk = FaultDisk::new(Path::new(ROOT));
    let monitor = Monitor::on(Arc::new(disk.clone()), Path::new(ROOT));
    let path = file("analytics/provider-health.jsonl");
    let call = || {
        monitor.record_provider_call(fields::call("\"openai\"", "true", "5", "null").as_bytes(), NOW as f64).unwrap()
    };
    let total = |resets: &Resets| {
        let health = monitor.overall_health(resets).unwrap();
        health.providers.map_or(0, |all| all.0[0].1.total_calls)
    };
    // The file is replaced once, so that it is not the first one that the monitor sees.
    call();
    assert_eq!(total(&Resets::default()), 1);
    disk.act(&Other::Remove(path.clone()));
    assert_eq!(total(&Resets::default()), 0);
    for _ in 0..3 {
        call();
    }
    let resets = Resets { all: Some(monitor.provider_mark().unwrap()), ..Resets::default() };
    assert_eq!(total(&resets), 0);
    // While a record waits, the answer comes from other columns.
    disk.set_free(Some(0));
    call();
    assert_eq!(total(&resets), 1);
    let later = Resets { all: Some(monitor.provider_mark().unwrap()), ..Resets::default() };
    disk.set_free(None);
    assert_eq!((total(&later), total(&resets)), (0, 1));
    // A last line that goes on makes the reader start over in the same file.
    disk.act(&Other::Append(path.clone(), br#"{"provider":"openai"}"#.to_vec()));
    assert_eq!(total(&resets), 2);
    disk.act(&Other::Append(path.clone(), b" damaged\n".to_vec()));
    assert_eq!(total(&resets), 2);
    monitor.close();
    assert_eq!(total(&resets), 2);
    disk.act(&Other::Remove(path));
    call();
    assert_eq!(total(&resets), 1, "a new file has nothing to hide");
}

#[test]
fn w1_while_the_disk_refuses_records_a_question_reads_nothing_again() {
    let disk = FaultDisk::new(Path::new(ROOT));
    let monitor = Monitor::on(Arc::new(disk.clone()), Path::new(ROOT));
    let fields = fields::execution("\"A\"", "true", "5", "null", "{}");
    let record = || monitor.record_execution(fields.as_bytes(), NOW as f64);
    let total = || monitor.success_rate(b"\"A\"", None, NOW as f64).unwrap().total;
    for _ in 0..3 {
        record().unwrap();
    }
    disk.set_free(Some(0));
    for held in 1..=20 {
        record().unwrap();
        let before = disk.calls().len();
        assert_eq!((total(), total()), (3 + held, 3 + held));
        let reads = disk.calls()[before..].iter().filter(|&&call| call == "read_at").count();
        // Each question has the writer try again, which looks at the file's last byte.
        assert!(held == 1 || reads <= 2, "{reads} reads with {held} records held");
    }
    disk.set_free(None);
    assert_eq!(total(), 23);
}

#[test]
fn i3_a_reset_hides_nothing_of_a_file_written_anew_whose_inode_and_first_line_are_the_same() {
    let disk = FaultDisk::new(Path::new(ROOT));
    let path = file("analytics/provider-health.jsonl");
    let call =
        |at: usize| format!("{{\"timestamp\":{at},\"provider\":\"openai\",\"success\":true,\"latency_ms\":5}}\n");
    let written =
        |rest: usize| (0..20).map(|n| call(if n == 0 { 1 } else { rest + n })).collect::<String>().into_bytes();
    disk.act(&Other::Write(path.clone(), written(1_000)));
    let monitor = Monitor::on(Arc::new(disk.clone()), Path::new(ROOT));
    let total = |resets: &Resets| {
        let health = monitor.overall_health(resets).unwrap();
        health.providers.map_or(0, |all| all.0[0].1.total_calls)
    };
    let resets = Resets { all: Some(monitor.provider_mark().unwrap()), ..Resets::default() };
    assert_eq!(total(&resets), 0);
    disk.act(&Other::Append(path.clone(), call(9).into_bytes()));
    assert_eq!(total(&resets), 1);
    disk.act(&Other::Write(path, written(5_000)));
    assert_eq!(total(&resets), 20);
}

#[test]
fn w12_w13_a_file_cut_and_written_anew_with_lines_that_end_alike_is_read_anew() {
    let disk = FaultDisk::new(Path::new(ROOT));
    let monitor = Monitor::on(Arc::new(disk.clone()), Path::new(ROOT));
    let path = file("analytics/cuj-metrics.jsonl");
    let line = |second: usize, id: &str| {
        format!(
            "{{\"timestamp\":\"2026-01-09T16:48:{second:02}.275Z\",\"cuj_id\":\"{id}\",\"success\":true,\"duration_ms\":1200,\"error\":null,\"metadata\":{{}}}}\n"
        )
    };
    let old: String = (0..10).map(|second| line(second, "A")).collect();
    disk.act(&Other::Write(path.clone(), old.into_bytes()));
    assert_eq!(monitor.success_rate(b"\"A\"", None, NOW as f64).unwrap().total, 10);
    let new: String = (20..40).map(|second| line(second, "B")).collect();
    disk.act(&Other::Write(path, new.into_bytes()));
    assert_eq!(monitor.success_rate(b"\"A\"", None, NOW as f64).unwrap().total, 0);
    assert_eq!(monitor.success_rate(b"\"B\"", None, NOW as f64).unwrap().total, 20);
}

#[test]
fn i4_an_edit_in_the_middle_of_a_large_file_is_seen_and_a_touch_of_a_followed_file_is_not() {
    let disk = FaultDisk::new(Path::new(ROOT));
    let monitor = Monitor::on(Arc::new(disk.clone()), Path::new(ROOT));
    let path = file("analytics/cuj-metrics.jsonl");
    (0..100).for_each(|_| {
        assert!(
            monitor
                .record_execution(fields::execution("\"A\"", "true", "5", "null", "{}").as_bytes(), NOW as f64)
                .is_ok()
        );
    });
    let rate = |id: &[u8]| monitor.success_rate(id, None, NOW as f64).unwrap().total;
    assert_eq!(rate(b"\"A\""), 100);
    let mut content = disk.content(&path);
    let middle = content.len() / 2 + content[content.len() / 2..].iter().position(|&byte| byte == b'A').unwrap();
    content[middle] = b'B';
    disk.act(&Other::Write(path, content));
    assert_eq!((rate(b"\"A\""), rate(b"\"B\"")), (99, 1));

    let progress = file("logs/progress.jsonl");
    let event = |step: u32| format!("{{\"run_id\":\"r\",\"step\":{step}}}\n").into_bytes();
    disk.act(&Other::Append(progress.clone(), event(1).repeat(200)));
    let mut follower = monitor.follow(Followed::Progress, NOW as f64);
    disk.act(&Other::Write(progress.clone(), disk.content(&progress)));
    assert!(follower.read(NOW as f64).is_empty(), "nothing was appended");
    disk.act(&Other::Append(progress, event(2)));
    assert_eq!(follower.read(NOW as f64), [r#"[{"run_id":"r","step":2}]"#]);
}

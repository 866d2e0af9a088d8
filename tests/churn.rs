//! Files that are written, cut, rotated, removed and replaced without a pause, while threads and processes ask about them: each
//! answer is that of a rescan of some moment between question and answer. A minute, and an hour with `OBS_LONG=1`.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test panics when it is wrong")]

#[path = "support/fault_disk.rs"]
mod fault_disk;
#[path = "support/seeds.rs"]
mod seeds;

use std::collections::VecDeque;
use std::fs::{self, OpenOptions};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use fault_disk::{FaultDisk, Other};
use obs_native::aggregate::SkillFilter;
use obs_native::monitor::Monitor;
use seeds::{Random, long};

const NOW: f64 = 1_767_977_312_275.0;
const FILES: [&str; 2] = ["analytics/cuj-metrics.jsonl", "logs/skill-invocations-2026-01-09.jsonl"];
const QUESTIONS: usize = 3;

/// A line of one of the files; those with the same number are the same.
fn line(file: usize, number: u64) -> String {
    let pad = "x".repeat(usize::try_from(number % 97).unwrap() * if number.is_multiple_of(50) { 200 } else { 3 });
    let at = r#""timestamp":"2026-01-09T16:48:32.275Z""#;
    let ok = number.is_multiple_of(3);
    if file == 0 {
        let id = number % 3;
        return format!(
            r#"{{{at},"cuj_id":"CUJ-{id}","success":{ok},"duration_ms":{number},"error":"E{number} {pad}"}}"#
        );
    }
    let result = if ok { "success" } else { "failure" };
    format!(
        r#"{{{at},"type":"skill_invocation","skill":"s{}","params":"{pad}","result":"{result}","n":{number}}}"#,
        number % 5
    )
}

fn ask(monitor: &Monitor, file: usize, question: usize) -> String {
    match (file, question) {
        (0, 0) => json(&monitor.all_metrics(None, NOW).unwrap()),
        (0, 1) => json(&monitor.failures(b"\"CUJ-1\"", None, NOW).unwrap()),
        (0, _) => json(&monitor.failures(b"null", None, NOW).unwrap()),
        (_, 0) => json(&monitor.statistics(None, &SkillFilter::default(), NOW).unwrap()),
        (_, 1) => json(&monitor.query_logs(None, &SkillFilter::default(), NOW).unwrap().concat()),
        _ => json(&monitor.skill_performance(None, &SkillFilter::default(), NOW).unwrap()),
    }
}

fn json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

/// What a file held at one moment, and what a rescan of it says.
struct Moment {
    content: Vec<u8>,
    answers: [OnceLock<String>; QUESTIONS],
}

impl Moment {
    fn answer(&self, file: usize, question: usize) -> &str {
        self.answers[question].get_or_init(|| {
            let root = Path::new("/project");
            let disk = FaultDisk::new(root);
            disk.act(&Other::Write(root.join(".claude/context").join(FILES[file]), self.content.clone()));
            ask(&Monitor::on(Arc::new(disk), root), file, question)
        })
    }
}

/// The last moments of a file, and the number of the first of them.
#[derive(Default)]
struct Moments {
    first: u64,
    last: VecDeque<Arc<Moment>>,
    bytes: usize,
}

impl Moments {
    const MOST_BYTES: usize = 128 << 20;

    fn push(&mut self, content: &[u8]) {
        self.bytes += content.len();
        self.last.push_back(Arc::new(Moment { content: content.to_vec(), answers: Default::default() }));
        while self.bytes > Self::MOST_BYTES && self.last.len() > 1 {
            self.bytes -= self.last.pop_front().map_or(0, |moment| moment.content.len());
            self.first += 1;
        }
    }

    fn count(&self) -> u64 {
        self.first + self.last.len() as u64
    }
}

/// One file, and who changes it. A change is over before its moments are told.
struct Churn {
    file: usize,
    path: PathBuf,
    moments: Mutex<Moments>,
    changing: Mutex<()>,
    over: AtomicBool,
    asked: AtomicU64,
    unknown: AtomicU64,
}

impl Churn {
    fn new(root: &Path, file: usize) -> Self {
        let path = root.join(".claude/context").join(FILES[file]);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let churn = Self {
            file,
            path,
            moments: Mutex::default(),
            changing: Mutex::default(),
            over: AtomicBool::new(false),
            asked: AtomicU64::new(0),
            unknown: AtomicU64::new(0),
        };
        churn.moments.lock().unwrap().push(b"");
        churn
    }

    fn append(&self, bytes: &[u8]) {
        OpenOptions::new().append(true).create(true).open(&self.path).unwrap().write_all(bytes).unwrap();
    }

    fn replace(&self, bytes: &[u8]) {
        let new = self.path.with_extension("new");
        fs::write(&new, bytes).unwrap();
        fs::rename(new, &self.path).unwrap();
    }

    fn cut(&self, length: usize) {
        if let Ok(file) = OpenOptions::new().write(true).open(&self.path) {
            file.set_len(length as u64).unwrap();
        }
    }

    /// Changes the file once, with one call that changes what stands under its name.
    fn change(&self, content: &[u8], random: &mut Random, next: &mut u64) {
        let mut lines = |count: usize| {
            let numbers = *next..*next + count as u64;
            *next = numbers.end;
            numbers.map(|number| line(self.file, number) + "\n").collect::<String>().into_bytes()
        };
        let large = content.len() > 60_000;
        match random.below(if large { 8 } else { 40 }) {
            0 => drop(fs::rename(&self.path, self.path.with_extension("1"))),
            1 => drop(fs::remove_file(&self.path)),
            2 => {
                let _ = fs::copy(&self.path, self.path.with_extension("1"));
                self.cut(0);
            }
            3 => {
                let ends: Vec<usize> = memchr::memchr_iter(b'\n', content).map(|end| end + 1).collect();
                self.cut(if ends.is_empty() { 0 } else { *random.pick(&ends) });
            }
            4 => self.replace(&lines(1 + random.below(40))),
            5 if random.once_in(8) => self.replace(&lines(9_000)),
            6 => {
                let whole = lines(1);
                self.append(&whole[..=random.below(whole.len() - 1)]);
            }
            _ => self.append(&lines(1 + random.below(5))),
        }
    }

    fn run(&self, seed: u64) {
        let mut random = Random::new(seed);
        let (mut content, mut next) = (Vec::new(), 0);
        while !self.over.load(Ordering::Relaxed) {
            let changing = self.changing.lock().unwrap();
            self.change(&content, &mut random, &mut next);
            let now = fs::read(&self.path).unwrap_or_default();
            let mut moments = self.moments.lock().unwrap();
            if now.starts_with(&content) && now.len() - content.len() < 60_000 {
                // A reader may see a part of what one call appends.
                let ends = memchr::memchr_iter(b'\n', &now[content.len()..]).map(|end| content.len() + end + 1);
                ends.for_each(|end| moments.push(&now[..end]));
            }
            moments.push(&now);
            drop(moments);
            drop(changing);
            content = now;
            if random.once_in(4) {
                std::thread::sleep(Duration::from_micros(random.below(3_000) as u64));
            }
        }
    }

    /// Asks, and compares with the moments from the one before the question to the one after the answer.
    fn check(&self, question: usize, answer: impl FnOnce() -> String) {
        let before = self.moments.lock().unwrap().count() - 1;
        let answer = answer();
        drop(self.changing.lock().unwrap());
        let moments = self.moments.lock().unwrap();
        let known = before.checked_sub(moments.first).and_then(|place| usize::try_from(place).ok());
        let between: Option<Vec<Arc<Moment>>> = known.map(|place| moments.last.iter().skip(place).cloned().collect());
        let sizes: Vec<usize> = moments.last.iter().map(|moment| moment.content.len()).collect();
        drop(moments);
        self.asked.fetch_add(1, Ordering::Relaxed);
        let Some(between) = between else {
            self.unknown.fetch_add(1, Ordering::Relaxed);
            return;
        };
        if between.iter().rev().any(|moment| moment.answer(self.file, question) == answer) {
            return;
        }
        self.over.store(true, Ordering::Relaxed);
        let last = between.last().map_or("", |moment| moment.answer(self.file, question));
        let sizes = &sizes[sizes.len().saturating_sub(between.len() + 4)..];
        panic!(
            "none of {} moments answers question {question} of {} with\n{answer}\nthe last one says\n{last}\nsizes, from four moments before on: {sizes:?}",
            between.len(),
            FILES[self.file]
        );
    }

    fn ask_in_thread(&self, monitor: &Monitor, seed: u64) {
        let mut random = Random::new(seed);
        while !self.over.load(Ordering::Relaxed) {
            let question = random.below(QUESTIONS);
            self.check(question, || ask(monitor, self.file, question));
        }
    }

    fn ask_in_process(&self, root: &Path, seed: u64) {
        let mut random = Random::new(seed);
        let mut reader = Reader::start(root);
        while !self.over.load(Ordering::Relaxed) {
            let question = random.below(QUESTIONS);
            self.check(question, || reader.ask(self.file, question));
            if random.once_in(500) {
                reader = Reader::start(root);
            }
        }
    }
}

/// This program once more, as a process that only answers.
struct Reader {
    child: Child,
    answers: std::io::Lines<BufReader<std::process::ChildStdout>>,
}

const MARK: &str = "\u{1}answer ";

impl Reader {
    fn start(root: &Path) -> Self {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "a_reader_in_a_process_of_its_own", "--nocapture"]).env("OBS_TEST_CHURN_ROOT", root);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, answers }
    }

    fn ask(&mut self, file: usize, question: usize) -> String {
        writeln!(self.child.stdin.as_ref().unwrap(), "{file} {question}").unwrap();
        let mut lines = self.answers.by_ref().map(Result::unwrap);
        lines.find_map(|line| Some(line.split_once(MARK)?.1.to_owned())).unwrap()
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// Does nothing but for [`Reader`].
#[test]
fn a_reader_in_a_process_of_its_own() {
    let Some(root) = std::env::var_os("OBS_TEST_CHURN_ROOT") else { return };
    let monitor = Monitor::open(Path::new(&root));
    for asked in std::io::stdin().lines().map(Result::unwrap) {
        let (file, question) = asked.split_once(' ').unwrap();
        println!("{MARK}{}", ask(&monitor, file.parse().unwrap(), question.parse().unwrap()));
    }
}

#[test]
fn every_answer_is_that_of_a_rescan_of_some_moment_between_question_and_answer() {
    let root = tempfile::tempdir().unwrap();
    let length = Duration::from_secs(if long() { 3_600 } else { 60 });
    let seed = std::env::var("OBS_TEST_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok())
        .unwrap_or_else(|| std::time::UNIX_EPOCH.elapsed().unwrap().as_secs());
    eprintln!("OBS_TEST_SEED={seed}");
    let shared = Monitor::open(root.path());
    let files = [0, 1].map(|file| Churn::new(root.path(), file));
    std::thread::scope(|scope| {
        for (churn, seed) in files.iter().zip(seed * 10..) {
            scope.spawn(move || churn.run(seed));
            scope.spawn(|| churn.ask_in_thread(&shared, 1));
            scope.spawn(|| churn.ask_in_thread(&shared, 2));
            scope.spawn(|| churn.ask_in_thread(&Monitor::open(root.path()), 3));
            scope.spawn(|| churn.ask_in_process(root.path(), 4));
        }
        let end = Instant::now() + length;
        while Instant::now() < end && files.iter().all(|churn| !churn.over.load(Ordering::Relaxed)) {
            std::thread::sleep(Duration::from_millis(20));
        }
        files.iter().for_each(|churn| churn.over.store(true, Ordering::Relaxed));
    });
    for churn in &files {
        let [asked, unknown] = [&churn.asked, &churn.unknown].map(|count| count.load(Ordering::Relaxed));
        eprintln!("{}: {} moments, {asked} questions", FILES[churn.file], churn.moments.lock().unwrap().count());
        assert!(unknown * 10 < asked, "{unknown} of {asked} questions took too long to compare");
    }
}

//! Every call of the store with every fault, once and for good, and a crash there; then recovery.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "a test panics when it is wrong, and its numbers are small"
)]

#[path = "support/fault_disk.rs"]
mod fault_disk;
#[path = "support/lines.rs"]
mod lines;
#[path = "support/seeds.rs"]
mod seeds;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use fault_disk::{ERRNOS, Fault, FaultDisk, Other, Plan};
use lines::{damaged, execution, foreign, numbers, skill};
use obs_native::aggregate::SkillFilter;
use obs_native::monitor::{Monitor, Settings};
use obs_native::store::{Durability, Reason};
use rustix::io::Errno;
use seeds::{Random, each_seed};

const ROOT: &str = "/project";
const NOW: f64 = 1_767_977_312_275.0;
const DAY_MS: f64 = 86_400_000.0;

fn executions_path() -> PathBuf {
    Path::new(ROOT).join(".claude/context/analytics/cuj-metrics.jsonl")
}

fn dashboard_path() -> PathBuf {
    Path::new(ROOT).join(".claude/context/analytics/metrics-dashboard.json")
}

#[derive(Debug, Clone)]
enum Step {
    Execution,
    Skill(f64),
    Query,
    Flush,
    Close,
    Tick,
    Dashboard,
    Act(Other),
}

/// A process with its disk, and what it was told.
struct Rig {
    disk: FaultDisk,
    monitor: Monitor,
    durability: Durability,
    next: i64,
    /// Accepted records that another program removed or that an earlier process was told of.
    removed: u64,
    rotated: bool,
    /// Other programs append between our calls.
    others: bool,
    /// Accepted at the end of the last call that the process survived.
    acknowledged: u64,
}

fn open(disk: &FaultDisk, durability: Durability) -> Monitor {
    let monitor = Monitor::on(Arc::new(disk.clone()), Path::new(ROOT));
    monitor.configure(&Settings { durability: Some(durability), ..Settings::default() }).unwrap();
    monitor
}

impl Rig {
    fn new(durability: Durability) -> Self {
        let disk = FaultDisk::new(Path::new(ROOT));
        let monitor = open(&disk, durability);
        Self { disk, monitor, durability, next: 0, removed: 0, rotated: false, others: false, acknowledged: 0 }
    }

    fn execution(&mut self) {
        self.monitor.record_execution(&execution(self.next), NOW).unwrap();
        self.next += 1;
        self.acknowledge();
    }

    fn acknowledge(&mut self) {
        if !self.disk.is_dead() {
            self.acknowledged = self.monitor.health().counts.accepted;
        }
    }

    fn step(&mut self, step: &Step) {
        match step {
            Step::Execution => self.execution(),
            Step::Skill(days) => {
                self.monitor.record_skill(None, &skill(self.next), NOW + days * DAY_MS).unwrap();
                self.next += 1;
            }
            Step::Query => self.query(),
            Step::Flush => self.monitor.flush(),
            Step::Close => self.monitor.close(),
            Step::Tick => self.disk.tick(100),
            Step::Dashboard => self.save_dashboard(),
            Step::Act(other) => {
                match other {
                    Other::RemoveDir(_) => self.removed = self.monitor.health().counts.accepted,
                    Other::Rename(..) => self.rotated = true,
                    _ => {}
                }
                self.disk.act(other);
            }
        }
        self.acknowledge();
        self.adds_up();
    }

    /// A query sees what is accepted and what is pending, each once, or says that it cannot read.
    fn query(&self) {
        let Ok(first) = self.monitor.success_rate(br#""CUJ-1""#, None, NOW) else { return };
        let counts = self.monitor.health().counts;
        let filter = SkillFilter { from: Some(-8_640_000_000_000_000), ..SkillFilter::default() };
        let Ok(skills) = self.monitor.statistics(None, &filter, NOW) else { return };
        // Each question tries what is pending again, and the second one may drop what the first one saw.
        let settled = self.monitor.health().counts.dropped == counts.dropped;
        if settled && !self.rotated && self.removed == 0 && !self.disk.is_dead() {
            let seen = first.total + skills.total_invocations;
            // A line that lacks only its newline is taken for readable until the next try shows that others glued theirs to it.
            let hidden = u64::from(self.others && counts.pending > 0);
            let all = counts.accepted + counts.pending;
            assert!((all - hidden..=all).contains(&seen), "{seen} of {counts:?} {:#?}", self.texts());
        }
    }

    /// The dashboard is the old one or the new one, and the new one when the call said so.
    fn save_dashboard(&self) {
        let old = self.disk.content(&dashboard_path());
        let new = format!("{{\"saved\":{}}}", old.len()).into_bytes();
        let saved = self.monitor.save_dashboard(&new).is_ok();
        let found = self.disk.content(&dashboard_path());
        assert!(found == new || (!saved && found == old), "{}", String::from_utf8_lossy(&found));
    }

    fn adds_up(&self) {
        let counts = self.monitor.health().counts;
        let attempted = u64::try_from(self.next).unwrap();
        assert_eq!(counts.attempted, attempted);
        assert_eq!(attempted, counts.accepted + counts.pending + counts.dropped.total, "{counts:?}");
        assert_eq!(counts.dropped.total, counts.dropped.by_reason.values().sum::<u64>());
    }

    /// The files, to be shown.
    fn texts(&self) -> Vec<(PathBuf, String)> {
        let files = self.disk.files().into_iter();
        files.map(|(path, content)| (path, String::from_utf8_lossy(&content).into_owned())).collect()
    }

    /// The records in each file, checked to be in order and there once.
    fn on_disk(&self) -> Vec<i64> {
        let mut all = Vec::new();
        for (path, content) in self.disk.files() {
            let found = numbers(&content);
            let text = String::from_utf8_lossy(&content);
            assert!(found.is_sorted_by(|a, b| a < b), "{}: {found:?}\n{text}", path.display());
            all.extend(found);
        }
        all.sort_unstable();
        assert!(all.is_sorted_by(|a, b| a < b), "twice: {all:?} {:#?}", self.texts());
        all
    }

    /// After the cause went away, any one call makes everything pending accepted.
    fn recovers(&mut self, by: usize) {
        self.disk.heal();
        match by % 3 {
            0 => self.monitor.flush(),
            1 => self.query(),
            _ => self.execution(),
        }
        if by % 3 == 2 && self.durability == Durability::Batch {
            self.monitor.flush();
        }
        self.adds_up();
        let counts = self.monitor.health().counts;
        assert_eq!(counts.pending, 0, "{counts:?}");
        assert_eq!(self.on_disk().len() as u64, counts.accepted - self.removed, "{counts:?} {:#?}", self.texts());
        self.execution();
        self.monitor.flush();
        assert_eq!(self.monitor.health().counts.accepted, counts.accepted + 1);
        self.monitor.close();
        assert_eq!(self.disk.open_files(), 0, "descriptors leak");
    }

    /// The process is gone; a new one finds what the old one was told of, and goes on.
    fn restarts(mut self) {
        let acknowledged = self.acknowledged;
        self.reboot();
        let found = self.on_disk().len() as u64;
        assert!(found >= acknowledged.saturating_sub(self.removed), "{found} of {acknowledged} acknowledged records");
        self.execution();
        self.monitor.flush();
        assert_eq!(self.on_disk().len() as u64, found + 1);
        assert_eq!(self.monitor.health().counts.accepted, 1);
    }

    /// The process dies, and a new one starts.
    fn reboot(&mut self) {
        self.disk.kill();
        self.monitor = open(&self.disk, self.durability);
        self.disk.heal();
        // While the disk was dead the root could not be identified, so the index is opened again.
        self.monitor.close();
    }

    fn torn_lines(&self) -> usize {
        let files = self.disk.files();
        files
            .iter()
            .filter(|(path, _)| path.extension().is_some_and(|kind| kind == "jsonl"))
            .map(|(_, c)| damaged(c))
            .sum()
    }
}

struct Scenario {
    name: &'static str,
    durability: Durability,
    steps: Vec<Step>,
    /// Lines that other programs damage.
    torn: usize,
}

fn scenarios() -> Vec<Scenario> {
    use Step::{Act, Close, Dashboard, Execution, Flush, Query, Skill, Tick};
    let path = executions_path();
    let folder = path.parent().unwrap().to_owned();
    let half = Other::Append(path.clone(), foreign(1).as_bytes()[..40].to_vec());
    let rename = Other::Rename(path.clone(), folder.join("cuj-metrics.1.jsonl"));
    let (write, batch, sync) = (Durability::Write, Durability::Batch, Durability::Sync);
    let scenario = |name, durability, steps, torn| Scenario { name, durability, steps, torn };
    vec![
        scenario("append", write, vec![Execution, Execution, Query, Execution], 0),
        scenario("heal", write, vec![Act(half.clone()), Execution, Act(half.clone()), Execution, Query], 2),
        scenario("rotate", write, vec![Execution, Act(rename), Tick, Execution, Execution], 0),
        scenario("removed folder", write, vec![Execution, Act(Other::RemoveDir(folder)), Execution, Execution], 0),
        scenario("day change", write, vec![Skill(0.0), Skill(1.0), Skill(0.0), Skill(-40_000.0), Query], 0),
        scenario(
            "batch",
            batch,
            vec![Execution, Execution, Skill(0.0), Execution, Flush, Act(half), Execution, Query],
            1,
        ),
        scenario("sync", sync, vec![Execution, Execution, Skill(0.0), Close, Execution], 0),
        scenario("dashboard", write, vec![Dashboard, Execution, Dashboard], 0),
    ]
}

/// Runs a scenario with a plan; gives the rig and the names of the calls.
fn run(scenario: &Scenario, plan: Option<Plan>) -> (Rig, Vec<&'static str>) {
    let mut rig = Rig::new(scenario.durability);
    rig.disk.plan(plan);
    for step in &scenario.steps {
        rig.step(step);
    }
    let calls = rig.disk.calls();
    (rig, calls)
}

/// How many bytes a write takes before it is cut: every number for a small record.
fn cuts(call: &str) -> std::ops::Range<usize> {
    match call {
        "append" => 0..420,
        "create_new" => 0..16,
        _ => 0..1,
    }
}

fn each_call(test: impl Fn(&Scenario, u64, &'static str)) {
    for scenario in scenarios() {
        let (_, calls) = run(&scenario, None);
        for (at, call) in (0..).zip(calls) {
            println!("{}: {call} at {at}", scenario.name);
            test(&scenario, at, call);
        }
    }
}

fn lost_nothing(scenario: &Scenario, plan: Plan) {
    for by in 0..3 {
        let (mut rig, _) = run(scenario, Some(plan));
        rig.recovers(by);
    }
}

#[test]
fn w1_w3_w4_w5_w6_w7_w8_w9_every_errno_at_every_call_once_and_for_good() {
    each_call(|scenario, at, _| {
        for (errno, _) in ERRNOS {
            for lasting in [false, true] {
                lost_nothing(scenario, Plan { at, fault: Fault::Errno(errno), lasting });
            }
        }
    });
}

#[test]
fn w2_w10_short_write_is_terminated_and_rewritten_at_every_byte() {
    each_call(|scenario, at, call| {
        for taken in cuts(call).filter(|_| call == "append" || call == "create_new") {
            lost_nothing(scenario, Plan { at, fault: Fault::Short(taken), lasting: false });
            if taken < 3 {
                lost_nothing(scenario, Plan { at, fault: Fault::Short(taken), lasting: true });
            }
        }
    });
}

#[test]
fn c1_c2_crash_at_every_call_and_every_byte_of_a_write() {
    each_call(|scenario, at, call| {
        for taken in cuts(call) {
            let (rig, _) = run(scenario, Some(Plan { at, fault: Fault::Crash(taken), lasting: true }));
            assert!(rig.torn_lines() <= scenario.torn + 1, "more than one torn line");
            rig.restarts();
        }
    });
}

#[test]
fn c7_crash_while_recovering_from_a_crash() {
    each_call(|scenario, at, call| {
        for taken in cuts(call).step_by(13) {
            let (mut rig, _) = run(scenario, Some(Plan { at, fault: Fault::Crash(taken), lasting: true }));
            for again in 0..8 {
                let acknowledged = rig.on_disk().len();
                rig.reboot();
                rig.disk.plan(Some(Plan { at: again, fault: Fault::Crash(taken), lasting: true }));
                rig.execution();
                rig.monitor.flush();
                assert!(rig.on_disk().len() >= acknowledged);
            }
            rig.removed = 0;
            rig.next = 1000;
            rig.reboot();
            let found = rig.on_disk().len();
            rig.execution();
            rig.monitor.flush();
            assert_eq!(rig.on_disk().len(), found + 1);
        }
    });
}

#[test]
fn w7_an_interrupted_write_is_no_fault_and_endless_interruption_no_endless_loop() {
    for lasting in [false, true] {
        let mut rig = Rig::new(Durability::Write);
        rig.execution();
        let at = 1; // fstat, append
        rig.disk.plan(Some(Plan { at, fault: Fault::Errno(Errno::INTR), lasting }));
        rig.execution();
        assert_eq!(rig.disk.calls()[1], "append");
        assert_eq!(rig.monitor.health().counts.pending, u64::from(lasting));
        assert_eq!(rig.monitor.take_faults().is_empty(), !lasting);
        rig.recovers(0);
    }
}

#[test]
fn w1_w3_w4_w5_w6_reasons_are_told_once_and_counted() {
    for (errno, reason) in [
        (Errno::NOSPC, Reason::Full),
        (Errno::DQUOT, Reason::Quota),
        (Errno::MFILE, Reason::Descriptors),
        (Errno::AGAIN, Reason::Busy),
        (Errno::IO, Reason::Device),
        (Errno::ACCESS, Reason::Denied),
        (Errno::ROFS, Reason::ReadOnly),
    ] {
        let mut rig = Rig::new(Durability::Write);
        rig.disk.plan(Some(Plan { at: 0, fault: Fault::Errno(errno), lasting: true }));
        (0..5).for_each(|_| rig.execution());
        let faults = rig.monitor.take_faults();
        assert_eq!(faults.iter().map(|fault| fault.reason).collect::<Vec<_>>(), [reason], "{errno:?}");
        let counts = rig.monitor.health().counts;
        let dropped = counts.dropped.by_reason.get(&reason).copied().unwrap_or(0);
        let waits = ERRNOS.iter().any(|&(known, waits)| known == errno && waits);
        assert_eq!((counts.pending, dropped), if waits { (5, 0) } else { (0, 5) }, "{errno:?}");
        rig.recovers(2);
    }
}

#[test]
fn w1_what_waits_is_bounded_and_the_oldest_goes_first() {
    let mut rig = Rig::new(Durability::Write);
    rig.disk.set_free(Some(50));
    let text = "x".repeat(200_000);
    for number in 0..60 {
        let fields = format!(
            r#"{{"cuj_id":"CUJ-1","success":true,"duration_ms":{number},"error":null,"metadata":{{"text":"{text}"}}}}"#
        );
        rig.monitor.record_execution(fields.as_bytes(), NOW).unwrap();
        rig.next += 1;
        rig.adds_up();
    }
    let counts = rig.monitor.health().counts;
    assert!(counts.pending * 200_000 <= 8 * 1024 * 1024 && counts.pending >= 40, "{counts:?}");
    assert_eq!(counts.dropped.by_reason[&Reason::Overflow], 60 - counts.pending);
    let dropped = i64::try_from(counts.dropped.total).unwrap();
    rig.recovers(0);
    assert_eq!(rig.on_disk(), (dropped..61).collect::<Vec<_>>());
}

#[test]
fn w2_what_lacks_only_its_newline_counts_once_whatever_comes_then() {
    let lacking = |rig: &mut Rig| {
        rig.execution();
        let length = rig.disk.content(&executions_path()).len();
        rig.disk.set_free(Some(length - 1));
        rig.execution();
        rig.query();
        assert!(!rig.disk.content(&executions_path()).ends_with(b"\n"));
    };
    let others: [fn(&Rig); 9] = [
        |_| {},
        |rig| rig.disk.act(&Other::Append(executions_path(), b"\n".to_vec())),
        |rig| rig.disk.act(&Other::Append(executions_path(), b"\r\n".to_vec())),
        |rig| rig.disk.act(&Other::Append(executions_path(), format!("\n{}\n", foreign(1)).into_bytes())),
        |rig| rig.disk.act(&Other::Append(executions_path(), b"{\"half\":".to_vec())),
        |rig| rig.disk.act(&Other::Append(executions_path(), foreign(1).into_bytes())),
        |rig| rig.disk.act(&Other::Rename(executions_path(), executions_path().with_extension("old.jsonl"))),
        |rig| {
            let moved = executions_path().with_extension("old.jsonl");
            rig.disk.act(&Other::Rename(executions_path(), moved));
            rig.disk.act(&Other::Append(executions_path(), format!("{}\n", foreign(1)).repeat(9).into_bytes()));
        },
        |rig| rig.disk.act(&Other::Append(executions_path(), b" \t".to_vec())),
    ];
    for (case, other) in others.iter().enumerate() {
        for by in 0..3 {
            let mut rig = Rig::new(Durability::Write);
            lacking(&mut rig);
            other(&rig);
            rig.rotated = true;
            println!("case {case} by {by}");
            rig.recovers(by);
        }
    }
    for (errno, _) in ERRNOS {
        let mut rig = Rig::new(Durability::Write);
        lacking(&mut rig);
        rig.disk.set_free(None);
        rig.disk.plan(Some(Plan { at: 0, fault: Fault::Errno(errno), lasting: true }));
        rig.execution();
        rig.recovers(0);
    }
}

#[test]
fn w2_another_files_newline_completes_no_line() {
    let mut rig = Rig::new(Durability::Write);
    rig.execution();
    let length = rig.disk.content(&executions_path()).len();
    rig.disk.set_free(Some(length - 1));
    rig.execution();
    rig.disk.set_free(None);
    // The file is moved away and another one has a newline at the same place; then our descriptor is closed by others.
    let moved = executions_path().with_extension("old");
    rig.disk.act(&Other::Rename(executions_path(), moved));
    let other = format!("{}\n", "x".repeat(2 * length - 1));
    rig.disk.act(&Other::Append(executions_path(), other.into_bytes()));
    rig.disk.plan(Some(Plan { at: 0, fault: Fault::Errno(Errno::BADF), lasting: false }));
    rig.monitor.flush();
    rig.monitor.flush();
    assert_eq!(rig.monitor.health().counts.pending, 0);
    assert_eq!(numbers(&rig.disk.content(&executions_path())), [1]);
}

#[test]
fn w2_a_newline_that_is_refused_with_nothing_written_stays_due() {
    let mut rig = Rig::new(Durability::Write);
    rig.execution();
    let length = rig.disk.content(&executions_path()).len();
    rig.disk.set_free(Some(length - 1));
    rig.execution();
    rig.disk.set_free(None);
    let calls = {
        rig.disk.plan(None);
        rig.monitor.flush();
        rig.disk.calls()
    };
    for at in (0..).take(calls.len()) {
        for fault in [Fault::Short(0), Fault::Errno(Errno::INTR), Fault::Errno(Errno::NOSPC)] {
            let mut rig = Rig::new(Durability::Write);
            rig.execution();
            rig.disk.set_free(Some(length - 1));
            rig.execution();
            rig.disk.set_free(None);
            rig.disk.plan(Some(Plan { at, fault, lasting: false }));
            rig.query();
            rig.recovers(0);
        }
    }
}

#[test]
fn w11_a_removed_folder_is_made_again_with_a_newline_due() {
    let mut rig = Rig::new(Durability::Write);
    rig.execution();
    let length = rig.disk.content(&executions_path()).len();
    rig.disk.set_free(Some(length - 1));
    rig.execution();
    rig.step(&Step::Act(Other::RemoveDir(Path::new(ROOT).join(".claude"))));
    rig.recovers(2);
    assert_eq!(rig.monitor.health().counts.dropped.total, 0);
}

#[test]
fn w19_a_descriptor_that_was_closed_or_given_away_is_left_alone_and_nothing_waits() {
    let mut rig = Rig::new(Durability::Write);
    rig.execution();
    rig.disk.plan(Some(Plan { at: 0, fault: Fault::Errno(Errno::BADF), lasting: false }));
    rig.execution();
    let counts = rig.monitor.health().counts;
    assert_eq!((counts.accepted, counts.pending), (2, 0));
    let victim = Path::new(ROOT).join("victim");
    rig.disk.act(&Other::Write(victim.clone(), b"mine".to_vec()));
    rig.disk.act(&Other::Rename(executions_path(), executions_path().with_extension("old.jsonl")));
    rig.disk.hijack(&executions_path().with_extension("old.jsonl"), &victim);
    rig.execution();
    assert_eq!(rig.disk.content(&victim), b"mine");
    assert_eq!(rig.on_disk(), [0, 1, 2]);
}

#[test]
fn w19_a_query_survives_a_descriptor_that_was_closed_or_given_away() {
    let mut rig = Rig::new(Durability::Write);
    let fields = br#"{"run_id":"run-1","step":1,"status":"running","percentage":5,"message":"here","metadata":{}}"#;
    rig.monitor.record_progress(fields, NOW).unwrap();
    let history = rig.monitor.progress_history(None, None).unwrap();
    rig.disk.plan(None);
    assert_eq!(rig.monitor.progress_history(None, None).unwrap(), history);
    for at in (0..).take(rig.disk.calls().len()).skip(1) {
        rig.disk.plan(Some(Plan { at, fault: Fault::Errno(Errno::BADF), lasting: false }));
        // Closed in the middle of reading, it may fail this once.
        let result = rig.monitor.progress_history(None, None);
        assert!(result.is_err() || result.is_ok_and(|found| found == history), "at {at}");
        assert_eq!(rig.monitor.progress_history(None, None).unwrap(), history, "at {at}");
    }
    let path = Path::new(ROOT).join(".claude/context/logs/progress.jsonl");
    let victim = Path::new(ROOT).join("victim");
    rig.disk.act(&Other::Write(victim.clone(), vec![b'x'; 5000]));
    rig.disk.plan(None);
    rig.disk.hijack(&path, &victim);
    // Only the read descriptor leads elsewhere: the path still names the file, so a new descriptor must be opened.
    let again = rig.monitor.progress_history(None, None);
    assert!(again.is_err() || again.is_ok_and(|events| !events.concat().contains('x')));
    rig.next = 0;
}

#[test]
fn w9_a_failed_sync_is_told_once_and_its_record_is_not_written_again() {
    let mut rig = Rig::new(Durability::Sync);
    rig.execution();
    rig.disk.plan(None);
    rig.execution();
    let at = rig.disk.calls().iter().position(|&call| call == "sync").unwrap() as u64;
    rig.disk.plan(Some(Plan { at, fault: Fault::Errno(Errno::IO), lasting: false }));
    rig.execution();
    let faults = rig.monitor.take_faults();
    assert_eq!(faults.iter().map(|fault| fault.reason).collect::<Vec<_>>(), [Reason::Device]);
    assert_eq!(rig.on_disk(), [0, 1, 2]);
    rig.recovers(0);
}

#[test]
fn c5_every_acknowledged_record_survives_a_loss_of_power_in_sync_mode() {
    let mut points = 0;
    for scenario in scenarios().iter().filter(|scenario| scenario.durability == Durability::Sync) {
        let (_, calls) = run(scenario, None);
        for at in (0..).take(calls.len() + 1) {
            for seed in 0..20 {
                let (mut rig, _) = run(scenario, Some(Plan { at, fault: Fault::Crash(60), lasting: true }));
                let acknowledged = rig.acknowledged;
                let mut random = Random::new(seed);
                rig.reboot();
                rig.disk.lose_power(|length| random.below(length));
                let found = rig.on_disk();
                assert!(found.len() as u64 >= acknowledged, "{found:?} of {acknowledged} at {at} of {calls:?}");
                rig.execution();
                assert_eq!(rig.on_disk().len(), found.len() + 1);
                points += 1;
            }
        }
    }
    println!("{points} losses of power");
}

#[test]
fn c5_what_is_accepted_out_of_a_cut_write_is_at_the_device_in_sync_mode() {
    for free in 0..400 {
        let mut rig = Rig::new(Durability::Sync);
        rig.execution();
        rig.disk.set_free(Some(10));
        (0..3).for_each(|_| rig.execution());
        rig.disk.set_free(Some(free));
        rig.monitor.flush();
        let accepted = rig.acknowledged.max(rig.monitor.health().counts.accepted);
        rig.reboot();
        rig.disk.lose_power(|_| 0);
        assert!(rig.on_disk().len() as u64 >= accepted, "{free}: {:?} of {accepted}", rig.on_disk());
    }
}

#[test]
fn c4_a_loss_of_power_in_the_default_mode_costs_only_the_end() {
    each_seed(2_000, |seed| {
        let mut random = Random::new(seed);
        let mut rig = Rig::new(Durability::Sync);
        (0..=random.below(5)).for_each(|_| rig.execution());
        let synced = rig.on_disk().len();
        rig.monitor.configure(&Settings { durability: Some(Durability::Write), ..Settings::default() }).unwrap();
        (0..random.below(6)).for_each(|_| rig.execution());
        rig.durability = Durability::Write;
        rig.reboot();
        rig.disk.lose_power(|length| random.below(length));
        let found = rig.on_disk();
        assert_eq!(found, (0..i64::try_from(found.len()).unwrap()).collect::<Vec<_>>(), "a prefix");
        assert!(found.len() >= synced);
        rig.execution();
        let answer = rig.monitor.success_rate(br#""CUJ-1""#, None, NOW).unwrap();
        assert_eq!(answer.total, found.len() as u64 + 1, "the new record is not glued to what power left");
    });
}

#[test]
fn w1_what_waits_for_one_file_is_written_at_a_record_for_another() {
    let mut rig = Rig::new(Durability::Write);
    rig.disk.set_free(Some(10));
    rig.execution();
    rig.step(&Step::Skill(0.0));
    assert_eq!(rig.monitor.health().counts.pending, 2);
    rig.disk.set_free(None);
    rig.step(&Step::Skill(0.0));
    assert_eq!(rig.monitor.health().counts.pending, 0);
}

#[test]
fn w1_the_same_root_again_gives_up_nothing() {
    let mut rig = Rig::new(Durability::Write);
    rig.disk.plan(Some(Plan { at: 0, fault: Fault::Errno(Errno::NOSPC), lasting: true }));
    rig.execution();
    rig.execution();
    rig.monitor.reopen(Path::new(ROOT), &Path::new(ROOT).join(".claude/context"));
    assert_eq!((rig.monitor.health().counts.pending, rig.monitor.health().counts.dropped.total), (2, 0));
    rig.adds_up();
}

#[test]
fn w1_switching_roots_tells_what_is_given_up() {
    let mut rig = Rig::new(Durability::Write);
    rig.disk.plan(Some(Plan { at: 0, fault: Fault::Errno(Errno::NOSPC), lasting: true }));
    rig.execution();
    rig.execution();
    let _ = rig.monitor.take_faults();
    rig.monitor.reopen(Path::new("/elsewhere"), Path::new("/elsewhere/.claude/context"));
    let counts = rig.monitor.health().counts;
    assert_eq!((counts.pending, counts.dropped.by_reason.get(&Reason::Full).copied()), (0, Some(2)), "{counts:?}");
    let faults = rig.monitor.take_faults();
    assert_eq!(faults.iter().map(|fault| (fault.reason, fault.dropped)).collect::<Vec<_>>(), [(Reason::Full, true)]);
    rig.adds_up();
}

/// What the writers of a random sequence have to agree on.
fn sequence(seed: u64) {
    let mut random = Random::new(seed);
    let durability = *random.pick(&[Durability::Write, Durability::Write, Durability::Batch, Durability::Sync]);
    let mut rig = Rig::new(durability);
    let path = executions_path();
    // A line that lacks its newline, in a file that is renamed while our descriptor is closed, cannot be found
    // again: it is written once more, into the file that counts. So it is either renaming or closing.
    let closing = random.once_in(2);
    let mut rotations = 0;
    let trace = std::env::var_os("OBS_TEST_SEED").is_some();
    for _ in 0..2 + random.below(14) {
        if random.once_in(3) {
            let fault = match random.below(8) {
                0..5 => Fault::Errno(random.pick(&ERRNOS).0),
                5 if closing => Fault::Errno(Errno::BADF),
                _ => Fault::Short(random.below(300)),
            };
            let plan = Plan { at: random.below(12) as u64, fault, lasting: random.once_in(2) };
            if trace {
                eprintln!("{plan:?}");
            }
            rig.disk.plan(Some(plan));
        }
        match random.below(6) {
            0 => rig.disk.set_free(Some(random.below(600))),
            1 => rig.disk.heal(),
            2 => {
                // Another program appends or rotates, at any moment of the next calls.
                let call = rig.disk.calls().len() as u64 + random.below(6) as u64;
                let line = foreign(1 + random.below(1000) as i64) + "\n";
                let other = match random.below(4) {
                    0 => Other::Append(path.clone(), line.into_bytes()),
                    1 => {
                        let mut half = line.into_bytes();
                        half.truncate(1 + random.below(half.len()));
                        // Behind these a brace may be a value, and the design gives up the record that is glued there.
                        while matches!(half.last(), Some(b':' | b'[' | b',')) {
                            half.pop();
                        }
                        Other::Append(path.clone(), half)
                    }
                    2 => Other::Append(path.clone(), b"\n".to_vec()),
                    _ if closing => Other::Append(path.clone(), b"\r\n".to_vec()),
                    _ => {
                        rotations += 1;
                        rig.rotated = true;
                        Other::Rename(path.clone(), path.with_file_name(format!("cuj-metrics.{rotations}.jsonl")))
                    }
                };
                if trace {
                    eprintln!("at {call}: {other:?}");
                }
                rig.others = true;
                rig.disk.schedule(call, other);
            }
            _ => {}
        }
        let step = match random.below(12) {
            0..6 => Step::Execution,
            6..8 => Step::Skill(random.below(3) as f64),
            8 => Step::Query,
            9 => Step::Flush,
            10 if closing => Step::Close,
            _ => Step::Tick,
        };
        if trace {
            eprintln!("{step:?}");
        }
        rig.step(&step);
        if trace {
            eprintln!("    {:?} {:?}", rig.disk.calls(), rig.monitor.health().counts);
        }
    }
    rig.recovers(random.below(3));
}

#[test]
fn w1_to_w12_random_faults_with_other_writers_lose_nothing() {
    each_seed(10_000, sequence);
}

#[test]
fn c1_random_crashes_with_other_writers_lose_nothing_acknowledged() {
    each_seed(10_000, |seed| {
        let mut random = Random::new(seed);
        let mut rig = Rig::new(*random.pick(&[Durability::Write, Durability::Sync]));
        let mut acknowledged = 0;
        for _ in 0..=random.below(4) {
            let fault = Fault::Crash(random.below(300));
            rig.disk.plan(Some(Plan { at: random.below(30) as u64, fault, lasting: true }));
            if random.once_in(2) {
                let line = format!("{}\n", foreign(1 + random.below(1000) as i64));
                rig.disk.schedule(random.below(20) as u64, Other::Append(executions_path(), line.into_bytes()));
            }
            for _ in 0..random.below(10) {
                rig.execution();
            }
            acknowledged += std::mem::take(&mut rig.acknowledged);
            rig.reboot();
            let found = rig.on_disk().len() as u64;
            assert!(found >= acknowledged, "{found} of {acknowledged}");
        }
        // A dead writer's record without its newline was acknowledged to nobody, and another program may still hide it.
        rig.disk.quiet();
        let found = rig.on_disk().len() as u64;
        rig.execution();
        assert_eq!(rig.on_disk().len() as u64, found + 1, "{:#?}", rig.texts());
        let seen = rig.monitor.success_rate(br#""CUJ-1""#, None, NOW).unwrap().total;
        assert_eq!(seen, found + 1);
    });
}

//! The tasks of a session as steps of a run that is named after it, so that it can be watched.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::json;
use crate::monitor::Monitor;

/// So often at most is said anew what events at the same time have made wrong.
const MOST_TRIES: usize = 100;

/// A task that begins or is done.
#[derive(Debug)]
pub(super) struct Step {
    pub session: Box<[u8]>,
    pub task: Box<[u8]>,
    pub subject: Box<[u8]>,
    pub done: bool,
}

/// What the events of a run add up to.
#[derive(Debug, Default)]
struct Told {
    tasks: BTreeSet<Box<[u8]>>,
    done: BTreeSet<Box<[u8]>>,
    /// The last event: its step and how many there were, and whether it ended the run.
    last: Option<(u64, u64, bool)>,
}

impl Told {
    fn read(monitor: &Monitor, session: &[u8]) -> Result<Self> {
        let mut told = Self::default();
        for piece in monitor.progress_history(Some(json::quote(session).as_bytes()), None)? {
            for event in json::Elements::new(piece.as_bytes()) {
                told.add(event);
            }
        }
        Ok(told)
    }

    fn add(&mut self, event: &[u8]) {
        let (mut step, mut ended, mut metadata) = (0, false, &b""[..]);
        for (key, value) in json::Members::new(event) {
            match &*json::key_name(key) {
                b"step" => step = whole(value),
                b"status" => ended = value == b"\"completed\"",
                b"metadata" => metadata = value,
                _ => {}
            }
        }
        let (mut ours, mut task, mut done, mut steps) = (false, None::<Box<[u8]>>, false, 0);
        for (key, value) in json::Members::new(metadata) {
            match &*json::key_name(key) {
                b"origin" => ours = value == b"\"hook\"",
                b"task_id" if value[0] == b'"' => task = Some(json::decode(value).into()),
                b"done" => done = value == b"true",
                b"steps" => steps = whole(value),
                _ => {}
            }
        }
        if !ours {
            return;
        }
        self.last = Some((step, steps, ended));
        let Some(task) = task else { return };
        if done {
            self.done.insert(task.clone());
        }
        self.tasks.insert(task);
    }

    fn counts(&self) -> (u64, u64) {
        (self.done.len() as u64, self.tasks.len() as u64)
    }

    /// Whether the last event says other numbers than all events together.
    fn is_wrong(&self) -> bool {
        self.last.is_some_and(|(step, steps, ended)| !ended && (step, steps) != self.counts())
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count, and whatever else is there is none"
)]
fn whole(value: &[u8]) -> u64 {
    json::number(value).unwrap_or(0.0) as u64
}

/// Tells a step. Events of one session come at the same time, and none waits for another: each looks afterwards whether
/// what stands last in the file is still right, and tells it anew otherwise.
pub(super) fn tell(monitor: &Monitor, step: &Step, now: f64) -> Result<()> {
    let mut told = Told::read(monitor, &step.session)?;
    told.tasks.insert(step.task.clone());
    if step.done {
        told.done.insert(step.task.clone());
    }
    for _ in 0..MOST_TRIES {
        let recorded = monitor.record_progress(&fields(step, told.counts()), now)?;
        if recorded.faults || recorded.pending {
            break;
        }
        told = Told::read(monitor, &step.session)?;
        if !told.is_wrong() {
            break;
        }
    }
    Ok(())
}

fn fields(step: &Step, (done, tasks): (u64, u64)) -> Vec<u8> {
    // As `Math.round` does, of a share that is not negative.
    let percentage = (200 * done + tasks).checked_div(2 * tasks).unwrap_or(0);
    let mut out = b"{\"run_id\":".to_vec();
    json::append_quoted(&mut out, &step.session);
    out.extend_from_slice(
        format!(",\"step\":{done},\"status\":\"running\",\"percentage\":{percentage},\"message\":").as_bytes(),
    );
    let word: &[u8] = if step.done { b"Done: " } else { b"Task: " };
    json::append_quoted(&mut out, &[word, &step.subject].concat());
    out.extend_from_slice(b",\"metadata\":{\"origin\":\"hook\",\"task_id\":");
    json::append_quoted(&mut out, &step.task);
    out.extend_from_slice(format!(",\"done\":{},\"steps\":{tasks}}}}}", step.done).as_bytes());
    out
}

/// Tells that a session's run is over, if it had any and that was not told yet.
pub(super) fn end(monitor: &Monitor, session: &[u8], now: f64) -> Result<()> {
    let told = Told::read(monitor, session)?;
    if told.last.is_none_or(|(.., ended)| ended) {
        return Ok(());
    }
    let mut fields = b"{\"run_id\":".to_vec();
    json::append_quoted(&mut fields, session);
    let rest = format!(
        ",\"step\":{},\"status\":\"completed\",\"percentage\":100,\"message\":\"Session ended\",\"metadata\":{{\"origin\":\"hook\"}}}}",
        told.counts().0
    );
    fields.extend_from_slice(rest.as_bytes());
    monitor.record_progress(&fields, now).map(drop)
}

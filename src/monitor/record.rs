//! Recording: fields become a line, the line goes to the writer.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::{Monitor, Recorded, State};
use crate::error::{Error, Result};
use crate::event::{CujExecution, Fields, Keys, Packed, ProgressEvent, ProviderCall, SkillInvocation, time, unpack};
use crate::store::{Disk, Folder, Target};

/// A buffer that has grown beyond this is given back after the record.
const KEEP: usize = 1024 * 1024;

/// The kinds of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A skill invocation.
    Skill,
    /// A CUJ execution.
    Execution,
    /// A progress event.
    Progress,
    /// A provider call.
    ProviderCall,
}

impl Kind {
    const fn keys(self) -> &'static Keys {
        match self {
            Self::Skill => &SkillInvocation::KEYS,
            Self::Execution => &CujExecution::KEYS,
            Self::Progress => &ProgressEvent::KEYS,
            Self::ProviderCall => &ProviderCall::KEYS,
        }
    }
}

impl Monitor {
    /// Records values that the caller packed (see [`unpack`]), in the order of the record's keys; `folder` is that of the
    /// day files of skill invocations, `None` for the default one.
    ///
    /// # Errors
    /// When the values make no sense.
    pub fn record_packed(&self, kind: Kind, folder: Option<&Path>, packed: Packed<'_>, now: f64) -> Result<Recorded> {
        self.guarded(|state| {
            let mut buffer = std::mem::take(&mut state.fields);
            let recorded = match unpack(kind.keys(), packed, &mut buffer) {
                Some(fields) => state.record(&*self.disk, kind, folder, &fields, now),
                None => Err(Error::Malformed {
                    what: "the values of a record".to_owned(),
                    why: "they should be packed as src/event/packed.rs reads them".to_owned(),
                }),
            };
            if buffer.capacity() <= KEEP {
                state.fields = buffer;
            }
            recorded
        })
    }

    /// Records an invocation from the JSON object
    /// `{ skill, params, result, duration_ms, cache_hit, agent, run_id, cuj_id, error, metadata }` in `folder` (`None`: the usual one).
    ///
    /// # Errors
    /// When `fields` is no object; faults of the disk are counted instead.
    pub fn record_skill(&self, folder: Option<&Path>, fields: &[u8], now: f64) -> Result<Recorded> {
        self.guarded(|state| state.record(&*self.disk, Kind::Skill, folder, &fields.into(), now))
    }

    /// Records an execution from the JSON object
    /// `{ cuj_id, success, duration_ms, error, metadata }`.
    ///
    /// # Errors
    /// When `fields` is no object; faults of the disk are counted instead.
    pub fn record_execution(&self, fields: &[u8], now: f64) -> Result<Recorded> {
        self.guarded(|state| state.record(&*self.disk, Kind::Execution, None, &fields.into(), now))
    }

    /// Records an event from the JSON object
    /// `{ run_id, step, status, percentage, message, metadata }`.
    ///
    /// # Errors
    /// When `fields` is no object; faults of the disk are counted instead.
    pub fn record_progress(&self, fields: &[u8], now: f64) -> Result<Recorded> {
        self.guarded(|state| state.record(&*self.disk, Kind::Progress, None, &fields.into(), now))
    }

    /// Records a call from the JSON object
    /// `{ provider, success, latency_ms, error, metadata }`.
    ///
    /// # Errors
    /// When `fields` is no object; faults of the disk are counted instead.
    pub fn record_provider_call(&self, fields: &[u8], now: f64) -> Result<Recorded> {
        self.guarded(|state| state.record(&*self.disk, Kind::ProviderCall, None, &fields.into(), now))
    }

    /// Records; a fault of our own costs at most this record, which is counted, and the next one is recorded as if nothing had been.
    fn guarded(&self, record: impl FnOnce(&mut State) -> Result<Recorded>) -> Result<Recorded> {
        let mut state = self.state.lock();
        let before = state.writer.counts().attempted;
        catch_unwind(AssertUnwindSafe(|| record(&mut state))).unwrap_or_else(|_| {
            state.writer.unwound(before);
            Err(Error::Internal)
        })
    }
}

impl State {
    pub(super) fn record(
        &mut self,
        disk: &dyn Disk,
        kind: Kind,
        folder: Option<&Path>,
        fields: &Fields<'_>,
        now: f64,
    ) -> Result<Recorded> {
        let redactor = self.redactor();
        let at = time::of_record(now);
        let drafter = &mut self.drafter;
        let target = match kind {
            Kind::Skill => {
                let day = SkillInvocation::draft(drafter, fields, at, &redactor)?.day();
                Target::Skills(folder.map_or_else(|| self.root(disk).layout.logs().clone(), Folder::new), day)
            }
            Kind::Execution => CujExecution::draft(drafter, fields, at, &redactor).map(|_| Target::Executions)?,
            Kind::Progress => ProgressEvent::draft(drafter, fields, at, &redactor).map(|_| Target::Progress)?,
            Kind::ProviderCall => ProviderCall::draft(drafter, fields, at, &redactor).map(|_| Target::Providers)?,
        };
        Ok(self.append_draft(&target))
    }
}
impl Monitor {
    /// A text without its secrets, by the rules in force: for whatever is said that is not a record.
    #[must_use]
    pub fn redact_text(&self, text: &[u8]) -> String {
        let redactor = self.state.lock().redactor();
        String::from_utf8_lossy(&redactor.text(text)).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{Error, Monitor};
    use crate::store::Reason;

    const FIELDS: &[u8] = br#"{"cuj_id":"A","success":true,"duration_ms":1,"error":null,"metadata":{}}"#;
    const NOW: f64 = 1_767_977_312_275.0;

    /// A record that unwinds, before or after it was counted, is counted once; those before and behind it are in their file.
    #[test]
    fn a_panic_costs_one_record_and_is_counted() {
        let root = tempfile::tempdir().unwrap();
        let monitor = Monitor::open(root.path());
        monitor.record_execution(FIELDS, NOW).unwrap();
        let lost = [
            monitor.guarded(|_| panic!("before it was counted")),
            monitor.guarded(|state| {
                state.writer.refuse(Reason::Denied);
                panic!("behind it")
            }),
        ];
        assert!(lost.iter().all(|lost| matches!(lost, Err(Error::Internal))), "{lost:?}");
        monitor.record_execution(FIELDS, NOW).unwrap();
        let counts = monitor.health().counts;
        assert_eq!((counts.attempted, counts.accepted, counts.pending, counts.dropped.total), (4, 2, 0, 2));
        assert_eq!(counts.dropped.by_reason[&Reason::Internal], 1);
        assert_eq!(monitor.success_rate(b"null", None, NOW).unwrap().total, 2);
    }

    /// A record that was lost while its line was on the way to the disk is not forgotten.
    #[test]
    fn what_was_begun_is_counted() {
        let root = tempfile::tempdir().unwrap();
        let monitor = Monitor::open(root.path());
        let lost = monitor.guarded(|state| {
            state.writer.record(&crate::store::Target::Executions, b"{}\n", || panic!("no path"));
            unreachable!()
        });
        assert!(matches!(lost, Err(Error::Internal)));
        let counts = monitor.health().counts;
        assert_eq!((counts.attempted, counts.dropped.by_reason[&Reason::Internal]), (1, 1));
    }
}

//! What a monitor holds behind its lock, and the root that it has open.

use std::path::PathBuf;
use std::sync::Arc;

use parking_lot::Mutex;

use super::Recorded;
use super::answer::Rules;
use super::skill_sums::Settled;
use crate::event::{Drafter, time};
use crate::index::RootIndex;
use crate::redact::Redactor;
use crate::store::{Disk, Layout, Reason, Target, Writer};

#[derive(Debug)]
pub(super) struct State {
    pub layout: Layout,
    /// Opened at its first use, and again after it was closed.
    pub root: Option<Arc<Root>>,
    pub writer: Writer,
    pub drafter: Drafter,
    /// For the fields of packed records, one after the other.
    pub fields: Vec<u8>,
    /// The rules with the caller's additions; without any the standard ones, which are built once for all, at first use.
    pub rules: Option<Arc<Redactor>>,
    pub disabled: bool,
}

#[derive(Debug)]
pub(super) struct Root {
    pub layout: Layout,
    pub index: Arc<RootIndex>,
    pub settled: Mutex<Settled>,
}

impl Root {
    pub fn open(layout: Layout, disk: &dyn Disk) -> Self {
        let index = RootIndex::of(&layout, disk);
        Self { layout, index, settled: Mutex::default() }
    }

    pub fn path(&self, target: &Target) -> PathBuf {
        self.layout.path(target, time::day_text)
    }
}

impl State {
    pub fn redactor(&self) -> Rules {
        self.rules.clone().map_or(Rules::Standard, Rules::Own)
    }

    pub fn root(&mut self, disk: &dyn Disk) -> Arc<Root> {
        Arc::clone(self.root.get_or_insert_with(|| Arc::new(Root::open(self.layout.clone(), disk))))
    }

    /// Appends the draft that was built last and tells what came of it.
    pub fn append_draft(&mut self, target: &Target) -> Recorded {
        let draft = self.drafter.last();
        let changed = draft.changed;
        if self.disabled {
            self.writer.refuse(Reason::Disabled);
        } else {
            let layout = &self.layout;
            self.writer.record(target, &draft.line, || layout.path(target, time::day_text));
        }
        Recorded { faults: self.writer.has_faults(), changed, pending: self.writer.has_pending() }
    }
}

//! The indexes of one project root, shared by every handle in the process that has the same root open.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Weak};

use once_cell::sync::Lazy;
use parking_lot::Mutex;

use super::{DecodedChunks, Indexed};
use crate::column::{ExecutionResources, Executions, FailedExecutions, Progress, Providers, Skills};
use crate::store::{Disk, Identity, Layout, Target};

/// Which root: its path and that of its data, and which folder the root is now.
type Key = ((PathBuf, PathBuf), Identity);

/// Indexes by the paths of their root and data.
type Shared = BTreeMap<(PathBuf, PathBuf), (Identity, Weak<RootIndex>)>;

/// Roots that are open somewhere in this process.
static SHARED: Lazy<Mutex<Shared>> = Lazy::new(Mutex::default);

/// An index for each data file of a root.
#[derive(Debug)]
pub struct RootIndex {
    /// CUJ executions.
    pub executions: Mutex<Indexed<Executions>>,
    /// What the executions say of resources, from the same file: few questions need it, so it is made when one does.
    pub execution_resources: Mutex<Indexed<ExecutionResources>>,
    /// The failed ones among them by what their errors say, from the same file; made when a question needs it, too.
    pub failed_executions: Mutex<Indexed<FailedExecutions>>,
    /// Progress events.
    pub progress: Mutex<Indexed<Progress>>,
    /// Provider calls.
    pub providers: Mutex<Indexed<Providers>>,
    /// Day files of skill invocations by path.
    pub skills: Mutex<BTreeMap<PathBuf, Indexed<Skills>>>,
    cache: PathBuf,
    decoded: Arc<DecodedChunks>,
}

impl RootIndex {
    fn new(layout: &Layout) -> Self {
        let path = |target: &Target| layout.path(target, |_| String::new());
        let (cache, decoded) = (layout.cache(), Arc::default());
        // The caches of several data folders of one root stand side by side.
        let usual = cache.parent() == Some(layout.data());
        let crc = crc32fast::hash(layout.data().as_os_str().as_encoded_bytes());
        let named = |name: &str| if usual { name.into() } else { format!("{name}-{crc:08x}") };
        Self {
            executions: Mutex::new(Indexed::new(&path(&Target::Executions), &cache, named("executions"), &decoded)),
            execution_resources: Mutex::new(Indexed::new(
                &path(&Target::Executions),
                &cache,
                named("execution-resources"),
                &decoded,
            )),
            failed_executions: Mutex::new(Indexed::new(
                &path(&Target::Executions),
                &cache,
                named("failed-executions"),
                &decoded,
            )),
            progress: Mutex::new(Indexed::new(&path(&Target::Progress), &cache, named("progress"), &decoded)),
            providers: Mutex::new(Indexed::new(&path(&Target::Providers), &cache, named("providers"), &decoded)),
            skills: Mutex::default(),
            cache,
            decoded,
        }
    }

    /// The index of a day file, empty until its first catch-up.
    #[must_use]
    pub fn new_skills(&self, path: &Path) -> Indexed<Skills> {
        // Day files of different folders have the same names.
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let folder = crc32fast::hash(path.as_os_str().as_encoded_bytes());
        Indexed::new(path, &self.cache, format!("{name}-{folder:08x}"), &self.decoded)
    }

    /// The index of a root: the one that is already there, or a new one.
    #[must_use]
    pub fn of(layout: &Layout, disk: &dyn Disk) -> Arc<Self> {
        let Some(key) = key_of(layout, disk) else { return Arc::new(Self::new(layout)) };
        let mut shared = SHARED.lock();
        shared.retain(|_, (_, index)| index.strong_count() > 0);
        if let Some((identity, index)) = shared.get(&key.0)
            && *identity == key.1
            && let Some(index) = index.upgrade()
        {
            return index;
        }
        let index = Arc::new(Self::new(layout));
        shared.insert(key.0, (key.1, Arc::downgrade(&index)));
        index
    }

    /// Gives back every descriptor.
    pub fn release(&self) {
        self.executions.lock().release();
        self.execution_resources.lock().release();
        self.failed_executions.lock().release();
        self.progress.lock().release();
        self.providers.lock().release();
        self.skills.lock().values_mut().for_each(Indexed::release);
        self.decoded.clear();
    }

    /// Lines that did not count, in all files that were read.
    #[must_use]
    pub fn skipped(&self) -> u64 {
        // One after the other, because whoever holds one of these locks may wait for another.
        let mut skipped: u64 = self.skills.lock().values().map(Indexed::skipped).sum();
        skipped += self.executions.lock().skipped();
        skipped += self.progress.lock().skipped();
        skipped + self.providers.lock().skipped()
    }
}

fn key_of(layout: &Layout, disk: &dyn Disk) -> Option<Key> {
    let paths = (layout.root().to_owned(), layout.data().to_owned());
    Some((paths, disk.stat(layout.root()).ok()?.identity))
}

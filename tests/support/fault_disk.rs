//! A disk in memory whose every call can be made to fail, to be cut short or to be the last one before a crash.
//!
//! It keeps two planes: the live one, which a killed process leaves behind, and the durable one, which a loss of power
//! leaves behind. Other programs act between two calls of the store (see [`FaultDisk::schedule`]).
#![allow(dead_code, clippy::assigning_clones, reason = "each test crate uses a part; the planes are small")]

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use obs_native::store::{Disk, DiskFile, Identity, Stat};
use rustix::io::Errno;

/// Every errno that the fault rows name, and whether the record waits for it to pass.
pub const ERRNOS: [(Errno, bool); 11] = [
    (Errno::NOSPC, true),
    (Errno::DQUOT, true),
    (Errno::IO, true),
    (Errno::MFILE, true),
    (Errno::NFILE, true),
    (Errno::AGAIN, true),
    (Errno::INTR, true),
    (Errno::FBIG, true),
    (Errno::ACCESS, false),
    (Errno::PERM, false),
    (Errno::ROFS, false),
];

/// What happens at the chosen call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It fails.
    Errno(Errno),
    /// A write takes only so many bytes; other calls are not touched.
    Short(usize),
    /// A write takes so many bytes, then the process is dead; any other call is not carried out.
    Crash(usize),
}

/// Which call, counted from 0, meets which fault; `lasting` faults stay until [`FaultDisk::heal`].
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    pub at: u64,
    pub fault: Fault,
    pub lasting: bool,
}

/// What another program does between two calls.
#[derive(Debug, Clone)]
pub enum Other {
    Append(PathBuf, Vec<u8>),
    Rename(PathBuf, PathBuf),
    Remove(PathBuf),
    RemoveDir(PathBuf),
    Write(PathBuf, Vec<u8>),
    /// The content becomes another one, and the time of the last change stays.
    Forge(PathBuf, Vec<u8>),
}

#[derive(Debug, Default)]
struct Node {
    data: Vec<u8>,
    synced: Vec<u8>,
    links: u64,
    modified: i128,
    open: u64,
}

#[derive(Debug, Default)]
struct State {
    nodes: Vec<Node>,
    names: BTreeMap<PathBuf, usize>,
    folders: BTreeSet<PathBuf>,
    synced_names: BTreeMap<PathBuf, usize>,
    synced_folders: BTreeSet<PathBuf>,
    free: Option<usize>,
    reuse_inodes: bool,
    released: Vec<usize>,
    calls: u64,
    names_of_calls: Vec<&'static str>,
    plan: Option<Plan>,
    dead: bool,
    scheduled: BTreeMap<u64, Vec<Other>>,
    amid: BTreeMap<u64, Other>,
    ticks: u64,
    written: u64,
    now: i128,
    hijacked: BTreeMap<usize, usize>,
    open: i64,
    locks: BTreeSet<PathBuf>,
    failing: Option<(&'static str, Errno)>,
}

/// A lock that is held.
struct Lock(FaultDisk, PathBuf);

impl Drop for Lock {
    fn drop(&mut self) {
        self.0.lock().locks.remove(&self.1);
    }
}

/// The disk; clones share it.
#[derive(Debug, Clone)]
pub struct FaultDisk {
    device: u64,
    /// Tells folders apart, so that each process has indexes of its own.
    process: u64,
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct FaultFile {
    disk: FaultDisk,
    inode: usize,
    position: AtomicU64,
    /// Somebody else closed it.
    closed: AtomicBool,
}

static DEVICES: AtomicU64 = AtomicU64::new(1);

fn dead() -> io::Error {
    io::Error::other("the process is dead")
}

impl FaultDisk {
    /// An empty disk that holds the folder `root`.
    pub fn new(root: &Path) -> Self {
        let mut state = State { nodes: vec![Node::default()], ..State::default() };
        state.make_folders(root);
        state.synced_folders = state.folders.clone();
        // Indexes are shared by root within a process, so every disk must be another device.
        let device = DEVICES.fetch_add(1, Ordering::Relaxed);
        Self { device, process: device, state: Arc::new(Mutex::new(state)) }
    }

    /// The same disk as another process sees it.
    pub fn other_process(&self) -> Self {
        Self { process: DEVICES.fetch_add(1, Ordering::Relaxed), ..self.clone() }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts the calls from 0 again and plans a fault.
    pub fn plan(&self, plan: Option<Plan>) {
        let mut state = self.lock();
        (state.calls, state.plan) = (0, plan);
        state.names_of_calls.clear();
    }

    /// Removes the cause of every fault; a dead process is replaced by a new one.
    pub fn heal(&self) {
        let mut state = self.lock();
        (state.plan, state.dead, state.free) = (None, false, None);
    }

    /// Lets every call of one name fail.
    pub fn fail_named(&self, call: &'static str, errno: Option<Errno>) {
        self.lock().failing = errno.map(|errno| (call, errno));
    }

    /// Brings every name to the device, and no content.
    pub fn sync_names(&self) {
        let mut state = self.lock();
        state.synced_names = state.names.clone();
        state.synced_folders = state.folders.clone();
    }

    /// Calls since the last plan, by name.
    pub fn calls(&self) -> Vec<&'static str> {
        self.lock().names_of_calls.clone()
    }

    /// How many bytes the program has written.
    pub fn written(&self) -> u64 {
        self.lock().written
    }

    /// The process dies before its next call.
    pub fn kill(&self) {
        self.lock().dead = true;
    }

    pub fn is_dead(&self) -> bool {
        self.lock().dead
    }

    /// Descriptors that are open.
    pub fn open_files(&self) -> i64 {
        self.lock().open
    }

    /// Lets only so many more bytes be written; `None` for no limit.
    pub fn set_free(&self, bytes: Option<usize>) {
        self.lock().free = bytes;
    }

    /// Gives the inode of a removed file to the next new one, as ext4 does.
    pub fn reuse_inodes(&self) {
        self.lock().reuse_inodes = true;
    }

    /// Sets the time of changes to come, in nanoseconds since 1970.
    pub fn set_time(&self, ns: i128) {
        self.lock().now = ns;
    }

    /// Moves the coarse clock.
    pub fn tick(&self, ms: u64) {
        self.lock().ticks += ms;
    }

    /// Lets another program act right before the call with this number.
    pub fn schedule(&self, call: u64, other: Other) {
        self.lock().scheduled.entry(call).or_default().push(other);
    }

    /// Another program acts while the call with this number copies bytes, if it reads: of what it gives one half is from before.
    pub fn schedule_amid(&self, call: u64, other: Other) {
        self.lock().amid.insert(call, other);
    }

    /// The other programs come to rest.
    pub fn quiet(&self) {
        let mut state = self.lock();
        state.scheduled.clear();
        state.amid.clear();
    }

    /// Lets another program act now.
    pub fn act(&self, other: &Other) {
        self.lock().act(other);
    }

    /// What the number of every open descriptor of `path` leads to from now on is another file.
    pub fn hijack(&self, path: &Path, other: &Path) {
        let mut state = self.lock();
        let (own, other) = (state.names[path], state.names[other]);
        state.hijacked.insert(own, other);
    }

    /// A file's content; empty when there is none.
    pub fn content(&self, path: &Path) -> Vec<u8> {
        let state = self.lock();
        state.names.get(path).map(|&inode| state.nodes[inode].data.clone()).unwrap_or_default()
    }

    /// Every file, by path.
    pub fn files(&self) -> BTreeMap<PathBuf, Vec<u8>> {
        let state = self.lock();
        state.names.iter().map(|(path, &inode)| (path.clone(), state.nodes[inode].data.clone())).collect()
    }

    /// Power is lost: what was not brought to the device is gone but for a part, which `pick(length)` chooses.
    pub fn lose_power(&self, mut pick: impl FnMut(usize) -> usize) {
        let mut state = self.lock();
        state.names = state.synced_names.clone();
        state.folders = state.synced_folders.clone();
        let folders = state.folders.clone();
        state.names.retain(|path, _| path.parent().is_some_and(|folder| folders.contains(folder)));
        for node in &mut state.nodes {
            let kept = node.synced.len() + pick(node.data.len().saturating_sub(node.synced.len()) + 1);
            let zeros = pick(kept - node.synced.len() + 1);
            node.data.truncate(kept);
            // A file system may have made room for bytes that never arrived.
            let from = kept - zeros;
            node.data[from..].fill(0);
        }
        (state.dead, state.plan) = (false, None);
    }
}

impl State {
    fn make_folders(&mut self, path: &Path) {
        self.folders.extend(path.ancestors().map(Path::to_owned));
    }

    fn act(&mut self, other: &Other) {
        match other {
            Other::Append(path, bytes) => {
                let inode = self.create(path);
                self.nodes[inode].data.extend_from_slice(bytes);
                self.touch(inode);
            }
            Other::Rename(from, to) => self.rename(from, to),
            Other::Remove(path) => self.unlink(path),
            Other::RemoveDir(folder) => {
                let inside: Vec<PathBuf> = self.names.keys().filter(|path| path.starts_with(folder)).cloned().collect();
                inside.iter().for_each(|path| self.unlink(path));
                self.folders.retain(|path| !path.starts_with(folder));
            }
            Other::Forge(path, bytes) => {
                let inode = self.create(path);
                self.nodes[inode].data.clone_from(bytes);
            }
            Other::Write(path, bytes) => {
                let inode = self.create(path);
                self.nodes[inode].data.clone_from(bytes);
                self.nodes[inode].synced.clear();
                self.touch(inode);
            }
        }
    }

    fn touch(&mut self, inode: usize) {
        self.now += 1;
        self.nodes[inode].modified = self.now;
    }

    fn create(&mut self, path: &Path) -> usize {
        if let Some(&inode) = self.names.get(path) {
            return inode;
        }
        self.make_folders(path.parent().unwrap());
        let node = Node { links: 1, ..Node::default() };
        let free = if self.reuse_inodes { self.released.pop() } else { None };
        let inode = if let Some(inode) = free {
            self.nodes[inode] = node;
            inode
        } else {
            self.nodes.push(node);
            self.nodes.len() - 1
        };
        self.names.insert(path.to_owned(), inode);
        self.touch(inode);
        inode
    }

    fn unlink(&mut self, path: &Path) {
        if let Some(inode) = self.names.remove(path) {
            self.nodes[inode].links -= 1;
            // As long as it is open, no new file gets its number.
            if self.nodes[inode].open == 0 {
                self.released.push(inode);
            }
        }
    }

    fn rename(&mut self, from: &Path, to: &Path) {
        if let Some(inode) = self.names.remove(from) {
            self.unlink(to);
            self.make_folders(to.parent().unwrap());
            self.names.insert(to.to_owned(), inode);
        }
    }

    /// Appends as far as the free space goes.
    fn append(&mut self, inode: usize, bytes: &[u8]) -> usize {
        let count = self.free.map_or(bytes.len(), |free| free.min(bytes.len()));
        if let Some(free) = &mut self.free {
            *free -= count;
        }
        self.nodes[inode].data.extend_from_slice(&bytes[..count]);
        self.touch(inode);
        count
    }

    /// Counts a call and meets its fault, if there is one: for a write how many bytes it may take.
    fn enter(&mut self, name: &'static str) -> io::Result<Option<Fault>> {
        if self.dead {
            return Err(dead());
        }
        let number = self.calls;
        self.calls += 1;
        self.names_of_calls.push(name);
        if let Some((call, errno)) = self.failing
            && call == name
        {
            return Err(errno.into());
        }
        for other in self.scheduled.remove(&number).unwrap_or_default() {
            self.act(&other);
        }
        match self.plan {
            Some(plan) if plan.at == number || (plan.lasting && number > plan.at) => match plan.fault {
                Fault::Errno(errno) => Err(errno.into()),
                Fault::Crash(_) => {
                    self.dead = true;
                    if name == "append" || name == "create_new" { Ok(Some(plan.fault)) } else { Err(dead()) }
                }
                Fault::Short(_) => Ok(Some(plan.fault)),
            },
            _ => Ok(None),
        }
    }

    fn write(&mut self, inode: usize, bytes: &[u8], fault: Option<Fault>) -> io::Result<usize> {
        match fault {
            Some(Fault::Short(most)) => Ok(self.append(inode, &bytes[..most.min(bytes.len())])),
            Some(Fault::Crash(most)) => {
                self.append(inode, &bytes[..most.min(bytes.len())]);
                Err(dead())
            }
            _ if self.free == Some(0) => Err(Errno::NOSPC.into()),
            _ => Ok(self.append(inode, bytes)),
        }
    }

    fn find(&self, path: &Path) -> io::Result<usize> {
        self.names.get(path).copied().ok_or_else(|| Errno::NOENT.into())
    }
}

impl Disk for FaultDisk {
    fn open_append(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.lock();
        state.enter("open_append")?;
        if state.folders.contains(path) {
            return Err(Errno::ISDIR.into());
        }
        if !state.folders.contains(path.parent().unwrap()) {
            return Err(Errno::NOENT.into());
        }
        let inode = state.create(path);
        state.open += 1;
        state.nodes[inode].open += 1;
        Ok(Box::new(FaultFile {
            disk: self.clone(),
            inode,
            position: AtomicU64::new(0),
            closed: AtomicBool::new(false),
        }))
    }

    fn open_read(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let mut state = self.lock();
        state.enter("open_read")?;
        let inode = state.find(path)?;
        state.open += 1;
        state.nodes[inode].open += 1;
        Ok(Box::new(FaultFile {
            disk: self.clone(),
            inode,
            position: AtomicU64::new(0),
            closed: AtomicBool::new(false),
        }))
    }

    fn create_new(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.lock();
        let fault = state.enter("create_new")?;
        if state.names.contains_key(path) {
            return Err(Errno::EXIST.into());
        }
        let inode = state.create(path);
        if state.write(inode, bytes, fault)? < bytes.len() {
            return Err(Errno::NOSPC.into());
        }
        let node = &mut state.nodes[inode];
        node.synced = node.data.clone();
        Ok(())
    }

    fn stat(&self, path: &Path) -> io::Result<Stat> {
        let mut state = self.lock();
        state.enter("stat")?;
        if state.folders.contains(path) {
            let identity = Identity { device: self.process, inode: u64::MAX };
            return Ok(Stat { identity, size: 0, links: 1, modified: 0, born: 0 });
        }
        let inode = state.find(path)?;
        let node = &state.nodes[inode];
        let identity = Identity { device: self.device, inode: inode as u64 };
        Ok(Stat { identity, size: node.data.len() as u64, links: node.links, modified: node.modified, born: 0 })
    }

    fn create_dirs(&self, path: &Path) -> io::Result<()> {
        let mut state = self.lock();
        state.enter("create_dirs")?;
        state.make_folders(path);
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.lock();
        state.enter("rename")?;
        state.find(from)?;
        state.rename(from, to);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.lock();
        state.enter("remove")?;
        state.find(path)?;
        state.unlink(path);
        Ok(())
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        let mut state = self.lock();
        state.enter("sync_dir")?;
        if !state.folders.contains(path) {
            return Err(Errno::NOENT.into());
        }
        let inside = |entry: &Path| entry.parent() == Some(path);
        state.synced_names.retain(|entry, _| !inside(entry));
        state.synced_folders.retain(|entry| !inside(entry));
        let names: Vec<_> =
            state.names.iter().filter(|(entry, _)| inside(entry)).map(|(e, &i)| (e.clone(), i)).collect();
        let folders: Vec<_> = state.folders.iter().filter(|entry| inside(entry)).cloned().collect();
        state.synced_names.extend(names);
        state.synced_folders.extend(folders);
        Ok(())
    }

    fn list(&self, path: &Path) -> io::Result<Vec<PathBuf>> {
        let mut state = self.lock();
        state.enter("list")?;
        let inside = |entry: &&PathBuf| entry.parent() == Some(path);
        Ok(state.names.keys().filter(inside).chain(state.folders.iter().filter(inside)).cloned().collect())
    }

    fn try_lock(&self, path: &Path) -> io::Result<Option<Box<dyn Send>>> {
        let mut state = self.lock();
        state.enter("try_lock")?;
        let free = state.locks.insert(path.to_owned());
        Ok(if free { Some(Box::new(Lock(self.clone(), path.to_owned()))) } else { None })
    }

    fn ticks(&self) -> u64 {
        self.lock().ticks
    }
}

impl FaultFile {
    /// The file that the descriptor's number leads to by now.
    fn inode(&self, state: &State) -> usize {
        state.hijacked.get(&self.inode).copied().unwrap_or(self.inode)
    }

    fn enter(&self, state: &mut State, name: &'static str) -> io::Result<Option<Fault>> {
        let result = if self.closed.load(Ordering::Relaxed) { Err(Errno::BADF.into()) } else { state.enter(name) };
        let closed = |error: &io::Error| error.raw_os_error() == Some(Errno::BADF.raw_os_error());
        if result.as_ref().is_err_and(closed) && !self.closed.swap(true, Ordering::Relaxed) {
            state.open -= 1;
            state.nodes[self.inode].open -= 1;
        }
        result
    }
}

impl DiskFile for FaultFile {
    fn stat(&self) -> io::Result<Stat> {
        let mut state = self.disk.lock();
        self.enter(&mut state, "fstat")?;
        let inode = self.inode(&state);
        let node = &state.nodes[inode];
        let identity = Identity { device: self.disk.device, inode: inode as u64 };
        Ok(Stat { identity, size: node.data.len() as u64, links: node.links, modified: 0, born: 0 })
    }

    fn append(&self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.disk.lock();
        let fault = self.enter(&mut state, "append")?;
        let inode = self.inode(&state);
        let count = state.write(inode, bytes, fault)?;
        state.written += count as u64;
        self.position.store(state.nodes[inode].data.len() as u64, Ordering::Relaxed);
        Ok(count)
    }

    fn position(&self) -> io::Result<u64> {
        // Asking a regular file that was just written has no reason to fail but death.
        let mut state = self.disk.lock();
        let asked = state.enter("position");
        if state.dead { asked.map(|_| 0) } else { Ok(self.position.load(Ordering::Relaxed)) }
    }

    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        let mut state = self.disk.lock();
        self.enter(&mut state, "read_at")?;
        let inode = self.inode(&state);
        let offset = usize::try_from(offset).unwrap();
        let copy = |state: &State, buffer: &mut [u8], from: usize| {
            let rest = state.nodes[inode].data.get(from..).unwrap_or_default();
            let count = rest.len().min(buffer.len());
            buffer[..count].copy_from_slice(&rest[..count]);
            count
        };
        let call = state.calls - 1;
        let Some(other) = state.amid.remove(&call) else { return Ok(copy(&state, buffer, offset)) };
        let half = state.nodes[inode].data.len().saturating_sub(offset).min(buffer.len()) / 2;
        let count = copy(&state, &mut buffer[..half], offset);
        state.act(&other);
        Ok(count + copy(&state, &mut buffer[half..], offset + half))
    }

    fn await_writers(&self) {}

    fn sync(&self) -> io::Result<()> {
        let mut state = self.disk.lock();
        self.enter(&mut state, "sync")?;
        let inode = self.inode(&state);
        let node = &mut state.nodes[inode];
        node.synced = node.data.clone();
        Ok(())
    }
}

impl Drop for FaultFile {
    fn drop(&mut self) {
        let mut state = self.disk.lock();
        state.open -= 1;
        // Closing what somebody else closed already could close another file: the count goes below zero and tells.
        if !self.closed.load(Ordering::Relaxed) {
            state.nodes[self.inode].open -= 1;
        }
    }
}

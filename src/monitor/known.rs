//! What is on record of what an import brings: by id, and by name and time where another program recorded it.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use siphasher::sip128::{Hasher128, SipHasher13};

use crate::event::time;
use crate::json::{self, Members};
use crate::store::{Disk, LineReader, Parse, Part, Sink};
use crate::transcript::{Event, Kind};

/// A record of another program counts as one of an event when it was made at most so long before or after.
const NEAR_MS: i64 = 2000;

/// The ids on record, and the times at which programs recorded what is no import's.
#[derive(Debug, Default)]
pub(super) struct Known {
    ids: HashSet<u128>,
    foreign: HashMap<u128, Vec<i64>>,
}

/// What a line says of a record.
struct Row {
    ids: Option<[u128; 2]>,
    foreign: Option<(u128, i64)>,
}

fn hash(parts: impl Hash) -> u128 {
    let mut hasher = SipHasher13::new();
    parts.hash(&mut hasher);
    hasher.finish128().as_u128()
}

/// The ways in which a record is known: by its id, and, where that was redacted, by its id and time.
fn ids(skill: bool, cuj: bool, id: &[u8], at: i64) -> [u128; 2] {
    [hash((skill, cuj, id)), hash((skill, cuj, id, at))]
}

const fn is_skill(kind: Kind) -> bool {
    matches!(kind, Kind::Skill | Kind::Subagent)
}

impl Known {
    /// Adds what stands in a file of records of a kind.
    pub fn read(&mut self, disk: &dyn Disk, path: &std::path::Path, kind: Kind) -> std::io::Result<()> {
        let parse: Parse = match kind {
            Kind::Skill | Kind::Subagent => |_, lines| rows(lines, Some((b"skill", true))),
            Kind::Cuj => |_, lines| rows(lines, Some((b"cuj_id", false))),
            Kind::ProviderCall => |_, lines| rows(lines, None),
        };
        LineReader::new(path).catch_up(disk, &mut Adding { known: self, parse })
    }

    /// Whether an event is on record, with its id as it is stored; from now on it is.
    pub fn add(&mut self, event: &Event, stored_id: &[u8]) -> bool {
        let ids = |id| ids(is_skill(event.kind), event.kind == Kind::Cuj, id, event.at);
        // The same event may come again in this import, from another copy of the session.
        let is_new = self.ids.insert(ids(&event.id)[0]);
        // Redaction makes the same of different ids; their times tell them apart.
        is_new && (stored_id == &*event.id || self.ids.insert(ids(stored_id)[1]))
    }

    /// Takes the record that another program made of the same event, if it did: each stands for one event.
    pub fn take_foreign(&mut self, event: &Event) -> bool {
        if event.kind == Kind::ProviderCall {
            return false;
        }
        let Some(times) = self.foreign.get_mut(&hash((is_skill(event.kind), &*event.name))) else { return false };
        let near = event.at.saturating_sub(NEAR_MS)..=event.end().saturating_add(NEAR_MS);
        let found = times.iter().position(|at| near.contains(at));
        found.map(|place| times.swap_remove(place)).is_some()
    }
}

struct Adding<'a> {
    known: &'a mut Known,
    parse: Parse,
}

impl Sink for Adding<'_> {
    // What was in a file that is replaced meanwhile was on record all the same.
    fn restart(&mut self) {}

    fn parser(&self) -> Parse {
        self.parse
    }

    fn take(&mut self, part: Part) {
        let Ok(rows) = part.downcast::<Vec<Row>>() else { return };
        for row in *rows {
            self.known.ids.extend(row.ids.into_iter().flatten());
            if let Some((name, at)) = row.foreign {
                self.known.foreign.entry(name).or_default().push(at);
            }
        }
    }

    fn tail(&mut self, _: u64, line: &[u8]) -> bool {
        let part = (self.parse)(0, line);
        self.take(part);
        false
    }

    fn overlong(&mut self) {}
}

fn rows(lines: &[u8], named: Option<(&[u8], bool)>) -> Part {
    let rows: Vec<Row> = lines.split(|&byte| byte == b'\n').filter_map(|line| row(line, named)).collect();
    Box::new(rows)
}

fn row(line: &[u8], named: Option<(&[u8], bool)>) -> Option<Row> {
    let (mut at, mut name, mut metadata) = (None, None, None);
    json::read_object(line, |key, value| match &*json::key_name(key) {
        b"timestamp" => at = time::read(value),
        b"metadata" => metadata = Some(value),
        key if named.is_some_and(|(name, _)| name == key) => name = Some(value),
        _ => {}
    })
    .ok()?;
    let (at, (mut id, mut origin)) = (at?, (None, None));
    for (key, value) in Members::new(metadata.unwrap_or_default()) {
        match &*json::key_name(key) {
            b"id" => id = Some(value),
            b"origin" => origin = Some(value),
            _ => {}
        }
    }
    let skill = named.is_some_and(|(_, skill)| skill);
    let ids = id.filter(|id| id[0] == b'"').map(|id| ids(skill, named.is_some() && !skill, &json::decode(id), at));
    let own = matches!(origin, Some(b"\"transcript\"" | b"\"hook\""));
    let foreign = name.filter(|name| !own && name[0] == b'"').map(|name| (hash((skill, &*json::decode(name))), at));
    Some(Row { ids, foreign })
}

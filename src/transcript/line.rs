//! One line of a transcript: what it says of what is read out.

use std::borrow::Cow;

use super::content::{Response, User, error_text, members, text};
use super::fields::{MESSAGE, Name, READ, RESULT};
use super::message::{Message, RESULT_KEYS, ResultValues};
use crate::event::time;
use crate::json::{self, Cursor, Fault};

/// A text, WTF-8.
pub type Text = Box<[u8]>;

/// What a line says.
#[derive(Debug)]
pub enum Fact {
    /// Something that events are made of.
    Line(Box<Line>),
    /// Nothing that is read out.
    Quiet,
    /// Its type is not known.
    Unknown(Text),
    /// It is no JSON object.
    Damaged,
}

/// Whose line it is, and what it says.
#[derive(Debug)]
pub struct Line {
    pub(super) at: Option<i64>,
    pub(super) context: Context,
    /// The subagent that it belongs to, empty where an older version did not say which.
    pub(super) sidechain: Option<Text>,
    pub(super) what: What,
}

/// What each line carries along.
#[derive(Debug, Clone, Default)]
pub(super) struct Context {
    pub uuid: Text,
    pub session: Text,
    pub version: Option<Text>,
    pub branch: Option<Text>,
}

#[derive(Debug)]
pub(super) enum What {
    Response(Response),
    User(User),
    TurnEnd,
    /// A request failed and is tried again.
    CallFailed(Text),
}

/// Types that are known to say nothing that is read out; those of `file-history` are known by their beginning.
const QUIET: [&[u8]; 15] = [
    b"agent-color",
    b"agent-name",
    b"ai-title",
    b"attachment",
    b"custom-title",
    b"last-prompt",
    b"mode",
    b"permission-mode",
    b"pr-link",
    b"progress",
    b"queue-operation",
    b"summary",
    b"tag",
    b"task-summary",
    b"worktree-state",
];

/// Reads a line.
///
/// ```
/// use obs_native::transcript::{Fact, read};
///
/// assert!(matches!(read(b"{\"type\":\"mode\"}"), Fact::Quiet));
/// assert!(matches!(read(b"{\"type\":\"new-one\"}"), Fact::Unknown(name) if *name == *b"new-one"));
/// assert!(matches!(read(b"{\"type\":"), Fact::Damaged));
/// ```
#[must_use]
pub fn read(line: &[u8]) -> Fact {
    read_noting(line, |_, _| {})
}

/// The same; `note` is called with the line's type and each of its members that nobody here knows, if the type is one of
/// which something is read out.
///
/// ```
/// use obs_native::transcript::read_noting;
///
/// let mut new = Vec::new();
/// read_noting(br#"{"type":"user","novel":1}"#, |kind, name| new.push([kind, name].map(<[u8]>::to_vec)));
/// assert_eq!(new, [[b"user".to_vec(), b"novel".to_vec()]]);
/// ```
pub fn read_noting(line: &[u8], mut note: impl FnMut(&[u8], &[u8])) -> Fact {
    let mut found = Found::default();
    if found.read(line).is_err() {
        return Fact::Damaged;
    }
    let Found { values, message, result, new } = found;
    let [kind, uuid, session, timestamp, version, branch, sidechain, agent, rest @ ..] = values;
    let kind = text(kind).unwrap_or_default();
    let what = match &*kind {
        b"assistant" => response(&message, rest),
        b"user" => user(&message, result, rest),
        b"system" => system(rest),
        _ if QUIET.contains(&&*kind) || kind.starts_with(b"file-history-") => return Fact::Quiet,
        _ => return Fact::Unknown(kind),
    };
    new.iter().for_each(|name| note(&kind, name));
    let Some(what) = what else { return Fact::Quiet };
    let context = Context {
        uuid: text(uuid).unwrap_or_default(),
        session: text(session).unwrap_or_default(),
        version: text(version),
        branch: text(branch),
    };
    let sidechain = is_true(sidechain).then(|| text(agent).unwrap_or_default());
    Fact::Line(Box::new(Line { at: timestamp.and_then(time::read), context, sidechain, what }))
}

/// Values that are read, before the line's type is known.
type Values<'a> = [Option<&'a [u8]>; READ.len()];

type Rest<'a> = [Option<&'a [u8]>; READ.len() - 8];

/// What stands in a line.
#[derive(Default)]
struct Found<'a> {
    values: Values<'a>,
    message: Message<'a>,
    result: Option<ResultValues<'a>>,
    /// Members that are not known.
    new: Vec<Cow<'a, [u8]>>,
}

impl<'a> Found<'a> {
    fn read(&mut self, line: &'a [u8]) -> Result<(), Fault> {
        Cursor::read_object(line, |cursor, key| {
            match Name::of(&key) {
                Name::Read(place) if READ[place] == MESSAGE => self.message = Message::read(cursor)?,
                Name::Read(place) if READ[place] == RESULT => self.result = Some(cursor.pick(RESULT_KEYS)?),
                Name::Read(place) => self.values[place] = Some(cursor.skip()?),
                Name::Passed => _ = cursor.skip()?,
                Name::New => {
                    cursor.skip()?;
                    self.new.push(key);
                }
            }
            Ok(())
        })
    }
}

fn is_true(value: Option<&[u8]>) -> bool {
    value == Some(b"true")
}

fn response(message: &Message<'_>, [request, api_error, skill, plugin, agent, ..]: Rest<'_>) -> Option<What> {
    let mut response = Response::of(message, text(request).as_deref(), is_true(api_error))?;
    (response.skill, response.plugin, response.agent) = (text(skill), text(plugin), text(agent));
    Some(What::Response(response))
}

fn user(
    message: &Message<'_>,
    result: Option<ResultValues<'_>>,
    [_, _, _, _, _, meta, _, _, denial, summary, cwd, _, _]: Rest<'_>,
) -> Option<What> {
    if is_true(summary) {
        return None;
    }
    let added = is_true(meta).then(|| text(cwd).unwrap_or_default());
    let mut user = User::of(message, added.as_deref(), result)?;
    user.denied |= denial.is_some_and(|kind| !json::is_falsy(kind));
    Some(What::User(user))
}

fn system([_, _, _, _, _, _, subtype, error, ..]: Rest<'_>) -> Option<What> {
    match &*text(subtype)? {
        b"turn_duration" => Some(What::TurnEnd),
        b"api_error" => Some(What::CallFailed(failure(error))),
        _ => None,
    }
}

/// `529 Overloaded`, as far as the error says it.
fn failure(error: Option<&[u8]>) -> Text {
    let Some(error) = error else { return Box::from(*b"API error") };
    let [status, message, connection] = members(error, ["status", "message", "connection"]);
    let [code] = connection.map(|connection| members(connection, ["code"])).unwrap_or_default();
    let number = status.filter(|status| json::number(status).is_some()).map(Box::from);
    let parts: Vec<Text> =
        [number, text(code), text(message).or_else(|| text(Some(error)))].into_iter().flatten().collect();
    if parts.is_empty() { error_text(None) } else { parts.join(&b' ').into() }
}

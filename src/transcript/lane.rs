//! One agent's part of a session: its episodes, tool calls and responses, in the order of its lines.

use std::collections::HashMap;

use super::content::{Response, User};
use super::episode::{Episode, Outcome};
use super::event::Event;
use super::line::{Context, Text, What};
use super::metadata::Tokens;
use super::tools::{Link, Pending};
use super::words::Says;

/// A response of the model, all its lines together, or a request that failed.
#[derive(Debug)]
pub(super) struct Call {
    pub id: Text,
    pub at: i64,
    pub context: Context,
    pub model: Option<Text>,
    pub tokens: Tokens,
    pub failed: Option<Text>,
    pub episode: Option<usize>,
}

#[derive(Debug)]
struct Typed {
    name: Text,
    context: Context,
    at: i64,
}

#[derive(Debug, Default)]
pub(super) struct Lane {
    /// As the responses call the agent.
    pub kind: Option<Text>,
    pub context: Context,
    pub first: i64,
    pub last: i64,
    pub episodes: Vec<Episode>,
    pub responses: Vec<Call>,
    pub links: Vec<Link>,
    /// CUJ runs.
    pub runs: Vec<Event>,
    pub calls: u64,
    pub errors: u64,
    pub stopped: Outcome,
    pub error: Option<Text>,
    /// The response that may still get another line.
    pub open: Option<usize>,
    pub active: Option<usize>,
    typed: Option<Typed>,
    /// By id; `None` once the result is there.
    pub tools: HashMap<Text, Option<Pending>>,
    by_id: HashMap<Text, usize>,
}

impl Lane {
    pub fn new(context: Context, at: i64) -> Self {
        Self { context, first: at, last: at, ..Self::default() }
    }

    /// Takes the next line; `cuj` finds the CUJ that a command runs.
    pub fn take(&mut self, at: i64, context: Context, what: What, cuj: impl Fn(&[u8]) -> Option<Text>) {
        match what {
            What::Response(response) => self.respond(at, &context, response, cuj),
            What::User(user) => self.hear(at, context, user),
            What::TurnEnd => self.end_turn(at),
            What::CallFailed(error) => {
                let call = Call { failed: Some(error), ..self.call(at, &context, None) };
                self.add_response(call);
            }
        }
        (self.first, self.last) = (self.first.min(at), self.last.max(at));
    }

    fn call(&self, at: i64, context: &Context, id: Option<Text>) -> Call {
        let id = id.unwrap_or_else(|| own_id(context, at));
        Call {
            id,
            at,
            context: context.clone(),
            model: None,
            tokens: Tokens::default(),
            failed: None,
            episode: self.active,
        }
    }

    fn add_response(&mut self, call: Call) -> usize {
        let place = *self.by_id.entry(call.id.clone()).or_insert(self.responses.len());
        if place == self.responses.len() {
            self.responses.push(call);
        } else if call.tokens.counts[1] >= self.responses[place].tokens.counts[1] {
            // The lines of one response repeat its usage, and the last ones have counted all of it.
            self.responses[place].tokens = call.tokens;
        }
        place
    }

    fn respond(&mut self, at: i64, context: &Context, response: Response, cuj: impl Fn(&[u8]) -> Option<Text>) {
        let Response { id, model, usage, tools, failed, skill, plugin, agent } = response;
        self.kind = self.kind.take().or(agent);
        if let (Some(active), Some(skill)) = (self.active, &skill) {
            self.episodes[active].attribute(skill, plugin.as_ref());
        }
        let synthetic = model.as_deref() == Some(b"<synthetic>");
        if !synthetic || failed.is_some() {
            let call = self.call(at, context, id);
            let place = self.add_response(Call { model, tokens: usage, failed: failed.clone(), ..call });
            self.open = failed.is_none().then_some(place);
        }
        for tool in tools {
            self.use_tool(at, context, tool, &cuj);
        }
        match failed {
            None => (self.stopped, self.error) = (Outcome::Completed, None),
            Some(error) => {
                self.end_episode(at, Outcome::ApiError, Some(error.clone()));
                (self.stopped, self.error) = (Outcome::ApiError, Some(error));
            }
        }
    }

    fn hear(&mut self, at: i64, context: Context, user: User) {
        self.open = None;
        for result in &user.results {
            if let Some(pending) = self.tools.get_mut(&result.id).and_then(Option::take) {
                self.end_tool(at, &result.id, pending, result.error.clone(), &user);
            }
        }
        match user.says {
            Says::Nothing => {}
            Says::Prompt => self.end_turn(self.last),
            Says::Command(name) => {
                self.end_turn(self.last);
                self.typed = Some(Typed { name, context, at });
            }
            Says::Interrupted => self.interrupt(at),
            Says::Loaded(source) => self.load(source),
            Says::Added => self.typed = None,
        }
    }

    pub fn activate(&mut self, episode: Episode) {
        self.end_episode(episode.began, Outcome::Completed, None);
        self.active = Some(self.episodes.len());
        self.episodes.push(episode);
    }

    /// The instructions of a skill came: of the one that was typed, or else of the one that was called last.
    fn load(&mut self, source: Option<&'static str>) {
        if let Some(Typed { name, context, at }) = self.typed.take() {
            let id = own_id(&context, at);
            self.activate(Episode::new(id, name, context, "user-slash", at));
        }
        if let Some(active) = self.active {
            self.episodes[active].source = self.episodes[active].source.or(source);
        }
    }

    fn end_turn(&mut self, at: i64) {
        self.end_episode(at, Outcome::Completed, None);
        (self.open, self.typed) = (None, None);
    }

    fn end_episode(&mut self, at: i64, outcome: Outcome, error: Option<Text>) {
        if let Some(active) = self.active.take() {
            self.episodes[active].end(at, outcome, error);
        }
    }

    fn interrupt(&mut self, at: i64) {
        self.end_episode(at, Outcome::Interrupted, None);
        self.drop_tools(at, Outcome::Interrupted);
        (self.stopped, self.error, self.typed) = (Outcome::Interrupted, None, None);
    }

    /// Nothing more will come.
    pub fn close(&mut self) {
        let outcome = if self.stopped == Outcome::Completed { Outcome::Unfinished } else { self.stopped };
        self.end_turn(self.last);
        self.drop_tools(self.last, outcome);
    }

    /// Whether something is still to come that nothing was made of yet.
    pub fn waits(&self) -> bool {
        self.open.is_some()
            || self.episodes.iter().any(|episode| !episode.is_over())
            || self.tools.values().any(Option::is_some)
    }
}

/// The id of a line that names nothing else: its own, or where it stands in time.
fn own_id(context: &Context, at: i64) -> Text {
    if context.uuid.is_empty() {
        return [&*context.session, b"@", at.to_string().as_bytes()].concat().into();
    }
    context.uuid.clone()
}

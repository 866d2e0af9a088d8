//! The tool calls of an agent: what each was for, and what its result means.

use super::content::{Tool, ToolUse, User};
use super::episode::{Episode, Outcome};
use super::event::{Event, Kind};
use super::lane::Lane;
use super::line::{Context, Text};
use super::metadata::Metadata;
use super::words::Says;

/// What a call of the tool that starts subagents says of the one it started.
#[derive(Debug)]
pub(super) struct Link {
    pub id: Text,
    pub agent_id: Option<Text>,
    pub kind: Text,
    pub context: Context,
    pub began: i64,
    pub ended: i64,
    pub background: bool,
    pub outcome: Outcome,
    pub error: Option<Text>,
}

#[derive(Debug)]
enum Purpose {
    Skill { name: Text, trigger: &'static str },
    Agent(Text),
    Cuj(Text),
    Other,
}

/// A tool call whose result is still to come.
#[derive(Debug)]
pub(super) struct Pending {
    purpose: Purpose,
    at: i64,
    context: Context,
    episode: Option<usize>,
}

impl Lane {
    /// Notes a call.
    pub fn use_tool(&mut self, at: i64, context: &Context, tool: ToolUse, cuj: impl Fn(&[u8]) -> Option<Text>) {
        if self.tools.contains_key(&tool.id) {
            return;
        }
        self.calls += 1;
        let trigger = if self.active.is_some() { "nested-skill" } else { "claude-proactive" };
        let purpose = match tool.tool {
            Tool::Skill(name) => Purpose::Skill { name, trigger },
            Tool::Agent(kind) => Purpose::Agent(kind),
            Tool::Bash(command) => cuj(&command).map_or(Purpose::Other, Purpose::Cuj),
            Tool::Other => Purpose::Other,
        };
        let episode = self.active.filter(|_| !matches!(purpose, Purpose::Skill { .. }));
        if let Some(episode) = episode {
            self.episodes[episode].calls += 1;
            self.episodes[episode].outstanding += 1;
        }
        self.tools.insert(tool.id, Some(Pending { purpose, at, context: context.clone(), episode }));
    }

    /// Notes the result of a call.
    pub fn end_tool(&mut self, at: i64, id: &Text, pending: Pending, error: Option<Text>, user: &User) {
        self.errors += u64::from(error.is_some());
        if let Some(episode) = pending.episode.map(|episode| &mut self.episodes[episode]) {
            episode.errors += u64::from(error.is_some());
            episode.outstanding = episode.outstanding.saturating_sub(1);
        }
        let outcome = match &error {
            None => Outcome::Completed,
            Some(_) if user.denied => Outcome::Denied,
            Some(_) if user.says == Says::Interrupted => Outcome::Interrupted,
            Some(_) => Outcome::Failed,
        };
        let Pending { purpose, at: began, context, .. } = pending;
        match purpose {
            Purpose::Skill { name, trigger } => {
                let mut episode = Episode::new(id.clone(), name, context, trigger, began);
                if let Some(name) = &user.skill {
                    episode.attribute(name, None);
                }
                if error.is_some() {
                    episode.loaded = false;
                    episode.end(at, outcome, error.as_ref().map(first_line));
                    self.episodes.push(episode);
                } else if user.background && user.agent_id.is_some() {
                    episode.forked_to.clone_from(&user.agent_id);
                    episode.end(at, outcome, None);
                    self.episodes.push(episode);
                } else {
                    self.activate(episode);
                }
            }
            Purpose::Agent(kind) => {
                let (id, agent_id, background) = (id.clone(), user.agent_id.clone(), user.background);
                let error = error.as_ref().map(first_line);
                self.links.push(Link { id, agent_id, kind, context, began, ended: at, background, outcome, error });
            }
            Purpose::Cuj(name) if !user.background && !user.denied => {
                self.runs.push(cuj_run(id, name, context, (began, at), error));
            }
            Purpose::Cuj(_) | Purpose::Other => {}
        }
    }

    /// Results are not to be expected any more.
    pub fn drop_tools(&mut self, at: i64, outcome: Outcome) {
        let mut dropped: Vec<(Text, Pending)> =
            self.tools.iter_mut().filter_map(|(id, pending)| Some((id.clone(), pending.take()?))).collect();
        dropped.sort_by(|left, right| left.0.cmp(&right.0));
        for (id, Pending { purpose, at: began, context, .. }) in dropped {
            if let Purpose::Skill { name, trigger } = purpose {
                let mut episode = Episode::new(id, name, context, trigger, began);
                episode.loaded = false;
                episode.end(at, outcome, None);
                self.episodes.push(episode);
            }
        }
        self.episodes.iter_mut().for_each(|episode| episode.outstanding = 0);
    }
}

/// What follows on the first line may be an answer.
fn first_line(words: &Text) -> Text {
    let end = words.iter().position(|byte| *byte == b'\n').unwrap_or(words.len());
    words[..end].into()
}

fn cuj_run(id: &Text, name: Text, context: Context, (began, ended): (i64, i64), error: Option<Text>) -> Event {
    let mut metadata = Metadata::new(id);
    metadata.text("run_id", Some(&context.session));
    metadata.context(&context);
    Event {
        kind: Kind::Cuj,
        id: id.clone(),
        at: began,
        name,
        result: if error.is_none() { "success" } else { "failure" },
        duration_ms: Some(ended.saturating_sub(began).max(0)),
        agent: Text::default(),
        run_id: context.session,
        error,
        spent: None,
        episode: false,
        metadata: metadata.finish(),
    }
}

//! A skill invocation with its episode: how it is counted, how it ends, what its outcome is called.

use super::event::{Event, Kind, Spent};
use super::line::{Context, Text};
use super::metadata::Metadata;

/// What became of an invocation or of a subagent: facts, none of which says that the work was done well.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Outcome {
    /// It came to its end.
    #[default]
    Completed,
    /// The same, but some of its tool calls failed.
    ToolErrors,
    /// The skill could not be loaded, or the subagent not be started or finished.
    Failed,
    /// Somebody stopped it.
    Interrupted,
    /// Somebody, or a rule, did not allow it.
    Denied,
    /// The model could not be reached.
    ApiError,
    /// The transcript ends before the result.
    Unfinished,
}

impl Outcome {
    /// Its name in records.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::ToolErrors => "tool_errors",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
            Self::Denied => "denied",
            Self::ApiError => "api_error",
            Self::Unfinished => "unfinished",
        }
    }

    /// The `result` of its record.
    #[must_use]
    pub const fn result(self) -> &'static str {
        match self {
            Self::Completed | Self::ToolErrors => "success",
            Self::Failed | Self::Interrupted | Self::Denied | Self::ApiError => "failure",
            Self::Unfinished => "unknown",
        }
    }

    /// The error: the words of the transcript, or usual ones where it has none.
    pub(super) fn error(self, words: Option<Text>) -> Option<Text> {
        let usual: &[u8] = match self {
            Self::Failed => b"Failed",
            Self::Interrupted => b"Interrupted by the user",
            Self::Denied => b"Denied",
            Self::ApiError => b"API error",
            Self::Completed | Self::ToolErrors | Self::Unfinished => return None,
        };
        // Who denies or stops may say why, and that is a prompt.
        words.filter(|_| !matches!(self, Self::Denied | Self::Interrupted)).or_else(|| Some(usual.into()))
    }

    /// Completed, with or without failed tool calls.
    pub(super) const fn completed(errors: u64) -> Self {
        if errors > 0 { Self::ToolErrors } else { Self::Completed }
    }
}

/// An invocation of a skill.
#[derive(Debug)]
pub(super) struct Episode {
    pub id: Text,
    pub name: Text,
    pub context: Context,
    pub trigger: &'static str,
    pub source: Option<&'static str>,
    pub plugin: Option<Text>,
    /// Of the subagent in which the skill runs by itself.
    pub forked_to: Option<Text>,
    pub began: i64,
    pub ended: Option<i64>,
    /// Whether it was loaded, so that there is an episode.
    pub loaded: bool,
    pub outcome: Outcome,
    pub error: Option<Text>,
    pub calls: u64,
    pub errors: u64,
    /// Tool calls whose result is still to come.
    pub outstanding: u64,
}

impl Episode {
    pub fn new(id: Text, name: Text, context: Context, trigger: &'static str, began: i64) -> Self {
        Self {
            id,
            name,
            context,
            trigger,
            source: None,
            plugin: None,
            forked_to: None,
            began,
            ended: None,
            loaded: true,
            outcome: Outcome::Completed,
            error: None,
            calls: 0,
            errors: 0,
            outstanding: 0,
        }
    }

    /// Ends it, unless it has ended.
    pub fn end(&mut self, at: i64, outcome: Outcome, error: Option<Text>) {
        if self.ended.is_none() {
            (self.ended, self.outcome, self.error) = (Some(at), outcome, error);
        }
    }

    /// Whether nothing that comes can change it.
    pub const fn is_over(&self) -> bool {
        self.ended.is_some() && self.outstanding == 0
    }

    /// A bare name is the name of a plugin's skill when the responses say so.
    pub fn attribute(&mut self, skill: &Text, plugin: Option<&Text>) {
        let bare = |full: &[u8]| full.iter().rposition(|byte| *byte == b':').map(|at| full[at + 1..].to_vec());
        if **skill == *self.name || bare(skill).as_deref() == Some(&*self.name) {
            self.name.clone_from(skill);
            self.plugin = self.plugin.take().or_else(|| plugin.cloned());
        }
    }

    pub fn event(&self, agent: &Text, responses: u64, usage: &[(Text, Spent)]) -> Event {
        let outcome = if self.outcome == Outcome::Completed { Outcome::completed(self.errors) } else { self.outcome };
        let mut metadata = Metadata::new(&self.id);
        metadata.text("outcome", Some(outcome.name().as_bytes()));
        metadata.text("trigger", Some(self.trigger.as_bytes()));
        metadata.text("source", self.source.map(str::as_bytes));
        metadata.text("plugin", self.plugin.as_deref());
        metadata.text("agent_id", self.forked_to.as_deref());
        if self.loaded {
            metadata.number("tool_calls", self.calls);
            metadata.number("tool_errors", self.errors);
            metadata.number("responses", responses);
            metadata.usage(usage);
        }
        metadata.context(&self.context);
        let duration = self.ended.unwrap_or(self.began).saturating_sub(self.began).max(0);
        Event {
            kind: Kind::Skill,
            id: self.id.clone(),
            at: self.began,
            name: self.name.clone(),
            result: outcome.result(),
            duration_ms: Some(if self.loaded { duration } else { 0 }),
            agent: agent.clone(),
            run_id: self.context.session.clone(),
            error: outcome.error(self.error.clone()),
            spent: None,
            episode: self.loaded,
            metadata: metadata.finish(),
        }
    }
}

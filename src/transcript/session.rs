//! A session: its lines go to the agents they belong to, and become events when nothing that comes can change them.

use std::collections::{BTreeMap, HashSet};

use super::cuj::CujFinder;
use super::event::Event;
use super::lane::Lane;
use super::line::{Fact, Text};
use super::records::{provider_call, subagent, untold, usage};
use super::tools::Link;

/// A session in which nothing was written for so long is over, as far as anybody can tell: one hour.
pub const SETTLED_MS: i64 = 3_600_000;

/// Who acts in a session where no subagent does.
const MAIN: &[u8] = b"claude-code";

/// What was made of a session.
#[derive(Debug, Default)]
pub struct Found {
    /// In the order of time.
    pub events: Vec<Event>,
    /// When more can be said although nothing is written, epoch ms; `None` when nothing waits.
    pub waits_until: Option<i64>,
}

/// Makes events of the lines of a session.
///
/// ```
/// use obs_native::transcript::{Session, read};
/// use regex::bytes::Regex;
///
/// let mut session = Session::new(Regex::new(r"run-cuj\S*\s+(CUJ-\d+)").unwrap());
/// session.begin_file(None);
/// for line in [
///     &br#"{"type":"assistant","timestamp":"2026-07-12T11:00:00Z","sessionId":"s","message":{"id":"m","content":[{"type":"tool_use","id":"t","name":"Skill","input":{"skill":"deploy"}}]}}"#[..],
///     br#"{"type":"user","timestamp":"2026-07-12T11:00:01Z","message":{"content":[{"type":"tool_result","tool_use_id":"t","content":"Launching"}]}}"#,
///     br#"{"type":"system","subtype":"turn_duration","timestamp":"2026-07-12T11:00:09Z"}"#,
/// ] {
///     session.take(read(line));
/// }
/// let found = session.finish(0);
/// assert_eq!((&*found.events[1].name, found.events[1].duration_ms), (&b"deploy"[..], Some(9000)));
/// ```
#[derive(Debug)]
pub struct Session {
    cuj: CujFinder,
    /// By the id of the subagent; the main one has none.
    lanes: BTreeMap<Option<Text>, Lane>,
    /// What the files beside the transcripts call the subagents.
    kinds: BTreeMap<Text, Text>,
    file: Option<Text>,
    last: Option<i64>,
}

impl Session {
    /// A session without lines; `cuj` finds the CUJ that a command runs, as an expression with its first group.
    #[must_use]
    pub fn new(cuj: impl Into<CujFinder>) -> Self {
        let cuj = cuj.into();
        Self { cuj, lanes: BTreeMap::new(), kinds: BTreeMap::new(), file: None, last: None }
    }

    /// The next lines are those of a file of the session, or of one of its subagents.
    pub fn begin_file(&mut self, agent: Option<Text>) {
        (self.file, self.last) = (agent, None);
    }

    /// Says the type of a subagent.
    pub fn name_agent(&mut self, agent: Text, kind: Text) {
        self.kinds.insert(agent, kind);
    }

    /// Takes the next line.
    pub fn take(&mut self, fact: Fact) {
        let Fact::Line(line) = fact else { return };
        // A line without a time stands where the one before it does.
        let Some(at) = line.at.or(self.last) else { return };
        self.last = Some(at);
        let agent = self.file.clone().or(line.sidechain);
        let lane = self.lanes.entry(agent).or_insert_with(|| Lane::new(line.context.clone(), at));
        let cuj = &self.cuj;
        lane.take(at, line.context, line.what, |command| cuj.find(command));
    }

    /// What can be said at a time, epoch ms.
    #[must_use]
    pub fn finish(mut self, now: i64) -> Found {
        let last = self.lanes.values().map(|lane| lane.last).max().unwrap_or(now);
        let settled = now.saturating_sub(last) >= SETTLED_MS;
        let links: Vec<Link> = self.lanes.values_mut().flat_map(|lane| std::mem::take(&mut lane.links)).collect();
        let mut found = Found::default();
        let mut waits = false;
        let over: HashSet<Option<Text>> =
            self.lanes.keys().filter(|agent| settled || has_ended(agent.as_ref(), &links)).cloned().collect();
        for (agent, lane) in &mut self.lanes {
            if over.contains(agent) {
                lane.close();
            }
            waits |= lane.waits();
        }
        self.follow_forks(&over, &mut waits);
        for (agent, lane) in &self.lanes {
            let link = agent.as_ref().and_then(|agent| links.iter().find(|link| link.agent_id.as_ref() == Some(agent)));
            let kind = self.kind(agent.as_ref(), lane, link);
            // Before its call has a result nobody knows what a subagent is called.
            let is_named = agent.is_none() || link.is_some() || over.contains(agent);
            waits |= !is_named;
            lane_events(lane, is_named.then_some(&kind), &mut found.events);
            match agent {
                Some(id) if !id.is_empty() && over.contains(agent) => {
                    found.events.push(subagent(id, lane, &kind, link));
                }
                Some(id) => waits |= !id.is_empty(),
                None => {}
            }
        }
        let told = |link: &&Link| link.agent_id.is_none() || !self.lanes.contains_key(&link.agent_id);
        for link in links.iter().filter(told) {
            if settled || !link.background { found.events.push(untold(link)) } else { waits = true }
        }
        found.events.sort_by(|left, right| (left.at, &left.id).cmp(&(right.at, &right.id)));
        found.waits_until = waits.then(|| last.saturating_add(SETTLED_MS));
        found
    }

    /// A skill that ran as a subagent lasted as long as that one.
    fn follow_forks(&mut self, over: &HashSet<Option<Text>>, waits: &mut bool) {
        let runs: BTreeMap<Text, (i64, u64, u64)> = self
            .lanes
            .iter()
            .filter_map(|(agent, lane)| Some((agent.clone()?, (lane.last, lane.calls, lane.errors))))
            .collect();
        for episode in self.lanes.values_mut().flat_map(|lane| &mut lane.episodes) {
            let Some(agent) = &episode.forked_to else { continue };
            if let Some(&(last, calls, errors)) = runs.get(agent) {
                (episode.ended, episode.calls, episode.errors) = (Some(last), calls, errors);
                if !over.contains(&episode.forked_to) {
                    (episode.ended, *waits) = (None, true);
                }
            }
        }
    }

    fn kind(&self, agent: Option<&Text>, lane: &Lane, link: Option<&Link>) -> Text {
        let Some(agent) = agent else { return MAIN.into() };
        let said = link.map(|link| &link.kind).or_else(|| self.kinds.get(agent)).or(lane.kind.as_ref());
        said.cloned().unwrap_or_else(|| Box::from(*b"subagent"))
    }
}

/// Whether the call that started a subagent has its result.
fn has_ended(agent: Option<&Text>, links: &[Link]) -> bool {
    agent.is_some() && links.iter().any(|link| link.agent_id.as_ref() == agent && !link.background)
}

/// The events of an agent; those that name it only where its name is known.
fn lane_events(lane: &Lane, kind: Option<&Text>, events: &mut Vec<Event>) {
    let over = lane.episodes.iter().enumerate().filter(|(_, episode)| episode.is_over());
    for ((place, episode), kind) in over.filter_map(|each| Some((each, kind?))) {
        let (responses, usage) = usage(lane.responses.iter().filter(|call| call.episode == Some(place)));
        events.push(episode.event(kind, responses, &usage));
    }
    events.extend(lane.runs.iter().cloned());
    let settled = lane.responses.iter().enumerate().filter(|(place, _)| lane.open != Some(*place));
    events.extend(settled.map(|(_, call)| provider_call(call)));
}

//! Events of responses and of subagents.

use super::episode::Outcome;
use super::event::{Event, Kind, Spent};
use super::lane::{Call, Lane};
use super::line::Text;
use super::metadata::Metadata;
use super::prices;
use super::provider::provider;
use super::tools::Link;

/// How many responses, and their tokens by model.
pub(super) fn usage<'a>(calls: impl Iterator<Item = &'a Call>) -> (u64, Vec<(Text, Spent)>) {
    let mut all: Vec<(Text, Spent)> = Vec::new();
    let mut responses = 0;
    for call in calls.filter(|call| call.failed.is_none()) {
        responses += 1;
        let model = call.model.clone().unwrap_or_else(|| Box::from(*b"unknown"));
        let place = all.iter().position(|(known, _)| *known == model).unwrap_or_else(|| {
            all.push((model, Spent { nanodollars: Some(0), ..Spent::default() }));
            all.len() - 1
        });
        all[place].1.add(&spent(call));
    }
    (responses, all)
}

/// The tokens of a response, and what it cost.
fn spent(call: &Call) -> Spent {
    let nanodollars = call.model.as_deref().and_then(|model| prices::cost(model, call.at, &call.tokens));
    Spent { tokens: call.tokens.counts, hour: call.tokens.hour, nanodollars }
}

pub(super) fn provider_call(call: &Call) -> Event {
    let mut metadata = Metadata::new(&call.id);
    metadata.text("run_id", Some(&call.context.session));
    metadata.text("model", call.model.as_deref());
    let model = call.model.clone().unwrap_or_else(|| Box::from(*b"unknown"));
    let spent = call.failed.is_none().then(|| (model, spent(call)));
    if let Some((_, spent)) = &spent {
        metadata.tokens(spent);
    }
    Event {
        kind: Kind::ProviderCall,
        id: call.id.clone(),
        at: call.at,
        name: provider(call.model.as_deref()).as_bytes().into(),
        result: if call.failed.is_none() { "success" } else { "failure" },
        duration_ms: None,
        agent: Text::default(),
        run_id: call.context.session.clone(),
        error: call.failed.clone(),
        spent,
        episode: false,
        metadata: metadata.finish(),
    }
}

/// A run of a subagent, from its own lines.
pub(super) fn subagent(agent: &Text, lane: &Lane, kind: &Text, link: Option<&Link>) -> Event {
    let id = link.map_or_else(|| [&*lane.context.session, b"/", agent].concat().into(), |link| link.id.clone());
    let told = link.filter(|link| link.outcome != Outcome::Completed);
    let (outcome, error) = match told {
        Some(link) => (link.outcome, link.error.clone()),
        None if lane.stopped == Outcome::Completed => (Outcome::completed(lane.errors), None),
        None => (lane.stopped, lane.error.clone()),
    };
    let (responses, usage) = usage(lane.responses.iter());
    let mut metadata = Metadata::new(&id);
    metadata.text("outcome", Some(outcome.name().as_bytes()));
    metadata.text("agent_id", Some(agent));
    metadata.number("tool_calls", lane.calls);
    metadata.number("tool_errors", lane.errors);
    metadata.number("responses", responses);
    metadata.usage(&usage);
    metadata.context(&lane.context);
    let duration = Some(lane.last.saturating_sub(lane.first));
    let session = lane.context.session.clone();
    run(id, lane.first, kind, session, (outcome, error), duration, metadata)
}

/// A run of a subagent that left no lines of its own.
pub(super) fn untold(link: &Link) -> Event {
    let mut metadata = Metadata::new(&link.id);
    metadata.text("outcome", Some(link.outcome.name().as_bytes()));
    metadata.text("agent_id", link.agent_id.as_deref());
    metadata.context(&link.context);
    let duration = (!link.background).then(|| link.ended.saturating_sub(link.began).max(0));
    let outcome = (link.outcome, link.error.clone());
    run(link.id.clone(), link.began, &link.kind, link.context.session.clone(), outcome, duration, metadata)
}

fn run(
    id: Text,
    at: i64,
    kind: &Text,
    run_id: Text,
    (outcome, error): (Outcome, Option<Text>),
    duration_ms: Option<i64>,
    metadata: Metadata,
) -> Event {
    Event {
        kind: Kind::Subagent,
        id,
        at,
        name: [b"agent:", &**kind].concat().into(),
        result: outcome.result(),
        duration_ms,
        agent: kind.clone(),
        run_id,
        error: outcome.error(error),
        spent: None,
        episode: false,
        metadata: metadata.finish(),
    }
}

// The entries of our hooks in a settings file of Claude Code: which they are, how they get in, and how they are taken out again.
'use strict';

const { append, member, parseSpans, remove } = require('./json-text.js');

const TIMEOUT_S = 10;

// At the end of a session Claude Code waits for its hooks, and takes those that it does not wait for along.
const EVENTS = ['SessionStart', 'Stop', 'StopFailure', 'SubagentStop', 'TaskCreated', 'TaskCompleted', 'SessionEnd'];
const AWAITED = ['SessionEnd'];

/** The entry of an event; `call` is `{ command, args }`, in which Claude Code replaces its variables. */
function entryOf(event, { command, args }) {
  // With arguments no shell comes between.
  const handler = { type: 'command', command, args: args.length > 0 ? args : ['hook'], timeout: TIMEOUT_S };
  return { hooks: [AWAITED.includes(event) ? handler : { ...handler, async: true }] };
}

/** Whether a handler calls our program, wherever it lies. */
function isOurs(handler) {
  const words = [handler?.command, ...(Array.isArray(handler?.args) ? handler.args : [])];
  return words.some((word) => typeof word === 'string' && /(^|[\\/"'\s])obs-hook(\.js|\.exe)?["']?$/.test(word));
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The settings in `text`; throws with a reason when they are no object, or their hooks cannot be added to. */
function readSettings(text) {
  let settings;
  try {
    settings = JSON.parse(text);
  } catch (error) {
    throw new Error(`it is no JSON (${error.message.split('\n', 1)[0]})`, { cause: error });
  }
  if (!isObject(settings)) throw new Error('it should hold an object');
  if (settings.hooks !== undefined && !isObject(settings.hooks)) throw new Error('its "hooks" should be an object');
  for (const event of EVENTS) {
    const entries = settings.hooks?.[event];
    if (entries !== undefined && !Array.isArray(entries)) throw new Error(`its "hooks.${event}" should be a list`);
  }
  return settings;
}

const handlersOf = (group) => (Array.isArray(group?.hooks) ? group.hooks : []);

/** Whether `text` has exactly the entries that `withHooks` would add. */
function hasHooks(text, call) {
  const { hooks = {} } = readSettings(text);
  return EVENTS.every((event) => {
    const wanted = JSON.stringify(entryOf(event, call).hooks[0]);
    const ours = (hooks[event] ?? []).flatMap(handlersOf).filter(isOurs);
    return ours.length === 1 && JSON.stringify(ours[0]) === wanted;
  });
}

/** The text of a settings file with our entries at the end of each event's; those of another installation go. */
function withHooks(text, call) {
  if (hasHooks(text, call)) return text;
  let next = withoutHooks(text);
  if (member(parseSpans(next), 'hooks') === undefined) {
    next = append(next, parseSpans(next), { key: 'hooks', value: {}, depth: 0 });
  }
  for (const event of EVENTS) {
    const hooks = member(parseSpans(next), 'hooks');
    const list = member(hooks, event);
    const value = entryOf(event, call);
    next =
      list === undefined
        ? append(next, hooks, { key: event, value: [value], depth: 1 })
        : append(next, list, { key: null, value, depth: 2 });
  }
  return next;
}

/** The text without our entries, and without what they leave empty. */
function withoutHooks(text) {
  let next = text;
  for (let step = removal(next); step !== null; step = removal(next)) next = remove(next, step.node, step.index);
  return next;
}

/** The next thing to remove: `{ node, index }`, or `null` when nothing of ours is left. */
function removal(text) {
  const { hooks = {} } = readSettings(text);
  const root = parseSpans(text);
  const place = root.items.findLastIndex(({ key }) => key === 'hooks');
  for (const [event, groups] of Object.entries(hooks)) {
    const list = Array.isArray(groups) ? groups : [];
    const at = list.findIndex((group) => handlersOf(group).some(isOurs));
    if (at === -1) continue;
    const node = root.items[place].value;
    const whole = handlersOf(list[at]).every(isOurs);
    if (whole && list.length === 1 && Object.keys(hooks).length === 1) return { node: root, index: place };
    if (whole && list.length === 1) return { node, index: node.items.findLastIndex(({ key }) => key === event) };
    const groupsNode = member(node, event);
    if (whole) return { node: groupsNode, index: at };
    return { node: member(groupsNode.items[at].value, 'hooks'), index: handlersOf(list[at]).findIndex(isOurs) };
  }
  return null;
}

module.exports = { EVENTS, hasHooks, readSettings, withHooks, withoutHooks };

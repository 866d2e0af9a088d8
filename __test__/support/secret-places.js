// The places into which tests put secrets: how a text is wrapped, and through which call and field it goes.
'use strict';

const quote = JSON.stringify;

/** Texts around a secret. */
const WRAPS = {
  alone: (text) => text,
  'in a sentence': (text) => `tried ${text} and failed`,
  'in k=v text': (text) => `a=1 note=${text} b=2`,
  'in a URL parameter': (text) => `GET https://example.com/x?q=${encodeURIComponent(text)}&y=1`,
  'in a URL fragment': (text) => `https://example.com/x#${text}`,
  'in a stack': (text) => `Error: ${text}\n    at run (/srv/app/run.js:10:5)\n    at main`,
  'in a string of JSON': (text) => quote({ note: text }),
  'in a string of JSON, 2 levels': (text) => quote({ inner: quote([text]) }),
  'in a string of JSON, 3 levels': (text) => quote([quote({ inner: quote([text]) })]),
  'in base64': (text) => `data ${Buffer.from(`text ${text} text`).toString('base64')} end`,
  'in base64url': (text) => `data ${Buffer.from(`text ${text} text`).toString('base64url')} end`,
};

/** A secret is among those in each of these, written by the call named. */
const SLOTS = {
  params: (obs, note) => obs.logSkillInvocation({ skill: 's', params: { note } }),
  'object keys': (obs, key) => {
    obs.logSkillInvocation({ skill: 's', params: { [key]: 1 }, metadata: { deep: { [key]: [] } } });
    obs.emitProgress({ runId: 'r', metadata: { [key]: { a: 1 } } });
  },
  'nested values': (obs, note) => {
    let nested = note;
    for (let depth = 0; depth < 32; depth += 1) nested = { a: [nested] };
    obs.logSkillInvocation({ skill: 's', params: nested });
    obs.recordCujExecution('CUJ-1', true, 1, null, nested);
  },
  'header pairs': (obs, note) => {
    const headers = [
      ['accept', '*/*'],
      ['x-note', note],
    ];
    obs.logSkillInvocation({ skill: 's', params: { headers, argv: ['run', '--note', note] } });
  },
  metadata: (obs, note) => {
    const metadata = { tags: ['a', note], note };
    obs.logSkillInvocation({ skill: 's', metadata });
    obs.recordCujExecution('CUJ-1', true, 1, null, metadata);
    obs.emitProgress({ runId: 'r', metadata });
    obs.getGlobalHealthMonitor().recordProviderCall('p', true, 1, null, metadata);
  },
  errors: (obs, note) => {
    const cause = new Error(note, { cause: new Error(note) });
    for (const error of [note, cause, { message: note }]) {
      obs.logSkillInvocation({ skill: 's', result: 'failure', error });
      obs.recordCujExecution('CUJ-1', false, 1, error);
      obs.recordProviderCall('p', false, 1, error);
    }
    obs.createProgressTracker('r', 2).failStep(note, cause);
  },
  messages: (obs, note) => {
    obs.emitProgress({ runId: 'r', message: note });
    obs.createProgressTracker('r', 2).completeStep(note);
  },
  'ids and names': (obs, name) => {
    const result = obs.logSkillInvocation({ skill: name, agent: name, runId: name, cujId: name, result: name });
    obs.recordCujExecution(name, true, 1);
    obs.emitProgress({ runId: name, step: name, status: name });
    obs.recordProviderCall(name, true, 1);
    return result;
  },
  'what JSON.stringify cannot write': (obs, note) => {
    const circular = { note, big: 10n, map: new Map([[note, note]]) };
    circular.self = circular;
    obs.logSkillInvocation({ skill: 's', params: circular, metadata: circular });
    obs.emitProgress({ runId: 'r', message: circular, metadata: circular });
  },
};

/** What of a secret may be in nothing that was written, in the spelling that a wrap leaves. */
function needlesOf({ text, needles }, wrap) {
  if (wrap === 'in a URL parameter') return [...needles, ...needles.map(encodeURIComponent)];
  if (!wrap.startsWith('in base64')) return needles;
  return [...needles, ...needles.map((needle) => encodedPart(text, needle, wrap.slice('in '.length)))];
}

/** Those characters of base64 that stand for nothing but the needle. */
function encodedPart(text, needle, encoding) {
  const whole = `text ${text} text`;
  const start = Buffer.byteLength(whole.slice(0, whole.indexOf(needle)));
  const end = start + Buffer.byteLength(needle);
  return Buffer.from(whole)
    .toString(encoding)
    .slice(Math.ceil(start / 3) * 4, Math.floor(end / 3) * 4);
}

module.exports = { SLOTS, WRAPS, needlesOf };

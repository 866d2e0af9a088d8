// Asks model providers in order of preference until one answers, and records every call; the models are stand-ins.
'use strict';

const { setTimeout: delay } = require('node:timers/promises');
const { getGlobalHealthMonitor } = require('@obs/native');
const { chance } = require('./workspace.js');

// No network here: each stand-in takes its time, fails now and then, and quotes the material it was given.
const STAND_INS = {
  anthropic: { fastest_ms: 350, spread_ms: 500, failure_rate: 0.05, error: '529 overloaded_error' },
  openai: { fastest_ms: 280, spread_ms: 450, failure_rate: 0.08, error: '503 server overloaded, retry later' },
  google: { fastest_ms: 220, spread_ms: 400, failure_rate: 0.12, error: 'deadline exceeded' },
};

const tokensOf = (text) => Math.ceil(text.length / 4);

async function standIn(provider, request) {
  const { fastest_ms, spread_ms, failure_rate, error } = STAND_INS[provider];
  const key = [request.seed, request.cujId, request.attempt, request.step, provider];
  await delay(fastest_ms + spread_ms * chance('latency', ...key));
  if (chance('failure', ...key) < (request.failureRate ?? failure_rate)) throw new Error(error);
  const text = [request.prompt, ...request.material.map((line) => `- ${line}`)].join('\n');
  return { text, usage: { input_tokens: tokensOf(JSON.stringify(request)), output_tokens: tokensOf(text) } };
}

async function callAndRecord(provider, request) {
  const monitor = getGlobalHealthMonitor();
  const started = performance.now();
  const latency = () => Math.round(performance.now() - started);
  const about = { run_id: request.runId, cuj_id: request.cujId, step: request.step };
  try {
    const answer = await standIn(provider, request);
    monitor.recordProviderCall(provider, true, latency(), null, { ...about, usage: answer.usage });
    return answer;
  } catch (error) {
    monitor.recordProviderCall(provider, false, latency(), error, about);
    throw error;
  }
}

/**
 * Asks `providers` in turn. `request` is `{ runId, cujId, step, attempt, seed, prompt, material, failureRate? }`.
 * Resolves to `{ provider, text, usage, warnings }`; when all have failed, the error names what each of them said.
 */
async function askWithFallback(providers, request) {
  const complaints = [];
  for (const provider of providers) {
    try {
      const answer = await callAndRecord(provider, request);
      return { provider, ...answer, warnings: complaints };
    } catch (error) {
      complaints.push(`${provider}: ${error.message}`);
    }
  }
  throw new Error(`No provider answered (${complaints.join('; ')})`);
}

module.exports = { askWithFallback };

// `/metrics` for Prometheus: who brings the token gets what `obs export prometheus` prints, in the format that it accepts, which may be
// that of native histograms.
'use strict';

const { formatOf, prometheus } = require('../export/prometheus.js');
const { tell } = require('../lib/faults.js');
const { visible } = require('../lib/visible.js');
const { refuse, reply } = require('./replies.js');
const { same } = require('./session.js');

const LOCKED = [401, 'Metrics are for who brings the token: Authorization: Bearer TOKEN.'];
const OFF = [404, 'Metrics are not served: start "obs serve" with --metrics-token FILE.'];
const WRONG = [400, 'The only parameter is root, the number of a workspace, once.'];

/** One `Authorization` header with the token; its first word is written in any case. */
function brings(request, token) {
  const { rawHeaders, headers } = request;
  const times = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization').length;
  const [, offered] = /^bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? [];
  return times === 1 && offered !== undefined && same(offered, token);
}

/** The face that a question names, the first one where it names none; `undefined` when the question is odd. */
function chosen(faces, query) {
  const odd = [...query.keys()].some((name) => name !== 'root') || query.getAll('root').length > 1;
  const number = query.get('root') ?? '0';
  return odd || !/^\d{1,3}$/.test(number) ? undefined : faces[number];
}

/**
 * The answer to `/metrics`; `metrics` is `null` where they are not served.
 *
 * @param {{ faces: object[], metrics: { token: string, maxValues?: number } | null }} server
 * @returns {(request: import('node:http').IncomingMessage, response: object, query: URLSearchParams) => void}
 */
function createMetrics({ faces, metrics }) {
  let told = null;
  /** What is wrong with the objectives, when it becomes so and not at each look. */
  const complain = (fault) => {
    if (fault !== null && fault !== told) tell(`obs: no bounds of objectives: ${visible(fault)}\n`);
    told = fault;
  };
  return (request, response, query) => {
    if (metrics === null) return refuse(response, OFF);
    if (!brings(request, metrics.token)) return refuse(response, LOCKED, { 'WWW-Authenticate': 'Bearer' });
    const face = chosen(faces, query);
    if (face === undefined) return refuse(response, WRONG);
    try {
      const format = formatOf(request.headers.accept);
      const { body, type, fault } = prometheus(face.core(), { format, maxValues: metrics.maxValues });
      complain(fault);
      return reply(response, 200, type, body, { Vary: 'Accept' });
    } catch (error) {
      return refuse(response, [500, visible(error.message)]);
    }
  };
}

module.exports = { createMetrics };

// Which path gives what: the page's three files, the address with the token, the answers, the stream, metrics. There are no others.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { BadQuestion, answer } = require('./answers.js');
const { BUILT } = require('./built.js');
const { refusal } = require('./guard.js');
const { createMetrics } = require('./metrics.js');
const { openStream, refuse, reply, replyJson } = require('./replies.js');

const FILES = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/page.js': ['page.js', 'text/javascript; charset=utf-8'],
  '/page.css': ['page.css', 'text/css; charset=utf-8'],
};

const LOCKED = [
  401,
  'This page opens by the address that "obs serve" printed when it started; it works once. Start it again for another.',
];

/** A page of our own leads on, because a browser sends a strict cookie only where one of this site does. */
const ENTERED = '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/"><title>obs</title>';

/** The page's files, read once; whatever a request says, no other file is opened. */
function readPage() {
  const read = ([url, [name, type]]) => [url, { type, body: fs.readFileSync(path.join(BUILT, name)) }];
  return new Map(Object.entries(FILES).map(read));
}

function enter({ session, port }, request, response, query) {
  const known = session.holds(request.headers.cookie, port());
  // A look at the headers alone (a preview, a scanner) must not use the token up.
  if (request.method === 'HEAD') return refuse(response, LOCKED);
  if (!known && !session.enter(query.get('token'))) return refuse(response, LOCKED);
  const cookie = known ? {} : { 'Set-Cookie': session.cookie(port()) };
  return reply(response, 200, 'text/html; charset=utf-8', ENTERED, cookie);
}

/** The parameters of a question; one that is given twice is none. */
function parametersOf(query) {
  const names = [...query.keys()];
  if (new Set(names).size !== names.length) throw new BadQuestion('a parameter is given twice');
  return Object.fromEntries(query);
}

function faultOf(error) {
  const mine = error instanceof RangeError || error instanceof TypeError || error instanceof BadQuestion;
  const status = mine || error.code === 'OBS_BAD_PATTERN' ? 400 : 500;
  return [status, { error: { code: error.code ?? 'OBS_FAULT', message: String(error.message) } }];
}

async function ask({ faces }, response, name, query) {
  try {
    replyJson(response, await answer(faces, name, parametersOf(query)));
  } catch (error) {
    const [status, value] = faultOf(error);
    replyJson(response, value, status);
  }
}

function stream({ live }, request, response) {
  openStream(response);
  if (request.method === 'HEAD') return response.end();
  // It may be silent for as long as nothing is recorded.
  request.socket.setTimeout(0);
  return live.add(response, request.headers['last-event-id']);
}

/**
 * The listener of requests.
 *
 * @param {{ faces: object[], roots: string[], session: object, live: object, metrics: object | null, port: () => number }} server
 */
function createRoutes(server) {
  const page = readPage();
  const metrics = createMetrics(server);
  return (request, response) => {
    const [where, search = ''] = request.url.split(/\?(.*)/s);
    const query = new URLSearchParams(search);
    const refused = refusal(request, server.port(), where === '/open');
    if (refused !== null) return refuse(response, refused);
    if (where === '/open') return enter(server, request, response, query);
    if (where === '/metrics') return metrics(request, response, query);
    if (!server.session.holds(request.headers.cookie, server.port())) return refuse(response, LOCKED);
    if (page.has(where)) return reply(response, 200, page.get(where).type, page.get(where).body);
    if (where === '/api/workspaces') return replyJson(response, { schema: 1, roots: server.roots });
    if (where === '/api/live') return stream(server, request, response);
    const [, name] = /^\/api\/([a-z]+)$/.exec(where) ?? [];
    if (name !== undefined) return ask(server, response, name, query);
    return refuse(response, [404, 'There is nothing here.']);
  };
}

module.exports = { createRoutes };

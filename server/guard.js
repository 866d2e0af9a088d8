// What the server does not even look at: requests of other hosts, of other pages, with bodies, or of an odd shape.
'use strict';

const SINGLE = ['host', 'origin', 'cookie', 'content-length', 'last-event-id'];

/** How often each header of `SINGLE` was sent; Node keeps only the first of some. */
function repeated({ rawHeaders }) {
  const names = rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  return SINGLE.find((name) => names.filter((each) => each === name).length > 1);
}

/** A page of another origin may lead a person here by a link, and nothing else; who follows it has no cookie yet. */
function fromElsewhere(headers, entering) {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return false;
  return !(entering && headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document');
}

function hasBody(headers) {
  return headers['transfer-encoding'] !== undefined || !/^0*$/.test(headers['content-length'] ?? '');
}

/**
 * `null`, or `[status, words]` of the refusal.
 *
 * @param {import('node:http').IncomingMessage} request
 * @param {number} port the one that the server listens on; only its own names count as a host
 * @param {boolean} entering it is the address with the token
 */
function refusal(request, port, entering) {
  const { headers, method, httpVersion, url } = request;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  if (httpVersion !== '1.1') return [400, 'Only HTTP/1.1 is spoken here.'];
  if (repeated(request) !== undefined) return [400, `More than one ${repeated(request)} header.`];
  if (!hosts.includes(headers.host)) return [403, `This server answers to ${hosts[0]} alone.`];
  if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) {
    return [403, 'Pages of other origins get no answers.'];
  }
  if (method !== 'GET' && method !== 'HEAD') return [405, 'Only GET and HEAD are answered.'];
  if (hasBody(headers)) return [413, 'A request has no body here.'];
  if (fromElsewhere(headers, entering)) return [403, 'Pages of other sites get no answers.'];
  if (!url.startsWith('/') || url.startsWith('//')) return [400, 'The target of the request is no path.'];
  return null;
}

module.exports = { refusal };

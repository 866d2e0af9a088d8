// How answers leave the server: each with the headers that keep a browser from doing more with them than showing them.
'use strict';

const MOST_BYTES = 32 * 1024 * 1024;

const CONTENT_SECURITY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types lit-html',
].join('; ');

const SAFE = {
  'Content-Security-Policy': CONTENT_SECURITY,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** `body` as the whole answer; of HEAD its headers alone. */
function reply(response, status, type, body, more = {}) {
  const bytes = Buffer.from(body);
  response.writeHead(status, { ...SAFE, 'Content-Type': type, 'Content-Length': bytes.length, ...more });
  response.end(response.req.method === 'HEAD' ? undefined : bytes);
}

/** What came may go on in a body that nobody reads: the connection ends with the words (Node closes it). */
function refuse(response, [status, words], more = {}) {
  const allow = status === 405 ? { Allow: 'GET, HEAD' } : {};
  reply(response, status, 'text/plain; charset=utf-8', `${words}\n`, { Connection: 'close', ...allow, ...more });
}

function replyJson(response, value, status = 200) {
  // Not even a browser that takes it for a page sees markup in it.
  const text = JSON.stringify(value).replaceAll('<', '\\u003c');
  if (text.length > MOST_BYTES) {
    return replyJson(response, { error: { code: 'OBS_TOO_MUCH', message: 'Too much for a page: narrow it.' } }, 413);
  }
  return reply(response, status, 'application/json; charset=utf-8', text);
}

/** Opens a stream of server-sent events. */
function openStream(response) {
  response.writeHead(200, { ...SAFE, 'Content-Type': 'text/event-stream; charset=utf-8', 'X-Accel-Buffering': 'no' });
}

module.exports = { SAFE, openStream, refuse, reply, replyJson };

// Tells a web address: one POST of JSON, no redirects followed, nothing of the address or the secrets in what is said of it.
'use strict';

/** A fault that no second try mends. */
function hopeless(words) {
  return Object.assign(new Error(words), { hopeless: true });
}

/** The value of an environment variable that the file names. */
function variable(env, name) {
  const value = env[name];
  if (!value) throw hopeless(`the environment variable ${name} is not set`);
  return value;
}

function addressOf(env, name, tail = '') {
  const value = variable(env, name);
  const url = URL.canParse(value) ? new URL(value) : null;
  if (!['http:', 'https:'].includes(url?.protocol)) throw hopeless(`${name} holds no http or https address`);
  if (tail !== '') url.pathname = `${url.pathname.replace(/\/+$/, '')}${tail}`;
  return url;
}

function send(url, body, headers, timeout) {
  const { request } = require(url.protocol === 'https:' ? 'node:https' : 'node:http');
  const auth =
    url.username === '' ? undefined : `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const all = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers };
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', headers: all, auth, agent: false }, (answer) => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode));
      answer.on('error', reject);
    });
    const timer = setTimeout(() => asked.destroy(new Error(`no answer within ${timeout} ms`)), timeout);
    asked.on('close', () => clearTimeout(timer));
    asked.on('error', reject);
    asked.end(body);
  });
}

/** Posts `body` to the address in a variable; rejects with words that name the variable, never what it holds. */
async function tellAddress({ variable: name, headers = {}, tail }, body, { env, timeout }) {
  const url = addressOf(env, name, tail);
  const secret = Object.fromEntries(Object.entries(headers).map(([key, from]) => [key, variable(env, from)]));
  let status;
  try {
    status = await send(url, body, secret, timeout);
  } catch (error) {
    throw new Error(`${name}: ${error.code ?? error.message}`);
  }
  if (status < 200 || status > 299) throw new Error(`${name}: the address answered ${status}`);
}

module.exports = { tellAddress };

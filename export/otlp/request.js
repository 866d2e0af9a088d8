// A request of one signal: its items under their resource and scope, in JSON or protobuf, compressed if that is asked for.
'use strict';

const os = require('node:os');
const path = require('node:path');
const zlib = require('node:zlib');
const { promisify } = require('node:util');

const { version } = require('../../package.json');
const { CONVENTIONS } = require('./genai.js');
const { SIGNALS } = require('./messages.js');
const { encode } = require('./protobuf.js');
const { attributesOf, digest } = require('./values.js');

const gzip = promisify(zlib.gzip);
// Fast: a batch is compressed in a millisecond or two, to a tenth of its size.
const LEVEL = 1;

/** Of machine and workspace: the same as long as both have their names. A UUID in form. */
function instanceOf(root) {
  const digits = digest([os.hostname(), root], 32);
  return digits.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, '$1-$2-8$3-8$4-$5');
}

/** Who sends: what the environment says wins over what is known. */
function resourceOf(root, attributes) {
  return {
    attributes: attributesOf({
      'service.name': 'obs',
      'service.instance.id': instanceOf(root),
      'host.name': os.hostname(),
      'telemetry.sdk.name': 'obs-native',
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.version': version,
      'obs.workspace': path.basename(root),
      ...attributes,
    }),
  };
}

const SCOPE = { name: '@obs/native', version };

/** The object of a request. */
function requestOf(signal, resource, items) {
  const [outer, inner, own] = SIGNALS[signal].keys;
  const { schemaUrl } = CONVENTIONS;
  return { [outer]: [{ resource, [inner]: [{ scope: SCOPE, [own]: items, schemaUrl }], schemaUrl }] };
}

/** `{ body, headers }` of a request. */
async function bodyOf(signal, { protocol, compression }, request) {
  const json = protocol === 'http/json';
  const plain = json ? Buffer.from(JSON.stringify(request)) : encode(SIGNALS[signal].request, request);
  const headers = { 'content-type': json ? 'application/json' : 'application/x-protobuf' };
  if (compression !== 'gzip') return { body: plain, headers };
  return { body: await gzip(plain, { level: LEVEL }), headers: { ...headers, 'content-encoding': 'gzip' } };
}

module.exports = { bodyOf, instanceOf, requestOf, resourceOf };

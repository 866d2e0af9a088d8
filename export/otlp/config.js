// Where and how each signal is sent: options, then the variables OBS_…, then those that OpenTelemetry gave the name OTEL_….
'use strict';

const fs = require('node:fs');

const { invalidRange, invalidType } = require('../../lib/errors.js');

const SIGNALS = ['logs', 'traces', 'metrics'];
const ENDPOINT = 'http://localhost:4318';
const PROTOCOLS = ['http/protobuf', 'http/json'];
const COMPRESSIONS = ['none', 'gzip'];
const TIMEOUT = 10_000;
const METRIC_INTERVAL = 60_000;
const LONGEST = 2 ** 31 - 1;
const OPTIONS = ['endpoint', 'protocol', 'compression', 'headers', 'timeout', 'signals', 'attributes', 'serviceName', 'metricInterval', 'fromNow']; // prettier-ignore

/** The variables without their beginning: `of(name)` gives `{ name, value }` of the first that is set, else `null`. */
function variables(env) {
  const find = (names) => names.map((name) => ({ name, value: env[name] })).find(({ value }) => value !== undefined && value !== '') ?? null; // prettier-ignore
  return {
    of: (name) => find([`OBS_${name}`, `OTEL_${name}`]),
    /** Of the exporter, the one of this signal before the one of all. */
    exporter: (signal, name) => {
      const own = `EXPORTER_OTLP_${signal.toUpperCase()}_${name}`;
      return find(['OBS_', 'OTEL_'].flatMap((start) => [`${start}${own}`, `${start}EXPORTER_OTLP_${name}`]));
    },
  };
}

/** Of an option or a variable, what stands in a list. */
function oneOf(option, variable, name, list) {
  if (option !== undefined && !list.includes(option)) throw invalidRange(name, list.join(' or '), option);
  if (option !== undefined || variable === null) return option ?? list[0];
  const value = variable.value.trim();
  if (!list.includes(value)) throw invalidRange(variable.name, list.join(' or '), value);
  return value;
}

function milliseconds(option, variable, name, otherwise) {
  if (option === undefined && variable === null) return otherwise;
  const value = option === undefined ? Number(variable.value) : option;
  if (Number.isFinite(value) && value > 0 && value <= LONGEST) return value;
  throw invalidRange(
    option === undefined ? variable.name : name,
    'a number of milliseconds',
    option === undefined ? variable.value : option,
  );
}

/** Of a base the signal's own path is a part; the address of one signal is taken as it is. */
function addressOf(signal, option, variable) {
  const [name, given] =
    option === undefined ? [variable?.name, variable?.value.trim() ?? ENDPOINT] : ['endpoint', option];
  const url = URL.canParse(given) ? new URL(given) : null;
  if (!['http:', 'https:'].includes(url?.protocol)) throw invalidRange(name, 'an http or https address', given);
  const isBase = option !== undefined || !new RegExp(`_${signal}_`, 'i').test(name ?? '');
  if (isBase) url.pathname = `${url.pathname.replace(/\/+$/, '')}/v1/${signal}`;
  return url;
}

/** `key1=value1,key2=value2`, values as in a URL. */
function pairsOf(variable) {
  if (variable === null) return {};
  const pairs = variable.value.split(',').map((pair) => pair.trim()).filter((pair) => pair !== ''); // prettier-ignore
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.indexOf('=');
      // What it holds may be a secret.
      if (at < 1) throw invalidRange(variable.name, 'pairs such as key1=value1,key2=value2', 'something else');
      return [pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())];
    }),
  );
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const UNSENDABLE = /[^\t\x20-\x7e\x80-\xff]/;

function headersOf(name, pairs) {
  for (const [key, value] of Object.entries(pairs)) {
    if (!TOKEN.test(key)) throw invalidRange(name, 'names of headers', key);
    if (typeof value !== 'string' || UNSENDABLE.test(value)) throw invalidType(name, 'texts that can be sent', {});
  }
  return pairs;
}

/** Files of TLS, read once. */
function tlsOf(signal, { exporter }) {
  const files = { ca: 'CERTIFICATE', cert: 'CLIENT_CERTIFICATE', key: 'CLIENT_KEY' };
  const found = Object.entries(files).map(([key, name]) => [key, exporter(signal, name)]);
  return Object.fromEntries(found.filter(([, variable]) => variable !== null).map(([key, { value }]) => [key, fs.readFileSync(value)])); // prettier-ignore
}

function isOn(signal, { of }, signals) {
  if (signals !== undefined) return signals.includes(signal);
  const variable = of(`${signal.toUpperCase()}_EXPORTER`);
  const names = variable?.value.split(',').map((name) => name.trim()) ?? ['otlp'];
  if (variable !== null && !names.includes('otlp') && !names.includes('none')) {
    throw invalidRange(variable.name, 'otlp or none', variable.value);
  }
  return names.includes('otlp');
}

/** A plain copy of an object that a caller handed over, each member read once. */
function copyOf(name, value) {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null) throw invalidType(name, 'an object', value);
  try {
    return Object.fromEntries(Object.keys(value).map((key) => [key, value[key]]));
  } catch {
    throw invalidType(name, 'an object whose members can be read', {});
  }
}

/** The signals of a list, which may be anything that a caller handed over. */
function signalsOf(list) {
  if (list === undefined) return undefined;
  const wrong = () => invalidType('signals', `a list of ${SIGNALS.join(', ')}`, list);
  let signals;
  try {
    if (!Array.isArray(list) || list.length === 0 || list.length > SIGNALS.length) throw wrong();
    signals = [...list];
  } catch {
    throw wrong();
  }
  if (!signals.every((each) => SIGNALS.includes(each))) throw wrong();
  return signals;
}

function readOptions(given) {
  const options = copyOf('options', given);
  const unknown = Object.keys(options).find((name) => !OPTIONS.includes(name));
  if (unknown !== undefined) throw invalidType('an option', `one of ${OPTIONS.join(', ')}`, unknown);
  const signals = signalsOf(options.signals);
  const [attributes, headers] = ['attributes', 'headers'].map((name) => copyOf(name, options[name]));
  for (const value of Object.values(attributes)) {
    const isPlain = ['string', 'number', 'boolean'].includes(typeof value);
    if (!isPlain) throw invalidType('attributes', 'texts, numbers and truth values', value);
  }
  for (const name of ['endpoint', 'serviceName']) {
    if (options[name] !== undefined && typeof options[name] !== 'string') {
      throw invalidType(name, 'a string', options[name]);
    }
  }
  return { ...options, signals, attributes, headers };
}

function refuseDelta({ of }) {
  const variable = of('EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE');
  if (variable === null || variable.value.toLowerCase() === 'cumulative') return;
  throw invalidRange(variable.name, 'cumulative (a collector can make deltas of it)', variable.value);
}

function targetOf(signal, options, found) {
  const of = (name) => found.exporter(signal, name);
  const variable = of('HEADERS');
  const headers = { ...headersOf(variable?.name, pairsOf(variable)), ...headersOf('headers', options.headers) };
  return {
    url: addressOf(signal, options.endpoint, of('ENDPOINT')),
    protocol: oneOf(options.protocol, of('PROTOCOL'), 'protocol', PROTOCOLS),
    compression: oneOf(options.compression, of('COMPRESSION'), 'compression', COMPRESSIONS),
    timeout: milliseconds(options.timeout, of('TIMEOUT'), 'timeout', TIMEOUT),
    headers,
    tls: tlsOf(signal, found),
  };
}

/**
 * `{ targets, attributes, metricInterval, fromNow }`: by signal that is on, where and how it is sent; the attributes of the resource.
 *
 * @throws {TypeError | RangeError} an option or a variable cannot be used; the message names it, and no secret
 */
function readConfig(given = {}, env = process.env) {
  const options = readOptions(given);
  const found = variables(env);
  const disabled = found.of('SDK_DISABLED')?.value.toLowerCase() === 'true';
  const on = disabled ? [] : SIGNALS.filter((signal) => isOn(signal, found, options.signals));
  if (on.includes('metrics')) refuseDelta(found);
  const name = options.serviceName ?? found.of('SERVICE_NAME')?.value;
  return {
    targets: Object.fromEntries(on.map((signal) => [signal, targetOf(signal, options, found)])),
    attributes: {
      ...pairsOf(found.of('RESOURCE_ATTRIBUTES')),
      ...options.attributes,
      ...(name !== undefined && { 'service.name': name }),
    },
    metricInterval: milliseconds(options.metricInterval, found.of('METRIC_EXPORT_INTERVAL'), 'metricInterval', METRIC_INTERVAL), // prettier-ignore
    fromNow: options.fromNow === true,
  };
}

module.exports = { SIGNALS, readConfig };

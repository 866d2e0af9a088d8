// JSON-RPC 2.0: what a line says, whether it may be answered, and the shape of answers and errors. Knows no method.
'use strict';

const { LONGEST } = require('./lines.js');

const CODES = { parse: -32700, request: -32600, method: -32601, params: -32602, internal: -32603, version: -32022 };

/** An answer that is an error of the protocol. */
class ProtocolError extends Error {
  constructor(kind, message, data) {
    super(message);
    this.kind = kind;
    this.data = data;
  }
}

const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** A number that is echoed must come back as it was. */
const isId = (id) => typeof id === 'string' || Number.isSafeInteger(id);

function errorReply(id, { kind = 'internal', message, data }) {
  const error = { code: CODES[kind], message, ...(data === undefined ? {} : { data }) };
  return { jsonrpc: '2.0', id, error };
}

/** The id under which a fault of a message is told: its own, or `null` where it has none that can be used. */
const idOf = (message) => (isObject(message) && Object.hasOwn(message, 'id') && isId(message.id) ? message.id : null);

/** Whether something is an answer of the client: this server asks nothing, so it means nothing. */
function isResponse(message) {
  return isObject(message) && !Object.hasOwn(message, 'method') && ['result', 'error'].some((key) => Object.hasOwn(message, key)); // prettier-ignore
}

/** Checks what every request and notification must be; throws a `ProtocolError`. */
function check(message) {
  if (!isObject(message)) throw new ProtocolError('request', 'a message must be an object');
  if (message.jsonrpc !== '2.0') throw new ProtocolError('request', '"jsonrpc" must be "2.0"');
  if (Object.hasOwn(message, 'id') && !isId(message.id)) {
    throw new ProtocolError('request', '"id" must be a string or a whole number');
  }
  if (typeof message.method !== 'string') throw new ProtocolError('request', '"method" must be a string');
  if (Object.hasOwn(message, 'params') && (typeof message.params !== 'object' || message.params === null)) {
    throw new ProtocolError('request', '"params" must be an object');
  }
}

/**
 * Turns lines into replies. `methods` has `call(method, params)`, which gives a result or throws a `ProtocolError`, and
 * `takesBatches()`.
 */
function createMessages(methods) {
  /** The reply to one message, `null` for none. */
  async function one(message) {
    if (isResponse(message)) return null;
    try {
      check(message);
      if (!Object.hasOwn(message, 'id')) return null; // a notification: no answer, whatever it says
      if (Array.isArray(message.params)) throw new ProtocolError('params', '"params" must be an object, not a list');
      const result = await methods.call(message.method, message.params ?? {});
      return { jsonrpc: '2.0', id: message.id, result };
    } catch (error) {
      const known = error instanceof ProtocolError;
      return errorReply(idOf(message), known ? error : { message: 'the server could not answer this' });
    }
  }

  async function batch(messages) {
    if (messages.length === 0) return errorReply(null, { kind: 'request', message: 'a batch must not be empty' });
    if (!methods.takesBatches()) {
      return errorReply(null, { kind: 'request', message: 'this version of the protocol has no batches: one message a line' }); // prettier-ignore
    }
    const replies = [];
    for (const message of messages) {
      const reply = await one(message);
      if (reply !== null) replies.push(reply);
    }
    return replies.length > 0 ? replies : null;
  }

  return {
    async reply(line) {
      if (line.trim() === '') return null;
      let message;
      try {
        message = JSON.parse(line);
      } catch {
        return errorReply(null, { kind: 'parse', message: 'the line is no JSON' });
      }
      return Array.isArray(message) ? batch(message) : one(message);
    },

    tooLong: () => errorReply(null, { kind: 'request', message: `a line may have ${LONGEST} bytes at most` }),
  };
}

module.exports = { ProtocolError, createMessages, isObject };

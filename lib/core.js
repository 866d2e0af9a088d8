// The one stateful part of a face: its native handle, opened at first use, and what becomes of faults and pending records.
'use strict';

const path = require('node:path');
const { loadAddon } = require('./addon.js');
const { clock } = require('./clock.js');
const { describe, fromNative, redactAlso } = require('./errors.js');
const { findDataFolder, findProjectRoot } = require('./root.js');

const FAULTS = 1; // bits of what the addon's recording functions return
const CHANGED = 2;
const PENDING = 4;
const DURABILITIES = ['write', 'batch', 'sync'];
const YES = ['1', 'true', 'yes', 'on'];
const NO = ['', '0', 'false', 'no', 'off'];

/** Says `text` on stderr. What says it is not loaded by questions that are answered. */
function complain(text) {
  try {
    require('./faults.js').complain(text);
  } catch {
    // A process that may open no more files says nothing.
  }
}

/** The addon's class, or an error that says how to get it. */
function nativeMonitor() {
  try {
    const { NativeMonitor } = loadAddon();
    if (typeof NativeMonitor === 'function') return NativeMonitor;
  } catch (error) {
    throw require('./load-failure.js').loadError(error);
  }
  throw require('./load-failure.js').loadError(null);
}

/** Settings of the environment; what cannot be used is told once and left out. */
function readEnvironment(env) {
  const settings = {};
  const disabled = String(env.OBS_DISABLED ?? '').toLowerCase();
  if (YES.includes(disabled)) settings.disabled = true;
  else if (!NO.includes(disabled)) {
    complain(`OBS_DISABLED must be one of ${[...YES, ...NO.slice(1)].join(', ')}, got ${describe(disabled)}; ignored`);
  }
  if (DURABILITIES.includes(env.OBS_DURABILITY)) settings.durability = env.OBS_DURABILITY;
  else if (env.OBS_DURABILITY) {
    complain(`OBS_DURABILITY must be one of ${DURABILITIES.join(', ')}, got ${describe(env.OBS_DURABILITY)}; ignored`);
  }
  return settings;
}

/**
 * The project root, the settings and the native handle of one face. A recording function calls a method of `native`
 * itself and hands the bits it returns to `settle`; everything else goes through `ask`, `askMany` or `call`.
 */
class Core {
  /** The addon's handle while it is open, else `null`; the recording functions look here before they call `open()`. */
  native = null;
  /** What time it is for questions, epoch ms; a report of a period that is over asks as of its end. */
  now = clock;
  /** Counts the roots this face has had; what was remembered about the files of one root says nothing about another. */
  rootCount = 0;

  /** The root was taken for want of a better one and nobody was told yet. */
  unexplained = false;

  #handle;
  #env;
  #root = null;
  #rootReason = null;
  #tool = null;
  #dataDir = undefined;
  #environmentRead = false;
  #redact = {};
  #connected = false;
  #disabled = false;
  #reporter = null;
  #flushTimer = null;

  constructor(env) {
    const NativeMonitor = nativeMonitor();
    this.#handle = new NativeMonitor();
    this.#env = env;
  }

  /** Notes that the package was imported through the tool file of a workspace; the first one counts. */
  importedBy(workspace) {
    this.#tool ??= workspace;
  }

  /** `{ root, reason }`, found at first use. */
  get where() {
    if (this.#root === null) {
      const { root, reason, fault } = findProjectRoot({ env: this.#env ?? process.env, tool: this.#tool });
      this.#setRoot(root, reason);
      if (fault !== undefined) complain(fault);
    }
    return { root: this.#root, reason: this.#rootReason };
  }

  /** `{ folder, other }`, see `root.js`. */
  get dataFolder() {
    return findDataFolder(this.where.root, this.#dataDir ?? (this.#env ?? process.env).OBS_DATA_DIR);
  }

  /** Nothing may be written. */
  get disabled() {
    this.#readEnvironmentOnce();
    return this.#disabled;
  }

  /** The native handle for recording, with the project root and the environment's settings applied. */
  open() {
    if (this.native !== null) return this.native;
    this.#connect();
    this.#addRecorders();
    try {
      // Loaded before anything fails: a process that may open no more files could not load what is to tell of it.
      void [this.#faults, this.#timer, require('./salvage.js')];
      this.native = this.#handle;
    } catch {
      // It may open none already. What is recorded waits in the addon, and the next call tries again.
    }
    return this.#handle;
  }

  /** What tells of faults; no question that is answered needs it. */
  get #faults() {
    this.#reporter ??= new (require('./faults.js').FaultReporter)((text) => this.#handle.redact(text));
    return this.#reporter;
  }

  get #timer() {
    this.#flushTimer ??= new (require('./flush-timer.js').FlushTimer)(() => this.#retry());
    return this.#flushTimer;
  }

  /** Applies checked settings (see `configure.js`): first those that the addon may refuse, then the rest. */
  configure({ projectRoot, dataDir, onError, ...settings }) {
    this.#readEnvironmentOnce();
    // The addon takes all rules at once; those left out stay.
    if (settings.redact !== undefined) settings.redact = { ...this.#redact, ...settings.redact };
    if (Object.keys(settings).length > 0) this.call('configure', JSON.stringify(settings));
    if (settings.redact !== undefined) {
      this.#redact = settings.redact;
      redactAlso((text) => this.#handle.redact(text));
    }
    if (onError !== undefined) this.#faults.onError = onError;
    if (projectRoot === undefined && dataDir === undefined) return;
    if (dataDir !== undefined) this.#dataDir = dataDir;
    if (projectRoot !== this.#root || dataDir !== undefined) this.rootCount += 1;
    if (projectRoot !== undefined) this.#setRoot(projectRoot, 'configure');
    if (this.#connected) this.call('open', this.where.root, this.dataFolder.folder);
  }

  /** Absolute path of a folder or file given relative to the project root. */
  resolve(relative) {
    return path.resolve(this.where.root, relative);
  }

  /** Calls the addon for a question or an order: its errors become ours, faults met on the way are told. */
  call(method, ...args) {
    try {
      return this.#handle[method](...args);
    } catch (error) {
      throw fromNative(error);
    } finally {
      this.tellFaults();
    }
  }

  /** The same once the root is known to the addon. */
  callConnected(method, ...args) {
    this.#connect();
    return this.call(method, ...args);
  }

  /** A question whose answer is JSON text. `JSON.parse` runs here so that the answer's objects belong to the caller's realm. */
  ask(method, ...args) {
    return JSON.parse(this.callConnected(method, ...args));
  }

  /** A question whose answer is many records, which cross as several JSON arrays (one string cannot pass 512 MiB). */
  askMany(method, ...args) {
    this.#connect();
    const chunks = this.call(method, ...args);
    if (chunks.length === 1) return JSON.parse(chunks[0]);
    const records = [];
    for (let index = 0; index < chunks.length; index += 1) {
      for (const record of JSON.parse(chunks[index])) records.push(record);
    }
    return records;
  }

  /** Ends a recording call: `bits` is what the addon returned. Mostly there is nothing to do. */
  settle(bits) {
    if (bits !== 0 || this.unexplained) this.#notice(bits);
  }

  /** Something failed that the addon did not count; the caller's work goes on all the same. */
  broken(error) {
    try {
      this.#faults.report(fromNative(error));
    } catch {
      // Nothing can be loaded that could tell of it.
    }
  }

  /** A subscriber of ours threw. */
  listenerFailed(error) {
    this.#faults.listenerFailed(error);
  }

  /** Hands waiting faults of the disk to `onError` and stderr. */
  tellFaults() {
    try {
      const text = this.#handle.takeFaults();
      if (text !== '[]') this.#faults.tell(JSON.parse(text));
    } catch (error) {
      this.broken(error);
    }
  }

  /** Flushes, gives back descriptors and memory; the next call opens again. */
  close() {
    this.#flushTimer?.disarm();
    if (!this.#connected) return;
    this.call('close');
    this.armIfPending();
  }

  /** Sees to it that what the disk did not take is tried again. */
  armIfPending() {
    if (JSON.parse(this.#handle.health()).pending > 0) this.#timer.arm();
  }

  #connect() {
    if (this.#connected) return;
    const { root } = this.where;
    this.#readEnvironmentOnce();
    this.#handle.open(root, this.dataFolder.folder);
    this.#connected = true;
  }

  #notice(bits) {
    if (bits & PENDING) this.#timer.arm();
    if (bits & FAULTS) this.tellFaults();
    if (this.unexplained) this.#explainRoot();
  }

  #addRecorders() {
    if ('recordSkill' in this.#handle) return;
    Object.assign(this.#handle, this.#handle.recorders(require('./page.js').attach(loadAddon().NativePage)));
  }

  #readEnvironmentOnce() {
    if (this.#environmentRead) return;
    this.#environmentRead = true;
    const settings = readEnvironment(this.#env ?? process.env);
    this.#disabled = settings.disabled === true;
    if (Object.keys(settings).length > 0) this.call('configure', JSON.stringify(settings));
  }

  #setRoot(root, reason) {
    this.#root = root;
    this.#rootReason = reason;
    this.unexplained = reason === 'fallback';
  }

  #explainRoot() {
    this.unexplained = false;
    const target = this.dataFolder.folder;
    complain(
      `no .claude folder was found at or above the working directory, so records go to ${target} ` +
        '(set OBS_PROJECT_ROOT or call configure({ projectRoot }) to choose)',
    );
  }

  /** One turn of the flush timer: `true` while something is still pending. */
  #retry() {
    this.#handle.flush();
    this.tellFaults();
    return JSON.parse(this.#handle.health()).pending > 0;
  }
}

module.exports = { CHANGED, Core, DURABILITIES, NO, YES };

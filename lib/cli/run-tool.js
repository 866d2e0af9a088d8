// Runs one command of one tool: reads the arguments, asks the public functions, prints the answer, sets the exit code.
'use strict';

const { redacted } = require('../redacted.js');
const { readArguments } = require('./arguments.js');
const { Complaint, didYouMean } = require('./complaint.js');
const { createOutput, ReaderGone } = require('./output.js');
const { programName, usage } = require('./usage.js');
const { visible } = require('./visible.js');

const TOOLS = {
  'structured-logger': () => require('./tools/structured-logger.js'),
  'metrics-tracker': () => require('./tools/metrics-tracker.js'),
  'progress-emitter': () => require('./tools/progress-emitter.js'),
  'metrics-dashboard': () => require('./tools/metrics-dashboard.js'),
  'provider-health': () => require('./tools/provider-health.js'),
};

/**
 * Sets `process.exitCode` (0 answered, 1 not) rather than exiting, so that everything written reaches its reader.
 *
 * @param {string} name one of the five tools
 * @param {string[]} argv what stands after the script
 * @param {string} script the script as it was called, for the examples in the usage
 */
async function runTool(name, argv, script) {
  process.exitCode = await exitCode(name, async () => {
    if (!Object.hasOwn(TOOLS, name)) throw new Complaint(`no such tool${didYouMean(name, Object.keys(TOOLS))}`);
    const tool = TOOLS[name]();
    const output = createOutput(process.stdout);
    const asked = readArguments(tool, argv);
    if (asked.help) return output.text(usage(programName(script, process.cwd()), tool));
    return answer(asked, output);
  });
}

/** A command returns `{ json }` or `{ text }`; one that prints by itself (`watch`) returns nothing. */
async function answer({ command, values, options }, output) {
  const result = await command.run({ api: require('../../index.js'), values, options, output });
  if (result === undefined) return;
  await ('json' in result ? output.json(result.json) : output.text(result.text));
}

/** 0 when `work` is done, or when its reader left; 1 after one line on stderr saying why it is not. */
async function exitCode(name, work) {
  process.stderr.on('error', () => {}); // a complaint that nobody can hear is no reason to crash
  try {
    await work();
    return 0;
  } catch (error) {
    if (error instanceof ReaderGone) return 0;
    // Some messages of the package take several lines; a complaint takes one.
    const message = String(error?.message ?? error).replace(/\s*\n\s*/g, ' ');
    // What was typed may hold a secret, and stderr is often logged.
    process.stderr.write(`${name}: ${visible(redacted(message) ?? message)}\n`);
    return 1;
  }
}

module.exports = { runTool, exitCode };

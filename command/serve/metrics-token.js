// The file with the token for metrics, which Prometheus reads as well: made once, so that it outlives the server.
'use strict';

const { randomBytes } = require('node:crypto');
const fs = require('node:fs');

const { Complaint } = require('../terminal/output.js');
const { visible } = require('../../lib/visible.js');
const { readText } = require('../../lib/small-files.js');

const TOKEN = /^[\w.~+/=-]{16,512}$/;

/** Nobody else may read a new one. It comes whole, so that whoever starts at the same time has the same. */
function make(file) {
  const beside = `${file}.${process.pid}.tmp`;
  try {
    fs.writeFileSync(beside, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
    fs.linkSync(beside, file);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  } finally {
    fs.rmSync(beside, { force: true });
  }
}

/**
 * The token that stands in a file, which is made where there is none.
 *
 * @param {string} file
 * @throws {Complaint} it cannot be read or made, or holds no token
 */
function readToken(file) {
  let text;
  try {
    if (!fs.existsSync(file)) make(file);
    text = readText(file).trim();
  } catch (error) {
    throw new Complaint(`--metrics-token ${visible(file)} cannot be used: ${error.message}`);
  }
  if (TOKEN.test(text)) return text;
  throw new Complaint(
    `--metrics-token ${visible(file)} holds no token: one line of 16 to 512 letters, digits and -._~+/= is wanted`,
  );
}

module.exports = { readToken };

// Records of closed days, and compacted files of them.
'use strict';

const fs = require('node:fs');
const zlib = require('node:zlib');

const { createPacker } = require('../../command/compact/packed.js');

const dayName = (ms) => `skill-invocations-${new Date(ms).toISOString().slice(0, 10)}.jsonl`;
const invocation = (at, skill, more = {}) => ({ timestamp: new Date(at).toISOString(), type: 'skill_invocation', skill, params: '{}', result: 'success', duration_ms: 5, cache_hit: false, agent: null, run_id: null, cuj_id: null, error: null, metadata: {}, ...more }); // prettier-ignore

/** A compacted file of some lines, as any compressor may make it: `deflate` packs the bytes of one member. */
function writePacked(file, text, deflate, size) {
  const out = fs.openSync(file, 'w');
  const real = zlib.gzipSync;
  jest.spyOn(zlib, 'gzipSync').mockImplementation((bytes) => {
    const whole = real(bytes);
    return Buffer.concat([whole.subarray(0, 10), deflate(bytes), whole.subarray(-8)]);
  });
  const packer = createPacker(out);
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at + size - 1) + 1 || text.length;
    packer.write(text.subarray(at, end));
    packer.flush();
    at = end;
  }
  packer.finish();
  fs.closeSync(out);
  jest.restoreAllMocks();
}

module.exports = { dayName, invocation, writePacked };

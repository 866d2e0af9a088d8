// `obs mcp` through the official clients of the protocol: the new one in each of its modes, and the one before it.
'use strict';

const path = require('node:path');

const { createTestWorkspace } = require('@obs/native/testing');
const { CLIENTS, testWith } = require('./support/box.js');
const { runNode } = require('./support/child.js');
const { recordedIn } = require('./support/mcp.js');

const SCRIPT = path.join(__dirname, 'support', 'mcp-client.cjs');

let workspace;
beforeAll(() => {
  workspace = createTestWorkspace();
  for (let i = 0; i < 3; i += 1) {
    workspace.logSkillInvocation({ skill: 'deploy', result: i === 0 ? 'failure' : 'success' });
  }
});
afterAll(() => workspace.cleanup());

describe.each([
  ['legacy', '2025-11-25'],
  ['auto', '2026-07-28'],
  ['pin', '2026-07-28'],
  ['v1', null],
])('the client in mode %s', (mode, version) => {
  testWith(['mcp-clients'], 'connects, lists and calls', () => {
    const { status, stdout, stderr } = runNode([SCRIPT, CLIENTS, mode, workspace.root]);
    expect([status, stderr]).toEqual([0, '']);
    const { tools, results, unknown, ...answer } = JSON.parse(stdout);
    expect(answer).toMatchObject({ version, server: { name: 'obs' } });
    expect(tools).toHaveLength(7);
    expect(tools.every(({ annotations }) => annotations.readOnlyHint)).toBe(true);
    const [{ calls, failed }] = recordedIn(results[0].content[0].text).rows;
    expect([calls, failed]).toEqual([3, 1]);
    expect(results[1]).toMatchObject({ isError: true });
    expect(unknown.code).toBe(-32602);
  });
});

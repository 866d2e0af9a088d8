// `obs serve`: what is answered is what the package's functions answer, and what is wrong is told.
'use strict';

const { ask, useServer } = require('./support/page.js');

let root;
let face;
let server;
let cookie;

useServer((made) => ({ root, face, server, cookie } = made));

const get = (target, headers = {}) => ask(server.port, target, { Cookie: cookie, ...headers });
const json = async (target) => JSON.parse((await get(target)).body);

describe('answers', () => {
  test('each question answers what its function does', async () => {
    const from = '2020-01-01T00:00:00.000Z';
    const to = new Date().toISOString();
    const window = `from=${from}&to=${to}`;
    const asked = { from, to };
    expect(await json(`/api/cujs?${window}`)).toEqual(face.getCujTable(asked));
    expect(await json(`/api/cujs?${window}&cuj=CUJ-001`)).toEqual(face.getCujTable({ ...asked, cujId: 'CUJ-001' }));
    expect(await json(`/api/skills?${window}&by=agent`)).toEqual(face.getSkillTable({ ...asked, by: 'agent' }));
    expect(await json(`/api/agents?${window}`)).toEqual(face.getAgentTable(asked));
    expect(await json(`/api/providers?${window}`)).toEqual(face.getProviderTable(asked));
    expect(await json(`/api/failures?${window}&limit=3`)).toEqual(face.getFailures({ ...asked, limit: 3 }));
    expect(await json(`/api/slowest?${window}`)).toEqual(face.getSlowestCalls(asked));
    expect(await json(`/api/runs?${window}`)).toEqual(face.getRuns(asked));
    expect(await json(`/api/timeline?${window}&cuj=CUJ-001&parts=9`)).toEqual(
      face.getTimeline({ ...asked, cujId: 'CUJ-001', parts: 9 }),
    );
    expect((await json('/api/logs?skill=deploy')).entries).toEqual(face.getLatestLogs({ skill: 'deploy' }));
    expect((await json('/api/alerts')).schema).toBe(1);
    expect(await json('/api/workspaces')).toEqual({ schema: 1, roots: [root] });
    expect((await json('/api/cujs?span=all')).from).toBe(null);
  });

  test.each([
    '/api/cujs?span=9d',
    '/api/cujs?from=yesterday',
    '/api/cujs?from=2026-02-01&to=2026-01-01',
    '/api/cujs?root=1',
    '/api/cujs?root=-1',
    '/api/cujs?root=__proto__',
    '/api/cujs?odd=1',
    '/api/cujs?cuj=a&cuj=b',
    '/api/runs?limit=0',
    '/api/runs?limit=1e9',
    '/api/runs?limit=-5',
    '/api/run',
    '/api/skills?by=odd',
    '/api/logs?grep=(',
    '/api/nothing',
    '/api/failures?cuj=a&skill=b',
  ])('%s is told what is wrong with it', async (target) => {
    const { status, body } = await get(target);
    expect(status).toBe(400);
    expect(JSON.parse(body).error).toMatchObject({ code: expect.any(String), message: expect.any(String) });
  });

  test('what was recorded crosses as text of JSON, never as markup', async () => {
    const evil = '</script><img src=x onerror=alert(1)>';
    face.recordCujExecution(evil, false, 1, evil);
    const { headers, body } = await get('/api/failures?span=all');
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(body).not.toContain('<img');
    expect(JSON.stringify(JSON.parse(body))).toContain('<img');
  });
});

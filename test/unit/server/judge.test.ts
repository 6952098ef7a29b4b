import { describe, expect, test } from 'vitest';

import type { Answer } from '../../../src/server/ask-server.ts';
import type { KeeperMark } from '../../../src/server/keeper-mark.ts';
import { judge } from '../../../src/server/look-at-server.ts';

const server = {
  host: '127.0.0.1',
  port: 5433,
  user: 'postgres',
  password: 'secret',
  version: '18.4',
  startedAt: '2026-01-01T00:00:00Z',
  databases: [],
};
const answers: Answer = { kind: 'answers', server };
const silent: Answer = { kind: 'silent', reason: 'nothing listens on port 5433' };
const mark = (changes: Partial<KeeperMark> = {}): KeeperMark => ({
  pid: 77,
  processStart: '12345',
  state: 'ready',
  port: 5433,
  failure: null,
  ...changes,
});

describe('a server that answers', () => {
  test('runs, whatever is written down', () => {
    expect(judge(answers, mark(), true)).toEqual({ kind: 'running', server, keeper: 77 });
    expect(judge(answers, mark(), false)).toEqual({ kind: 'running', server, keeper: null });
    expect(judge(answers, null, false)).toEqual({ kind: 'running', server, keeper: null });
  });
});

describe('a server that is silent', () => {
  test.each([
    ['was never started', null, false, 'stopped'],
    ['has a keeper that is gone', mark(), false, 'stopped'],
    ['is being started', mark({ state: 'starting', port: null }), true, 'starting'],
    ['was killed while it started', mark({ state: 'starting', port: null }), false, 'stopped'],
    ['failed to start', mark({ state: 'failed' }), true, 'stopped'],
    ['has its very keeper', mark(), true, 'unresponsive'],
    ['has a number that may be any process by now', mark({ processStart: null }), true, 'stopped'],
  ] as const)('and %s', (_, keeper, lives, kind) => {
    expect(judge(silent, keeper, lives).kind).toBe(kind);
  });
});

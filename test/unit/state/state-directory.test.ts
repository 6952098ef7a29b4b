import { mkdirSync, symlinkSync } from 'node:fs';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { stateDirectory } from '../../../src/state/state-directory.ts';

let directory: string;
beforeAll(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'state-directory-')));
  mkdirSync(join(directory, 'my app'));
  symlinkSync('my app', join(directory, 'link'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const of = (env: Record<string, string>, root = '/srv/app'): string => stateDirectory({ env, home: '/home/dev', root });

test.each([
  [{}, '/home/dev/.local/state/devsetup/app-'],
  [{ XDG_STATE_HOME: '/var/state' }, '/var/state/devsetup/app-'],
  [{ XDG_STATE_HOME: 'relative' }, '/home/dev/.local/state/devsetup/app-'],
  [{ XDG_STATE_HOME: '/var/state', DEVSETUP_STATE_DIR: '/own' }, '/own/devsetup/app-'],
  [{ DEVSETUP_STATE_DIR: '' }, '/home/dev/.local/state/devsetup/app-'],
])('%j gives a folder below %s', (env, expected) => {
  expect(of(env).slice(0, -12)).toBe(expected);
  expect(of(env).slice(-12)).toMatch(/^[0-9a-f]{12}$/);
});

test('a checkout has one folder whatever path leads to it, and another checkout of the same name another one', () => {
  expect(of({}, join(directory, 'link'))).toBe(of({}, join(directory, 'my app')));
  expect(of({}, join(directory, 'my app'))).toContain('/devsetup/my_app-');
  expect(of({}, '/one/app')).not.toBe(of({}, '/two/app'));
});

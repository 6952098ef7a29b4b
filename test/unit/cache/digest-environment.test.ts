import { expect, it } from 'vitest';

import { digestEnvironment } from '../../../src/cache/digest-environment.ts';

const digest = (env: Readonly<Record<string, string>>, lookedUp: readonly string[] | null = []): string =>
  digestEnvironment({ SET: 'one', ...env }, lookedUp, 'salt');

it.each([
  'PGSSLMODE',
  'PYTHONPATH',
  'LC_ALL',
  'LD_LIBRARY_PATH',
  'SSL_CERT_FILE',
  'TZ',
  'HOME',
  'VIRTUAL_ENV',
  'MY_APP',
])('%s counts, although nobody was seen to look it up', (name) => {
  expect(digest({ [name]: 'two' })).not.toBe(digest({}));
});

it.each([
  'TERM',
  'PWD',
  'SHLVL',
  '_',
  'SSH_AUTH_SOCK',
  'VSCODE_GIT_IPC_HANDLE',
  'WINDOWID',
  'npm_config_cache',
  'PATH',
])('%s differs from terminal to terminal and counts only if it was looked up', (name) => {
  expect(digest({ [name]: 'two' })).toBe(digest({}));
  expect(digest({ [name]: 'two' }, [name])).not.toBe(digest({}, [name]));
});

it('counts all variables where all were read, but for what a shell counts for itself', () => {
  expect(digest({ TERM: 'xterm' }, null)).not.toBe(digest({}, null));
  expect(digest({ PWD: '/elsewhere' }, null)).not.toBe(digest({}, null));
  expect(digest({ SHLVL: '2', _: '/bin/sh', OLDPWD: '/' }, null)).toBe(digest({}, null));
});

it('tells a variable that is not set from an empty one', () => {
  expect(digest({ ASKED: '' }, ['ASKED'])).not.toBe(digest({}, ['ASKED']));
});

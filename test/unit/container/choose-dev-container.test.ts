import { expect, test } from 'vitest';

import { chooseDevContainer } from '../../../src/container/choose-dev-container.ts';

const USUAL = '/shop/.devcontainer/devcontainer.json';
const A = '/shop/.devcontainer/a/devcontainer.json';
const B = '/shop/.devcontainer/b/devcontainer.json';

const running = (config: string) => ({ config, isRunning: true });
const stopped = (config: string) => ({ config, isRunning: false });
const choose = (files: readonly string[], existing: readonly ReturnType<typeof running>[] = [], asked?: string) =>
  chooseDevContainer({ root: '/shop', files, asked, existing });

test.each([
  ['none', [], [], undefined],
  ['the only one', [A], [], A],
  ['the usual one', [USUAL, A, B], [], USUAL],
  ['the one that runs', [USUAL, A, B], [stopped(USUAL), running(B)], B],
  ['the one that was created', [USUAL, A, B], [stopped(B)], B],
  ['the usual one where several were created', [USUAL, A, B], [stopped(A), stopped(B)], USUAL],
  ['the one that is there where another one was deleted', [A], [running(B)], A],
])('without a flag it is %s', (_, files, existing, chosen) => expect(choose(files, existing)).toBe(chosen));

test.each([
  ['b', B],
  ['.devcontainer/b/', B],
  ['.devcontainer/b/devcontainer.json', B],
  ['.devcontainer', USUAL],
])('--dev-container %s names it', (asked, chosen) => {
  expect(choose([USUAL, A, B], [running(A)], asked)).toBe(chosen);
});

test.each([
  ['several with none of them usual', [A, B], [], 'DEVCONTAINER_AMBIGUOUS', '--dev-container .devcontainer/a'],
  ['several that run', [USUAL, A, B], [running(A), running(B)], 'DEVCONTAINER_AMBIGUOUS', '--dev-container'],
])('%s are an error that names the flag', (_, files, existing, code, hint) => {
  expect(() => choose(files, existing)).toThrow(
    expect.objectContaining({ code, exitCode: 2, hint: expect.stringContaining(hint) }),
  );
});

test('a name that none of them has is an error with those they have', () => {
  expect(() => choose([A, B], [], 'c')).toThrow(
    expect.objectContaining({
      code: 'DEVCONTAINER_UNKNOWN',
      hint: 'It takes one of: .devcontainer/a/devcontainer.json, .devcontainer/b/devcontainer.json.',
    }),
  );
});

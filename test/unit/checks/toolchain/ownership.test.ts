import { expect, it } from 'vitest';

import { judgeOwnership, type OwnedPath } from '../../../../src/checks/toolchain/judge-ownership.ts';

const ME = 1000;

const owned = (path: string, owner: number, isWritable: boolean): OwnedPath => ({ path, owner, isWritable });

it.each<[string, readonly OwnedPath[]]>([
  ["one's own", [owned('.', ME, true), owned('backend', ME, true)]],
  ['of root, and open to all', [owned('.', 0, true)]],
  ['nothing', []],
])('no finding: %s', (_, paths) => {
  expect(judgeOwnership(paths, ME)).toEqual([]);
});

it('what belongs to root is named once, the topmost folder only', () => {
  const paths = [
    owned('.', ME, true),
    owned('frontend/node_modules', 0, false),
    owned('frontend/node_modules', 0, false),
    owned('my app/.venv', 0, false),
    owned('my app/.venv/lib', 0, false),
  ];
  expect(judgeOwnership(paths, ME)).toMatchObject([
    {
      code: 'files-of-another-user',
      message: 'frontend/node_modules, my app/.venv belong to root, and you may not write there.',
      evidence: ['frontend/node_modules: owned by root', 'my app/.venv: owned by root'],
      remedy: { command: `sudo chown -R "$(id -u):$(id -g)" frontend/node_modules 'my app/.venv'` },
    },
  ]);
});

it('the whole checkout', () => {
  const [problem] = judgeOwnership([owned('.', 501, false), owned('backend', 501, false)], ME);
  expect(problem?.message).toBe('The checkout belongs to user 501, and you may not write there.');
  expect(problem?.remedy.command).toMatch(/ \.$/);
});

it('what one owns and may not write to', () => {
  expect(judgeOwnership([owned('backend/.venv', ME, false)], ME)).toMatchObject([
    { code: 'files-not-writable', remedy: { command: 'chmod -R u+w backend/.venv' } },
  ]);
});

import { expect, it } from 'vitest';

import {
  judgeNodeTool,
  pipMissing,
  type NodeToolFacts,
} from '../../../../src/checks/toolchain/judge-package-managers.ts';

const PNPM: NodeToolFacts = {
  folder: 'frontend',
  tool: 'pnpm',
  source: 'frontend/pnpm-lock.yaml',
  isThere: true,
  wanted: null,
  version: null,
};

it.each<[string, NodeToolFacts]>([
  ['one that is there', PNPM],
  ['the major version that is asked for', { ...PNPM, wanted: 'pnpm@9.1.0+sha512.abc', version: '9.15.2' }],
  ['one that was not asked', { ...PNPM, wanted: 'pnpm@9.1.0', version: null }],
  ['nothing is asked for', { ...PNPM, version: '8.0.0' }],
])('no finding: %s', (_, facts) => {
  expect(judgeNodeTool(facts)).toEqual([]);
});

it('one that is missing', () => {
  expect(judgeNodeTool({ ...PNPM, isThere: false })).toMatchObject([
    {
      code: 'package-manager-missing',
      message: 'frontend/pnpm-lock.yaml asks for pnpm, and pnpm is not on PATH.',
      remedy: { command: 'npm install --global pnpm@latest' },
    },
  ]);
});

it('another version', () => {
  const source = 'frontend/package.json';
  expect(judgeNodeTool({ ...PNPM, source, wanted: 'pnpm@9.1.0+sha512.abc', version: '8.6.0' })).toMatchObject([
    {
      code: 'package-manager-version',
      message: 'frontend/package.json asks for pnpm 9.1.0, and the one on PATH is 8.6.0.',
      remedy: { command: 'npm install --global pnpm@9.1.0' },
    },
  ]);
  const yarn: NodeToolFacts = { ...PNPM, tool: 'yarn', wanted: 'yarn@4.1.0', version: '1.22.22' };
  expect(judgeNodeTool(yarn)[0]?.severity).toBe('error');
});

it('an environment without pip', () => {
  expect(pipMissing({ venv: 'backend/.venv', python: 'backend/.venv/bin/python' }).remedy.command).toBe(
    'backend/.venv/bin/python -m ensurepip --upgrade',
  );
});

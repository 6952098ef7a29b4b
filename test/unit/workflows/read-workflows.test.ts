import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

import { parseWorkflow } from '../../../src/workflows/parse-workflow.ts';
import { readWorkflows, serviceImages } from '../../../src/workflows/read-workflows.ts';

const roots: string[] = [];
afterEach(() => roots.splice(0).forEach((root) => rmSync(root, { recursive: true, force: true })));

const checkout = (files: Readonly<Record<string, string>>): string => {
  const root = mkdtempSync(join(tmpdir(), 'devsetup-workflows-'));
  roots.push(root);
  mkdirSync(join(root, '.github', 'workflows'), { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(root, '.github', 'workflows', name), text);
  return root;
};

const WORKFLOW = `
on: [push]
jobs:
  test:
    runs-on: ubuntu-latest
    services:
      db:
        image: postgres:16
      cache: redis:7
      any:
        image: postgres:\${{ matrix.postgres }}
  broken: 3
`;

describe('reading workflows', () => {
  it('takes both endings, sorted, and nothing else', async () => {
    const root = checkout({ 'b.yaml': 'on: push', 'a.yml': 'on: push', 'c.txt': 'x', 'd.yml.off': 'x' });
    expect((await readWorkflows(root)).map(({ file }) => file)).toEqual([
      '.github/workflows/a.yml',
      '.github/workflows/b.yaml',
    ]);
    expect(await readWorkflows(join(root, 'nowhere'))).toEqual([]);
  });

  it('finds the images of services, with their places', async () => {
    expect(serviceImages(await readWorkflows(checkout({ 'ci.yml': WORKFLOW })))).toEqual([
      { image: 'postgres:16', place: { file: '.github/workflows/ci.yml', line: 8, column: 16 } },
      { image: 'redis:7', place: { file: '.github/workflows/ci.yml', line: 9, column: 14 } },
    ]);
  });
});

describe('a workflow that is broken', () => {
  it.each([
    ['a: b: c\n', 1, 4],
    ['a:\n\tb: 1\n', 2, 1],
    ['on: push\non: pull_request\n', 2, 1],
    ['a: "x\nb: 1\n', 3, 1],
    ['steps:\n  - run: x\n - run: y\n', 3, 1],
    ['on: [push,\njobs:\n  a: 1\n', 2, 1],
  ])('%j is told at its place', async (text, line, column) => {
    const { mistake, document } = await parseWorkflow('x.yml', text);
    expect(document).toBeNull();
    expect(mistake?.place).toEqual({ file: 'x.yml', line, column });
    expect(mistake?.message).not.toMatch(/line \d/);
  });

  it.each([
    'on:\n  push:\n    branches: [\n    main,\n  ]\n',
    'a: "x\ny"\n',
    'a: *nowhere\n',
    '',
    '[a]\n',
    '--- \non: push\n---\non: push\n',
  ])('%j is not called broken', async (text) => {
    expect((await parseWorkflow('x.yml', text)).mistake).toBeNull();
  });
});

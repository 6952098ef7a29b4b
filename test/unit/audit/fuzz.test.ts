import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { expect, it } from 'vitest';

import { runAudit } from '../../../src/audit/run-audit.ts';
import { DEFAULT_AUDIT_CONFIG } from '../../../src/config/audit-config.ts';
import { seeded } from '../../support/random.ts';
import { fuzzCount } from '../../support/thoroughness.ts';
import { mangle, randomScript } from './support/mangle.ts';

const INPUTS = fuzzCount(5_000);

const FOLDER = path.join(import.meta.dirname, '../../fixtures/audit');
const SEEDS = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.yml'))
  .sort()
  .map((name) => readFileSync(path.join(FOLDER, name), 'utf8')) as [string, ...string[]];

const FILE = '.github/workflows/a.yml';

/** A deployment that runs this script, and one of the checkout. */
const inScript = (script: string): string =>
  [
    'on: push',
    'jobs:',
    '  deploy:',
    '    runs-on: ubuntu-24.04',
    '    steps:',
    '      - run: |',
    ...script.split('\n').map((line) => `          ${line}`),
    '      - run: ./x.sh',
    '',
  ].join('\n');

const problemOf = (seed: number): string | null => {
  const random = seeded(seed * 7919 + 1);
  const script = randomScript(random);
  const text = seed % 3 === 0 ? inScript(script) : mangle(SEEDS, random);
  const texts: Readonly<Record<string, string>> = {
    [FILE]: text,
    'x.sh': script,
    Makefile: script,
    'docker-compose.yml': mangle(SEEDS, random),
    'x/action.yml': mangle(SEEDS, random),
  };
  try {
    const { crashes } = runAudit({
      files: [{ path: FILE, text }],
      readFile: (file) => texts[file],
      project: { isDjango: null, hasTenants: null },
      config: DEFAULT_AUDIT_CONFIG,
    });
    if (crashes.length > 0)
      return `${seed}: ${crashes.map(({ rule, error }) => `${rule}: ${String(error)}`).join(', ')}`;
  } catch (error) {
    return `${seed}: ${String(error)}`;
  }
  return null;
};

// Any content ends in findings or silence: broken workflows and scripts, the same in every run. An endless loop ends the run by its time limit.
it('never fails over what a file holds', () => {
  const problems: string[] = [];
  for (let seed = 0; seed < INPUTS; seed += 1) {
    const problem = problemOf(seed);
    if (problem !== null) problems.push(problem);
  }
  expect(problems).toEqual([]);
});

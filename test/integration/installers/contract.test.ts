import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { installProblem } from '../../../src/dependencies/install-problem.ts';
import { findOnPath } from '../../support/find-on-path.ts';
import { isNode, TOOLS } from './support/projects.ts';
import { RECORDS, toRecord, type InstallerRecord } from './support/records.ts';
import { openRegistry } from './support/registry.ts';
import { runScenario, SCENARIOS, type Outcome, type World } from './support/scenarios.ts';

let world: World;

beforeAll(async () => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'devsetup-installers-'));
  chmodSync(scratch, 0o755);
  const home = path.join(scratch, 'home');
  mkdirSync(home);
  const basePython = findOnPath('python3') ?? 'python3';
  const venv = path.join(scratch, 'venv');
  execFileSync(basePython, ['-m', 'venv', venv]);
  const registry = await openRegistry(path.join(scratch, 'packages'));
  world = { registry, scratch, home, venv, basePython, programs: programs(findOnPath('npm') ?? 'npm') };
});

afterAll(async () => {
  await world.registry.close();
  rmSync(world.scratch, { recursive: true, force: true });
});

/** Where scripts/record-installers.mjs puts them. */
const programs = (npm: string): Readonly<Record<string, string>> => {
  const tools = path.resolve(import.meta.dirname, '../../../.cache/installers');
  const own = ['uv', 'poetry', 'pipenv', 'pdm', 'pnpm', 'yarn-1', 'yarn-4', 'bun'];
  const found = Object.fromEntries(own.map((name) => [name, path.join(tools, name, 'bin', name)]));
  return { ...found, 'uv-pip': found['uv'] ?? '', npm };
};

const problemOf = (tool: string, { result, folder }: Pick<Outcome, 'result' | 'folder'>): string =>
  installProblem({ program: tool, tool: tool === 'npm' ? 'npm' : 'pip', args: [], directory: folder, env: {} }, result)
    .code;

/** Those that take a second or two. */
const CHEAP = [
  ['pip', 'broken manifest'],
  ['pip', 'no such version'],
  ['pip', 'conflicting requirements'],
  ['npm', 'broken manifest'],
  ['npm', 'no such package'],
  ['npm', 'password missing'],
] as const;

test.each(CHEAP)('%s of this machine fails in the words that were recorded: %s', async (tool, kind) => {
  const recorded = readRecords().find((record) => record.tool === tool && record.kind === kind);
  const outcome = await runScenario(tool, kind, world);
  expect(outcome.result.exitCode).not.toBe(0);
  const tail = recorded?.output.join('\n') ?? '';
  expect(problemOf(tool, outcome)).toBe(problemOf(tool, { folder: '/site', result: { ...outcome.result, tail } }));
  expect(problemOf(tool, outcome)).not.toBe('INSTALL_FAILED');
});

const readRecords = (): readonly InstallerRecord[] =>
  existsSync(RECORDS) ? (JSON.parse(readFileSync(RECORDS, 'utf8')) as readonly InstallerRecord[]) : [];

const versionOf = (tool: string): string => {
  const [program, args] =
    tool === 'pip' ? [path.join(world.venv, 'bin/python'), ['-m', 'pip']] : [world.programs[tool], []];
  const text = execFileSync(program ?? tool, [...args, '--version'], { encoding: 'utf8', cwd: world.scratch });
  return /\d+\.\d+[\w.]*/.exec(text)?.[0] ?? text.trim();
};

/** scripts/record-installers.mjs says which. Elsewhere there is no such test: one that is skipped fails a pipeline (test/support/skipped-tests.ts). */
const wanted = (process.env['DEVSETUP_RECORD'] ?? '').split(',').filter((each) => each !== '');

test.each(wanted)('the records of %s are written', async (scope) => {
  const records = new Map(readRecords().map((record) => [`${record.tool}--${record.kind}`, record]));
  for (const [kind, { tools }] of Object.entries(SCENARIOS)) {
    for (const tool of TOOLS) {
      const key = `${tool}--${kind}`;
      if (tools?.(tool) === false || !(scope === 'all' || key.startsWith(scope) || kind === scope)) continue;
      const version = `${versionOf(tool)}${isNode(tool) ? `, Node ${process.versions.node}` : ''}`;
      records.set(key, toRecord({ tool, version, kind }, await runScenario(tool, kind, world), world));
      const sorted = [...records.values()].toSorted((a, b) => (a.tool + a.kind < b.tool + b.kind ? -1 : 1));
      writeFileSync(RECORDS, `${JSON.stringify(sorted, null, 2)}\n`);
    }
  }
  expect(records.size).toBeGreaterThan(0);
});

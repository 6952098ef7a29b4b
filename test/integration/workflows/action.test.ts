import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { REPOSITORY } from '../../e2e/support/installed-package.ts';
import { cleanEnvironment, runProgram, type ProgramRun } from '../../e2e/support/run-program.ts';

interface Action {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly runs: {
    readonly steps: readonly { readonly run: string; readonly env: Readonly<Record<string, string>> }[];
  };
}

const action = parse(await readFile(path.join(REPOSITORY, 'action.yml'), 'utf8')) as Action;
const [step] = action.runs.steps;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'devsetup-action-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Runs the action's script as the runner does, with its inputs in their variables. */
const run = async (
  inputs: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
): Promise<ProgramRun> => {
  const values = Object.fromEntries(
    Object.entries(step?.env ?? {}).map(([variable, text]) => {
      const name = /^\$\{\{ inputs\.([\w-]+) \}\}$/.exec(text)?.[1] ?? '';
      return [variable, inputs[name] ?? action.inputs[name]?.default ?? ''];
    }),
  );
  const script = path.join(folder, 'step.sh');
  await writeFile(script, step?.run ?? '');
  return runProgram('bash', ['--noprofile', '--norc', '-eo', 'pipefail', script], {
    cwd: folder,
    env: { ...cleanEnvironment(values), GITHUB_ACTION_PATH: REPOSITORY, ...env },
  });
};

describe('the action, where devsetup is installed', () => {
  beforeEach(async () => {
    await mkdir(path.join(folder, 'node_modules/.bin'), { recursive: true });
    await writeFile(path.join(folder, 'package.json'), '{ "private": true }');
    await writeFile(
      path.join(folder, 'node_modules/.bin/devsetup'),
      '#!/bin/sh\nfor word in "$@"; do printf "[%s]" "$word"; done\nexit "${CODE:-0}"\n',
      { mode: 0o755 },
    );
  });

  it.each([
    [{ command: 'migrate' }, '[migrate]'],
    [
      { command: 'migrate', environment: 'uat', shard: '2/4', only: 'tenant-migrations', 'dry-run': 'true' },
      '[migrate][--environment=uat][--shard=2/4][--only=tenant-migrations][--dry-run]',
    ],
    [{ command: 'audit' }, '[audit][--format=github][--]'],
    [
      { command: 'audit', 'fail-on': 'warning', paths: '.github/workflows/a b.yml\n\n-x.yml\n' },
      '[audit][--format=github][--fail-on=warning][--][.github/workflows/a b.yml][-x.yml]',
    ],
  ])('gives %j as flags', async (inputs, words) => {
    expect(await run(inputs)).toMatchObject({ exitCode: 0, stdout: words });
  });

  it('runs nothing that an input says', async () => {
    const environment = '$(touch broken)`touch broken`"; touch broken; "';
    expect((await run({ command: 'migrate', environment })).stdout).toBe(`[migrate][--environment=${environment}]`);
    await expect(access(path.join(folder, 'broken'))).rejects.toThrow('ENOENT');
  });

  it.each(['True', 'TRUE', 'yes', '1', ' true'])('migrates nothing where dry-run is %j', async (value) => {
    const { exitCode, stdout } = await run({ command: 'migrate', 'dry-run': value });
    expect({ exitCode, stdout }).toEqual({
      exitCode: 2,
      stdout: '::error title=devsetup::The input dry-run is true or false. Nothing was migrated.\n',
    });
  });

  it.each(['false', ''])('migrates where dry-run is %j', async (value) => {
    expect(await run({ command: 'migrate', 'dry-run': value })).toMatchObject({ exitCode: 0, stdout: '[migrate]' });
  });

  it('knows two commands', async () => {
    expect(await run({ command: 'init' })).toMatchObject({
      exitCode: 2,
      stdout: expect.stringContaining('::error title=devsetup::'),
    });
  });
});

describe('the action, where it is not', () => {
  it('runs the devsetup of its own commit, and ends as that does', async () => {
    const { exitCode, stderr } = await run({ command: 'migrate', environment: 'uat' });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('manage.py');
  });

  it('is built with what only the build needs, also where NODE_ENV is production', async () => {
    const files = {
      'builder/package.json': '{ "name": "builder", "version": "1.0.0", "bin": "build.js" }',
      'builder/build.js':
        "#!/usr/bin/env node\nconst fs = require('fs');\nfs.mkdirSync('dist');\nfs.writeFileSync('dist/cli.js', \"console.log('built')\");\n",
      'package.json':
        '{ "name": "own", "version": "1.0.0", "scripts": { "build": "builder" }, "devDependencies": { "builder": "file:builder" } }',
    };
    const own = path.join(folder, 'own');
    for (const [name, text] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(own, name)), { recursive: true });
      await writeFile(path.join(own, name), text, { mode: 0o755 });
    }
    const lock = await runProgram('npm', ['install', '--package-lock-only', '--offline', '--no-audit'], {
      cwd: own,
      env: cleanEnvironment({}),
    });
    expect(lock.exitCode, lock.stderr).toBe(0);
    const ended = await run({ command: 'audit' }, { GITHUB_ACTION_PATH: own, NODE_ENV: 'production' });
    expect(ended, ended.stderr).toMatchObject({ exitCode: 0, stdout: 'built\n' });
  });
});

it('every input reaches the script by a variable, none as its text', () => {
  expect(step?.run).not.toContain('${{');
  const given = Object.values(step?.env ?? {}).map((text) => /inputs\.([\w-]+)/.exec(text)?.[1]);
  expect([...given, 'working-directory'].toSorted()).toEqual(Object.keys(action.inputs).toSorted());
});

it('the pre-commit hook calls the devsetup of the repository', async () => {
  const hooks = parse(await readFile(path.join(REPOSITORY, '.pre-commit-hooks.yaml'), 'utf8')) as readonly {
    readonly id: string;
    readonly entry: string;
    readonly language: string;
    readonly files: string;
  }[];
  expect(hooks.map(({ id }) => id)).toEqual(['devsetup-audit']);
  const [hook] = hooks;
  expect(hook).toMatchObject({ entry: 'npx --no-install devsetup audit', language: 'system' });
  const files = new RegExp(hook?.files ?? '');
  for (const name of ['.github/workflows/a.yml', '.github/deployment/over-ssh.sh', 'action.yaml'])
    expect(files.test(name), name).toBe(true);
  expect(files.test('backend/settings.yml')).toBe(false);
});

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { completeLayout, type Layout } from '../../support/layouts/layout.ts';
import { newDatabase } from '../../support/layouts/new-database.ts';
import { writeLayout, type LayoutProject } from '../../support/layouts/write-layout.ts';
import { NETWORK } from '../../support/network.ts';
import { runDevsetup } from '../../support/run-devsetup.ts';
import { ensureVenv, UV, type Venv } from '../../support/venv.ts';

const execute = promisify(execFile);

const DEPENDENCIES = ['Django==5.2.19', 'psycopg[binary]==3.3.9'];

/** A project that asks for little, so that installing it takes seconds. */
const arrange = async (dependencies: Layout['dependencies']): Promise<LayoutProject> => {
  const { values, drop } = newDatabase();
  const layout = completeLayout(`installed: ${dependencies}`, {
    dependencies: 'none',
    place: 'backend',
    names: 'DB',
    reader: 'os',
    given: 'process',
    tenants: 'none',
    secretKey: 'default',
  });
  const project = await writeLayout(layout, values);
  onTestFinished(async () => {
    await project.remove();
    await drop();
  });
  // Made by devsetup. Named, so that a system Python that takes packages gets none.
  await project.write('devsetup.config.json', JSON.stringify({ backend: { venv: 'backend/.venv' } }));
  return project;
};

/** Runs it until there is nothing to do, and asks for the command that installs. */
const install = async (project: LayoutProject, env: Readonly<Record<string, string>>) => {
  const options = { cwd: project.root, env: { ...NETWORK, ...project.env, ...env } };
  const first = await runDevsetup(['--json'], options);
  const second = await runDevsetup(['--json'], options);
  const forced = await runDevsetup(['--json', '--dry-run', '--force', '--only', 'backend-dependencies'], options);
  await execute('git', ['init', '--quiet'], { cwd: project.root });
  const untracked = await execute('git', ['status', '--porcelain', '--', 'backend/.venv'], { cwd: project.root });
  const status = (id: string): string | undefined => first.json?.steps.find((step) => step.id === id)?.status;
  return {
    exitCode: first.exitCode,
    dependencies: status('backend-dependencies'),
    migrations: status('shared-migrations'),
    again: second.json?.outcome,
    command: forced.json?.steps[0]?.actions.at(-1),
    untracked: untracked.stdout,
  };
};

/** From nothing to a database that is migrated, in a virtual environment devsetup has made; then there is nothing to do. */
const installed = (command: RegExp) => ({
  exitCode: 0,
  dependencies: 'changed',
  migrations: 'changed',
  again: 'unchanged',
  command: expect.stringMatching(command) as unknown,
  // No `git add` takes the environment along.
  untracked: '',
});

/** Without uv wherever it lies. */
const pathWithoutUv = async (): Promise<string> => {
  const found = await Promise.all(
    (process.env['PATH'] ?? '').split(path.delimiter).map(async (folder) => {
      const hasUv = await execute(path.join(folder, 'uv'), ['--version']).then(
        () => true,
        () => false, // Not there, which is what is asked.
      );
      return hasUv ? [] : [folder];
    }),
  );
  return found.flat().join(path.delimiter);
};

describe('dependencies are really installed', () => {
  let uv: Venv;
  let withUv: Readonly<Record<string, string>>;

  beforeAll(async () => {
    uv = await ensureVenv([UV]);
    withUv = { PATH: `${path.join(uv.directory, 'bin')}${path.delimiter}${await pathWithoutUv()}` };
  });

  test('a requirement file, by pip', async () => {
    const project = await arrange('beside');
    await project.write('backend/requirements.txt', DEPENDENCIES.join('\n'));
    expect(await install(project, { PATH: await pathWithoutUv() })).toEqual(
      installed(/-m pip install .*-r \S*requirements\.txt$/),
    );
  });

  test('a requirement file, by uv, which is on PATH', async () => {
    const project = await arrange('beside');
    await project.write('backend/requirements/base.txt', DEPENDENCIES.join('\n'));
    await project.write('backend/requirements/dev.txt', '-r base.txt\n');
    expect(await install(project, withUv)).toEqual(installed(/uv pip install .*-r \S*requirements\/dev\.txt$/));
  });

  test('uv.lock, by uv', async () => {
    const project = await arrange('uv.lock');
    const dependencies = JSON.stringify(DEPENDENCIES);
    const manifest = `[project]\nname = "site"\nversion = "1"\nrequires-python = ">=3.10"\ndependencies = ${dependencies}\n`;
    await project.write('backend/pyproject.toml', manifest);
    await execute(path.join(uv.directory, 'bin/uv'), ['lock', '--directory', project.backend]);
    expect(await install(project, withUv)).toEqual(installed(/uv sync --locked$/));
  });
});

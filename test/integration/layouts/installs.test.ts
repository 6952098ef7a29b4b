import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { completeLayout, type Layout } from '../../support/layouts/layout.ts';
import { newDatabase } from '../../support/layouts/new-database.ts';
import { writeLayout, type LayoutProject } from '../../support/layouts/write-layout.ts';
import { runDevsetup } from '../../support/run-devsetup.ts';
import { DJANGO_52, ensureVenv, type Venv } from '../../support/venv.ts';

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

/** From nothing to a database that is migrated, in a virtual environment devsetup has made; then there is nothing to do. */
const expectInstalled = async (project: LayoutProject, env: Readonly<Record<string, string>>, action: RegExp) => {
  const options = { cwd: project.root, env: { ...NETWORK, ...project.env, ...env } };
  const first = await runDevsetup(['--json'], options);
  expect(first.exitCode, first.stdout).toBe(0);
  expect(first.json?.steps[0]).toMatchObject({ id: 'backend-dependencies', status: 'changed' });
  expect(first.json?.steps.find(({ id }) => id === 'shared-migrations')?.status).toBe('changed');
  const second = await runDevsetup(['--json'], options);
  expect(second.json?.outcome, second.stdout).toBe('unchanged');
  const forced = await runDevsetup(['--json', '--dry-run', '--force', '--only', 'backend-dependencies'], options);
  expect(forced.json?.steps[0]?.actions.at(-1), forced.stdout).toMatch(action);
};

/** How this machine reaches the registry: proxies, certificates, mirrors. */
const NETWORK = Object.fromEntries(
  Object.entries(process.env).flatMap(([name, value]) =>
    /^(?:SSL_CERT_|UV_|PIP_|(?:https?|no|all)_proxy$)/i.test(name) && value !== undefined ? [[name, value]] : [],
  ),
);

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
    uv = await ensureVenv([...DJANGO_52, 'uv==0.13.9']);
    withUv = { PATH: `${path.join(uv.directory, 'bin')}${path.delimiter}${await pathWithoutUv()}` };
  });

  test('a requirement file, by pip', async () => {
    const project = await arrange('beside');
    await project.write('backend/requirements.txt', DEPENDENCIES.join('\n'));
    await expectInstalled(project, { PATH: await pathWithoutUv() }, /-m pip install .*-r \S*requirements\.txt$/);
  });

  test('a requirement file, by uv, which is on PATH', async () => {
    const project = await arrange('beside');
    await project.write('backend/requirements/base.txt', DEPENDENCIES.join('\n'));
    await project.write('backend/requirements/dev.txt', '-r base.txt\n');
    await expectInstalled(project, withUv, /uv pip install .*-r \S*requirements\/dev\.txt$/);
  });

  test('uv.lock, by uv', async () => {
    const project = await arrange('uv.lock');
    const dependencies = JSON.stringify(DEPENDENCIES);
    const manifest = `[project]\nname = "site"\nversion = "1"\nrequires-python = ">=3.10"\ndependencies = ${dependencies}\n`;
    await project.write('backend/pyproject.toml', manifest);
    await execute(path.join(uv.directory, 'bin/uv'), ['lock', '--directory', project.backend]);
    await expectInstalled(project, withUv, /uv sync --locked$/);
  });
});

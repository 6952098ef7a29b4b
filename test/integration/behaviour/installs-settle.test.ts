import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';

import { NETWORK } from '../../support/network.ts';
import { runDevsetup } from '../../support/run-devsetup.ts';
import { createSampleProject, writeProjectFile, type SampleProject } from '../../support/sample-project.ts';
import { ensureVenv, type Venv } from '../../support/venv.ts';
import { sampleOf } from '../../support/thoroughness.ts';

const execute = promisify(execFile);

const siteOf = async (files: Readonly<Record<string, string>>): Promise<SampleProject> => {
  const project = await createSampleProject();
  onTestFinished(() => project.remove());
  for (const [name, text] of Object.entries(files)) await writeProjectFile(project, name, text);
  return project;
};

/** Runs one step twice; the second time there has to be nothing left to do. */
const installTwice = async (project: SampleProject, step: string, env: Readonly<Record<string, string>>) => {
  const run = async () => {
    const { json, stderr } = await runDevsetup(['--json', '--only', step], {
      cwd: project.root,
      env: { ...NETWORK, ...env },
    });
    const result = json?.steps.find(({ id }) => id === step);
    return result?.failure === null ? result.status : `${result?.failure?.message}\n${stderr}`;
  };
  return [await run(), await run()];
};

const SETTLED = ['changed', 'unchanged'];
const MANIFEST = { name: 'web', version: '1.0.0', private: true, dependencies: { mitt: '3.0.1' } };

describe('a frontend without a lock file is installed once by', () => {
  let tools: string;

  beforeAll(async () => {
    tools = await mkdtemp(path.join(tmpdir(), 'devsetup-tools-'));
    const install = (folder: string, name: string) =>
      execute('npm', ['install', '--no-audit', '--no-fund', '--prefix', path.join(tools, folder), name]);
    await install('yarn', 'yarn@1.22.22');
    await install('berry', '@yarnpkg/cli-dist@4.9.1');
    await install('pnpm', 'pnpm@9.15.9');
  });
  afterAll(() => rm(tools, { recursive: true, force: true }));

  const withTool = (folder: string, bin = '.bin'): Readonly<Record<string, string>> => ({
    PATH: `${path.join(tools, folder, 'node_modules', bin)}${path.delimiter}${process.env['PATH'] ?? ''}`,
  });
  const manifest = (packageManager: string | undefined): Readonly<Record<string, string>> => ({
    'frontend/package.json': JSON.stringify({ ...MANIFEST, packageManager }),
  });

  test('npm', async () => {
    const project = await siteOf(manifest(undefined));
    expect(await installTwice(project, 'frontend-dependencies', {})).toEqual(SETTLED);
  });

  test('Yarn 1', async () => {
    const project = await siteOf(manifest('yarn@1.22.22'));
    expect(await installTwice(project, 'frontend-dependencies', withTool('yarn'))).toEqual(SETTLED);
  });

  test.each(sampleOf(['pnp', 'node-modules'], 2))('Yarn 4 with nodeLinker %s', async (linker) => {
    const settings = `nodeLinker: ${linker}\nenableGlobalCache: false\nenableTelemetry: false\n`;
    const project = await siteOf({ ...manifest('yarn@4.9.1'), 'frontend/.yarnrc.yml': settings });
    expect(await installTwice(project, 'frontend-dependencies', withTool('berry'))).toEqual(SETTLED);
  });

  test('pnpm', async () => {
    const project = await siteOf(manifest('pnpm@9.15.9'));
    expect(await installTwice(project, 'frontend-dependencies', withTool('pnpm'))).toEqual(SETTLED);
  });
});

const DJANGO = 'Django==5.2.19';

describe('a backend is installed once by', () => {
  const rows: readonly (readonly [string, Readonly<Record<string, string>>, object])[] = [
    [
      'pip with an editable package',
      {
        'backend/requirements.txt': `${DJANGO}\n-e ./library\n`,
        'backend/library/setup.py': 'from setuptools import setup\nsetup(name="library", version="1", py_modules=[])\n',
      },
      { installer: 'pip' },
    ],
    [
      'poetry without a lock file',
      {
        'backend/pyproject.toml': `[tool.poetry]\nname = "site"\nversion = "1"\ndescription = ""\nauthors = []\npackage-mode = false\n\n[[tool.poetry.source]]\nname = "simple"\nurl = "https://pypi.org/simple/"\npriority = "primary"\n\n[tool.poetry.dependencies]\npython = ">=3.10"\nDjango = "5.2.19"\n`,
      },
      {},
    ],
    [
      'pipenv without a lock file',
      {
        'backend/Pipfile':
          '[[source]]\nurl = "https://pypi.org/simple"\nverify_ssl = true\nname = "pypi"\n\n[packages]\nDjango = "==5.2.19"\n',
      },
      {},
    ],
    [
      'pdm without a lock file, a PDM that devsetup brings',
      {
        'backend/pyproject.toml': `[project]\nname = "site"\nversion = "1"\nrequires-python = ">=3.10"\ndependencies = ["${DJANGO}"]\n`,
        // PDM deletes it where it names no interpreter of this machine.
        'backend/.pdm-python': '/nowhere/bin/python3',
      },
      { installer: 'pdm' },
    ],
  ];

  let tools: Readonly<Record<string, Venv>>;

  beforeAll(async () => {
    const poetry = await ensureVenv(['poetry==1.8.5']);
    tools = { poetry };
  });

  test.each(sampleOf(rows, 4))('%s', async (_, files, backend) => {
    const bin = await mkdtemp(path.join(tmpdir(), 'devsetup-bin-'));
    onTestFinished(() => rm(bin, { recursive: true, force: true }));
    for (const [name, venv] of Object.entries(tools))
      await symlink(path.join(venv.directory, 'bin', name), path.join(bin, name));
    const PATH = `${bin}${path.delimiter}${process.env['PATH'] ?? ''}`;
    const config = JSON.stringify({ backend: { venv: 'backend/.venv', ...backend } });
    const project = await siteOf({ ...files, 'devsetup.config.json': config });
    expect(await installTwice(project, 'backend-dependencies', { PATH })).toEqual(SETTLED);
    for (const [name, text] of Object.entries(files))
      expect(await readFile(path.join(project.root, name), 'utf8'), name).toBe(text);
  });
});

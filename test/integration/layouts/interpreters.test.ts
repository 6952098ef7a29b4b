import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile, mkdir } from 'node:fs/promises';
import { existsSync, readdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { describe, expect, onTestFinished, test } from 'vitest';

import { needs } from '../../support/needs.ts';
import { runDevsetup } from '../../support/run-devsetup.ts';

const execute = promisify(execFile);

const ROOT = process.env['PYENV_ROOT'] ?? path.join(os.homedir(), '.pyenv');
const SHIMS = path.join(ROOT, 'shims');

/** Versions that the real pyenv of this machine has installed, e.g. `3.12.1`. */
const installed = existsSync(path.join(ROOT, 'versions'))
  ? readdirSync(path.join(ROOT, 'versions')).filter((name) => /^3\.\d+\.\d+$/.test(name))
  : [];

const minorOf = (version: string): number => Number(version.split('.')[1]);

/** What its shims start by default. */
const active = async (directory: string): Promise<string> =>
  (
    await execute(path.join(SHIMS, 'python3'), ['-c', 'import platform; print(platform.python_version())'], {
      cwd: directory,
    })
  ).stdout.trim();

const versions = installed.filter((version) => minorOf(version) >= 10).toSorted((a, b) => minorOf(a) - minorOf(b));

const arrange = async (files: Readonly<Record<string, string>>) => {
  const root = await mkdtemp(path.join(os.tmpdir(), 'devsetup-python-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const all = {
    '.git/HEAD': 'ref: refs/heads/main\n',
    'manage.py': 'import django\n',
    'requirements.txt': 'Django\n',
    ...files,
  };
  for (const [name, text] of Object.entries(all)) {
    await mkdir(path.dirname(path.join(root, name)), { recursive: true });
    await writeFile(path.join(root, name), text);
  }
  return root;
};

const configured = (backend: object) => ({ 'devsetup.config.json': JSON.stringify({ backend }) });

/** What the installation would do, with the shims of pyenv first on PATH as its documentation says. */
const plan = async (root: string) => {
  const env = { PATH: [SHIMS, '/usr/bin', '/bin'].join(path.delimiter) };
  const run = await runDevsetup(['--dry-run', '--json', '--only', 'backend-dependencies'], { cwd: root, env });
  const step = run.json?.steps?.find(({ id }) => id === 'backend-dependencies');
  return { run, actions: step?.actions ?? [] };
};

describe('with a real pyenv', needs(versions.length >= 2, 'needs two versions of Python in pyenv', true), () => {
  const venv = (root: string) => path.join(root, '.venv');

  test('a shim of a version that is not active is replaced by the interpreter that pyenv has installed', async () => {
    const root = await arrange({});
    const current = await active(root);
    const other = versions.find((version) => minorOf(version) !== minorOf(current)) ?? '';
    const shim = `python3.${minorOf(other)}`;
    await expect(execute(path.join(SHIMS, shim), ['--version'], { cwd: root })).rejects.toMatchObject({ code: 127 });

    await writeFile(path.join(root, 'devsetup.config.json'), JSON.stringify({ backend: { python: shim } }));
    const { actions } = await plan(root);

    expect(actions[0]).toBe(`${path.join(ROOT, 'versions', other, 'bin/python3')} -m venv --clear ${venv(root)}`);
    expect(actions.at(-1)).toContain(`${venv(root)}/bin/python -m pip install`);
  });

  test('a .python-version that is not installed does not stop the run; the newest that fits is used', async () => {
    const newest = versions.at(-1) ?? '';
    const root = await arrange({
      '.python-version': '3.99.1\n',
      'pyproject.toml': `[project]\nname = "a"\nversion = "1"\nrequires-python = ">=3.${minorOf(newest)}"\n`,
    });
    const { actions } = await plan(root);
    expect(actions[0]).toBe(`${path.join(ROOT, 'versions', newest, 'bin/python3')} -m venv --clear ${venv(root)}`);
  });

  test('installing into a version of pyenv itself is refused, and the message says how to get an environment', async () => {
    const [oldest = ''] = versions;
    const python = path.join(ROOT, 'versions', oldest, 'bin/python3');
    const root = await arrange(configured({ python, withoutVenv: true }));
    const { run } = await plan(root);
    expect(run.exitCode).toBe(2);
    expect(run.stderr + run.stdout).toMatch(/backend\.withoutVenv.*is refused: pyenv shares it among projects/);
    expect(run.stderr + run.stdout).toContain('Remove');
  });

  test('a Python that does not fit is reported before the installation and with the error that follows from it', async () => {
    const newest = versions.at(-1) ?? '';
    const root = await arrange({
      'requirements.txt': 'Django==1.11\n',
      'setup.cfg': '[options]\npython_requires = <3.9\n',
    });
    // Without pip, the installation ends at once.
    await execute(path.join(ROOT, 'versions', newest, 'bin/python3'), ['-m', 'venv', '--without-pip', venv(root)]);
    const library = path.join(venv(root), 'lib', `python3.${minorOf(newest)}`, 'site-packages');
    await mkdir(path.join(library, 'django'), { recursive: true });
    await writeFile(path.join(library, 'django/__init__.py'), 'raise ImportError("cgi is gone")\n');
    const env = { PATH: ['/usr/bin', '/bin'].join(path.delimiter) };
    const told = `setup.cfg (python_requires) asks for Python <3.9, and .venv/bin/python is Python ${newest}.`;

    const installing = await runDevsetup(['--only', 'backend-dependencies'], { cwd: root, env });
    expect(installing.stderr).toContain(`[backend-dependencies] warning: ${told}`);

    const starting = await runDevsetup(['--json', '--only', 'database'], { cwd: root, env });
    const message = starting.json?.steps.find(({ id }) => id === 'database')?.failure?.message;
    expect(message?.split('\n')[0]).toBe(told);
    expect(message).toContain('cgi is gone');

    // The newest that fits, by its own path: no shim of it is active.
    const fitting = installed.find((version) => minorOf(version) === 8);
    const doctor = await runDevsetup(['doctor', '--json', '--only', 'python-version'], {
      cwd: root,
      env: { ...env, PYENV_ROOT: ROOT },
    });
    const advice = `${path.join(ROOT, 'versions', fitting ?? '', 'bin/python3')} -m venv --clear .venv && npx devsetup`;
    if (fitting !== undefined) expect(doctor.stdout).toContain(advice);
  });
});

import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { NETWORK } from '../../support/network.ts';
import { runDevsetup } from '../../support/run-devsetup.ts';
import { createSampleProject, writeProjectFile, type SampleProject } from '../../support/sample-project.ts';

const execute = promisify(execFile);

let project: SampleProject;
let python: string;

const install = async () => {
  const { json, stderr } = await runDevsetup(['--json', '--only', 'backend-dependencies'], {
    cwd: project.root,
    env: NETWORK,
  });
  const step = json?.steps.find(({ id }) => id === 'backend-dependencies');
  if (step === undefined || step.failure !== null) throw new Error(stderr);
  return step.status;
};

const ask = async (code: string): Promise<string> => (await execute(python, ['-c', code])).stdout.trim();

beforeAll(async () => {
  project = await createSampleProject();
  await writeProjectFile(project, 'backend/requirements.txt', 'Django==5.2.19\nsix==1.17.0\nparameterized==0.9.0\n');
  await install();
  python = path.join(project.backend, '.venv/bin/python');
  if ((await ask('print(1)').catch(() => '')) === '') python = path.join(project.root, '.venv/bin/python');
});
afterAll(() => project.remove());

test('a package whose files are gone while its dist-info stays is installed again', async () => {
  expect(await install()).toBe('unchanged');
  await rm(await ask('import parameterized; print(parameterized.__path__[0])'), { recursive: true });
  await rm(await ask('import six; print(six.__file__)'));
  expect(await install()).toBe('changed');
  expect(await ask('import six, parameterized; print(six.__version__)')).toBe('1.17.0');
  expect(await install()).toBe('unchanged');
});

test('a package that was changed to another version by hand is installed again as the files ask for it', async () => {
  await execute(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', 'six==1.16.0']);
  expect(await install()).toBe('changed');
  expect(await ask('import importlib.metadata; print(importlib.metadata.version("six"))')).toBe('1.17.0');
  expect(await install()).toBe('unchanged');
});
